"""Rows into tables by way of Arrow: the fast way, and the one place where odd strings are made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.answers import records

Row = Mapping[str, Any]

# A lone surrogate fails the whole batch, a NUL ends the string for other readers. One character stays one
# character, since spans count them.
_ODD = re.compile("[\x00\ud800-\udfff]")


def safe(value: Any) -> Any:
    """Return *value* with every odd character of its strings replaced by one U+FFFD."""
    if isinstance(value, str):
        return _ODD.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [safe(v) for v in value]
    if isinstance(value, dict):
        return {k: safe(v) for k, v in value.items()}
    return value


def arrow(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Return *rows* as a table of *schema*; a column that a row lacks is a KeyError."""
    columns = {field.name: _column(rows, field.name, field.type) for field in schema}
    return pa.table(columns, schema=schema)


def _column(rows: Sequence[Row], name: str, kind: pa.DataType) -> list[Any]:
    if pa.types.is_primitive(kind):
        return [row[name] for row in rows]
    return [safe(row[name]) for row in rows]


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], ignore: bool = False) -> int:
    """Insert *rows* into *table* and return how many were new; *ignore*: leave out keys that are there."""
    if not rows:
        return 0
    schema = con.sql(f"FROM {table} LIMIT 0").to_arrow_table().schema
    with _given(con, arrow(rows, schema)):
        return run(con, f"INSERT {'OR IGNORE ' * ignore}INTO {table} BY NAME FROM _given")


def change(
    con: duckdb.DuckDBPyConnection, sql: str, rows: Iterable[Sequence[Any]], names: Mapping[str, pa.DataType]
) -> int:
    """Run *sql*, which reads *rows* as the table `_given`, and return how many rows it changed; without rows none."""
    table = _table(rows, names)
    if not table.num_rows:
        return 0
    with _given(con, table):
        return run(con, sql)


def ask(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    rows: Iterable[Sequence[Any]],
    names: Mapping[str, pa.DataType],
    params: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows that *sql* answers; it reads *rows* as the table `_given`, and *params* by name."""
    with _given(con, _table(rows, names)):
        return records(con.execute(sql, dict(params)) if params else con.execute(sql))


def run(con: duckdb.DuckDBPyConnection, sql: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Run *sql* and return how many rows it changed."""
    # all rows are fetched: an answer that is not read to its end blocks the connection
    return sum(int(row[0]) for row in con.execute(sql, given).fetchall())


def _table(rows: Iterable[Sequence[Any]], names: Mapping[str, pa.DataType]) -> pa.Table:
    return arrow([dict(zip(names, row, strict=True)) for row in rows], pa.schema(list(names.items())))


@contextmanager
def _given(con: duckdb.DuckDBPyConnection, table: pa.Table) -> Iterator[None]:
    con.register("_given", table)
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the transaction is lost, and its own error is the one to show
            con.unregister("_given")
        raise
    con.unregister("_given")
