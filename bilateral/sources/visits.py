"""What an address said of its own version when it was last read whole, so that it may answer "unchanged".

Such an answer is only asked for when what was read then has been loaded: a run that was killed in between is
followed by a full one. So is every day, since some sites say "unchanged" whatever they publish.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bilateral.config import Source
from bilateral.model import identity
from bilateral.sources.disk import read_notes, write_notes


@dataclass(frozen=True)
class Visit:
    """One whole answer of one address, as it named its own version."""

    at: str  # ISO time of the answer
    record: (
        str  # digest of the source's record and the reader: others read other things out of the same bytes
    )
    etag: str | None
    modified: str | None

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for a newer version only."""
        said = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in said.items() if value}


class Visits:
    """The last whole answer of each address, kept in one file between runs; safe to share between threads."""

    def __init__(self, file: Path | None = None, reader: str = "") -> None:
        """Begin with what *file* says, or with nothing; another *reader* than then reads everything whole again."""
        self._file, self._reader, self._lock = file, reader, threading.Lock()
        self._loaded: dict[str, Visit] = {}
        self._pending: dict[str, Visit] = {}
        for name, note in read_notes(file).items() if file else ():
            if isinstance(note, dict) and set(note) == set(Visit.__dataclass_fields__):
                self._loaded[name] = Visit(**note)

    def conditions(self, source: Source, url: str, now: datetime) -> dict[str, str]:
        """Return the headers under which *url* may answer "unchanged"; none where it is to be read whole."""
        with self._lock:
            visit = self._loaded.get(_name(source, url))
        if visit is None or visit.record != self._record(source):
            return {}
        age = now - datetime.fromisoformat(visit.at)
        fresh = timedelta(0) <= age < source.ask.full_every  # below zero: the clock was set back
        return visit.conditions if fresh else {}

    def note(self, source: Source, url: str, headers: Mapping[str, str], now: datetime) -> None:
        """Remember a whole answer of *url*, to be relied on after `loaded`."""
        visit = Visit(
            now.isoformat(), self._record(source), headers.get("etag"), headers.get("last-modified")
        )
        with self._lock:
            self._pending[_name(source, url)] = visit

    def loaded(self) -> None:
        """Rely from now on on what was noted: it has been loaded."""
        with self._lock:
            self._loaded |= self._pending
            self._pending = {}
            if self._file:
                write_notes(self._file, {name: asdict(visit) for name, visit in self._loaded.items()})

    def forget(self) -> None:
        """Read everything whole again: what was read before is not there any more."""
        with self._lock:
            self._loaded, self._pending = {}, {}

    def _record(self, source: Source) -> str:
        return identity(self._reader, source.model_dump_json())


def _name(source: Source, url: str) -> str:
    return f"{source.id} {url}"
