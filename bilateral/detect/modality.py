"""How a clause means what it says, and the day that it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bilateral.detect.dates import DateMention
from bilateral.detect.packs import Rule
from bilateral.detect.reading import Reading
from bilateral.model import Date, Span

OLD = timedelta(days=21)  # an asserted happening dated longer ago than this is told as background

REFUSING = ("refusal", "denial")
NEAR = 30  # characters between a "not" and what it negates
AT_HAND = 60  # characters between a call or message and its day
OF_A_VISIT = re.compile(
    r"(?:visit|summit|визит|саммит|visite|сапар|саммити|fête nationale|holiday|праздник)\w* [^.;,]{0,25}$"
)
AND_THEN = re.compile(r" (?:and|и|et|жана) $")
FOLLOWING = (
    "signing",
    "statement",
    "press",
    "talks",
    "invitation",
)  # what happens on the day of the talks told before
NEXT = ("message", "protest", "award", "meeting")  # so do these, told in the sentence after it


@dataclass(frozen=True)
class When:
    """Start and end of a happening, and what they rest on: stated, relative, weekday, context or published."""

    start: Date | None
    end: Date | None
    basis: str | None
    at: int = 0  # where it was told


def cues_of(reading: Reading, match: Span) -> set[str]:
    """Return the names of the cues in the clause of *match*."""
    clause = reading.clause(match[0])
    return {c.name for c in reading.within(reading.cues, clause[0], max(clause[1], match[1]))}


def modality(reading: Reading, rule: Rule, match: Span, when: When) -> str:
    """Return asserted, planned, denied, recalled or hypothetical for the clause of *match*."""
    cues = cues_of(reading, match)
    if rule.kind in REFUSING and _inside(reading, match, "denied"):
        cues -= {"denied"}
    if "hypothetical" in cues and _is_reported(reading, match):
        cues = cues - {"hypothetical"} | {"planned"}
    if "hypothetical" in cues and rule.kind != "warning":  # what is threatened is always hypothetical
        return "hypothetical"
    if reading.low[match[1] : reading.sentence(match[0])[1]].endswith("?"):  # a question tells nothing
        return "hypothetical"
    if "denied" in cues or (rule.modality != "planned" and _is_negated(reading, rule, match)):
        return "denied"
    if "recalled" in cues and rule.kind != "recall":
        return "recalled"
    if rule.modality == "any" and (_is_planned(rule, cues) or _is_future(reading, when)):
        return "planned"
    if _is_old(reading, when):
        return "recalled"
    return "asserted" if rule.modality == "any" else rule.modality


def _is_reported(reading: Reading, match: Span) -> bool:
    """Say whether all that sounds hypothetical is a future told of in the past: "a confirmé que … seraient livrés"."""
    start, end = reading.clause(match[0])
    cues = reading.within(reading.cues, start, max(end, match[1]))
    futures = [c for c in cues if c.name == "planned"]
    doubts = [c for c in cues if c.name == "hypothetical"]
    return all(any(f.start < d.start and d.end <= f.end for f in futures) for d in doubts)


def _inside(reading: Reading, match: Span, name: str) -> bool:
    """Say whether a cue is a part of the trigger itself."""
    return any(c.name == name and c.end <= match[1] for c in reading.within(reading.cues, *match))


def _is_negated(reading: Reading, rule: Rule, match: Span) -> bool:
    """Say whether a "not" stands right before the trigger or in it; "not only" is none."""
    near = [
        c
        for c in reading.within(reading.cues, match[0] - NEAR, match[1])
        if c.start >= reading.clause(match[0])[0]
    ]
    if rule.kind in REFUSING:  # "did not accept the proposal": the "not" is the refusal
        near = [c for c in near if c.end <= match[0]]
    plain = [c for c in near if c.name == "plain"]
    return any(c.name == "negated" and not any(p.start <= c.start < p.end for p in plain) for c in near)


def _is_planned(rule: Rule, cues: set[str]) -> bool:
    """Say whether the cues of a clause make its happening one to come; an invitation does so for a visit."""
    return "planned" in cues or (rule.kind.startswith("visit") and "invited" in cues)


def _is_old(reading: Reading, when: When) -> bool:
    published = reading.article.published
    if when.basis != "stated" or not when.start or not published or published.precision != "day":
        return bool(when.basis == "stated" and when.start and published and when.start.last < published.first)
    return (when.end or when.start).last < published.first - OLD


def _is_future(reading: Reading, when: When) -> bool:
    published = reading.article.published
    said = when.basis in ("stated", "relative", "weekday")
    return bool(said and when.start and published and when.start.first > published.last)


def find_when(reading: Reading, rule: Rule, match: Span, context: Mapping[str, When]) -> When:
    """Return the day of the happening at *match*: of its clause, its sentence, the story so far, or the page.

    *context* holds the last stated day of what was told as asserted and as planned.
    """
    planned = rule.modality == "planned" or (
        rule.modality == "any" and _is_planned(rule, cues_of(reading, match))
    )
    for scope in (reading.clause(match[0]), reading.sentence(match[0])):
        near = [d for d in reading.within(reading.dates, *scope) if _fits(reading, rule, d, match)]
        if near:
            return _until(
                reading, scope, _when(reading, min(near, key=lambda d: _distance(reading, d, match)), planned)
            )
    title = [d for d in reading.within(reading.dates, *reading.title) if d.basis != "until"]
    if title and (planned or match[0] < reading.lead[1]):
        return _when(reading, title[0], planned)
    told = context.get("planned" if planned else "asserted")
    if told and told.start and _follows(reading, rule, match, told):
        return When(told.start, None, "context")
    if planned:
        return When(None, None, None)
    published = reading.article.published
    day = published if published and published.precision == "day" else None
    return _until(reading, reading.sentence(match[0]), When(day, None, "published" if day else None))


def _follows(reading: Reading, rule: Rule, match: Span, told: When) -> bool:
    """Say whether a happening without a day is of the day told before: always, or in the next sentence alone."""
    root = rule.kind.split(".")[0]
    if root in FOLLOWING:
        return True
    near = reading.number(match[0]) - reading.number(told.at) == 1
    return root in NEXT and near and "\n" not in reading.low[told.at : match[0]]


def _when(reading: Reading, day: DateMention, planned: bool) -> When:
    """A day of the week is the last one that has been, or the next one where it is planned; today is today."""
    if day.basis == "weekday" and planned and day.first != reading.article.published:
        return When(Date((day.first.first + timedelta(days=7)).isoformat()), None, day.basis)
    return When(day.first, day.last, day.basis)


def _until(reading: Reading, scope: Span, when: When) -> When:
    """Add the last day that the sentence gives ("until 10 October")."""
    ends = [d for d in reading.within(reading.dates, *scope) if d.basis == "until"]
    later = bool(ends and when.start and not when.end and ends[0].first > when.start)
    return When(when.start, ends[0].first, when.basis) if later else when


def _fits(reading: Reading, rule: Rule, day: DateMention, match: Span) -> bool:
    """Leave out days that cannot be the happening's: ends, far ones for a call, one to come for what is told as done."""
    if day.basis == "until":
        return False
    if rule.kind.startswith(("call", "message")) and not _at_hand(reading, day, match):
        return False
    published = reading.article.published
    if not published or rule.modality in ("planned", "any") or published.precision != "day":
        return True
    return day.first.first <= published.last + timedelta(days=1)


def _at_hand(reading: Reading, day: DateMention, match: Span) -> bool:
    """A call or message is dated by what stands close to it, and not by the day of a visit that was spoken of."""
    heads = day.start - reading.sentence(day.start)[0] <= len(
        "on "
    )  # "On Monday the minister … spoke by phone"
    near = heads or max(match[0] - day.end, day.start - match[1]) <= AT_HAND
    return near and not OF_A_VISIT.search(reading.low, max(0, day.start - 40), day.start)


def _distance(reading: Reading, day: DateMention, match: Span) -> int:
    """How far the day stands from the trigger; one before a comma or "and" may belong to what was told before."""
    gap = reading.low[day.end : match[0]]
    past = 100 if AND_THEN.search(gap) else 30 if "," in gap else 0
    return max(match[0] - day.end, day.start - match[1], 0) + past
