"""Where raw bytes are kept: a folder, or any place that fsspec knows. Each file is there whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from bilateral.errors import BilateralError
from bilateral.sources.disk import cannot_write, write_whole


class Store(Protocol):
    """Files by name, such as "ab/cd/abcd….gz"; written once."""

    def where(self, name: str) -> str:
        """Return the place of the file, for messages."""

    def has(self, name: str) -> bool:
        """Whether the file is there."""

    def read(self, name: str) -> bytes:
        """Return the file; OSError when it cannot be read."""

    def write(self, name: str, data: bytes) -> None:
        """Write the file; BilateralError when it cannot be written."""

    def remove(self, name: str) -> None:
        """Remove the file; BilateralError when it stays."""

    def names(self) -> Iterator[str]:
        """Yield the names of all files, also of those that a killed run left half written (they end in .part)."""


class Folder:
    """Files below a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def where(self, name: str) -> str:
        """Return the path of the file."""
        return str(self._root / name)

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return (self._root / name).exists()

    def read(self, name: str) -> bytes:
        """Return the file; OSError when it cannot be read."""
        return (self._root / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Write the file; it is on the disk when this returns."""
        write_whole(self._root / name, data)

    def remove(self, name: str) -> None:
        """Remove the file; BilateralError when it stays."""
        try:
            (self._root / name).unlink()
        except OSError as error:
            raise cannot_write(self._root / name, error) from error

    def names(self) -> Iterator[str]:
        """Yield the names of all files, in order."""
        for path in sorted(self._root.rglob("*")):
            if path.is_file():
                yield path.relative_to(self._root).as_posix()


class Remote:
    """Files below an address of fsspec, such as s3://bucket/folder; credentials are fsspec's own matter."""

    def __init__(self, address: str) -> None:
        """Open *address*; BilateralError when no installed package knows its kind."""
        import fsspec

        try:
            self._files, self._root = fsspec.url_to_fs(address.rstrip("/"))
        except (ImportError, ValueError) as error:
            raise BilateralError(f"archive: {address}: cannot be opened: {error}") from error
        self._address = address.rstrip("/")

    def where(self, name: str) -> str:
        """Return the address of the file."""
        return f"{self._address}/{name}"

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return bool(self._files.exists(self._path(name)))

    def read(self, name: str) -> bytes:
        """Return the file; OSError when it cannot be read."""
        return bytes(self._files.cat_file(self._path(name)))

    def write(self, name: str, data: bytes) -> None:
        """Write the file under another name and then move it, so that nobody finds half of it."""
        target = self._path(name)
        folder, _, last = target.rpartition("/")
        draft = f"{folder}/.{last}.{uuid.uuid4().hex}.part"
        try:
            self._files.makedirs(folder, exist_ok=True)
            self._files.pipe_file(draft, data)
            self._files.mv(draft, target)
        except OSError as error:
            raise cannot_write(self.where(name), error) from error

    def remove(self, name: str) -> None:
        """Remove the file; BilateralError when it stays."""
        try:
            self._files.rm_file(self._path(name))
        except OSError as error:
            raise cannot_write(self.where(name), error) from error

    def names(self) -> Iterator[str]:
        """Yield the names of all files, in order."""
        found: Any = self._files.find(self._root) if self._files.exists(self._root) else []
        for path in sorted(found):
            yield path.removeprefix(self._root.rstrip("/") + "/")

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"
