"""Batches that differ, loaded in processes of their own: to be killed, to meet a full disk, to be read meanwhile."""

from __future__ import annotations

import os
import resource
import signal
import sys
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from builders import NOW, Story, article, claim, config, event, poll, report

from bilateral.errors import WarehouseError
from warehouse.ask import ask
from warehouse.load import Batch
from warehouse.warehouse import Warehouse

CONFIG = config(
    alerts={
        "channels": [{"id": "log", "file": "alerts.jsonl"}],
        "rules": [{"id": "held", "when": "contact_held", "tier": "notify", "channels": ["log"]}],
    }
)
TEXT = "Call {n}\nThey spoke. Trade grew by 5. Trade fell by 5."


def batch(number: int) -> Batch:
    """The batch of that number: a page of its own, a new text of a page that all batches change, figures that add up to 0."""
    now = NOW + timedelta(minutes=number)
    story = Story()
    text = TEXT.format(n=number)
    told = report("call.phone", "2025-11-26", "They spoke", text)
    figures = (claim("5", "by 5. Trade fell", text), claim("-5", "fell by 5", text))
    own = story.tell(article("kremlin-ru", str(number), text, fetched_at=now), told, claims=figures)
    shared = TEXT.format(n=f"of day {number}")
    heard = report("talks", "2025-11-26", "They spoke", shared)
    common = story.tell(article("president-kg-ru", "one", shared, fetched_at=now), heard)
    story.events = [event(f"e{number}", [(own, told)]), event("e0", [(common, heard)])]
    return story.batch(run_id=f"run{number}", now=now, polls=[poll(at=now)], config=CONFIG)


def held(house: Warehouse) -> list[int]:
    """The numbers of the batches whose page is there."""
    rows = house.con.execute(
        "SELECT key::INTEGER FROM article WHERE source_id = 'kremlin-ru' ORDER BY 1"
    ).fetchall()
    return [number for (number,) in rows]


def acknowledged(acks: Path) -> int:
    """How many batches were said to be loaded."""
    return len(acks.read_text("ascii").splitlines()) if acks.exists() else 0


def load_on(
    path: Path, acks: Path, upto: int, say: Connection | None = None, publish: Path | None = None
) -> None:
    """Load batch after batch, each acknowledged on the disk; say first which are there."""
    with Warehouse.open(path) as house, acks.open("a", encoding="ascii") as file:
        there = held(house)
        if say:
            say.send(there)
        for number in range(len(there) + 1, upto + 1):
            house.load(batch(number))
            for _ in range(
                number - acknowledged(acks)
            ):  # a batch whose acknowledgement was killed counts now
                file.write("loaded\n")
                file.flush()
                os.fsync(file.fileno())
            if publish:
                house.publish(publish)


def until_full(path: Path, most: int = 60) -> tuple[int, str]:
    """Load large batches until one fails; return how many did not, and what was said."""
    done = 0
    try:
        with Warehouse.open(path) as house:
            for number in range(len(held(house)) + 1, most):
                house.load(batch(number))
                house.load(noise(number))
                done = number
    except WarehouseError as error:
        return done, str(error)
    return done, ""


def noise(number: int) -> Batch:
    """A page of half a megabyte that cannot be packed."""
    rest = os.urandom(250_000).hex()
    story = Story()
    story.tell(article("kremlin-en", str(number), f"Noise\n{rest}"))
    return story.batch(run_id=f"noise{number}", config=CONFIG)


def on_a_small_file_system(path: Path, say: Connection, room: int) -> None:
    """Load with files that may not grow beyond *room* bytes: to a program a full disk looks the same."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    say.send(until_full(path))


def recovered(path: Path, done: int) -> None:
    """Raise AssertionError unless exactly what was acknowledged is there, all is sound, and loading goes on."""
    with Warehouse.open(path) as house:
        there = held(house)
        assert there == list(range(1, len(there) + 1)) and done <= len(there) <= done + 1, (there, done)
        assert house.check() == []
        house.load(batch(len(there) + 1))
        assert len(held(house)) == len(there) + 1 and house.check() == []


ASKED = """
    SELECT (SELECT count(*) FROM articles WHERE source_id = 'kremlin-ru') AS pages, (SELECT count(*) FROM claims) AS figures,
           (SELECT coalesce(sum(value), 0) FROM claims) AS total, (SELECT count(*) FROM event_reports) AS reports,
           (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM alerts) AS alerts"""


def ask_on(published: Path, stop: Event, say: Connection) -> None:
    """Ask the published copy until told to stop; say what was wrong, else how many pages each answer had."""
    seen: list[int] = []
    try:
        while not stop.is_set() or not seen:
            ((pages, figures, total, reports, events, alerts),) = ask(published, ASKED).rows
            whole = (2 * pages, 0, pages + bool(pages), pages + bool(pages), pages + bool(pages))
            assert (figures, total, reports, events, alerts) == whole, f"half a batch: {pages}"
            seen.append(pages)
            stop.wait(0.1)
        say.send(seen)
    except BaseException as error:
        say.send(f"{type(error).__name__}: {error}")


def fill_a_disk(folder: Path) -> None:
    """Fill the disk of *folder*, which is this process's own, then make room: nothing is lost."""
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * 4_000_000)
    done, said = until_full(folder / "w.duckdb")
    assert done > 0 and said, (done, said)
    ballast.unlink()
    recovered(folder / "w.duckdb", done)
    print(said)


if __name__ == "__main__":
    fill_a_disk(Path(sys.argv[1]))
