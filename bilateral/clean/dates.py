"""The printed time of publication, read with the clock of the source."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from bilateral.model import Date

_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(?:,?\s+(\d\d?):(\d\d)(?::\d\d)?)?")


def published(
    printed: str | None, zone: str, ignore_offset: bool = False
) -> tuple[datetime | None, Date | None]:
    """Return the instant (None where only a day, month or year is printed) and the civil day in *zone*.

    With *ignore_offset* the printed clock is that of *zone*, whatever offset stands beside it.

    >>> published("2017-12-31T23:55:00+04:00", "Europe/Moscow", ignore_offset=True)
    (datetime.datetime(2017, 12, 31, 20, 55, tzinfo=datetime.timezone.utc), Date(iso='2017-12-31'))
    >>> published("2025-11", "Asia/Bishkek")
    (None, Date(iso='2025-11'))
    """
    text = (printed or "").strip()
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
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
        if re.match(r"\d{4}-\d\d-\d\d[T ]", text):
            return datetime.fromisoformat(text)
        if dotted := _DOTTED.fullmatch(text):
            day, month, year, hour, minute = (int(part) if part else None for part in dotted.groups())
            civil = date(year or 0, month or 0, day or 0)
            return civil if hour is None else datetime(civil.year, civil.month, civil.day, hour, minute or 0)
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
