"""The text of a page whose encoding may be declared wrongly, or not at all."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""(?i)<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})"""
)
_HEADER = re.compile(r"(?i)charset\s*=\s*[\"']?\s*([\w.:-]{2,40})")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(body: bytes, content_type: str = "") -> str:
    """Return *body* as text; what cannot be decoded is replaced, never raised.

    Bytes that are UTF-8 are UTF-8 whatever is declared: a text of another encoding is so only by a miracle.
    Then counts what the answer declares, then the page; then it is guessed.

    >>> decoded("Встреча".encode("cp1251"), "text/html; charset=utf-8")
    'Встреча'
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    for name in ("utf-8", *_declared(body, content_type)):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return _guessed(body)


def _declared(body: bytes, content_type: str) -> list[str]:
    header, inside = _HEADER.search(content_type), _DECLARED.search(body[:4096])
    names = [header[1] if header else "", inside[1].decode("ascii", "replace") if inside else ""]
    return [name for name in names if name and name.lower().replace("_", "-") not in ("utf-8", "utf8")]


def _guessed(body: bytes) -> str:
    """Return *body* in the encoding of Russian texts that gives the most small Cyrillic letters, else the likeliest."""
    if body.isascii():
        return body.decode("ascii")
    tried = [body.decode(name, "replace") for name in ("cp1251", "koi8-r")]
    best = max(tried, key=_russian)
    if _russian(best) > 0.5:
        return best
    from charset_normalizer import from_bytes

    found = from_bytes(body).best()
    return str(found) if found else body.decode("utf-8", "replace")


def _russian(text: str) -> float:
    """Return the share of small Cyrillic letters among all that is not ASCII."""
    other = [letter for letter in text if ord(letter) > 127]
    return sum("а" <= letter <= "я" for letter in other) / len(other) if other else 0.0
