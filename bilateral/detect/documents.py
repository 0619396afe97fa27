"""Documents that an article names, each with the step that it reports: to be signed, signed, ratified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bilateral.detect.packs import Toml
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import Index, compile_pattern
from bilateral.detect.reading import Reading
from bilateral.detect.topics import find_topics
from bilateral.model import Document, Lang, Report, Span

TITLE_END = re.compile(
    r"[;.\n]|,? (?=а также|as well as|ainsi que|ошондой эле)|, (?=\w+ (?:was|were|est|a été|был|была)\b)|(?<=\w)\)| — "
)
LONGEST = 160


@lru_cache(maxsize=4)
def _types(lang: Lang) -> Index[Toml]:
    """Patterns of the types of documents, in the order of the file: the more exact first."""
    rows = read_toml(f"lang/{lang}/documents.toml")["document"]
    return Index((compile_pattern(p), row) for row in rows for p in row["patterns"])


def find_documents(reading: Reading, reports: Sequence[Report]) -> list[Document]:
    """Return the documents named where a signing or a joint statement is reported, one for each title."""
    found: dict[tuple[str, str], Document] = {}
    for report in reports:
        if report.kind.split(".")[0] not in ("signing", "statement") or report.modality not in (
            "asserted",
            "planned",
        ):
            continue
        for document in _named(reading, report, reports):
            found.setdefault((document.type, document.title.lower()[:24]), document)
    return list(found.values())


def _named(reading: Reading, report: Report, reports: Sequence[Report]) -> Iterator[Document]:
    """Yield the documents in the sentence of the report, and in the next, where it goes on listing."""
    scope = _scope(reading, report)
    taken = scope[0]
    for start, end, row in _types(reading.article.lang).find(reading.low, lambda _: scope):
        joint = row["type"] in ("joint_statement", "declaration", "communique")
        if start < taken or joint != report.kind.startswith("statement"):
            continue
        span = _title_span(reading, start, end)
        if not joint and not _titled(reading, end, span):
            continue
        taken = span[1]
        yield _document(reading, report, row, span, reports)


def _scope(reading: Reading, report: Report) -> Span:
    """The sentence of the report, with what follows a colon on further lines."""
    start, end = reading.sentence(report.span[0])
    if not reading.low[:end].endswith(":"):
        return start, end
    following = [s for s in reading.sentences if s[0] >= end][:12]
    listed = [s for s in following if reading.low[s[1] - 1] in ";.—" or reading.low[s[0]] in "—-•"]
    return start, listed[-1][1] if listed else end


def _title_span(reading: Reading, start: int, end: int) -> Span:
    stop = TITLE_END.search(reading.low, end, min(len(reading.low), start + LONGEST))
    last = stop.start() if stop else min(reading.sentence(start)[1], start + LONGEST)
    return start, max(last, end)


def _titled(reading: Reading, end: int, span: Span) -> bool:
    """Say whether a title follows the type: "on …", «о …», «жөнүндө», "sur …"."""
    about = reading.pack.data["documents"]["about"]
    return bool(re.search(about, reading.low[end : span[1] + 1]))


def _document(reading: Reading, report: Report, row: Toml, span: Span, reports: Sequence[Report]) -> Document:
    title = " ".join(reading.article.text[span[0] : span[1]].split()).strip(' ,.;:«»"')
    topics = [t.code for t in find_topics(reading, reports) if span[0] <= t.span[0] < span[1]]
    status = "planned" if report.modality == "planned" else "signed"
    return Document(
        row["type"], status, report.states, report.start, title, topics[0] if topics else None, None, span,
        f"document.{row['type']}.{reading.article.lang}", report.confidence,
    )  # fmt: skip
