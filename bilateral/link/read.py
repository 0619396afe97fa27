"""The reading of an event, chosen from its reports.

What is asserted goes before what is planned, and that before the rest. Within these: primary before secondary,
then the most frequent, then the most precise. The reports stay as they are: disagreement is not averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bilateral.link.compare import DAY, LEVELS, RANGE, Window, host, levels_of, window
from bilateral.link.fit import Group
from bilateral.model import Date, Event, Linkable, family

T = TypeVar("T", bound=object)
TIERS = (("asserted",), ("planned",), ("denied", "recalled"))
MODES = {"call.phone": "phone", "call.video": "video"}
WRITTEN = frozenset({"message", "statement"})
IN_PERSON = frozenset({"visit", "talks", "meeting", "summit", "commission", "consultations"})


@dataclass(frozen=True)
class Span:
    """First and last day of an event, as exact as they are known; `end` is None where only one day is told."""

    start: Date | None
    end: Date | None


def read(group: Group, event_id: str, names: Mapping[str, str]) -> Event:
    """Return the reading of *group* under *event_id*; *names* are labels of kinds, the code stands in for one."""
    kind = kind_of(group)
    span = span_of(group, family(kind) == "visit")
    place, place_iso3 = place_of(group)
    at = host_of(group, kind)
    return Event(
        event_id=event_id,
        report_ids=tuple(r.report_id for r in group),
        kind=kind,
        level=level_of(group, at if family(kind) == "visit" else None),
        mode=mode_of(kind),
        status=status_of(group),
        states=group[0].states,
        start=span.start,
        end=span.end,
        place=place,
        place_iso3=place_iso3,
        parent_event_id=None,
        host_iso3=at,
        initiator_iso3=choose(group, lambda r: r.initiator_iso3),
        margins_of=choose(group, lambda r: r.margins_of),
        title=title_of(kind, group[0].states, at, place, names),
        confidence=max(r.confidence for r in next(told_first(group))),
    )


def told_first(group: Sequence[Linkable]) -> Iterator[Sequence[Linkable]]:
    """Yield the reports of *group* by how much their modality counts; empty ones are left out."""
    for modalities in TIERS:
        if told := [r for r in group if r.modality in modalities]:
            yield told


def choose(
    group: Sequence[Linkable],
    value: Callable[[Linkable], T | None],
) -> T | None:
    """Return the value that the reading takes, or None where no report has one."""
    for told in told_first(group):
        votes: dict[T, list[Linkable]] = {}
        for report in told:
            if (said := value(report)) is not None:
                votes.setdefault(said, []).append(report)
        if votes:
            return min(votes, key=lambda v: (*_weight(votes[v]), repr(v)))
    return None


def _weight(reports: Sequence[Linkable]) -> tuple[bool, int]:
    """Return a key that sorts the better supported first."""
    return not any(r.primary for r in reports), -len(reports)


def kind_of(group: Sequence[Linkable]) -> str:
    """Return the kind that the reading takes: a named sort of visit or talks goes before "visit" and "talks"."""
    root = choose(group, lambda r: r.kind.split(".")[0])
    named = [r for r in group if r.kind.startswith(f"{root}.")]
    return choose(named, lambda r: r.kind) or root or group[0].kind


def span_of(group: Sequence[Linkable], visit: bool) -> Span:
    """Return the days of the event; of a visit, all days that the better reports give it."""
    if visit and (days := _visit_days(group)):
        first, last = days
        return Span(Date(first.isoformat()), Date(last.isoformat()) if last != first else None)
    exactness = max((_exactness(s) for r in group if (s := _told_span(r))), default=0)
    exact = [r for r in group if (s := _told_span(r)) and _exactness(s) == exactness]
    return choose(exact, _told_span) or Span(None, None)


def _told_span(report: Linkable) -> Span | None:
    if report.start is None:
        return None
    return Span(report.start, report.end if report.end != report.start else None)


def _exactness(span: Span) -> int:
    """Return 3 for days, 2 for months, 1 for years: by the vaguer end."""
    ends = [len(d.iso) for d in (span.start, span.end) if d]
    return {10: 3, 7: 2}.get(min(ends, default=0), 1)


def _visit_days(group: Sequence[Linkable]) -> tuple[date, date] | None:
    """Return first and last day: what the best reports span, and the least told range that contains it."""
    exact = [(r, w) for r in group if (w := window(r)) and w.grain in (DAY, RANGE)]
    for told in told_first([r for r, _ in exact]):
        best = [r for r in told if r.primary] or list(told)
        spans = [w for r, w in exact if r in best]
        first, last = min(w.first for w in spans), max(w.last for w in spans)
        ranges = [w for _, w in exact if w.grain == RANGE and w.first <= first and last <= w.last]
        widest = min(ranges, key=_length, default=Window(first, last, RANGE))
        return widest.first, widest.last
    return None


def _length(days: Window) -> tuple[int, date]:
    return (days.last - days.first).days, days.first


def place_of(group: Sequence[Linkable]) -> tuple[str | None, str | None]:
    """Return the place and its state, both as one report gives them."""
    chosen = choose(group, lambda r: (r.place, r.place_iso3) if r.place else None)
    return chosen or (None, choose(group, lambda r: r.place_iso3))


def host_of(group: Sequence[Linkable], kind: str) -> str | None:
    """Return the host; of a visit, the state of its place where no report names the host."""
    told = choose(group, lambda r: r.host_iso3)
    return told or (choose(group, host) if family(kind) == "visit" else None)


def level_of(group: Sequence[Linkable], visited: str | None) -> str:
    """Return the lowest of the highest levels of the sides; of a visit to *visited*, that of the guests.

    Where nobody is named it is "state".
    """
    sides = [s for s in group[0].states if s != visited]
    told = [r for r in group if r.modality != "recalled"]
    highest = [_highest(set().union(*(levels_of(r, side) for r in told))) for side in sides]
    ranks = [rank for rank in highest if rank is not None]
    return LEVELS[max(ranks)] if ranks else "state"


def _highest(levels: set[str]) -> int | None:
    return min((LEVELS.index(level) for level in levels if level in LEVELS), default=None)


def mode_of(kind: str) -> str | None:
    """Return how the sides met, or None for what is no contact and no writing."""
    root = kind.split(".")[0]
    if root in WRITTEN:
        return "written"
    return MODES.get(kind) or ("phone" if root == "call" else "in_person" if root in IN_PERSON else None)


def status_of(group: Sequence[Linkable]) -> str:
    """Return a code of `event_status` for what the reports say together.

    A denial contests what another source asserts. It cancels a plan unless the plan was told again afterwards.
    """
    by_modality = {m: [r for r in group if r.modality == m] for m in ("asserted", "planned", "denied")}
    asserted, planned, denied = by_modality.values()
    if asserted:
        deniers = {r.source_id for r in denied} - {r.source_id for r in asserted}
        return "contested" if deniers else "confirmed"
    if not denied:
        return "planned"
    if not planned:
        return "denied"
    return "planned" if _last_told(planned) > _last_told(denied) else "cancelled"


def _last_told(reports: Sequence[Linkable]) -> float:
    return max((r.published_at.timestamp() for r in reports if r.published_at), default=0.0)


def title_of(
    kind: str, states: Sequence[str], visited: str | None, place: str | None, names: Mapping[str, str]
) -> str:
    """Return a short English title without a date.

    >>> title_of("visit.state", ("KGZ", "RUS"), "KGZ", "Bishkek", {"visit.state": "state visit"})
    'State visit: RUS to KGZ, Bishkek'
    """
    label = names.get(kind, kind)
    between = " and ".join(states) if len(states) < 4 else f"{len(states)} states"
    guests = [s for s in states if s != visited]
    if family(kind) == "visit" and visited and len(guests) == 1:
        between = f"{guests[0]} to {visited}"
    return f"{label[:1].upper()}{label[1:]}: {between}" + (f", {place}" if place else "")
