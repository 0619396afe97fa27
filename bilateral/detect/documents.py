"""Documents that an article names, each with the step that it reports: to be signed, signed, ratified, in force, ended.

A document is looked for where such a step is told, in the list after a colon, and in the sentences that go on listing («Среди них – …», "They include …"). Its title runs to the next document of the list.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bilateral.detect.index import Index
from bilateral.detect.packs import Toml
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.reading import Reading
from bilateral.detect.topics import topic_in
from bilateral.model import Document, Lang, Report, Span

TITLE_END = r"[;.:\n]|,? (?=а также|as well as|ainsi que|ошондой эле)|(?<=\w)\)| — |, (?=signed|which|also|подписан|котор)"
BETWEEN = re.compile(
    r"[,;]? (?:and |и |et |жана |a |an |the |un |une |le |la |l'|межправительственное |межведомственное )*$"
)
BEFORE = re.compile(
    r".*(?:[,;:—]| жана | менен бирге |арасында |катарында |ичинде |алкагында |жыйынтыгында )", re.S
)
LONGEST = 180
STATUS = {  # of a document by the kind of the event that tells of it
    "signing": "signed",
    "statement": "signed",
    "ratification": "ratified",
    "entry_into_force": "in_force",
    "denunciation": "terminated",
}
JOINT = ("joint_statement", "declaration", "communique")


@dataclass(frozen=True)
class Named:
    """The type of a document as it stands in the text."""

    start: int
    end: int
    row: Toml


@lru_cache(maxsize=4)
def _types(lang: Lang) -> Index[Toml]:
    """Patterns of the types of documents, in the order of the file: the more exact first."""
    rows = read_toml(f"lang/{lang}/documents.toml")["document"]
    return Index((compile_pattern(p), row) for row in rows for p in row["patterns"])


@lru_cache(maxsize=4)
def _listing(lang: Lang) -> Index[str]:
    return Index((compile_pattern(p), p) for p in read_toml(f"lang/{lang}/documents.toml")["listing"])


@lru_cache(maxsize=4)
def _title_end(lang: Lang) -> re.Pattern[str]:
    """The expression for what ends a title: a mark, or a word with which the sentence goes on."""
    ends = read_toml(f"lang/{lang}/documents.toml").get("ends")
    return re.compile(f"{TITLE_END}| (?={ends})" if ends else TITLE_END)


def find_documents(reading: Reading, told: Sequence[Report]) -> list[Document]:
    """Return the documents that *told* takes a step further, each title once."""
    found: dict[tuple[str, str], Document] = {}
    for scope, report in _scopes(reading, told):
        for named, span in _titled(reading, _named(reading, scope)):
            if named.row["type"] in JOINT and not report.kind.startswith("statement"):
                continue
            document = _document(reading, report, named.row, span)
            signed = document.status in (
                "signed",
                "planned",
            )  # several at once; other steps are one document's
            found.setdefault((document.type, document.title.lower()[:24] if signed else ""), document)
    return list(found.values())


def _scopes(reading: Reading, told: Sequence[Report]) -> Iterator[tuple[Span, Report]]:
    """Yield the pieces of text that name documents, each with the report that tells of them."""
    steps = [r for r in told if _status(r)]
    for report in steps:
        yield _with_list(reading, reading.sentence(report.span[0])), report
    for start, _, _ in _listing(reading.article.lang).find(reading.low, reading.sentence):
        before = [r for r in steps if r.kind == "signing" and r.span[0] <= start]
        if before:
            yield _with_list(reading, reading.sentence(start)), before[-1]


def _status(report: Report) -> str | None:
    """Return the step that *report* tells of a document; what is only planned counts where it is to be signed."""
    status = STATUS.get(report.kind.split(".")[0])
    if report.modality == "planned":
        return "planned" if status == "signed" else None
    return status if report.modality == "asserted" else None


def _with_list(reading: Reading, sentence: Span) -> Span:
    """Add to *sentence* the lines that it announces with a colon."""
    start, end = sentence
    if not reading.low.startswith(":", end - 1):
        return sentence
    following = [s for s in reading.sentences if s[0] >= end][:14]
    listed = [s for s in following if reading.low[s[1] - 1] in ";.—" or reading.low[s[0]] in "—-•"]
    return start, listed[-1][1] if listed else end


@lru_cache(maxsize=2)
def _every_type(reading: Reading) -> list[tuple[int, int, Toml]]:
    return _types(reading.article.lang).find(reading.low, reading.sentence)


def _named(reading: Reading, scope: Span) -> list[Named]:
    """Return the types named in *scope*; what an amending protocol changes is part of its title."""
    kept: list[Named] = []
    found = _every_type(reading)
    inside = slice(*(bisect_left(found, place, key=lambda f: f[0]) for place in scope))
    for start, end, row in found[inside]:
        if kept and (
            start < kept[-1].end
            or (kept[-1].row["type"] == "protocol.amending" and start < kept[-1].end + 90)
        ):
            continue
        kept.append(Named(start, end, row))
    return kept


def _titled(reading: Reading, names: Sequence[Named]) -> Iterator[tuple[Named, Span]]:
    """Yield each document with the span of its title; one without a title is none, unless it is a joint statement."""
    data = read_toml(f"lang/{reading.article.lang}/documents.toml")
    for number, named in enumerate(names):
        if data.get("order") == "before":
            span = _before(reading, named, names[number - 1].end if number else None)
            about = reading.low[span[0] : named.start]
        else:
            span = _after(reading, named, names[number + 1].start if number + 1 < len(names) else None)
            about = reading.low[named.end : span[1] + 1]
        if named.row["type"] in JOINT or named.row.get("bare") or re.search(data["about"], about):
            yield named, span


def _after(reading: Reading, named: Named, following: int | None) -> Span:
    limit = min(len(reading.low), named.start + LONGEST, following or len(reading.low))
    stop = _title_end(reading.article.lang).search(reading.low, named.end, limit)
    end = (
        stop.start() if stop else limit if limit == following else _whole_word(reading.low, named.end, limit)
    )
    between = BETWEEN.search(reading.low[named.end : end])
    return named.start, named.end + between.start() if between and end == following else max(end, named.end)


def _whole_word(low: str, start: int, limit: int) -> int:
    """Return the end of the last whole word before *limit*."""
    return (
        limit if limit >= len(low) or not low[limit].isalnum() else max(low.rfind(" ", start, limit), start)
    )


def _before(reading: Reading, named: Named, previous: int | None) -> Span:
    """In Kyrgyz the title stands before its type: «миграция жөнүндө макулдашуу»."""
    first = max(reading.sentence(named.start)[0], named.start - LONGEST, previous or 0)
    head = BEFORE.match(reading.low[first : named.start])
    first = first + head.end() if head else first
    return max([first, *_told_before(reading, (first, named.start))]), named.end


def _told_before(reading: Reading, span: Span) -> Iterator[int]:
    """Yield where the sentence before a Kyrgyz title ends: its subject right before a partner, or its day."""
    for a, b in itertools.pairwise(reading.within(reading.mentions, *span)):
        if reading.low[a.end : b.start] == " " and a.state != b.state:
            yield b.start
    for day in reading.within(reading.dates, *span):
        if day.basis in ("relative", "weekday"):
            yield day.end


def _document(reading: Reading, report: Report, row: Toml, span: Span) -> Document:
    title = " ".join(reading.article.text[span[0] : span[1]].split()).strip(' ,.;:«»"')
    amends = title if row["type"] == "protocol.amending" else None
    return Document(
        row["type"], _status(report) or "signed", report.states, report.start, title, topic_in(reading, span), amends, span,
        f"document.{row['type']}.{reading.article.lang}", report.confidence,
    )  # fmt: skip
