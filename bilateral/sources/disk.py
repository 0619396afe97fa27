"""Files that are there whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bilateral.errors import BilateralError


def write_whole(target: Path, data: bytes) -> None:
    """Write *data* so that *target* is there whole or not at all; BilateralError says why it could not be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
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
    except OSError as error:
        raise cannot_write(target, error) from error


def cannot_write(target: object, error: OSError) -> BilateralError:
    """Return the error of a disk that is full, or of a folder that is closed: one line that names it."""
    return BilateralError(f"{target}: cannot be written: {error.strerror or error}")


def read_notes(file: Path) -> dict[str, dict[str, Any]]:
    """Return what `write_notes` wrote; nothing when the file is absent or damaged: notes can be made again."""
    try:
        notes = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def write_notes(file: Path, notes: Mapping[str, Mapping[str, Any]]) -> None:
    """Write notes that a later run may find useful."""
    write_whole(file, json.dumps(notes, ensure_ascii=True, indent=0).encode())
