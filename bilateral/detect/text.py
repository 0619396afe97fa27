"""Text as the rules read it: the same length as the original, lower case, one kind of space, quote and dash.

text → normalise → sentences → clauses        offsets are those of the original throughout
"""

from __future__ import annotations

import re
from functools import lru_cache

from bilateral.model import Span

SAME = str.maketrans(
    {
        "ё": "е",
        "Ё": "е",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "\r": " ",
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "`": "'",
        "–": "—",
        "―": "—",
        "−": "-",
        "‑": "-",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
    }
)

# A full stop after one of these does not end a sentence.
ABBREVIATIONS = frozenset(
    "mr mrs ms dr st no vs gen col prof mm m mme u.s u.k u.n e.g i.e г гг т.е т.д т.п млн млрд трлн тыс руб долл им"
    " ул стр св см др пр ж млн. mlrd vol art etc jr sr".split()
)
LONGEST_ABBREVIATION = 8  # with what opens a quotation before it
STOPS = frozenset(".!?…")
LONGEST = 1500
ENDING = re.compile(r"[.!?…]+[\"')\]]*(?=\s|$)|\n+")
CLAUSE = re.compile(
    r";|:(?= )| — |, (?=(?:who|where|whom|after which|while|but|and then|котор\w+|где|что|а|но|после чего|причем|также"
    r"|qui|que|dont|où|mais|ou|анан|ал|бирок)\b)"
    r"| (?=(?:and (?:will|would|is to|are to)|и (?:будет|будут|намерен\w*|планиру\w+)) )| \((?=[^)]{20,})"
)


def lower_char(char: str) -> str:
    """Return the lower-case form of one character where that is one character, else the character."""
    low = char.lower()
    return low if len(low) == 1 else char


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    return lower_char(char).translate(SAME)


ODD = re.compile(
    "[" + "".join(map(chr, SAME)) + "]"
)  # rare: looking for them is cheaper than translating all


def normalise(text: str) -> str:
    """Return *text* in lower case with plain spaces, quotes and dashes, every character in its place.

    >>> normalise("«Ёлка» – İstanbul")
    '"елка" — İstanbul'
    """
    low = ODD.sub(lambda m: _plain(m[0]), text.lower())
    # Only a handful of characters grow when lowered; then go character by character.
    return low if len(low) == len(text) else "".join(map(_plain, text))


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of *text*; a line never runs on into the next.

    >>> [("Mr. A came. He left.\\nEnd")[a:b] for a, b in sentences("Mr. A came. He left.\\nEnd")]
    ['Mr. A came.', 'He left.', 'End']
    """
    spans: list[Span] = []
    start = 0
    for match in ENDING.finditer(text):
        if not _ends(text, start, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Say whether this full stop ends a sentence: no initial, no abbreviation, no small letter after it."""
    stop, end = match.span()
    if text[stop] != "." or text[stop + 1 : stop + 2] in STOPS:
        return True
    word = text[max(text.rfind(" ", start, stop) + 1, start) : stop]
    if len(word) <= LONGEST_ABBREVIATION and _shortens(word.lstrip("\n\t\"'(«“  ")):
        return False
    following = text[end : end + 3].lstrip(" \"'«“(—–-")
    return not following[:1].islower()


def _shortens(word: str) -> bool:
    return word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end].rstrip()
    end = start + len(piece)
    start = end - len(piece.lstrip())
    while end - start > LONGEST:  # no sentence, but a table or an attack: every step below is bounded by it
        cut = text.rfind(" ", start, start + LONGEST) + 1 or start + LONGEST
        spans.append((start, cut))
        start = cut
    if end > start:
        spans.append((start, end))


def clauses(low: str, sentence: Span) -> list[Span]:
    """Return the clauses of one *sentence* of the normalised text: where a relative or a new verb begins."""
    start, spans = sentence[0], []
    for match in CLAUSE.finditer(low, *sentence):
        if match.start() - start > 12:
            spans.append((start, match.start()))
            start = match.start()
    spans.append((start, sentence[1]))
    return spans


def around(spans: list[Span], position: int) -> Span:
    """Return the span of *spans* that holds *position*, else the one before it."""
    best = spans[0]
    for span in spans:
        if span[0] > position:
            break
        best = span
    return best
