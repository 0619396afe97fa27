"""The flow in a process of its own: what it loads, what it says, and that nothing of it stays behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from homes import (
    HANG,
    command,
    environment,
    feed,
    left_behind,
    offline,
    program,
    ready_home,
    rows,
    started,
    wait_until,
    write_sources,
)
from servers import Reply, Site

from bilateral.errors import BilateralError
from flows import processes
from flows.embedded import is_held, only_one

SLEEP = "import time; print(1, flush=True); time.sleep(600)"


def dead_owner() -> str:
    done = subprocess.Popen([sys.executable, "-c", ""])
    signature = f"{done.pid}:{psutil.Process(done.pid).create_time():.2f}"
    done.wait()
    return signature


@contextmanager
def child(home: Path, owner: str, code: str = SLEEP) -> Iterator[psutil.Process]:
    """A process that carries the marks; it has told that it runs."""
    marks = {processes.HOME_MARK: str(home), processes.OWNER_MARK: owner}
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, env={**os.environ, **marks}, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == b"1\n"
            yield psutil.Process(process.pid)
        finally:
            process.kill()


def test_the_sweep_ends_what_a_dead_run_of_this_home_left_and_nothing_else(tmp_path: Path) -> None:
    here, mine = tmp_path / "here", processes.marks(tmp_path)[processes.OWNER_MARK]
    with (
        child(here, dead_owner()) as orphan,
        child(tmp_path / "elsewhere", dead_owner()) as foreign,
        child(here, mine) as owned,
    ):
        assert processes.sweep(here) == 1
        assert [p.is_running() for p in (orphan, foreign, owned)] == [False, True, True]
        assert processes.end_children(here) == 2  # both are children of this process
        assert not foreign.is_running() and not owned.is_running()


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    with child(tmp_path, dead_owner(), "import signal; signal.signal(15, signal.SIG_IGN);" + SLEEP) as deaf:
        processes.end([deaf], patience=0.2)
        assert not deaf.is_running()


def test_the_second_run_in_a_home_is_refused_and_says_who_is_there(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert is_held(tmp_path, "run")
        with (
            pytest.raises(BilateralError, match=rf"another run \(process {os.getpid()}, since 20"),
            only_one(tmp_path),
        ):
            pass
    assert not is_held(tmp_path, "run")
    with only_one(tmp_path):  # freed
        pass


def test_a_run_in_a_home_that_is_at_work_ends_at_once_with_one_line(tmp_path: Path) -> None:
    sources = offline(tmp_path)
    with only_one(tmp_path / "home"):
        done = program("run", "--home", tmp_path / "home", "--sources", sources, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"{tmp_path / 'home'}: another run (process {os.getpid()}")
    assert "Traceback" not in done.stderr


@pytest.mark.flow
def test_a_run_without_a_network_loads_the_documents_and_names_what_it_could_not_read(tmp_path: Path) -> None:
    home, sources = tmp_path / "home", offline(tmp_path)
    (tmp_path / "documents" / "broken.jsonl").write_text("one\ntwo\n")
    (tmp_path / "prefect.toml").write_text(
        '[api]\nurl = "http://127.0.0.1:9/api"\n'
    )  # not ours: out of sight
    done = program("run", "--home", home, "--sources", sources, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"configuration {sources}, home {home}" in done.stderr
    assert "Traceback" not in done.stderr and "WARN" not in done.stderr
    table = {line.split()[0]: line.split()[1:5] for line in done.stdout.splitlines() if line.strip()}
    assert table["kremlin-en"] == ["unreachable", "0", "0", "0"]
    assert table["seeds"][:2] == ["ok", "1"]
    assert "Not read: kremlin-en unreachable" in done.stdout
    skipped = f"{tmp_path / 'documents' / 'broken.jsonl'}: line {{}}: no valid JSON"
    assert [skipped.format(n) in done.stderr for n in (1, 2)] == [True, True]
    listed = program("sources", "list", "--json", "--home", home, "--sources", sources, cwd=tmp_path)
    (seeds,) = [row for row in json.loads(listed.stdout) if row["source"] == "seeds"]
    assert seeds["reason"].startswith(f"2 skipped, the first: {skipped.format(1)}")
    assert rows(home, "SELECT source_id, state FROM source_health ORDER BY 1") == [
        ("kremlin-en", "blocked"),
        ("seeds", "ok"),
    ]
    events = rows(home, "SELECT event_id, kind, start_date::VARCHAR FROM events")
    assert [event[1:] for event in events] == [("talks", "2025-11-26")]
    assert f"bilateral why {events[0][0]}" in done.stdout
    minted = [
        json.loads(line) for line in (home / "archive" / "journal" / "mint.jsonl").read_text().splitlines()
    ]
    assert [entry["event_id"] for entry in minted] == [events[0][0]]
    assert left_behind(tmp_path) == []

    again = program("run", "--home", home, "--sources", sources, "--strict", cwd=tmp_path)
    assert again.returncode == 3
    assert "0 new documents, 0 changed, 1 unchanged" in again.stdout
    assert rows(home, "SELECT event_id FROM events") == [events[0][:1]]
    assert not {p.name for p in tmp_path.iterdir()} - {"home", "documents", "sources.yaml", "prefect.toml"}


@pytest.mark.flow
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_told_to_stop_leaves_nothing_behind(
    sent: signal.Signals, code: int, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, sources = ready_home(tmp_path, tmp_path_factory), offline(tmp_path)
    with started("run", "--home", home, "--sources", sources, cwd=tmp_path) as process:
        wait_until(lambda: any("uvicorn" in one for one in left_behind(tmp_path)), "Prefect's server")
        time.sleep(0.5)
        process.send_signal(sent)
        assert process.wait(HANG) == code
    assert left_behind(tmp_path) == []
    assert "Traceback" not in (tmp_path / "output.txt").read_text()


def test_ctrl_c_while_the_program_is_still_starting_ends_it_quietly(tmp_path: Path) -> None:
    """The interruption comes at the first import of `main`, wherever the machine is slow."""
    code = (
        "import builtins, os, signal, flows.cli\n"
        "real = builtins.__import__\n"
        "def slow(*words, **more):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(*words, **more)\n"
        "builtins.__import__ = slow\n"
        "flows.cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=HANG, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_the_entry_imports_nothing_before_it_is_called() -> None:
    check = "import sys, flows.cli; print(*(m for m in sys.modules if m.startswith(('flows', 'bilateral', 'typer'))))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=HANG)
    assert done.stdout.split() == ["flows", "flows.cli"]


@pytest.mark.flow
def test_a_run_that_waits_for_a_slow_source_stops_when_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = ready_home(tmp_path, tmp_path_factory)
    over = threading.Event()
    with Site({"/feed": lambda handler, asked: Reply() if over.wait(HANG) else None}) as site:
        sources = write_sources(tmp_path, feed("kremlin-en", f"{site.url}/feed"))
        with started("run", "--home", home, "--sources", sources, cwd=tmp_path) as process:
            wait_until(lambda: bool(site.asked), "the request")
            process.send_signal(signal.SIGTERM)
            assert process.wait(HANG) in (143, -signal.SIGTERM)
            assert not over.is_set()
        over.set()
    assert left_behind(tmp_path) == []


@pytest.mark.flow
def test_serve_runs_the_sources_until_it_is_stopped(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, sources = ready_home(tmp_path, tmp_path_factory), offline(tmp_path)
    with started("serve", "--home", home, "--sources", sources, cwd=tmp_path) as process:
        wait_until((home / "bilateral.duckdb").exists, "the first run")
        assert rows(home, "SELECT kind FROM events") == [("talks",)]
        second = program("serve", "--home", home, "--sources", sources, cwd=tmp_path)
        assert (second.returncode, "another serve (process" in second.stderr) == (1, True)
        beside = program("run", "--home", home, "--sources", sources, cwd=tmp_path)
        assert beside.returncode == 0 or "another run" in beside.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(HANG) == 0
    output = (tmp_path / "output.txt").read_text()
    assert "Prefect's pages: http://127.0.0.1:" in output
    assert "Traceback" not in output
    assert left_behind(tmp_path) == []


def test_the_environment_of_the_tests_is_clean() -> None:
    assert not [name for name in environment() if name.startswith("BILATERAL")]
    assert command("run")[1:] == ["-m", "flows.cli", "run"]
