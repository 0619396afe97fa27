"""Triggers → reports: each trigger gets its actors, its day, its place and the way it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bilateral.detect import places, roles
from bilateral.detect.mentions import Actor
from bilateral.detect.modality import When, cues_of, find_when, modality
from bilateral.detect.packs import Rule
from bilateral.detect.reading import Reading
from bilateral.model import Report, Span

INVITATION_OF = re.compile(
    r"(?:invitation (?:of|from)|по приглашению|invitation d[eu'])(?: the| la| l'| son| своего)?[ ']?$"
)
YOU = re.compile(r"\b(?:vous|l'a|сизди|сиздерди|аны|you)\b")
YOUR = re.compile(r"\bvotre (?:visite|voyage|venue)\b|\bсиздин\b|\byour\b.{0,12} visit\b")
IN_PERSON = (
    "visit",
    "talks",
    "meeting",
    "signing",
    "statement",
    "press",
    "commission",
    "consultations",
    "summit",
)


def find_reports(reading: Reading) -> list[Report]:
    """Return what the article says happened between states, as often as it says so; `merge` makes them one each."""
    found: list[Report] = []
    context: dict[str, When] = {}
    for match, rule in _triggers(reading):
        when = find_when(reading, rule, match, context)
        for report in _reports(reading, rule, match, when, found):
            found.append(_of_visit(report, found))
            if when.basis in ("stated", "relative", "weekday") and not report.kind.startswith("visit"):
                context[report.modality] = replace(when, at=match[0])
    return found


def _of_visit(report: Report, told: Sequence[Report]) -> Report:
    """Give what is planned without a day the days of the planned visit that was told before it."""
    root = report.kind.split(".")[0]
    if report.modality != "planned" or report.start or root == "visit" or root not in IN_PERSON:
        return report
    for visit in reversed(told):
        if visit.kind.startswith("visit") and visit.states == report.states and visit.modality == "planned":
            return (
                replace(report, start=visit.start, end=visit.end, date_basis="context")
                if visit.start
                else report
            )
    return report


def _triggers(reading: Reading) -> Iterator[tuple[Span, Rule]]:
    """Yield the places where a rule matches, in order; a rule for titles or leads looks nowhere else."""
    for start, end, rule in reading.pack.rules.find(
        reading.low, reading.sentence, lambda r: text_of(reading, r)
    ):
        limit = reading.title[1] if rule.title else reading.lead[1] if rule.lead else end
        if start <= limit and not _excepted(reading, rule, (start, end)):
            yield (start, end), rule


def text_of(reading: Reading, rule: Rule) -> str:
    """Return the text that a rule reads: names replaced by their kinds, or the words as they are."""
    return reading.low if rule.words else reading.masked


def _excepted(reading: Reading, rule: Rule, match: Span) -> bool:
    start, end = reading.clause(match[0])
    return any(p.compiled.search(text_of(reading, rule), start, max(end, match[1])) for p in rule.unless)


def _reports(
    reading: Reading, rule: Rule, match: Span, when: When, told: Sequence[Report]
) -> Iterator[Report]:
    mode = modality(reading, rule, match, when)
    if mode == "denied" and when.basis in ("context", "published"):
        when = When(None, None, None)  # what did not happen has no day of its own
    if rule.kind.startswith("visit"):
        report = _visit(reading, rule, match, when, mode, told) or _same_visit(
            reading, rule, match, when, told
        )
        if report:
            yield report
        return
    for who in roles.cast(reading, rule, match, told):
        yield _report(reading, rule, match, when, mode, who)


def _report(reading: Reading, rule: Rule, match: Span, when: When, mode: str, who: roles.Cast) -> Report:
    root = rule.kind.split(".")[0]
    place, iso3 = places.place(reading, match) if root in IN_PERSON else (None, None)
    if (
        not place
        and root in IN_PERSON
        and mode == "asserted"
        and when.basis in ("published", "context", "relative")
    ):
        place, iso3 = places.page_place(reading)
    leaders = root in ("talks", "call", "meeting", "statement", "press") and not who.near and mode != "denied"
    return Report(
        kind=rule.kind,
        modality=mode,
        states=who.states,
        start=when.start,
        end=when.end,
        date_basis=when.basis,
        place=place,
        place_iso3=iso3,
        participants=roles.participants(reading, who, leaders or _says_leaders(reading, match)),
        host_iso3=iso3 if iso3 in who.states else None,
        initiator_iso3=_initiator(reading, match) if root in ("call", "meeting", "talks") else None,
        margins_of=_margins(reading, match) if rule.kind == "meeting.margins" else None,
        span=match,
        rule=rule.id,
        confidence=round(rule.confidence * (1 if who.near else 0.85), 3),
        main=match[0] < reading.lead[1],
    )


def _says_leaders(reading: Reading, match: Span) -> bool:
    clause = reading.clause(match[0])
    return any(c.name == "leaders" for c in reading.within(reading.cues, clause[0], max(clause[1], match[1])))


def _initiator(reading: Reading, match: Span) -> str | None:
    """Return the state "at whose initiative" it was, where the sentence says so."""
    start, end = reading.sentence(match[0])
    cue = next((c for c in reading.within(reading.cues, start, end) if c.name == "initiative"), None)
    if not cue:
        return None
    near = [
        m
        for m in reading.within(reading.mentions, cue.start - 40, cue.end + 40)
        if m.state and m.kind != "city"
    ]
    best = min(near, key=lambda m: max(cue.start - m.end, m.start - cue.end, 0), default=None)
    return best.state if best else None


def _margins(reading: Reading, match: Span) -> str | None:
    start, end = reading.sentence(match[0])
    return next(
        (m.terms[0].code for m in reading.within(reading.mentions, start, end) if m.kind == "org"), None
    )


def _visit(
    reading: Reading, rule: Rule, match: Span, when: When, mode: str, told: Sequence[Report]
) -> Report | None:
    """Return a visit: who goes, and where to; a trip at home is none."""
    visitor = _visitor(reading, match)
    if visitor and places.at_home(reading, match, visitor):
        visitor = _addressee(reading, match, visitor, told)
        if not visitor:
            return None
    state = visitor.state if visitor else None  # a bare "President" is a guest as well as a host
    place, host = places.destination(reading, match, state)
    if not host and state in reading.two_sides and mode != "planned":
        host = next(s for s in reading.two_sides if s != state)
    if not state and not host and reading.partners and YOUR.search(reading.low, *reading.sentence(match[0])):
        state = reading.partners[0] if reading.own else None  # "your visit", says the host
    if not state and host:
        state = _guest(reading, match, host)
    if not host and state and state != reading.own and mode != "planned":
        place, host = places.page_place(reading) if reading.article.place else (None, reading.own)
    if not state or not host or state == host or _only_invited(reading, match, when):
        return None
    guest = visitor if visitor and visitor.state else reading.leader(state)
    who = roles.Cast(tuple(sorted((state, host))), (guest,) if guest else (), near=True)
    return Report(
        rule.kind, mode, who.states, when.start, when.end, when.basis, place or reading.packs.state_names.get(host), host,
        roles.participants(reading, who, False), host, None, None, match, rule.id, rule.confidence,
        main=match[0] < reading.lead[1],
    )  # fmt: skip


def _guest(reading: Reading, match: Span, host: str) -> str | None:
    """Return the state of an official who goes to *host* and whose own is not said: the page's, or the other side."""
    official = any(m.kind == "office" for m in reading.within(reading.mentions, *reading.sentence(match[0])))
    others = [s for s in reading.partners if s != host]
    if host == reading.own:
        return next(iter(others), None)
    titled = {m.state for m in reading.within(reading.mentions, *reading.title)}
    return reading.own or next((s for s in others if official and s in titled), None)


def _addressee(reading: Reading, match: Span, speaker: Actor, told: Sequence[Report]) -> Actor | None:
    """Return who is asked to the home of *speaker*: "je serai heureux de vous recevoir à Moroni"."""
    two = told[-1].states if told and len(told[-1].states) == 2 else reading.two_sides
    if not YOU.search(reading.low, *match) or speaker.state not in two:
        return None
    return reading.leader(next(s for s in two if s != speaker.state))


def _only_invited(reading: Reading, match: Span, when: When) -> bool:
    """Say whether a visit is no more than an invitation: neither dated nor accepted."""
    if "invited" not in cues_of(reading, match) or when.basis in ("stated", "relative", "weekday"):
        return False
    following = reading.sentence(min(reading.sentence(match[0])[1] + 2, len(reading.low) - 1))
    scope = (reading.sentence(match[0])[0], max(following[1], match[1]))
    return not any(c.name == "accepted" for c in reading.within(reading.cues, *scope))


def _same_visit(
    reading: Reading, rule: Rule, match: Span, when: When, told: Sequence[Report]
) -> Report | None:
    """Return what a sentence without names adds to the visit told before it ("The visit will last until …")."""
    start, end = reading.sentence(match[0])
    if any(m.kind != "office" for m in reading.within(reading.mentions, start, end)):
        return None
    last = next((r for r in reversed(told) if r.kind.startswith("visit")), None)
    if not last or when.basis == "published":
        return None
    return replace(
        last, start=when.start, end=when.end, date_basis=when.basis, kind=rule.kind, span=match, rule=rule.id
    )


def _invites(reading: Reading, actor: Actor) -> bool:
    """Say whether a visit is told to be at the invitation of *actor*."""
    before = INVITATION_OF.search(reading.low, max(0, actor.start - 40), actor.start)
    return bool(before) or reading.low.startswith(" чакыруу", actor.end)


def _visitor(reading: Reading, match: Span) -> Actor | None:
    """Return the actor nearest before the trigger in its sentence, else the nearest after it.

    One whose state is said goes before a bare "President", who may be the guest as well as the host.
    """
    start, end = reading.sentence(match[0])
    inside = reading.within(reading.actors, start, end)
    actors = [a for a in inside if roles.side_of(reading, a) and not _invites(reading, a)]
    before = [a for a in actors if a.start < match[1]]
    said = [a for a in before if a.state]
    if said and reading.own and not before[-1].state and places.only(reading, match, said[-1]):
        return before[-1]  # "Pashinyan a invité le Président à effectuer une visite en Arménie"
    return (said or before)[-1] if before else (actors[0] if actors else None)
