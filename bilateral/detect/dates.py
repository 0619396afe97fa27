"""The days that a text names, against the clock of its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from bilateral.detect.index import Index
from bilateral.detect.packs import LangPack
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.model import Date, Lang, Span

BESIDE = 24  # characters between a day and the words that say its year
DIGIT = re.compile(r"\d")
DAY = r"(?P<d1>\d{1,2})(?:er|st|nd|rd|th)?"
LAST = r"(?:\s?(?:{to})\s?(?P<d2>\d{{1,2}})(?:er|st|nd|rd|th)?)?"


@dataclass(frozen=True)
class DateMention:
    """A day or range in the text; `basis` is stated, relative, weekday, or until (the last day of something)."""

    start: int
    end: int
    first: Date
    last: Date | None
    basis: str


def find_dates(
    low: str, pack: LangPack, today: Date | None, sentences: Sequence[Span] = ()
) -> list[DateMention]:
    """Return the dates of the normalised text *low* in order; a year not given is the one nearest to *today*.

    Only the *sentences* that hold a digit or the name of a month are read; none given means the whole text.
    """
    expression, months, seed = _expressions(pack.lang, pack.data["dates"])
    dated = [s for s in sentences or [(0, len(low))] if DIGIT.search(low, *s) or seed.search(low, *s)]
    found = [
        d for s in dated for m in expression.finditer(low, *s) if (d := _read(m, months, today, pack.lang))
    ]
    if today and today.precision == "day":
        found += _relative(low, pack, today.first) + _years(low, pack.lang, today.first)
    until = re.compile(pack.data["dates"]["until"])
    ends = [
        replace(d, basis="until") if until.search(low, max(0, d.start - 16), d.start) else d for d in found
    ]
    return sorted(_without_overlaps(ends), key=lambda d: d.start)


def _without_overlaps(found: list[DateMention]) -> list[DateMention]:
    kept: list[DateMention] = []
    for mention in sorted(found, key=lambda d: (d.start, -d.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


_compiled: dict[str, tuple[re.Pattern[str], dict[str, int], re.Pattern[str]]] = {}


def _expressions(lang: str, data: Any) -> tuple[re.Pattern[str], dict[str, int], re.Pattern[str]]:
    """Return the one expression for written dates of a language, its months by stem, and what no date is without."""
    if lang not in _compiled:
        months = {stem: number for number, stems in enumerate(data["months"], 1) for stem in stems}
        month = r"(?:" + "|".join(sorted(months, key=len, reverse=True)) + r")" + data["month_ending"]
        fields = {
            "day": DAY,
            "last": LAST.format(to=data["to"]),
            "month": f"(?P<m1>{month})",
            "month2": f"(?P<m2>{month})",
            "year": r"(?P<y>(?:19|20)\d\d)",
        }
        forms = []
        for number, form in enumerate(data["forms"]):
            text = re.sub(r"\{(\w+)\}", lambda m: fields[m[1]], form)
            forms.append(re.sub(r"\(\?P<(\w+)>", lambda m, n=number: f"(?P<{m[1]}_{n}>", text))  # type: ignore[misc]
        _compiled[lang] = (
            re.compile(r"(?<![\w.,%-])(?:" + "|".join(f"(?:{f})" for f in forms) + r")(?![\w%]|\.\d)"),
            months,
            re.compile("(?:" + "|".join(months) + ")"),
        )
    return _compiled[lang]


@lru_cache(maxsize=4)
def _year_words(lang: Lang) -> tuple[re.Pattern[str], dict[str, int]]:
    """Return "next year" and the like, with how many years they are from now."""
    words = {
        word: int(years) for word, years in read_toml(f"lang/{lang}/dates.toml").get("years", {}).items()
    }
    return re.compile(rf"(?<!\w)({'|'.join(sorted(words, key=len, reverse=True)) or '(?!)'})(?!\w)"), words


def _years(low: str, lang: Lang, today: date) -> list[DateMention]:
    """Find "next year"; one that has been is no day of what is told."""
    expression, words = _year_words(lang)
    return [
        DateMention(m.start(), m.end(), Date(f"{today.year + words[m[1]]}"), None, "relative")
        for m in expression.finditer(low)
        if words[m[1]] > 0
    ]


def _said_year(match: re.Match[str], day: date, lang: Lang, today: Date) -> int | None:
    """Return the year of a *day* that words beside it say: "of this year" before it, « dernier » behind it."""
    expression, words = _year_words(lang)
    before = match.string[max(0, match.start() - BESIDE) : match.start()].rstrip()
    said = next((m for m in expression.finditer(before) if m.end() == len(before)), None)
    if said:
        return today.first.year + words[said[1]]
    behind = match.string[match.end() : match.end() + BESIDE]
    data = read_toml(f"lang/{lang}/dates.toml")
    if re.match(data.get("past", "(?!)"), behind):
        return today.first.year - (day.replace(year=today.first.year) > today.first)
    if re.match(data.get("future", "(?!)"), behind):
        return today.first.year + (day.replace(year=today.first.year) <= today.first)
    return None


def _read(match: re.Match[str], months: dict[str, int], today: Date | None, lang: Lang) -> DateMention | None:
    got = {k.rpartition("_")[0]: v for k, v in match.groupdict().items() if v}
    month, month2 = _month(got.get("m1"), months) or int(got.get("n", 0)), _month(got.get("m2"), months)
    day, day2 = int(got.get("d1", 0)), int(got.get("d2", 0))
    try:
        if not month:
            return DateMention(match.start(), match.end(), Date(got["y"]), None, "stated")
        named = int(got["y"]) if "y" in got else None
        if not named and today:
            named = _said_year(match, date(2001, month, min(day or 15, 28)), lang, today)
        year = named or nearest_year(month, day or 15, today)
        if not year:
            return None
        if not day:
            return DateMention(match.start(), match.end(), Date(f"{year:04}-{month:02}"), None, "stated")
        first = date(year, month, day)
        last = date(year + (bool(month2) and (month2 or 0) < month), month2 or month, day2) if day2 else None
    except ValueError:
        return None
    if last and last < first:
        last = None
    end = Date(last.isoformat()) if last else None
    return DateMention(match.start(), match.end(), Date(first.isoformat()), end, "stated")


def _month(word: str | None, months: dict[str, int]) -> int:
    if not word:
        return 0
    return next((n for stem, n in months.items() if word.startswith(stem)), 0)


def nearest_year(month: int, day: int, today: Date | None) -> int:
    """Return the year that brings the day nearest to *today*; 0 where today is unknown.

    >>> nearest_year(12, 28, Date("2026-01-03"))
    2025
    """
    if today is None:
        return 0
    if today.precision == "year":
        return int(today.iso)
    centre = today.first
    years = (centre.year - 1, centre.year, centre.year + 1)
    return min(years, key=lambda y: abs((date(y, month, min(day, 28)) - centre).days))


@lru_cache(maxsize=4)
def _relative_words(lang: Lang) -> tuple[Index[tuple[int, str]], re.Pattern[str] | None]:
    """Return "yesterday" and "on Monday" with the days and the basis they mean, and where they mean another thing."""
    data = read_toml(f"lang/{lang}/dates.toml")
    words = {word: (days, "relative") for word, days in data["relative"].items()}
    words |= {word: (number, "weekday") for number, names in enumerate(data["weekdays"]) for word in names}
    barred = re.compile(data["not_relative"]) if "not_relative" in data else None
    return Index((compile_pattern(word), meant) for word, meant in words.items()), barred


def _relative(low: str, pack: LangPack, today: date) -> list[DateMention]:
    """Find "yesterday", «завтра», and days of the week (the last one that has been)."""
    words, barred = _relative_words(pack.lang)
    data = read_toml(f"lang/{pack.lang}/dates.toml")
    found = []
    for start, end, (number, basis) in words.find(low, lambda _: (0, len(low))):
        if barred and barred.match(low, start):
            continue
        days = number if basis == "relative" else -((today.weekday() - number) % 7)
        if not days and basis == "weekday" and re.match(data.get("past", "(?!)"), low[end : end + BESIDE]):
            days = -7  # said on a Wednesday: « mercredi dernier »
        day = Date((today + timedelta(days=days)).isoformat())
        found.append(DateMention(start, end, day, None, basis))
    return found
