"""Runs among hostile sites: in a process of its own, with a cap on memory and a guard against hanging.

A run here is what `bilateral run` does without Prefect: poll, clean, detect, load, into a real warehouse. Every run
has a second source that is in order, and has to read it whatever the first one does.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import multiprocessing
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import psutil
from homes import feed, write_sources
from servers import Item, Reply, Site, atom

from bilateral.apart import Apart
from bilateral.clean import batch
from bilateral.config import load_config
from bilateral.errors import BilateralError
from bilateral.model import Poll
from bilateral.sources import Archive, Fetcher, Limits, Visits, poll, verify
from flows import steps
from flows.place import Place
from warehouse.warehouse import Warehouse

HANG = 240.0  # seconds: a guard, ten times what the slowest run here takes
MEMORY = 256_000_000  # bytes that a run may have more than a process that has done one already
SOON = Limits(total=2.0, attempt=1.0, resolve=1.0, connect=1.0, body=1_000_000)
NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
FINE = atom([Item(900, "Fine", "<p>They met.</p>", "2025-11-26T10:00:00+03:00")], "http://fine.test")


@dataclass(frozen=True)
class Left:
    """What one run left of one source."""

    state: str  # of the poll, as the warehouse has it
    reason: str
    health: str  # the state in the view source_health
    texts: tuple[str, ...] = ()  # newest texts of its articles, by address
    urls: tuple[str, ...] = ()
    published: tuple[datetime | None, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doing:
    """How a run is done; everything here goes to the other process."""

    limits: Limits = SOON
    parsing: float = 10.0  # seconds
    cleaning: float = 20.0
    now: datetime = NOW
    resolver: tuple[tuple[str, ...], ...] = ()  # the addresses that each look-up gives, the last one for ever
    allow: frozenset[tuple[str, int]] = frozenset()
    trusted: str | None = None  # file with the certificate of an authority
    full: int | None = None  # after so many writes the disk is full
    waits: bool = False  # whether pauses are really made


@dataclass
class Cage:
    """The process in which runs are made; a new one after one that died or hung."""

    folder: Path
    pool: ProcessPoolExecutor | None = None
    fine: Site = field(default_factory=lambda: Site({"/feed": Reply(FINE)}))

    def run(self, folder: Path, *records: dict[str, Any], doing: Doing | None = None) -> dict[str, Left]:
        """Make one run of *records* and the source `fine` in the home of *folder*; fail where it hangs or dies."""
        fine = feed("fine", f"{self.fine.url}/feed", identity={})
        folder.mkdir(exist_ok=True)
        sources = write_sources(folder, *records, fine)
        left = self._result(_run, sources, folder / "home", doing or Doing())
        assert (left["fine"].state, len(left["fine"].texts)) == ("ok", 1), left["fine"]
        return left

    def fails(self, folder: Path, *records: dict[str, Any], doing: Doing) -> str:
        """Make a run that fails for a reason of our own, and return its words."""
        sources = write_sources(folder, *records)
        return self._result(_failed_run, sources, folder / "home", doing)

    def _result(self, work: Callable[..., Any], *args: Any) -> Any:
        if self.pool is None:
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(1, context, initializer=_enter, initargs=(self.folder,))
        try:
            return self.pool.submit(work, *args).result(HANG)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process, also one that hangs."""
        pool, self.pool = self.pool, None
        if pool is not None:
            with contextlib.suppress(Exception):
                pool.submit(_leave).result(10)
            for process in list((pool._processes or {}).values()):
                for child in psutil.Process(process.pid).children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        child.kill()
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)


_apart: dict[float, Apart] = {}
_empty: Path | None = None  # a warehouse to begin with: making one takes half a second


def _enter(folder: Path) -> None:
    """Do one ordinary run, so that all is imported, and bound the memory then."""
    global _empty
    import resource

    Warehouse.open(folder / "empty.duckdb").close()
    _empty = folder / "empty.duckdb"
    with Site({"/feed": Reply(FINE)}) as site:
        sources = write_sources(folder, feed("fine", f"{site.url}/feed", identity={}))
        _run(sources, folder / "home", Doing())
    here = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (here + MEMORY, resource.RLIM_INFINITY))


def _run(sources: Path, home: Path, doing: Doing) -> dict[str, Left]:
    config, file = load_config(sources)
    place = Place(config, file, home)
    if _empty is not None and not place.writer.exists():
        place.writer.parent.mkdir(parents=True)
        shutil.copy(_empty, place.writer)
    with contextlib.ExitStack() as patched:
        for patch in _patches(doing):
            patched.enter_context(patch)
        with Warehouse.open(place.writer) as warehouse:
            return _one_run(place, warehouse, doing)


def _failed_run(sources: Path, home: Path, doing: Doing) -> str:
    try:
        _run(sources, home, doing)
    except BilateralError as error:
        return str(error)
    raise AssertionError("the run did not fail")


def _one_run(place: Place, warehouse: Warehouse, doing: Doing) -> dict[str, Left]:
    archive, visits = place.archive(), Visits(place.visits)
    asked = len(list(archive.entries("fetch")))  # each run is later than the one before it
    now = functools.partial(_now, doing.now + timedelta(milliseconds=asked))
    polls = list(_polls(place, archive, visits, doing, now))
    parted = steps.fresh(polls, warehouse.known())
    read, skipped = steps.read_pages(parted, place.config)
    polls = steps.with_skipped(polls, skipped)
    steps.load_read(place, warehouse, archive, f"n{asked}", polls, read, parted.unchanged)
    visits.loaded()
    assert verify(archive).faults == []
    return {one.source_id: _left(warehouse, one) for one in polls}


def _polls(
    place: Place, archive: Archive, visits: Visits, doing: Doing, now: Callable[[], datetime]
) -> Iterator[Poll]:
    pause: dict[str, Any] = {} if doing.waits else {"pause": _no_pause}
    apart = _parsers(doing.parsing)
    with Fetcher("bilateral-test", doing.allow, doing.limits, hosts=place.hosts, **pause) as fetcher:
        for source in place.config.sources:
            yield poll(source, fetcher, archive, now, place.config, place.base, visits, apart)


def _parsers(seconds: float) -> Apart:
    """Return processes to parse in: the same for all runs, since each costs half a second."""
    if seconds not in _apart:
        _apart[seconds] = Apart("parsed", seconds, workers=1)
    return _apart[seconds]


def _leave() -> None:
    """End the processes of this process."""
    for apart in _apart.values():
        with apart:
            pass


def _no_pause(seconds: float) -> None:
    """Wait not at all."""


def _now(at: datetime) -> datetime:
    return at


def _left(warehouse: Warehouse, one: Poll) -> Left:
    con, given = warehouse.con, [one.source_id]
    state, reason, skipped = con.execute(
        "SELECT state, reason, [s.reason FOR s IN skipped] FROM poll WHERE source_id = ? "
        "ORDER BY started_at DESC, rowid DESC LIMIT 1",
        given,
    ).fetchall()[0]
    [(health,)] = con.execute("SELECT state FROM source_health WHERE source_id = ?", given).fetchall()
    rows = con.execute(
        "SELECT a.url, r.text, r.published_at FROM revision r JOIN article a USING (article_id) "
        "WHERE is_newest AND a.source_id = ? ORDER BY a.url",
        given,
    ).fetchall()
    urls, texts, dates = zip(*rows, strict=True) if rows else ((), (), ())
    return Left(state, reason, health, texts, urls, dates, tuple(skipped))


def _patches(doing: Doing) -> Iterator[contextlib.AbstractContextManager[Any]]:
    yield mock.patch.object(batch, "_SECONDS", doing.cleaning)
    yield mock.patch.object(steps, "clock", functools.partial(_now, doing.now))
    if doing.resolver:
        answers = itertools.chain(doing.resolver, itertools.repeat(doing.resolver[-1]))
        yield mock.patch.object(socket, "getaddrinfo", _Resolver(answers))
    if doing.trusted:
        context = ssl.create_default_context(cafile=doing.trusted)
        yield mock.patch("httpx2._transports.default.create_ssl_context", lambda *args, **kwargs: context)
    if doing.full is not None:
        yield mock.patch("os.fsync", _Full(doing.full))


class _Resolver:
    """A resolver that answers otherwise each time for names in .test; numbers are what they are."""

    def __init__(self, answers: Iterator[Sequence[str]]) -> None:
        self._answers, self._real = answers, socket.getaddrinfo

    def __call__(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if not str(host).endswith(".test"):
            return self._real(host, port, *args, **kwargs)
        found = next(self._answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


class _Full:
    """A disk that is full after so many writes."""

    def __init__(self, left: int) -> None:
        self.left, self._lock = left, threading.Lock()

    def __call__(self, descriptor: int) -> None:
        import errno

        with self._lock:
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
