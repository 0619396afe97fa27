"""Bodies as UTF-8, whatever they are written in and whatever they say of it.

Sites declare one encoding and send another. What reads as UTF-8 is UTF-8, whatever is declared; then what is
declared counts, if it fits; between the Cyrillic encodings, each of which fits everything, the words decide.
"""

from __future__ import annotations

import codecs
import re

_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866")
_LATIN = (
    "ascii",
    "iso8859-1",
    "iso8859-15",
    "cp1252",
)  # often declared by a server that does not know better
_NO_TEXT = ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_NOT_WRITTEN = (b"\x1f\x8b", b"%PDF", b"PK\x03\x04")  # packed files
_INSIDE = re.compile(
    rb"""(?i)(<\?xml[^>]{0,200}?\bencoding\s*=\s*["']|<meta[^>]{0,300}?\bcharset\s*=\s*["']?)([\w.:-]{2,40})"""
)
_HEADER = re.compile(r"""(?i)(\bcharset\s*=\s*["']?)([\w.:-]+)""")
_WORD = re.compile("[А-Яа-яЁё]{3,}")
_COMMON = re.compile("(?i)[аеинорствлкмд]")  # three letters of four in Russian
_CAPITAL_INSIDE = re.compile("(?<=[а-яё])[А-ЯЁ]|(?<=[А-ЯЁ])[а-яё](?=[А-ЯЁ])")
_SAMPLE = 200_000  # bytes that are looked at


def as_utf8(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return *body* and *content_type* as UTF-8, with what they declare.

    They stay as they are where a byte order mark is, and where the bytes are those of a packed file.

    >>> as_utf8("<p>Встреча прошла в Бишкеке</p>".encode("koi8-r"), "text/html; charset=utf-8")[0].decode()
    '<p>Встреча прошла в Бишкеке</p>'
    """
    if body.startswith((*_MARKS, *_NOT_WRITTEN)):
        return body, content_type
    inside, header = _INSIDE.search(body[:4000]), _HEADER.search(content_type)
    declared = [_codec(header[2])] if header else []
    declared += [_codec(inside[2].decode("ascii", "replace"))] if inside else []
    name = _encoding(body, next((one for one in declared if one), None))
    body = body.decode(name, "replace").encode("utf-8", "replace")
    if inside:
        body = _INSIDE.sub(rb"\1utf-8", body[:4000], count=1) + body[4000:]
    return body, _HEADER.sub(r"\1utf-8", content_type)


def decoded(body: bytes, content_type: str = "") -> str:
    """Return *body* as text; what cannot be decoded is replaced, never raised.

    >>> decoded("Встреча".encode("cp1251"), "text/html; charset=utf-8")
    'Встреча'
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    return as_utf8(body, content_type)[0].decode("utf-8", "replace")


def _encoding(body: bytes, declared: str | None) -> str:
    """Return the name of the encoding that *body* is in."""
    if _is_utf8(body):
        return "utf-8"
    if declared and declared not in (*_CYRILLIC, *_LATIN, "utf-8") and _fits(body, declared):
        return declared
    marks = {name: _likeness(body[:_SAMPLE].decode(name, "replace")) for name in _CYRILLIC}
    best = max(marks, key=lambda name: marks[name] + 0.1 * (name == declared))
    if marks[best] > 0.3:
        return best
    return declared if declared and declared != "utf-8" and _fits(body, declared) else "cp1252"


def _is_utf8(body: bytes) -> bool:
    """Whether *body* is UTF-8, but for an end that is cut off or a character in ten that is broken."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        text = body[:_SAMPLE].decode("utf-8", "replace")
        foreign = sum(character > "\x7f" for character in text)
        return text.count("�") * 10 <= foreign
    return True


def _fits(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeError, LookupError):
        return False
    return True


def _codec(declared: str) -> str | None:
    """Return Python's name of an encoding of texts; None where there is none."""
    try:
        found = codecs.lookup(declared)
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding and found.name not in _NO_TEXT else None


def _likeness(text: str) -> float:
    """Return how much the characters of *text* that are not ASCII look like Russian words: 1 at most."""
    foreign = sum(character > "\x7f" for character in text)
    words = _WORD.findall(text)
    common = sum(len(_COMMON.findall(word)) for word in words)
    odd = sum(len(_CAPITAL_INSIDE.findall(word)) for word in words)
    return (common - 2 * odd) / max(1, foreign)
