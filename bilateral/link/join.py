"""From reports to events: grouping, names, readings, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bilateral.link.amend import amend
from bilateral.link.group import group
from bilateral.link.ids import name_groups
from bilateral.link.parts import place_parts
from bilateral.link.read import read
from bilateral.model import Correction, Linkable, Linked

CODES_ONLY: Mapping[str, str] = MappingProxyType({})


def link(
    reports: Sequence[Linkable],
    names: Mapping[str, str] = CODES_ONLY,
    corrections: Sequence[Correction] = (),
) -> Linked:
    """Return the events that *reports* tell of, in an order that does not depend on theirs.

    Recalled reports that mean no event of the others, and hypothetical ones, belong to none. *names* are English
    labels of kinds for the titles ("visit.state": "state visit"). *corrections* are what people said of which reports
    belong together, the oldest first.
    """
    groups = amend(group(reports), corrections)
    ids, merged = name_groups(groups)
    merged = tuple(sorted({*merged, *_joined(reports, ids, corrections)}))
    events = [read(held, event_id, names) for held, event_id in zip(groups, ids, strict=True)]
    return Linked(tuple(sorted(place_parts(events, groups), key=lambda e: e.event_id)), merged)


def _joined(
    reports: Sequence[Linkable], ids: Sequence[str], corrections: Sequence[Correction]
) -> list[tuple[str, str]]:
    """Return the stored ids that people's merges make other ones."""
    stored, alive = {r.event_id for r in reports}, set(ids)
    said = [(one.value, one.target) for one in corrections if one.action == "merge" and one.value]
    return [(old, new) for old, new in said if old in stored and old not in alive and new in alive]
