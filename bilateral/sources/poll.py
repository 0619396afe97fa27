"""Asking one source: what it answers goes to the archive, and its documents come back as pages.

poll(Source) → feed | listing | sitemap | json | files → Poll(state, pages, skipped)
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
from bilateral.model import Poll
from bilateral.sources.archive import Archive
from bilateral.sources.fetch import Answer, Fetcher
from bilateral.sources.files import read_files
from bilateral.sources.found import Search
from bilateral.sources.marks import note_search, what_is_kept
from bilateral.sources.search import Brought, search_source

Now = Callable[[], datetime]


def poll(source: Source, fetcher: Fetcher, archive: Archive, now: Now, config: Config, base: Path) -> Poll:
    """Ask *source* once and keep what it brings; a source that fails is a state and a reason, never an exception.

    *base* is the folder that `files` is seen from: that of sources.yaml.
    """
    started = now()
    try:
        brought = _Asking(source, fetcher, archive, now).read(config, base)
    except SourceError as error:
        return Poll(source.id, started, now(), error.state, error.message)
    for page in brought.pages:
        archive.keep(page)
    if source.network:
        note_search(archive, source.id, brought.whole)
    state, reason = (brought.fault.state, brought.fault.message) if brought.fault else ("ok", "")
    return Poll(source.id, started, now(), state, reason, brought.pages, brought.skipped)


@dataclass(frozen=True)
class _Asking:
    """One poll of one source: whom, through what, and where every request is written down."""

    source: Source
    fetcher: Fetcher
    archive: Archive
    now: Now

    def read(self, config: Config, base: Path) -> Brought:
        """Read the source in the ways that it declares."""
        if self.source.files is not None:
            return self._folder(base / self.source.files, config)
        kept = what_is_kept(self.archive, self.source.id)
        return search_source(Search(self.source, self._ask, kept, self.now().date()))

    def _folder(self, folder: Path, config: Config) -> Brought:
        if not folder.is_dir():
            raise ParseError(self.source.id, f"{folder}: no such folder", "gone")
        pages, skipped = read_files([folder], config, self.now())
        return Brought(tuple(pages), tuple(skipped))

    def _ask(self, url: str, body: dict[str, Any] | None) -> tuple[Answer, datetime]:
        """Make one request; the answer, or the refusal, stands in the journal before it is looked at."""
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
