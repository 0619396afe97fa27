"""One happening told many times in one article becomes one report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bilateral.model import Date, Report, States

BESIDE = 5  # neighbours among which one sentence may tell a happening twice
RECENT = 40  # happenings of the same two that are held against a new one
STRENGTH = {"stated": 4, "relative": 3, "weekday": 3, "context": 1, "published": 0, None: 0}


def merge(reports: Sequence[Report], title_end: int) -> list[Report]:
    """Return one report a happening: the first place that tells it, with the most exact of all that is told."""
    places: dict[tuple[States, str], list[int]] = defaultdict(list)
    kept: list[Report] = []
    for report in reports:
        told = places[report.states, report.modality]
        number = next((n for n in told[-RECENT:] if same(kept[n], report)), None)
        if number is None:
            told.append(len(kept))
            kept.append(report)
        else:
            kept[number] = _joined(kept[number], report, title_end)
    kept = [r for n, r in enumerate(kept) if not _part_of_a_crowd(r, kept[max(0, n - BESIDE) : n + BESIDE])]
    asserted: dict[States, list[Report]] = defaultdict(list)
    for report in kept:
        asserted[report.states].append(report)
    return [
        r
        for r in kept
        if not _said_better(r, asserted[r.states][:RECENT])
        and not _is_the_call(r, asserted[r.states][:RECENT], title_end)
    ]


def same(a: Report, b: Report) -> bool:
    """Say whether two reports of one article tell one happening."""
    if a.states != b.states or a.modality != b.modality:
        return False
    alike = family(a) == family(b) or _one_phrase(a, b)
    return alike and _days_agree(a, b) and _kinds_agree(a, b) and _people_agree(a, b)


def _one_phrase(a: Report, b: Report) -> bool:
    """A meeting and the one-to-one that is said of it in one breath are one."""
    kinds = {a.kind, b.kind} == {"meeting", "talks.one_on_one"}
    return kinds and max(a.span[0], b.span[0]) - min(a.span[1], b.span[1]) < 60


def _kinds_agree(a: Report, b: Report) -> bool:
    """Talks in a narrow circle and in an expanded format are two; talks of no named format are either."""
    return a.kind == b.kind or "." not in a.kind or "." not in b.kind or not a.kind.startswith("talks")


def _people_agree(a: Report, b: Report) -> bool:
    """Say whether both may be of the same persons: no side has named other people in the one than in the other."""
    if family(a) not in ("talks", "call"):
        return True
    for side in a.states:
        ours, theirs = ({p.actor_id for p in r.participants if p.side == side} for r in (a, b))
        if ours and theirs and not ours & theirs:
            return False
    return True


def family(report: Report) -> str:
    """The root of the kind; a meeting and talks of the same two are one happening in one article."""
    root = report.kind.split(".")[0]
    if root == "message" or report.kind == "talks.one_on_one":
        return report.kind
    return "talks" if root == "meeting" or report.kind == "call.video" else root


def _days_agree(a: Report, b: Report) -> bool:
    if a.start is None or b.start is None or min(STRENGTH[a.date_basis], STRENGTH[b.date_basis]) <= 1:
        return True
    first = max(a.start.first, b.start.first)
    return first <= min((a.end or a.start).last, (b.end or b.start).last)


def _joined(a: Report, b: Report, title_end: int) -> Report:
    better = (
        a if (STRENGTH[a.date_basis], a.end is not None) >= (STRENGTH[b.date_basis], b.end is not None) else b
    )
    people = {p.actor_id: p for p in (*b.participants, *a.participants)}
    kind = _kind(a, b, title_end)
    shown = b if b.kind == kind != a.kind else a
    order = dict.fromkeys(p.actor_id for p in (*a.participants, *b.participants))
    return replace(
        a,
        kind=kind,
        span=shown.span,
        rule=shown.rule,
        start=better.start,
        end=better.end,
        date_basis=better.date_basis,
        place=a.place or b.place,
        place_iso3=a.place_iso3 or b.place_iso3,
        host_iso3=a.host_iso3 or b.host_iso3,
        initiator_iso3=a.initiator_iso3 or b.initiator_iso3,
        margins_of=a.margins_of or b.margins_of,
        participants=tuple(people[i] for i in order),
        confidence=max(a.confidence, b.confidence),
        main=a.main or b.main,
    )


def _kind(a: Report, b: Report, title_end: int) -> str:
    """The title's word outranks the text's; else the more exact kind; talks outrank a meeting."""
    if "call.video" in (a.kind, b.kind):
        return "call.video"
    roots = (a.kind.split(".")[0], b.kind.split(".")[0])
    if roots[0] != roots[1]:
        titled = [r.kind for r in (a, b) if r.span[0] < title_end]
        return (
            titled[0]
            if titled and titled[0].startswith("talks")
            else (a.kind if roots[0] == "talks" else b.kind)
        )
    return max((a.kind, b.kind), key=lambda k: k.count("."))


def _part_of_a_crowd(report: Report, kept: Sequence[Report]) -> bool:
    """Say whether the same words also tell it of more states: "hosted the President of X and the President of Y"."""
    return any(
        len(o.states) > len(report.states)
        and set(report.states) < set(o.states)
        and o.modality == report.modality
        and family(o) == family(report)
        and max(o.span[0], report.span[0]) < min(o.span[1], report.span[1])
        for o in kept
    )


def _is_the_call(report: Report, kept: Sequence[Report], title_end: int) -> bool:
    """Say whether a "conversation" of the title is the call that the text reports."""
    titled = report.kind == "meeting" and report.span[0] < title_end
    return titled and any(
        o.kind.startswith("call") and o.states == report.states and o.modality == report.modality
        for o in kept
    )


def _said_better(report: Report, kept: Sequence[Report]) -> bool:
    """Drop a plan that the same article reports as held, and a recalled twin of an asserted one."""
    if report.modality not in ("planned", "recalled"):
        return False
    return any(
        o.modality == "asserted"
        and o.states == report.states
        and family(o) == family(report)
        and _same_day(o, report)
        for o in kept
    )


def _same_day(a: Report, b: Report) -> bool:
    def first(report: Report) -> Date | None:
        return (
            report.start if report.date_basis not in ("published",) or report.modality == "asserted" else None
        )

    return first(a) is not None and first(a) == first(b)
