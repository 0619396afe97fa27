"""Names of the world, looked up in one pass: the longest at a place wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

from bilateral.detect.patterns import tail_regex
from bilateral.detect.text import normalise

T = TypeVar("T")
ENDING = r"[\w']{0,20}"  # no hyphen: «российск*» is no match for «российско-киргизский»
ANY = re.compile(ENDING)


class Form(NamedTuple):
    """What belongs to one spelling of a name, beside its plain text."""

    rest: re.Pattern[str] | None  # what a star and the words after it stand for
    capital: bool  # the first letter must be a capital in the text
    shout: bool  # the whole must be in capitals («КР»)


def spellings(source: str) -> list[str]:
    """Return all spellings that a name pattern writes: alternatives are multiplied out.

    >>> spellings("Бишкек(|а|у)")
    ['Бишкек', 'Бишкека', 'Бишкеку']
    """
    found = [""]
    for part in re.split(r"(\([^()]*\))", source):
        options = part[1:-1].split("|") if part.startswith("(") else [part]
        found = [s + o for s in found for o in options]
    return [" ".join(s.split()) for s in found]


def forms(source: str) -> list[tuple[str, Form]]:
    """Return the plain text to look for, and the form, of each spelling of *source*."""
    written = spellings(source)
    return [_form(s, low) for s, low in zip(written, normalise("\n".join(written)).split("\n"), strict=True)]


def _form(spelling: str, low: str) -> tuple[str, Form]:
    head, star, rest = spelling.partition("*")
    shout = head.isupper() and sum(map(str.isalpha, head)) > 1
    return low[: len(head)], _shared(rest if star else None, head[:1].isupper(), shout)


@cache
def _shared(rest: str | None, capital: bool, shout: bool) -> Form:
    """Return one object for all forms that are equal: tens of thousands of spellings have a few dozen."""
    expression = None if rest is None else re.compile(ENDING + tail_regex(rest)) if rest else ANY
    return Form(expression, capital, shout)


class Lexicon(Generic[T]):
    """Names with what they stand for; the longest name at a place wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self.entries = tuple(entries)

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        """The names of all entries, made when they are first looked for: most runs read a language or two."""
        by_text: dict[str, list[tuple[Form, T]]] = {}
        for source, what in self.entries:
            for text, form in forms(source):
                by_text.setdefault(text, []).append((form, what))
        automaton = ahocorasick.Automaton()
        for text, pairs in by_text.items():
            automaton.add_word(text, (len(text), pairs))
        automaton.make_automaton()
        return automaton

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
