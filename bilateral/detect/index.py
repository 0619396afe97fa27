"""Patterns looked up in a text: which of them can match at all is found by one pass over it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

import ahocorasick

from bilateral.detect.patterns import STAR, Pattern
from bilateral.model import Span

T = TypeVar("T")
TAIL = re.compile(STAR + r"(?!\w)")
PARTING = re.compile(r"[^\w ]")
Places = dict[int, list[int]]  # by the number of a pattern


def _words(text: str) -> str:
    """Return *text* with a space for all that is no letter, so that a word can be told by the spaces around it."""
    return PARTING.sub(" ", text)


@lru_cache(maxsize=4)
def _spaced(low: str) -> str:
    return f" {_words(low)} "


class Index(Generic[T]):
    """Patterns with what they stand for, looked up by one Aho–Corasick pass over a text."""

    def __init__(self, entries: Iterable[tuple[Pattern, T]]) -> None:
        self.entries = list(entries)
        by_word: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number, (pattern, _) in enumerate(self.entries):
            for part, pieces in enumerate((pattern.anchors, pattern.also)):
                for piece in pieces:
                    by_word[_words(piece)][part].append(number)
        self.automaton = ahocorasick.Automaton()
        for word, users in by_word.items():
            back = len(word) - word.startswith(
                " "
            )  # from its last character to its first, in the text as it is
            self.automaton.add_word(word, (back, *users))
        self.automaton.make_automaton()

    def fired(self, low: str) -> tuple[Places, Places]:
        """Return, for each pattern with a piece in *low*, the places of its anchors, and of its second pieces."""
        anchors: Places = defaultdict(list)
        seconds: Places = defaultdict(list)
        for end, (back, first, second) in self.automaton.iter(_spaced(low)) if len(self.automaton) else ():
            for number in first:
                anchors[number].append(end - back)
            for number in second:
                seconds[number].append(end - back)
        return anchors, seconds

    def find(
        self, low: str, scope: Callable[[int], Span], text_of: Callable[[T], str] | None = None
    ) -> list[tuple[int, int, T]]:
        """Return (start, end, what) of every match; a match lies inside the *scope* of its anchor.

        Args:
            text_of: gives the text of equal length on which the expression runs (the masked one), else *low*.
        """
        found: list[tuple[int, int, int]] = []
        anchors, seconds = self.fired(low)
        for number, places in anchors.items():
            pattern, what = self.entries[number]
            if pattern.also and number not in seconds:
                continue
            text = text_of(what) if text_of else low
            if pattern.plain:
                found += [(*span, number) for span in _plain_spans(pattern, text, places, scope)]
                continue
            for start, end in _scopes(places, scope):
                if not pattern.also or _any_between(seconds[number], start, end):
                    found += [
                        (m.start(), m.end(), number) for m in pattern.compiled.finditer(text, start, end)
                    ]
        found.sort(key=lambda f: (f[0], -f[1], f[2]))  # of two alike, the one written first
        return [(start, end, self.entries[number][1]) for start, end, number in found]


def _scopes(places: Iterable[int], scope: Callable[[int], Span]) -> Iterator[Span]:
    """Yield the scope of each of *places*, once where several have the same."""
    done = -1
    for place in places:
        if place >= done:
            start, done = scope(place)
            yield start, done


def _plain_spans(
    pattern: Pattern, text: str, places: Iterable[int], scope: Callable[[int], Span]
) -> Iterator[Span]:
    """Yield where a plain text stands; that it does so as words of its own is known from the spaces of its anchor."""
    for place in places:
        if text.startswith(pattern.plain, place):
            end = place + len(pattern.plain)
            tail = TAIL.match(text, end) if pattern.stem else None
            if (end := tail.end() if tail else end) <= scope(place)[1] and (tail or not pattern.stem):
                yield place, end


def _any_between(places: list[int], start: int, end: int) -> bool:
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end
