"""Plain text in one form: composed letters, one kind of space, one line a paragraph, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

# Controls, lone surrogates, soft hyphens, zero-width and direction marks: they show nothing and break matching.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")


def visible(text: str) -> str:
    """Return *text* without what does not show, with `\\n` as the only line end, in NFC."""
    return unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", _INVISIBLE.sub("", text)))


def one_line(text: str) -> str:
    """Return *text* as one line with single spaces.

    >>> one_line(" a\\u00a0telephone\\nconversation ")
    'a telephone conversation'
    """
    return " ".join(visible(text).split())


def lines(text: str) -> list[str]:
    """Return the lines of *text* that hold something, each with single spaces.

    >>> lines("one \\r\\n\\r\\n  two\\tthree")
    ['one', 'two three']
    """
    return [line for raw in visible(text).split("\n") if (line := _SPACES.sub(" ", raw).strip())]
