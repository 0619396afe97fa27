"""Reports as linking wants to see them: those just read, those stored near in states and days, those of one article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.model import Article, Date, Extraction, Linkable, Report, States, report_id
from warehouse import bulk, rows

# What linking looks at in reports whose ids are given. Which ones is asked before: a table in hand is known to be small,
# and all joins begin with it.
_REPORTS = """
    WITH people AS (
        SELECT report_id, list(DISTINCT actor_id ORDER BY actor_id) AS persons,
               list(DISTINCT {'side': side, 'level': level}) FILTER (side IS NOT NULL AND level IS NOT NULL) AS levels
        FROM participant WHERE report_id IN (SELECT id FROM _given) GROUP BY report_id
    ), told AS MATERIALIZED (
        SELECT r.*, v.article_id, v.published_at FROM report r JOIN _given g ON g.id = r.report_id
        JOIN revision v ON v.revision_id = r.revision_id AND v.is_newest
    ), text AS MATERIALIZED (SELECT DISTINCT revision_id, states FROM told),
    figure AS (
        SELECT revision_id, states, list(DISTINCT {'metric': metric, 'value': value_base}) AS figures
        FROM claim WHERE revision_id IN (SELECT revision_id FROM text) GROUP BY ALL
    ), paper AS (
        SELECT revision_id, states, list(DISTINCT {'type': type, 'topic': coalesce(topic, title)}) AS documents
        FROM document WHERE revision_id IN (SELECT revision_id FROM text) GROUP BY ALL
    )
    SELECT t.*, a.source_id, a.is_primary, a.work_id, coalesce(p.persons, []) AS persons, coalesce(p.levels, []) AS levels,
           coalesce(f.figures, []) AS figures, coalesce(d.documents, []) AS documents
    FROM told t JOIN article a USING (article_id) LEFT JOIN people p ON p.report_id = t.report_id
    LEFT JOIN figure f ON f.revision_id = t.revision_id AND f.states = t.states
    LEFT JOIN paper d ON d.revision_id = t.revision_id AND d.states = t.states
    ORDER BY t.report_id"""
# A report without a date means its day of publication, as in linking. The days of all questions together come first,
# as bare columns and constants, so that what lies outside of them is passed over unread.
_NEAR = """
    WITH hit AS MATERIALIZED (
        SELECT r.report_id, r.event_id FROM report r JOIN _given g ON g.states = r.states
        WHERE r.start_date <= $until AND (r.start_date >= $begun OR r.end_date >= $since)
          AND r.start_date <= g.until + 3 AND _last_day(r.start_date, r.date_precision, r.end_date) >= g.since - 3
        UNION
        SELECT r.report_id, r.event_id FROM report r JOIN revision v USING (revision_id) JOIN _given g ON g.states = r.states
        WHERE r.start_date IS NULL AND v.is_newest
          AND ((v.published_at AT TIME ZONE 'UTC')::DATE BETWEEN g.since - 3 AND g.until + 3
               OR (v.published_at IS NULL AND g.since IS NULL))
    ), root AS MATERIALIZED (
        SELECT DISTINCT coalesce(parent_event_id, event_id) AS event_id FROM (
            FROM event_version WHERE event_id IN (SELECT event_id FROM hit)
            QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1)
    ), member AS MATERIALIZED (
        SELECT event_id FROM event_version WHERE parent_event_id IN (FROM root) UNION FROM root UNION SELECT event_id FROM hit
    ), family AS MATERIALIZED (
        SELECT event_id FROM (
            FROM event_version WHERE event_id IN (FROM member)
            QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1)
        WHERE merged_into IS NULL AND coalesce(parent_event_id, event_id) IN (FROM root)
    )
    SELECT report_id AS id FROM hit UNION SELECT report_id FROM report WHERE event_id IN (FROM family)"""
_OF_ARTICLES = """
    SELECT r.report_id AS id FROM report r JOIN revision v USING (revision_id)
    WHERE v.is_newest AND v.article_id IN (SELECT id FROM _given)"""
EITHER_WAY = timedelta(days=3)
LONGEST = timedelta(days=366)  # what a month or a year can mean beyond its first day


def linkables(article: Article, found: Extraction) -> list[Linkable]:
    """Return the reports of an article that was just read, with the very figures and documents that will be stored."""
    figures, papers = defaultdict(set), defaultdict(set)
    for claim in rows.claim_rows(article, found)[0]:
        figures[tuple(claim["states"])].add((claim["metric"], claim["value_base"]))
    for paper in rows.document_rows(article, found):
        papers[tuple(paper["states"])].add((paper["type"], paper["topic"] or paper["title"]))
    return [
        replace(
            _fresh(article, report),
            figures=tuple(sorted(figures[report.states])),
            documents=tuple(sorted(papers[report.states])),
        )
        for report in found.reports
    ]


def _fresh(article: Article, report: Report) -> Linkable:
    same = (
        *("kind", "modality", "states", "start", "end", "place", "place_iso3", "host_iso3", "initiator_iso3"),
        *("margins_of", "confidence", "date_basis"),
    )
    levels = {(p.side, p.level) for p in report.participants if p.side and p.level}
    return Linkable(
        **{name: getattr(report, name) for name in same},
        report_id=report_id(article.revision_id, report),
        event_id=None,
        persons=tuple(sorted({p.actor_id for p in report.participants})),
        levels=tuple(sorted(levels)),
        primary=article.primary and not article.synthetic,
        source_id=article.source_id,
        work_id=article.work_id,
        published_at=article.published_at,
        article_id=article.article_id,
    )


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
    since = min((day for _, day, _ in asked if day), default=date.max - LONGEST) - EITHER_WAY
    until = max((day for _, _, day in asked if day), default=date.min) + EITHER_WAY
    found = bulk.ask(
        con,
        _NEAR,
        asked,
        {"states": pa.list_(pa.string()), "since": pa.date32(), "until": pa.date32()},
        {"since": since, "until": until, "begun": since - LONGEST},
    )
    return [_linkable(row) for row in _reports(con, found) if row["article_id"] not in without]


def of_articles(con: duckdb.DuckDBPyConnection, articles: Collection[str]) -> dict[str, list[Linkable]]:
    """Return the current reports of each of the *articles*: what a newer text or newer rules will replace."""
    found: dict[str, list[Linkable]] = {}
    for row in _reports(con, bulk.ask(con, _OF_ARTICLES, [(a,) for a in articles], {"id": pa.string()})):
        found.setdefault(row["article_id"], []).append(_linkable(row))
    return found


def _reports(con: duckdb.DuckDBPyConnection, ids: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return bulk.ask(con, _REPORTS, [(row["id"],) for row in ids], {"id": pa.string()})


def _linkable(row: dict[str, Any]) -> Linkable:
    levels = sorted((level["side"], level["level"]) for level in row["levels"])
    same = (
        *("report_id", "event_id", "kind", "modality", "place", "place_iso3", "host_iso3", "initiator_iso3"),
        *("margins_of", "source_id", "work_id", "confidence", "published_at", "date_basis"),
        "article_id",
    )
    return Linkable(
        **{name: row[name] for name in same},
        states=tuple(row["states"]),
        start=_date(row["start_date"], row["date_precision"]),
        end=_date(row["end_date"], row["end_precision"]),
        persons=tuple(row["persons"]),
        levels=tuple(levels),
        primary=row["is_primary"],
        figures=tuple(sorted((f["metric"], f["value"]) for f in row["figures"])),
        documents=tuple(sorted((d["type"], d["topic"]) for d in row["documents"])),
    )


def _date(day: date | None, precision: str) -> Date | None:
    return Date(day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]) if day else None
