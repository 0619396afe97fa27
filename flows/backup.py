"""A copy of what cannot be derived again: the database and the journal."""

from __future__ import annotations

import shutil
from pathlib import Path

from bilateral.errors import BilateralError
from flows import steps
from flows.place import Place
from flows.writing import writing


def backup(place: Place, target: Path | None) -> tuple[Path, int]:
    """Copy the database and the journal into a new folder, *target* or one named by the time; return it and its size.

    The folder is there whole or not at all. The raw bytes are not copied: they are plain files that never change.
    """
    folder = target or place.home / "backups" / f"{steps.clock():%Y-%m-%d-%H%M%S}"
    if folder.exists():
        raise BilateralError(f"{folder}: is there already: name a new folder")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    with writing(place) as at:
        at.warehouse.backup(draft / "warehouse.duckdb")
        journal = at.archive.root / "journal"
        if journal.is_dir():
            shutil.copytree(journal, draft / "journal")
    draft.rename(folder)
    return folder, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
