"""What is believed of events: versions are appended, never changed; ids that were merged point on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.model import Linked
from warehouse import bulk, rows

NEWEST = """FROM event_version WHERE event_id IN (SELECT id FROM _given)
            QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1"""


def reported(con: duckdb.DuckDBPyConnection, articles: Iterable[str]) -> set[str]:
    """Return the events that *articles* report now: those that may lose a report when these are read again."""
    sql = """SELECT DISTINCT event_id FROM report
             WHERE event_id IS NOT NULL AND revision_id IN (
                 SELECT revision_id FROM revision WHERE is_newest AND article_id IN (SELECT id FROM _given))"""
    return _ids(con, sql, articles)


def moved(con: duckdb.DuckDBPyConnection, linked: Linked) -> dict[str, list[str]]:
    """Return the reports that *linked* gives to an event that they do not belong to yet, by event."""
    sql = """SELECT g.event, list(g.report ORDER BY g.report) AS reports FROM _given g
             LEFT JOIN report r ON r.report_id = g.report
             WHERE r.event_id IS DISTINCT FROM g.event GROUP BY g.event ORDER BY g.event"""
    belongs = [(report, event.event_id) for event in linked.events for report in event.report_ids]
    found = bulk.ask(con, sql, belongs, {"report": pa.string(), "event": pa.string()})
    return {row["event"]: row["reports"] for row in found}


def store_events(
    con: duckdb.DuckDBPyConnection, linked: Linked, before: Iterable[str], run_id: str, now: datetime
) -> tuple[int, list[str]]:
    """Give reports to their events and append the readings that differ from the newest ones.

    *before* are events that may have lost a report to what was just stored. Returns how many rows changed, and the
    ids of the events that are new.
    """
    held = "SELECT DISTINCT event_id FROM report WHERE event_id IS NOT NULL AND report_id IN (SELECT id FROM _given)"
    shaken = {*before, *_ids(con, held, (r for e in linked.events for r in e.report_ids))}
    moved = _give_reports(con, linked)
    stored = _newest(con, [*(e.event_id for e in linked.events), *(old for old, _ in linked.merged)])
    readings = [row for row in map(rows.reading_row, linked.events) if _differs(row, stored)]
    redirects = [
        {**stored[old], "merged_into": new}
        for old, new in linked.merged
        if old in stored and stored[old]["merged_into"] != new
    ]
    versions = [_version(row, stored, "reports", run_id, now) for row in readings]
    versions += [_version(row, stored, "merged", run_id, now) for row in redirects]
    appended = bulk.insert(con, "event_version", versions)
    withdrawn = _retract(con, {*shaken, *(e.event_id for e in linked.events)}, run_id, now)
    new = [row["event_id"] for row in readings if row["event_id"] not in stored]
    return moved + appended + len(withdrawn), [event for event in new if event not in withdrawn]


def _give_reports(con: duckdb.DuckDBPyConnection, linked: Linked) -> int:
    """Write to each current report the event that it belongs to now; those that left their event have none."""
    belongs = [(report, event.event_id) for event in linked.events for report in event.report_ids]
    names = {"report": pa.string(), "event": pa.string()}
    moved = bulk.change(
        con,
        """UPDATE report SET event_id = g.event FROM _given g
           WHERE report.report_id = g.report AND report.event_id IS DISTINCT FROM g.event""",
        belongs,
        names,
    )
    moved += bulk.change(
        con,
        "UPDATE report SET event_id = g.event FROM _given g WHERE report.event_id = g.report",
        linked.merged,
        names,
    )
    return moved + bulk.change(
        con,
        """UPDATE report SET event_id = NULL
           WHERE event_id IN (SELECT event FROM _given) AND report_id NOT IN (SELECT report FROM _given)
             AND revision_id IN (SELECT revision_id FROM revision WHERE is_newest)""",
        belongs,
        names,
    )


def _newest(con: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    given = [(event,) for event in dict.fromkeys(ids)]
    return {row["event_id"]: row for row in bulk.ask(con, NEWEST, given, {"id": pa.string()})}


def _differs(row: rows.Row, stored: Mapping[str, rows.Row]) -> bool:
    known = stored.get(row["event_id"])
    return known is None or any(bulk.safe(row[column]) != known[column] for column in row)


def _version(
    row: rows.Row, stored: Mapping[str, rows.Row], cause: str, run_id: str, now: datetime
) -> rows.Row:
    known = stored.get(row["event_id"])
    number = known["version"] + 1 if known else 1
    made = {"version": number, "recorded_at": now, "run_id": run_id, "cause": cause if known else "new"}
    return {**row, **made}


def _retract(con: duckdb.DuckDBPyConnection, shaken: set[str], run_id: str, now: datetime) -> set[str]:
    """Append the version `retracted` to those of *shaken* that current texts at most recall, and leave them."""
    told = """SELECT DISTINCT r.event_id FROM report r JOIN revision v USING (revision_id)
              WHERE v.is_newest AND r.modality <> 'recalled' AND r.event_id IN (SELECT id FROM _given)"""
    lost = shaken - _ids(con, told, shaken)
    alone = "UPDATE report SET event_id = NULL WHERE modality = 'recalled' AND event_id IN (SELECT id FROM _given)"
    bulk.change(con, alone, [(event,) for event in lost], {"id": pa.string()})
    stored = {
        event: row
        for event, row in _newest(con, lost).items()
        if row["merged_into"] is None and row["status"] != "retracted"
    }
    gone = [
        _version({**row, "status": "retracted"}, stored, "retracted", run_id, now) for row in stored.values()
    ]
    bulk.insert(con, "event_version", gone)
    return set(stored)


def _ids(con: duckdb.DuckDBPyConnection, sql: str, given: Iterable[str]) -> set[str]:
    found = bulk.ask(con, sql, [(one,) for one in dict.fromkeys(given)], {"id": pa.string()})
    return {row["event_id"] for row in found}
