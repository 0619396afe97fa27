"""The schema of the file: numbered migrations, then the views, which are made anew when they have changed."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import duckdb

from bilateral.errors import WarehouseError
from warehouse import vocabulary


def scripts(folder: str) -> dict[str, str]:
    """Return the SQL files of a folder of this package, by name without ending, in order."""
    found = (f for f in files("warehouse").joinpath(folder).iterdir() if f.name.endswith(".sql"))
    return {f.name.removesuffix(".sql"): f.read_text("utf-8") for f in sorted(found, key=lambda f: f.name)}


def setting(con: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """Return what the file says of itself under *key*."""
    rows = con.execute("SELECT value FROM setting WHERE key = ?", [key]).fetchall()
    return rows[0][0] if rows else None


def put_setting(con: duckdb.DuckDBPyConnection, key: str, value: str) -> bool:
    """Write *value* under *key*; False: it was there already."""
    if setting(con, key) == value:
        return False
    con.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [key, value]).fetchall()
    return True


def changed(con: duckdb.DuckDBPyConnection) -> None:
    """Count a change, so that the next publishing knows that there is something to publish."""
    put_setting(con, "changes", str(int(setting(con, "changes") or 0) + 1))


def migrate(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Bring the file to the newest schema and return its number; each step and its record are one transaction.

    Before the first step of a file that holds something, a copy is laid beside it: `backup_before` names it.
    WarehouseError: the file was written by a newer program.
    """
    steps = list(scripts("migrations").items())
    version = _version(con)
    if version > len(steps):
        raise WarehouseError(
            f"{path}: schema {version} is newer than this program, which knows schemas up to {len(steps)}: "
            "update bilateral, or give another --home"
        )
    if 0 < version < len(steps):
        copy(con, backup_before(path, version))
    for number, (_, sql) in enumerate(steps[version:], version + 1):
        with transaction(con):
            con.execute(sql)
            put_setting(con, "schema", str(number))
    return len(steps)


def backup_before(path: Path, version: int) -> Path:
    """Return where the copy lies that was made of *path* while it had the schema *version*.

    >>> backup_before(Path("work/warehouse.duckdb"), 1).name
    'warehouse.schema1.duckdb'
    """
    return path.with_name(f"{path.stem}.schema{version}{path.suffix}")


def copy(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy the open database to *target*, which is there whole or not at all; an older one is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    remove(fresh)
    ((name,),) = con.execute("SELECT current_database()").fetchall()
    quoted = str(fresh).replace("'", "''")
    con.execute("CHECKPOINT").fetchall()
    con.execute(f"ATTACH '{quoted}' AS published_copy")
    try:
        con.execute(f'COPY FROM DATABASE "{name}" TO published_copy').fetchall()
    finally:
        con.execute("DETACH published_copy")
    fresh.replace(target)


def remove(path: Path) -> None:
    """Remove a database file with the log beside it, if they are there."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _version(con: duckdb.DuckDBPyConnection) -> int:
    there = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'setting' AND NOT internal"
    if con.execute(there).fetchall() == [(0,)]:
        return 0
    return int(setting(con, "schema") or 0)


def make_views(con: duckdb.DuckDBPyConnection) -> bool:
    """Make the views, macros and comments of this program; False: the file has these very ones already."""
    sql = [*vocabulary.statements(), *scripts("views").values()]
    digest = hashlib.sha256("\x1f".join(sql).encode()).hexdigest()
    if setting(con, "views") == digest:
        return False
    with transaction(con):
        for statement in sql:
            con.execute(statement)
        put_setting(con, "views", digest)
        changed(con)
    return True


class transaction:
    """All or nothing: commits at the end of the block, rolls back when it raises."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def __enter__(self) -> None:
        self.con.execute("BEGIN")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.con.execute("COMMIT")
            return
        with suppress(
            duckdb.Error
        ):  # on a full disk even this can fail, and the first error is the one to show
            self.con.execute("ROLLBACK")
