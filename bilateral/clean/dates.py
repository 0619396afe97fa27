"""The printed time of publication, read with the clock of the source."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from bilateral.model import Date

_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(?:,?\s+(\d\d?):(\d\d)(?::\d\d)?)?")
_MAIL = re.compile(r"(?:[A-Za-z]{3}, ?)?\d\d? [A-Za-z]{3} \d{4} \d\d?:\d\d")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d\S*)?(?=\s|$)")  # at the beginning of what a page prints
_CLOCK = re.compile(r"(?<![\d:.])(\d\d?):(\d\d)(?!\d)")
_MONTH = r"(?P<month>[^\W\d_]{3,12})"
# A day as it is written in the four languages; whether the word is a month, dateparser says.
_DAYS = [
    re.compile(
        rf"(?<!\d)(?P<day>\d\d?)(?:er|st|nd|rd|th)?[-–\s]\s?{_MONTH}\.?,?\s(?P<year>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(rf"\b{_MONTH}\.?\s(?P<day>\d\d?),?\s(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d\d)[-–\s]?жыл\w*,?\s(?P<day>\d\d?)[-–\s]\s?{_MONTH}"),
]
_CYRILLIC = re.compile(r"янв|фев|мар(?=т|$)|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек")
_TIME = re.compile(
    r"(?<![\d:.])\d\d?(?::|\s?h\s?)\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:[+-]\d\d:?\d\d|Z|UTC|GMT)(?!\w))?",
    re.I,
)


def published(
    printed: str | None, zone: str, ignore_offset: bool = False
) -> tuple[datetime | None, Date | None]:
    """Return the instant (None where only a day, month or year is printed) and the civil day in *zone*.

    With *ignore_offset* the printed clock is that of *zone*, whatever offset stands beside it.

    >>> published("2017-12-31T23:55:00+04:00", "Europe/Moscow", ignore_offset=True)
    (datetime.datetime(2017, 12, 31, 20, 55, tzinfo=datetime.timezone.utc), Date(iso='2017-12-31'))
    >>> published("2025-11-26 26 ноября 2025 года, 14:30", "Europe/Moscow")
    (datetime.datetime(2025, 11, 26, 11, 30, tzinfo=datetime.timezone.utc), Date(iso='2025-11-26'))
    >>> published("2025-11", "Asia/Bishkek")
    (None, Date(iso='2025-11'))
    """
    text = " ".join((printed or "").split())
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", text):
        return None, Date(text)
    read = _read(text)
    if not isinstance(read, datetime):
        return None, Date(read.isoformat()) if read else None
    clock = ZoneInfo(zone)
    try:
        local = read.replace(tzinfo=clock) if ignore_offset or read.tzinfo is None else read.astimezone(clock)
        return local.astimezone(UTC), Date(local.date().isoformat())
    except OverflowError:
        return None, None


def _read(text: str) -> datetime | date | None:
    try:
        if stamp := _STAMP.match(text):
            return _stamped(stamp, text[stamp.end() :])
        if dotted := _DOTTED.fullmatch(text):
            day, month, year, hour, minute = (int(part) if part else None for part in dotted.groups())
            civil = date(year or 0, month or 0, day or 0)
            return civil if hour is None else datetime(civil.year, civil.month, civil.day, hour, minute or 0)
        if _MAIL.match(text):
            return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return _in_words(text)


def _stamped(stamp: re.Match[str], words: str) -> datetime | date:
    """Return what a stamp says; where it has no clock, the clock that stands in the words after it."""
    if stamp[2]:
        return datetime.fromisoformat(stamp[0])
    day, clock = date.fromisoformat(stamp[1]), _CLOCK.search(words)
    return datetime(day.year, day.month, day.day, int(clock[1]), int(clock[2])) if clock else day


def _in_words(text: str) -> datetime | date | None:
    """Return the first time that *text* names by the word of a month, in one of the four languages."""
    named = next((found for pattern in _DAYS if (found := pattern.search(text[:200]))), None)
    if named is None:
        return None
    import dateparser

    clock = _TIME.search(text[:200])
    month = _CYRILLIC.match(named["month"].lower())  # by its beginning: Kyrgyz endings are in no list
    word = month[0][:3] if month else named["month"]
    plain = f"{named['day']} {word} {named['year']} {clock[0] if clock else ''}".strip()
    settings = {"STRICT_PARSING": True, "DATE_ORDER": "DMY"}
    read: datetime | None = dateparser.parse(plain, languages=["en", "ru", "fr"], settings=settings)
    return read if read is None or clock else read.date()
