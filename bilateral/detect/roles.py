"""Who takes part in a happening."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bilateral.detect.mentions import Actor, Mention
from bilateral.detect.packs import Rule
from bilateral.detect.reading import Cue, Reading
from bilateral.model import Participant, Report, Span, States, identity

CITY = 60
STANDS = ("state", "adjective", "body", "prefix", "metonym", "demonym")
TOPIC = re.compile(
    r"(?:^|[\s(])(?:in|on|about|over|around|regarding|concerning|into|to|from|across|в|во|на|о|об|по|вокруг|из|из-за|за|en|au|aux|sur)"
    r" (?:the )?$"
)
COUNTERPART = re.compile(r"\b(?:son|sa|leur) (?:homologue|hôte)\b|\bкесиптеш|\b(?:his|her) counterpart\b")
TWO = re.compile(r"two|both|дв[аеу]|об[ае]|оба|эки|deux")
NEAR = 40  # characters between a trigger and the word that says that it is of three
AT_PLACE = ("detention", "deportation")  # kinds in which any city tells whose ground it is
RESIDENCE = re.compile(r"[дт][аеоө]г[ыиуү]$")  # «Кубанын Астанадагы элчиси»
RESIDING = re.compile(r"\b(?:резиденц|resid|résid)[^().;]{0,40}$")  # "(with residence in Astana)"
LINK = re.compile(r"^(?:,? (?:and|и|et|жана|менен|as well as|а также) |, )(?:with |с |the |также )?$")


@dataclass(frozen=True)
class Cast:
    """The states of a happening and the actors that brought them in."""

    states: tuple[str, ...]
    actors: tuple[Actor, ...]
    near: bool  # all states are named in the clause itself


def side_of(reading: Reading, actor: Actor) -> str | None:
    """Return the state of *actor*; a bare "President" on a government's own page is its own."""
    return actor.state or (reading.own if actor.office and not actor.plural else None)


def cast(reading: Reading, rule: Rule, match: Span, told: Sequence[Report] = ()) -> list[Cast]:
    """Return who takes part, once for each happening; empty where two states cannot be made out.

    *told* is what the article reported before: who "they" are where three had met.
    """
    clause, sentence = reading.clause(match[0]), reading.sentence(match[0])
    clause = (clause[0], max(clause[1], match[1]))
    story = told[-1].states if told else ()
    crowd = [c for c in reading.within(reading.cues, *clause) if c.name == "crowd"]
    if any(gap(c.start, c.end, match) <= NEAR for c in crowd):
        return _crowd(reading, rule, sentence, match, story)
    for scope in (clause, sentence):
        states, actors = _inside(reading, rule, scope, match, story)
        if len(states) >= 2:
            if reading.own and reading.own not in states and match[0] < reading.title[1] and not rule.states:
                states.append(reading.own)
            return _split(reading, rule, states, actors, scope == clause, match, story)
    return _completed(reading, rule, sentence, match, told)


def _crowd(reading: Reading, rule: Rule, sentence: Span, match: Span, story: States) -> list[Cast]:
    """Return all who take part in what is said to be of three; nothing where only two of them can be made out."""
    states, actors = _inside(reading, rule, sentence, match, story)
    acting = list(dict.fromkeys(s for a in actors if (s := side_of(reading, a))))
    states = acting if len(acting) > 2 else states  # and not the host of the place
    met = states if len(states) > 2 else story if len(story) > 2 else reading.gathered
    return [_cast(reading, met, actors or reading.actors, len(states) > 2)] if met else []


def _inside(
    reading: Reading, rule: Rule, scope: Span, match: Span, story: States
) -> tuple[list[str], list[Actor]]:
    """Return the states that act inside *scope*, nearest to the trigger first, and their actors."""
    actors = [a for a in reading.within(reading.actors, *scope) if side_of(reading, a)]
    found = [(gap(a.start, a.end, match), s) for a in actors if (s := side_of(reading, a))]
    for pair in reading.within(reading.pairs, *scope):
        found += [(gap(pair.start, pair.end, match), s) for s in pair.states]
    for cue in reading.within(reading.cues, *scope) if rule.sides else ():
        if cue.name in ("leaders", "parties"):
            found += [(500, s) for s in _sides(reading, cue, match, story)]
    if rule.states or (rule.kind.startswith("message") and any(a.plural for a in actors)):
        found += [
            (gap(m.start, m.end, match), m.state)
            for m in reading.within(reading.mentions, *scope)
            if m.state and m.kind in STANDS and not _is_topic(reading, rule, m)
        ]
        # a city stands for its state where nothing nearer does: "arrested in Moscow", "Bishkek lodged a protest"
        found += [
            (gap(m.start, m.end, match) + CITY, m.state)
            for m in reading.within(reading.mentions, *scope)
            if m.state and m.kind == "city" and _stands(reading, rule, m)
        ]
    return list(dict.fromkeys(s for _, s in sorted(found, key=lambda f: f[0]))), actors


def _stands(reading: Reading, rule: Rule, city: Mention) -> bool:
    """Say whether a city stands for its state: a capital, or where somebody was taken; not an envoy's residence."""
    if rule.kind in AT_PLACE:
        return True
    resides = rule.kind == "accreditation" and RESIDENCE.search(reading.low, city.start, city.end)
    resides = resides or RESIDING.search(reading.low, max(0, city.start - 60), city.start)
    return reading.is_capital(city) and not resides


def _sides(reading: Reading, cue: Cue, match: Span, story: States) -> tuple[str, ...]:
    """Return who "the leaders" are: all who met in what was told last, unless it is "the two leaders"."""
    if len(story) > 2 and not TWO.search(reading.low[cue.start : cue.end]):
        return story
    return reading.sides_at(match[0], story)


def _is_topic(reading: Reading, rule: Rule, mention: Mention) -> bool:
    """Say whether a bare name is what was talked of and no party: "talks on Syria", «встреча по Украине».

    In disputes and aid it may be the other side: "froze funding for programmes in Kyrgyzstan".
    """
    if not reading.packs.kinds[rule.kind]["contact"] and not rule.kind.startswith(
        ("signing", "statement", "press")
    ):
        return False
    if _is_host(reading, mention) or reading.low.startswith(", où", mention.end):
        return False
    return bool(TOPIC.search(reading.low, max(0, mention.start - 24), mention.start))


def _is_host(reading: Reading, mention: Mention) -> bool:
    """Say whether a state is the one that an ambassador is sent to: "the Ambassador of Russia to Algeria"."""
    before = reading.within(reading.actors, mention.start - 90, mention.start)
    return bool(before) and before[-1].office == "ambassador" and 0 <= mention.start - before[-1].end <= 9


def gap(start: int, end: int, match: Span) -> int:
    """Return how many characters stand between a name and a trigger."""
    return max(match[0] - end, start - match[1], 0)


def _split(
    reading: Reading,
    rule: Rule,
    states: list[str],
    actors: list[Actor],
    near: bool,
    match: Span,
    story: States,
) -> list[Cast]:
    """Give each call or message its own happening; keep of a crowd those who belong together."""
    own = reading.own if reading.own in states else None
    accredited = rule.kind == "accreditation"  # each by himself, to a host who must be known
    if (accredited and not own) or (
        rule.kind.startswith("message") and len(states) > 4
    ):  # one greeting to many
        return [_cast(reading, tuple(states), actors, near)]
    if (rule.each or accredited) and len(states) > 2:
        hub = own or next((s for a in actors if (s := side_of(reading, a))), states[0])
        return [_cast(reading, (hub, s), actors, near) for s in states if s != hub]
    if len(states) > 2 and set(states) != set(story):  # all of those who met are told of again
        states = _together(reading, states, actors, own, match)
    return [_cast(reading, tuple(states), actors, near)]


def _together(
    reading: Reading, states: list[str], actors: list[Actor], own: str | None, match: Span
) -> list[str]:
    """Of more than two states keep the nearest foreign one and those joined to it by "and", and who faces them."""
    foreign = [s for s in states if s != own]
    kept = [foreign[0]]
    for named in reading.within(reading.pairs, *reading.sentence(match[0])):
        if kept[0] in named.states and len(named.states) > 2:
            kept += [s for s in named.states if s not in kept and s != own]
    for a, b in itertools.pairwise(actors):
        pair = {side_of(reading, a), side_of(reading, b)}
        if kept[0] in pair and LINK.match(reading.low[a.end : b.start]):
            kept += [s for s in pair if s and s not in kept and s != own]
    if own:
        return [own, *kept]
    if len(kept) < 2:
        return [*kept, *foreign[1:2]]
    first = next((a.start for a in actors if side_of(reading, a) in kept), 0)
    host = [a for a in actors if match[0] - 2 <= a.end < first]  # "A hosted B and C"
    return [*kept, *(s for a in host[:1] if (s := side_of(reading, a)) and s not in kept)]


def _cast(reading: Reading, states: Sequence[str], actors: Sequence[Actor], near: bool) -> Cast:
    mine = tuple(a for a in actors if side_of(reading, a) in states)
    return Cast(tuple(sorted(set(states))), mine, near)


def _completed(
    reading: Reading, rule: Rule, sentence: Span, match: Span, told: Sequence[Report]
) -> list[Cast]:
    """Add the side that goes without saying: the page's own, the one that the document is about, or all who met."""
    crowd = told[-1].states if told and len(told[-1].states) > 2 else ()
    states, actors = _inside(reading, rule, sentence, match, crowd)
    own = reading.own
    last = _paragraph_told(reading, match, told, states)
    with_whom = rule.kind.startswith(("meeting", "talks", "call", "message"))
    if with_whom and COUNTERPART.search(reading.low, *reading.clause(match[0])):
        met = last or (reading.two_sides if set(states) <= set(reading.two_sides) else ())
        if len(met) == 2:
            return [_cast(reading, met, actors, False)]
    if rule.both:
        return []
    if len(states) == 1 and own and states[0] != own:
        return [_cast(reading, (own, states[0]), actors, True)]
    two = last or reading.two_sides or (told[-1].states if told and not own else ())
    if not rule.sides or len(two) != 2:
        return []
    if not states and set(two) & set(crowd):
        return [_cast(reading, crowd, actors, False)]
    if states and (states[0] not in two or not _met_somebody(reading, rule, sentence, states[0])):
        return []
    here = last or any(set(r.states) == set(two) for r in told)
    if not states and not here and not any(a.state in two and a.state != own for a in reading.actors):
        return []  # "you" on a government's page is the other side only where somebody of it is there
    return [_cast(reading, two, actors, False)]


def _paragraph_told(reading: Reading, match: Span, told: Sequence[Report], states: Sequence[str]) -> States:
    """Return the two of what this paragraph told last, where *states*, who are named here, are of them."""
    line = reading.low.rfind("\n", 0, match[0]) + 1
    here = [r.states for r in told if r.span[0] >= line and r.modality != "hypothetical"]
    return here[-1] if here and len(here[-1]) == 2 and set(states) <= set(here[-1]) else ()


def _met_somebody(reading: Reading, rule: Rule, sentence: Span, state: str) -> bool:
    """Say whether one who calls or meets is told to have met a foreigner: the sentence before names that one."""
    if not rule.kind.startswith(("call", "meeting")):
        return True
    before = reading.sentence(max(0, sentence[0] - 2))
    return any(side_of(reading, a) not in (state, None) for a in reading.within(reading.actors, *before))


def participants(reading: Reading, who: Cast, leaders: bool) -> tuple[Participant, ...]:
    """Return the persons of *who*; the two leaders where the text only says "the presidents"."""
    actors = [a for a in (_named(reading, a) for a in who.actors) if a and (a.person or a.name)]
    if leaders:
        missing = [s for s in who.states if s not in {a.state for a in actors}]
        actors += [a for s in missing if (a := reading.leader(s))]
    named = [participant(reading, a) for a in actors]
    return tuple({p.actor_id: p for p in named}.values())[:8]


def _named(reading: Reading, actor: Actor) -> Actor | None:
    """Return *actor*, or for a bare "President of X" the person whom the document names as such."""
    if actor.person or actor.name or actor.plural:
        return actor
    state = side_of(reading, actor)
    leader = reading.leader(state) if state else None
    return leader if leader and leader.level == actor.level else None


def participant(reading: Reading, actor: Actor) -> Participant:
    """Return *actor* as it is stored: a known person by English name, an unknown one as printed."""
    if actor.person:
        person = reading.packs.persons[actor.person]
        return Participant(person.id, person.name, "principal", person.state, actor.office, actor.level)
    name = actor.name or ""
    side = side_of(reading, actor)
    return Participant("x" + identity(name.lower()), name, "principal", side, actor.office, actor.level)
