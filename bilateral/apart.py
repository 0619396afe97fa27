"""Work on what strangers wrote, in processes that can be ended: it may never end, or eat all memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MEMORY = 1_500_000_000  # bytes of address space that such a process may have


class Ended(Exception):
    """The work was ended before it was done; the message says by what."""


class Apart:
    """A few such processes, started with the first work and ended with the `with` block; safe between threads."""

    def __init__(self, done: str, seconds: float, workers: int = 2, memory: int = MEMORY) -> None:
        """Allow each piece of work *seconds* and each process *memory* bytes; *done* is "parsed" or the like."""
        self._done, self._seconds, self._workers, self._memory = done, seconds, workers, memory
        self._pool: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop() if error else self._pool.close()
            self._pool.join()

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin *work*, a function of a module, with its arguments; see `outcome`."""
        with self._lock:
            self._pool = self._pool or self._started()
        given = [int(self._seconds) + 2, work, args, kwargs]
        future: Future[T] = self._pool.schedule(_timed, args=given, timeout=self._seconds)
        return future

    def _started(self) -> Any:
        from pebble import ProcessPool

        return ProcessPool(
            max_workers=self._workers,
            initializer=_bound_memory,
            initargs=[self._memory],
            context=multiprocessing.get_context("spawn"),
        )

    def outcome(self, future: Future[T]) -> T:
        """Return what the work returned, or raise what it raised; Ended when it took too long or too much."""
        from pebble import ProcessExpired

        try:
            return future.result()
        except Late as error:
            raise Ended(f"not {self._done} in {self._seconds:.0f} s") from error
        except ProcessExpired as error:
            raise Ended(f"not {self._done}: the process died: {error}") from error
        except MemoryError as error:
            raise Ended(f"not {self._done} with {self._memory // 1_000_000:,} MB of memory") from error


def _bound_memory(most: int) -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(OSError, ValueError):  # not every system knows the limit
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _timed(seconds: int, work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    """Do *work* in a process that ends itself when nobody is left to end it."""
    if hasattr(signal, "alarm"):
        # Without a handler: the system ends the process, even inside a regular expression.
        signal.alarm(seconds)
    try:
        return work(*args, **kwargs)
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
