"""Asking one source: what it answers goes to the archive, and its documents come back as pages.

poll(Source) → feed | json | files → Poll(state, pages, skipped)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bilateral.config import Config, Source
from bilateral.errors import FetchError, ParseError, SourceError
from bilateral.model import Page, Poll, Skipped
from bilateral.sources.archive import Archive
from bilateral.sources.feed import read_feed
from bilateral.sources.fetch import Answer, Fetcher
from bilateral.sources.files import read_files
from bilateral.sources.query import read_query

Now = Callable[[], datetime]


def poll(source: Source, fetcher: Fetcher, archive: Archive, now: Now, config: Config, base: Path) -> Poll:
    """Ask *source* once and keep what it brings; a source that fails is a state and a reason, never an exception.

    *base* is the folder that `files` is seen from: that of sources.yaml.
    """
    started = now()
    try:
        pages, skipped = _Asking(source, fetcher, archive, now).read(config, base)
    except SourceError as error:
        return Poll(source.id, started, now(), error.state, error.message)
    for page in pages:
        archive.keep(page)
    return Poll(source.id, started, now(), "ok", "", tuple(pages), tuple(skipped))


@dataclass(frozen=True)
class _Asking:
    """One poll of one source: whom, through what, and where every request is written down."""

    source: Source
    fetcher: Fetcher
    archive: Archive
    now: Now

    def read(self, config: Config, base: Path) -> tuple[list[Page], list[Skipped]]:
        """Read the source in the way that it declares."""
        discover = self.source.discover
        if discover.files is not None:
            return self._folder(base / discover.files, config)
        if discover.query is not None:
            return read_query(self.source, discover.query, self._ask)
        return read_feed(self.source, *self._ask(None))

    def _folder(self, folder: Path, config: Config) -> tuple[list[Page], list[Skipped]]:
        if not folder.is_dir():
            raise ParseError(self.source.id, f"{folder}: no such folder", "gone")
        return read_files([folder], config, self.now())

    def _ask(self, body: dict[str, Any] | None) -> tuple[Answer, datetime]:
        """Make one request; the answer, or the refusal, stands in the journal before it is looked at."""
        url = str(self.source.address)
        at, clock = self.now(), time.monotonic()
        row: dict[str, object] = {"source_id": self.source.id, "url": url, "at": at}
        try:
            answer = (
                self.fetcher.post(self.source, url, body)
                if body is not None
                else self.fetcher.get(self.source, url)
            )
        except FetchError as error:
            self._note(row, clock, {"state": error.state, "reason": error.message})
            raise
        told = {name: answer.headers.get(name) for name in ("etag", "last-modified", "content-type")}
        digest = self.archive.put(answer.body)
        self._note(
            row,
            clock,
            {"state": "ok", "status": answer.status, "sha256": digest, "final_url": answer.url} | told,
        )
        return answer, at

    def _note(self, row: dict[str, object], clock: float, outcome: dict[str, object]) -> None:
        elapsed = {"ms": round(1000 * (time.monotonic() - clock))}
        self.archive.record(
            "fetch", row | {name: value for name, value in outcome.items() if value} | elapsed
        )
