"""Loading: in any order and in any number of runs, the same reports are the same events, documents and parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import JAPAROV, NOW, PUTIN, SIDES, article, claim, config, document, report
from hypothesis import given, settings
from hypothesis import strategies as st

from bilateral.model import Article, Date, Extraction, Participant
from flows.steps import Read, join
from warehouse.load import Batch
from warehouse.warehouse import Warehouse

LAVROV = Participant("lavrov", "Sergei Lavrov", "principal", "RUS", "foreign minister", "minister")
CASTS = ((), (PUTIN, JAPAROV), (PUTIN,), (LAVROV, JAPAROV))
KINDS = ("visit", "visit.state", "talks", "talks.one_on_one", "meeting", "call.phone", "signing", "award")
DAYS = ("2025-11-01", "2025-11-24", "2025-11-25", "2025-11-26", "2025-11-29", "2025-11", "2025", None)
TITLES = ("Agreement on gas", "Memorandum on schools", "Соглашение о газе")
MODALITIES = ("asserted", "asserted", "asserted", "planned", "denied", "recalled")
PUBLISHED = ("2025-08-10", "2025-11-25", "2025-11-26", "2025-12-20")
CONFIG = config(alerts={})  # what rings is asked for each load, and has no say in the groups
Groups = set[tuple[frozenset[str], frozenset[str]]]


@st.composite
def reading(draw: st.DrawFn, n: int, ending: str) -> Read:
    """One article that tells one happening, with a document and a figure or without."""
    text = f"Title\nIt happened, {n}. {TITLES[n % 3]}. 16 documents.{ending}"
    kind, day = draw(st.sampled_from(KINDS)), draw(st.sampled_from(DAYS))
    at = datetime.fromisoformat(draw(st.sampled_from(PUBLISHED)) + "T12:00:00+00:00")
    source = draw(st.sampled_from([*SIDES, "press"]))
    told = report(
        *(kind, day, f"It happened, {n}", text),
        modality=draw(st.sampled_from(MODALITIES)),
        end=Date("2025-11-27") if day in ("2025-11-24", "2025-11-25") and draw(st.booleans()) else None,
        participants=draw(st.sampled_from(CASTS)),
        host_iso3=draw(st.sampled_from([None, "KGZ", "RUS"])),
        date_basis=draw(st.sampled_from(["stated", "relative", "published"])),
    )
    written = article(source, str(n), text, published_at=at, work_id=draw(st.sampled_from([None, "w"])))
    paper = document(
        TITLES[n % 3], text, topic=draw(st.sampled_from([None, "energy.gas"])), date=Date("2025-11-26")
    )
    count = claim("16", "16", text, metric="documents.count", base_unit="count")
    return written, Extraction(
        reports=(told,),
        documents=(paper,) if draw(st.booleans()) else (),
        claims=(count,) if draw(st.booleans()) else (),
    )


@st.composite
def readings(draw: st.DrawFn, most: int, ending: str = "") -> list[Read]:
    return [draw(reading(n, ending)) for n in range(draw(st.integers(1, most)))]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse that is emptied again and again: to make one takes longer than to load."""
    with Warehouse.open(tmp_path_factory.mktemp("order") / "w.duckdb") as house:
        yield house


def emptied(house: Warehouse) -> Warehouse:
    for table in (
        "article",
        "revision",
        "report",
        "participant",
        "document",
        "claim",
        "event_version",
        "alert",
    ):
        house.con.execute(f"DELETE FROM {table}").fetchall()
    return house


def load(house: Warehouse, read: Sequence[Read], number: int = 0) -> None:
    linked, _ = join(read, house)
    now = NOW + timedelta(hours=number)
    house.load(Batch(f"r{number}", now, CONFIG, [], list(read), linked, "d"))


def events(house: Warehouse) -> Groups:
    """Return the articles of each event, with those of the visit that it is part of."""
    sql = """SELECT r.event_id, list(a.key), any_value(e.parent_event_id)
             FROM report r JOIN revision v USING (revision_id) JOIN article a USING (article_id)
             JOIN _reading e ON e.event_id = r.event_id WHERE v.is_newest GROUP BY ALL"""
    held = {event: (frozenset(keys), parent) for event, keys, parent in house.con.execute(sql).fetchall()}
    return {(keys, held[parent][0] if parent else frozenset()) for keys, parent in held.values()}


def papers(house: Warehouse) -> set[frozenset[str]]:
    sql = "SELECT list(document_id) FROM document GROUP BY agreement_id"
    return {frozenset(ids) for (ids,) in house.con.execute(sql).fetchall()}


def unlinked(house: Warehouse) -> list[tuple[str]]:
    """Return what a reading names that no current report belongs to, the withdrawn left aside."""
    sql = """SELECT event_id FROM _reading WHERE status <> 'retracted' AND event_id NOT IN (
                 SELECT r.event_id FROM report r JOIN revision v USING (revision_id) WHERE v.is_newest AND r.event_id IS NOT NULL)"""
    return house.con.execute(sql).fetchall()


@settings(max_examples=12, deadline=None)
@given(readings(9), st.data())
def test_any_order_and_any_split_into_runs(shelf: Warehouse, read: list[Read], data: st.DataObject) -> None:
    load(emptied(shelf), read)
    whole = events(shelf), papers(shelf)
    shuffled = data.draw(st.permutations(read))
    runs = [data.draw(st.integers(0, 2)) for _ in read]
    emptied(shelf)
    for number in range(3):
        load(shelf, [r for r, run in zip(shuffled, runs, strict=True) if run == number], number)
    assert (events(shelf), papers(shelf)) == whole
    assert unlinked(shelf) == []


@settings(max_examples=8, deadline=None)
@given(readings(7), readings(4, " Corrected."))
def test_a_text_that_is_corrected_leaves_no_trace_in_the_groups(
    shelf: Warehouse, first: list[Read], later: list[Read]
) -> None:
    """What was first said of an article has no say any more, whatever it was linked with."""
    keys = {a.article_id for a, _ in later}
    kept = [r for r in first if r[0].article_id not in keys]
    load(emptied(shelf), [*kept, *later])
    whole = events(shelf)
    load(emptied(shelf), first)
    load(shelf, [(corrected(a), found) for a, found in later], 1)
    assert events(shelf) == whole
    assert unlinked(shelf) == []


def test_what_only_recalls_an_event_that_is_gone_has_none(shelf: Warehouse) -> None:
    held, recalls, instead = (
        (
            article("kremlin-ru", key, text),
            Extraction(reports=(report(kind, day, "happened", text, modality=how),)),
        )
        for key, kind, day, how in (
            ("1", "talks", "2025-11-26", "asserted"),
            ("2", "talks", "2025-11-26", "recalled"),
            ("1", "signing", "2025-11-26", "asserted"),
        )
        for text in [f"Title\nIt happened, {kind} {key}."]
    )
    load(emptied(shelf), [held, recalls])
    assert events(shelf) == {(frozenset("12"), frozenset())}
    load(shelf, [(corrected(instead[0]), instead[1])], 1)
    assert events(shelf) == {(frozenset("1"), frozenset())}
    assert unlinked(shelf) == []


def corrected(written: Article) -> Article:
    """Return the article as it is fetched an hour later."""
    return replace(written, fetched_at=NOW + timedelta(hours=1))
