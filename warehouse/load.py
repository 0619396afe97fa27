"""One batch into the warehouse: one short transaction, and the same batch twice changes nothing.

sources, polls → articles, texts → what the texts say → event versions → alerts
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.config import Config
from bilateral.model import Article, Extraction, Linked, Poll, Skipped, States
from warehouse import bulk, rows
from warehouse.alerting import raise_alerts
from warehouse.answers import records
from warehouse.events import reported, store_events
from warehouse.ledger import join_mentions
from warehouse.schema import changed, put_setting, transaction

Reading = tuple[Article, Extraction]

DERIVED = ("report", "document", "claim", "topic")  # all with revision_id


@dataclass(frozen=True)
class Batch:
    """What one run found out, to be loaded at once."""

    run_id: str
    now: datetime
    config: Config
    polls: Sequence[Poll]
    read: Sequence[Reading]
    linked: Linked
    detector: str  # version of the rules that read the texts
    unchanged: Sequence[str] = ()  # ids of articles whose page is known already
    quiet: bool = False  # a rebuild: nothing rings, and events and documents are joined when all are there
    agreements: Mapping[str, str] = field(
        default_factory=dict
    )  # those of documents, where they are remembered


@dataclass(frozen=True)
class Loaded:
    """What a batch brought."""

    new_articles: int
    changed_articles: int
    unchanged: int
    new_events: list[str]
    alerts: int
    set_aside: tuple[Skipped, ...] = ()  # rows that no column could hold
    retold: frozenset[str] = frozenset()  # of the new events, those that rest on retold documents alone


@dataclass
class _Texts:
    """What the batch does to articles and their texts; filled article by article."""

    articles: dict[str, Article] = field(default_factory=dict)  # new ones
    texts: list[rows.Row] = field(default_factory=list)  # new ones
    newest: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # article → text, since when
    before: dict[str, str] = field(default_factory=dict)  # article → text that was the newest
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)  # texts that are known, by id
    derive: dict[str, Reading] = field(default_factory=dict)  # texts to read anew, by id
    pages: dict[str, str] = field(default_factory=dict)  # text → digest of its newest page
    numbers: Counter[str] = field(default_factory=Counter)  # article → texts that it has had


Journal = Callable[[str, Sequence[Mapping[str, object]]], None]


def unwritten(kind: str, entries: Sequence[Mapping[str, object]]) -> None:
    """Write nothing down: for a load whose facts stand in a journal already."""


def load(con: duckdb.DuckDBPyConnection, batch: Batch, journal: Journal = unwritten) -> Loaded:
    """Load *batch* whole or not at all, and say what it brought.

    What can be derived from no page, polls and the names of agreements, is told to *journal* before it is committed.
    """
    with transaction(con):
        touched = _store_sources(con, batch)
        polls = [rows.poll_row(p, batch.run_id) for p in batch.polls]
        touched += bulk.insert(con, "poll", polls, ignore=True)
        texts = _compare(con, batch)
        before = reported(con, texts.newest)
        touched += _store_articles(con, batch, texts) + _store_texts(con, batch, texts)
        moved, aside, named = _store_findings(con, texts, batch)
        touched += moved
        appended, alerts = 0, 0
        new_events: list[str] = []
        if not batch.quiet:
            appended, new_events = store_events(con, batch.linked, before, batch.run_id, batch.now)
            alerts = raise_alerts(con, batch.config, batch.run_id, batch.now)
        if touched + appended + alerts:
            changed(con)
        put_setting(con, "loaded_at", batch.now.isoformat())
        retold = _retold(con, new_events)
        journal("poll", polls)
        journal("agreement", [{"document_id": one, "agreement_id": name} for one, name in named])
    return replace(_loaded(batch, texts, new_events, alerts), set_aside=tuple(aside), retold=retold)


def _retold(con: duckdb.DuckDBPyConnection, events: list[str]) -> frozenset[str]:
    sql = """SELECT r.event_id FROM report r JOIN _current c USING (revision_id)
             WHERE r.event_id IN (SELECT id FROM _given) GROUP BY r.event_id HAVING bool_and(c.synthetic)"""
    found = bulk.ask(con, sql, [(event,) for event in events], {"id": pa.string()}) if events else []
    return frozenset(row["event_id"] for row in found)


def _loaded(batch: Batch, texts: _Texts, events: list[str], alerts: int) -> Loaded:
    changed_articles = sum(
        a in texts.before and texts.before[a] != text for a, (text, _) in texts.newest.items()
    )
    read = {article.article_id for article, _ in batch.read}
    unchanged = len(read) - len(texts.articles) - changed_articles + len(set(batch.unchanged) - read)
    return Loaded(len(texts.articles), changed_articles, unchanged, events, alerts)


def _store_sources(con: duckdb.DuckDBPyConnection, batch: Batch) -> int:
    """Write the sources of the configuration; one that left it is no longer enabled."""
    listed = [rows.source_row(source) for source in batch.config.sources]
    known = {row["source_id"]: row for row in records(con.execute("FROM source"))}
    fresh = [row for row in listed if known.get(row["source_id"]) != row]
    for row in fresh:
        bulk.run(con, "DELETE FROM source WHERE source_id = ?", [row["source_id"]])
    touched = bulk.insert(con, "source", fresh)
    ids = [row["source_id"] for row in listed]
    left = "UPDATE source SET enabled = false WHERE enabled AND NOT list_contains(?, source_id)"
    touched += bulk.run(con, left, [ids])
    named = {a.source_id: rows.named_source_row(a) for a, _ in batch.read if a.source_id not in ids}
    touched += bulk.insert(con, "source", list(named.values()), ignore=True)
    touched += put_setting(con, "watched_pairs", _json(batch.config.pairs))
    return touched + put_setting(con, "rules", batch.detector)


def _json(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _compare(con: duckdb.DuckDBPyConnection, batch: Batch) -> _Texts:
    """Hold the articles of *batch* against what is stored."""
    texts = _Texts()
    stored = bulk.ask(
        con,
        """SELECT revision_id, article_id, number, is_newest, current_from, page_sha256, detector
           FROM revision WHERE article_id IN (SELECT id FROM _given)""",
        [(article.article_id,) for article, _ in batch.read],
        {"id": pa.string()},
    )
    for row in stored:
        texts.seen[row["revision_id"]] = row
        texts.numbers[row["article_id"]] += 1
        if row["is_newest"]:
            texts.newest[row["article_id"]] = row["revision_id"], row["current_from"]
            texts.before[row["article_id"]] = row["revision_id"]
    for reading in sorted(batch.read, key=lambda r: r[0].fetched_at):
        _note(texts, reading, batch)
    return texts


def _note(texts: _Texts, reading: Reading, batch: Batch) -> None:
    article, _ = reading
    key, text = article.article_id, article.revision_id
    if key not in texts.newest:
        texts.articles[key] = article
    known = texts.seen.get(text)
    if known is None:
        texts.numbers[key] += 1
        row = rows.revision_row(article, texts.numbers[key], batch.detector, batch.now)
        texts.seen[text] = row
        texts.texts.append(row)
    if known is None or known["detector"] != batch.detector:
        texts.derive[text] = reading
    texts.pages[text] = article.page_sha256
    if key not in texts.newest or article.fetched_at >= texts.newest[key][1]:
        since = texts.newest[key][1] if texts.newest.get(key, ("",))[0] == text else article.fetched_at
        texts.newest[key] = text, since


def _store_articles(con: duckdb.DuckDBPyConnection, batch: Batch, texts: _Texts) -> int:
    touched = bulk.insert(con, "article", [rows.article_row(a) for a in texts.articles.values()])
    latest = {a.article_id: rows.article_row(a) for a, _ in batch.read if a.article_id not in texts.articles}
    names = ("article_id", "polled_as", "url", "work_id", "side", "is_primary", "synthetic")
    kinds = {n: pa.bool_() if n in ("is_primary", "synthetic") else pa.string() for n in names}
    differs = " OR ".join(f"article.{n} IS DISTINCT FROM g.{n}" for n in names[1:])
    sql = f"""UPDATE article SET {", ".join(f"{n} = g.{n}" for n in names[1:])}
              FROM _given g WHERE article.article_id = g.article_id AND ({differs})"""
    return touched + bulk.change(con, sql, [[row[n] for n in names] for row in latest.values()], kinds)


def _store_texts(con: duckdb.DuckDBPyConnection, batch: Batch, texts: _Texts) -> int:
    touched = bulk.insert(con, "revision", texts.texts)
    touched += bulk.change(
        con,
        """UPDATE revision SET page_sha256 = g.page FROM _given g
           WHERE revision.revision_id = g.id AND revision.page_sha256 <> g.page""",
        texts.pages.items(),
        {"id": pa.string(), "page": pa.string()},
    )
    touched += bulk.change(
        con,
        """UPDATE revision SET is_newest = revision.revision_id = g.text,
                  current_from = CASE WHEN revision.revision_id = g.text THEN g.since ELSE current_from END
           FROM _given g WHERE revision.article_id = g.id AND is_newest <> (revision.revision_id = g.text)""",
        [(article, text, since) for article, (text, since) in texts.newest.items()],
        {"id": pa.string(), "text": pa.string(), "since": pa.timestamp("us", "UTC")},
    )
    return touched + bulk.change(
        con,
        """UPDATE revision SET detector = g.detector, read_at = g.at
            FROM _given g WHERE revision.revision_id = g.id AND revision.detector <> g.detector""",
        [(text, batch.detector, batch.now) for text in texts.derive],
        {"id": pa.string(), "detector": pa.string(), "at": pa.timestamp("us", "UTC")},
    )


def _store_findings(
    con: duckdb.DuckDBPyConnection, texts: _Texts, batch: Batch
) -> tuple[int, list[Skipped], list[tuple[str, str]]]:
    """Replace what was found in the texts that were read anew; return also the agreements of documents that moved."""
    new = {row["revision_id"] for row in texts.texts}
    again = [(text,) for text in texts.derive if text not in new]
    known = {**batch.agreements, **_agreements(con, again)}
    if again:
        people = """DELETE FROM participant WHERE report_id IN
                    (SELECT report_id FROM report WHERE revision_id IN (SELECT id FROM _given))"""
        others = [f"DELETE FROM {table} WHERE revision_id IN (SELECT id FROM _given)" for table in DERIVED]
        for sql in (people, *others):
            bulk.change(con, sql, again, {"id": pa.string()})
    readings = list(texts.derive.values())
    figures = [rows.claim_rows(*reading) for reading in readings]
    found = {
        "report": [row for reading in readings for row in rows.report_rows(*reading)],
        "participant": [row for reading in readings for row in rows.participant_rows(*reading)],
        "document": [row for reading in readings for row in rows.document_rows(*reading)],
        "claim": [row for held, _ in figures for row in held],
        "topic": [row for reading in readings for row in rows.topic_rows(*reading)],
    }
    papers = found["document"]
    papers[:] = [
        {**row, "agreement_id": known.get(row["document_id"], row["agreement_id"])} for row in papers
    ]
    inserted = sum(bulk.insert(con, table, held) for table, held in found.items())
    fresh = {row["document_id"] for row in papers} - known.keys()
    joined = [] if batch.quiet else join_mentions(con, _touched(con, texts, papers), fresh)
    aside = [skipped for _, left_out in figures for skipped in left_out]
    return inserted + len(joined) + len(again), aside, joined


def _agreements(con: duckdb.DuckDBPyConnection, again: list[tuple[str]]) -> dict[str, str]:
    """Return the agreements of the documents of texts that are read anew: a mention that stays keeps its own."""
    sql = "SELECT document_id, agreement_id FROM document WHERE revision_id IN (SELECT id FROM _given)"
    return {row["document_id"]: row["agreement_id"] for row in bulk.ask(con, sql, again, {"id": pa.string()})}


def _touched(con: duckdb.DuckDBPyConnection, texts: _Texts, papers: list[rows.Row]) -> set[States]:
    """Return the states whose documents have to be joined anew: of what was read, and of texts that gave way."""
    sql = """SELECT DISTINCT d.states FROM document d JOIN revision v USING (revision_id)
             WHERE v.article_id IN (SELECT id FROM _given)"""
    articles = [(article,) for article in texts.newest]
    stored = bulk.ask(con, sql, articles, {"id": pa.string()}) if articles else []
    return {tuple(row["states"]) for row in (*papers, *stored)}
