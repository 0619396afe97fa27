"""Each older schema, filled with rows, becomes the newest one with all of its rows; a copy is made before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse import schema
from warehouse.schema import backup_before, scripts
from warehouse.warehouse import Warehouse

OLDER = range(1, len(scripts("migrations")))  # numbers of the schemas before the present one
FILLED = Path(__file__).parent / "data"


def made(path: Path, number: int) -> dict[str, list[Any]]:
    """A file of schema *number* with rows in all of its tables; its rows are returned."""
    with duckdb.connect(path) as con:
        con.execute("SET TimeZone = 'UTC'")
        for sql in list(scripts("migrations").values())[:number]:
            con.execute(sql)
        con.execute((FILLED / f"schema_{number}.sql").read_text("utf-8"))
        return tables(con)


def tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    names = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    return {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for (name,) in names}


@pytest.mark.parametrize("number", OLDER)
def test_an_older_file_keeps_its_rows_and_a_copy_is_made_before(tmp_path: Path, number: int) -> None:
    path = tmp_path / "warehouse.duckdb"
    before = made(path, number)
    assert [
        name for name, rows in before.items() if not rows
    ] == []  # the file that fills it leaves out no table
    with Warehouse.open(path) as house:
        after = tables(house.con)
        columns = {name: len(rows[0]) for name, rows in before.items()}
        kept = {name: [row[: columns[name]] for row in after[name]] for name in before if name != "setting"}
        assert kept == {name: rows for name, rows in before.items() if name != "setting"}
        assert schema.setting(house.con, "schema") == str(len(scripts("migrations")))
        assert house.con.execute("SELECT title, reports FROM events").fetchall() == [
            ("Talks: KGZ and RUS, Bishkek", 1)
        ]
        assert house.check() == []
    with duckdb.connect(backup_before(path, number), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        assert tables(con) == before


def test_no_copy_is_made_of_a_new_file_or_one_that_needs_no_migration(tmp_path: Path) -> None:
    for _ in range(2):
        Warehouse.open(tmp_path / "warehouse.duckdb").close()
    assert [file.name for file in tmp_path.iterdir()] == ["warehouse.duckdb"]


def test_a_second_step_that_fails_leaves_the_first_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "warehouse.duckdb"
    before = made(path, 1)
    steps = {
        "0001": scripts("migrations")["0001_initial"],
        "0002": "CREATE TABLE more (a INTEGER); SELECT nothing;",
    }
    monkeypatch.setattr("warehouse.schema.scripts", lambda _: steps)
    with pytest.raises(duckdb.BinderException):
        Warehouse.open(path)
    with duckdb.connect(path) as con:
        con.execute("SET TimeZone = 'UTC'")
        assert tables(con) == before
