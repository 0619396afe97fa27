"""Deriving everything again: from the archive and the journal, by the present rules, into a database of its own.

    pages ─ clean ─→ texts ─ detect, or taken from the old database ─→ findings ─ link all ─→ events ─→ in the old one's place

It is killed or fails: the old database is as it was. Ids come from the old database; where there is none, from the journal.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bilateral.detect import load_packs, version
from bilateral.errors import WarehouseError
from bilateral.link import inherit, link
from bilateral.model import Correction, Date, Extraction, Linkable, Linked, Page, Skipped, identity
from bilateral.sources import Archive
from flows import steps
from flows.place import Place
from flows.progress import Listener, heard_by, tell
from flows.writing import alone
from warehouse.corrections import from_journal
from warehouse.load import Batch
from warehouse.rebuild import Memory, Tally
from warehouse.warehouse import Rebuilding, Warehouse

AT_ONCE = 500  # pages


@dataclass(frozen=True)
class Rebuilt:
    """What deriving again came to."""

    pages: int
    read: int  # texts that were read again; the others had been read by the same rules
    tallies: tuple[Tally, ...]
    skipped: tuple[Skipped, ...]
    remembered: str  # where the ids came from

    @property
    def differs(self) -> list[Tally]:
        """What is not as it was."""
        return [one for one in self.tallies if one.new or one.gone or one.changed]


def rebuild(place: Place, listener: Listener, *, keep: bool = True, every: bool = False) -> Rebuilt:
    """Derive everything again; with *keep* it takes the place of what there is, else it only says what would change.

    *every*: texts that the present rules have read are read again too.
    """
    archive = place.archive()
    draft = place.writer.with_name("rebuild.duckdb")
    with heard_by(listener), alone(place):
        old, remembered = _old(place, archive, every)
        try:
            done = _derive(place, archive, old, remembered, draft, keep)
            if keep:
                _swap(draft, place)
        finally:
            for left in (draft, draft.with_name(draft.name + ".wal")):
                left.unlink(missing_ok=True)
    return done


def _old(place: Place, archive: Archive, every: bool) -> tuple[Rebuilding, str]:
    """Return what is known of ids, and where from: the working database, else the published copy, else the journal."""
    where = "the database"
    if not place.writer.is_file() and place.published.is_file():
        place.writer.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place.published, place.writer)
        where = "the published copy"
    if not place.writer.is_file():
        return Rebuilding(None, journal_memory(archive)), "the journal"
    with Warehouse.open(place.writer) as warehouse:
        return warehouse.rebuilding("" if every else version()), where


def _derive(
    place: Place, archive: Archive, old: Rebuilding, remembered: str, draft: Path, keep: bool
) -> Rebuilt:
    now = steps.clock()
    run_id = "n" + identity("rebuild", now.isoformat(), os.getpid())
    draft.unlink(missing_ok=True)
    with Warehouse.open(draft) as fresh:
        fresh.begin(old, corrections(archive), archive.entries("poll"))
        pages, read, skipped = 0, 0, []
        for some in _chunks(archive.pages(), AT_ONCE):
            articles, unclean = steps.clean_batch(some, place.config)
            again = [a for a in articles if a.revision_id not in old.memory.read]
            found, broken = steps.detect_batch(again, load_packs())
            taken = [(a, Extraction()) for a in articles if a.revision_id in old.memory.read]
            batch = Batch(run_id, now, place.config, (), [*found, *taken], Linked(), version(), quiet=True)
            skipped += [*unclean, *broken, *fresh.load(batch).set_aside]
            fresh.take(sorted({a.revision_id for a, _ in taken}))
            pages, read = pages + len(some), read + len(found)
            tell(f"{pages} pages, {read} read again")
        tell("linking")
        linked = _link(fresh, old.memory, archive)
        fresh.settle_all(linked, old.memory, run_id, now)
        if keep:
            _write_down(fresh, linked, archive)
            _refuse_bad(fresh)
        tell("comparing")
        return Rebuilt(pages, read, tuple(fresh.tallies(old)), tuple(skipped), remembered)


def _chunks(pages: Iterable[Page], size: int) -> Iterator[list[Page]]:
    rest = iter(pages)
    while some := list(islice(rest, size)):
        yield some


def _link(fresh: Warehouse, memory: Memory, archive: Archive) -> Linked:
    """Join all reports at once, each with the id that is remembered for it."""
    reports = [
        report
        for article, told in sorted(fresh.all_stored().items())
        for report in inherit(told, memory.reports.get(article, ()))
    ]
    linked = link(reports, steps.kind_names(), fresh.corrections())
    known = {row["event_id"]: row["merged_into"] for row in archive.entries("merge")}
    alive = {event.event_id for event in linked.events}
    before = [(old, new) for old, new in known.items() if old not in alive and new in alive]
    return Linked(linked.events, tuple(sorted({*linked.merged, *before})))


def _write_down(fresh: Warehouse, linked: Linked, archive: Archive) -> None:
    """Write into the journal which reports and documents have another id than it says."""
    said = assignments(archive)
    stored = {r.report_id: r for told in fresh.all_stored().values() for r in told}
    moved = {
        event.event_id: fresh_ids
        for event in linked.events
        if (fresh_ids := [one for one in event.report_ids if said.get(one) != event.event_id])
    }
    archive.record_all("mint", [steps.minted(event, ids, stored) for event, ids in moved.items()])
    papers = {row["document_id"]: row["agreement_id"] for row in archive.entries("agreement")}
    named = fresh.agreements()
    rows = [
        {"document_id": one, "agreement_id": name} for one, name in named.items() if papers.get(one) != name
    ]
    archive.record_all("agreement", rows)


def _refuse_bad(fresh: Warehouse) -> None:
    wrong = fresh.check()
    if wrong:
        names = ", ".join(f"{one.name} ({one.rows})" for one in wrong)
        raise WarehouseError(f"what was derived is not sound, and the database stays as it was: {names}")


def _swap(draft: Path, place: Place) -> None:
    """Put the derived database in the place of the old one, and publish it."""
    draft.replace(place.writer)
    with Warehouse.open(place.writer) as warehouse:
        warehouse.publish(place.published, steps.clock())


def assignments(archive: Archive) -> dict[str, str]:
    """Return which event each report belongs to, as the journal has it."""
    return {report: row["event_id"] for row in archive.entries("mint") for report in row["report_ids"]}


def corrections(archive: Archive) -> list[Correction]:
    """Return what people decided, as the journal has it."""
    return [from_journal(row) for row in archive.entries("edit")]


def journal_memory(archive: Archive) -> Memory:
    """Return what the journal knows of ids."""
    belongs = assignments(archive)
    told: dict[str, dict[str, Linkable]] = defaultdict(dict)
    for row in archive.entries("mint"):
        for report, what in zip(row["report_ids"], row.get("told", ()), strict=False):
            if what:
                article, kind, states, day = what
                told[article][report] = _told(report, belongs[report], article, kind, states, day)
    papers = {row["document_id"]: row["agreement_id"] for row in archive.entries("agreement")}
    return Memory({article: list(some.values()) for article, some in told.items()}, papers)


def _told(
    report: str, event: str, article: str, kind: str, states: Sequence[str], day: str | None
) -> Linkable:
    """Return a report of which only names and day are known."""
    start = Date(day) if day else None
    return Linkable(
        end=None,
        place=None,
        place_iso3=None,
        host_iso3=None,
        initiator_iso3=None,
        margins_of=None,
        work_id=None,
        report_id=report,
        event_id=event,
        kind=kind,
        modality="asserted",
        states=tuple(states),
        start=start,
        persons=(),
        levels=(),
        primary=False,
        source_id="",
        confidence=0.0,
        article_id=article,
    )
