"""Who and what a text names: mentions, and the actors that they make up.

text → Lexicon → mentions (longest first) → actors («Президент Киргизии Садыр Жапаров» is one) → masked text
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bilateral.detect.lexicon import Lexicon
from bilateral.detect.naming import is_first_name, name_after, name_before
from bilateral.detect.packs import Packs, Person, Term
from bilateral.model import Lang, Span

# What may stand between the parts of one actor.
GLUE = re.compile(
    r"^(?: |, | of | of the |'s |s' | for | to | de | de la | du | des | d'| de l'| l'| — |\()?$"
)
COMMA = re.compile(r"^, $")
MINISTRY = re.compile(r"^(?:,? [\w-]+){1,6},? $")
# «Катардын соода жана өнөр жай министри»: the field between a Kyrgyz state and its minister
FIELD = re.compile(r"^ (?:(?!\w*(?:[гк][аеоө]н|[аыиуүоө]п|менен) )[а-яңөү-]+ ){1,5}$")
CASE = re.compile(r"(?:[гк][аеоө]|[дт][аеоө]|[дт][аеоө]н)$")  # "to", "in", "from" a state
STOP = re.compile(
    r" (?:и|и.о|с|со|в|на|к|что|который|and|with|in|on|at|et|avec|à|en|менен|жана"
    r"|se|a|est|ont|au|va|doit|qui|que|dans|par|\w{2,}(?:era|eront|ira|iront|oit|ivra)) "
)
# Who "he" at the head of a sentence is, or whom somebody received; further on «il» and «ал» are often no persons.
PRONOUN = {
    "en": r"(?:(?:on|in|at|during) [^,.;]{2,40}?,? )?(he|she)(?= )",
    "ru": r"(?:(?:в|во|на) [^,.;]{2,40}?,? )?(он|она)(?= )",
    "ky": r"(?:(?:кечээ|бүгүн|эртең) )?(ал)(?! (?:эми|жерде|жакта|үчүн|күнү|документ))(?= )",
    "fr": r"(?:(?:(?:le|dans|à|en) [^,.;]{2,40}?|\w+di|dimanche|hier|ensuite),? )?"
    r"(il|elle|celui-ci|celle-ci)(?! (?:y a|faut|s'agit|l(?:ui|eur) a été) )(?= )",
}
INSIDE = {
    "en": r"(?<=[ ,—])(he|she)(?= )",
    "ru": r"(?<=[ ,—])(он|она)(?= )|(?<!\w)(его|ее) (?:принял|примет|встретил|вызвал|пригласил)",
    "fr": r"(?<=[ ,—])(elle)(?= )",
    "ky": r"(?<!\w)(аны) [^,.;]{0,60}?кабыл ал",
}
RANK = {
    "person": 0,
    "state": 1,
    "city": 2,
    "office": 3,
    "body": 4,
    "adjective": 5,
    "demonym": 6,
    "metonym": 7,
    "org": 8,
}


@dataclass(frozen=True)
class Mention:
    """One name in the text, with all that it may stand for."""

    start: int
    end: int
    terms: tuple[Term, ...]
    kind: str  # of the first of its terms
    state: str | None  # the one state that the name implies


@dataclass(frozen=True)
class Actor:
    """A person, office or body that acts for a state."""

    start: int
    end: int
    state: str | None
    person: str | None = None  # actor id of a known person
    name: str | None = None  # of an unknown one, as printed
    office: str | None = None
    level: str | None = None
    plural: bool = False


def find_mentions(text: str, low: str, lexicon: Lexicon[Term]) -> list[Mention]:
    """Return the mentions of *text* in order; where two overlap, the longer."""
    chosen: list[Mention] = []
    spans: dict[Span, list[Term]] = {}
    for start, end, term in lexicon.find(text, low):
        spans.setdefault((start, end), []).append(term)
    last = -1
    for (start, end), terms in sorted(spans.items(), key=lambda s: (s[0][0], -s[0][1])):
        if start < last:
            continue
        chosen.append(_mention(start, end, terms))
        last = end
    return chosen


def _mention(start: int, end: int, terms: Sequence[Term]) -> Mention:
    ranked = (
        tuple(sorted(terms, key=lambda t: (RANK.get(t.kind, 9), t.short))) if len(terms) > 1 else tuple(terms)
    )
    states = {t.state for t in ranked if t.kind == ranked[0].kind}
    return Mention(start, end, ranked, ranked[0].kind, states.pop() if len(states) == 1 else None)


class Reader:
    """Turns the mentions of one document into actors, with what the document itself tells of surnames."""

    def __init__(self, text: str, low: str, packs: Packs, day: date | None, lang: Lang) -> None:
        self.text, self.low, self.packs, self.day, self.lang = text, low, packs, day, lang
        self.seen: set[str] = set()
        self.offices: dict[str, str | None] = {}

    def actors(self, mentions: Sequence[Mention], sentences: Sequence[Span]) -> list[Actor]:
        """Return the actors of the whole text, in order."""
        self.seen = {t.code for m in mentions for t in m.terms if t.kind == "person" and not t.short}
        found: list[Actor] = []
        position = 0
        for start, end in sentences:
            inside: list[Mention] = []
            while position < len(mentions) and mentions[position].start < end:
                if mentions[position].start >= start:
                    inside.append(mentions[position])
                position += 1
            groups = self._groups(inside)
            here = [
                a
                for g, limit in zip(groups, _limits(groups, end), strict=False)
                if (a := self._actor(g, limit))
            ]
            found += sorted([*self._pronouns(start, end, here, found), *here], key=lambda a: a.start)
        return found

    def _pronouns(self, start: int, end: int, here: Sequence[Actor], before: Sequence[Actor]) -> list[Actor]:
        """Let "He …" be the subject of the sentence before it, and a "she" further on the subject of its own."""
        last = self._told_before(start, before)
        told = _subject(last) if last else None
        match = re.compile(PRONOUN[self.lang]).match(self.low, start, end)
        found = [(match, last[-1] if match[1].startswith("cel") else told)] if match and told else []
        for inside in re.compile(INSIDE[self.lang]).finditer(self.low, start + 1, end):
            own = next((a for a in here if a.end <= inside.start() and (a.person or a.name)), told)
            if own and not (match and inside.start(inside.lastindex or 1) == match.start(1)):
                found.append((inside, own))
        places = [(word.span(word.lastindex or 1), who) for word, who in found]
        return [replace(who, start=span[0], end=span[1]) for span, who in places]

    def _told_before(self, start: int, before: Sequence[Actor]) -> list[Actor]:
        """Return who is told of in this paragraph before *start*; a bare "minister" is the page's own."""
        line = self.low.rfind("\n", 0, start)
        near = itertools.takewhile(lambda a: a.start > max(line, start - 400), reversed(before))
        last = [a for a in near if a.person or a.name or (a.office and not a.plural)][::-1]
        return [a for a in last if a.person or a.name] or last

    def _groups(self, mentions: Sequence[Mention]) -> list[list[Mention]]:
        groups: list[list[Mention]] = []
        for mention in mentions:
            if groups and self._joins(groups[-1], mention):
                groups[-1].append(mention)
            else:
                groups.append([mention])
        return groups

    def _joins(self, group: Sequence[Mention], mention: Mention) -> bool:
        """Say whether *mention* goes on with the actor that *group* began."""
        kinds = {m.kind for m in group}
        if mention.kind in ("city", "org", "prefix", "metonym") or group[-1].kind in (
            "city",
            "org",
            "prefix",
            "metonym",
        ):
            return False
        if mention.kind == "person" and "person" in kinds:
            return False
        if not ({"office", "person"} & (kinds | {mention.kind})):
            return False
        if not self._glued(group[-1], mention):
            return False
        states = {m.state for m in group if m.state}
        own = {t.state for t in mention.terms if t.state}
        return not states or not own or bool(states & own)

    def _glued(self, before: Mention, after: Mention) -> bool:
        if self.lang == "ky" and before.kind == "office" and after.kind in ("state", "adjective"):
            return False  # in Kyrgyz the state stands before its office
        if self.lang in ("ru", "fr") and before.kind == "state" and after.kind == "office":
            return False  # there it stands behind it: «визит в Киргизию Председателя Правительства»
        gap = self.low[before.end : after.start]
        if self.lang == "ky" and before.kind == "state" and after.kind == "office" and FIELD.match(gap):
            level = after.terms[0].level in ("minister", "official") and len(gap) < 50
            return level and not CASE.search(self.low, before.start, before.end)
        surname = after.kind == "person" and before.kind != "person"
        if surname and is_first_name(self.text[before.end : after.start]):
            return True
        if COMMA.match(gap):
            return "office" in (before.kind, after.kind) and before.kind != "adjective"
        if GLUE.match(gap):
            return not (before.kind == "person" and after.kind in ("adjective", "state"))
        ministry = before.kind == "office" and before.terms[0].level in ("minister", "official")
        generic = ministry and not before.terms[0].plural and after.kind in ("state", "adjective", "person")
        return generic and len(gap) < 60 and bool(MINISTRY.match(gap)) and not STOP.search(gap)

    def _actor(self, group: Sequence[Mention], limit: int) -> Actor | None:
        kinds = {m.kind for m in group}
        if not kinds & {"person", "office"}:
            return None
        office = next((t for m in group for t in m.terms if t.kind == "office"), None)
        if office and office.level in ("region", "organisation", "business") and "person" not in kinds:
            return None
        state = next((m.state for m in group if m.state), None)
        if office and office.limit == "bound" and not state and "person" not in kinds:
            return None
        said = (office.code, office.level, office.plural) if office else (None, None, False)
        actor = Actor(group[0].start, self._closed(group), state, None, None, *said)
        person = next((m for m in group if m.kind == "person"), None)
        if person:
            return self._with_person(actor, person)
        return self._with_name(actor, limit)

    def _closed(self, group: Sequence[Mention]) -> int:
        """Return where an actor ends: an office between commas («Антони Блинкен, госсекретарь США, …») has the second too."""
        end = group[-1].end
        apposed = any(COMMA.match(self.low[a.end : b.start]) for a, b in itertools.pairwise(group))
        return end + 1 if apposed and self._comma_closes(end) else end

    def _comma_closes(self, end: int) -> bool:
        return self.text[end : end + 2] == ", " and self.text[end + 2 : end + 3].islower()

    def _with_person(self, actor: Actor, mention: Mention) -> Actor | None:
        """Fill in who the person is; None where the surname may be anybody's."""
        known = self.resolve([t for t in mention.terms if t.kind == "person"], actor)
        if known is None:
            return (
                replace(actor, name=self.text[mention.start : mention.end])
                if actor.office and actor.state
                else None
            )
        person = self.packs.persons[known]
        if person.state is None:
            return None
        held = self._held(person)
        office = actor.office if actor.level not in (None, "region") else held
        level = self.packs.levels.get(held or "") or actor.level
        return replace(actor, state=person.state, person=known, office=held or office, level=level)

    def resolve(self, terms: Sequence[Term], actor: Actor) -> str | None:
        """Return the one person that a name stands for here: by state, office, full name elsewhere, and date."""
        full = [self.packs.persons[t.code] for t in terms if not t.short]
        persons = full or [p for t in terms if self._may_be(p := self.packs.persons[t.code], actor)]
        for narrower in self._narrower(actor) if len(persons) > 1 else ():
            persons = [p for p in persons if narrower(p)] or persons
        return persons[0].id if persons and actor.state in (None, persons[0].state) else None

    def _held(self, person: Person) -> str | None:
        """Return the office that *person* held on the day of the document."""
        if person.id not in self.offices:
            self.offices[person.id] = person.office(self.day)
        return self.offices[person.id]

    def _may_be(self, person: Person, actor: Actor) -> bool:
        """Say whether a surname alone may mean *person*: not where it is a common word without office or full name."""
        return not person.full or bool(actor.office) or person.id in self.seen

    def _narrower(self, actor: Actor) -> list[Callable[[Person], bool]]:
        """Return the tests that tell namesakes apart, the strongest first."""
        return [
            lambda p: actor.state in (None, p.state),
            lambda p: not actor.office or any(t.office == actor.office for t in p.tenures),
            lambda p: p.id in self.seen,
            lambda p: self._held(p) is not None,
            lambda p: any(t.office == actor.office and t.holds(self.day) for t in p.tenures),
            lambda p: self.packs.levels.get(self._held(p) or "") == "head_of_state",
        ]

    def _with_name(self, actor: Actor, limit: int) -> Actor:
        """Add the name of an official who is in no list: capitalised words after office and state, or before a comma."""
        if actor.plural:
            return actor
        field = self.lang == "fr" and actor.level in ("minister", "official")
        if found := name_after(self.text, actor.end, limit, field):
            return replace(actor, name=found[0], end=found[1])
        if not (found := name_before(self.text, actor.start)):
            return actor
        end = actor.end + 1 if self._comma_closes(actor.end) else actor.end
        return replace(actor, name=found[0], start=found[1], end=end)


def _limits(groups: Sequence[Sequence[Mention]], end: int) -> Iterator[int]:
    """Yield where the name after each group ends at the latest: where the next state, city, office or full name begins."""
    for _, (first, *_rest) in itertools.pairwise(groups):
        full = first.kind == "person" and not first.terms[0].short
        yield first.start if full or first.kind in ("state", "city", "office") else end
    yield end


def _subject(actors: Sequence[Actor]) -> Actor:
    """Return the subject of the last sentence told: the first actor of those that stand closest together at the end."""
    last = actors[-1]
    near = [a for a in actors if last.start - a.start < 200]
    return near[0]
