"""Whether the rows are as they should be: each file of checks/ selects those that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.reading import Limits, reading
from warehouse.schema import scripts

SHOWN = 5  # rows of each check


@dataclass(frozen=True)
class Wrong:
    """What one check found."""

    name: str
    meaning: str  # the first line of its file
    rows: int
    columns: tuple[str, ...]
    first: tuple[tuple[Any, ...], ...]


def check(con: duckdb.DuckDBPyConnection) -> list[Wrong]:
    """Return what the checks find in the open database; nothing: all is as it should be."""
    return [found for name, sql in scripts("checks").items() if (found := _run(con, name, sql))]


def check_file(db: Path) -> tuple[int, list[Wrong]]:
    """Run the checks on the published copy *db*; return how many there are, and what they found."""
    with reading(db, Limits(memory="4GB", seconds=600)) as con:
        return len(scripts("checks")), check(con)


def _run(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> Wrong | None:
    answer = con.execute(sql)
    columns = tuple(column[0] for column in answer.description or ())
    rows = answer.fetchall()
    if not rows:
        return None
    meaning = sql.split("\n", 1)[0].removeprefix("--").strip()
    return Wrong(name, meaning, len(rows), columns, tuple(rows[:SHOWN]))
