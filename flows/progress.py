"""What a run tells of itself while it works, to whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(words: str) -> None:
    """Say what is being done, in a few words; none: the showing is over."""
    if listener := _listener.get():
        listener(words)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let *listener* hear what the block tells."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
