"""Answers of the database as plain records, and where ids lead that were merged away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb


def records(answer: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of *answer* by column name."""
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def redirects(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the ids that were merged away and what each became in the end."""
    merged = con.execute("""
        SELECT event_id, merged_into
        FROM (FROM event_version QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1)
        WHERE merged_into IS NOT NULL""").fetchall()
    step: dict[str, str] = dict(merged)
    return {old: follow(old, step) for old in step}


def follow(event_id: str, step: Mapping[str, str]) -> str:
    """Return where *event_id* leads; a circle ends where it closes.

    >>> follow("a", {"a": "b", "b": "c"})
    'c'
    """
    passed = {event_id}
    while (onward := step.get(event_id)) is not None and onward not in passed:
        passed.add(event_id := onward)
    return event_id
