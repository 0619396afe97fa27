"""The ledger kept: which agreement each mention of a document means, after every load."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.model import States
from warehouse import bulk
from warehouse.agreements import Mention, group_mentions, name_groups, plain

_NAMED = """
    SELECT d.document_id, v.article_id, v.is_newest, d.agreement_id, d.type, d.status, d.states, d.status_date,
           _last_day(d.status_date, d.date_precision, NULL) AS last_date, d.topic, d.title, d.span_start
    FROM document d JOIN revision v USING (revision_id)
    WHERE d.states IN (SELECT states FROM _given)"""


def join_mentions(
    con: duckdb.DuckDBPyConnection, states: Iterable[States], fresh: set[str]
) -> list[tuple[str, str]]:
    """Give every mention that is newest, between *states*, its agreement; return those that changed, with the new one.

    *fresh* are the ids of documents that were not stored before.
    """
    asked = [(list(one),) for one in sorted(set(states))]
    if not asked:
        return []
    found = bulk.ask(con, _NAMED, asked, {"states": pa.list_(pa.string())})
    newest = [row for row in found if row["is_newest"]]
    before = {_title(row): row["agreement_id"] for row in found if not row["is_newest"]}
    stored = {
        row["document_id"]: row["agreement_id"] if row["document_id"] not in fresh else before[_title(row)]
        for row in newest
        if row["document_id"] not in fresh or _title(row) in before
    }
    named = name_groups(group_mentions(map(_mention, newest)), stored)
    moved = [
        (row["document_id"], new)
        for row in newest
        if (new := named[row["document_id"]]) != row["agreement_id"]
    ]
    sql = (
        "UPDATE document SET agreement_id = g.agreement FROM _given g WHERE document.document_id = g.document"
    )
    bulk.change(con, sql, moved, {"document": pa.string(), "agreement": pa.string()})
    return moved


def _title(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["article_id"], row["type"], plain(row["title"])


def _mention(row: dict[str, Any]) -> Mention:
    same = ("document_id", "article_id", "type", "status", "topic", "title")
    return Mention(
        **{name: row[name] for name in same},
        states=tuple(row["states"]),
        first=row["status_date"],
        last=row["last_date"],
        place=row["span_start"],
    )
