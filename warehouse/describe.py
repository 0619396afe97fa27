"""The reference part of docs/warehouse.md, written from the comments of the database: `python -m warehouse.describe FILE`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.ask import questions
from warehouse.schema import scripts
from warehouse.warehouse import Warehouse

BEGIN = "<!-- from here on written by `make docs` out of the comments of the views -->"
_VIEWS = """
    SELECT view_name, comment FROM duckdb_views()
    WHERE NOT internal AND NOT starts_with(view_name, '_') AND NOT starts_with(view_name, 'code_')"""
_COLUMNS = (
    "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
)
_MACROS = """
    SELECT DISTINCT function_name, parameters, comment FROM duckdb_functions()
    WHERE NOT internal AND function_type = 'table_macro' AND NOT starts_with(function_name, '_') ORDER BY 1"""


def reference(con: duckdb.DuckDBPyConnection) -> str:
    """Return the reference of an open database: a picture, then every view, macro, question and check."""
    return "\n".join(
        [BEGIN, "", *_picture(con), *_views(con), *_macros(con), *_lists(con), *_questions(), *_checks()]
    )


def _ordered(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the views with their comments, in the order in which their files make them."""
    made = "\n".join(scripts("views").values())
    found = con.execute(_VIEWS).fetchall()
    return sorted(found, key=lambda one: made.index(f"CREATE OR REPLACE VIEW {one[0]} AS"))


def _picture(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Draw which view leads to which: an id of one that is the own id of another."""
    columns = {view: [c for c, _, _ in con.execute(_COLUMNS, [view]).fetchall()] for view, _ in _ordered(con)}
    own = {"source_health": "source_id"}
    own |= {view: names[0] for view, names in columns.items() if names[0] == f"{_single(view)}_id"}
    yield from ("## How the views hang together", "", "```mermaid", "erDiagram")
    for owner, key in own.items():
        for view, names in columns.items():
            if view != owner and key in names:
                yield f'    {owner} ||--o{{ {view} : "{key}"'
    yield from ("```", "")


def _single(view: str) -> str:
    """Return the name of one row of a view.

    >>> _single("event_reports"), _single("events")
    ('report', 'event')
    """
    return view.rpartition("_")[2].removesuffix("s")


def _views(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield from ("## Every view and its columns", "")
    for view, comment in _ordered(con):
        yield from (f"### `{view}`", "", _cell(comment), "", "| column | type | |", "|---|---|---|")
        for name, kind, meaning in con.execute(_COLUMNS, [view]).fetchall():
            yield f"| `{name}` | {kind.lower()} | {_cell(meaning)} |"
        yield ""


def _macros(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield from ("## Macros", "", "| call | |", "|---|---|")
    for name, parameters, comment in con.execute(_MACROS).fetchall():
        yield f"| `{name}({', '.join(parameters)})` | {_cell(comment)} |"
    yield ""


def _lists(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    names = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE starts_with(view_name, 'code_') ORDER BY 1"
    ).fetchall()
    yield from ("## Lists of codes", "", ", ".join(f"`{name}`" for (name,) in names) + ".", "")


def _questions() -> Iterator[str]:
    yield from ("## Questions with a name", "", "| `bilateral ask …` | parameters | |", "|---|---|---|")
    for one in questions():
        given = " ".join(f"`{name}={value}`" for name, value in one.defaults.items())
        yield f"| `{one.name}` | {given} | {_cell(one.answers)} |"
    yield ""


def _checks() -> Iterator[str]:
    yield from ("## What `bilateral data check` looks for", "", "| check | rows that it finds |", "|---|---|")
    for name, sql in scripts("checks").items():
        yield f"| `{name}` | {_cell(sql.splitlines()[0].removeprefix('-- '))} |"
    yield ""


def _cell(text: str | None) -> str:
    """Return a comment as a cell of a table; ValueError where there is none."""
    if not text:
        raise ValueError("a view, column or macro has no comment")
    return " ".join(text.split()).replace("|", "\\|")


def written(document: str) -> str:
    """Return *document* with its reference part as it has to be now."""
    with tempfile.TemporaryDirectory() as folder, Warehouse.open(Path(folder) / "empty.duckdb") as house:
        return document.partition(BEGIN)[0] + reference(house.con)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text("utf-8")), "utf-8")
