"""Reports to groups, one a happening: the exact first, then the vaguer where only one group fits them.

The order of the reports has no part in it: they are sorted into tiers by how exact they are; each tier is held
against the groups of the tiers before it as a whole, and what fits none of them is grouped among itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from bilateral.link.compare import (
    FREQUENT,
    LEVELS,
    MONTH,
    RANGE,
    STAY,
    TOLD_LATE,
    UNDATED,
    Window,
    at_odds,
    host,
    nearness,
    shared_persons,
    vagueness,
    window,
)
from bilateral.model import Linkable, family

Group = tuple[Linkable, ...]  # sorted by report_id
MAKERS = ("asserted", "planned", "denied")  # what makes an event; recalled reports only attach
# A weaker family told of the same talks. `meeting` asks for more: the same persons at the same place.
CEREMONIES = frozenset({"signing", "statement.joint", "press"})
KIN = (("talks.restricted", "talks"), ("talks.one_on_one", "talks"), ("meeting", "talks"))


@dataclass(frozen=True)
class Dated:
    """A report with its days."""

    report: Linkable
    days: Window


@dataclass(frozen=True)
class Cluster:
    """Reports of one happening, and the days they span together."""

    members: tuple[Dated, ...]
    first: date
    last: date
    grain: int  # of the most exact member

    @classmethod
    def of(cls, members: Iterable[Dated]) -> Cluster:
        """Return the cluster of *members*; the most exact of them give its days."""
        held = tuple(sorted(members, key=lambda m: m.report.report_id))
        grain = min(m.days.grain for m in held)
        limit = RANGE if grain <= RANGE else grain
        exact = [m.days for m in held if m.days.grain <= limit]
        return cls(held, min(d.first for d in exact), max(d.last for d in exact), grain)

    @property
    def reports(self) -> Group:
        """The reports, sorted."""
        return tuple(m.report for m in self.members)


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
    exact = [m for m in members if m.days.grain <= RANGE]
    clusters = [c for episode in _episodes(exact, STAY * visit) for c in _tiers(episode, visit, [])]
    return _tiers([m for m in members if m.days.grain > RANGE], visit, clusters)


def _episodes(members: Sequence[Dated], slack: int) -> list[list[Dated]]:
    """Part *members* where more than *slack* days lie between all before and all after."""
    episodes: list[list[Dated]] = []
    last: date | None = None
    for member in sorted(members, key=lambda m: (m.days.first, m.report.report_id)):
        if last is None or (member.days.first - last).days > slack:
            episodes.append([])
            last = member.days.last
        episodes[-1].append(member)
        last = max(last or member.days.last, member.days.last)
    return episodes


def _tiers(members: Sequence[Dated], visit: bool, clusters: list[Cluster]) -> list[Cluster]:
    tiers: dict[tuple[int, int], list[Dated]] = defaultdict(list)
    for member in members:
        grain = RANGE if visit and member.days.grain <= RANGE else member.days.grain
        tiers[grain, vagueness(member.report)].append(member)
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
    fits = [i for i in near if _fits(member, clusters[i])]
    if len(fits) < 2:
        return fits[0] if fits else None
    scores = [_affinity(member, clusters[i]) for i in fits]
    best = max(scores)
    return fits[scores.index(best)] if scores.count(best) == 1 else None


def _fits(member: Dated, cluster: Cluster) -> bool:
    report, days = member.report, member.days
    slack = max(nearness(report, r) for r in cluster.reports) if days.grain <= RANGE else 0
    if not days.near(cluster.first, cluster.last, slack) and days.grain < UNDATED:
        return False
    if days.grain > RANGE and not _vague_fits(member, cluster):
        return False
    return not any(at_odds(report, other) for other in _sound(cluster.reports))


def _sound(reports: Group) -> Group:
    """Return *reports* without those that take another state for the host than most do."""
    hosts = Counter(at for r in reports if (at := host(r)))
    most = [at for at, times in hosts.items() if times == max(hosts.values())]
    return tuple(r for r in reports if host(r) in (None, most[0])) if len(most) == 1 else reports


def _vague_fits(member: Dated, cluster: Cluster) -> bool:
    """Say whether a report without a day can mean *cluster*: a denial cannot, nor a plan told afterwards.

    A month holds many requests and promises: of such kinds it can only where the same person is named.
    """
    report, days = member.report, member.days
    if family(report.kind) in FREQUENT and not any(shared_persons(report, r) for r in cluster.reports):
        return False
    one_denies = (report.modality == "denied") != all(r.modality == "denied" for r in cluster.reports)
    if days.grain == cluster.grain == UNDATED:
        return not one_denies and days.near(cluster.first, cluster.last, TOLD_LATE.days)
    if one_denies:
        return days.grain == cluster.grain
    if days.grain == UNDATED:
        return report.modality != "planned" and _told_of(member, cluster)
    published = report.published_at
    return report.modality != "planned" or published is None or published.date() <= cluster.last


def _told_of(member: Dated, cluster: Cluster) -> bool:
    """Say whether a page that gives no day tells of *cluster*, which has days, soon enough after them.

    Of a visit it may tell before the day that another gives, which can be that of the farewell. A month is too
    long, but where a person or the place is the same.
    """
    report, days, others = member.report, member.days, cluster.reports
    if cluster.grain == MONTH:
        known = any(shared_persons(report, r) or _at_one_place(report, r) for r in others)
        return known and cluster.first <= days.first <= cluster.last
    if cluster.grain > MONTH:
        return False
    stayed = any(nearness(report, r) == STAY for r in others)
    first = cluster.first - timedelta(days=STAY) if stayed else cluster.first
    return first <= days.first and days.first - TOLD_LATE <= cluster.last


def _at_one_place(a: Linkable, b: Linkable) -> bool:
    return a.place is not None and a.place == b.place


def _affinity(member: Dated, cluster: Cluster) -> tuple[int, ...]:
    """Return how much *member* shares with *cluster* beyond the days: persons, place, kind.

    Where a ceremony of the day is told without names, it is that of the highest: two on one day are rare.
    """
    report, others = member.report, cluster.reports
    same = (
        max(len(shared_persons(report, other)) for other in others),
        int(any(_at_one_place(report, other) for other in others)),
        int(any(report.kind == other.kind for other in others)),
    )
    if family(report.kind) not in CEREMONIES or member.days.grain > RANGE:
        return same
    levels = {LEVELS.index(level) for r in others for _, level in r.levels if level in LEVELS}
    return *same, -min(levels, default=len(LEVELS)), len(others)


def _components(members: Sequence[Dated]) -> list[Cluster]:
    ordered = sorted(members, key=lambda m: m.report.report_id)
    root = list(range(len(ordered)))
    for i, j in combinations(range(len(ordered)), 2):
        if root[i] != root[j] and _joins(ordered[i], ordered[j]):
            old, new = root[j], root[i]
            root = [new if r == old else r for r in root]
    found: dict[int, list[Dated]] = defaultdict(list)
    for i, member in enumerate(ordered):
        found[root[i]].append(member)
    return [Cluster.of(held) for held in found.values()]


def _joins(a: Dated, b: Dated) -> bool:
    if at_odds(a.report, b.report):
        return False
    if a.days.grain < UNDATED:
        slack = nearness(a.report, b.report) if a.days.grain <= RANGE else 0
        return a.days.near(b.days.first, b.days.last, slack)
    if (a.report.modality == "denied") != (b.report.modality == "denied"):
        return False  # neither says of which day: nothing shows that they mean the same
    return abs(a.days.first - b.days.first) <= TOLD_LATE


def _join_kin(clusters: dict[str, list[Cluster]], weak: str, strong: str) -> None:
    """Join a cluster of *weak* to the one of *strong* that tells the same, where no page tells both."""
    pairs = [
        (w, s) for w in clusters.get(weak, []) for s in clusters.get(strong, []) if _same_talks(w, s, weak)
    ]
    for w, s in pairs:
        if sum(w is a for a, _ in pairs) == 1 and sum(s is b for _, b in pairs) == 1:
            clusters[weak] = [c for c in clusters[weak] if c is not w]
            joined = Cluster.of((*w.members, *s.members))
            clusters[strong] = [joined if c is s else c for c in clusters[strong]]


def _same_talks(w: Cluster, s: Cluster, weak: str) -> bool:
    if max(w.grain, s.grain) > RANGE or w.last < s.first or s.last < w.first:
        return False
    if {_page(r) for r in w.reports} & {_page(r) for r in s.reports}:
        return False
    pairs = [(a, b) for a in w.reports for b in s.reports]
    if any(at_odds(a, b) or {a.modality, b.modality} == {"asserted", "denied"} for a, b in pairs):
        return False
    return weak != "meeting" or any(len(shared_persons(a, b)) > 1 and _same_place(a, b) for a, b in pairs)


def _page(report: Linkable) -> tuple[object, ...]:
    return report.source_id, report.published_at


def _same_place(a: Linkable, b: Linkable) -> bool:
    if a.place and b.place:
        return a.place == b.place
    return a.place_iso3 is None or b.place_iso3 is None or a.place_iso3 == b.place_iso3


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
