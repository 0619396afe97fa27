"""The writer's database: opened by one process at a time, and published as a copy that anyone may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

import duckdb

from bilateral.errors import WarehouseError
from bilateral.model import Linkable, Outcome, States, Waiting
from warehouse import candidates, outbox, schema
from warehouse.load import Batch, Loaded, load


class Warehouse:
    """One open database; close it, or use it as a context manager."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection) -> None:
        self.path, self.con = path, con

    @classmethod
    def open(cls, path: Path) -> Warehouse:
        """Open the database at *path*, made where there is none, with the newest schema and views.

        WarehouseError: another process holds it, it is no database, or a newer program wrote it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        con = _connect(path)
        try:
            con.execute("SET TimeZone = 'UTC'")
            schema.migrate(con, path)
            schema.make_views(con)
        except BaseException:
            con.close()
            raise
        return cls(path, con)

    def close(self) -> None:
        """Let go of the file."""
        self.con.close()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def known(self) -> dict[str, tuple[str, str]]:
        """Return the page digest and the detector of the newest text of every article, by article id."""
        held = self.con.execute(
            "SELECT article_id, page_sha256, detector FROM revision WHERE is_newest"
        ).fetchall()
        return {article: (page, detector) for article, page, detector in held}

    def candidates(
        self,
        states_days: Iterable[tuple[States, date | None, date | None]],
        without: Collection[str] = (),
    ) -> list[Linkable]:
        """Return the stored reports that linking has to see: see `candidates.near`."""
        return candidates.near(self.con, states_days, without)

    def stored(self, articles: Collection[str]) -> dict[str, list[Linkable]]:
        """Return the current reports of the *articles*, by article id: what reading them again replaces."""
        return candidates.of_articles(self.con, articles)

    def load(self, batch: Batch) -> Loaded:
        """Load *batch* in one transaction and say what it brought."""
        return load(self.con, batch)

    def waiting(self, now: datetime) -> list[Waiting]:
        """Return the deliveries that are due at *now*, the oldest alerts first."""
        return outbox.waiting(self.con, now)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of deliveries."""
        outbox.settle(self.con, outcomes)

    def publish(self, target: Path, now: datetime | None = None) -> bool:
        """Replace *target* by a copy of this database; False: nothing has changed since the last publishing.

        The copy is made beside *target* and moved over it, so that a reader sees the old file or the new one.
        *now* is the time that `meta` shows, else the time of the last load.
        """
        changes = schema.setting(self.con, "changes") or "0"
        if target.exists() and schema.setting(self.con, "published") == changes:
            return False
        when = now.isoformat() if now else schema.setting(self.con, "loaded_at")
        if when:
            schema.put_setting(self.con, "published_at", when)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        _remove(fresh)
        _copy(self.con, fresh)
        fresh.replace(target)
        schema.put_setting(self.con, "published", changes)
        return True


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path)
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise WarehouseError(f"{path}: another run is writing; wait for its end, or stop it") from error
        raise WarehouseError(f"{path}: no database that can be opened: {_first_line(error)}") from error


def _copy(con: duckdb.DuckDBPyConnection, fresh: Path) -> None:
    ((name,),) = con.execute("SELECT current_database()").fetchall()
    quoted = str(fresh).replace("'", "''")
    con.execute("CHECKPOINT").fetchall()
    con.execute(f"ATTACH '{quoted}' AS published_copy")
    try:
        con.execute(f'COPY FROM DATABASE "{name}" TO published_copy').fetchall()
    finally:
        con.execute("DETACH published_copy")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
