"""Two reports side by side: the family of their kinds, their days, and what sets them apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bilateral.model import Date, Linkable, family

LEVELS = ("head_of_state", "head_of_government", "minister", "parliament", "official", "state")  # high to low

# Families in which people of both sides meet: who they are tells two events apart.
BETWEEN_PERSONS = frozenset(
    {"talks", "talks.restricted", "talks.one_on_one", "meeting", "call", "consultations", "press"}
)
# Families in which one side does something to the other: the doer tells two events apart. In a call both
# sides may claim the initiative, so it is not one of them.
DIRECTED = frozenset(
    {
        *("message.congratulation", "message.condolence", "message.greeting", "award", "accreditation"),
        *(
            "ratification",
            "invitation",
            "aid",
            "aid.stopped",
            "loan",
            "arms",
            "criticism",
            "protest",
            "summons",
        ),
        *(
            "complaint",
            "request",
            "refusal",
            "denial",
            "warning",
            "restriction.trade",
            "restriction.migration",
        ),
        *("deportation", "detention", "sanction", "recall", "expulsion", "denunciation", "pledge"),
    }
)
# Families that may be told of the same talks: held against each other, see group.KIN.
TALKS = frozenset({"talks", "talks.restricted", "talks.one_on_one", "meeting"})
# What is part of a visit when it happens within its days.
PARTS = frozenset(
    {
        *TALKS,
        *("commission", "consultations", "statement.joint", "signing", "press", "invitation", "award"),
        *("project", "request", "pledge"),
    }
)
DAY, RANGE, MONTH, YEAR, UNDATED = range(5)
TOLD_LATE = timedelta(days=3)  # an undated report tells of the last days


@dataclass(frozen=True)
class Window:
    """The days that a report can mean, and how exactly it says so (DAY … UNDATED)."""

    first: date
    last: date
    grain: int

    def near(self, first: date, last: date, slack: int = 0) -> bool:
        """Say whether the days *first* to *last* lie at most *slack* days from the window."""
        return (self.first - last).days <= slack and (first - self.last).days <= slack


def window(report: Linkable) -> Window | None:
    """Return the days of *report*; an undated one means its day of publication; None: not even that is known.

    A text of an agency that gives no day may tell of the days before it, whatever day it came out.
    """
    if report.start and report.date_basis == "published" and not report.primary:
        return Window(report.start.first, report.start.last, UNDATED)
    if report.start is None:
        if report.published_at is None:
            return None
        day = report.published_at.date()
        return Window(day, day, UNDATED)
    end = report.end or report.start
    first, last = report.start.first, max(end.last, report.start.first)
    return Window(first, last, _grain(report.start, end))


def _grain(start: Date, end: Date) -> int:
    precisions = {start.precision, end.precision}
    if "year" in precisions:
        return YEAR
    if "month" in precisions:
        return MONTH
    return DAY if start == end else RANGE


def host(report: Linkable) -> str | None:
    """Return the state on whose ground *report* takes place, where it is one of its states."""
    if report.host_iso3 in report.states:
        return report.host_iso3
    return report.place_iso3 if report.place_iso3 in report.states else None


def at_odds(a: Linkable, b: Linkable) -> bool:
    """Say whether what *a* and *b* tell cannot be one happening, their days left aside.

    Both have the same states and family. What one of them does not say is never at odds.
    """
    name = family(a.kind)
    if name in DIRECTED and _differ(a.initiator_iso3, b.initiator_iso3):
        return True
    if name == "visit":
        return (_differ(host(a), host(b)) and not _at_once(a, b)) or _other_guests(a, b)
    if name in BETWEEN_PERSONS:
        return _other_levels(a, b) or (_names_all(a) and _names_all(b) and len(shared_persons(a, b)) < 2)
    return _names_all(a) and _names_all(b) and not shared_persons(a, b)


def shared_persons(a: Linkable, b: Linkable) -> set[str]:
    """Return the persons that both reports name."""
    return set(a.persons) & set(b.persons)


def concerns(a: Linkable, b: Linkable) -> bool:
    """Say whether *a* can have a say in where *b* belongs: in its group, or as the visit that it is part of."""
    one, other = window(a), window(b)
    if one is None or other is None or a.states != b.states:
        return False
    names = {family(a.kind), family(b.kind)}
    if "visit" in names and names & PARTS:
        return max(one.grain, other.grain) <= RANGE and one.near(other.first, other.last)
    if len(names) > 1 and not names <= TALKS:
        return False
    slack = TOLD_LATE.days if UNDATED in (one.grain, other.grain) else int("visit" in names)
    return one.near(other.first, other.last, slack)


def vagueness(report: Linkable) -> int:
    """Return how much *report* leaves open of who took part: 0 nothing, 2 all."""
    named = {side for side, _ in report.levels if side in report.states}
    if family(report.kind) == "visit":
        return (host(report) is None) + (not named - {host(report)})
    return 2 - min(2, len(named))


def levels_of(report: Linkable, side: str) -> set[str]:
    """Return the levels of those who stand for *side*."""
    return {level for named, level in report.levels if named == side}


def _differ(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and a != b


def _at_once(a: Linkable, b: Linkable) -> bool:
    """Say whether *a* and *b* would have the same level of both states visit each other on the same days.

    Nobody is a guest and a host at once: one of them took the host for the guest.
    """
    one, other = window(a), window(b)
    if one is None or other is None or max(one.grain, other.grain) > RANGE:
        return False
    guests = [{level for side in set(r.states) - {host(r)} for level in levels_of(r, side)} for r in (a, b)]
    return one.near(other.first, other.last) and bool(guests[0] & guests[1])


def _names_all(report: Linkable) -> bool:
    return len(report.persons) > 1 and all(levels_of(report, side) for side in report.states)


def _other_levels(a: Linkable, b: Linkable) -> bool:
    pairs = [(levels_of(a, side), levels_of(b, side)) for side in a.states]
    return any(one and other and not one & other for one, other in pairs)


def _other_guests(a: Linkable, b: Linkable) -> bool:
    # who receives the guest at the airport, at the table or at dinner differs from report to report
    guests = set(a.states) - {host(a) or host(b)}
    pairs = [(levels_of(a, side), levels_of(b, side)) for side in guests]
    both = [(one, other) for one, other in pairs if one and other]
    if not both:
        return False
    return not shared_persons(a, b) or all(not one & other for one, other in both)
