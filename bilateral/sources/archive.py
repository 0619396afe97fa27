"""The archive: raw bytes by their sha256, and a journal that is only ever appended to.

    raw/ab/cd/abcd….gz      what a source sent, compressed, written once
    journal/<kind>.jsonl    one file a kind of entry: fetch, page, mint, …

Facts can be derived again from these two alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from bilateral.errors import BilateralError
from bilateral.model import Page


class Archive:
    """What was fetched, kept under one folder; safe to use from several threads and processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._pages: dict[tuple[str, str, str], str] | None = None  # source, key, digest: when it came

    def put(self, body: bytes) -> str:
        """Keep *body*, unless it is kept already, and return its sha256."""
        sha256 = hashlib.sha256(body).hexdigest()
        target = self._raw(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, gzip.compress(body, mtime=0))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of that digest; BilateralError when they are absent or altered."""
        try:
            body = gzip.decompress(self._raw(sha256).read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise BilateralError(f"{self._raw(sha256)}: cannot be read: {error}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise BilateralError(f"{self._raw(sha256)}: the bytes are not those of its name")
        return body

    def record(self, kind: str, row: Mapping[str, object]) -> None:
        """Append one entry to the journal; it is on the disk when this returns."""
        line = json.dumps(row, ensure_ascii=True, default=_plain).encode() + b"\n"
        path = self._journal(kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, FileLock(self.root / "journal.lock"), path.open("ab+") as file:
            _cut_torn_line(file)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

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

    def keep(self, page: Page) -> bool:
        """Keep *page* so that it can be built again without the network; False when it is kept already."""
        kept = self._kept()
        if (page.source_id, page.key, page.sha256) in kept:
            return False
        row = {name: value for name, value in asdict(page).items() if name != "body"}
        self.record("page", row | {"body_sha256": self.put(page.body), "page_sha256": page.sha256})
        with self._lock:
            kept[page.source_id, page.key, page.sha256] = page.fetched_at.isoformat()
        return True

    def _kept(self) -> dict[tuple[str, str, str], str]:
        with self._lock:
            if self._pages is None:
                self._pages = {
                    (row["source_id"], row["key"], row["page_sha256"]): row["fetched_at"]
                    for row in self.entries("page")
                }
            return self._pages

    def holds(self, source_id: str, key: str) -> bool:
        """Whether any version of that document of that source is kept."""
        return key in self.versions(source_id)

    def versions(self, source_id: str, until: datetime | None = None) -> dict[str, frozenset[str]]:
        """Return the digests of the kept pages of a source by key; only of those fetched up to *until*."""
        kept = self._kept()
        with self._lock:
            rows = [(key, sha, at) for (source, key, sha), at in kept.items() if source == source_id]
        found: dict[str, frozenset[str]] = {}
        for key, sha, at in rows:
            if until is None or datetime.fromisoformat(at) <= until:
                found[key] = found.get(key, frozenset()) | {sha}
        return found

    def pages(self) -> Iterator[Page]:
        """Build every kept page again, in the order in which they came."""
        names = {field.name for field in fields(Page)}
        for row in self.entries("page"):
            said = {name: value for name, value in row.items() if name in names}
            said["fetched_at"] = datetime.fromisoformat(row["fetched_at"])
            yield Page(**said, body=self.get(row["body_sha256"]))

    def _raw(self, sha256: str) -> Path:
        return self.root / "raw" / sha256[:2] / sha256[2:4] / f"{sha256}.gz"

    def _journal(self, kind: str) -> Path:
        return self.root / "journal" / f"{kind}.jsonl"


def _write_whole(target: Path, data: bytes) -> None:
    """Write *data* so that *target* is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in the journal")
