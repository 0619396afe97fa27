"""The processes that a run starts, and their end: none may outlive the program.

Every child inherits two variables: which home it works for, and which process started it. When that process is
killed, nobody is left to end its children, so the next start on the same home looks for them by these marks.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

HOME_MARK = "BILATERAL_HOME_MARK"
OWNER_MARK = "BILATERAL_OWNER"
CLOCK_SLACK = (
    2.0  # seconds: the kernel's boot time, from which start times count, moves when the clock is set
)


def marks(home: Path) -> dict[str, str]:
    """Return the variables that children of this process carry."""
    return {HOME_MARK: str(home), OWNER_MARK: _signature(psutil.Process())}


def sweep(home: Path) -> int:
    """End what a killed run of *home* left behind; return how many processes that were."""
    found = 0
    while left := [p for p in _marked(home) if not _alive(_environment(p).get(OWNER_MARK, ""))]:
        found += len(left)
        end(left)  # what they had started has no owner now: look again
    return found


def end_children(home: Path) -> int:
    """End all processes that this one started and that are still there; return how many that were."""
    own = _signature(psutil.Process())
    left = {p.pid: p for p in psutil.Process().children(recursive=True)}
    left |= {p.pid: p for p in _marked(home) if _environment(p).get(OWNER_MARK) == own}
    busy = [p for p in left.values() if not _ends_by_itself(p)]
    end(busy)
    return len(busy)


def end(processes: Iterable[psutil.Process], patience: float = 3.0) -> None:
    """Ask the processes to end, wait, and kill those that did not."""
    asked = [p for p in processes if _signal(p, "terminate")]
    _, deaf = psutil.wait_procs(asked, timeout=patience)
    psutil.wait_procs([p for p in deaf if _signal(p, "kill")], timeout=patience)


@contextmanager
def prompt_end(home: Path, patience: float = 2.0) -> Iterator[None]:
    """See to it that an interrupted block does not wait for threads that wait for a slow source.

    All that is written survives a kill, so after *patience* seconds the process just leaves.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException as interruption:
        code = 130 if isinstance(interruption, KeyboardInterrupt) else 143
        timer = threading.Timer(patience, _leave, (home, code))
        timer.daemon = True
        timer.start()
        raise


def _leave(home: Path, code: int) -> None:
    end_children(home)
    os._exit(code)


def _signature(process: psutil.Process) -> str:
    return f"{process.pid}:{process.create_time():.2f}"


def _alive(signature: str) -> bool:
    pid, _, started = signature.partition(":")
    try:
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(started)) < CLOCK_SLACK
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.Error):
        return False


def _marked(home: Path) -> list[psutil.Process]:
    """Return the processes that work for *home*, but for this one and those that it descends from."""
    here = psutil.Process()
    spared = {here.pid, *(p.pid for p in here.parents())}
    return [
        p
        for p in psutil.process_iter()
        if p.pid not in spared and _environment(p).get(HOME_MARK) == str(home) and _running(p)
    ]


def _environment(process: psutil.Process) -> Mapping[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):  # another user's, or gone meanwhile
        return {}


def _running(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _ends_by_itself(process: psutil.Process) -> bool:
    """Say whether *process* is Python's own tracker of shared resources, which ends with its parent."""
    try:
        return "multiprocessing.resource_tracker" in " ".join(process.cmdline())
    except psutil.Error:
        return True


def _signal(process: psutil.Process, how: str) -> bool:
    try:
        getattr(process, how)()
    except psutil.Error:
        return False
    return True
