"""Two reports side by side: the family of their kinds, their days, and what sets them apart."""

from __future__ import annotations

import re
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
# Of these, what the same two states do again and again: only a shared person shows that two vague reports mean one.
FREQUENT = frozenset(
    {
        *("message.congratulation", "message.condolence", "message.greeting", "invitation", "request"),
        *("pledge", "criticism", "warning", "refusal", "denial", "detention", "deportation"),
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
# What one text tells together with the figures and documents of the talks; a call is told alone.
TOLD_WITH = frozenset({*TALKS, "signing", "press", "statement.joint", "commission"})
JOINT = frozenset({"joint_statement", "declaration", "communique"})
STATED = ("stated", None)  # the text names the day itself
DAY, RANGE, MONTH, YEAR, UNDATED = range(5)
TOLD_LATE = timedelta(days=3)  # an undated report tells of the last days
STAY = 3  # days between which one guest is still on the same visit
UNLISTED = re.compile("x[0-9a-f]{16}")  # the id of a person whom no list knows: it depends on the spelling


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

    A text of an agency that gives no day may tell of the days before it, whatever day it came out. One of a
    government tells of its own day; of the evening before where it came out after midnight, east of Greenwich.
    """
    if report.start and report.date_basis == "published" and not report.primary:
        return Window(report.start.first, report.start.last, UNDATED)
    if report.start and report.date_basis == "published" and report.published_at and not report.end:
        first = min(
            report.start.first, max(report.published_at.date(), report.start.first - timedelta(days=1))
        )
        return Window(first, report.start.last, DAY if first == report.start.last else RANGE)
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


def odds(a: Linkable, b: Linkable) -> str | None:
    """Return why what *a* and *b* tell cannot be one happening, their days left aside; None: it can.

    Both have the same states and family. What one of them does not say is never at odds.
    """
    name = family(a.kind)
    if name in DIRECTED and _differ(a.initiator_iso3, b.initiator_iso3):
        return f"{a.initiator_iso3} does it in one, {b.initiator_iso3} in the other"
    if name == "visit":
        if _differ(host(a), host(b)) and not _at_once(a, b):
            return f"a visit to {host(a)}, and one to {host(b)}"
        return "other guests" if _other_guests(a, b) else None
    if name in BETWEEN_PERSONS and _other_levels(a, b):
        return "people of another level"
    return "other people" if _other_persons(a, b, 2 if name in BETWEEN_PERSONS else 1) else None


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
    slack = TOLD_LATE.days if UNDATED in (one.grain, other.grain) else nearness(a, b)
    return one.near(other.first, other.last, slack)


def nearness(a: Linkable, b: Linkable) -> int:
    """Return how many days may lie between two exact reports of one family that mean one happening.

    A visit goes on overnight. Who is named as the guest of the same host some days later has not been home. A day
    that one text did not state may be another where both are one page, or name the same figures and documents.
    """
    if family(a.kind) != family(b.kind):
        return 0
    if family(a.kind) == "visit":
        return STAY if _same_guest(a, b) else 1
    if a.modality != b.modality or (a.date_basis in STATED and b.date_basis in STATED):
        return 0
    told_with = family(a.kind) in TOLD_WITH and a.modality == "asserted"
    return int(same_page(a, b) or (told_with and bool(same_words(a, b))))


def same_page(a: Linkable, b: Linkable) -> bool:
    """Say whether the two come from languages of one page."""
    return a.work_id is not None and a.work_id == b.work_id


def same_words(a: Linkable, b: Linkable) -> set[tuple[str, object]]:
    """Return the figures and documents that the texts of both name; joint statements are too many to tell by."""
    papers = {d for d in a.documents if d[0] not in JOINT} & set(b.documents)
    return {*papers, *(set(a.figures) & set(b.figures))}


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


def _other_persons(a: Linkable, b: Linkable, least: int) -> bool:
    """Say whether both name all who took part, and fewer than *least* of them are the same.

    Persons whom no list knows are written otherwise in each language: two such may be one.
    """
    if not (_names_all(a) and _names_all(b)) or len(shared_persons(a, b)) >= least:
        return False
    return not all(any(UNLISTED.fullmatch(person) for person in r.persons) for r in (a, b))


def _same_guest(a: Linkable, b: Linkable) -> bool:
    """Say whether both name the same person as a guest of the same host: one who is named may be a host too."""
    at = host(a)
    if at is None or host(b) != at:
        return False
    guests_alone = any(not levels_of(r, at) for r in (a, b))
    return len(shared_persons(a, b)) >= (1 if guests_alone else 2)


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
