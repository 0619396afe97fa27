"""What linking has to be shown: the days to ask the warehouse about, and the ids that corrected reports keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bilateral.link.compare import TOLD_LATE, concerns, window
from bilateral.model import Linkable, States, family

Asked = tuple[States, date | None, date | None]


def windows(reports: Iterable[Linkable]) -> list[Asked]:
    """Return the states and days about which stored reports are needed to link *reports*.

    A report without a date asks about its day of publication; None stands for a report without even that.
    """
    asked = set()
    for report in reports:
        days = window(report)
        if report.modality != "hypothetical":
            asked.add((report.states, days.first if days else None, days.last if days else None))
    return sorted(asked, key=lambda a: (a[0], a[1] or date.min, a[2] or date.min))


def gather(
    reports: Sequence[Linkable], candidates: Callable[[Iterable[Asked]], Iterable[Linkable]]
) -> list[Linkable]:
    """Return *reports* with the stored ones that can have a say in where they belong.

    These have neighbours of their own, up to the year that a plan for "2025" spans, so it asks until nothing new
    comes: only then does the result not depend on what was loaded in which run. Of what the warehouse answers, the
    events that do not concern any of them are left as they are. A report that is new and stored at once takes the
    stored id.
    """
    held = {r.report_id: r for r in reports}
    stored: dict[str, Linkable] = {}
    asked: set[Asked] = set()
    while fresh := [a for a in windows(held.values()) if a not in asked]:
        asked.update(fresh)
        stored.update((r.report_id, r) for r in candidates(fresh))
        _draw(held, stored.values())
    return list(held.values())


def _draw(held: dict[str, Linkable], stored: Iterable[Linkable]) -> None:
    """Add to *held* what concerns a report in it, or belongs to the event of one, and so on."""
    events: dict[str, list[Linkable]] = defaultdict(list)
    months: dict[tuple[States, int], list[Linkable]] = defaultdict(list)
    for report in stored:
        if (known := held.get(report.report_id)) and known.event_id is None:
            held[report.report_id] = replace(known, event_id=report.event_id)
        if report.event_id:
            events[report.event_id].append(report)
        for month in _months(report):
            months[report.states, month].append(report)
    waiting = list(held.values())
    while waiting:
        one = waiting.pop()
        near = (r for month in _months(one, TOLD_LATE) for r in months.get((one.states, month), ()))
        drawn = [*events.get(one.event_id or "", ()), *(r for r in near if concerns(one, r))]
        fresh = {r.report_id: r for r in drawn if r.report_id not in held}
        held.update(fresh)
        waiting.extend(fresh.values())


def _months(report: Linkable, more: timedelta = timedelta(0)) -> range:
    days = window(report)
    if days is None:
        return range(0)
    first, last = days.first - more, days.last + more
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1)


def inherit(reports: Sequence[Linkable], replaced: Iterable[Linkable]) -> list[Linkable]:
    """Return the *reports* of an article with the event ids of the reports that they replace.

    *replaced* are the reports of the article's older revision. The same report keeps its id; else one of the
    same states and family, the nearest in time: so an event keeps its name when its only report is corrected.
    """
    free = sorted((r for r in replaced if r.event_id), key=lambda r: r.report_id)
    same = {r.report_id: r.event_id for r in free}
    kept = [replace(r, event_id=r.event_id or same.get(r.report_id)) for r in reports]
    ids = {r.report_id for r in reports}
    free = [r for r in free if r.report_id not in ids]
    for i in sorted(range(len(kept)), key=lambda n: kept[n].report_id):
        if kept[i].event_id is None and (old := _nearest(kept[i], free)):
            kept[i] = replace(kept[i], event_id=old.event_id)
            free.remove(old)
    return kept


def _nearest(report: Linkable, olds: Sequence[Linkable]) -> Linkable | None:
    fits = [r for r in olds if r.states == report.states and family(r.kind) == family(report.kind)]
    return min(fits, key=lambda r: (_distance(report, r), r.report_id), default=None)


def _distance(a: Linkable, b: Linkable) -> int:
    one, other = window(a), window(b)
    return abs((one.first - other.first).days) if one and other else 10_000
