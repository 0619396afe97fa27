"""Stored reports as linking wants to see them: those near in states and days, and those of one article."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.model import Date, Linkable, States
from warehouse import bulk

# A report without a date means its day of publication, as in linking.
_REPORTS = """
    WITH here AS (
        SELECT r.*, c.article_id, c.source_id, c.is_primary, c.work_id, c.published_at,
               coalesce(r.start_date, (c.published_at AT TIME ZONE 'UTC')::DATE) AS first,
               coalesce(_last_day(r.start_date, r.date_precision, r.end_date), first) AS last
        FROM report r JOIN _current c USING (revision_id)
    ), people AS (
        SELECT report_id, list(DISTINCT actor_id ORDER BY actor_id) AS persons,
               list(DISTINCT {{'side': side, 'level': level}}) FILTER (side IS NOT NULL AND level IS NOT NULL) AS levels
        FROM participant GROUP BY report_id
    ), {which}
    SELECT h.*, coalesce(p.persons, []) AS persons, coalesce(p.levels, []) AS levels
    FROM here h LEFT JOIN people p USING (report_id)
    WHERE {wanted} ORDER BY h.report_id"""
_NEAR = """
    hit AS (
        SELECT h.report_id, h.event_id FROM here h JOIN _given g ON g.states = h.states
        WHERE (h.first <= g.until + 3 AND h.last >= g.since - 3) OR (h.first IS NULL AND g.since IS NULL)
    ), family AS (
        SELECT e.event_id FROM _reading e
        WHERE coalesce(e.parent_event_id, e.event_id) IN (
            SELECT coalesce(f.parent_event_id, f.event_id) FROM _reading f JOIN hit ON hit.event_id = f.event_id)
    )"""


def near(
    con: duckdb.DuckDBPyConnection,
    states_days: Iterable[tuple[States, date | None, date | None]],
    without: Collection[str] = (),
) -> list[Linkable]:
    """Return the current reports that share states with *states_days* and lie at most three days away.

    Of each event that one of them belongs to, all reports come, those of the whole visit with its parts included;
    so do reports that have no event yet. (states, None, None) asks for those without any day. *without*: ids of
    articles that are just being read again.
    """
    asked = [(list(states), since, until) for states, since, until in states_days]
    wanted = "h.report_id IN (SELECT report_id FROM hit) OR h.event_id IN (FROM family)"
    found = bulk.ask(
        con,
        _REPORTS.format(which=_NEAR, wanted=wanted),
        asked,
        {"states": pa.list_(pa.string()), "since": pa.date32(), "until": pa.date32()},
    )
    return [_linkable(row) for row in found if row["article_id"] not in without]


def of_articles(con: duckdb.DuckDBPyConnection, articles: Collection[str]) -> dict[str, list[Linkable]]:
    """Return the current reports of each of the *articles*: what a newer text or newer rules will replace."""
    which = "wanted AS (SELECT id FROM _given)"
    sql = _REPORTS.format(which=which, wanted="h.article_id IN (FROM wanted)")
    found: dict[str, list[Linkable]] = {}
    for row in bulk.ask(con, sql, [(a,) for a in articles], {"id": pa.string()}):
        found.setdefault(row["article_id"], []).append(_linkable(row))
    return found


def _linkable(row: dict[str, Any]) -> Linkable:
    levels = sorted((level["side"], level["level"]) for level in row["levels"])
    same = (
        *("report_id", "event_id", "kind", "modality", "place", "place_iso3", "host_iso3", "initiator_iso3"),
        *("margins_of", "source_id", "work_id", "confidence", "published_at", "date_basis"),
    )
    return Linkable(
        **{name: row[name] for name in same},
        states=tuple(row["states"]),
        start=_date(row["start_date"], row["date_precision"]),
        end=_date(row["end_date"], row["end_precision"]),
        persons=tuple(row["persons"]),
        levels=tuple(levels),
        primary=row["is_primary"],
    )


def _date(day: date | None, precision: str) -> Date | None:
    return Date(day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]) if day else None
