"""Why something is believed: the rule, the sentence with the words that it rests on, the page, the side."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bilateral.model import Correction, Span
from warehouse.answers import records, redirects
from warehouse.corrections import about
from warehouse.reading import Limits, QuestionError, reading

LONGEST = 400  # characters of the sentence on either side of the quotation


@dataclass(frozen=True)
class Evidence:
    """One passage that a fact rests on: `before` + `quote` + `after` is the sentence around it."""

    id: str  # of the report or claim
    event_id: str | None
    kind: str  # of the report, or the metric of the claim
    modality: str  # empty for a claim
    rule: str
    confidence: float
    before: str
    quote: str
    after: str
    span: Span
    source_id: str
    side: str | None
    is_primary: bool
    retold: bool
    url: str
    lang: str
    published_at: datetime | None


@dataclass(frozen=True)
class Explanation:
    """What is believed, and all the passages that say so."""

    id: str
    what: str  # event, report or claim
    title: str
    status: str  # of the event; empty for others
    start_date: date | None
    end_date: date | None
    evidence: tuple[Evidence, ...]
    parts: tuple[tuple[str, str], ...] = ()  # id and title of the parts of a visit
    parent_event_id: str | None = None
    moved_from: str | None = None  # the id that was asked for, when it was merged into this one
    versions: int = 0  # how often the reading of the event has changed
    history: tuple[
        tuple[str, datetime | None, str], ...
    ] = ()  # status, since when it was told, by which source
    corrections: tuple[Correction, ...] = ()  # what people said of it, the oldest first


def why(db: Path, asked: str, *, limits: Limits | None = None) -> Explanation:
    """Explain the event, report or claim with the id *asked*; QuestionError: *db* knows no such id."""
    with reading(db, limits or Limits()) as con:
        for explain in (_event, _report, _claim):
            if found := explain(con, asked):
                return replace(found, corrections=tuple(about(con, _ids(con, found))))
    raise QuestionError(
        f'{asked}: no event, report or claim has this id; `bilateral ask "FROM events"` lists events'
    )


def _ids(con: duckdb.DuckDBPyConnection, found: Explanation) -> list[str]:
    """Return the ids that people may have said something of: its own, those merged into it, its reports."""
    merged = [old for old, new in redirects(con).items() if new == found.id]
    return [found.id, *merged, *(one.id for one in found.evidence)]


_REPORTS = """
    SELECT e.report_id AS id, e.event_id, e.kind, e.modality, e.rule, e.confidence, e.span_start, e.span_end,
           e.source_id, e.side, e.is_primary, e.synthetic, e.url, e.lang, e.published_at, v.text
    FROM event_reports e JOIN revisions v USING (revision_id) WHERE {} = ?
    ORDER BY NOT e.is_primary, e.synthetic, e.published_at, e.report_id"""
_CLAIMS = """
    SELECT m.claim_id AS id, m.event_id, m.metric AS kind, '' AS modality, m.rule, m.confidence, m.span_start, m.span_end,
           m.source_id, m.side, m.is_primary, m.synthetic, m.url, a.lang, a.published_at, v.text,
           concat_ws(' ', m.metric, m.comparator, m.value, m.unit, m.scope) AS title, m.period_start, m.period_end
    FROM claims m JOIN revisions v USING (revision_id) JOIN articles a USING (article_id) WHERE m.claim_id = ?"""


def _event(con: duckdb.DuckDBPyConnection, asked: str) -> Explanation | None:
    event_id = redirects(con).get(asked, asked)
    found = records(con.execute("FROM _reading WHERE event_id = ?", [event_id]))
    if not found:
        return None
    event = found[0]
    parts = con.execute(
        "SELECT event_id, title FROM _reading WHERE parent_event_id = ? ORDER BY start_date, title, event_id",
        [event_id],
    ).fetchall()
    told = records(con.execute(_REPORTS.format("event_id"), [event_id]))
    history = con.execute(
        "SELECT status, since, source_id FROM event_history WHERE event_id = ? ORDER BY number", [event_id]
    ).fetchall()
    return Explanation(
        id=event_id,
        what="event",
        title=event["title"],
        status=event["status"],
        start_date=event["start_date"],
        end_date=event["end_date"],
        evidence=tuple(map(_evidence, told)),
        parts=tuple(parts),
        parent_event_id=event["parent_event_id"],
        moved_from=asked if asked != event_id else None,
        versions=event["version"],
        history=tuple(history),
    )


def _report(con: duckdb.DuckDBPyConnection, asked: str) -> Explanation | None:
    found = records(con.execute(_REPORTS.format("report_id"), [asked]))
    if not found:
        return None
    evidence = _evidence(found[0])
    sql = "SELECT start_date, end_date FROM event_reports WHERE report_id = ?"
    ((start, end),) = con.execute(sql, [asked]).fetchall()
    return Explanation(asked, "report", evidence.kind, "", start, end, (evidence,))


def _claim(con: duckdb.DuckDBPyConnection, asked: str) -> Explanation | None:
    found = records(con.execute(_CLAIMS, [asked]))
    if not found:
        return None
    row = found[0]
    return Explanation(
        asked, "claim", row["title"], "", row["period_start"], row["period_end"], (_evidence(row),)
    )


def _evidence(row: dict[str, Any]) -> Evidence:
    start, end = row["span_start"], row["span_end"]
    first, last = sentence(row["text"], (start, end))
    same = ("id", "event_id", "kind", "modality", "rule", "confidence", "source_id", "side", "is_primary")
    return Evidence(
        **{name: row[name] for name in (*same, "url", "lang", "published_at")},
        before=row["text"][first:start],
        quote=row["text"][start:end],
        after=row["text"][end:last],
        span=(start, end),
        retold=row["synthetic"],
    )


def sentence(text: str, span: Span) -> Span:
    """Return the sentence of *text* around *span*, cut to a bearable length.

    >>> text = "It rained. They met in Osh. Talks went on."
    >>> first, last = sentence(text, (16, 19)); text[first:last]
    'They met in Osh.'
    """
    start, end = span
    ends = [m.end() for m in re.finditer(r"[.!?…]+[»\"”)]*\s+|\n+", text[max(0, start - LONGEST) : start])]
    first = max(0, start - LONGEST) + ends[-1] if ends else max(0, start - LONGEST)
    stop = re.search(r"[.!?…]+[»\"”)]*(?=\s|$)|\n", text[max(start, end - 1) : end + LONGEST])
    if not stop:
        return first, min(len(text), end + LONGEST)
    return first, max(end, max(start, end - 1) + stop.end() - (stop[0] == "\n"))
