"""Where a happening is, and on whose ground."""

from __future__ import annotations

import re

from bilateral.detect.mentions import Actor, Mention
from bilateral.detect.reading import Reading
from bilateral.detect.roles import gap, side_of
from bilateral.model import Span


def place(reading: Reading, match: Span) -> tuple[str | None, str | None]:
    """Return city and state where the happening is said to be: the nearest city of the clause, else of the sentence."""
    for scope in (reading.clause(match[0]), reading.sentence(match[0])):
        cities = [
            m for m in reading.within(reading.mentions, *scope) if m.kind == "city" and _is_place(reading, m)
        ]
        if cities:
            best = min(cities, key=lambda m: gap(m.start, m.end, match))
            return best.terms[0].code, best.terms[0].state
    return None, None


PLACE_WORD = re.compile(
    r"(?:^|[\s(\"])(?:in|at|to|from|near|outside|в|во|из|под|à|a|au|de|pour|vers) (?:[\w'-]+ ){0,1}$|^$|, $|\n$"
)


def _is_place(reading: Reading, mention: Mention) -> bool:
    before = reading.low[max(0, mention.start - 24) : mention.start]
    if reading.article.lang == "ky":
        return bool(
            re.search(
                r"(?:да|де|та|те|га|ге|ка|ке|дан|ден|тан|тен|го|гө|до|дө|то|тө)$",
                reading.low[mention.start : mention.end],
            )
        )
    return bool(PLACE_WORD.search(before)) or (
        reading.low[mention.end : mention.end + 1] in ("\n", ",") and mention.start < 4
    )


def page_place(reading: Reading) -> tuple[str | None, str | None]:
    """Return city and state that the publisher gives for the page ("The Kremlin, Moscow")."""
    printed = reading.article.place
    if not printed:
        return None, None
    for start, end, term in reading.pack.lexicon.find(printed, printed.lower()):
        if term.kind == "city" and end > start:
            return term.code, term.state
    return None, None


def at_home(reading: Reading, match: Span, visitor: Actor) -> bool:
    """Say whether the trigger itself names a city of the visitor's own and no other: «посетил школу в Джалал-Абаде»."""
    spots = _spots(reading, match)
    own = side_of(reading, visitor)
    return any(m.kind == "city" for m in spots) and all(m.state == own for m in spots)


def only(reading: Reading, match: Span, visitor: Actor) -> bool:
    """Say whether the sentence names no other place than what is the home of *visitor*."""
    spots = _spots(reading, reading.sentence(match[0]))
    return bool(spots) and all(m.state == visitor.state for m in spots)


def _spots(reading: Reading, scope: Span) -> list[Mention]:
    """Return the cities and states of *scope* that are no part of an actor."""
    actors = reading.within(reading.actors, *scope)
    return [
        m
        for m in reading.within(reading.mentions, *scope)
        if (m.kind in ("city", "state") or _is_capital_of(reading, m))
        and m.state
        and not any(a.start <= m.start < a.end for a in actors)
    ]


def _is_capital_of(reading: Reading, mention: Mention) -> bool:
    """Say whether an adjective names a capital: "la capitale libanaise", "the Lebanese capital"."""
    before = reading.low.endswith("capitale ", 0, mention.start)
    return mention.kind == "adjective" and (before or reading.low.startswith(" capital", mention.end))


def destination(reading: Reading, match: Span, visitor: str | None) -> tuple[str | None, str | None]:
    """Return place and state that a visit goes to: the nearest city or state that is not the visitor's."""
    for scope in (reading.clause(match[0]), reading.sentence(match[0])):
        spots = [m for m in _spots(reading, scope) if m.state != visitor]
        if spots:
            best = min(spots, key=lambda m: (gap(m.start, m.end, match), m.kind != "city"))
            city = best.terms[0].code if best.kind == "city" else None
            return city, best.state
    return None, None
