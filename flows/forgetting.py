"""`data forget`: a document removed from database and archive, with a tombstone so that no poll brings it back."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bilateral.errors import BilateralError
from bilateral.link import gather, link, windows
from bilateral.model import Correction, Linked, identity
from bilateral.sources import Archive
from flows import steps
from flows.place import Place
from flows.writing import Writing, alone, writing
from warehouse.forgetting import Address
from warehouse.warehouse import Warehouse


@dataclass(frozen=True)
class Forgotten:
    """What was removed, and where copies of it may still lie."""

    articles: tuple[str, ...]
    files: int  # of the archive
    backups: tuple[Path, ...]


def forget(place: Place, asked: str, by: str | None) -> Forgotten:
    """Remove the document with the address, or the article id, *asked*; BilateralError when there is none.

    The tombstone comes first and the archive last: killed in between, the same command ends the work.
    """
    with writing(place) as at:
        gone = _found(at, asked)
        said = [_tombstone(at, one, by) for one in gone]
        linked = _without(at, [one.article_id for one in gone])
        steps.journal(linked, (), at.warehouse, at.archive)
        at.warehouse.forget(gone, linked, said)
        files = sum(_clear(at.archive, one) for one in gone)
    with alone(place):
        Warehouse.compact(place.writer)
    left = [*place.writer.parent.glob("*.schema*.duckdb"), *(place.home / "backups").glob("*")]
    return Forgotten(tuple(one.article_id for one in gone), files, tuple(sorted(left)))


def _found(at: Writing, asked: str) -> list[Address]:
    """Return the documents meant: those of the database, and those that only the archive has."""
    found = {one.article_id: one for one in at.warehouse.find(asked)}
    for row in at.archive.entries("page"):
        name = "a" + identity(row["source_id"], row["key"])
        if asked in (name, row["url"]):
            found.setdefault(name, Address(name, row["source_id"], row["key"], row["url"]))
    if not found:
        raise BilateralError(
            f'{asked}: no document has this address; `bilateral ask "FROM articles"` lists them'
        )
    return list(found.values())


def _tombstone(at: Writing, one: Address, by: str | None) -> Correction:
    made_at = steps.clock()
    name = "k" + identity("forget", one.article_id)
    at.archive.record("forget", {"article_id": one.article_id, "at": made_at, "by": by})
    return Correction(name, made_at, "forget", one.article_id, made_by=by)


def _without(at: Writing, articles: Sequence[str]) -> Linked:
    """Link what the *articles* were joined with again, without them."""
    reports = [report for told in at.warehouse.stored(articles).values() for report in told]
    candidates = partial(at.warehouse.candidates, without=articles)
    left = candidates(windows(reports))
    return link(gather(left, candidates), steps.kind_names(), at.warehouse.corrections())


def _clear(archive: Archive, one: Address) -> int:
    """Take one document out of the archive; return how many files of bytes went."""
    mine = [
        row for row in archive.entries("page") if (row["source_id"], row["key"]) == (one.source_id, one.key)
    ]
    needles = [words for row in mine for words in _needles(archive, row)]
    doomed = {row["body_sha256"] for row in mine} | set(_answers(archive, one, needles))
    shared = {row["body_sha256"] for row in archive.entries("page") if row not in mine}
    removed = archive.drop(sorted(doomed - shared), steps.clock())
    archive.rewrite("page", lambda row: None if row in mine else row)
    archive.rewrite(
        "fetch", lambda row: None if one.url and one.url in (row.get("url"), row.get("final_url")) else row
    )
    return removed


def _needles(archive: Archive, row: dict[str, Any]) -> list[str]:
    """Return words by which an answer that holds the page is known: its address, and its first words."""
    try:
        body = archive.get(row["body_sha256"]).decode("utf-8", "replace")
    except BilateralError:  # a killed run of this command removed it
        body = ""
    first = _letters(re.sub("<[^>]*>", " ", html.unescape(body)))[:80]
    return [words for words in (row["url"], first) if len(words) > 20]


def _answers(archive: Archive, one: Address, needles: Sequence[str]) -> Iterable[str]:
    """Return the digests of the answers of the source, feeds and listings among them, that hold the page."""
    for row in archive.entries("fetch"):
        if row["source_id"] != one.source_id or "sha256" not in row:
            continue
        try:
            body = archive.get(row["sha256"]).decode("utf-8", "replace")
        except BilateralError:
            continue
        if one.url and one.url in (row.get("url"), row.get("final_url")):
            yield row["sha256"]
        elif any(words in form for form in _forms(body) for words in needles):
            yield row["sha256"]


def _forms(body: str) -> list[str]:
    """Return the text of an answer as it came, and as letters alone without the escapes of XML and JSON."""
    plain = body
    if "\\u" in body or body.lstrip()[:1] in "[{":
        try:
            plain = json.dumps(json.loads(body), ensure_ascii=False).replace("\\n", " ")
        except ValueError:
            plain = body
    for _ in range(2):  # HTML inside XML is escaped twice
        plain = html.unescape(plain)
    return [body, plain, _letters(re.sub("<[^>]*>", " ", plain))]


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
