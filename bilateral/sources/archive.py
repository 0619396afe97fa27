"""The archive: raw bytes by their sha256, and a journal that is only ever appended to.

    raw/ab/cd/abcd….gz        what a source sent, compressed, written once
    raw/ab/cd/abcd….head.gz   status, address and headers of the answer that first brought these bytes
    journal/<kind>.jsonl      one file a kind of entry: fetch, page, mint, …

Facts can be derived again from these alone. `raw` may lie at another place than the journal, see `store`.

Nothing is ever removed but what a person wants forgotten: then a tombstone stays, the entry `forget`, the document is not
kept again, and `dropped` names the bytes that went.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from bilateral.errors import BilateralError
from bilateral.model import Page, identity
from bilateral.sources.disk import cannot_write, write_whole
from bilateral.sources.store import Folder, Remote, Store


class Archive:
    """What was fetched, kept under one folder; safe to use from several threads and processes."""

    def __init__(self, root: Path, raw: str | None = None) -> None:
        """Open the archive of the folder *root*; *raw* is an address of fsspec that the bytes go to instead."""
        self.root = root
        self.raw: Store = Remote(f"{raw.rstrip('/')}/raw") if raw else Folder(root / "raw")
        self._lock = threading.Lock()
        self._pages: dict[str, dict[tuple[str, str], datetime]] | None = None  # see _kept
        self._last: dict[tuple[str, str], str] = {}  # the version that each document had last
        self._latest: dict[str, dict[str, dict[str, Any]]] = {}  # entries by kind and source
        self._forgotten: set[str] | None = None

    def put(self, body: bytes, head: Mapping[str, object] | None = None) -> str:
        """Keep *body*, and the *head* of the answer that brought it, unless it is kept already; return its sha256.

        BilateralError when it cannot be written: the disk is full, or the place is closed.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        if head is not None and not self.raw.has(
            head_name(sha256)
        ):  # first, so that no body is ever without it
            said = json.dumps(head, ensure_ascii=True, sort_keys=True, default=_plain).encode()
            self.raw.write(head_name(sha256), gzip.compress(said, mtime=0))
        if not self.raw.has(raw_name(sha256)):
            self.raw.write(raw_name(sha256), gzip.compress(body, mtime=0))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of that digest; BilateralError when they are absent or altered."""
        where = self.raw.where(raw_name(sha256))
        try:
            body = gzip.decompress(self.raw.read(raw_name(sha256)))
        except (OSError, EOFError, zlib.error) as error:
            raise BilateralError(f"{where}: cannot be read: {error}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise BilateralError(f"{where}: the bytes are not those of its name")
        return body

    def head(self, sha256: str) -> dict[str, Any] | None:
        """Return the head of the answer that first brought these bytes; None where no answer did."""
        name = head_name(sha256)
        if not self.raw.has(name):
            return None
        try:
            head: dict[str, Any] = json.loads(gzip.decompress(self.raw.read(name)))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise BilateralError(f"{self.raw.where(name)}: cannot be read: {error}") from error
        return head

    def record(self, kind: str, row: Mapping[str, object]) -> None:
        """Append one entry to the journal; it is on the disk when this returns."""
        self.record_all(kind, [row])

    def record_all(self, kind: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Append entries to the journal, all at once; they are on the disk when this returns."""
        if not rows:
            return
        lines = b"".join(map(_line, rows))
        path = self._journal(kind)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, FileLock(self.root / "journal.lock"), path.open("ab+") as file:
                _cut_torn_line(file)
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
                if kind in self._latest:
                    self._latest[kind] |= {str(row["source_id"]): json.loads(_line(row)) for row in rows}
        except OSError as error:
            raise cannot_write(path, error) from error

    def entries(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of that kind, oldest first.

        A last line that a killed run left half written is passed over; any other damage is a BilateralError.
        """
        path = self._journal(kind)
        if not path.exists():
            return
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise BilateralError(f"{path}: line {number} is no JSON: {error}") from error

    def latest(self, kind: str, source_id: str) -> dict[str, Any] | None:
        """Return the last entry of that kind that names the source; the journal is read for it once."""
        with self._lock:
            if kind not in self._latest:
                self._latest[kind] = {row["source_id"]: row for row in self.entries(kind)}
            return self._latest[kind].get(source_id)

    def keep(self, page: Page) -> bool:
        """Keep *page* so that it can be built again without the network.

        False when the document had this very version last, or when it is forgotten. A version that comes back after
        another one is an entry of its own: the order of the entries tells which text is the newest.
        """
        kept, document = self._kept(page.source_id), (page.source_id, page.key)
        if self.is_forgotten(page) or self._last.get(document) == page.sha256:
            return False
        row = {name: value for name, value in asdict(page).items() if name != "body"}
        self.record("page", row | {"body_sha256": self.put(page.body), "page_sha256": page.sha256})
        with self._lock:
            kept.setdefault((page.key, page.sha256), page.fetched_at)
            self._last[document] = page.sha256
        return True

    def holds(self, source_id: str, key: str) -> bool:
        """Whether any version of that document of that source is kept."""
        return key in self.versions(source_id)

    def versions(self, source_id: str, until: datetime | None = None) -> dict[str, frozenset[str]]:
        """Return the digests of the kept pages of a source by key; only of those fetched up to *until*."""
        kept = self._kept(source_id)
        with self._lock:
            rows = [(key, sha) for (key, sha), at in kept.items() if until is None or at <= until]
        found: dict[str, set[str]] = {}
        for key, sha in rows:
            found.setdefault(key, set()).add(sha)
        return {key: frozenset(digests) for key, digests in found.items()}

    def _kept(self, source_id: str) -> dict[tuple[str, str], datetime]:
        """Return when each version of each document of a source came: by key and digest."""
        with self._lock:
            if self._pages is None:
                self._pages = {}
                for row in self.entries("page"):
                    mine = self._pages.setdefault(row["source_id"], {})
                    mine.setdefault(
                        (row["key"], row["page_sha256"]), datetime.fromisoformat(row["fetched_at"])
                    )
                    self._last[row["source_id"], row["key"]] = row["page_sha256"]
            return self._pages.setdefault(source_id, {})

    def is_forgotten(self, page: Page) -> bool:
        """Whether a person had that document removed: it is neither kept nor read again."""
        with self._lock:
            if self._forgotten is None:
                self._forgotten = {row["article_id"] for row in self.entries("forget")}
            return "a" + identity(page.source_id, page.key) in self._forgotten

    def drop(self, digests: Sequence[str], at: datetime) -> int:
        """Remove the bytes of these digests, and the heads that came with them; return how many were there."""
        there = [one for one in digests if self.raw.has(raw_name(one))]
        self.record("dropped", {"at": at, "digests": there})
        for name in (name for one in there for name in (head_name(one), raw_name(one))):
            if self.raw.has(name):
                self.raw.remove(name)
        return len(there)

    def rewrite(self, kind: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> int:
        """Replace each entry of that kind by what *change* makes of it, None: by nothing; return how many differ.

        Only for what has to be forgotten. The file is there whole, old or new, at any time.
        """
        with self._lock, FileLock(self.root / "journal.lock"):
            before = list(self.entries(kind))
            after = [change(dict(row)) for row in before]
            differ = sum(one != other for one, other in zip(before, after, strict=True))
            if differ:
                lines = b"".join(_line(row) for row in after if row is not None)
                write_whole(self._journal(kind), lines)
            self._pages, self._last, self._forgotten = None, {}, None
        return differ

    def pages(self) -> Iterator[Page]:
        """Build every kept page again, in the order in which they came."""
        yield from map(self.page, self.entries("page"))

    def page(self, row: Mapping[str, Any]) -> Page:
        """Build the page of one entry of the journal again."""
        said = {field.name: row[field.name] for field in fields(Page) if field.name in row}
        said["fetched_at"] = datetime.fromisoformat(row["fetched_at"])
        return Page(**said, body=self.get(row["body_sha256"]))

    def kinds(self) -> list[str]:
        """Return the kinds of entries that the journal has, in order."""
        return sorted(path.stem for path in (self.root / "journal").glob("*.jsonl"))

    def _journal(self, kind: str) -> Path:
        return self.root / "journal" / f"{kind}.jsonl"


def raw_name(sha256: str) -> str:
    """Return the name of the file with the bytes of that digest."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def head_name(sha256: str) -> str:
    """Return the name of the file with the head of the answer that first brought them."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.head.gz"


def _line(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=True, default=_plain).encode() + b"\n"


def _cut_torn_line(file: Any) -> None:
    """Cut what a killed run left after the last line end."""
    end = file.seek(0, os.SEEK_END)
    torn = 0
    while end > torn:
        start = max(0, end - torn - 4096)
        file.seek(start)
        block = file.read(end - torn - start)
        if b"\n" in block:
            torn += len(block) - block.rindex(b"\n") - 1
            break
        torn += len(block)
    if torn:
        file.truncate(end - torn)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in the journal")
