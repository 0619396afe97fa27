"""The warehouse file: migrations, loading, alerts in the outbox, publishing, questions, checks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builders import (
    NOW,
    VISIT_RU,
    Story,
    article,
    claim,
    config,
    document,
    event,
    poll,
    report,
    retold,
    source,
    visit_story,
)

from bilateral.config import Config
from bilateral.errors import WarehouseError
from bilateral.model import Date, Extraction, Linked, Skipped, report_id
from warehouse import load as loading
from warehouse.agreements import Mention, group_mentions
from warehouse.ask import Limits, QuestionError, ask, compare, questions, why
from warehouse.schema import scripts
from warehouse.warehouse import Warehouse

HOUR = timedelta(hours=1)


@pytest.fixture
def published(house: Warehouse, tmp_path: Path) -> Path:
    house.load(visit_story().batch())
    house.publish(tmp_path / "copy.duckdb")
    return tmp_path / "copy.duckdb"


def everything(house: Warehouse) -> dict[str, list[Any]]:
    """All rows of all base tables, but for the times and counters that a load writes of itself."""
    names = house.con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    rows = {name: sorted(house.con.execute(f"FROM {name}").fetchall(), key=str) for (name,) in names}
    rows["setting"] = [row for row in rows["setting"] if row[0] not in ("changes", "loaded_at")]
    return rows


def one(house: Warehouse, sql: str) -> Any:
    rows = house.con.execute(sql).fetchall()
    assert len(rows) == 1, rows
    return rows[0][0] if len(rows[0]) == 1 else rows[0]


# ── schema ──────────────────────────────────────────────────────────────────────────────────────


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "writer.duckdb"
    with Warehouse.open(path) as house:
        house.load(visit_story().batch())
        before = everything(house), house.con.execute("SELECT value FROM setting ORDER BY key").fetchall()
    with Warehouse.open(path) as house:
        assert before == (
            everything(house),
            house.con.execute("SELECT value FROM setting ORDER BY key").fetchall(),
        )


def test_there_are_no_more_than_fifteen_base_tables(house: Warehouse) -> None:
    assert one(house, "SELECT count(*) FROM duckdb_tables()") <= 15


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with Warehouse.open(path) as house:
        house.con.execute("UPDATE setting SET value = '999' WHERE key = 'schema'")
    with pytest.raises(
        WarehouseError, match=r"w\.duckdb: schema 999 is newer than this program, which knows"
    ):
        Warehouse.open(path)


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = scripts("migrations")["0001_initial"] + "\nCREATE TABLE setting (again INTEGER);"
    monkeypatch.setattr("warehouse.schema.scripts", lambda _: {"0001": broken})
    with pytest.raises(duckdb.CatalogException):
        Warehouse.open(tmp_path / "w.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_text("hello " * 2000)
    with pytest.raises(WarehouseError, match=r"w\.duckdb: no database that can be opened"):
        Warehouse.open(tmp_path / "w.duckdb")


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    code = "import sys; from pathlib import Path; from warehouse.warehouse import Warehouse; Warehouse.open(Path(sys.argv[1]))"
    with Warehouse.open(path):
        other = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60
        )
    assert "w.duckdb: another run is writing" in other.stderr


# ── loading ─────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_says_what_it_brought(house: Warehouse) -> None:
    loaded = house.load(visit_story().batch())
    assert (loaded.new_articles, loaded.changed_articles, loaded.unchanged) == (2, 0, 0)
    assert (loaded.new_events, loaded.alerts, loaded.set_aside) == (["e1", "e2"], 1, ())


def test_the_same_batch_twice_changes_nothing(house: Warehouse) -> None:
    batch = visit_story().batch(polls=[poll(), poll("president-kg-ru")])
    house.load(batch)
    before = everything(house)
    again = house.load(batch)
    assert everything(house) == before
    assert (again.new_articles, again.changed_articles, again.unchanged, again.new_events, again.alerts) == (
        0,
        0,
        2,
        [],
        0,
    )


def test_a_batch_of_which_a_part_is_known_adds_the_rest(house: Warehouse, tmp_path: Path) -> None:
    story = visit_story()
    first = story.read[0]
    only_first = [replace(e, report_ids=e.report_ids[:1]) for e in story.events]
    house.load(story.batch(read=[first], linked=Linked(tuple(only_first))))
    loaded = house.load(story.batch())
    assert (loaded.new_articles, loaded.unchanged, loaded.new_events) == (1, 1, [])
    with Warehouse.open(tmp_path / "at_once.duckdb") as other:
        other.load(story.batch())
        assert everything(other) == everything(house)


def test_an_exception_while_loading_leaves_nothing(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(house)

    def broken(*_: object) -> int:
        raise RuntimeError("killed")

    monkeypatch.setattr(loading, "raise_alerts", broken)
    with pytest.raises(RuntimeError, match="killed"):
        house.load(visit_story().batch(polls=[poll()]))
    assert everything(house) == before
    monkeypatch.undo()
    assert house.load(visit_story().batch()).new_articles == 2


def test_a_new_text_is_a_revision_and_the_old_reports_no_longer_count(house: Warehouse) -> None:
    house.load(visit_story().batch())
    text = VISIT_RU.replace("4,1", "4,2")
    later = article(text=text, fetched_at=NOW + HOUR)
    found = Extraction(claims=(claim("4.2", "4,2 млрд долларов", text),))
    loaded = house.load(visit_story().batch(read=[(later, found)], linked=Linked()))
    assert (loaded.new_articles, loaded.changed_articles) == (0, 1)
    assert one(house, "SELECT revisions FROM articles WHERE source_id = 'kremlin-ru'") == 2
    assert one(house, "SELECT value FROM claims WHERE source_id = 'kremlin-ru'") == Decimal("4.2")
    assert one(house, "SELECT reports FROM events WHERE event_id = 'e1'") == 1


def test_a_page_with_other_bytes_and_the_same_text_only_changes_its_digest(house: Warehouse) -> None:
    house.load(visit_story().batch())
    ((known, found), *_) = visit_story().read
    other = replace(known, page_sha256="other bytes", fetched_at=NOW + HOUR)
    loaded = house.load(visit_story().batch(read=[(other, found)], linked=Linked()))
    assert (loaded.changed_articles, loaded.unchanged) == (0, 1)
    assert house.known()[known.article_id] == ("other bytes", "rules1")
    assert one(house, "SELECT count(*) FROM revision") == 2


def test_an_older_text_that_comes_back_is_the_newest_again(house: Warehouse) -> None:
    for hours, text in enumerate(("A\nfirst", "A\nsecond", "A\nfirst")):
        story = Story()
        story.tell(article(text=text, fetched_at=NOW + hours * HOUR))
        house.load(story.batch())
    assert one(house, "SELECT text FROM revision WHERE is_newest") == "A\nfirst"
    assert one(house, "SELECT count(*) FROM revision") == 2


def test_a_text_that_arrives_late_is_not_the_newest(house: Warehouse) -> None:
    for hours, text in ((1, "A\nsecond"), (0, "A\nfirst")):
        story = Story()
        story.tell(article(text=text, fetched_at=NOW + hours * HOUR))
        house.load(story.batch())
    assert one(house, "SELECT text FROM revision WHERE is_newest") == "A\nsecond"


def test_other_rules_replace_what_was_found_and_keep_the_events(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch())
    again = [(a, replace(found, claims=(), topics=())) for a, found in story.read]
    loaded = house.load(story.batch(read=again, detector="rules2"))
    assert (loaded.unchanged, loaded.new_events) == (2, [])
    assert one(house, "SELECT count(*) FROM claim") == 0
    assert one(house, "SELECT count(*), count(DISTINCT report_id), count(event_id) FROM report") == (4, 4, 4)
    assert one(house, "SELECT count(*) FROM participant") == 8
    assert {detector for _, detector in house.known().values()} == {"rules2"}


def test_versions_are_appended_only_when_the_reading_differs(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch())
    story.events[0] = replace(story.events[0], kind="visit.working")
    house.load(story.batch(now=NOW + HOUR))
    house.load(story.batch(now=NOW + 2 * HOUR))
    versions = house.con.execute(
        "SELECT version, cause, kind FROM event_version WHERE event_id = 'e1'"
    ).fetchall()
    assert sorted(versions) == [(1, "new", "visit.state"), (2, "reports", "visit.working")]
    then = house.con.execute(
        "SELECT kind FROM events_asof(?) WHERE event_id = 'e1'", [NOW + HOUR / 2]
    ).fetchall()
    assert then == [("visit.state",)]


def test_an_event_that_nobody_reports_any_more_is_retracted(house: Warehouse) -> None:
    house.load(visit_story().batch())
    gone = [
        (article(s, text="T\nNothing.", fetched_at=NOW + HOUR), Extraction())
        for s in ("kremlin-ru", "president-kg-ru")
    ]
    house.load(visit_story().batch(read=gone, linked=Linked(), now=NOW + HOUR))
    assert house.con.execute("SELECT event_id, status FROM events ORDER BY 1").fetchall() == [
        ("e1", "retracted"),
        ("e2", "retracted"),
    ]
    assert one(house, "SELECT count(*) FROM contacts") == 0


def test_a_merged_id_is_hidden_and_leads_on(house: Warehouse, tmp_path: Path) -> None:
    story = visit_story()
    apart = [
        replace(story.events[0], event_id=e, report_ids=(r,))
        for e, r in zip("xy", story.events[0].report_ids, strict=True)
    ]
    house.load(story.batch(linked=Linked(tuple(apart))))
    house.load(
        story.batch(linked=Linked((replace(story.events[0], event_id="x"),), (("y", "x"),)), now=NOW + HOUR)
    )
    assert one(house, "SELECT event_id, reports FROM events") == ("x", 2)
    house.publish(tmp_path / "c.duckdb")
    found = why(tmp_path / "c.duckdb", "y")
    assert (found.id, found.moved_from, len(found.evidence)) == ("x", "y", 2)


def test_a_report_that_left_its_event_has_none(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch())
    only = replace(story.events[1], report_ids=story.events[1].report_ids[:1])
    house.load(story.batch(linked=Linked((only,))))
    assert one(house, "SELECT count(*) FROM event_reports WHERE event_id IS NULL") == 1


def test_odd_strings_and_figures_are_made_safe_or_set_aside(house: Warehouse) -> None:
    text = "T\x00\nA\ud800 trade of 4.1 bn USD."
    story = Story()
    huge = replace(claim("1", "trade", text, rule="claim.huge"), value=Decimal("1e30"))
    art = story.tell(article(text=text), claims=(claim("4.1", "4.1 bn USD", text), huge))
    loaded = house.load(story.batch())
    assert one(house, "SELECT text FROM revision") == "T\ufffd\nA\ufffd trade of 4.1 bn USD."
    assert one(house, "SELECT quote, value_base FROM claims") == ("4.1 bn USD", Decimal(4_100_000_000))
    assert loaded.set_aside == (
        Skipped(art.source_id, art.url, "claim.huge: the figure 1E+30 bn USD is out of range"),
    )


def test_a_retelling_is_never_primary(house: Warehouse) -> None:
    story = Story()
    story.tell(retold(primary=True))
    house.load(story.batch())
    assert one(house, "SELECT is_primary, synthetic FROM articles") == (False, True)


def test_a_source_that_left_the_configuration_is_no_longer_watched(house: Warehouse) -> None:
    house.load(Story().batch(polls=[poll()]))
    house.load(Story().batch(config=config(sources=[source("president-kg-ru")])))
    assert one(house, "SELECT source_id FROM source_health") == "president-kg-ru"


# ── what linking is shown ───────────────────────────────────────────────────────────────────────


def test_candidates_are_whole_families_near_in_states_and_days(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch())
    all_four = {r for e in story.events for r in e.report_ids}

    def near(states: tuple[str, ...], day: date | None) -> set[str]:
        return {c.report_id for c in house.candidates([(states, day, day)])}

    assert near(("KGZ", "RUS"), date(2025, 11, 30)) == all_four  # the talks of the 26th come with the visit
    assert near(("KGZ", "RUS"), date(2025, 12, 1)) == set()
    assert near(("KAZ", "RUS"), date(2025, 11, 26)) == set()
    assert near(("KGZ", "RUS"), None) == set()
    first = house.candidates(
        [(("KGZ", "RUS"), date(2025, 11, 26), date(2025, 11, 26))], without=[story.read[1][0].article_id]
    )
    assert {c.source_id for c in first} == {"kremlin-ru"}


def test_a_candidate_says_what_its_report_said(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch())
    art, found = story.read[0]
    stored = {c.report_id: c for c in house.stored([art.article_id])[art.article_id]}
    got = stored[report_id(art.revision_id, found.reports[0])]
    assert (got.event_id, got.kind, got.states) == ("e1", "visit.state", ("KGZ", "RUS"))
    assert (got.start, got.end) == (found.reports[0].start, found.reports[0].end)
    assert got.persons == ("sadyr-japarov", "vladimir-putin")
    assert got.levels == (("KGZ", "head_of_state"), ("RUS", "head_of_state"))
    assert (got.published_at, got.primary) == (art.published_at, True)


def test_a_report_without_a_date_is_near_its_publication(house: Warehouse) -> None:
    story = Story()
    story.tell(article(), report("talks", None, "They met", "Talks\nThey met."))
    house.load(story.batch())
    assert len(house.candidates([(("KGZ", "RUS"), date(2025, 11, 24), date(2025, 11, 24))])) == 1
    assert house.candidates([(("KGZ", "RUS"), date(2025, 11, 20), date(2025, 11, 20))]) == []


def mention(
    key: str, title: str = "", topic: str | None = None, *, day: str | None = "2025-11-26", **changes: Any
) -> Mention:
    """A mention whose id is *key*; what stands before the dot is its article."""
    when = Date(day) if day else None
    values = {
        "document_id": key,
        "article_id": key.partition(".")[0],
        "type": "agreement",
        "status": "signed",
        "states": ("KGZ", "RUS"),
        "first": when.first if when else None,
        "last": when.last if when else None,
        "topic": topic,
        "title": title or key,
        "place": int(key.partition(".")[2] or 0),
    }
    return Mention(**{**values, **changes})


def named_together(*mentions: Mention) -> set[str]:
    """The groups in words: "en.1 ru.1"; the order in which they come has no part in it."""
    groups = [" ".join(m.document_id for m in group) for group in group_mentions(mentions)]
    assert groups == [" ".join(m.document_id for m in g) for g in group_mentions(reversed(mentions))]
    return set(groups)


@pytest.mark.parametrize(
    ("mentions", "groups"),
    [
        # translations of one list: two of one topic are told apart by their order
        (
            [mention(key, topic="migration") for key in ("en.1", "en.2", "ru.1", "ru.2")],
            {"en.1 ru.1", "en.2 ru.2"},
        ),
        # the same title twice in one text
        ([mention("en.1", "On migration"), mention("en.2", "on  migration")], {"en.1 en.2"}),
        # four languages, the topic known in three; a text of the day after takes its own day
        (
            [
                mention("en", topic="education.university"),
                mention("fr", topic="education.university", day="2025-11-27"),
                mention("ky"),
                mention("ru", topic="education"),
            ],
            {"en fr ky ru"},
        ),
        # without a topic, one of two cannot be told
        ([mention("en.1", topic="migration"), mention("en.2", topic="health"), mention("ru")],
         {"en.1", "en.2", "ru"}),
        # another topic, day, type or states
        ([mention("en", topic="migration"), mention("ru", topic="health")], {"en", "ru"}),
        ([mention("en"), mention("ru", day="2025-11-29")], {"en", "ru"}),
        ([mention("en"), mention("ru", type="protocol")], {"en", "ru"}),
        ([mention("en"), mention("ru", states=("KAZ", "KGZ"))], {"en", "ru"}),
        # two words for one paper
        ([mention("en", type="mou"), mention("fr", type="intent")], {"en fr"}),
        # planned, and signed two days later
        ([mention("en", status="planned", day="2025-11-24"), mention("ru")], {"en ru"}),
        # two states make one joint statement a day, whatever it is called
        (
            [
                mention("en", topic="politics.alliance", type="joint_statement"),
                mention("fr.1", type="declaration", topic="energy"),
                mention("fr.2", type="joint_statement"),
            ],
            {"en fr.1 fr.2"},
        ),
        # the year in the title, where each text names one
        (
            [
                mention("en", "Protocol to the 2017 treaty", "security", type="protocol"),
                mention("ru", "Протокол к договору 2017 года", "culture", type="protocol"),
            ],
            {"en ru"},
        ),
        # a later step of the same title; a date of its own does not part it
        (
            [
                mention("en", "On migration", "migration"),
                mention("ru", "On migration", "migration", status="ratified", day="2026-05-01"),
            ],
            {"en ru"},
        ),
    ],
)  # fmt: skip
def test_which_mentions_mean_one_document(mentions: list[Mention], groups: set[str]) -> None:
    assert named_together(*mentions) == groups


def test_an_agreement_keeps_its_id_when_more_sources_and_newer_rules_name_it(house: Warehouse) -> None:
    def story(source_id: str, lang: str, title: str) -> Story:
        text = f"Signed\nThey signed: {title}."
        told = report("signing", "2025-11-26", "They signed", text)
        made = Story()
        papers = (document(title, text, topic="migration"),)
        art = made.tell(article(source_id, "1", text, lang=lang), told, documents=papers)
        made.events = [event("e1", [(art, told)])]
        return made

    ru, en, ky = (
        story("kremlin-ru", "ru", "Соглашение о миграции"),
        story("kremlin-en", "en", "Agreement on migration"),
        story("president-kg-ky", "ky", "Миграция жөнүндө макулдашуу"),
    )
    house.load(en.batch())
    before = one(house, "SELECT agreement_id FROM agreements")
    for later in (ru, ky):
        house.load(later.batch())
    whole = ru.read + en.read + ky.read
    house.load(ru.batch(read=whole, linked=Linked(), detector="rules2"))
    assert one(house, "SELECT agreement_id, title FROM agreements") == (before, "Agreement on migration")
    assert one(house, "SELECT count(*) FROM agreement_steps") == 3


# ── alerts ──────────────────────────────────────────────────────────────────────────────────────


def rung(house: Warehouse) -> list[tuple[str, str]]:
    return house.con.execute("SELECT rule, key FROM alerts ORDER BY ALL").fetchall()


def test_a_visit_rings_once_with_its_sentence_and_its_parts_do_not(house: Warehouse) -> None:
    for hours in range(3):
        house.load(visit_story().batch(now=NOW + hours * HOUR))
    assert rung(house) == [("contact_held", "e1")]
    title, reason = one(house, "SELECT title, reason FROM alerts")
    assert title == "visit.state in Bishkek, 2025-11-25 to 2025-11-27"
    assert reason == "«Президент прибыл с визитом.» — kremlin-ru, http://kremlin-ru.example/1"
    deliveries = house.con.execute("SELECT channel, state, attempts FROM deliveries ORDER BY 1").fetchall()
    assert deliveries == [("log", "waiting", 0), ("screen", "waiting", 0)]
    assert [w.channel for w in house.waiting(NOW)] == ["log", "screen"]


def test_planned_and_held_ring_in_one_thread(house: Warehouse) -> None:
    text = "Plan\nA visit will take place."
    story = Story()
    planned = report("visit.state", "2025-11-28", "A visit will take place", text, modality="planned")
    art = story.tell(article(text=text), planned)
    story.events = [event("e1", [(art, planned)])]
    house.load(story.batch())
    text = "Visit\nHe arrived."
    held = report("visit.state", "2025-11-28", "He arrived", text)
    art2 = story.tell(
        article(key="2", text=text, published_at=NOW + 40 * HOUR, fetched_at=NOW + 41 * HOUR), held
    )
    story.events = [event("e1", [(art2, held), (art, planned)])]
    house.load(story.batch(now=NOW + 42 * HOUR))
    found = house.con.execute("SELECT rule, thread, title FROM alerts ORDER BY raised_at").fetchall()
    assert found == [
        ("contact_planned", "e1", "Planned: visit.state in Bishkek, 2025-11-28"),
        ("contact_held", "e1", "visit.state in Bishkek, 2025-11-28"),
    ]


def test_a_signing_rings_once_with_its_documents(house: Warehouse) -> None:
    text = "Signed\nThey signed papers: Agreement on labour; Memorandum on water."
    story = Story()
    signing = report("signing", "2025-11-26", "They signed papers", text)
    papers = (document("Agreement on labour", text), document("Memorandum on water", text, type="mou"))
    art = story.tell(article(text=text), signing, documents=papers)
    story.events = [event("e5", [(art, signing)], mode=None)]
    house.load(story.batch())
    house.load(story.batch())
    assert rung(house) == [("signing", "e5")]
    assert one(house, "SELECT reason FROM alerts").endswith(
        "Documents (2): Agreement on labour; Memorandum on water"
    )


def test_what_is_older_than_two_days_does_not_ring(house: Warehouse) -> None:
    house.load(visit_story().batch(now=NOW + 50 * HOUR))
    assert rung(house) == []


@pytest.mark.parametrize(
    ("day", "published", "rings"),
    [
        (None, None, False),  # neither says when
        (None, "2025", False),  # may be of January
        (None, "2025-11-26", True),
        (None, "2025-11-23", False),
        ("2025-11-25", None, True),
        ("2019-03-28", None, False),
    ],
)
def test_what_cannot_be_shown_to_be_new_does_not_ring(
    house: Warehouse, day: str | None, published: str | None, rings: bool
) -> None:
    text = "Call\nThey spoke by telephone."
    told = report("call.phone", day, "They spoke", text)
    when = Date(published) if published else None
    story = Story()
    art = story.tell(replace(article(text=text), published_at=None, published=when), told)
    story.events = [event("e1", [(art, told)], mode="phone")]
    house.load(story.batch())
    assert rung(house) == [("contact_held", "e1")] * rings


def test_a_signing_counts_a_document_once_in_all_languages(house: Warehouse) -> None:
    stories, long = [], "Agreement on " + "cooperation " * 12 + "and trade"
    for source_id, lang, title in (("kremlin-en", "en", long), ("kremlin-ru", "ru", "Соглашение о труде")):
        text = f"Signed\nThey signed: {title}."
        told = report("signing", "2025-11-26", "They signed", text)
        story = Story()
        papers = (document(title, text, topic="migration"),)
        stories.append((story.tell(article(source_id, "1", text, lang=lang), told, documents=papers), told))
        story.events = []
        stories[-1] = (*stories[-1], story.read[0])
    whole = Story(read=[read for _, _, read in stories])
    whole.events = [event("e5", [(art, told) for art, told, _ in stories], mode=None)]
    house.load(whole.batch())
    reason = one(house, "SELECT reason FROM alerts WHERE rule = 'signing'")
    assert "Documents (1): Agreement on cooperation" in reason and reason.endswith("cooperation…")


def test_retold_documents_ring_only_until_a_live_source_has_loaded(tmp_path: Path) -> None:
    story = visit_story()
    story.read = [(replace(a, synthetic=True, polled_as="seeds", primary=False), f) for a, f in story.read]
    late = NOW + 9000 * HOUR
    with Warehouse.open(tmp_path / "before.duckdb") as house:
        house.load(story.batch(now=late))
        assert rung(house) == [("contact_held", "e1")]
    with Warehouse.open(tmp_path / "after.duckdb") as house:
        live = Story()
        live.tell(article(key="9", text="Other\nNews."))
        house.load(live.batch())
        house.load(story.batch(now=late))
        assert rung(house) == []


def test_an_event_that_was_merged_does_not_ring_again(house: Warehouse) -> None:
    story = visit_story()
    house.load(story.batch(linked=Linked((replace(story.events[0], event_id="y"),))))
    house.load(story.batch(linked=Linked((replace(story.events[0], event_id="x"),), (("y", "x"),))))
    assert rung(house) == [("contact_held", "y")]


def test_an_outage_rings_once_and_the_next_one_again(house: Warehouse) -> None:
    steps = ["ok", "blocked", "blocked", "ok", "blocked"]
    for hours, state in enumerate(steps):
        at = NOW + hours * HOUR
        polls = [poll("kremlin-ru", state, at, "403" * (state != "ok")), poll("president-kg-ru", "ok", at)]
        house.load(Story().batch(polls=polls, now=at))
    assert rung(house) == [
        ("source_blocked", "kremlin-ru|2025-11-26T19:00:00Z"),
        ("source_blocked", "kremlin-ru|2025-11-26T22:00:00Z"),
    ]


def test_no_network_at_all_is_one_alert(house: Warehouse) -> None:
    for hours in range(2):
        at = NOW + hours * HOUR
        polls = [poll(s, "unreachable", at, "no name") for s in ("kremlin-ru", "president-kg-ru")]
        house.load(Story().batch(polls=polls, now=at))
    assert rung(house) == [("source_blocked", "network|2025-11-26T18:00:00Z")]
    assert one(house, "SELECT reason FROM alerts") == "All 2 network sources are unreachable"


def test_only_the_pairs_levels_and_kinds_of_a_rule_ring(house: Warehouse) -> None:
    def with_rule(**more: object) -> Config:
        rule = {"id": "r", "when": "contact_held", "tier": "flash", "channels": ["log"], **more}
        return config(alerts={"channels": [{"id": "log", "file": "a"}], "rules": [rule]})

    for wrong in ({"pair": "KAZ-RUS"}, {"level": "minister"}, {"kinds": ["call"]}, {"enabled": False}):
        house.load(visit_story().batch(config=with_rule(**wrong)))
        assert rung(house) == [], wrong
    house.load(visit_story().batch(config=with_rule(kinds=["visit"], pair="KGZ-RUS")))
    assert rung(house) == [("r", "e1")]


# ── publishing ──────────────────────────────────────────────────────────────────────────────────


def test_a_copy_is_published_only_when_something_changed(house: Warehouse, tmp_path: Path) -> None:
    target = tmp_path / "it's" / "copy.duckdb"
    assert house.publish(target)
    assert not house.publish(target)
    house.load(visit_story().batch())
    assert house.publish(target)
    house.load(visit_story().batch())
    assert not house.publish(target)
    assert [p.name for p in target.parent.iterdir()] == ["copy.duckdb"]
    assert ask(target, "SELECT rules_hash, published_at, watched_pairs FROM meta").rows == (
        ("rules1", NOW, ["KGZ-RUS"]),
    )


def test_the_copy_has_the_comments_and_the_left_over_of_a_killed_run_does_no_harm(
    house: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / ".copy.duckdb.new").write_text("half a file")
    house.publish(tmp_path / "copy.duckdb")
    found = ask(tmp_path / "copy.duckdb", "SELECT comment FROM duckdb_views() WHERE view_name = 'coverage'")
    assert found.rows == (("Which source reported which event, and when first.",),)


# ── questions ───────────────────────────────────────────────────────────────────────────────────


def test_every_named_question_answers_with_its_defaults(published: Path) -> None:
    assert len(questions()) >= 5
    for question in questions():
        assert question.answers.endswith("."), question.name
        assert ask(published, question.name).rows, question.name


def test_a_named_question_takes_its_parameters(published: Path) -> None:
    assert len(ask(published, "visits", {"since": "2025-01-01"}).rows) == 1
    assert ask(published, "visits", {"p": "KAZ-RUS"}).rows == ()
    first = ask(published, "who_spoke_first")
    row = dict(zip(first.columns, first.rows[0], strict=True))
    assert (row["first_side"], row["minutes_before"], row["retold"]) == ("RUS", 60, False)
    assert ask(published, "visits", {"p": "RUS-KGZ"}).rows == ask(published, "visits").rows
    figures = ask(published, "trade_figures")
    assert [row[figures.columns.index("value")] for row in figures.rows] == [Decimal("3.9"), Decimal("4.1")]


@pytest.mark.parametrize(
    ("asked", "params", "message"),
    [
        ("visists", {}, "did you mean visits"),
        ("nothing_like_it", {}, "known are contacts_by_quarter"),
        ("visits", {"q": "1"}, "no parameter q; it takes p, since"),
        ("visits", {"p": "RUS-KG"}, "p: 'RUS-KG' is no pair: two different states such as KGZ-RUS"),
        ("visits", {"p": "XYZ-RUS"}, "p: 'XYZ' is no state: three capital letters"),
        ("SELECT 1; SELECT 2", {}, "one SELECT statement at a time, not 2"),
        ("", {}, "one SELECT statement at a time, not 0"),
        ("DROP VIEW events", {}, "only SELECT is answered, not DROP"),
        ("SET VARIABLE with_retold = true", {}, "only SELECT is answered, not SET"),
        ("COPY events TO 'x.csv'", {}, "only SELECT is answered, not COPY"),
        ("SELECT $p", {}, "the SQL needs p="),
        ("SELECT 1", {"p": "1"}, "no parameter p; it takes none"),
        ("SELECT nope FROM events", {}, "nope"),
        ("SELEC 1", {}, "syntax error"),
        ("FROM read_text('/etc/passwd')", {}, "disabled"),
        ("FROM 'https://example.org/x.csv'", {}, "disabled|does not exist"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    published: Path, asked: str, params: dict[str, str], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        ask(published, asked, params)


def test_a_question_is_stopped_at_its_limits(published: Path) -> None:
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range + b.range) = 1"
    with pytest.raises(QuestionError, match=r"more than 0\.3 seconds"):
        ask(published, endless, limits=Limits(seconds=0.3))
    with pytest.raises(QuestionError, match="more memory"):
        ask(published, "SELECT list(range) FROM range(100000000)", limits=Limits(memory="20MB"))


def test_without_a_file_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing has been loaded yet; `bilateral run` makes it"):
        ask(tmp_path / "none.duckdb", "SELECT 1")


def test_retold_rows_can_be_asked_for(house: Warehouse, tmp_path: Path) -> None:
    story = visit_story()
    story.read = [(replace(a, synthetic=True, polled_as="seeds"), f) for a, f in story.read]
    story.tell(article(key="9", text="Other\nNews."))
    house.load(story.batch())
    house.publish(tmp_path / "c.duckdb")
    count = "SELECT sum(contacts) FROM contact_month"
    assert ask(tmp_path / "c.duckdb", count).rows == ((None,),)
    assert ask(tmp_path / "c.duckdb", count, synthetic=True).rows == ((1,),)


def test_why_shows_the_sentence_around_the_words(published: Path) -> None:
    found = why(published, "e1")
    assert (found.what, found.status, found.versions) == ("event", "confirmed", 1)
    assert (found.start_date, found.end_date) == (date(2025, 11, 25), date(2025, 11, 27))
    assert found.parts == (("e2", "talks in Bishkek"),)
    first = found.evidence[0]
    assert (first.before, first.quote, first.after) == ("Президент ", "прибыл с визитом", ".")
    assert (first.rule, first.side, first.retold, first.source_id) == (
        "visit.state.test",
        "RUS",
        False,
        "kremlin-ru",
    )


def test_why_explains_reports_and_claims(published: Path) -> None:
    ((report, event_id),) = ask(
        published, "SELECT report_id, event_id FROM event_reports WHERE kind = 'talks' AND side = 'RUS'"
    ).rows
    assert why(published, report).evidence[0].event_id == event_id == "e2"
    ((claim_id,),) = ask(published, "SELECT claim_id FROM claims WHERE side = 'RUS'").rows
    found = why(published, claim_id)
    assert (found.what, found.evidence[0].quote, found.evidence[0].rule) == (
        "claim",
        "4,1 млрд долларов",
        "claim.test",
    )
    with pytest.raises(QuestionError, match="e404: no event, report or claim has this id"):
        why(published, "e404")


def test_compare_marks_what_only_one_side_says(published: Path) -> None:
    found = compare(published, "e1")
    assert (found.a, found.b) == ("KGZ", "RUS")
    bishkek = {(i.what, i.only) for i in found.said_by_a}
    moscow = {(i.what, i.only) for i in found.said_by_b}
    assert bishkek == {("report", False), ("claim", False), ("document", True), ("participant", False)}
    assert moscow == {("report", False), ("claim", False), ("topic", True), ("participant", False)}
    (ours,), (theirs,) = ([i for i in s if i.what == "claim"] for s in (found.said_by_a, found.said_by_b))
    assert (ours.differs, theirs.differs, ours.series) == (True, True, theirs.series)
    assert [i.label for i in found.said_by_b if i.what == "claim"] == [
        "trade.turnover 4.1 bn USD KGZ+RUS 2024-01-01/2024-12-31"
    ]
    with pytest.raises(QuestionError, match="e404: no event of two states"):
        compare(published, "e404")


def test_compare_knows_a_plan_and_a_sort_of_talks_as_the_same(house: Warehouse, tmp_path: Path) -> None:
    text = "T\nTalks took place. Talks are planned. They will sign."
    planned, held = (
        report("talks", "2025-11-26", "Talks are planned", text, modality="planned"),
        report("talks.extended", "2025-11-26", "Talks took place", text),
    )
    signing = report("signing", "2025-11-26", "They will sign", text, modality="planned")
    story = Story()
    ours = story.tell(article("president-kg-ru", text=text), planned)
    theirs = story.tell(article(text=text), held, signing)
    story.events = [
        event("e1", [(theirs, held), (ours, planned)]),
        event("e2", [(theirs, signing)], parent_event_id="e1"),
    ]
    house.load(story.batch())
    house.publish(tmp_path / "copy.duckdb")
    found = compare(tmp_path / "copy.duckdb", "e1")
    said = {(i.label, i.only) for i in (*found.said_by_a, *found.said_by_b) if i.what == "report"}
    assert said == {("talks (planned)", False), ("talks.extended", False), ("signing (planned)", True)}


def test_a_file_that_is_not_ours_is_named(tmp_path: Path, published: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(other) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    text = tmp_path / "text.duckdb"
    text.write_text("no database")
    older = Path(shutil.copy(published, tmp_path / "older.duckdb"))
    with duckdb.connect(older) as con:
        con.execute("DROP VIEW event_reports")
    for file, said in ((other, "none that bilateral made"), (text, "opened"), (older, "cannot be read")):
        for question in (why, compare, ask):
            if (file, question) not in ((older, ask), (older, compare)):
                with pytest.raises(WarehouseError, match=said):
                    question(file, "e1" if question is not ask else "visits")


# ── checks ──────────────────────────────────────────────────────────────────────────────────────

BAD = {
    "span_outside": "UPDATE claim SET span_start = span_start + 1",
    "without_parent": "UPDATE report SET revision_id = 'r0'",
    "newest_text": "UPDATE revision SET is_newest = false",
    "double_rows": "INSERT INTO claim FROM claim",
    "event_versions": "UPDATE event_version SET version = 7 WHERE event_id = 'e1'",
    "unknown_code": "UPDATE report SET kind = 'visit.secret'",
}


def test_every_check_has_a_bad_row_here() -> None:
    assert set(scripts("checks")) == set(BAD)


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_check_finds_a_planted_row_and_nothing_before(house: Warehouse, name: str) -> None:
    story = visit_story()
    for index, (art, found) in enumerate(story.read):
        story.read[index] = art, replace(found, topics=())
    house.load(story.batch(polls=[poll()]))
    sql = scripts("checks")[name]
    assert house.con.execute(sql).fetchall() == []
    house.con.execute(BAD[name])
    assert house.con.execute(sql).fetchall() != []
