"""What a document without front matter tells of itself: its language and its date."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

from bilateral.model import Date, Lang

# The beginnings of the months in the four languages: enough to tell them apart in every case and spelling.
_MONTHS = {
    1: "янв|jan",
    2: "фев|feb|fév|fev",
    3: "мар|mar(?!ie)",
    4: "апр|apr|avr",
    5: "мая|май|may|mai",
    6: "июн|jun|juin",
    7: "июл|jul|juil",
    8: "авг|aug|ao[uû]",
    9: "сен|sep",
    10: "окт|oct",
    11: "ноя|nov",
    12: "дек|dec|déc",
}
_NAME = "|".join(f"(?P<m{number}>{names})" for number, names in _MONTHS.items())
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FULL = [
    re.compile(rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d\d?)\.(?P<month>\d\d?)\.{_YEAR}\b"),
    re.compile(rf"\b(?P<day>\d\d?)(?:er)?\s+(?:{_NAME})\w*\.?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_NAME})\w*\.?\s+(?P<day>\d\d?),?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_YEAR}[-–\s]*жылдын\s+(?P<day>\d\d?)[-–\s]*(?:{_NAME})\w*", re.IGNORECASE),
]
_YEARS = re.compile(rf"(?<![\d.,]){_YEAR}(?![\d]|[.,]\d)")


def guess_language(text: str) -> Lang:
    """Return which of the four languages *text* is in; about half a second the first time."""
    import py3langid

    py3langid.set_languages(["ru", "ky", "en", "fr"])
    found: Lang = py3langid.classify(text)[0]
    return found


def stated_date(text: str, today: date) -> Date | None:
    """Return the latest full date up to *today* that *text* states, or else the latest such year, or None.

    A year that is later than every full date outranks them: they are then of older things.

    >>> stated_date("Le protocole du 5 juin 2017 … entre janvier et septembre 2025", date(2026, 1, 1))
    Date(iso='2025')
    """
    days = [
        day for pattern in _FULL for found in pattern.finditer(text) if (day := _day(found)) and day <= today
    ]
    years = [year for found in _YEARS.finditer(text) if (year := int(found["year"])) <= today.year]
    latest = max(days, default=None)
    if latest and latest.year >= max(years, default=latest.year):
        return Date(latest.isoformat())
    return Date(str(max(years))) if years else None


def day_of(printed: str | None) -> date | None:
    """Return the day that a list prints beside a document, as near as its zone; None when none is read.

    >>> day_of("2025-11-26T23:55:00+04:00"), day_of("26 ноября 2025 года, 14:30")
    (datetime.date(2025, 11, 26), datetime.date(2025, 11, 26))
    """
    text = (printed or "").strip()
    try:
        return date.fromisoformat(text[:10]) if text[:4].isdigit() else parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        found = next((found for pattern in _FULL if (found := pattern.search(text))), None)
        return _day(found) if found else None


def _day(found: re.Match[str]) -> date | None:
    said = found.groupdict()
    month = said.get("month") or next(
        (name[1:] for name, value in said.items() if value and name[0] == "m"), None
    )
    try:
        return date(int(said["year"]), int(month or 0), int(said["day"]))
    except ValueError:
        return None
