"""From reports to events: grouping, names, readings, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bilateral.link.group import group
from bilateral.link.ids import name_groups
from bilateral.link.parts import place_parts
from bilateral.link.read import read
from bilateral.model import Linkable, Linked

CODES_ONLY: Mapping[str, str] = MappingProxyType({})


def link(reports: Sequence[Linkable], names: Mapping[str, str] = CODES_ONLY) -> Linked:
    """Return the events that *reports* tell of, in an order that does not depend on theirs.

    Recalled reports that mean no event of the others, and hypothetical ones, belong to none. *names* are English
    labels of kinds for the titles ("visit.state": "state visit").
    """
    groups = group(reports)
    ids, merged = name_groups(groups)
    events = [read(held, event_id, names) for held, event_id in zip(groups, ids, strict=True)]
    return Linked(tuple(sorted(place_parts(events, groups), key=lambda e: e.event_id)), merged)
