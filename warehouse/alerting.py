"""Alert rules into the outbox: last in the transaction of the facts, one alert a fact however often it runs.

A rule of sources.yaml names a file of warehouse/alerts; that query answers
key, thread, pair_id, event_id, revision_id, title, reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb

from bilateral.config import AlertRule, Config
from bilateral.model import identity
from warehouse import bulk
from warehouse.answers import records, redirects
from warehouse.schema import scripts


def raise_alerts(con: duckdb.DuckDBPyConnection, config: Config, run_id: str, now: datetime) -> int:
    """Put the alerts that are new into the outbox, one delivery for each channel, and return how many."""
    queries = scripts("alerts")
    moved = redirects(con)
    raised = 0
    for rule in config.alerts.rules:
        if rule.enabled:
            facts = _facts(con, queries[rule.when], rule, config.pairs, now)
            raised += _raise(con, rule, _new(con, rule, facts, moved), run_id, now)
    return raised


def _facts(
    con: duckdb.DuckDBPyConnection, sql: str, rule: AlertRule, pairs: list[str], now: datetime
) -> list[dict[str, Any]]:
    given: dict[str, Any] = {
        "now": now,
        "pairs": [rule.pair] if rule.pair else list(pairs),
        "level": rule.level,
        "kinds": list(rule.kinds),
    }
    named = duckdb.extract_statements(sql)[0].named_parameters
    return records(con.execute(sql, {name: given[name] for name in named}))


def _new(
    con: duckdb.DuckDBPyConnection, rule: AlertRule, facts: list[dict[str, Any]], moved: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the facts that have not rung; an event that was merged into another rang for that one too."""
    keys = con.execute("SELECT key FROM alert WHERE rule = ?", [rule.id]).fetchall()
    rung = {moved.get(key, key) for (key,) in keys}
    return [fact for fact in {f["key"]: f for f in facts}.values() if fact["key"] not in rung]


def _raise(
    con: duckdb.DuckDBPyConnection, rule: AlertRule, facts: list[dict[str, Any]], run_id: str, now: datetime
) -> int:
    made = [{**fact, "alert_id": "n" + identity(rule.id, fact["key"])} for fact in facts]
    common = {"run_id": run_id, "rule": rule.id, "tier": rule.tier, "raised_at": now, "acked_at": None}
    raised = bulk.insert(con, "alert", [{**fact, **common} for fact in made], ignore=True)
    waiting = {
        **{"state": "waiting", "attempts": 0, "last_error": None},
        **{"next_try_at": None, "delivered_at": None},
    }
    deliveries = [
        {"alert_id": fact["alert_id"], "channel": channel, **waiting}
        for fact in made
        for channel in dict.fromkeys(rule.channels)
    ]
    bulk.insert(con, "delivery", deliveries, ignore=True)
    return raised
