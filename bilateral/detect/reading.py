"""One article made ready for the rules: its sentences, names, days and cues, and who its two sides are."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from bilateral.detect.dates import DateMention, find_dates
from bilateral.detect.mentions import Actor, Mention, Reader, find_mentions
from bilateral.detect.packs import LangPack, Packs
from bilateral.detect.patterns import masked
from bilateral.detect.text import around, clauses, normalise, sentences
from bilateral.model import Article, Span, States


class Placed(Protocol):
    """Anything that begins somewhere in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...


Item = TypeVar("Item", bound=Placed)
CURRENCY = re.compile(r"\$| ?(?:доллар|dollar)", re.I)  # "US$", «АКШ доллары»
CURRENCY_BEFORE = re.compile(r"(?:доллар\w*|dollars?) $", re.I)  # «долларов США»
NEARBY = 2000  # characters of a paragraph that are looked back
AND = re.compile(r"^(?: and | и | et | et la | et le | жана | менен | — |—|-| with | с | со )$")


@dataclass(frozen=True)
class Cue:
    """A word that says how a clause is meant: planned, negated, recalled, "the two presidents", …"""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Pair:
    """Two states named together, or more: «российско-киргизские», "between Russia, Belarus and Kyrgyzstan"."""

    start: int
    end: int
    states: States


@dataclass(frozen=True, eq=False)  # one article, one reading: compared and hashed by identity
class Reading:
    """What the rules look at, read as far as they do; every offset is one of `article.text`."""

    article: Article
    packs: Packs
    pack: LangPack
    low: str
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...]

    @cached_property
    def names_two_states(self) -> bool:
        """Whether two states are named at all, the page's own included: most pages of a government are domestic."""
        states = {t.state for m in self.mentions for t in m.terms} | {self.own}
        return len(states - {None}) > 1

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Who acts: persons and offices with the states that they act for."""
        day = self.article.published.first if self.article.published else None
        reader = Reader(self.article.text, self.low, self.packs, day, self.article.lang)
        return tuple(reader.actors(self.mentions, self.sentences))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The places that name two states together."""
        return tuple(_pairs(self.mentions, self.low))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The days that the text names."""
        cities = {m.start for m in self.mentions if m.kind == "city"}  # «Дүйшөмбүдө»: in Dushanbe, on Monday
        found = find_dates(self.low, self.pack, self.article.published, self.sentences)
        return tuple(d for d in found if d.start not in cities)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The words that say how a clause is meant."""
        return tuple(Cue(*found) for found in self.pack.cues.find(self.low, self.sentence))

    @cached_property
    def title(self) -> Span:
        """The span of the title."""
        return (0, len(self.article.title))

    @cached_property
    def lead(self) -> Span:
        """The lead, or the first two sentences of the body where there is none."""
        if self.article.body_start > self.title[1] + 2:
            return (self.title[1], self.article.body_start)
        first = [s for s in self.sentences if s[0] >= self.article.body_start][:2]
        return (self.title[1], first[-1][1] if first else self.title[1])

    @cached_property
    def masked(self) -> str:
        """The text with its names replaced by their kinds."""
        spans: list[tuple[int, int, str]] = [(a.start, a.end, "actor") for a in self.actors]
        spans += [(d.start, d.end, "date") for d in self.dates]
        spans += [(c.start, c.end, "sides") for c in self.cues if c.name in ("leaders", "parties")]
        kinds = {
            "state": "state",
            "adjective": "adjective",
            "prefix": "adjective",
            "city": "place",
            "body": "state",
        }
        spans += [(m.start, m.end, kinds[m.kind]) for m in self.mentions if m.kind in kinds]
        return masked(self.low, spans)

    @cached_property
    def own(self) -> str | None:
        """The side whose page this is."""
        return self.article.side

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """The other states that the document is about: one on a government's page, two in an agency's text.

        The title names them; where it has too few, the actors of the lead do; else the cities of the title.
        """
        found: list[str] = []
        for states in (self._titled, self._acting, self._cities):
            if len(found) < (1 if self.own else 2):
                found += [s for s in dict.fromkeys(states()) if s != self.own and s not in found]
        return tuple(found)

    @cached_property
    def two_sides(self) -> tuple[str, ...]:
        """The states that "the two presidents" or "the sides" are; empty where the document has no such two."""
        if self.own:
            return tuple(sorted((self.own, self.partners[0]))) if self.partners else ()
        return tuple(sorted(self.partners[:2])) if len(self.partners) >= 2 else ()

    def sides_at(self, position: int, story: States = ()) -> tuple[str, ...]:
        """Return the two sides as the text stands at *position*: in an agency's text, the last two that acted here.

        *story* are the states of what was told last, for a paragraph that names no two.
        """
        if self.own:
            return self.two_sides
        line = max(self.low.rfind("\n", 0, position) + 1, position - NEARBY)
        states = [a.state for a in reversed(self.within(self.actors, line, position)) if a.state]
        last = list(dict.fromkeys(states))[:2]
        return tuple(sorted(last)) if len(last) == 2 else story if len(story) == 2 else self.two_sides

    @cached_property
    def gathered(self) -> tuple[str, ...]:
        """The states that act in title and lead where these are more than two: who "the three presidents" are."""
        states = tuple(sorted({*self._acting(self.title), *self._acting()}))
        return states if len(states) > 2 else ()

    def _acting(self, scope: Span | None = None) -> list[str]:
        """Return the states of actors and pairs, in the lead unless said otherwise."""
        inside = scope or self.lead
        found = [(a.start, a.state) for a in self.within(self.actors, *inside) if a.state]
        found += [(p.start, s) for p in self.within(self.pairs, *inside) for s in p.states]
        return [s for _, s in sorted(found)]

    def _titled(self) -> list[str]:
        """Return the states of the title: those that act, then those that are named, or named by their capital."""
        named = [m.state for m in self.within(self.mentions, *self.title) if m.state and self._names_state(m)]
        return self._acting(self.title) + named

    def _names_state(self, mention: Mention) -> bool:
        return mention.kind != "city" or self.is_capital(mention)

    def is_capital(self, mention: Mention) -> bool:
        """Say whether a city stands for its state («Бишкек направил ноту»)."""
        return self.packs.capitals.get(mention.state or "") == mention.terms[0].code

    def _cities(self) -> list[str]:
        return [m.state for m in self.within(self.mentions, *self.title) if m.state and m.kind == "city"]

    def leader(self, state: str) -> Actor | None:
        """Return the person of *state* who is first named: who "the president" of it is here."""
        return self._leaders.get(state)

    @cached_property
    def _leaders(self) -> dict[str, Actor]:
        named = [a for a in self.actors if a.state and (a.person or a.name)]
        ranked = sorted(named, key=lambda a: (a.level != "head_of_state", a.start), reverse=True)
        return {a.state: a for a in ranked if a.state}

    def within(self, items: tuple[Item, ...], start: int, end: int) -> tuple[Item, ...]:
        """Return those of *items*, which are in order, that begin inside the span."""
        starts = self._starts.get(id(items))
        if starts is None:
            starts = self._starts[id(items)] = [i.start for i in items]
        return items[bisect_left(starts, start) : bisect_left(starts, end)]

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        return {}

    @cached_property
    def _heads(self) -> list[int]:
        return [s[0] for s in self.sentences]

    @cached_property
    def _clauses(self) -> dict[Span, list[Span]]:
        return {}

    def sentence(self, position: int) -> Span:
        """Return the sentence that holds *position*, else the one before it."""
        return self.sentences[bisect_right(self._heads, position, 1) - 1]

    def number(self, position: int) -> int:
        """Return which sentence holds *position*, counted from 0."""
        return bisect_right(self._heads, position, 1) - 1

    def between(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the sentences that lie inside the span."""
        first = bisect_left(self._heads, start)
        return tuple(s for s in self.sentences[first : bisect_left(self._heads, end)] if s[1] <= end)

    def clause(self, position: int) -> Span:
        """Return the clause that holds *position*."""
        sentence = self.sentence(position)
        parts = self._clauses.get(sentence)
        if parts is None:
            parts = self._clauses[sentence] = clauses(self.low, sentence)
        return around(parts, position)


def read(article: Article, packs: Packs) -> Reading:
    """Make *article* ready: its sentences and names; what else the rules look at is read when they do."""
    pack = packs.langs[article.lang]
    text, low = article.text, normalise(article.text)
    spans = tuple(_with_title(sentences(text), len(article.title)))
    heads = {s[0] for s in spans}
    named = find_mentions(text, low, pack.lexicon)
    mentions = tuple(m for m in named if _counts(m, article.side, m.start in heads, text))
    return Reading(article, packs, pack, low, spans, mentions)


def _counts(mention: Mention, own: str | None, first: bool, text: str) -> bool:
    """Say whether a name that is a common word too («Того», «КР», "US$") is one here."""
    if CURRENCY.match(text, mention.end) or CURRENCY_BEFORE.search(
        text, max(0, mention.start - 12), mention.start
    ):
        return False
    limits = {t.limit for t in mention.terms}
    if limits == {"local"}:
        return mention.state == own
    return not (first and limits == {"inside"})


def _with_title(spans: list[Span], title_end: int) -> list[Span]:
    """Keep the title one sentence, whatever stops it has inside."""
    rest = [s for s in spans if s[0] >= title_end]
    return [(0, title_end), *rest] if title_end else spans


def _pairs(mentions: Sequence[Mention], low: str) -> list[Pair]:
    """Find states that stand together, as an adjective or joined by "and"; what stands before in a list is added."""
    found = []
    for number, (a, b) in enumerate(itertools.pairwise(mentions)):
        if not (a.state and b.state) or a.state == b.state:
            continue
        gap = low[a.end : b.start]
        adjectives = a.kind == b.kind == "adjective" and (gap in ("-", "—") or AND.match(gap))
        joined = (a.kind == "prefix" and not gap) or adjectives
        named = a.kind == b.kind == "state" and AND.match(gap)
        if named and (more := _listed(mentions[: number + 1], low)):
            states = dict.fromkeys(m.state for m in (*more, a, b) if m.state)
            found.append(Pair(more[0].start, b.end, tuple(states)))
        elif joined or named or (a.kind == "state" and b.kind == "adjective" and gap == "-"):
            found.append(Pair(a.start, b.end, (a.state, b.state)))
    return found


def _listed(mentions: Sequence[Mention], low: str) -> list[Mention]:
    """Return the states that stand before the last of *mentions* in a list: "Russia, Belarus" of "…, China"."""
    found: list[Mention] = []
    for a, b in itertools.pairwise(reversed(mentions)):
        if b.kind != "state" or low[b.end : a.start] != ", ":
            break
        found.insert(0, b)
    return found
