"""What `bilateral data` and `edit` do: everything derived again, corrections on top, copies, and what is forgotten."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import SHARED, needs_shared
from homes import feed, seeds, write_sources
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import Item, KremlinSite, atom
from typer.testing import CliRunner

from bilateral.errors import BilateralError
from bilateral.sources import Archive, Fetcher, poll
from flows import corrections as people
from flows import steps
from flows.commands import app
from flows.forgetting import forget
from flows.once import load_files
from flows.place import Place, find_place, make_home
from flows.rebuild import rebuild
from warehouse.ask import ask, why
from warehouse.warehouse import Warehouse

SEEDS = Path(__file__).parents[1] / "seeds"
# What a rebuild may change: when the copy was made, and how many rows of history it has.
OF_THE_COPY = {"meta": {"published_at", "rows"}}


def quiet(_: str) -> None:
    """Hear nothing."""


def views(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all contract views."""
    with duckdb.connect(str(db), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        names = con.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT starts_with(view_name, '_')"
        ).fetchall()
        return {name: contents(con, name) for (name,) in names if not name.startswith("code_")}


def contents(con: duckdb.DuckDBPyConnection, view: str) -> list[tuple[Any, ...]]:
    columns = [column[0] for column in con.execute(f"FROM {view} LIMIT 0").description or []]
    kept = ", ".join(f'"{c}"' for c in columns if c not in OF_THE_COPY.get(view, ()))
    return con.execute(f"SELECT {kept} FROM {view} ORDER BY ALL").fetchall()


def a_place(folder: Path) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    records = [feed(f"{name}", "http://127.0.0.1:9/feed") for name in ("kremlin-ru", "kremlin-en")]
    place = find_place(folder / "home", write_sources(folder, *records, seeds(SEEDS)))
    make_home(place.home)
    return place


def load(place: Place, *files: Path) -> None:
    load_files(place, list(files), None, None, None, quiet)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home in which the seeds were loaded one after the other; nobody writes to it."""
    place = a_place(tmp_path_factory.mktemp("told"))
    for file in sorted(SEEDS.glob("2*.md"), reverse=True):
        load(place, file)
    return place


@pytest.fixture
def place(told: Place, tmp_path: Path) -> Place:
    shutil.copytree(told.base, tmp_path / "own")
    return find_place(tmp_path / "own" / "home", tmp_path / "own" / "sources.yaml")


def one(place: Place, sql: str) -> Any:
    rows = ask(place.published, sql).rows
    assert len(rows) == 1, rows
    return rows[0][0] if len(rows[0]) == 1 else rows[0]


def visit(place: Place) -> str:
    return str(one(place, "SELECT event_id FROM events WHERE kind = 'visit.state' AND pair_id = 'KGZ-RUS'"))


# ── everything derived again ────────────────────────────────────────────────────────────────────


def lose(place: Place, *files: str) -> None:
    for name in files:
        (place.home / name).unlink()


LOST = {
    "nothing": (),
    "the working database": ("work/warehouse.duckdb",),
    "both databases": ("work/warehouse.duckdb", "bilateral.duckdb"),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_rebuild_gives_the_same_rows_with_the_same_ids(place: Place, lost: str) -> None:
    before = views(place.published)
    assert len(before["events"]) == 5 and before["claims"] and before["agreements"]
    lose(place, *LOST[lost])
    done = rebuild(place, quiet, every=True)
    assert done.read == done.pages == len(before["revisions"])
    after = views(place.published)
    if lost == "both databases":  # alerts are no facts: they live in the databases alone
        assert before.pop("alerts") and before.pop("deliveries")
        after.pop("alerts"), after.pop("deliveries")
    assert after == before


@pytest.fixture(scope="module")
def developed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with all development documents, loaded in seven runs."""
    place = a_place(tmp_path_factory.mktemp("developed"))
    for file in sorted((SHARED / "gold").glob("*.docs.jsonl")):
        load(place, file)
    return place


@needs_shared
@pytest.mark.shared
def test_all_development_documents_give_the_same_rows_again(developed: Place) -> None:
    before = views(developed.published)
    assert len(before["articles"]) > 800 and len(before["events"]) > 400
    assert rebuild(developed, quiet).differs == []
    assert views(developed.published) == before
    lose(developed, *LOST["both databases"])
    done = rebuild(developed, quiet)
    assert (done.read, done.remembered) == (len(before["revisions"]), "the journal")
    after = views(developed.published)
    for name in ("alerts", "deliveries"):
        before.pop(name), after.pop(name)
    assert after == before


def groups(place: Place) -> set[frozenset[str]]:
    sql = "SELECT list(report_id) FROM event_reports WHERE event_id IS NOT NULL GROUP BY event_id"
    return {frozenset(reports) for (reports,) in ask(place.published, sql).rows}


@needs_shared
@pytest.mark.shared
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_without_the_names_any_order_gives_the_same_groups(
    tmp_path_factory: pytest.TempPathFactory, random: Any
) -> None:
    folder = tmp_path_factory.mktemp("shuffled")
    lines = (SHARED / "gold" / "stories_dev.docs.jsonl").read_text("utf-8").splitlines()
    random.shuffle(lines)
    cut = random.randrange(1, len(lines))
    place = a_place(folder)
    for name, some in (("a", lines[:cut]), ("b", lines[cut:])):
        (folder / f"{name}.jsonl").write_text("\n".join(some), "utf-8")
        load(place, folder / f"{name}.jsonl")
    before = groups(place)
    assert len(before) > 20
    journal = place.home / "archive" / "journal"
    pages = (journal / "page.jsonl").read_text("utf-8").splitlines()
    random.shuffle(pages)
    (journal / "page.jsonl").write_text("\n".join(pages) + "\n", "utf-8")
    lose(place, "archive/journal/mint.jsonl", *LOST["both databases"])
    rebuild(place, quiet)
    assert groups(place) == before


def test_only_texts_that_other_rules_have_read_are_read_again(place: Place) -> None:
    with Warehouse.open(place.writer) as house:
        ((text,),) = house.con.execute("SELECT min(revision_id) FROM revision").fetchall()
        house.con.execute("UPDATE revision SET detector = 'older' WHERE revision_id = ?", [text])
        house.con.execute("DELETE FROM claim WHERE revision_id = ?", [text])
    found = rebuild(place, quiet, keep=False)
    assert (found.pages, found.read) == (9, 1)
    rebuild(place, quiet)
    with Warehouse.open(place.writer) as house:
        assert {detector for _, detector in house.known().values()} == {steps.version()}


def test_a_diff_says_what_would_change_by_kind_and_language_and_changes_nothing(place: Place) -> None:
    whole = views(place.published)
    with Warehouse.open(place.writer) as house:
        house.con.execute("UPDATE revision SET detector = 'older'")
        house.con.execute("DELETE FROM claim WHERE quote LIKE '%4.1 billion%'")
        house.con.execute("UPDATE report SET place = 'Osh' WHERE kind = 'visit.state'")
        house.con.execute("UPDATE setting SET value = value::INTEGER + 1 WHERE key = 'changes'")
        house.publish(place.published)
    spoilt = views(place.published)
    found = rebuild(place, quiet, keep=False)
    told = {(t.what, t.code, t.lang): (t.new, t.gone, t.changed) for t in found.differs}
    assert told["claim", "trade.turnover", "en"] == (1, 0, 0)
    assert {key[1:] for key in told if key[0] == "report"} == {
        ("visit.state", lang) for lang in ("en", "fr", "ky", "ru")
    } & {key[1:] for key in told}
    assert views(place.published) == spoilt != whole
    assert not list(place.writer.parent.glob("rebuild*"))
    rebuild(place, quiet)
    assert views(place.published) == whole


def test_what_is_not_sound_takes_nothing_s_place(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = views(place.published)
    monkeypatch.setattr(
        "warehouse.rebuild.join_mentions", lambda con, *_: con.execute("UPDATE claim SET span_end = 0")
    )
    with pytest.raises(BilateralError, match=r"not sound, and the database stays as it was: span_outside"):
        rebuild(place, quiet)
    assert views(place.published) == before
    assert not list(place.writer.parent.glob("rebuild*"))


def test_what_was_believed_then_outlives_a_rebuild(place: Place) -> None:
    event = visit(place)
    people.override(place, event, {"place": "Osh"}, None, None)
    ((first,),) = ask(place.published, f"SELECT min(made_at) FROM corrections WHERE target = '{event}'").rows
    rebuild(place, quiet, every=True)
    then = f"SELECT place FROM events_asof('{first.isoformat()}'::TIMESTAMPTZ - INTERVAL 1 MICROSECOND) WHERE event_id = '{event}'"
    assert (one(place, then), one(place, f"SELECT place FROM events WHERE event_id = '{event}'")) == (
        "Kyrgyzstan",
        "Osh",
    )


# ── what people correct ─────────────────────────────────────────────────────────────────────────


def test_a_correction_stands_on_top_is_listed_and_can_be_taken_back(place: Place) -> None:
    event = visit(place)
    day = f"SELECT start_date::VARCHAR, end_date::VARCHAR, date_precision, place FROM events WHERE event_id = '{event}'"
    derived = one(place, day)
    people.override(
        place, event, {"start_date": "2025-11", "end_date": "", "place": "none"}, "so they say", "Ann"
    )
    assert one(place, day)[2:] == ("month", None)
    said = why(place.published, event).corrections
    assert [(c.action, c.field, c.value, c.note, c.made_by) for c in said] == [
        ("override", "start_date", "2025-11", "so they say", "Ann"),
        ("override", "end_date", None, "so they say", "Ann"),
        ("override", "place", "none", "so they say", "Ann"),
    ]
    with Warehouse.open(place.writer) as house:  # what was derived is untouched
        sql = "SELECT arg_max(place, version) FROM event_version WHERE event_id = ?"
        assert house.con.execute(sql, [event]).fetchall() == [("Kyrgyzstan",)]
    people.override(place, event, {"start_date": "", "place": ""}, None, None)
    assert one(place, day) == derived


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "visit.secret"}, "kind: 'visit.secret' is none of accreditation"),
        ({"colour": "red"}, "colour: nothing can be put in its place; can be: kind, level"),
        ({"start_date": "yesterday"}, "start_date: 'yesterday' is no day, month or year"),
        ({"host_iso3": "KG"}, "host_iso3: 'KG' is no state"),
        ({"title": "none"}, "title: cannot be empty"),
        ({"place": "Osh", "status": "sure"}, "status: 'sure' is none of"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(
    place: Place, values: dict[str, str], message: str
) -> None:
    with pytest.raises(BilateralError, match=message):
        people.override(place, visit(place), values, None, None)
    assert ask(place.published, "FROM corrections").rows == ()
    assert not (place.home / "archive" / "journal" / "edit.jsonl").exists()


def parts(place: Place) -> tuple[str, str]:
    rows = ask(
        place.published, "SELECT event_id FROM events WHERE kind IN ('signing', 'invitation') ORDER BY kind"
    ).rows
    return str(rows[0][0]), str(rows[1][0])


def reports_of(place: Place, event: str) -> set[str]:
    return {
        r
        for (r,) in ask(
            place.published, f"SELECT report_id FROM event_reports WHERE event_id = '{event}'"
        ).rows
    }


def test_two_events_become_one_and_stay_one(place: Place) -> None:
    stays, joins = parts(place)
    both = reports_of(place, stays) | reports_of(place, joins)
    people.merge(place, stays, joins, "one evening", None)
    assert (reports_of(place, stays), reports_of(place, joins)) == (both, set())
    found = why(place.published, joins)
    assert (found.id, found.moved_from) == (stays, joins)
    assert [c.action for c in found.corrections] == ["merge"]
    after = views(place.published)
    load(place, *SEEDS.glob("2*.md"))  # what is read again changes nothing
    rebuild(place, quiet, every=True)
    assert views(place.published) == after
    lose(place, *LOST["both databases"])
    rebuild(place, quiet)
    assert reports_of(place, stays) == both and why(place.published, joins).id == stays
    with pytest.raises(BilateralError, match="are one event already"):
        people.merge(place, stays, joins, None, None)


def test_reports_that_tell_of_something_else_make_an_event_of_their_own(place: Place) -> None:
    event = visit(place)
    told = sorted(reports_of(place, event))
    made = people.split(place, event, told[:2], None, None)
    assert (reports_of(place, made), reports_of(place, event)) == (set(told[:2]), set(told[2:]))
    rebuild(place, quiet, every=True)
    assert reports_of(place, made) == set(told[:2])
    lose(place, *LOST["both databases"])
    rebuild(place, quiet)
    assert reports_of(place, made) == set(told[:2])
    people.merge(place, event, made, None, None)  # the later word holds
    assert reports_of(place, event) == set(told)
    rebuild(place, quiet)
    assert reports_of(place, event) == set(told)


def test_what_cannot_be_split_or_merged_is_said(place: Place) -> None:
    event = visit(place)
    with pytest.raises(BilateralError, match="p404: no report of"):
        people.split(place, event, ["p404"], None, None)
    with pytest.raises(BilateralError, match="none would stay"):
        people.split(place, event, sorted(reports_of(place, event)), None, None)
    with pytest.raises(BilateralError, match="e404: no event has this id"):
        people.merge(place, event, "e404", None, None)
    with pytest.raises(BilateralError, match="x404: nothing has this id"):
        people.note(place, "x404", "words", None)
    assert ask(place.published, "FROM corrections").rows == ()


def test_a_note_is_listed_with_the_fact_it_is_about(place: Place) -> None:
    event = visit(place)
    report = min(reports_of(place, event))
    before = views(place.published)["events"]
    people.note(place, report, "read\nthis", "Ann")
    assert [c.note for c in why(place.published, event).corrections] == ["read\nthis"]
    assert views(place.published)["events"] == before
    shown = CliRunner().invoke(app, ["why", event, "--home", str(place.home)])
    assert "by Ann): read this" in shown.output


# ── what is forgotten ───────────────────────────────────────────────────────────────────────────

SECRET = "Marfa Petrovna"
TALKS = "<p>Vladimir Putin held talks in Bishkek with President of the Kyrgyz Republic Sadyr Japarov, said {}.</p>"


@pytest.fixture
def site() -> Iterator[KremlinSite]:
    items = [
        Item(78551, "Talks one", TALKS.format(SECRET), "2025-11-26T12:00:00+04:00"),
        Item(78552, "Talks two", TALKS.format("the press"), "2025-11-26T13:00:00+04:00"),
    ]
    with KremlinSite(atom(items)) as made:
        yield made


def read_site(place: Place) -> None:
    """Ask the site once and load what it brings, as a run does."""
    archive = Archive(place.home / "archive")
    with Fetcher(place.config.user_agent) as fetcher, Warehouse.open(place.writer) as house:
        (source,) = place.asked(["kremlin-en"])
        asked = [poll(source, fetcher, archive, steps.clock, place.config, place.base)]
        assert asked[0].state == "ok", asked
        parted = steps.fresh(asked, house.known())
        read, _ = steps.read_pages(parted, place.config)
        steps.load_read(place, house, archive, "n1", asked, read, parted.unchanged)


def holding(folder: Path, words: str) -> list[str]:
    """The files below *folder* in which the words stand, packed or not."""
    found = []
    for file in (f for f in folder.rglob("*") if f.is_file()):
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        if words.encode() in data or json.dumps(words)[1:-1].encode() in data:
            found.append(file.name)
    return found


def test_a_document_is_forgotten_for_good(tmp_path: Path, site: KremlinSite) -> None:
    place = find_place(tmp_path / "home", write_sources(tmp_path, feed("kremlin-en", site.feed_url)))
    make_home(place.home)
    read_site(place)
    (url,) = next(
        iter(
            ask(
                place.published,
                f"SELECT url FROM articles JOIN revisions USING (article_id) WHERE contains(text, '{SECRET}')",
            ).rows
        )
    )
    event = one(place, "SELECT event_id FROM events")
    assert len(holding(place.home, SECRET)) >= 4  # two databases, the page, the feed
    done = forget(place, url.replace("http://", "https://") + "/", "Ann")
    assert (len(done.articles), done.backups) == (1, ())
    assert holding(place.home, SECRET) == []
    assert one(place, "SELECT event_id, reports FROM events") == (event, 1)
    assert one(place, "SELECT action, target, made_by FROM corrections") == (
        "forget",
        done.articles[0],
        "Ann",
    )
    read_site(place)  # the feed still has it
    assert holding(place.home, SECRET) == []
    assert one(place, "SELECT count(*) FROM articles") == 1
    rebuild(place, quiet, every=True)
    assert holding(place.home, SECRET) == [] and one(place, "SELECT count(*) FROM articles") == 1
    with pytest.raises(BilateralError, match="no document has this address"):
        forget(place, url, None)


def test_a_forgotten_file_is_not_loaded_again(place: Place) -> None:
    (article,) = ask(place.published, "SELECT article_id FROM articles WHERE lang = 'fr'").rows[0]
    assert len(forget(place, article, None).articles) == 1
    done = load_files(place, [SEEDS], None, None, None, quiet)
    assert [s.reason for s in done.skipped if "forget" in s.reason] == [
        "was removed by `data forget` and is not read again"
    ]
    assert one(place, "SELECT count(*) FROM articles WHERE lang = 'fr'") == 0
    with Warehouse.open(place.writer) as house:
        assert house.check() == []


def test_forgetting_that_was_killed_is_ended_by_the_same_command(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (article,) = ask(place.published, "SELECT article_id FROM articles WHERE lang = 'fr'").rows[0]
    words = str(one(place, f"SELECT text FROM revisions WHERE article_id = '{article}'"))[-40:]

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.forgetting._clear", killed)
        with pytest.raises(KeyboardInterrupt):
            forget(place, article, None)
    assert holding(place.home / "archive", words)
    forget(place, article, None)
    assert holding(place.home, words) == []


# ── the commands ────────────────────────────────────────────────────────────────────────────────


def run(place: Place, *words: str) -> Any:
    return CliRunner().invoke(app, [*words, "--home", str(place.home), "--sources", str(place.sources)])


def test_check_passes_and_names_a_row_that_is_wrong(place: Place) -> None:
    assert run(place, "data", "check").exit_code == 0
    with duckdb.connect(str(place.published)) as con:
        con.execute("UPDATE claim SET span_start = span_start + 1")
    shown = run(place, "data", "check")
    assert shown.exit_code == 1 and "span_outside: " in shown.output and "1 found something" in shown.output


def test_views_are_exported_without_texts_that_may_not_be_passed_on(place: Place, tmp_path: Path) -> None:
    assert run(place, "data", "export", "--parquet", str(tmp_path / "out")).exit_code == 0
    files = {file.stem: file for file in (tmp_path / "out").iterdir()}
    assert set(views(place.published)) <= set(files) and not [f for f in files if f.startswith((".", "_"))]
    revisions = pq.read_table(files["revisions"])
    assert revisions.num_rows == 9 and revisions["title"].null_count == 0
    licences = dict(ask(place.published, "SELECT article_id, licence FROM articles").rows)
    for row in revisions.to_pylist():
        assert (row["text"] is not None) == (licences[row["article_id"]] == "CC BY 4.0"), row["title"]
    assert {licence == "CC BY 4.0" for licence in licences.values()} == {True, False}
    assert pq.read_schema(files["events"]).metadata[b"comment"].startswith(b"One row per event")
    assert pq.read_schema(files["events"]).field("kind").metadata[b"comment"] == b"A code of code_kind."
    run(place, "data", "export", "--with-text", "--parquet", str(tmp_path / "all"))
    assert pq.read_table(tmp_path / "all" / "revisions.parquet")["text"].null_count == 0


def test_a_backup_is_a_database_with_the_journal_and_is_never_written_over(
    place: Place, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    assert run(place, "data", "backup", str(target)).exit_code == 0
    with Warehouse.open(target / "warehouse.duckdb") as house:
        assert len(house.known()) == 9
    kept = {file.name: file.read_bytes() for file in (target / "journal").iterdir()}
    assert kept == {f.name: f.read_bytes() for f in (place.home / "archive" / "journal").iterdir()}
    shown = run(place, "data", "backup", str(target))
    assert isinstance(shown.exception, BilateralError) and "is there already" in str(shown.exception)


def test_an_edit_is_published_at_once_and_a_second_publishing_finds_nothing_new(place: Place) -> None:
    before = place.published.stat()
    assert run(place, "edit", "override", visit(place), "place=Osh", "--by", "Ann").exit_code == 0
    after = place.published.stat()
    assert before.st_ino != after.st_ino
    with Warehouse.open(place.writer) as house:
        assert not house.publish(place.published)
    assert place.published.stat().st_ino == after.st_ino


@pytest.mark.parametrize("words", [("data", "diff"), ("data", "rebuild"), ("data", "rebuild", "--all")])
def test_a_rebuild_says_what_it_did(place: Place, words: tuple[str, ...]) -> None:
    shown = run(place, *words)
    assert shown.exit_code == 0, shown.output
    again = 9 if "--all" in words else 0
    assert f"Nothing differs.\n9 pages, {again} read again; ids from the database" in shown.output


@pytest.mark.parametrize("command", ["data backup", "edit note e1 x", "data forget u"])
def test_without_a_database_the_next_step_is_named(tmp_path: Path, command: str) -> None:
    shown = run(a_place(tmp_path), *command.split())
    assert "nothing has been loaded yet" in str(shown.exception)
