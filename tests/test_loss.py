"""Nothing is lost and nobody sees half: a hundred SIGKILLs while loading, a full disk, ten readers meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from loading import acknowledged, ask_on, batch, held, load_on, on_a_small_file_system, recovered

from warehouse.warehouse import Warehouse

HANG = 120  # seconds: a guard, many times what is expected
KILLS = 100
READERS = 10
EARLY = 0.3  # of the kills may fall before the database is open


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that have everything imported when they start, so that a hundred of them take no minute."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["loading"])
    return made


def contents(path: Path) -> dict[str, list[Any]]:
    """All rows, but for what a load writes of itself: counters and times."""
    with Warehouse.open(path) as house:
        names = house.con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        rows = {name: sorted(house.con.execute(f"FROM {name}").fetchall(), key=str) for (name,) in names}
        rows["setting"] = [row for row in rows["setting"] if row[0] not in ("changes", "loaded_at")]
        return rows


def killed_loading(
    processes: ForkServerContext, path: Path, acks: Path, after: Callable[[], float], early: bool
) -> list[int] | None:
    """Start a loader and kill it a moment later; return the batches that it found there when it began."""
    ours, theirs = processes.Pipe()
    loader = processes.Process(target=load_on, args=(path, acks, 10_000, theirs))
    loader.start()
    try:
        if not early:
            assert ours.poll(HANG), "the loader did not start"
        ours.poll(after()) if early else loader.join(after())
        loader.kill()
        loader.join(HANG)
        return ours.recv() if ours.poll() else None
    finally:
        loader.kill()
        ours.close(), theirs.close()


def test_a_hundred_kills_while_loading_lose_nothing_and_double_nothing(
    processes: ForkServerContext, empty: Path, tmp_path: Path
) -> None:
    seed = int(os.environ.get("BILATERAL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"the moments come from BILATERAL_SEED={seed}")
    chance = random.Random(seed)
    path, acks = Path(shutil.copy(empty, tmp_path / "w.duckdb")), tmp_path / "acks"
    load_on(path, acks, 1)
    begun = time.monotonic()
    load_on(path, acks, 2)
    span = (
        time.monotonic() - begun
    )  # of opening and one batch on this machine: the moments are spread over it
    for kill in range(1, KILLS + 1):
        before = acknowledged(acks)
        early = chance.random() < EARLY
        found = killed_loading(processes, path, acks, lambda: chance.uniform(0, span), early)
        if found is not None:
            assert found == list(range(1, len(found) + 1)), f"seed {seed}, kill {kill}"
            assert before <= len(found) <= before + 1, f"seed {seed}, kill {kill}"
    done = acknowledged(acks)
    assert done > 10, "too slow a machine: nothing was loaded between the kills"
    load_on(path, acks, done + 3)  # the next run completes
    with Warehouse.open(path) as house:
        assert held(house) == list(range(1, acknowledged(acks) + 1)) and house.check() == []
    undisturbed = Path(shutil.copy(empty, tmp_path / "undisturbed.duckdb"))
    load_on(undisturbed, tmp_path / "other", acknowledged(acks))
    assert contents(path) == contents(undisturbed)


# Where it becomes full decides what is being written then: the log of a transaction, or the file at a checkpoint.
@pytest.mark.parametrize("room", [2_500_000, 3_500_000, 6_000_000])
def test_a_file_that_cannot_grow_loses_nothing(
    processes: ForkServerContext, empty: Path, tmp_path: Path, room: int
) -> None:
    path = Path(shutil.copy(empty, tmp_path / "w.duckdb"))
    ours, theirs = processes.Pipe()
    loader = processes.Process(target=on_a_small_file_system, args=(path, theirs, room + path.stat().st_size))
    loader.start()
    assert ours.poll(HANG), "the loader did not end"
    done, said = ours.recv()
    loader.join(HANG)
    assert "cannot be written, and is as before" in said and len(said.splitlines()) == 1
    recovered(path, done)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    inside = 'mount -t tmpfs -o size=9m tmpfs "$1" && echo mounted && exec "$2" "$3" "$1"'
    words = ["unshare", "-rm", "sh", "-c", inside, "sh", str(tmp_path), sys.executable]
    if shutil.which("unshare") is None:
        pytest.skip("no file system of its own can be made here")
    script = Path(__file__).with_name("loading.py")
    done = subprocess.run([*words, str(script)], capture_output=True, text=True, timeout=HANG, check=False)
    if "mounted" not in done.stdout:
        pytest.skip(f"no file system of its own can be made here: {done.stderr.strip()[:80]}")
    assert done.returncode == 0, done.stderr
    assert "cannot be written, and is as before" in done.stdout and "No space left" in done.stdout


def test_ten_readers_see_whole_batches_and_never_fail(
    processes: ForkServerContext, empty: Path, tmp_path: Path
) -> None:
    path, published = Path(shutil.copy(empty, tmp_path / "w.duckdb")), tmp_path / "copy.duckdb"
    with Warehouse.open(path) as house:
        house.publish(published)
    stop = processes.Event()
    readers: list[tuple[Any, Connection]] = []
    for _ in range(READERS):
        ours, theirs = processes.Pipe()
        readers.append((processes.Process(target=ask_on, args=(published, stop, theirs)), ours))
    try:
        for reader, _ in readers:
            reader.start()
        with Warehouse.open(path) as house:
            for number in range(1, 11):
                house.load(batch(number))
                assert house.publish(published)
        stop.set()
        answers = [ours.recv() if ours.poll(HANG) else "no answer" for _, ours in readers]
    finally:
        stop.set()
        for reader, _ in readers:
            reader.join(HANG)
            reader.kill()
    assert [answer for answer in answers if isinstance(answer, str)] == []
    assert all(seen == sorted(seen) for seen in answers)
    assert len({pages for seen in answers for pages in seen}) >= 4  # or nobody read while it was written
