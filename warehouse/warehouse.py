"""The writer's database: opened by one process at a time, and published as a copy that anyone may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from bilateral.errors import WarehouseError
from bilateral.model import Correction, Linkable, Linked, Member, Outcome, States, Waiting
from warehouse import candidates, checking, corrections, forgetting, outbox, rebuild, schema
from warehouse.checking import Wrong
from warehouse.events import moved, store_events
from warehouse.forgetting import Address
from warehouse.load import Batch, Journal, Loaded, load, unwritten
from warehouse.rebuild import Memory, Tally

# What DuckDB raises when the disk is full or closed to us.
UNSAVED = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)


@dataclass(frozen=True)
class Rebuilding:
    """What an old database leaves to the one that is derived anew."""

    path: Path | None  # None: there is no old one
    memory: Memory
    findings: pa.Table | None = None


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
            # A checkpoint writes every index anew, so each costs more as the file grows: rather few and large ones.
            con.execute("SET checkpoint_threshold = '128MB'")
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

    def corrections(self) -> list[Correction]:
        """Return what people decided, the oldest first."""
        return corrections.all_of(self.con)

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

    def moved(self, linked: Linked) -> dict[str, list[str]]:
        """Return the reports that *linked* gives to an event that they do not belong to yet, by event."""
        return moved(self.con, linked)

    def event(self, asked: str) -> str | None:
        """Return the id that the event *asked* has now; None: there is none."""
        return corrections.event(self.con, asked)

    def states(self, event: str) -> States:
        """Return the states of an event."""
        return corrections.states(self.con, event)

    def knows(self, asked: str) -> bool:
        """Say whether anything has the id *asked*."""
        return corrections.known(self.con, asked)

    def checked(self, field: str, value: str) -> str | None:
        """Return *value* as it can stand in the place of a column of an event; BilateralError: it cannot."""
        return corrections.checked(self.con, field, value)

    def members(self, column: str, ids: Sequence[str]) -> list[tuple[str, Member]]:
        """Return event and member of the current reports whose *column* is one of *ids*."""
        return corrections.members(self.con, column, ids)

    def correct(self, said: Correction, linked: Linked, run_id: str) -> None:
        """Store what a person said together with the events that come of it, in one transaction."""
        with self._saving(), schema.transaction(self.con):
            corrections.keep(self.con, [said])
            store_events(self.con, linked, (), run_id, said.made_at)
            schema.changed(self.con)

    def find(self, asked: str) -> list[Address]:
        """Return the documents with the address, or the article id, *asked*."""
        return forgetting.find(self.con, asked)

    def forget(self, gone: Sequence[Address], linked: Linked, said: Sequence[Correction]) -> None:
        """Remove the documents *gone*; *linked* is what the rest of their events comes to without them."""
        with self._saving():
            forgetting.forget(self.con, gone, linked, said, "n" + said[0].correction_id[1:])

    @classmethod
    def compact(cls, path: Path) -> None:
        """Write the database anew, so that nothing of what was removed is left in unused parts of the file."""
        draft = path.with_name("compact.duckdb")
        with cls.open(path) as warehouse:
            schema.copy(warehouse.con, draft)
        draft.replace(path)

    def backup(self, target: Path) -> None:
        """Copy the database to *target*, whole or not at all."""
        schema.copy(self.con, target)

    def load(self, batch: Batch, journal: Journal = unwritten) -> Loaded:
        """Load *batch* in one transaction and say what it brought; see `load.load` for the *journal*."""
        with self._saving():
            return load(self.con, batch, journal)

    def check(self) -> list[Wrong]:
        """Return what is wrong with the rows; nothing: all is as it should be."""
        return checking.check(self.con)

    # ── deriving again ──────────────────────────────────────────────────────────────────────────

    def rebuilding(self, detector: str) -> Rebuilding:
        """Return what this database leaves to one derived anew; texts that *detector* has read need no reading."""
        return Rebuilding(self.path, rebuild.remember(self.con, detector), rebuild.findings(self.con))

    def begin(self, old: Rebuilding, said: Sequence[Correction], polls: Iterable[Mapping[str, Any]]) -> None:
        """Carry over what no page tells: from *old*, which nobody has open, and from the journal."""
        if old.path:
            rebuild.begin(self.con, old.path)
        corrections.keep(self.con, said)
        rebuild.keep_polls(self.con, polls)

    def take(self, texts: Sequence[str]) -> None:
        """Take the findings of *texts* from the old database."""
        if texts:
            rebuild.take(self.con, texts)

    def all_stored(self) -> dict[str, list[Linkable]]:
        """Return all current reports, by article id."""
        articles = self.con.execute("SELECT article_id FROM article").fetchall()
        return candidates.of_articles(self.con, [one for (one,) in articles])

    def settle_all(self, linked: Linked, memory: Memory, run_id: str, now: datetime) -> None:
        """Store the events of all texts at once; see `rebuild.settle`."""
        rebuild.settle(self.con, linked, memory, run_id, now)

    def agreements(self) -> dict[str, str]:
        """Return the agreement of each document that has not the name that its own mention would give it."""
        return rebuild.agreements(self.con)

    def tallies(self, old: Rebuilding) -> list[Tally]:
        """Return how the findings differ from those of *old*."""
        return rebuild.tallies(self.con, old.findings)

    def waiting(self, now: datetime) -> list[Waiting]:
        """Return the deliveries that are due at *now*, the oldest alerts first."""
        return outbox.waiting(self.con, now)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of deliveries."""
        with self._saving():
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
        with self._saving():
            schema.copy(self.con, target)
            schema.put_setting(self.con, "published", changes)
        return True

    @contextmanager
    def _saving(self) -> Iterator[None]:
        """Say in one line that the disk is full or closed to us; what was committed before is there."""
        try:
            yield
        except UNSAVED as error:
            raise WarehouseError(
                f"{self.path}: cannot be written, and is as before: {_first_line(error)}"
            ) from error


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path)
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise WarehouseError(f"{path}: another run is writing; wait for its end, or stop it") from error
        raise WarehouseError(f"{path}: no database that can be opened: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
