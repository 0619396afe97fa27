"""Sentences that name two states and tell nothing, by their commonest unknown word: where recall is lost.

articles → sentences → silent ones → their words that stand in no rule or list → groups, the largest first
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bilateral.detect.events import find_reports
from bilateral.detect.explain import acting
from bilateral.detect.figures import find_claims
from bilateral.detect.packs import Packs
from bilateral.detect.proofs import written
from bilateral.detect.reading import Reading, read
from bilateral.detect.text import normalise
from bilateral.model import Article, Lang, Span

STATE_NAMES = ("state", "adjective", "prefix", "demonym", "metonym", "body")
SHORTEST = 4  # letters of a word, or of a stem, that says something
WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")
WRITTEN = re.compile(r"([^\W\d_]+)(\*?)")
VERB: dict[Lang, re.Pattern[str]] = {  # how most verbs of a report end; some nouns do so too
    "ru": re.compile(
        r".{3,}(?:л|ла|ло|ли|лся|лась|лось|лись|[еиую]т|ят|[еи]тся|[уюая]тся|ть|ться|[еа]н[аоы])$"
    ),
    "ky": re.compile(
        r".{2,}(?:[дт][ыиуү](?:к)?|[гк]ан|[гк]ен|[гк]он|[гк]өн|[йа]т|ууда|үүдө|ышты|ишти|ушту|үштү)$"
    ),
    "en": re.compile(r".{3,}(?:ed|ing)$"),
    "fr": re.compile(r".{3,}(?:é|ée|és|ées|er|ait|aient|ent|ont|ant|era|eront|it)$"),
}
STEM = 6  # letters that the forms of one word share: «обсудил», «обсудили»
APART = 1.5  # how much commoner than elsewhere a word other than a verb has to be: "their" and «который» say nothing


@dataclass(frozen=True)
class Sentence:
    """One sentence as a rule writer looks at it."""

    key: str  # of the article
    lang: Lang
    text: str
    states: tuple[str, ...]  # that it names
    silent: bool  # it names two states and tells neither event nor figure
    words: tuple[str, ...]  # that stand in no rule or list


@dataclass(frozen=True)
class Group:
    """The silent sentences that share an unknown word, shown in its commonest form."""

    lang: Lang
    word: str
    verb: bool  # it ends like a verb
    sentences: tuple[Sentence, ...]


def silent(articles: Iterable[Article], packs: Packs) -> list[Group]:
    """Return the silent sentences of *articles* by unknown word, verbs first, then by size; one may be in several."""
    by_lang: dict[Lang, list[Sentence]] = defaultdict(list)
    known = {lang: Known(lang) for lang in packs.langs}
    for article in articles:
        if article.text.strip():
            by_lang[article.lang] += sentences(read(article, packs), known[article.lang])
    groups = [group for lang, found in by_lang.items() for group in _groups(lang, found)]
    return sorted(groups, key=lambda g: (not g.verb, -len(g.sentences), g.lang, g.word))


def sentences(reading: Reading, known: Known) -> Iterator[Sentence]:
    """Yield every sentence of one text."""
    told = [r.span[0] for r in find_reports(reading)] + [c.span[0] for c in find_claims(reading)]
    article = reading.article
    for span in reading.sentences:
        states = named(reading, span)
        reports = any(span[0] <= start < span[1] for start in told)
        words = tuple(w for w in _words(reading, span) if w not in known)
        text = " ".join(article.text[slice(*span)].split())
        yield Sentence(article.key, article.lang, text, states, len(states) > 1 and not reports, words)


def named(reading: Reading, scope: Span) -> tuple[str, ...]:
    """Return the states that a sentence names: by those who act for them, by name, or by capital."""
    mentions = reading.within(reading.mentions, *scope)
    names = {m.state for m in mentions if m.state and (m.kind in STATE_NAMES or reading.is_capital(m))}
    return tuple(sorted(names | set(acting(reading, scope))))


def _words(reading: Reading, scope: Span) -> list[str]:
    """Return the words of a sentence in lower case, without those of names and dates."""
    taken = [(a.start, a.end) for a in reading.actors] + [(m.start, m.end) for m in reading.mentions]
    taken += [(d.start, d.end) for d in reading.dates]
    here = [(start, end) for start, end in taken if start < scope[1] and end > scope[0]]
    found = WORD.finditer(reading.low, *scope)
    return [m[0] for m in found if not any(start <= m.start() < end for start, end in here)]


class Known:
    """The words that the rules, cues and other lists of one language write, whole or as stems."""

    def __init__(self, lang: Lang) -> None:
        patterns = (normalise(re.sub(r"\{\w+\}", " ", source)) for source in written(lang))
        found = [match for pattern in patterns for match in WRITTEN.finditer(pattern)]
        self.whole = {match[1] for match in found if not match[2]}
        self.stems = {match[1] for match in found if match[2]}

    def __contains__(self, word: str) -> bool:
        return word in self.whole or any(word[:size] in self.stems for size in range(SHORTEST, len(word) + 1))


def _groups(lang: Lang, found: Sequence[Sentence]) -> Iterator[Group]:
    """Yield a group for each stem of a verb, and of other words that are commoner in silent sentences."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[Sentence]] = defaultdict(list)
    elsewhere: Counter[str] = Counter()
    for sentence in found:
        by_stem = {word[:STEM]: word for word in sentence.words}
        for stem, word in by_stem.items():
            if sentence.silent:
                forms[stem][word] += 1
                members[stem].append(sentence)
            else:
                elsewhere[stem] += 1
    count = sum(s.silent for s in found)
    for stem, group in members.items():
        word = forms[stem].most_common(1)[0][0]
        verb = bool(VERB[lang].match(word))
        here, there = len(group) / count, elsewhere[stem] / max(len(found) - count, 1)
        if verb or here > APART * there:
            yield Group(lang, word, verb, tuple(group))
