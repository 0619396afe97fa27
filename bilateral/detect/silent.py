"""Sentences that name two states and report nothing, by their commonest unknown word: where recall is lost.

    articles → sentences with two states and no report → words in no rule or cue → groups, the commonest first
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bilateral.detect.events import find_reports
from bilateral.detect.explain import acting
from bilateral.detect.packs import LangPack, Packs
from bilateral.detect.patterns import expand
from bilateral.detect.reading import Reading, read
from bilateral.detect.text import normalise
from bilateral.model import Article, Lang, Span

STATE_NAMES = ("state", "adjective", "prefix", "demonym", "metonym", "body")
WORD = re.compile(r"[^\W\d_]{4,}")
STEM = 6  # letters that forms of one word share: «обсудил», «обсудили»
APART = 1.5  # a word that is hardly commoner here than elsewhere ("their", «который») says nothing


@dataclass(frozen=True)
class Silent:
    """A sentence that names two states and reports nothing of them."""

    key: str  # of the article
    lang: Lang
    states: tuple[str, ...]
    text: str
    words: tuple[str, ...]  # those that stand in no rule or cue, as printed


@dataclass(frozen=True)
class Group:
    """The silent sentences that share an unknown word, which is shown in its commonest form."""

    lang: Lang
    word: str
    sentences: tuple[Silent, ...]


def silent(articles: Iterable[Article], packs: Packs) -> list[Group]:
    """Return the groups of all silent sentences of *articles*, the largest first; a sentence may be in several."""
    found: list[Silent] = []
    elsewhere: dict[Lang, Counter[str]] = defaultdict(Counter)
    sentences: Counter[Lang] = Counter()
    for article in articles:
        if not article.text.strip():
            continue
        reading = read(article, packs)
        spans = {one.span: one for one in _told_apart(reading)}
        for span in reading.sentences:
            sentences[article.lang] += 1
            if span in spans:
                found.append(spans[span].sentence)
            else:
                elsewhere[article.lang].update({stem(w) for w in _unknown(reading, span)})
    return _grouped(found, elsewhere, sentences)
