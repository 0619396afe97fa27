"""What the packs say of themselves: the sentences of every rule, and the mistakes that a list of words can have.

`bilateral rules check` prints what `mistakes` returns; the tests ask the same functions one sentence at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bilateral.detect import detect
from bilateral.detect.events import text_of
from bilateral.detect.offices import undated
from bilateral.detect.packs import LANGS, Packs, Rule, files, rules
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import PatternError, compile_pattern
from bilateral.detect.reading import read
from bilateral.model import Article, Date, Lang

SIDE = {"ru": "RUS", "en": "RUS", "ky": "KGZ", "fr": None}  # whose page a sentence is read as
DAY = "2025-11-26"
MIXED = re.compile(r"[a-z][а-яёөүң]|[а-яёөүң][a-z]", re.I)
# Patterns beside the rules and names: file, table, key of the pattern in a row (None: the table itself is name → patterns)
LISTS = (
    ("cues", "cue", None),
    ("topics", "topic", None),
    ("speech", "speech", None),
    ("figures", "sign", None),
    ("figures", "metric", "words"),
    ("documents", "document", "patterns"),
)


@dataclass(frozen=True)
class Proof:
    """One sentence of one rule, which it has to find or to pass over."""

    lang: Lang
    rule: Rule
    sentence: str
    finds: bool

    @property
    def article(self) -> Article:
        """The sentence as a page: as its title where the rule reads titles alone."""
        side = SIDE[self.lang]
        if self.rule.title:
            return page("", self.lang, title=self.sentence, side=side)
        return page(self.sentence, self.lang, side=side)


def page(
    text: str, lang: Lang, *, title: str = "", side: str | None = None, published: str | None = DAY
) -> Article:
    """Return *text* as an article of *side*, published on that day."""
    head = f"{title}\n" if title else ""
    return Article(
        source_id="proof",
        polled_as="proof",
        key="proof",
        url="https://example.org/proof",
        lang=lang,
        title=title,
        text=head + text,
        body_start=len(head),
        published_at=None,
        published=Date(published) if published else None,
        fetched_at=datetime(2025, 11, 27, tzinfo=UTC),
        page_sha256="0" * 64,
        side=side,
    )


def proofs(lang: Lang) -> Iterator[Proof]:
    """Yield the sentences of all rules of one language."""
    for rule in rules(lang):
        yield from (Proof(lang, rule, sentence, True) for sentence in rule.finds)
        yield from (Proof(lang, rule, sentence, False) for sentence in rule.passes_over)


def failure(proof: Proof, packs: Packs) -> str | None:
    """Return in one line what is wrong with *proof*, or None: a hypothetical happening counts as none."""
    told = [r for r in detect(proof.article, packs).reports if r.modality != "hypothetical"]
    kinds = [r.kind for r in told]
    if proof.finds:
        found = ", ".join(kinds) or "nothing"
        wrong = f"finds {found}, no {proof.rule.kind}, in" if proof.rule.kind not in kinds else None
    else:
        root = proof.rule.kind.split(".")[0]
        alike = [f"{r.kind} ({r.rule})" for r in told if r.kind.split(".")[0] == root]
        wrong = f"finds {', '.join(alike)} in" if alike else None
    return f"{proof.rule.id}: {wrong}: {proof.sentence}" if wrong else None


def mistakes(packs: Packs) -> list[str]:
    """Return all that is wrong with the words and rules, one line each; empty where all is well."""
    found = [line for lang in LANGS for line in (*formal(lang, packs), *mixed(lang, packs))]
    failures = (failure(proof, packs) for lang in LANGS for proof in proofs(lang))
    return found + [line for line in failures if line] + list(undated())


def formal(lang: Lang, packs: Packs) -> Iterator[str]:
    """Yield rules without proof, with an unknown kind, told twice or dead, and lists with a bad or doubled pattern."""
    known = rules(lang)
    for rule in known:
        if not (rule.finds and rule.passes_over):
            yield f"{rule.id}: needs sentences in both finds and passes_over"
        if rule.kind not in packs.kinds:
            yield f"{rule.id}: {rule.kind!r} is no kind of packs/vocabulary/kinds.toml"
        if rule.finds and is_dead(rule, lang, packs):
            yield f"{rule.id}: its pattern matches none of its own finds: {rule.pattern.source}"
    yield from (f"{i}: {n} rules have this id" for i, n in Counter(r.id for r in known).items() if n > 1)
    patterns = Counter((" ".join(r.pattern.source.split()), r.kind) for r in known)
    yield from (f"{kind}: {n} rules have the pattern {p}" for (p, kind), n in patterns.items() if n > 1)
    yield from _listed(lang)
    yield from _unused(lang)


def is_dead(rule: Rule, lang: Lang, packs: Packs) -> bool:
    """Say whether the rule's own pattern matches in none of its sentences: another rule finds them for it."""
    for sentence in rule.finds:
        reading = read(Proof(lang, rule, sentence, True).article, packs)
        if rule.pattern.compiled.search(text_of(reading, rule)):
            return False
    return True


def written(lang: Lang) -> Iterator[str]:
    """Yield every pattern and every word of a list of one language, sentences of proof left out."""
    for rule in rules(lang):
        yield from (pattern.source for pattern in (rule.pattern, *rule.unless))
    for file, table, key in LISTS:
        yield from (source for _, source in _patterns(read_toml(f"lang/{lang}/{file}.toml")[table], key))
    for listed in files(f"lang/{lang}"):
        yield from _strings(list(read_toml(f"lang/{lang}/{listed.name}").get("lists", {}).values()))


def _listed(lang: Lang) -> Iterator[str]:
    """Yield the patterns of cues, topics, figures, documents and speech that cannot be read, or stand there twice."""
    for file, table, key in LISTS:
        content = read_toml(f"lang/{lang}/{file}.toml")
        where = f"packs/lang/{lang}/{file}.toml"
        seen: Counter[tuple[str, str]] = Counter()
        for name, source in _patterns(content[table], key):
            seen[name, source] += 1
            try:
                compile_pattern(source, content.get("lists", {}), least=2)
            except PatternError as error:
                yield f"{where}: {name}: {error}"
        yield from (
            f"{where}: {name}: {source!r} stands there twice" for (name, source), n in seen.items() if n > 1
        )


def _unused(lang: Lang) -> Iterator[str]:
    """Yield the word lists of a language that no pattern names."""
    contents = {f.name: read_toml(f"lang/{lang}/{f.name}") for f in files(f"lang/{lang}")}
    texts = [text for content in contents.values() for text in _strings(content)]
    for file, content in contents.items():
        for name in content.get("lists", ()):
            if not any(f"{{{name}}}" in text for text in texts):
                yield f"packs/lang/{lang}/{file}: no pattern names the list {{{name}}}"


def _patterns(table: Any, key: str | None) -> Iterator[tuple[str, str]]:
    """Yield (name, pattern) of one table: what the pattern stands for, and the pattern."""
    if key is None:
        yield from ((name, source) for name, sources in table.items() for source in sources)
        return
    for number, row in enumerate(table, 1):
        name = f"{row.get('code') or row.get('type')} (row {number})"
        yield from ((name, source) for source in row[key])


def mixed(lang: Lang, packs: Packs) -> Iterator[str]:
    """Yield what is written with Latin letters inside Cyrillic words: it looks right and matches nothing."""
    if lang not in ("ru", "ky"):
        return
    for file in files(f"lang/{lang}"):
        for text in _strings(read_toml(f"lang/{lang}/{file.name}")):
            if MIXED.search(re.sub(r"\{\w+\}", "", text)):
                yield f"packs/lang/{lang}/{file.name}: Latin letters in a Cyrillic word: {text}"
    for source, term in packs.langs[lang].lexicon.entries:
        if MIXED.search(source):
            yield f"packs/world: {term.kind} {term.code}: Latin letters in a Cyrillic word: {source}"


def _strings(value: Any) -> Iterator[str]:
    """Yield every text of a TOML value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in _strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _strings(part))
