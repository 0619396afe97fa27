"""Prefect inside the program: its own home, no account, no telemetry, and one run at a time in one home.

Nothing here imports Prefect before its environment is set: it reads its settings when it is imported.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, Timeout

from bilateral.errors import BilateralError
from flows import processes

EMBEDDED = "BILATERAL_EMBEDDED"  # set where Prefect's state is the program's own
SERVED = "server.json"  # in work/: where a `serve` that is at work has its API
KEPT = ("PREFECT_LOGGING_", "PREFECT_RUNNER_")  # what a user may still say in the environment


@contextmanager
def prefect_home(home: Path, profile: str | None = None, api_url: str | None = None) -> Iterator[None]:
    """Set Prefect up to work for *home*, and leave no process behind.

    With *profile* it is the user's own Prefect of that name; else the user's profiles, cloud and configuration
    files are out of sight. The working directory is Prefect's home meanwhile, since it reads `prefect.toml`
    and `.env` there.
    """
    if profile and profile not in (known := profiles()):
        raise BilateralError(f"--prefect-profile: {profile!r} is none of {', '.join(sorted(known))}")
    folder = home / "work" / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    set_environment(home, folder, profile, api_url)
    with chdir(Path.cwd() if profile else folder):
        try:
            yield
        finally:
            stop_server()
            processes.end_children(home)


def set_environment(home: Path, folder: Path, profile: str | None, api_url: str | None = None) -> None:
    """Write the variables that Prefect and all children of this process read."""
    os.environ.update(processes.marks(home), DO_NOT_TRACK="1", PREFECT_SERVER_ANALYTICS_ENABLED="false")
    if profile:
        os.environ["PREFECT_PROFILE"] = profile
        os.environ.pop(EMBEDDED, None)
        return
    for name in [n for n in os.environ if n.startswith("PREFECT_") and not n.startswith(KEPT)]:
        del os.environ[name]
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.update(
        {EMBEDDED: "1"},
        PREFECT_HOME=str(folder),
        PREFECT_PROFILES_PATH=str(folder / "profiles.toml"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",  # once more: all that begins with PREFECT_ was removed
        PREFECT_SERVER_EPHEMERAL_ENABLED="true",
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120",
    )
    if api_url:
        os.environ["PREFECT_API_URL"] = api_url


def profiles() -> set[str]:
    """Return the profiles that the user's own Prefect knows: its file, and those that come with Prefect."""
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    own = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml").expanduser()
    spec = find_spec("prefect")  # not imported: it reads its settings when it is
    shipped = (
        [Path(folder) / "settings" / "profiles.toml" for folder in spec.submodule_search_locations or ()]
        if spec
        else []
    )
    found: set[str] = set()
    for file in (own, *shipped):
        if file.is_file():
            try:
                found |= tomllib.loads(file.read_text("utf-8")).get("profiles", {}).keys()
            except (OSError, ValueError) as error:
                raise BilateralError(f"{file}: no profiles of Prefect can be read: {error}") from None
    return found


def owns_server() -> bool:
    """Say whether Prefect's server is this process's own temporary one, so that no other run can be alive."""
    return EMBEDDED in os.environ and "PREFECT_API_URL" not in os.environ


def stop_server() -> None:
    """Stop the temporary server of this process, if Prefect started one."""
    if "prefect.server.api.server" in sys.modules:
        from prefect.server.api.server import SubprocessASGIServer

        for server in list(SubprocessASGIServer._instances.values()):
            server.stop()


@contextmanager
def only_one(home: Path, name: str = "run", wait: float = 0.0) -> Iterator[None]:
    """Hold the lock *name* of *home*; BilateralError names the process that holds it after *wait* seconds.

    The system frees the lock when its process ends, however it ends.
    """
    work = home / "work"
    work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(work / f"{name}.lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise BilateralError(
            f"{home}: {holder(home, name)} is at work here: wait for its end or take another --home"
        ) from None
    try:
        write_json(
            work / f"{name}.json", {"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
        )
        yield
    finally:
        lock.release()


def holder(home: Path, name: str) -> str:
    """Say which process holds the lock *name*, as well as it is known."""
    try:
        who = json.loads((home / "work" / f"{name}.json").read_text("utf-8"))
        return f"another {name} (process {who['pid']}, since {who['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return f"another {name}"


def is_held(home: Path, name: str) -> bool:
    """Say whether some process holds the lock *name*."""
    lock = FileLock(home / "work" / f"{name}.lock")
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True


def write_json(path: Path, content: dict[str, object]) -> None:
    """Write a small file so that it is there whole or not at all."""
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(content), "utf-8")
    draft.replace(path)
