"""Asking one source: what it answers goes to the archive, and its documents come back as pages.

poll(Source) → feed | listing | sitemap | json | files → Poll(state, pages, skipped)

A source that fails is a state and a reason. An archive that cannot be written is no state of a source: it is raised.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bilateral.apart import Apart
from bilateral.config import Config, Source
from bilateral.errors import FetchError, ParseError, SourceError
from bilateral.model import Poll, Skipped
from bilateral.sources.answers import Answer, Unchanged, overgrown
from bilateral.sources.archive import Archive
from bilateral.sources.decoding import as_utf8
from bilateral.sources.fetch import Fetcher
from bilateral.sources.files import read_files
from bilateral.sources.found import Search
from bilateral.sources.marks import note_search, what_is_kept
from bilateral.sources.search import Brought, search_source
from bilateral.sources.visits import Visits

PARSING = 20.0  # seconds for one feed, list or page

Now = Callable[[], datetime]


def poll(
    source: Source,
    fetcher: Fetcher,
    archive: Archive,
    now: Now,
    config: Config,
    base: Path,
    visits: Visits | None = None,
    apart: Apart | None = None,
) -> Poll:
    """Ask *source* once and keep what it brings; a source that fails is a state and a reason, never an exception.

    *base* is the folder that `files` is seen from: that of sources.yaml. With *visits* a source whose front pages
    are unchanged is not read again; *apart* are processes to parse in, else they are started when needed.
    """
    started = now()
    with nullcontext(apart) if apart else Apart("parsed", PARSING) as crew:
        asking = _Asking(source, fetcher, archive, now, visits or Visits(), crew)
        try:
            brought = asking.read(config, base)
        except SourceError as error:
            return Poll(source.id, started, now(), error.state, error.message)
    wanted = tuple(page for page in brought.pages if not archive.is_forgotten(page))
    if len(wanted) < len(brought.pages):
        archive.drop(asking.digests, now())  # the answers hold it too; what else they bring is kept as pages
    for page in wanted:
        archive.keep(page)
    if source.network:
        note_search(archive, source.id, brought.whole)
    if brought.whole and all(one.reason.startswith("warning:") for one in brought.skipped):
        asking.remember()  # else what could not be read is asked for again
    skipped = tuple(map(_printable, brought.skipped))
    state, reason = (brought.fault.state, brought.fault.message) if brought.fault else ("ok", "")
    return Poll(source.id, started, now(), state, reason, wanted, skipped)


@dataclass(frozen=True)
class _Asking:
    """One poll of one source: whom, through what, and where every request is written down."""

    source: Source
    fetcher: Fetcher
    archive: Archive
    now: Now
    visits: Visits
    apart: Apart
    fronts: dict[str, Answer] = field(default_factory=dict)  # front pages that were read whole, by address
    digests: list[str] = field(default_factory=list)  # of all answers

    def read(self, config: Config, base: Path) -> Brought:
        """Read the source in the ways that it declares."""
        if self.source.files is not None:
            return self._folder(base / self.source.files, config)
        kept = what_is_kept(self.archive, self.source.id)
        again = self.source.read and self.source.read.again
        ask = partial(self._ask, kept.whole and not again)
        return search_source(Search(self.source, ask, kept, self.now().date(), self.apart))

    def remember(self) -> None:
        """Let the front pages answer "unchanged" from now on, once this poll has been loaded."""
        for url, answer in self.fronts.items():
            self.visits.note(self.source, url, answer.headers, self.now())

    def _folder(self, folder: Path, config: Config) -> Brought:
        if not folder.is_dir():
            raise ParseError(self.source.id, f"{folder}: no such folder", "gone")
        pages, skipped = read_files([folder], config, self.now())
        return Brought(tuple(pages), tuple(skipped))

    def _ask(self, whole: bool, url: str, body: dict[str, Any] | None) -> tuple[Answer, datetime]:
        """Make one request; the answer, or the refusal, stands in the journal before it is looked at.

        *whole* says that nothing older is missing, so that a front page may answer "unchanged". The archive has the
        bytes as they came; what is returned is UTF-8, whatever they were written in.
        """
        at, clock = self.now(), time.monotonic()
        row: dict[str, object] = {"source_id": self.source.id, "url": url, "at": at}
        front = body is None and url in self.source.addresses
        try:
            if body is not None:
                answer = self.fetcher.post(self.source, url, body)
            else:
                conditions = self.visits.conditions(self.source, url, at) if front and whole else {}
                answer = self.fetcher.get(self.source, url, conditions)
        except FetchError as error:
            self._note(row, clock, {"state": error.state, "reason": error.message})
            raise
        self._keep(row, clock, answer)
        if front:
            self.fronts[url] = answer
        if overgrown(answer.body):
            raise ParseError(self.source.id, f"{url}: a tag with attributes by the thousand")
        plain, content_type = as_utf8(answer.body, answer.headers.get("content-type", ""))
        return replace(answer, body=plain, headers={**answer.headers, "content-type": content_type}), at

    def _keep(self, row: dict[str, object], clock: float, answer: Answer) -> None:
        """Keep the bytes and the head of *answer*; Unchanged when there are none."""
        row |= {name: answer.headers.get(name) for name in ("etag", "last-modified", "content-type")}
        row |= {"status": answer.status, "final_url": answer.url}
        if answer.status == 304:
            self._note(row, clock, {"state": "not_modified"})
            raise Unchanged(self.source.id)
        digest = self.archive.put(answer.body, _head(answer))
        self.digests.append(digest)
        self._note(row, clock, {"state": "ok", "sha256": digest})

    def _note(self, row: dict[str, object], clock: float, outcome: dict[str, object]) -> None:
        told = {name: value for name, value in (row | outcome).items() if value}
        self.archive.record("fetch", told | {"ms": round(1000 * (time.monotonic() - clock))})


def _printable(row: Skipped) -> Skipped:
    """Return *row* without lone surrogates, which no database holds."""
    where, reason = (text.encode("utf-8", "replace").decode() for text in (row.where, row.reason))
    return replace(row, where=where, reason=reason)


def _head(answer: Answer) -> dict[str, object]:
    """Return what is kept of the head of an answer: all but what belongs to the visitor."""
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    return {"status": answer.status, "url": answer.url, "headers": headers}
