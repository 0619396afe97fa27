"""What people decided: kept apart from what the machine derived, and read by linking, by the views and by `why`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import duckdb

from bilateral.errors import BilateralError
from bilateral.model import Correction, Member, States
from warehouse.answers import records, redirects

# The columns of an event that a person may put something in the place of, and where their codes are listed.
FIELDS = {
    **{"kind": "code_kind", "level": "code_level", "mode": "code_mode", "status": "code_event_status"},
    **dict.fromkeys(("start_date", "end_date"), "date"),
    **dict.fromkeys(("place_iso3", "host_iso3", "initiator_iso3"), "state"),
    **dict.fromkeys(("place", "margins_of", "title"), "text"),
}
NEVER_EMPTY = ("kind", "status", "start_date", "title")
# Where an id may be found, for notes.
IDS = {
    **{"event_version": "event_id", "report": "report_id", "claim": "claim_id", "document": "agreement_id"},
    **{"article": "article_id", "revision": "revision_id", "alert": "alert_id", "source": "source_id"},
}


def keep(con: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> int:
    """Store *corrections*, without those that are stored, and return how many were new."""
    from warehouse import bulk  # Arrow takes its time to load, and who only asks needs none

    return bulk.insert(con, "correction", [_row(one) for one in corrections], ignore=True)


def _row(one: Correction) -> dict[str, Any]:
    return {**asdict(one), "members": [asdict(member) for member in one.members]}


def all_of(con: duckdb.DuckDBPyConnection) -> list[Correction]:
    """Return all corrections, the oldest first, about the ids that their events have now."""
    moved = redirects(con)
    found = records(con.execute("FROM correction ORDER BY made_at, correction_id"))
    return [
        _correction({**row, "target": moved.get(row["target"], row["target"])})
        if row["action"] in ("merge", "split")
        else _correction(row)
        for row in found
    ]


def about(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[Correction]:
    """Return what people said of any of *ids*, the oldest first."""
    sql = "FROM correction WHERE list_contains($1, target) OR list_contains($1, value) ORDER BY made_at, correction_id"
    return [_correction(row) for row in records(con.execute(sql, [list(ids)]))]


def _correction(row: dict[str, Any]) -> Correction:
    members = tuple(Member(**member) for member in row["members"])
    return Correction(**{field.name: row[field.name] for field in fields(Correction)} | {"members": members})


def from_journal(entry: dict[str, Any]) -> Correction:
    """Return the correction of an entry of the journal."""
    members = [
        {**member, "start": date.fromisoformat(member["start"]) if member["start"] else None}
        for member in entry.get("members", ())
    ]
    empty = dict.fromkeys(field.name for field in fields(Correction))
    made_at = datetime.fromisoformat(entry["made_at"])
    known = {name: value for name, value in entry.items() if name in empty}
    return _correction({**empty, **known, "made_at": made_at, "members": members})


def members(con: duckdb.DuckDBPyConnection, column: str, ids: Sequence[str]) -> list[tuple[str, Member]]:
    """Return event and member of the current reports whose *column* is one of *ids*."""
    sql = f"""SELECT r.event_id, r.report_id, c.article_id, r.kind, r.start_date AS start
              FROM report r JOIN _current c USING (revision_id)
              WHERE list_contains(?, r.{column}) ORDER BY r.report_id"""
    return [(row.pop("event_id"), Member(**row)) for row in records(con.execute(sql, [list(ids)]))]


def event(con: duckdb.DuckDBPyConnection, asked: str) -> str | None:
    """Return the id that the event *asked* has now; None: there is none."""
    now = redirects(con).get(asked, asked)
    return now if con.execute("FROM _reading WHERE event_id = ?", [now]).fetchall() else None


def states(con: duckdb.DuckDBPyConnection, event_id: str) -> States:
    """Return the states of an event."""
    rows = con.execute("SELECT states FROM _reading WHERE event_id = ?", [event_id]).fetchall()
    return tuple(rows[0][0]) if rows else ()


def known(con: duckdb.DuckDBPyConnection, asked: str) -> bool:
    """Say whether anything has the id *asked*."""
    return any(
        con.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", [asked]).fetchall() != [(0,)]
        for table, column in IDS.items()
    )


def checked(con: duckdb.DuckDBPyConnection, field: str, value: str) -> str | None:
    """Return *value* as it is stored for *field*, None to take back; BilateralError says what is allowed."""
    if field not in FIELDS:
        raise BilateralError(f"{field}: nothing can be put in its place; can be: {', '.join(FIELDS)}")
    if value == "":
        return None
    if value == "none":
        if field in NEVER_EMPTY:
            raise BilateralError(f"{field}: cannot be empty")
        return value
    kind = FIELDS[field]
    if kind == "date":
        return _day(field, value)
    if kind == "state":
        return _state(field, value)
    return value if kind == "text" else _code(con, field, kind, value)


def _day(field: str, value: str) -> str:
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        raise BilateralError(f"{field}: {value!r} is no day, month or year such as 2025-11-26") from None
    if len(value) not in (4, 7, 10):
        raise BilateralError(f"{field}: {value!r} is no day, month or year such as 2025-11-26")
    return value


def _state(field: str, value: str) -> str:
    if len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
        return value
    raise BilateralError(f"{field}: {value!r} is no state: three capital letters such as KGZ")


def _code(con: duckdb.DuckDBPyConnection, field: str, listed: str, value: str) -> str:
    codes = [code for (code,) in con.execute(f"SELECT code FROM {listed} ORDER BY code").fetchall()]
    if value in codes:
        return value
    raise BilateralError(f"{field}: {value!r} is none of {', '.join(codes)}")
