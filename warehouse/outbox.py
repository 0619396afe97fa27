"""The outbox of alerts: what is due, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

import duckdb

from bilateral.model import Alert, Outcome, Waiting
from warehouse.schema import changed, transaction

DUE = """
    SELECT a.alert_id, a.rule, a.tier, a.key, a.thread, a.pair_id, a.event_id, a.revision_id, a.raised_at, a.title,
           a.reason, d.channel, d.attempts
    FROM delivery AS d JOIN alert AS a USING (alert_id)
    WHERE d.state IN ('waiting', 'failed') AND coalesce(d.next_try_at <= $now, true)
    ORDER BY a.raised_at, a.alert_id, d.channel
"""
# A delivery that was sent stays sent, whatever is told of it later.
SETTLE = """
    UPDATE delivery SET state = $3, attempts = $4, last_error = $5, next_try_at = $6, delivered_at = $7
    WHERE alert_id = $1 AND channel = $2 AND state <> 'sent'
"""


def waiting(con: duckdb.DuckDBPyConnection, now: datetime) -> list[Waiting]:
    """Return the deliveries that are due at *now*, the oldest alerts first."""
    rows = con.execute(DUE, {"now": now}).fetchall()
    return [Waiting(Alert(*row[:11]), channel=row[11], attempts=row[12]) for row in rows]


def settle(con: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of deliveries, in one transaction."""
    if not outcomes:
        return
    with transaction(con):
        con.executemany(SETTLE, [astuple(outcome) for outcome in outcomes])
        changed(con)
