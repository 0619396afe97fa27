"""The words and rules of `bilateral/packs`, read once and kept.

packs/lang/<code>/*.toml     rules, cues, dates, figures of one language
packs/world/*.toml           states, cities, offices, persons, organisations of all the world
packs/pair/*.toml            persons and places that matter to one pair
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import tomli

from bilateral.detect.index import Index
from bilateral.detect.lexicon import Lexicon
from bilateral.detect.patterns import Pattern, PatternError, compile_pattern
from bilateral.errors import ConfigError
from bilateral.model import Lang

LANGS: tuple[Lang, ...] = ("ru", "ky", "en", "fr")
Toml = Mapping[str, Any]


@dataclass(frozen=True)
class Term:
    """What a name stands for: `kind` is state, adjective, prefix, demonym, body, metonym, city, person, office or org."""

    kind: str
    code: str  # alpha-3, actor id, office code, city name, organisation code
    state: str | None = None
    level: str | None = None
    short: bool = False  # a surname alone
    plural: bool = False
    weak: bool = False  # counts only after a preposition of place
    limit: str = ""  # "inside": not as the first word of a sentence; "local": only on the state's own pages; "bound": only with a state beside it


@dataclass(frozen=True)
class Tenure:
    """An office that a person held, from and until an ISO day, month or year, as exact as it is known."""

    office: str
    since: str | None
    until: str | None

    def holds(self, day: date | None) -> bool:
        """Say whether the office was held on *day*; on an unknown day, whether it is held still."""
        if day is None:
            return self.until is None
        iso = day.isoformat()
        begun = not self.since or iso[: len(self.since)] >= self.since
        return begun and (not self.until or iso[: len(self.until)] <= self.until)


@dataclass(frozen=True)
class Person:
    """A holder of offices, with the English spelling that all scripts share."""

    id: str
    name: str
    state: str | None  # None: acts for an organisation
    full: bool  # the surname alone may be anybody's
    tenures: tuple[Tenure, ...]

    def office(self, day: date | None) -> str | None:
        """Return the first office of the list that was held on *day*, or None."""
        return next((t.office for t in self.tenures if t.holds(day)), None)


@dataclass(frozen=True)
class Rule:
    """A trigger: one pattern, the kind it shows, and the sentences that prove it."""

    id: str
    kind: str
    pattern: Pattern
    modality: str = "asserted"
    title: bool = False  # counts in the title alone
    lead: bool = False  # counts in the title and the lead alone
    sides: bool = (
        True  # "the two presidents" may be its actors, and a passive without actors the document's pair
    )
    both: bool = False  # both states must be named in the clause
    states: bool = False  # a bare name of a state is an actor («Россия ввела запрет»)
    words: bool = False  # the pattern reads the words of offices ("ambassador") instead of {actor}
    each: bool = False  # several partners in one sentence are several events (calls, messages)
    confidence: float = 0.9
    unless: tuple[Pattern, ...] = ()  # does not count in a clause where one of these stands
    finds: tuple[str, ...] = ()
    passes_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class LangPack:
    """All that belongs to one language."""

    lang: Lang
    lexicon: Lexicon[Term]
    rules: Index[Rule]
    cues: Index[str]  # what a cue says: planned, negated, denied, recalled, hypothetical, leaders, parties, …
    data: Mapping[str, Toml] = field(default_factory=dict)  # dates, figures, documents, topics as read


@dataclass(frozen=True)
class Packs:
    """Everything that `detect` needs beside the article."""

    langs: Mapping[Lang, LangPack]
    persons: Mapping[str, Person]
    levels: Mapping[str, str]  # office → level
    capitals: Mapping[str, str]  # state → canonical name of its capital
    cities: Mapping[str, str]  # city → state
    state_names: Mapping[str, str]  # state → English name
    kinds: Mapping[str, Toml]
    version: str


def files(folder: str) -> Iterator[Traversable]:
    """Yield the TOML files of one folder of the packs, in order of name."""
    root = resources.files("bilateral.packs").joinpath(folder)
    yield from sorted((f for f in root.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


@lru_cache(maxsize=256)
def read(path: str) -> Toml:
    """Return the content of one TOML file of the packs."""
    return tomli.loads(resources.files("bilateral.packs").joinpath(path).read_text("utf-8"))


@lru_cache(maxsize=4)
def load_packs(pair: tuple[str, ...] = ()) -> Packs:
    """Return words and rules of the world, and of the pair files named in *pair* ("KGZ-RUS"); none means all of them.

    Raises:
        ConfigError: a rule cannot be read; all such rules at once.
    """
    pairs = [read(f"pair/{f.name}") for f in files("pair") if not pair or f.name[:-5].upper() in pair]
    world = {f.name[:-5]: read(f"world/{f.name}") for f in files("world")}
    people = [p for part in (world["persons"], *pairs) for p in part.get("person", ())]
    cities = [c for part in (world["cities"], *pairs) for c in part.get("city", ())]
    offices = [o for part in (world["offices"], *pairs) for o in part.get("office", ())]
    states = world["states"]["state"]
    orgs = world.get("orgs", {}).get("org", [])
    mistakes: list[str] = []
    langs = {
        lang: LangPack(
            lang,
            Lexicon(_terms(lang, states, cities, offices, people, orgs)),
            Index((r.pattern, r) for r in rules(lang, mistakes)),
            Index(_cues(lang, mistakes)),
            {f.name[:-5]: read(f"lang/{lang}/{f.name}") for f in files(f"lang/{lang}")},
        )
        for lang in LANGS
    }
    if mistakes:
        raise ConfigError(mistakes)
    return Packs(
        langs,
        {p["id"]: _person(p) for p in people},
        {
            o["code"]: o["level"]
            for o in reversed(offices)
            if "level" in o and o.get("scope", "state") == "state"
        },
        {c["iso3"]: c["name"] for c in cities if c.get("capital")},
        {c["name"]: c["iso3"] for c in cities},
        {s["code"]: s["name"] for s in states},
        {k["code"]: k for k in read("vocabulary/kinds.toml")["kind"]},
        version(),
    )


@lru_cache(maxsize=1)
def version() -> str:
    """Return twelve digits that change with any rule, word or line of the detector."""
    digest = hashlib.sha256()
    for folder in ("vocabulary", "world", "pair", *(f"lang/{lang}" for lang in LANGS)):
        for file in files(folder):
            digest.update(file.read_bytes())
    code = resources.files("bilateral.detect")
    for source in sorted((f for f in code.iterdir() if f.name.endswith(".py")), key=lambda f: f.name):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _person(row: Toml) -> Person:
    tenures = tuple(Tenure(o["office"], o.get("since"), o.get("until")) for o in row.get("offices", ()))
    return Person(row["id"], row["name"], row.get("iso3"), row.get("full", False), tenures)


def _terms(
    lang: str,
    states: list[Toml],
    cities: list[Toml],
    offices: list[Toml],
    people: list[Toml],
    orgs: list[Toml],
) -> Iterator[tuple[str, Term]]:
    kinds = {
        "names": "state",
        "inside": "state",
        "local": "state",
        "adjectives": "adjective",
        "prefix": "prefix",
        "demonyms": "demonym",
        "metonyms": "metonym",
        "bodies": "body",
    }
    for state in states:
        for key, kind in kinds.items():
            for source in state.get(lang, {}).get(key, ()):
                limit = key if key in ("inside", "local") else ""
                yield source, Term(kind, state["code"], state["code"], limit=limit)
    for city in cities:
        limit = "inside" if city.get("inside") else ""
        term = Term("city", city["name"], city["iso3"], weak=city.get("weak", False), limit=limit)
        yield from ((source, term) for source in city.get(lang, ()))
    for office in offices:
        scope = office.get("scope", "state")
        level = office.get("level") if scope == "state" else scope
        code, limit = office["code"], "bound" if office.get("bound") else ""
        yield from (
            (s, Term("office", code, office.get("state"), level, limit=limit)) for s in office.get(lang, ())
        )
        plural = office.get("plural", {}).get(lang, ())
        yield from ((s, Term("office", code, office.get("state"), level, plural=True)) for s in plural)
    for person in people:
        words = person.get(lang, {})
        yield from ((s, Term("person", person["id"], person.get("iso3"))) for s in words.get("names", ()))
        yield from (
            (s, Term("person", person["id"], person.get("iso3"), short=True)) for s in words.get("short", ())
        )
    for org in orgs:
        yield from ((s, Term("org", org["code"])) for s in org.get(lang, ()))


def rules(lang: str, mistakes: list[str] | None = None) -> list[Rule]:
    """Return the event rules of one language; what is wrong with them is added to *mistakes*."""
    wrong = mistakes if mistakes is not None else []
    found: list[Rule] = []
    for file in files(f"lang/{lang}"):
        content = read(f"lang/{lang}/{file.name}")
        lists = {**read(f"lang/{lang}/lists.toml").get("lists", {}), **content.get("lists", {})}
        for row in content.get("rule", ()):
            try:
                found.append(_rule(row, lists))
            except (PatternError, TypeError, KeyError) as error:
                wrong.append(f"packs/lang/{lang}/{file.name}: {row.get('id', '?')}: {error}")
    return found


def _rule(row: Toml, lists: Mapping[str, list[str]]) -> Rule:
    fields = {**row, "pattern": compile_pattern(row["pattern"], lists)}
    fields["unless"] = tuple(compile_pattern(p, lists) for p in row.get("unless", ()))
    for name in ("finds", "passes_over"):
        fields[name] = tuple(row.get(name, ()))
    return Rule(**fields)


def _cues(lang: str, mistakes: list[str]) -> Iterator[tuple[Pattern, str]]:
    content = read(f"lang/{lang}/cues.toml")
    for name, words in content["cue"].items():
        for source in words:
            try:
                yield compile_pattern(source, content.get("lists", {}), least=2), name
            except PatternError as error:
                mistakes.append(f"packs/lang/{lang}/cues.toml: {name}: {error}")
