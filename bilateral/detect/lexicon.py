"""Names of the world, looked up in one pass: the longest at a place wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick

from bilateral.detect.patterns import tail_regex
from bilateral.detect.text import normalise

T = TypeVar("T")
ENDING = r"[\w']{0,20}"  # no hyphen: «российск*» is no match for «российско-киргизский»
ANY = re.compile(ENDING)


@dataclass(frozen=True)
class Form:
    """One spelling of a name: plain text, then what may follow it."""

    text: str
    rest: re.Pattern[str] | None  # what a star and the words after it stand for
    capital: bool  # the first letter must be a capital in the text
    shout: bool  # the whole must be in capitals («КР»)


def forms(source: str) -> list[Form]:
    """Return all spellings that a name pattern writes: alternatives are multiplied out.

    >>> [f.text for f in forms("Бишкек(|а|у)")]
    ['бишкек', 'бишкека', 'бишкеку']
    """
    spellings = [""]
    for part in re.split(r"(\([^()]*\))", source):
        options = part[1:-1].split("|") if part.startswith("(") else [part]
        spellings = [s + o for s in spellings for o in options]
    return [_form(" ".join(s.split())) for s in spellings]


def _form(spelling: str) -> Form:
    head, star, rest = spelling.partition("*")
    letters = [c for c in head if c.isalpha()]
    regex = (ANY if not rest else re.compile(ENDING + tail_regex(rest))) if star else None
    return Form(
        normalise(head),
        regex,
        capital=head[:1].isupper(),
        shout=len(letters) > 1 and all(c.isupper() for c in letters),
    )


class Lexicon(Generic[T]):
    """Names with what they stand for; the longest name at a place wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        by_text: dict[str, list[tuple[Form, T]]] = {}
        for source, what in entries:
            for form in forms(source):
                by_text.setdefault(form.text, []).append((form, what))
        self.automaton = ahocorasick.Automaton()
        for text, pairs in by_text.items():
            self.automaton.add_word(text, (len(text), pairs))
        self.automaton.make_automaton()

    def find(self, text: str, low: str) -> list[tuple[int, int, T]]:
        """Return (start, end, what) of every name in *text*, whose normalised form is *low*."""
        found: list[tuple[int, int, T]] = []
        for last, (length, pairs) in self.automaton.iter(low) if len(self.automaton) else ():
            start = last - length + 1
            if start and low[start - 1].isalnum():
                continue
            for form, what in pairs:
                end = _end(form, text, low, start, last + 1)
                if end:
                    found.append((start, end, what))
        return sorted(found, key=lambda f: (f[0], -f[1]))


def _end(form: Form, text: str, low: str, start: int, end: int) -> int | None:
    """Return where the name ends that *form* finds at *start*, or None where the text has another word."""
    if form.capital and not text[start].isupper():
        return None
    if form.rest is not None:
        match = form.rest.match(low, end)
        end = match.end() if match else 0
    if not end or (end < len(low) and low[end - 1] != "-" and (low[end].isalnum() or low[end] == "_")):
        return None
    if form.shout and not text[start:end].isupper():
        return None
    return end
