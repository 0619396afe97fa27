"""The period that a figure is about: "last year", «за девять месяцев», "de janvier à septembre"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bilateral.detect.packs import read as read_toml
from bilateral.detect.reading import Reading
from bilateral.model import Date, Lang, Span

DIGIT = re.compile(r"\d")
TAKEN = 40  # characters


@dataclass(frozen=True)
class Period:
    """A period as it stands in the text."""

    start: int
    end: int
    months: tuple[Date, Date]

    def gap(self, position: int) -> int:
        """How far it stands from a number; what follows a number is farther than what leads to it."""
        before = position - self.end
        return before if before >= 0 else 15 + 2 * max(self.start - position, 0)


@lru_cache(maxsize=4)
def _forms(lang: Lang) -> list[tuple[re.Pattern[str], Any]]:
    rows = read_toml(f"lang/{lang}/periods.toml")["period"]
    return [(re.compile(rf"(?<!\w)(?:{row['pattern']})"), row) for row in rows]


def find_period(reading: Reading, position: int) -> tuple[Date | None, Date | None]:
    """Return first and last month, or the year twice, of the period nearest to *position* in its sentence."""
    found = _named(reading, reading.sentence(position))
    best = min(found, key=lambda p: (_far(reading, p, position), p.start - p.end), default=None)
    return best.months if best else (None, None)


def _far(reading: Reading, period: Period, position: int) -> int:
    """How far a period stands; one with another number between has that one's number already."""
    taken = DIGIT.search(reading.low, period.end, position) if period.end < position else None
    return period.gap(position) + (TAKEN if taken else 0)


@lru_cache(maxsize=64)
def _named(reading: Reading, sentence: Span) -> list[Period]:
    """Return all periods that one sentence names."""
    found = []
    for expression, row in _forms(reading.article.lang):
        for match in expression.finditer(reading.low, *sentence):
            months = _read(match, row, reading)
            if months:
                found.append(Period(match.start(), match.end(), months))
    return found


def _read(match: re.Match[str], row: Any, reading: Reading) -> tuple[Date, Date] | None:
    got = match.groupdict()
    today = reading.article.published
    if got.get("y"):
        year = int(got["y"])
    elif today:
        year = int(today.iso[:4]) + row.get("year", 0)
    else:
        return None
    first = _month(got.get("m1"), reading) or row.get("first")
    last = _month(got.get("m2"), reading) or (int(got["n"]) if got.get("n") else row.get("last"))
    if not last:
        return Date(str(year)), Date(str(year))
    return Date(f"{year}-{first or 1:02}"), Date(f"{year}-{last:02}")


def _month(word: str | None, reading: Reading) -> int | None:
    if not word:
        return None
    months = reading.pack.data["dates"]["months"]
    return next((n for n, stems in enumerate(months, 1) if any(word.startswith(s) for s in stems)), None)
