"""The two sides of one event: what each says of it, its parts included, and what only one of them says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bilateral.model import family
from warehouse.answers import records, redirects
from warehouse.reading import Limits, QuestionError, reading
from warehouse.why import sentence

Row = dict[str, Any]
Related = tuple[str, str, bool]  # two figures of one series, and whether they agree


@dataclass(frozen=True)
class Item:
    """One thing that one side says, once, in the words of its best page."""

    what: str  # report, claim, document, topic, participant
    label: str  # kind of the report, figure, title of the document …
    quote: str
    source_id: str
    url: str
    lang: str
    published_at: datetime | None
    is_primary: bool
    retold: bool
    only: bool  # the other side does not say it
    pages: int  # documents of this side that say it
    differs: bool = False  # of a figure: the other side gives another one of the same series
    series: str | None = None  # the same for what both sides say, and for their figures of one series
    before: str = ""  # the sentence around the quotation
    after: str = ""
    value: Decimal | None = None  # of a figure, in its base unit
    unit: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What both sides say of an event, each in order: reports, claims, documents, topics, participants."""

    event_id: str
    title: str
    a: str  # the first state of the pair
    b: str
    said_by_a: tuple[Item, ...]
    said_by_b: tuple[Item, ...]
    said_by_others: tuple[Item, ...]  # agencies and third states


# Each item with the key under which it stands once a side.
_ITEMS = """
    WITH part AS (
        SELECT event_id FROM _reading WHERE $event IN (event_id, parent_event_id)
    ), item AS (
        SELECT 1 AS rank, 'report' AS what, concat_ws('|', kind, nullif(modality, 'asserted')) AS key,
               kind || CASE modality WHEN 'asserted' THEN '' ELSE ' (' || modality || ')' END AS label, revision_id, quote, span_start,
               NULL AS claim_id, NULL::DECIMAL(28, 6) AS value, NULL AS unit
        FROM report WHERE event_id IN (FROM part)
        UNION ALL
        SELECT 2, 'claim', concat_ws('|', metric, measure, scope, period_start, period_end, value_base, base_unit),
               concat_ws(' ', metric, nullif(comparator, '='), regexp_replace(value::VARCHAR, '\\.?0+$', ''), unit, scope,
                         period_start || '/' || period_end), revision_id, quote, span_start, claim_id, value_base, base_unit
        FROM claims WHERE event_id IN (FROM part)
        UNION ALL
        SELECT DISTINCT 3, 'document', agreement_id, title || ' (' || status || ')', revision_id, quote, NULL, NULL, NULL, NULL
        FROM _named WHERE event_id IN (FROM part)
        UNION ALL
        SELECT 4, 'topic', code, code, revision_id, quote, span_start, NULL, NULL, NULL FROM _subject WHERE part IN (FROM part)
        UNION ALL
        SELECT 5, 'participant', p.actor_id, p.name || coalesce(' (' || p.office || ')', ''), r.revision_id,
               r.quote, r.span_start, NULL, NULL, NULL
        FROM participant p JOIN report r USING (report_id) WHERE r.event_id IN (FROM part)
    )
    SELECT i.rank, i.what, i.key, i.label, i.quote, c.source_id, c.side, c.url, c.lang, c.published_at, c.is_primary,
           c.synthetic AS retold, c.article_id, i.claim_id, i.value, i.unit,
           coalesce(i.span_start, strpos(v.text, i.quote) - 1) AS span_start, v.text
    FROM item i JOIN _current c USING (revision_id) JOIN revisions v USING (revision_id)
    ORDER BY i.rank, i.key, NOT c.is_primary, c.synthetic, c.lang <> 'en', c.published_at, c.article_id, span_start"""

_RELATED = """
    SELECT claim_id, other_id, agree FROM _series
    WHERE list_contains($claims, claim_id) AND list_contains($claims, other_id) ORDER BY ALL"""


def compare(db: Path, asked: str, *, limits: Limits | None = None) -> Comparison:
    """Hold the two sides of the event with the id *asked* against each other; QuestionError: no such event."""
    with reading(db, limits or Limits()) as con:
        event = _event(con, redirects(con).get(asked, asked), asked)
        found = records(con.execute(_ITEMS, {"event": event["event_id"]}))
        claims = [row["claim_id"] for row in found if row["claim_id"]]
        related = con.execute(_RELATED, {"claims": claims}).fetchall() if claims else []
    a, b = event["pair_id"].split("-")
    ours, theirs, others = (
        [r for r in found if r["side"] == a],
        [r for r in found if r["side"] == b],
        [r for r in found if r["side"] not in (a, b)],
    )
    series = _series(related)
    return Comparison(
        event["event_id"],
        event["title"],
        a,
        b,
        _items(ours, theirs, related, series),
        _items(theirs, ours, related, series),
        _items(others, ours + theirs, related, series),
    )


def _event(con: duckdb.DuckDBPyConnection, event_id: str, asked: str) -> dict[str, Any]:
    sql = "SELECT event_id, title, pair_id FROM events WHERE event_id = ? ORDER BY NOT watched, pair_id"
    found = records(con.execute(sql, [event_id]))
    if not found:
        raise QuestionError(
            f'{asked}: no event of two states has this id; `bilateral ask "FROM events"` lists events'
        )
    return found[0]


def _series(related: Iterable[Related]) -> dict[str, str]:
    """Return for each figure the first of the figures that belong beside it."""
    first: dict[str, str] = {}
    for one, other, _ in related:
        old, new = (first.setdefault(claim, claim) for claim in (max(one, other), min(one, other)))
        if old != new:
            first = {claim: min(old, new) if root in (old, new) else root for claim, root in first.items()}
    return first


def _items(
    found: Sequence[Row], others: Sequence[Row], related: Sequence[Related], series: Mapping[str, str]
) -> tuple[Item, ...]:
    """Return one item a key, in the words of the first row, which is the best."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        rows.setdefault((row["what"], row["key"]), []).append(row)
    said = {_shared(row) for row in others}
    theirs = {row["claim_id"] for row in others}
    answers: dict[str, list[bool]] = {}
    for one, other, agree in related:
        if other in theirs:
            answers.setdefault(one, []).append(agree)
    items = []
    for held in rows.values():
        agreed = [agree for row in held for agree in answers.get(row["claim_id"], [])]
        only = not agreed and _shared(held[0]) not in said
        differs = bool(agreed) and not any(agreed) and _shared(held[0]) not in said
        items.append(
            _item(held, only, differs, series.get(held[0]["claim_id"]) or "|".join(_shared(held[0])))
        )
    return tuple(items)


def _shared(row: Row) -> tuple[str, str]:
    """Return what both sides say where they say the same: of reports the family of the kind, planned or not."""
    return row["what"], family(row["key"].partition("|")[0]) if row["what"] == "report" else row["key"]


def _item(held: Sequence[Row], only: bool, differs: bool, series: str) -> Item:
    best = held[0]
    same = ("what", "label", "quote", "source_id", "url", "lang", "published_at", "is_primary", "retold")
    start, end = best["span_start"], best["span_start"] + len(best["quote"])
    first, last = sentence(best["text"], (start, end)) if start >= 0 else (0, 0)
    return Item(
        **{name: best[name] for name in (*same, "value", "unit")},
        only=only,
        pages=len({row["article_id"] for row in held}),
        differs=differs,
        series=series,
        before=best["text"][first : max(start, 0)],
        after=best["text"][end:last] if start >= 0 else "",
    )
