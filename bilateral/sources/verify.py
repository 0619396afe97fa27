"""Whether the archive is whole: every file read, every entry of the journal held against the bytes it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bilateral.errors import BilateralError
from bilateral.sources.archive import Archive, head_name, raw_name

_NAME = re.compile(r"(?:[0-9a-f]{2}/){2}([0-9a-f]{64})(\.head)?\.gz")


@dataclass
class Verdict:
    """What was read of an archive, and what is wrong with it."""

    files: int = 0  # of raw bytes, without the heads
    bytes: int = 0  # of them, unpacked
    entries: int = 0  # of the journal
    faults: list[str] = field(default_factory=list)  # damage: something is lost
    remarks: list[str] = field(default_factory=list)  # left by a killed run: nothing is lost


def verify(archive: Archive) -> Verdict:
    """Read the whole *archive* and say what is wrong with it; nothing is mended."""
    found = Verdict()
    held = _read_raw(archive, found)
    gone = {digest for row in archive.entries("dropped") for digest in row["digests"]}  # somebody wanted it
    named = set().union(*(_read_journal(archive, kind, held | gone, found) for kind in archive.kinds()))
    if unnamed := held - named:
        example = archive.raw.where(raw_name(min(unnamed)))
        found.remarks.append(f"{example}: no entry of the journal names it ({len(unnamed)} such files)")
    return found


def _read_raw(archive: Archive, found: Verdict) -> set[str]:
    """Read every file and return the digests of those that are whole."""
    held = set()
    for name in archive.raw.names():
        known = _NAME.fullmatch(name)
        if name.endswith(".part"):
            found.remarks.append(
                f"{archive.raw.where(name)}: left by a run that was killed; it may be deleted"
            )
        elif known is None or name not in (raw_name(known[1]), head_name(known[1])):
            found.faults.append(f"{archive.raw.where(name)}: no name of a file of the archive")
        else:
            try:
                if known[2]:
                    archive.head(known[1])
                else:
                    found.bytes += len(archive.get(known[1]))
                    held.add(known[1])
            except BilateralError as error:
                found.faults.append(str(error))
            found.files += not known[2]
    return held


def _read_journal(archive: Archive, kind: str, held: set[str], found: Verdict) -> set[str]:
    """Read the entries of one kind and return the digests of the bytes that they name."""
    named = set()
    line = 0
    try:
        for line, row in enumerate(archive.entries(kind), 1):
            digests = {str(row[key]) for key in ("sha256", "body_sha256") if row.get(key)}
            named |= digests
            fault = _fault(archive, kind, row, digests - held)
            if fault:
                found.faults.append(f"{archive.root / 'journal' / kind}.jsonl: line {line}: {fault}")
    except BilateralError as error:  # a damaged line: what stands behind it cannot be trusted
        found.faults.append(str(error))
    found.entries += line
    return named


def _fault(archive: Archive, kind: str, row: Mapping[str, Any], lost: set[str]) -> str | None:
    if lost:
        return f"the bytes {min(lost)} are not there, or altered"
    if kind != "page":
        return None
    try:
        whole = archive.page(row).sha256 == row["page_sha256"]
    except (KeyError, TypeError, ValueError) as error:
        return f"no entry of a page: {error!r}"
    return None if whole else "the page is not the one that was kept"
