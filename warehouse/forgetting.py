"""A document taken out of the database: its rows, what was found in it, and its words in alerts and polls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bilateral.model import Correction, Linked
from warehouse import bulk, corrections
from warehouse.answers import records
from warehouse.events import reported, store_events
from warehouse.load import DERIVED
from warehouse.schema import changed, transaction

# How addresses are held against each other: without scheme, www, fragment and last slash.
SAME = r"regexp_replace(regexp_replace(lower({}), '^https?://(www\.)?', ''), '/*(#.*)?$', '')"
GONE = "(forgotten)"


@dataclass(frozen=True)
class Address:
    """A document that has the address that was asked for."""

    article_id: str
    source_id: str
    key: str
    url: str


def find(con: duckdb.DuckDBPyConnection, asked: str) -> list[Address]:
    """Return the documents with the address, or the article id, *asked*."""
    same = f"{SAME.format('url')} = {SAME.format('$asked')}"
    sql = f"SELECT article_id, source_id, key, url FROM article WHERE article_id = $asked OR (url <> '' AND {same})"
    return [Address(**row) for row in records(con.execute(sql, {"asked": asked}))]


def forget(
    con: duckdb.DuckDBPyConnection,
    gone: Sequence[Address],
    linked: Linked,
    said: Sequence[Correction],
    run_id: str,
) -> None:
    """Remove the documents *gone* in one transaction; *linked* is what the rest of their events comes to without them."""
    articles = [(one.article_id,) for one in gone]
    names = {"id": pa.string()}
    with transaction(con):
        before = reported(con, [one.article_id for one in gone])
        texts = "SELECT revision_id FROM revision WHERE article_id IN (SELECT id FROM _given)"
        _clean_alerts(con, gone)
        people = f"DELETE FROM participant WHERE report_id IN (SELECT report_id FROM report WHERE revision_id IN ({texts}))"
        found = [f"DELETE FROM {table} WHERE revision_id IN ({texts})" for table in DERIVED]
        own = [
            f"DELETE FROM {table} WHERE article_id IN (SELECT id FROM _given)"
            for table in ("revision", "article")
        ]
        for sql in (people, *found, *own):
            bulk.change(con, sql, articles, names)
        corrections.keep(con, said)
        store_events(con, linked, before, run_id, said[0].made_at)
        changed(con)


def _clean_alerts(con: duckdb.DuckDBPyConnection, gone: Sequence[Address]) -> None:
    """Take the words of the documents out of alerts that cite them, and their addresses out of polls."""
    articles = [(one.article_id, one.url) for one in gone]
    names = {"id": pa.string(), "url": pa.string()}
    texts = "SELECT revision_id FROM revision WHERE article_id IN (SELECT id FROM _given)"
    facts = ", facts = NULL" if _has_facts(con) else ""
    sql = f"""UPDATE alert SET title = '{GONE}', reason = ''{facts}
              WHERE revision_id IN ({texts})
                 OR EXISTS (FROM _given g WHERE g.url <> '' AND contains(alert.reason, g.url))"""
    bulk.change(con, sql, articles, names)
    sql = """UPDATE poll SET skipped = [s FOR s IN skipped IF NOT list_contains($urls, s.item)]
             WHERE list_has_any([s.item FOR s IN skipped], $urls)"""
    bulk.run(con, sql, {"urls": [one.url for one in gone]})


def _has_facts(con: duckdb.DuckDBPyConnection) -> bool:
    sql = "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'alert' AND column_name = 'facts'"
    return con.execute(sql).fetchall() != [(0,)]
