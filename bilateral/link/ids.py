"""Names for groups: an id that is stored stays, a new group gets one of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bilateral.link.fit import Group
from bilateral.link.group import MAKERS
from bilateral.model import identity


def name_groups(groups: Sequence[Group]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Return an id for each of *groups*, and the ids that became another one: (old, new).

    A stored id goes to the group that holds most of its reports; a group that gets several keeps the one with the
    most reports, then the smallest.
    """
    held = [Counter(r.event_id for r in group if r.event_id and r.modality in MAKERS) for group in groups]
    claims: dict[str, list[tuple[int, int]]] = {}
    for n, counts in enumerate(held):
        for event_id, count in counts.items():
            claims.setdefault(event_id, []).append((-count, n))
    won: list[list[str]] = [[] for _ in groups]
    for event_id, claimed in claims.items():
        won[min(claimed)[1]].append(event_id)
    kept = [min(ids, key=lambda i: (-held[n][i], i)) if ids else None for n, ids in enumerate(won)]
    merged = [(old, new) for ids, new in zip(won, kept, strict=True) if new for old in ids if old != new]
    taken = set(claims)
    return [i or _mint(group, taken) for i, group in zip(kept, groups, strict=True)], tuple(sorted(merged))


def _mint(group: Group, taken: set[str]) -> str:
    """Return a new id from the smallest report; another one where that names a group it was split from."""
    smallest = min(r.report_id for r in group if r.modality in MAKERS)
    minted, tries = "e" + identity(smallest), 1
    while minted in taken:
        tries += 1
        minted = "e" + identity(smallest, tries)
    taken.add(minted)
    return minted
