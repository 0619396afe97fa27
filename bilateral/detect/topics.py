"""What the two sides spoke of: words of a topic in an article that reports something between them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bilateral.detect.index import Index
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.reading import Reading
from bilateral.model import Lang, Report, Span, Topic


@lru_cache(maxsize=4)
def _index(lang: Lang) -> Index[str]:
    words = read_toml(f"lang/{lang}/topics.toml")["topic"]
    return Index((compile_pattern(source), code) for code, sources in words.items() for source in sources)


def find_topics(reading: Reading, reports: Sequence[Report]) -> list[Topic]:
    """Return the first place of each topic, joined to the report it is told with; none where nothing is reported."""
    told = [
        (r.span[0], number)
        for number, r in enumerate(reports)
        if r.modality in ("asserted", "planned") and r.main
    ]
    if not told:
        return []
    first: dict[str, Topic] = {}
    for start, end, code in _named(reading):
        if code not in first:
            before = [number for place, number in told if place <= end]
            first[code] = Topic(code, (start, end), before[-1] if before else told[0][1])
    return list(first.values())


def topic_in(reading: Reading, span: Span) -> str | None:
    """Return the first topic that *span* names: what a document is about."""
    return next((code for start, end, code in _named(reading) if span[0] <= start and end <= span[1]), None)


@lru_cache(maxsize=2)
def _named(reading: Reading) -> list[tuple[int, int, str]]:
    """Return all places of the text that name a topic, in order."""
    return _index(reading.article.lang).find(reading.low, reading.sentence)
