"""A database derived anew: what only the old one knows is carried over, findings of the same rules are taken as they are.

old ─ remember ─→ Memory      fresh ─ begin(old) → load(quiet) … take(old) → settle ─→ tallies, then in the old one's place
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.model import Linkable, Linked
from warehouse import bulk, candidates
from warehouse.agreements import minted, plain
from warehouse.answers import records
from warehouse.events import store_events
from warehouse.ledger import join_mentions
from warehouse.load import DERIVED
from warehouse.schema import changed, put_setting, transaction

# What no page tells. Everything else is derived.
KEPT = ("source", "poll", "alert", "delivery", "silence", "event_version", "correction")
SETTINGS = ("changes", "published", "published_at", "loaded_at")
_DOCUMENTS = """
    SELECT d.document_id, d.agreement_id, c.article_id, d.type, d.title FROM document d JOIN _current c USING (revision_id)"""


@dataclass(frozen=True)
class Memory:
    """What an earlier database or the journal knows of ids, and which texts need not be read again."""

    reports: Mapping[str, Sequence[Linkable]]  # by article; each with the event that it belongs to
    agreements: Mapping[str, str] = field(default_factory=dict)  # by document
    titles: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # by article, type and title
    read: frozenset[str] = frozenset()  # texts that the present rules have read

    def agreement(self, row: Mapping[str, Any]) -> str | None:
        """Return the agreement of a document: of the same mention, else of its title in the same article."""
        return self.agreements.get(row["document_id"]) or self.titles.get(_title(row))


@dataclass(frozen=True)
class Tally:
    """How many findings of one sort there were, and are now."""

    what: str  # report, event, claim, document, topic
    code: str
    lang: str | None
    before: int
    after: int
    new: int
    gone: int
    changed: int


def remember(con: duckdb.DuckDBPyConnection, detector: str) -> Memory:
    """Return what the open database knows of ids, and which of its texts *detector* has read."""
    articles = [one for (one,) in con.execute("SELECT article_id FROM article").fetchall()]
    documents = records(con.execute(_DOCUMENTS))
    read = con.execute("SELECT revision_id FROM revision WHERE detector = ?", [detector]).fetchall()
    return Memory(
        candidates.of_articles(con, articles),
        {row["document_id"]: row["agreement_id"] for row in documents},
        {_title(row): row["agreement_id"] for row in documents},
        frozenset(one for (one,) in read),
    )


def _title(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["article_id"], row["type"], plain(row["title"])


def begin(con: duckdb.DuckDBPyConnection, old: Path) -> None:
    """Attach the *old* database, which nobody has open, and carry over what no page tells."""
    quoted = str(old).replace("'", "''")
    con.execute(f"ATTACH '{quoted}' AS old (READ_ONLY)")
    with transaction(con):
        for table in KEPT:
            if _both_have(con, table):
                con.execute(f"INSERT INTO main.{table} BY NAME FROM old.main.{table}").fetchall()
        sql = "SELECT key, value FROM old.main.setting WHERE list_contains(?, key)"
        for key, value in con.execute(sql, [list(SETTINGS)]).fetchall():
            put_setting(con, key, value)


def keep_polls(con: duckdb.DuckDBPyConnection, entries: Iterable[Mapping[str, Any]]) -> int:
    """Store the polls of the journal, without those that are stored, and return how many were new."""
    times = ("started_at", "finished_at")
    rows = [{**row, **{name: datetime.fromisoformat(row[name]) for name in times}} for row in entries]
    return bulk.insert(con, "poll", rows, ignore=True)


def _both_have(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    sql = "SELECT count(*) FROM duckdb_tables() WHERE table_name = ? AND NOT internal"
    return con.execute(sql, [table]).fetchall() == [(2,)]


def take(con: duckdb.DuckDBPyConnection, texts: Iterable[str]) -> None:
    """Take the findings of these *texts* from the old database, where the present rules have read them."""
    given = [(text,) for text in texts]
    same = "revision_id IN (SELECT id FROM _given)"
    with transaction(con):
        for table in DERIVED:
            less = " REPLACE (NULL AS event_id)" if table == "report" else ""
            sql = f"INSERT INTO main.{table} BY NAME SELECT *{less} FROM old.main.{table} WHERE {same}"
            bulk.change(con, sql, given, {"id": pa.string()})
        people = f"""INSERT INTO main.participant BY NAME FROM old.main.participant
                     WHERE report_id IN (SELECT report_id FROM old.main.report WHERE {same})"""
        bulk.change(con, people, given, {"id": pa.string()})


def settle(
    con: duckdb.DuckDBPyConnection, linked: Linked, memory: Memory, run_id: str, now: datetime
) -> None:
    """Store the events of all texts at once and join the documents, keeping the names that *memory* knows."""
    with transaction(con):
        fresh = _name_documents(con, memory)
        states = con.execute("SELECT DISTINCT states FROM document").fetchall()
        join_mentions(con, {tuple(one) for (one,) in states}, fresh)
        before = con.execute("SELECT DISTINCT event_id FROM event_version").fetchall()
        store_events(con, linked, [event for (event,) in before], run_id, now)
        _redirect(con, linked, run_id, now)
        changed(con)


def _name_documents(con: duckdb.DuckDBPyConnection, memory: Memory) -> set[str]:
    """Give documents the agreements that are remembered; return the ids of those that nobody remembers."""
    documents = records(con.execute(_DOCUMENTS))
    named = [(row["document_id"], name) for row in documents if (name := memory.agreement(row))]
    bulk.change(
        con,
        "UPDATE document SET agreement_id = g.agreement FROM _given g WHERE document.document_id = g.document",
        named,
        {"document": pa.string(), "agreement": pa.string()},
    )
    return {row["document_id"] for row in documents} - {document for document, _ in named}


def agreements(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the agreement of each document whose name is not the one that its own mention would give it."""
    rows = con.execute("SELECT document_id, agreement_id FROM document ORDER BY document_id").fetchall()
    return {document: name for document, name in rows if name != minted(document)}


def _redirect(con: duckdb.DuckDBPyConnection, linked: Linked, run_id: str, now: datetime) -> None:
    """Let ids that were merged away before lead on, where no version of them was carried over."""
    made = {"recorded_at": now, "run_id": run_id}
    for old, new in linked.merged:
        bulk.run(
            con,
            """INSERT INTO event_version BY NAME
               SELECT * REPLACE ($old AS event_id, 1 AS version, $recorded_at AS recorded_at, $run_id AS run_id,
                                 'merged' AS cause, $new AS merged_into)
               FROM event_version WHERE event_id = $new AND NOT EXISTS (FROM event_version WHERE event_id = $old)
               ORDER BY version DESC LIMIT 1""",
            {"old": old, "new": new, **made},
        )


# All that is found, one row a finding: what, code, lang, id, and what is believed of it.
FINDINGS = """
    SELECT 'report' AS what, kind AS code, lang, report_id AS id,
           concat_ws('|', modality, states, start_date, end_date, place) AS said FROM event_reports
    UNION ALL
    SELECT 'claim', m.metric, c.lang, m.claim_id,
           concat_ws('|', m.measure, m.value, m.unit, m.period_start, m.period_end, m.scope, m.speaker)
    FROM claim m JOIN _current c USING (revision_id)
    UNION ALL
    SELECT 'document', d.type, c.lang, d.document_id, concat_ws('|', d.agreement_id, d.status, d.status_date, d.title)
    FROM document d JOIN _current c USING (revision_id)
    UNION ALL
    SELECT 'topic', t.code, c.lang, concat_ws('|', t.revision_id, t.code, t.report_id, t.span_start), ''
    FROM topic t JOIN _current c USING (revision_id)
    UNION ALL
    SELECT 'event', kind, NULL, event_id,
           concat_ws('|', level, mode, status, states, start_date, end_date, place, parent_event_id, title)
    FROM _reading WHERE status <> 'retracted'"""


def findings(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return all that is found in the open database, for `tallies`."""
    found: pa.Table = con.sql(FINDINGS).to_arrow_table()
    return found


def tallies(con: duckdb.DuckDBPyConnection, before: pa.Table | None) -> list[Tally]:
    """Return how the findings of the open database differ from those *before*, by what, code and language."""
    con.register("_before", findings(con).slice(0, 0) if before is None else before)
    sql = f"""
        SELECT coalesce(a.what, b.what) AS what, coalesce(a.code, b.code) AS code, coalesce(a.lang, b.lang) AS lang,
               count(b.id) AS before, count(a.id) AS after, count(*) FILTER (b.id IS NULL) AS new,
               count(*) FILTER (a.id IS NULL) AS gone, count(*) FILTER (a.said <> b.said) AS changed
        FROM ({FINDINGS}) a FULL JOIN _before b ON a.what = b.what AND a.code = b.code AND a.id = b.id
        GROUP BY ALL ORDER BY ALL"""
    try:
        return [Tally(**row) for row in records(con.execute(sql))]
    finally:
        con.unregister("_before")
