"""The program in a process of its own, on a home of its own, with sources that the test serves or that nobody does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from filelock import FileLock

CLOSED = "http://127.0.0.1:9"  # nobody listens there
HANG = 120  # seconds: a guard, ten times what is expected

DOCUMENT = """---
title: Talks in Bishkek
source: kremlin-en
lang: en
published: "2025-11-26T15:45:00+03:00"
synthetic: true
---
On November 26, 2025, Vladimir Putin held talks in Bishkek with President of the Kyrgyz Republic Sadyr Japarov.
"""


def publisher(kind: str = "head_of_state") -> dict[str, str]:
    return {"name": "Publisher", "en": "Publisher", "kind": kind}


def feed(source_id: str, url: str, **more: Any) -> dict[str, Any]:
    """The record of a source that is read by feed."""
    record = {
        "id": source_id,
        "country": "RUS",
        "publisher": publisher(),
        "primary": True,
        "lang": "en",
        "zone": "Europe/Moscow",
        "licence": "CC BY 4.0",
        "discover": {"feed": url},
        "identity": {"path": r"/(\d+)(?:/|$)", "work": "kremlin"},
        "every": "30 min",
        "verified": "2025-11",
    }
    return record | more


def seeds(folder: Path) -> dict[str, Any]:
    """The record of a folder of documents."""
    files = {
        "publisher": publisher("seed"),
        "licence": "as each document says",
        "discover": {"files": str(folder)},
    }
    return {"id": "seeds", **files, "every": "1 h", "verified": "2025-11"}


def write_sources(folder: Path, *records: dict[str, Any], rules: tuple[str, ...] = ("contact_held",)) -> Path:
    """Write a sources.yaml into *folder*; alerts go to a file."""
    alerts = {
        "channels": [{"id": "log", "file": "alerts.jsonl"}],
        "rules": [
            {"id": r.replace("_", "-"), "when": r, "tier": "notify", "channels": ["log"]} for r in rules
        ],
    }
    path = folder / "sources.yaml"
    content = {"pairs": ["KGZ-RUS"], "sources": list(records), "alerts": alerts}
    path.write_text(json.dumps(content), "utf-8")  # YAML reads JSON
    return path


def offline(folder: Path) -> Path:
    """Write a configuration with one document to read and one source that nobody serves."""
    documents = folder / "documents"
    documents.mkdir()
    (documents / "talks.md").write_text(DOCUMENT, "utf-8")
    return write_sources(folder, feed("kremlin-en", f"{CLOSED}/feed"), seeds(documents))


def environment() -> dict[str, str]:
    """The environment without what would lead the program elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "BILATERAL"))}
    return kept | {"PREFECT_RUNNER_POLL_FREQUENCY": "2", "PYTHONWARNINGS": "default", "COLUMNS": "200"}


@cache
def migrated(shared: Path) -> Path:
    """A folder for Prefect whose database is made already, once for all tests: making it takes seconds."""
    folder = shared / "prefect"
    with FileLock(shared / "prefect.lock"):
        if not folder.exists():
            draft = shared / "prefect.draft"
            where = {
                "PREFECT_HOME": str(draft),
                "PREFECT_PROFILES_PATH": str(draft / "none"),
                "DO_NOT_TRACK": "1",
            }
            upgrade = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
            draft.mkdir()
            subprocess.run(
                upgrade, env=environment() | where, cwd=draft, check=True, timeout=HANG, capture_output=True
            )
            draft.rename(folder)
    return folder


def ready_home(tmp_path: Path, factory: pytest.TempPathFactory) -> Path:
    """A home in which Prefect starts without making its database first."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = tmp_path / "home"
    shutil.copytree(migrated(shared), home / "work" / "prefect")
    return home


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "flows.cli", *map(str, words)]


def program(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        command(*words), cwd=cwd, env=environment(), capture_output=True, text=True, timeout=HANG, check=False
    )


@contextmanager
def started(*words: object, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program, with its output in a file; it is killed at the end if it is still there."""
    with (cwd / "output.txt").open("ab") as output:
        process = subprocess.Popen(command(*words), cwd=cwd, env=environment(), stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until(holds: Callable[[], bool], what: str, seconds: float = HANG) -> None:
    """Wait until *holds*; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.005)


def left_behind(folder: Path) -> list[str]:
    """The processes whose environment or arguments name *folder*, but for this one."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            words = [*process.cmdline(), *process.environ().values()]
        except (psutil.Error, OSError):
            continue
        if any(str(folder) in word for word in words):
            found.append(" ".join(process.cmdline()))
    return found


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the published copy."""
    with duckdb.connect(str(home / "bilateral.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()
