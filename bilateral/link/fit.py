"""Whether a report belongs to a group: the days that it can mean, who and what it names, and what speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bilateral.link.compare import (
    FREQUENT,
    LEVELS,
    MONTH,
    RANGE,
    STAY,
    TOLD_LATE,
    UNDATED,
    Window,
    host,
    nearness,
    odds,
    same_page,
    same_words,
    shared_persons,
)
from bilateral.model import Linkable, family

Group = tuple[Linkable, ...]  # sorted by report_id
# Of these, two on one day are rare.
CEREMONIES = frozenset({"signing", "statement.joint", "press"})


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


def fits(member: Dated, cluster: Cluster) -> bool:
    """Say whether *member* can tell of the same happening as *cluster*."""
    return misfit(member, cluster) is None


def misfit(member: Dated, cluster: Cluster) -> str | None:
    """Return why *member* cannot tell of the same happening as *cluster*, or None."""
    report, days = member.report, member.days
    if days.grain <= RANGE and not any(near(member, other) for other in cluster.members):
        between = apart(days, cluster.first, cluster.last)
        return f"{between} day{'s' * (between > 1)} apart"
    if RANGE < days.grain < UNDATED and not days.near(cluster.first, cluster.last):
        return f"not in {report.start.iso if report.start else 'its days'}"
    if days.grain > RANGE and (vague := _vague_misfit(member, cluster)):
        return vague
    return next((said for other in _sound(cluster.reports) if (said := odds(report, other))), None)


def apart(days: Window, first: date, last: date) -> int:
    """Return how many days lie between *days* and the days *first* to *last*; 0 where they meet.

    >>> apart(Window(date(2025, 8, 10), date(2025, 8, 10), 0), date(2025, 8, 18), date(2025, 8, 18))
    8
    """
    return max((days.first - last).days, (first - days.last).days, 0)


def _sound(reports: Group) -> Group:
    """Return *reports* without those that take another state for the host than most do."""
    hosts = Counter(at for r in reports if (at := host(r)))
    most = [at for at, times in hosts.items() if times == max(hosts.values())]
    return tuple(r for r in reports if host(r) in (None, most[0])) if len(most) == 1 else reports


def _vague_misfit(member: Dated, cluster: Cluster) -> str | None:
    """Return why a report without a day cannot mean *cluster*: a denial cannot, nor a plan told afterwards.

    A month holds many requests and promises: of such kinds it can only where the same person is named.
    """
    report, days = member.report, member.days
    if family(report.kind) in FREQUENT and not any(shared_persons(report, r) for r in cluster.reports):
        return "no day, and nobody named in both, of what is told often"
    one_denies = (report.modality == "denied") != all(r.modality == "denied" for r in cluster.reports)
    if one_denies and not (days.grain == cluster.grain < UNDATED):
        return "a denial that does not say of which day"
    if days.grain == cluster.grain == UNDATED:
        meets = days.near(cluster.first, cluster.last, TOLD_LATE.days)
        return (
            None
            if meets
            else f"told {apart(days, cluster.first, cluster.last)} days apart, both without a day"
        )
    if days.grain == UNDATED:
        return _told_too_far(member, cluster)
    published = report.published_at
    late = report.modality == "planned" and published is not None and published.date() > cluster.last
    return "a plan that was told afterwards" if late and not one_denies else None


def _told_too_far(member: Dated, cluster: Cluster) -> str | None:
    """Return why a page that gives no day does not tell of *cluster*, which has days, soon enough after them.

    Of a visit it may tell before the day that another gives, which can be that of the farewell. A month is too
    long, but where a person or the place is the same.
    """
    report, days, others = member.report, member.days, cluster.reports
    if report.modality == "planned":
        return "a plan without a day"
    if cluster.grain == MONTH and cluster.first <= days.first <= cluster.last:
        known = any(shared_persons(report, r) or _at_one_place(report, r) for r in others)
        return None if known else "no day, and neither person nor place named in both"
    stayed = any(nearness(report, r) == STAY for r in others)
    first = cluster.first - timedelta(days=STAY) if stayed else cluster.first
    soon = cluster.grain <= RANGE and first <= days.first and days.first - TOLD_LATE <= cluster.last
    return None if soon else "no day, and told too far from its days"


def _at_one_place(a: Linkable, b: Linkable) -> bool:
    return a.place is not None and a.place == b.place


def near(a: Dated, b: Dated) -> bool:
    """Say whether the days of *a* and *b* are near enough for one happening."""
    slack = nearness(a.report, b.report) if max(a.days.grain, b.days.grain) <= RANGE else 0
    return a.days.near(b.days.first, b.days.last, slack)


def affinity(member: Dated, cluster: Cluster) -> tuple[int, ...]:
    """Return how much *member* shares with *cluster* beyond the days: page, persons, place, figures, kind.

    Where a ceremony of the day is told without names, it is that of the highest: two on one day are rare.
    """
    report, others = member.report, cluster.reports
    same = (
        int(any(same_page(report, other) for other in others)),
        max(len(shared_persons(report, other)) for other in others),
        int(any(_at_one_place(report, other) for other in others)),
        max(len(same_words(report, other)) for other in others),
        int(any(report.kind == other.kind for other in others)),
    )
    if family(report.kind) not in CEREMONIES or member.days.grain > RANGE:
        return same
    levels = {LEVELS.index(level) for r in others for _, level in r.levels if level in LEVELS}
    return *same, -min(levels, default=len(LEVELS)), len(others)


def joins(a: Dated, b: Dated) -> bool:
    """Say whether two reports that are as exact as each other tell of the same happening."""
    if odds(a.report, b.report):
        return False
    if a.days.grain < UNDATED:
        return near(a, b)
    if (a.report.modality == "denied") != (b.report.modality == "denied"):
        return False  # neither says of which day: nothing shows that they mean the same
    return abs(a.days.first - b.days.first) <= TOLD_LATE


def same_talks(w: Cluster, s: Cluster, weak: str) -> bool:
    """Say whether *w*, of the family *weak*, tells of the talks that *s* tells of, and no page tells both."""
    if max(w.grain, s.grain) > RANGE or w.last < s.first or s.last < w.first:
        return False
    if {_page(r) for r in w.reports} & {_page(r) for r in s.reports}:
        return False
    pairs = [(a, b) for a in w.reports for b in s.reports]
    if any(odds(a, b) or {a.modality, b.modality} == {"asserted", "denied"} for a, b in pairs):
        return False
    return weak != "meeting" or any(len(shared_persons(a, b)) > 1 and _same_place(a, b) for a, b in pairs)


def _page(report: Linkable) -> tuple[object, ...]:
    return report.source_id, report.published_at


def _same_place(a: Linkable, b: Linkable) -> bool:
    if a.place and b.place:
        return a.place == b.place
    return a.place_iso3 is None or b.place_iso3 is None or a.place_iso3 == b.place_iso3
