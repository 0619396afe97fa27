"""Reports to groups, one a happening: the exact first, then the vaguer where only one group fits them.

The order of the reports has no part in it: they are sorted into tiers by how exact they are; each tier is held
against the groups of the tiers before it as a whole, and what fits none of them is grouped among itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bilateral.link.compare import RANGE, STAY, TOLD_LATE, UNDATED, vagueness, window
from bilateral.link.fit import Cluster, Dated, Group, affinity, fits, joins, same_talks
from bilateral.model import Linkable, family

MAKERS = ("asserted", "planned", "denied")  # what makes an event; recalled reports only attach
# A weaker family told of the same talks. `meeting` asks for more: the same persons at the same place.
KIN = (("talks.restricted", "talks"), ("talks.one_on_one", "talks"), ("meeting", "talks"))


def group(reports: Iterable[Linkable]) -> list[Group]:
    """Return the groups of *reports* that are one happening each, each sorted, in the order of their first ids."""
    by_states: dict[tuple[str, ...], list[Linkable]] = defaultdict(list)
    for report in {r.report_id: r for r in reports}.values():
        by_states[report.states].append(report)
    groups = [g for told in by_states.values() for g in _of_states(told)]
    return sorted(groups, key=lambda g: g[0].report_id)


def _of_states(reports: Sequence[Linkable]) -> list[Group]:
    families: dict[str, list[Dated]] = defaultdict(list)
    recalled: list[Dated] = []
    lonely: list[Group] = []
    for report in reports:
        days = window(report)
        if report.modality == "recalled" and days and days.grain < UNDATED:
            recalled.append(Dated(report, days))
        elif report.modality in MAKERS and days:
            families[family(report.kind)].append(Dated(report, days))
        elif report.modality in MAKERS:
            lonely.append((report,))
    clusters = {name: _of_family(members) for name, members in families.items()}
    for weak, strong in KIN:
        _join_kin(clusters, weak, strong)
    return [c.reports for found in _recall(clusters, recalled) for c in found] + lonely


def _of_family(members: Sequence[Dated]) -> list[Cluster]:
    visit = family(members[0].report.kind) == "visit"
    tiers: dict[tuple[int, int], list[Dated]] = defaultdict(list)
    for member in members:
        grain = RANGE if visit and member.days.grain <= RANGE else member.days.grain
        tiers[grain, vagueness(member.report)].append(member)
    clusters: list[Cluster] = []
    for _, tier in sorted(tiers.items()):
        homes = _homes(tier, clusters)
        clusters = _grow(clusters, [(m, home) for m, home in homes if home is not None])
        clusters += _components([m for m, home in homes if home is None])
    return clusters


def _grow(clusters: list[Cluster], found: Iterable[tuple[Dated, int]]) -> list[Cluster]:
    more: dict[int, list[Dated]] = defaultdict(list)
    for member, home in found:
        more[home].append(member)
    return [Cluster.of((*c.members, *more[i])) if i in more else c for i, c in enumerate(clusters)]


def _homes(members: Sequence[Dated], clusters: Sequence[Cluster]) -> list[tuple[Dated, int | None]]:
    """Return each of *members* with the number of its cluster, looked for in the months that it can mean."""
    by_month: dict[int, list[int]] = defaultdict(list)
    for i, cluster in enumerate(clusters):
        for month in _months(cluster.first, cluster.last):
            by_month[month].append(i)
    homes = []
    for member in members:
        months = _months(member.days.first - TOLD_LATE, member.days.last + TOLD_LATE)
        near = sorted({i for month in months for i in by_month[month]})
        homes.append((member, _home(member, clusters, near)))
    return homes


def _months(first: date, last: date) -> range:
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1)


def _home(member: Dated, clusters: Sequence[Cluster], near: Sequence[int]) -> int | None:
    """Return the number of the one cluster that *member* fits, or fits best; None: none, or no telling which."""
    possible = [i for i in near if fits(member, clusters[i])]
    if len(possible) < 2:
        return possible[0] if possible else None
    scores = [affinity(member, clusters[i]) for i in possible]
    best = max(scores)
    return possible[scores.index(best)] if scores.count(best) == 1 else None


def _components(members: Sequence[Dated]) -> list[Cluster]:
    """Return the groups that *members*, which fit none so far, make among themselves."""
    ordered = sorted(members, key=lambda m: (m.days.first, m.report.report_id))
    root = list(range(len(ordered)))
    for i, j in _neighbours(ordered):
        one, other = _root(root, i), _root(root, j)
        if one != other and joins(ordered[i], ordered[j]):
            root[max(one, other)] = min(one, other)
    found: dict[int, list[Dated]] = defaultdict(list)
    for i, member in enumerate(ordered):
        found[_root(root, i)].append(member)
    return [Cluster.of(held) for held in found.values()]


def _neighbours(ordered: Sequence[Dated]) -> Iterator[tuple[int, int]]:
    """Yield each two whose days may be near enough; *ordered* are sorted by their first days."""
    most = max(STAY, TOLD_LATE.days)
    for i, one in enumerate(ordered):
        for j in range(i + 1, len(ordered)):
            if (ordered[j].days.first - one.days.last).days > most:
                break
            yield i, j


def _root(root: list[int], i: int) -> int:
    while root[i] != i:
        root[i] = i = root[root[i]]
    return i


def _join_kin(clusters: dict[str, list[Cluster]], weak: str, strong: str) -> None:
    """Join a cluster of *weak* to the one of *strong* that tells the same, where no page tells both."""
    pairs = [
        (w, s) for w in clusters.get(weak, []) for s in clusters.get(strong, []) if same_talks(w, s, weak)
    ]
    for w, s in pairs:
        if sum(w is a for a, _ in pairs) == 1 and sum(s is b for _, b in pairs) == 1:
            clusters[weak] = [c for c in clusters[weak] if c is not w]
            joined = Cluster.of((*w.members, *s.members))
            clusters[strong] = [joined if c is s else c for c in clusters[strong]]


def _recall(clusters: dict[str, list[Cluster]], recalled: Sequence[Dated]) -> list[list[Cluster]]:
    """Attach what is recalled to the event that it means; what means none, or no certain one, is left out."""
    waiting: dict[str, list[Dated]] = defaultdict(list)
    for member in recalled:
        waiting[family(member.report.kind)].append(member)
    grown = []
    for name, held in clusters.items():
        homes = _homes(waiting[name], held)
        grown.append(_grow(held, [(m, home) for m, home in homes if home is not None]))
    return grown
