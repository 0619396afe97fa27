"""SIGKILL anywhere: the next run goes on, and all that people see is as if nothing had happened."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from homes import feed, left_behind, program, ready_home, seeds, started, wait_until, write_sources
from servers import Item, KremlinSite, atom

from flows.embedded import SERVED, only_one, write_json
from flows.serve import free_port, server

SEEDS = Path(__file__).parents[1] / "seeds"
TALKS = "<p>Vladimir Putin held talks in Bishkek with President of the Kyrgyz Republic Sadyr Japarov.</p>"
TIMES = {  # when something was fetched or recorded, and the ids of runs
    *("first_seen_at", "seen_at", "raised_at", "delivered_at", "next_try_at", "last_ok_at", "last_new_at"),
    *("days_silent", "acked_at"),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two feeds that answer, and the retellings of the repository."""
    items = [Item(78551 + n, f"Talks {n}", TALKS, f"2025-11-{10 + n}T12:00:00+04:00") for n in range(9)]
    folder = tmp_path_factory.mktemp("sources")
    with KremlinSite(atom(items)) as site:
        yield write_sources(
            folder,
            feed("kremlin-en", site.feed_url),
            feed("kremlin-ru", site.feed_url),
            seeds(SEEDS),
            rules=("contact_held", "contact_planned", "signing"),
        )


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API of a server that outlives the runs."""
    kept = dict(os.environ)
    home = tmp_path_factory.mktemp("server")
    os.environ.update(PREFECT_HOME=str(home), PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1")
    (home / "work").mkdir()
    try:
        with server(home, free_port()) as address:
            yield f"{address}/api"
    finally:
        os.environ.clear()
        os.environ.update(kept)


def views(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that people can see, ordered, without the times of fetching and recording."""
    with duckdb.connect(str(home / "bilateral.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        names = con.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND view_name NOT LIKE '\\_%' ESCAPE '\\'"
        ).fetchall()
        return {name: contents(con, name) for (name,) in names}


def contents(con: duckdb.DuckDBPyConnection, view: str) -> list[tuple[Any, ...]]:
    columns = [column[0] for column in con.execute(f"FROM {view} LIMIT 0").description or []]
    left_out = TIMES | ({"published_at", "rows"} if view == "meta" else set())
    kept = ", ".join(f'"{c}"' for c in columns if c not in left_out)
    return con.execute(f"SELECT {kept} FROM {view} ORDER BY ALL").fetchall()


RUN, LOAD = ("run", "--strict"), ("load", SEEDS)


def work(words: Sequence[object], home: Path, sources: Path) -> None:
    done = program(*words, "--home", home, "--sources", sources, cwd=home.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def kill_when(
    holds: Callable[[], bool], words: Sequence[object], home: Path, sources: Path, delay: float = 0.0
) -> None:
    """Start the program and kill it *delay* seconds after *holds*."""
    with started(*words, "--home", home, "--sources", sources, cwd=home.parent) as process:
        wait_until(lambda: holds() or process.poll() is not None, "the moment")
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def undisturbed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = ready_home(tmp_path_factory.mktemp("undisturbed"), tmp_path_factory)
    work(RUN, home, sources)
    assert len(views(home)["events"]) > 10
    return home


def has_server(home: Path) -> bool:
    return any("uvicorn" in one for one in left_behind(home))


def run_states(home: Path) -> set[str]:
    """What Prefect holds of the runs."""
    with closing(sqlite3.connect(home / "work" / "prefect" / "prefect.db")) as con:
        return {state for (state,) in con.execute("SELECT state_type FROM flow_run")}


@pytest.mark.flow
def test_killed_again_and_again_before_anything_was_loaded(
    sources: Path, undisturbed: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every run is killed a little later than the one before, and each starts over what the last one left."""
    home = ready_home(tmp_path, tmp_path_factory)
    journal = home / "archive" / "journal"
    moments: list[tuple[Callable[[], bool], float]] = [
        (lambda: True, 0.4),
        (lambda: has_server(home), 0.1),
        (lambda: has_server(home), 2.0),
        (lambda: (journal / "page.jsonl").exists(), 0.0),
    ]
    orphans = 0
    for holds, delay in moments:
        kill_when(holds, RUN, home, sources, delay)
        orphans += has_server(home)
    assert orphans >= 2  # or the sweep had nothing to do
    work(RUN, home, sources)
    assert left_behind(tmp_path) == []
    assert run_states(home) >= {"CRASHED", "COMPLETED"}
    assert not run_states(home) & {"RUNNING", "PENDING"}
    assert views(undisturbed) == views(home)


# The ids are journaled just before the load: from there about 0.2 s of loading, then publishing, then delivery.


@pytest.mark.flow
@pytest.mark.parametrize("delay", [0.0, 0.1])
def test_a_run_killed_while_loading(
    delay: float, prefect: str, sources: Path, undisturbed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with only_one(home, "serve"):  # so that the runs take the server that is there
        write_json(home / "work" / SERVED, {"api": prefect})
        kill_when((home / "archive" / "journal" / "mint.jsonl").exists, RUN, home, sources, delay)
        work(RUN, home, sources)
    assert left_behind(tmp_path) == []
    assert views(undisturbed) == views(home)


@pytest.fixture(scope="module")
def undisturbed_load(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    work(LOAD, home, sources)
    return home


@pytest.mark.flow
@pytest.mark.parametrize("delay", [0.03, 0.1, 0.22, 0.28])
def test_a_load_killed_anywhere(delay: float, sources: Path, undisturbed_load: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    kill_when((home / "archive" / "journal" / "mint.jsonl").exists, LOAD, home, sources, delay)
    work(LOAD, home, sources)
    assert left_behind(tmp_path) == []
    assert views(undisturbed_load) == views(home)
