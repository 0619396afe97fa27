"""The published copy, opened for reading: no writing, no files, no network, no more memory than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from bilateral.errors import BilateralError, WarehouseError

# What DuckDB raises on a file that is damaged, or whose views another version of the program made.
UNREADABLE = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.CatalogException,
    duckdb.BinderException,
)


class QuestionError(BilateralError):
    """A question cannot be answered: its SQL is wrong, a parameter is missing, or no such id is known."""


@dataclass(frozen=True)
class Limits:
    """What one question may use."""

    memory: str = "1GB"
    threads: int = 2
    seconds: float = 30.0


@contextmanager
def reading(db: Path, limits: Limits, synthetic: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open *db* for questions and close it after; past the time limit the running question is interrupted.

    *synthetic*: retold documents count in trends, also when a live source has loaded.
    """
    con = _connect(db, limits)
    timer = Timer(limits.seconds, con.interrupt)
    timer.daemon = True
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET VARIABLE with_retold = ?", [synthetic])
        con.execute("SET lock_configuration = true")
        _check_own(con, db)
        timer.start()
        yield con
    except duckdb.InterruptException:
        raise QuestionError(
            f"the question took more than {limits.seconds:g} seconds and was stopped"
        ) from None
    except UNREADABLE as error:
        raise WarehouseError(f"{db}: cannot be read: {str(error).strip().splitlines()[0]}") from error
    finally:
        timer.cancel()
        con.close()


def _check_own(con: duckdb.DuckDBPyConnection, db: Path) -> None:
    own = "SELECT count(*) FROM duckdb_views() WHERE view_name IN ('meta', 'events') AND NOT internal"
    if con.execute(own).fetchall() != [(2,)]:
        raise WarehouseError(f"{db}: a DuckDB file, but none that bilateral made: name another --home")


def _connect(db: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    if not db.is_file():
        raise WarehouseError(f"{db}: nothing has been loaded yet; `bilateral run` makes it")
    config: dict[str, Any] = {
        "enable_external_access": "false",
        "temp_directory": "",
        "memory_limit": limits.memory,
        "threads": limits.threads,
    }
    try:
        return duckdb.connect(db, read_only=True, config=config)
    except duckdb.Error as error:
        raise WarehouseError(f"{db}: cannot be opened: {str(error).strip().splitlines()[0]}") from error
