"""Why reports are one event and others are not, in words: the same functions decide and explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bilateral.link.compare import (
    DAY,
    RANGE,
    UNDATED,
    host,
    nearness,
    same_page,
    same_words,
    shared_persons,
    vagueness,
    window,
)
from bilateral.link.fit import Cluster, Dated, affinity, apart, misfit, near
from bilateral.link.group import KIN, MAKERS
from bilateral.model import Linkable, family

GRAINS = {2: "month", 3: "year"}


@dataclass(frozen=True)
class Tie:
    """Why one report is in its event: what it has in common with another that was there before it."""

    report: Linkable
    beside: str | None  # id of that other report; None: this one is the most exact
    because: tuple[str, ...]


@dataclass(frozen=True)
class Apart:
    """Why another event of the same sort and states is another one."""

    event_id: str
    kind: str
    days: str
    because: str


@dataclass(frozen=True)
class Decisions:
    """All that was decided about one event."""

    together: tuple[Tie, ...]
    apart: tuple[Apart, ...]


def explain(event_id: str, reports: Iterable[Linkable]) -> Decisions:
    """Say why the reports of the event are one, and why its neighbours among *reports* are others."""
    held: dict[str, list[Dated]] = defaultdict(list)
    for report in reports:
        if report.event_id and (days := window(report)):
            held[report.event_id].append(Dated(report, days))
    own = sorted(held.pop(event_id, []), key=_exactness)
    return Decisions(tuple(_ties(own)), tuple(_neighbours(own, held)) if own else ())


def _exactness(member: Dated) -> tuple[bool, int, int, str]:
    report = member.report
    return report.modality not in MAKERS, member.days.grain, vagueness(report), report.report_id


def _ties(own: Sequence[Dated]) -> Iterable[Tie]:
    for n, member in enumerate(own):
        if n == 0:
            yield Tie(member.report, None, ("the most exact of them",))
            continue
        before = sorted(own[:n], key=lambda other: _likeness(member, other), reverse=True)
        yield Tie(member.report, before[0].report.report_id, tuple(common(member, before[0])))


def _likeness(member: Dated, other: Dated) -> tuple[object, ...]:
    return near(member, other), *affinity(member, Cluster.of([other]))[:5]


def common(a: Dated, b: Dated) -> Iterable[str]:
    """Yield in words what *a* has in common with *b*."""
    yield days_in_common(a, b)
    one, other = a.report, b.report
    if one.kind != other.kind:
        yield f"{one.kind} and {other.kind} are told of one happening"
    if same_page(one, other):
        yield "two languages of one page"
    if people := sorted(shared_persons(one, other)):
        yield "both name " + ", ".join(people)
    if (at := host(one)) and at == host(other):
        yield f"both on the ground of {at}"
    elif one.place and one.place == other.place:
        yield f"both in {one.place}"
    if words := same_words(one, other):
        yield "both texts name " + ", ".join(sorted(f"{name} {_plain(value)}" for name, value in words)[:3])


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def days_in_common(a: Dated, b: Dated) -> str:
    """Say how the days of *a* allow those of *b*."""
    grain = max(a.days.grain, b.days.grain)
    if grain == UNDATED:
        return "a page that gives no day, told soon enough"
    if grain > RANGE:
        return f"the {GRAINS[grain]} holds no other that it can mean"
    between = apart(a.days, b.days.first, b.days.last)
    if between == 0:
        return "the same day" if grain == DAY else "days in common"
    if nearness(a.report, b.report) >= between > 1:
        return f"{between} days on, the same guest of the same host"
    if family(a.report.kind) == "visit":
        return "the next day: a visit goes on overnight" if between == 1 else "a visit with days between"
    return f"{between} day{'s' * (between > 1)} on, but a day that was only worked out"


def _neighbours(own: Sequence[Dated], held: dict[str, list[Dated]]) -> Iterable[Apart]:
    names = _families(family(own[0].report.kind))
    for event_id, members in sorted(held.items(), key=lambda item: item[1][0].days.first):
        first = min(members, key=_exactness)
        if first.report.states == own[0].report.states and family(first.report.kind) in names:
            days = first.report.start.iso if first.report.start else f"told {first.days.first}"
            yield Apart(event_id, first.report.kind, days, _parted(own, members))


def _families(name: str) -> set[str]:
    """Return *name* and the families that may be told of the same talks."""
    return {name, *(s for w, s in KIN if w == name), *(w for w, s in KIN if s == name)}


def _parted(own: Sequence[Dated], others: Sequence[Dated]) -> str:
    """Return the reason that parts most of the pairs of reports of two events."""
    if family(own[0].report.kind) != family(others[0].report.kind):
        pages = {(m.report.source_id, m.report.published_at) for m in own}
        one_page = any((m.report.source_id, m.report.published_at) in pages for m in others)
        return "one page tells both" if one_page else "nothing shows that it is the same talks"
    sides = ((own, Cluster.of(others)), (others, Cluster.of(own)))
    # the vaguer is asked about the more exact, as in grouping
    tried = [(m, against) for members, against in sides for m in members if m.days.grain >= against.grain]
    reasons = [said for m, against in tried if (said := misfit(m, against))]
    if not reasons:
        return "more than one fits, and nothing shows which"
    return min(set(reasons), key=lambda said: (-reasons.count(said), said))
