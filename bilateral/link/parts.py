"""Which events are parts of a visit: talks, signing, statements of the same states within its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bilateral.link.compare import PARTS, RANGE, window
from bilateral.link.fit import Group
from bilateral.model import Event, States, family

Held = dict[tuple[States, date], list[Event]]  # the visits of each day
HAPPENS = ("confirmed", "contested", "planned")


@dataclass(frozen=True)
class Days:
    """The days that the exact reports of an event span, and who is named."""

    first: date
    last: date
    persons: frozenset[str]
    reports: int


def place_parts(events: Sequence[Event], groups: Sequence[Group]) -> list[Event]:
    """Return *events* with the parent of each part; *groups* are their reports, in the same order."""
    days = {e.event_id: _days(g) for e, g in zip(events, groups, strict=True)}
    held: Held = {}
    for visit in events:
        if family(visit.kind) == "visit" and visit.status in HAPPENS and (span := days[visit.event_id]):
            for n in range((span.last - span.first).days + 1):
                held.setdefault((visit.states, span.first + timedelta(days=n)), []).append(visit)
    return [replace(e, parent_event_id=_parent(e, held, days)) for e in events]


def _days(group: Group) -> Days | None:
    exact = [w for r in group if r.modality != "recalled" and (w := window(r)) and w.grain <= RANGE]
    if not exact:
        return None
    persons = frozenset(p for r in group for p in r.persons)
    return Days(min(w.first for w in exact), max(w.last for w in exact), persons, len(group))


def _parent(event: Event, held: Held, days: Mapping[str, Days | None]) -> str | None:
    own = days[event.event_id]
    if own is None or family(event.kind) not in PARTS or event.status not in HAPPENS:
        return None
    fits = []
    for visit in held.get((event.states, own.first), ()):
        span = days[visit.event_id]
        if span is None or span.last < own.last or _elsewhere(event, visit):
            continue
        shared = len(own.persons & span.persons)
        fits.append(
            (-shared, event.place != visit.place, -span.reports, span.last - span.first, visit.event_id)
        )
    return min(fits)[-1] if fits else None


def _elsewhere(event: Event, visit: Event) -> bool:
    """Say whether *event* took place on other ground than *visit*, or is only announced while it is held."""
    if event.place_iso3 and visit.host_iso3 and event.place_iso3 != visit.host_iso3:
        return True
    return visit.status == "planned" and event.status != "planned"
