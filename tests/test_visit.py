"""The state visit of November 2025 as the seeds retell it: one visit, its parts, its figures, four languages."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, needs_shared
from homes import program, rows
from servers import Item, KremlinSite, PresidentSite, local_sources

TEXT = SHARED / "seeds" / "000_8e7dfd536b72d705.txt"
FEED = SHARED / "corpus" / "kremlin_feed" / "en_events_all_feed_2018-01-08.xml"
SEEDS = Path(__file__).parents[1] / "seeds"
VISIT = "SELECT event_id FROM events WHERE kind = 'visit.state' AND status = 'confirmed'"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the seeds were loaded."""
    folder = tmp_path_factory.mktemp("visit")
    done = program("load", "--home", folder / "home", *sorted(SEEDS.glob("2025*.md")), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "home"


def test_the_visit_is_one_event_of_three_days(home: Path) -> None:
    kinds = "SELECT kind, status, start_date, end_date FROM events WHERE pair_id = 'KGZ-RUS' AND kind LIKE 'visit%'"
    assert rows(home, kinds) == [("visit.state", "confirmed", date(2025, 11, 25), date(2025, 11, 27))]


def test_its_parts_are_talks_statement_signing_and_invitation(home: Path) -> None:
    parts = f"SELECT kind, start_date FROM events WHERE parent_event_id = ({VISIT}) ORDER BY kind"
    day = date(2025, 11, 26)
    assert rows(home, parts) == [
        ("invitation", day), ("signing", day), ("statement.joint", day), ("talks.extended", day),
    ]  # fmt: skip


def test_it_is_reported_in_four_languages_and_counted_once(home: Path) -> None:
    langs = f"SELECT list_sort(list(DISTINCT lang)) FROM event_reports WHERE event_id = ({VISIT})"
    assert rows(home, langs) == [(["en", "fr", "ky", "ru"],)]
    assert rows(home, "SELECT count(*) FROM contacts WHERE pair_id = 'KGZ-RUS'") == [(1,)]


CLAIMS = [
    ("trade.turnover", "USD", Decimal(4_100_000_000), date(2024, 1, 1), date(2024, 12, 31), "=", "Vladimir Putin"),
    ("trade.turnover.growth", "pct", Decimal("13.6"), date(2024, 1, 1), date(2024, 12, 31), "=", "Vladimir Putin"),
    ("trade.turnover.growth", "pct", Decimal(17), date(2025, 1, 1), date(2025, 9, 30), "=", "Vladimir Putin"),
    ("payments.national.share", "pct", Decimal(97), None, None, "~", "Vladimir Putin"),
    ("companies.count", "count", Decimal(1800), date(2025, 1, 1), date(2025, 12, 31), "=", "Sadyr Japarov"),
    ("invest.stock", "USD", Decimal(2_000_000_000), None, None, ">", "Vladimir Putin"),
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c[0])
def test_its_figures_are_claims_with_period_and_speaker(home: Path, claim: tuple[Any, ...]) -> None:
    said = "SELECT metric, base_unit, value_base, period_start, period_end, comparator, speaker FROM claims"
    assert claim in rows(home, f"{said} WHERE pair_id = 'KGZ-RUS'")


def test_retold_documents_are_no_primary_evidence(home: Path) -> None:
    assert rows(home, "SELECT DISTINCT is_primary, synthetic FROM event_reports") == [(False, True)]


@needs_shared
@pytest.mark.parametrize("given", [("--published", "2025-11-27", "--lang", "fr"), ()], ids=["dated", "bare"])
def test_the_first_text_joins_the_same_events_and_adds_none(
    home: Path, given: tuple[str, ...], tmp_path: Path
) -> None:
    again = shutil.copytree(home, tmp_path / "home")
    before = rows(again, "SELECT event_id, kind, reports FROM events ORDER BY ALL")
    done = program("load", "--home", again, TEXT, *given, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    after = rows(again, "SELECT event_id, kind, reports FROM events ORDER BY ALL")
    assert [e[:2] for e in before] == [e[:2] for e in after]
    assert [a[1] for a, b in zip(after, before, strict=True) if a[2] > b[2]] == sorted(
        ("invitation", "signing", "statement.joint", "talks.extended", "visit.state"),
        key=[a[1] for a in after].index,
    )


@needs_shared
def test_the_two_sides_of_the_visit_stand_beside_each_other(tmp_path: Path) -> None:
    stories = (SHARED / "gold" / "stories_dev.docs.jsonl").read_text("utf-8").splitlines(keepends=True)
    told = tmp_path / "told.jsonl"
    told.write_text("".join(line for line in stories if '"s01-' in line), "utf-8")
    seeds = sorted(SEEDS.glob("2025*.md"))
    done = program("load", "--home", tmp_path / "home", *seeds, told, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    ((visit,),) = rows(tmp_path / "home", f"{VISIT} AND pair_id = 'KGZ-RUS'")
    printed = program("compare", visit, "--home", tmp_path / "home", cwd=tmp_path).stdout.splitlines()
    beside = ["".join(line.split()) for line in printed]
    assert "│[differs]claimdocuments.count8count│[differs]claimdocuments.count7count│" in beside
    companies = [line for line in beside if line.startswith("│[differs]claimcompanies.count>1800count")]
    assert any("│[differs]claimcompanies.count~1700count│" in line for line in companies)
    assert any("│[only]claimtrade.turnover.growth13.6pct" in line for line in beside)


MAY = {"56562", "56560", "56543"}  # ratifications and a greeting to heads of state
MUST = {"56624": ["IND", "RUS"], "56593": ["ISR", "RUS"], "56564": ["FIN", "RUS"]}


@pytest.mark.flow
@needs_shared
def test_the_recorded_feed_and_a_president_s_api(tmp_path: Path) -> None:
    text = "<p>Садыр Жапаров провёл телефонный разговор с Президентом Казахстана Касым-Жомартом Токаевым.</p>"
    items = {"Ru": [Item(41001, "Телефонный разговор", text, "2025-11-20T18:30:00")]}
    with KremlinSite(FEED.read_bytes()) as kremlin, PresidentSite(items) as president:
        local_sources(tmp_path, kremlin_en=kremlin.feed_url, president=president.search_url)
        (tmp_path / "seeds").mkdir()
        runs = [program("run", "--home", tmp_path / "home", cwd=tmp_path) for _ in range(2)]
    assert [r.returncode for r in runs] == [0, 0], runs[0].stderr + runs[1].stderr
    home = tmp_path / "home"
    assert rows(
        home, "SELECT count(*), count(DISTINCT url) FROM articles WHERE source_id = 'kremlin-en'"
    ) == [(20, 20)]
    new_year = "SELECT published_at AT TIME ZONE 'Europe/Moscow' FROM articles WHERE url LIKE '%/56591'"
    assert str(rows(home, new_year)[0][0]) == "2017-12-31 23:55:00"
    found = rows(
        home,
        "SELECT regexp_extract(url, '\\d+$'), kind, states FROM event_reports WHERE source_id = 'kremlin-en'",
    )
    assert {n: s for n, kind, s in found if kind == "call.phone"} == MUST
    assert {n for n, _, _ in found} <= MAY | MUST.keys()
    assert rows(home, "SELECT kind, states FROM event_reports WHERE source_id = 'president-kg-ru'") == [
        ("call.phone", ["KAZ", "KGZ"])
    ]
    assert "20 unchanged" in runs[1].stdout or "21 unchanged" in runs[1].stdout, runs[1].stdout
    assert rows(home, "SELECT max(revisions) FROM articles") == [(1,)]
