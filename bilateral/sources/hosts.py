"""What a host asks of its visitors, and that it gets it: turns, pace, pauses, and robots.txt.

Kept in memory during a run and in one file between runs; who deletes the file makes the program ask again.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

from bilateral.config import Source
from bilateral.errors import FetchError
from bilateral.sources.disk import read_notes, write_notes

PATIENCE = 60.0  # seconds that one request waits because its host wants it
_FRESH = 86_400.0  # for so long a robots.txt is believed (RFC 9309)
_LONGEST = 7 * 86_400.0  # no host is left alone for longer on its own word
_MOST = 500_000  # characters of a robots.txt that are read (RFC 9309)


@dataclass
class _Host:
    """The queue before one host, and what it said; times as seconds of the clock."""

    ready: threading.Condition = field(default_factory=threading.Condition)
    start: threading.Lock = field(default_factory=threading.Lock)
    reading: threading.Lock = field(default_factory=threading.Lock)
    busy: int = 0
    last: float | None = None  # when the last request began
    until: float = 0.0  # the host asked to be left alone so long
    rules: Protego | None = None
    text: str = ""
    read_at: float = 0.0


class Hosts:
    """The hosts that are asked; safe to share between threads."""

    def __init__(
        self,
        agent: str,
        file: Path | None = None,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Begin with what *file* says of earlier runs; *agent* is the product's name, as robots.txt has it."""
        self._agent, self._file, self._pause, self._clock = agent, file, pause, clock
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = threading.Lock()
        for name, note in read_notes(file).items() if file else ():
            self._recall(self._hosts[name], note)

    @contextmanager
    def turn(self, source: Source, url: str) -> Iterator[None]:
        """Wait until the host of *url* may be asked; FetchError when it wants to be left alone for long."""
        host = self._of(url)
        with host.ready:
            host.ready.wait_for(lambda: host.busy < source.ask.at_once)
            host.busy += 1
        try:
            with host.start:
                if (wait := self._wait(source, url, host)) > 0:
                    self._pause(wait)
                host.last = self._clock()
            yield
        finally:
            with host.ready:
                host.busy -= 1
                host.ready.notify_all()

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of *url* alone for so long, also in later runs."""
        self._of(url).until = self._clock() + min(seconds, _LONGEST)

    def allows(self, url: str, ask: Callable[[str], str]) -> bool:
        """Whether robots.txt allows *url*; *ask* brings that file by its address, when it is not known or old.

        What *ask* raises is raised here too, unless an older copy is there to go by.
        """
        host = self._of(url)
        with host.reading:
            if host.rules is None or not 0 <= self._clock() - host.read_at < _FRESH:
                parts = urlsplit(url)
                try:
                    text = ask(f"{parts.scheme}://{parts.netloc}/robots.txt")
                    _learn(host, text[:_MOST], self._clock())
                except FetchError:
                    if host.rules is None:
                        raise
            return host.rules is None or bool(host.rules.can_fetch(url, self._agent))

    def save(self) -> None:
        """Write down what is known, for the next run."""
        if self._file:
            now = self._clock()
            notes = {name: _note(host, now) for name, host in self._hosts.items()}
            write_notes(self._file, {name: note for name, note in notes.items() if note})

    def _of(self, url: str) -> _Host:
        with self._lock:
            return self._hosts[urlsplit(url).netloc.lower()]

    def _wait(self, source: Source, url: str, host: _Host) -> float:
        """Return for how many seconds the next request has to wait."""
        now, name = self._clock(), urlsplit(url).hostname
        if host.until - now > PATIENCE:
            until = datetime.fromtimestamp(host.until, UTC)
            told = f"{name}: asked not to be asked again before {until:%Y-%m-%d %H:%M} UTC"
            raise FetchError(source.id, told, "server_error")
        pace = max(source.ask.pace.total_seconds(), self._delay(host) if source.ask.robots else 0.0)
        if host.last is None:
            return max(0.0, host.until - now)
        if pace > PATIENCE:
            told = f"{name}: robots.txt allows one request in {pace:.0f} s, and one was made"
            raise FetchError(source.id, told, "blocked")
        # At most the pace: the clock may have been set back since.
        return max(min(host.last + pace - now, pace), host.until - now, 0.0)

    def _delay(self, host: _Host) -> float:
        if host.rules is None:
            return 0.0
        rate = host.rules.request_rate(self._agent)
        return max(host.rules.crawl_delay(self._agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)

    def _recall(self, host: _Host, note: Mapping[str, Any]) -> None:
        """Take over what an earlier run wrote, but no pause that was asked for in the future: the clock was wrong."""
        with suppress(TypeError, ValueError, KeyError):  # a damaged note is none
            if "robots" in note:
                _learn(host, str(note["robots"]), float(note["read_at"]))
            if float(note.get("noted_at", 0)) <= self._clock():
                host.until = float(note.get("until", 0))


def _learn(host: _Host, text: str, at: float) -> None:
    host.text, host.rules, host.read_at = text, Protego.parse(text), at


def _note(host: _Host, now: float) -> dict[str, Any]:
    note: dict[str, Any] = {}
    if host.rules is not None:
        note |= {"robots": host.text, "read_at": host.read_at}
    if host.until > now:
        note |= {"until": host.until, "noted_at": now}
    return note
