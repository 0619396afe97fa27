"""How the rules read one text: what was found in it, and what became of every trigger that fired.

    article → read → marks (names, dates, cues)
                   → triggers → candidates: reported, told again, given up, hypothetical, or discarded with the reason

Nothing here decides anything: it asks the functions that `detect` asks, and says what they answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bilateral.detect import detect, places, roles
from bilateral.detect.events import find_reports, text_of
from bilateral.detect.mentions import Actor, Mention
from bilateral.detect.merge import merge, same
from bilateral.detect.modality import cues_of
from bilateral.detect.packs import Packs, Rule
from bilateral.detect.reading import Reading, read
from bilateral.model import Article, Extraction, Report, Span

FATES = ("reported", "told again", "given up", "hypothetical", "discarded")


@dataclass(frozen=True)
class Mark:
    """One piece of the text that was recognised; `kind` is actor, name, date, cue, figure or document."""

    span: Span
    kind: str
    says: str


@dataclass(frozen=True)
class Candidate:
    """One place where the pattern of a rule matches, and what became of it (`fate`: one of FATES)."""

    span: Span
    rule: str
    kind: str
    fate: str
    says: str  # the report, or the reason why there is none


@dataclass(frozen=True)
class Explanation:
    """One text as the rules read it."""

    article: Article
    sides: tuple[str, ...]  # who "the two presidents" are here; empty where the document has no such two
    sentences: tuple[Span, ...]
    marks: tuple[Mark, ...]
    candidates: tuple[Candidate, ...]
    extraction: Extraction


def explain(article: Article, packs: Packs) -> Explanation:
    """Return how *article* is read: every mark and candidate in the order of the text."""
    if not article.text.strip():
        return Explanation(article, (), (), (), (), Extraction())
    reading = read(article, packs)
    found = detect(article, packs)
    marks = sorted(
        (*_names(reading), *_dates(reading), *_cues(reading), *_facts(found)), key=lambda m: m.span
    )
    return Explanation(
        article,
        reading.two_sides,
        reading.sentences,
        tuple(marks),
        tuple(candidates(reading)),
        found,
    )


def _names(reading: Reading) -> Iterator[Mark]:
    """Yield the actors, and the names that are part of none."""
    for actor in reading.actors:
        yield Mark((actor.start, actor.end), "actor", _actor(reading, actor))
    for mention in reading.mentions:
        if not any(a.start <= mention.start < a.end for a in reading.actors):
            yield Mark((mention.start, mention.end), "name", _name(mention))


def _actor(reading: Reading, actor: Actor) -> str:
    who = actor.person or actor.name or ("several" if actor.plural else "")
    state = roles.side_of(reading, actor) or "state unknown"
    return ", ".join(filter(None, (who, state, actor.office)))


def _name(mention: Mention) -> str:
    """Say what a name stands for; several where only the text around it could tell."""
    terms = [t for t in mention.terms if t.kind == mention.kind]
    return f"{mention.kind} {' or '.join(dict.fromkeys(t.code for t in terms))}"


def _dates(reading: Reading) -> Iterator[Mark]:
    for day in reading.dates:
        said = day.first.iso + (f"…{day.last.iso}" if day.last else "")
        yield Mark((day.start, day.end), "date", f"{said} ({day.basis})")


def _cues(reading: Reading) -> Iterator[Mark]:
    for cue in reading.cues:
        yield Mark((cue.start, cue.end), "cue", cue.name)


def _facts(found: Extraction) -> Iterator[Mark]:
    for claim in found.claims:
        value = f"{claim.comparator} {claim.value} {claim.unit}"
        said = f"{claim.metric} {claim.measure} {value}, says {claim.speaker or 'the text itself'}"
        yield Mark(claim.span, "figure", said)
    for document in found.documents:
        yield Mark(document.span, "document", f"{document.type} {document.status}: {document.title}")


def candidates(reading: Reading) -> list[Candidate]:
    """Return every place where a rule matches, in order, with what became of it."""
    told = find_reports(reading)
    kept = merge(told, reading.title[1])
    by_place: dict[tuple[Span, str], list[Report]] = {}
    for report in told:
        by_place.setdefault((report.span, report.rule), []).append(report)
    found = []
    for start, end, rule in reading.pack.rules.find(
        reading.low, reading.sentence, lambda r: text_of(reading, r)
    ):
        reports = by_place.get(((start, end), rule.id))
        found += (
            [_told(reading, r, kept) for r in reports]
            if reports
            else [_discarded(reading, rule, (start, end))]
        )
    return found


def _told(reading: Reading, report: Report, kept: Sequence[Report]) -> Candidate:
    """Say which of the reports that are kept tells this one: itself, another of the same happening, or none."""
    if report.modality == "hypothetical":
        words = ", ".join(f"“{w}”" for w in _words(reading, report.span, "hypothetical"))
        fate, says = "hypothetical", f"{words or 'its clause'}: no event"
    elif any((k.span, k.rule, k.states) == (report.span, report.rule, report.states) for k in kept):
        fate, says = "reported", summary(report)
    elif other := next((k for k in kept if same(k, report) or same(report, k)), None):
        fate, says = "told again", f"the same happening as {summary(other)}"
    else:
        fate, says = "given up", f"{summary(report)}: the text tells it better elsewhere"
    return Candidate(report.span, report.rule, report.kind, fate, says)


def _words(reading: Reading, match: Span, name: str) -> list[str]:
    """Return the words of the cues of that name in the clause of *match*, of overlapping ones the longest."""
    start, end = reading.clause(match[0])
    words, last = [], 0
    for cue in reading.within(reading.cues, start, max(end, match[1])):
        if cue.name == name and cue.start >= last:
            words.append(reading.article.text[cue.start : cue.end])
            last = cue.end
    return words


def summary(report: Report) -> str:
    """Return a report on one line."""
    day = report.start.iso if report.start else "no day"
    day += f"…{report.end.iso}" if report.end else ""
    people = ", ".join(p.name for p in report.participants)
    said = (report.kind, report.modality, "-".join(report.states), f"{day} ({report.date_basis})")
    return "; ".join(filter(None, (" ".join(said), report.place, people)))


def _discarded(reading: Reading, rule: Rule, match: Span) -> Candidate:
    return Candidate(match, rule.id, rule.kind, "discarded", _reason(reading, rule, match))


def _reason(reading: Reading, rule: Rule, match: Span) -> str:
    """Say why a trigger gave no report, in the order in which the engine asks."""
    if rule.title and match[0] > reading.title[1]:
        return "the rule counts in the title alone"
    if rule.lead and match[0] > reading.lead[1]:
        return "the rule counts in title and lead alone"
    start, end = reading.clause(match[0])
    for pattern in rule.unless:
        if pattern.compiled.search(text_of(reading, rule), start, max(end, match[1])):
            return f"unless: {pattern.source}"
    return _no_visit(reading, match) if rule.kind.startswith("visit") else _no_states(reading, rule, match)


def _no_visit(reading: Reading, match: Span) -> str:
    scope = reading.sentence(match[0])
    goes = [s for a in reading.within(reading.actors, *scope) if (s := roles.side_of(reading, a))]
    place, host = places.destination(reading, match, goes[0] if goes else None)
    if "invited" in cues_of(reading, match):
        return "an invitation without a day, not accepted, is no visit yet"
    if not goes and not host:
        return "neither who goes nor where to is named"
    if not host:
        return f"no place abroad is named: {goes[0]} at home, or its goal unknown"
    return f"nobody is named who goes to {place or host}" if not goes else "guest and host are not clear"


def _no_states(reading: Reading, rule: Rule, match: Span) -> str:
    named = acting(reading, reading.sentence(match[0]))
    if rule.both and len(named) < 2:
        return f"the rule asks for both states in the sentence; it has {', '.join(named) or 'none'}"
    if len(named) == 1:
        return f"only {named[0]} acts in the sentence: no second state"
    if not rule.sides:
        return "no two states act in the sentence, and the rule takes none from the document"
    if not reading.two_sides:
        return "no two states act in the sentence, and the document is not about two"
    return f"nobody acts in the sentence, and nothing says that it means {' and '.join(reading.two_sides)}"


def acting(reading: Reading, scope: Span) -> list[str]:
    """Return the states whose persons, offices or pairs begin inside *scope*, in order of code."""
    found = {roles.side_of(reading, a) for a in reading.within(reading.actors, *scope)}
    found |= {s for pair in reading.within(reading.pairs, *scope) for s in pair.states}
    return sorted(s for s in found if s)
