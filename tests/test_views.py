"""The contract views: their names and columns, an empty warehouse, comments, and the rows that literal facts give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from builders import (
    JAPAROV,
    NOW,
    PUTIN,
    VISIT_KG,
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
    topic,
    visit_story,
)

from bilateral.model import Date, Linked, Skipped, States
from warehouse.schema import scripts
from warehouse.warehouse import Warehouse

CONTRACT = {
    "events": """event_id, pair_id, watched, kind, level, mode, status, start_date, end_date, date_precision, place,
        place_iso3, title, parent_event_id, host_iso3, initiator_iso3, margins_of, states, plover_event, plover_mode,
        cameo, quad, score, is_contact, is_hostile, reports, confidence""",
    "contacts": """event_id, pair_id, watched, kind, level, mode, status, start_date, end_date, date_precision, place,
        place_iso3, title, parent_event_id, host_iso3, initiator_iso3, margins_of, states, plover_event, plover_mode,
        cameo, quad, score, is_contact, is_hostile, reports, confidence""",
    "event_reports": """report_id, event_id, revision_id, source_id, side, is_primary, url, lang, published_at, kind,
        modality, states, start_date, end_date, place, span_start, span_end, quote, rule, confidence""",
    "participants": "event_id, actor_id, name, role, side, office",
    "agreements": """agreement_id, pair_id, type, binding, level, title, topic, status, signed_on, ratified_a_on,
        ratified_b_on, in_force_on, ended_on, event_id""",
    "agreement_steps": "agreement_id, status, date, side, report_id, quote",
    "claims": """claim_id, pair_id, metric, measure, comparator, value, value_high, unit, value_base, base_unit,
        period_start, period_end, base_period, scope, speaker, statistics_of, source_id, side, is_primary, url,
        claimed_on, event_id, span_start, span_end, quote, rule, confidence""",
    "claim_conflicts": """pair_id, metric, measure, scope, period_start, period_end, event_id, low, high, spread,
        speakers, claims""",
    "readouts": """event_id, item_kind, code, label, topic, value, unit, period, said_by_a, said_by_b, only, quote_a,
        quote_b, synthetic, differs""",
    "coverage": "event_id, source_id, side, is_primary, reports, first_published_at, first_seen_at",
    "one_sided": "event_id, pair_id, said_by, silent_side, since, other_side_readable",
    "conservative": """event_id, pair_id, kind, start_date, end_date, place, place_iso3, persons, sources_a,
        sources_b""",
    "event_history": """event_id, number, status, since, report_id, source_id, side, is_primary, url, quote,
        synthetic""",
    "lags": "event_id, first_a_at, first_b_at, minutes_b_after_a",
    "articles": """article_id, source_id, side, is_primary, lang, url, work_id, title, published_at, first_seen_at,
        revisions, licence, synthetic, published_on""",
    "revisions": "revision_id, article_id, number, seen_at, title, text, sha256, page_sha256",
    "edits": """article_id, from_revision, to_revision, seen_at, kind, marked, before, after,
        minutes_after_publication""",
    "silent_edits": """article_id, from_revision, to_revision, seen_at, kind, marked, before, after,
        minutes_after_publication""",
    "topic_month": "pair_id, month, topic, events, share, observed, articles_read",
    "climate_month": """pair_id, month, events, verbal_coop, material_coop, verbal_conflict, material_conflict,
        mean_score, observed""",
    "contact_month": "pair_id, month, level, mode, contacts, observed",
    "source_health": """source_id, state, last_ok_at, last_new_at, days_silent, expected_days, last_reason, skipped,
        first_skipped""",
    "alerts": """alert_id, rule, tier, key, thread, pair_id, event_id, revision_id, raised_at, title, reason,
        acked_at""",
    "corrections": "correction_id, made_at, made_by, action, target, field, value, note, reports",
    "deliveries": "alert_id, channel, state, attempts, last_error, next_try_at, delivered_at",
    "meta": "contract, rules_hash, published_at, watched_pairs, rows",
}
MACROS = (
    "chronology('KGZ-RUS', '2025-01-01', NULL)",
    "contacts_by('KGZ-RUS', 'year')",
    "events_asof('2025-11-27')",
    "trend_breaks('KGZ-RUS')",
)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


NO_PERIOD: dict[str, Any] = {"period_start": None, "period_end": None}
YEAR_2022: dict[str, Any] = {"period_start": Date("2022"), "period_end": Date("2022")}
COUNT: dict[str, Any] = {"metric": "documents.count", "unit": "count", "base_unit": "count", "scope": None}


def rows(house: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return house.con.execute(sql).fetchall()


def happening(key: str, kind: str, day: str, states: States = ("KGZ", "RUS"), **changes: Any) -> Story:
    """One article with one report that is one event, `e` and its key."""
    text = f"{kind}\nIt happened, {key}."
    story = Story()
    reading = changes.pop("event", {})
    written = changes.pop("article", article(key=key, text=text))
    told = report(kind, day, f"It happened, {key}", written.text, states=states, **changes)
    story.events = [event(f"e{key}", [(story.tell(written, told), told)], **reading)]
    return story


def together(*stories: Story) -> Story:
    return Story([r for s in stories for r in s.read], [e for s in stories for e in s.events])


# ── shape ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", CONTRACT)
def test_a_view_has_the_columns_of_the_contract_and_answers_when_empty(house: Warehouse, view: str) -> None:
    expected = [column.strip() for column in CONTRACT[view].replace("\n", " ").split(",")]
    answer = house.con.execute(f"FROM {view}")
    columns = [column[0] for column in answer.description or ()]
    assert columns[: len(expected)] == expected
    assert len(answer.fetchall()) == (1 if view == "meta" else 0)
    types = dict(rows(house, f"SELECT column_name, column_type FROM (DESCRIBE {view})"))
    assert '"NULL"' not in types.values()


@pytest.mark.parametrize("call", MACROS)
def test_a_macro_answers_when_empty_and_when_not(house: Warehouse, call: str) -> None:
    assert rows(house, f"FROM {call}") == []
    house.load(visit_story().batch())
    assert bool(rows(house, f"FROM {call}")) == (not call.startswith("trend_breaks"))


def test_every_view_column_and_macro_is_described(house: Warehouse) -> None:
    assert rows(house, "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL") == []
    assert (
        rows(
            house,
            """SELECT table_name, column_name FROM duckdb_columns() c JOIN duckdb_views() v ON v.view_name = c.table_name
               WHERE NOT v.internal AND c.comment IS NULL""",
        )
        == []
    )
    own = "schema_name = 'main' AND NOT internal AND function_type IN ('table_macro', 'macro')"
    assert rows(house, f"SELECT function_name FROM duckdb_functions() WHERE {own} AND comment IS NULL") == []
    made = sum(sql.count("\nCREATE OR REPLACE MACRO ") for sql in scripts("views").values())
    assert made >= 8
    assert len(rows(house, f"SELECT DISTINCT function_name FROM duckdb_functions() WHERE {own}")) == made


@pytest.mark.parametrize(
    ("text", "words", "cited"),
    [
        ("Title\nIt rained. He came to Osh. They talked.", "came", "«He came to Osh.» — s, u"),
        ("Title\nHe came", "He came", "«He came» — s, u"),
        ("Trade was 4.1 bn. It grew 3.5 per cent!", "grew", "«It grew 3.5 per cent!» — s, u"),
        ("One. He said: «Come.» Then", "said", "«He said: «Come.»» — s, u"),
        ("He came. They talked.", "He came.", "«He came.» — s, u"),
    ],
)
def test_an_alert_cites_the_whole_sentence(house: Warehouse, text: str, words: str, cited: str) -> None:
    start = text.index(words)
    answer = house.con.execute("SELECT _cite(?, ?, ?, 's', 'u')", [text, start, start + len(words)])
    assert answer.fetchall() == [(cited,)]


def test_the_vocabulary_comes_along(house: Warehouse) -> None:
    assert rows(house, "SELECT cameo, quad, contact, en FROM code_kind WHERE code = 'visit.state'") == [
        ("042", 1, True, ["state visit"])
    ]
    assert rows(house, "SELECT meaning FROM code_event_status WHERE code = 'denied'") == [("only denied",)]
    assert rows(house, "SELECT tolerance FROM code_metric WHERE code = 'trade.turnover'") == [(0.02,)]


# ── events and contacts ─────────────────────────────────────────────────────────────────────────


def test_events_have_one_row_for_each_pair_of_their_states(house: Warehouse) -> None:
    summit = happening(
        "3", "summit", "2025-11-27", ("KAZ", "KGZ", "RUS"), event={"mode": None, "level": None}
    )
    house.load(together(visit_story(), summit).batch())
    columns = "event_id, pair_id, watched, kind, start_date, end_date, cameo, is_contact, is_hostile, reports"
    first, last, second = date(2025, 11, 25), date(2025, 11, 27), date(2025, 11, 26)
    assert rows(house, f"SELECT {columns} FROM events ORDER BY ALL") == [
        ("e1", "KGZ-RUS", True, "visit.state", first, last, "042", True, False, 2),
        ("e2", "KGZ-RUS", True, "talks", second, second, "040", True, False, 2),
        ("e3", "KAZ-KGZ", False, "summit", last, last, "040", True, False, 1),
        ("e3", "KAZ-RUS", False, "summit", last, last, "040", True, False, 1),
        ("e3", "KGZ-RUS", True, "summit", last, last, "040", True, False, 1),
    ]


@pytest.mark.parametrize(
    ("told", "history"),
    [
        ("planned planned asserted", "planned confirmed"),
        ("planned denied", "planned cancelled"),
        ("planned denied planned asserted", "planned cancelled planned confirmed"),
        ("asserted denied", "confirmed contested"),
        ("denied recalled", "denied"),
    ],
)
def test_the_history_of_an_event_is_how_its_status_was_told(
    house: Warehouse, told: str, history: str
) -> None:
    story, said = Story(), []
    for n, modality in enumerate(told.split()):
        text = f"Visit\nIt happened, {n}."
        day = NOW - (9 - n) * DAY
        written = article(("kremlin-ru", "president-kg-ru")[n % 2], str(n), text, published_at=day)
        one = report("visit", "2025-11-25", "It happened", text, modality=modality)
        said.append((story.tell(written, one), one))
    story.events = [event("e1", said)]
    house.load(story.batch())
    found = rows(house, "SELECT status, since FROM event_history ORDER BY number")
    assert " ".join(status for status, _ in found) == history
    assert found[0][1] == NOW - 9 * DAY


def test_a_month_or_year_stays_one(house: Warehouse) -> None:
    house.load(together(happening("1", "aid", "2025-02"), happening("2", "aid", "2024")).batch())
    assert rows(house, "SELECT start_date, end_date, date_precision FROM events ORDER BY event_id") == [
        (date(2025, 2, 1), date(2025, 2, 28), "month"),
        (date(2024, 1, 1), date(2024, 12, 31), "year"),
    ]


def test_contacts_count_a_visit_once_and_nothing_that_did_not_happen(house: Warehouse) -> None:
    house.load(
        together(
            visit_story(),  # e1 with its part e2
            happening("3", "call.phone", "2025-11-20"),
            happening("4", "call.phone", "2025-12-20", modality="planned"),
            happening("5", "talks", "2025-11-19", modality="denied", event={"status": "denied"}),
            happening("6", "criticism", "2025-11-18"),
        ).batch()
    )
    assert rows(house, "SELECT event_id FROM contacts ORDER BY 1") == [("e1",), ("e3",)]


def test_parts_of_a_visit_that_was_only_announced_are_one_contact(house: Warehouse) -> None:
    house.load(
        together(
            happening("1", "visit", "2025-11-25", modality="planned"),
            happening("2", "talks", "2025-11-25", event={"parent_event_id": "e1"}),
            happening("3", "press", "2025-11-25", event={"parent_event_id": "e1"}),
            happening("4", "talks.restricted", "2025-11-25", event={"parent_event_id": "e1"}),
        ).batch()
    )
    assert rows(house, "SELECT event_id FROM contacts") == [("e2",)]


def test_event_reports_come_from_the_newest_text_alone(house: Warehouse) -> None:
    house.load(visit_story().batch())
    sql = "SELECT source_id, side, is_primary, kind, quote FROM event_reports ORDER BY ALL"
    assert rows(house, sql) == [
        ("kremlin-ru", "RUS", True, "talks", "Прошли переговоры"),
        ("kremlin-ru", "RUS", True, "visit.state", "прибыл с визитом"),
        ("president-kg-ru", "KGZ", True, "talks", "Сүйлөшүүлөр болду"),
        ("president-kg-ru", "KGZ", True, "visit.state", "Конок келди"),
    ]
    edited = Story()
    edited.tell(article(text="T\nNothing.", fetched_at=NOW + HOUR))
    house.load(edited.batch())
    assert [row[0] for row in rows(house, sql)] == ["president-kg-ru"] * 2


def test_participants_stand_once_an_event(house: Warehouse) -> None:
    house.load(visit_story().batch())
    assert rows(house, "FROM participants WHERE event_id = 'e1' ORDER BY actor_id") == [
        ("e1", "sadyr-japarov", "Sadyr Japarov", "host", "KGZ", "president"),
        ("e1", "vladimir-putin", "Vladimir Putin", "visitor", "RUS", "president"),
    ]


# ── documents and figures ───────────────────────────────────────────────────────────────────────


def test_a_document_is_one_row_with_its_furthest_step(house: Warehouse) -> None:
    stories = []
    for number, (source_id, status, day) in enumerate(
        (
            ("kremlin-ru", "planned", "2025-11-26"),
            ("president-kg-ru", "signed", "2025-11-26"),
            ("kremlin-ru", "recalled", "2025-11-26"),
        )
    ):
        text = "Signing\nThey signed: Agreement on labour migration."
        told = report("signing", "2025-11-26", "They signed", text)
        story = Story()
        paper = document(
            "Agreement on labour migration", text, topic="migration", status=status, date=Date(day)
        )
        art = story.tell(article(source_id, str(number), text, lang="en"), told, documents=(paper,))
        story.events = [event("e1", [(art, told)])]
        stories.append(story)
    whole = together(*stories)
    ids = tuple(r for e in whole.events for r in e.report_ids)
    house.load(whole.batch(linked=Linked((replace(whole.events[0], report_ids=ids),))))
    columns = "pair_id, type, binding, title, topic, status, signed_on, in_force_on, event_id"
    assert rows(house, f"SELECT {columns} FROM agreements") == [
        (
            *("KGZ-RUS", "agreement", "binding", "Agreement on labour migration", "migration"),
            *("signed", date(2025, 11, 26), None, "e1"),
        )
    ]
    assert rows(house, "SELECT status, date, side FROM agreement_steps ORDER BY ALL") == [
        ("planned", date(2025, 11, 26), "RUS"),
        ("recalled", date(2025, 11, 26), "RUS"),
        ("signed", date(2025, 11, 26), "KGZ"),
    ]
    assert rows(house, "SELECT count(*) FROM agreement_steps s JOIN event_reports r USING (report_id)") == [
        (3,)
    ]


def test_claims_keep_what_is_printed_and_give_base_units(house: Warehouse) -> None:
    house.load(visit_story().batch())
    columns = "pair_id, value, unit, value_base, base_unit, period_start, period_end, speaker, side, claimed_on, event_id"
    year = (date(2024, 1, 1), date(2024, 12, 31))
    assert rows(house, f"SELECT {columns} FROM claims ORDER BY value") == [
        (
            *("KGZ-RUS", Decimal("3.9"), "bn USD", Decimal(3_900_000_000), "USD", *year),
            *("sadyr-japarov", "KGZ", date(2025, 11, 26), "e1"),
        ),
        (
            *("KGZ-RUS", Decimal("4.1"), "bn USD", Decimal(4_100_000_000), "USD", *year),
            *("vladimir-putin", "RUS", date(2025, 11, 26), "e1"),
        ),
    ]


def test_figures_beyond_the_tolerance_are_in_conflict(house: Warehouse) -> None:
    # one text of one speaker does not contradict itself
    text = "T\nTrade 4.10 then 4.15 then more than 9; growth 13 and 17."
    story = Story()
    growth = {"metric": "trade.turnover.growth", "measure": "growth", "base_unit": "pct"}
    story.tell(
        article(text=text),
        claims=(
            claim("4.10", "4.10", text),
            claim("4.15", "4.15", text),  # within 2 %
            claim("9", "more than 9", text, comparator=">"),
            claim("13", "13", text, **growth),
            claim("17", "17", text, **growth, period_start=Date("2025-01"), period_end=Date("2025-09")),
        ),
    )
    house.load(story.batch())
    assert rows(house, "FROM claim_conflicts") == []
    house.load(visit_story().batch(read=visit_story().read[1:], linked=Linked()))
    found = rows(
        house, "SELECT pair_id, metric, low, high, round(spread, 3), speakers, claims FROM claim_conflicts"
    )
    assert found == [
        ("KGZ-RUS", "trade.turnover", Decimal(3_900_000_000), Decimal(9_000_000_000), 0.567, 2, 4)
    ]


def figures(*told: tuple[Story, dict[str, Any]]) -> Story:
    """Stories of one page each, with a claim added to each page."""
    made = []
    for story, changes in told:
        ((art, found),) = story.read
        told_claim = claim(changes.pop("value"), "It happened", art.text, **changes)
        story.read = [(art, replace(found, claims=(told_claim,)))]
        made.append(story)
    return together(*made)


ONE_CALL = ("call.phone", "2025-11-26")


@pytest.mark.parametrize(
    ("ours", "theirs", "same_event", "odd"),
    [
        ({"value": "4.1"}, {"value": "4", "comparator": ">"}, False, False),  # more than 4 contains 4.1
        ({"value": "1.5"}, {"value": "1.2", "comparator": ">"}, False, True),  # who means 1.5 says so
        ({"value": "3.4"}, {"value": "3.5", "comparator": "~"}, False, True),  # beyond 2 per cent
        (
            {"value": "4.1"},
            {"value": "3.4", "speaker": "vladimir-putin"},
            False,
            True,
        ),  # he contradicts himself
        ({"value": "24", **COUNT}, {"value": "20", "comparator": ">", **COUNT}, True, False),
        ({"value": "7", **COUNT}, {"value": "6", **COUNT}, True, True),
        ({"value": "7", **COUNT}, {"value": "6", **COUNT}, False, False),  # of two signings
        ({"value": "4.1"}, {"value": "3.4", **YEAR_2022}, True, False),  # of another year
        ({"value": "4.1", **NO_PERIOD}, {"value": "3.4", **NO_PERIOD}, False, False),
        ({"value": "4.1", **NO_PERIOD}, {"value": "3.4", **NO_PERIOD}, True, True),
        ({"value": "4.1", **NO_PERIOD}, {"value": "3.4"}, True, False),  # it means another year
    ],
)
def test_what_two_figures_can_both_mean_is_no_conflict(
    house: Warehouse, ours: dict[str, Any], theirs: dict[str, Any], same_event: bool, odd: bool
) -> None:
    one = happening("7", *ONE_CALL)
    other = happening("8", *ONE_CALL, article=article("president-kg-ru", "8", "call\nIt happened, 8."))
    story = figures((one, dict(ours)), (other, {"speaker": "sadyr-japarov", **theirs}))
    if same_event:
        reports = tuple(r for e in story.events for r in e.report_ids)
        story.events = [replace(story.events[0], report_ids=reports)]
    house.load(story.batch())
    assert len(rows(house, "FROM claim_conflicts")) == odd
    assert rows(house, "SELECT DISTINCT differs FROM readouts WHERE item_kind = 'claim'") == (
        [(odd and same_event,)]
    )


def test_figures_that_agree_are_said_by_both(house: Warehouse) -> None:
    one = happening("7", *ONE_CALL)
    other = happening("8", *ONE_CALL, article=article("president-kg-ru", "8", "call\nIt happened, 8."))
    story = figures((one, {"value": "4.1"}), (other, {"value": "4.12", **NO_PERIOD}))
    reports = tuple(r for e in story.events for r in e.report_ids)
    story.events = [replace(story.events[0], report_ids=reports)]
    house.load(story.batch())
    found = rows(
        house, "SELECT said_by_a, said_by_b, \"only\", differs FROM readouts WHERE item_kind = 'claim'"
    )
    assert found == [(True, True, None, False)] * 2


# ── two sides ───────────────────────────────────────────────────────────────────────────────────


def test_coverage_and_lags_say_who_spoke_first(house: Warehouse) -> None:
    house.load(visit_story().batch())
    moscow, bishkek = NOW - 4 * HOUR, NOW - 3 * HOUR
    assert rows(house, "FROM coverage WHERE event_id = 'e1' ORDER BY source_id") == [
        ("e1", "kremlin-ru", "RUS", True, 1, moscow, NOW, False),
        ("e1", "president-kg-ru", "KGZ", True, 1, bishkek, NOW, False),
    ]
    assert rows(house, "FROM lags WHERE event_id = 'e1'") == [("e1", bishkek, moscow, -60, "KGZ-RUS")]


def test_one_sided_says_whether_the_other_side_could_be_read(house: Warehouse) -> None:
    told = happening("7", "call.phone", "2025-11-26")  # Moscow alone, at 14:00
    retelling = happening("8", "call.phone", "2025-11-20", article=retold(text="call.phone\nIt happened, 8."))
    story = together(told, retelling, visit_story())
    house.load(story.batch(now=NOW + 19 * HOUR))
    assert rows(house, "FROM one_sided") == []  # within a day Bishkek may still speak
    house.load(Story().batch(polls=[poll("president-kg-ru", "ok", NOW + 19 * HOUR)], now=NOW + 21 * HOUR))
    assert rows(house, "FROM one_sided") == [("e7", "KGZ-RUS", "RUS", "KGZ", NOW - 4 * HOUR, False)]
    later = NOW + 22 * HOUR
    polls = [poll("president-kg-ru", "blocked", later), poll("kremlin-ru", "ok", later)]
    house.load(Story().batch(polls=polls, now=later))
    assert rows(house, "SELECT other_side_readable FROM one_sided") == [(False,)]
    house.load(Story().batch(polls=[poll("president-kg-ru", "not_modified", later + HOUR)], now=later + HOUR))
    assert rows(house, "SELECT other_side_readable FROM one_sided") == [(True,)]


def test_the_conservative_reading_is_what_both_primary_sides_assert(house: Warehouse) -> None:
    story = Story()
    told = []
    for key, source_id, kind, end, place, people, modality in (
        ("1", "kremlin-ru", "visit.state", "2025-11-27", "Bishkek", (PUTIN, JAPAROV), "asserted"),
        ("2", "president-kg-ru", "visit", "2025-11-26", "Bishkek", (PUTIN,), "asserted"),
        ("3", "president-kg-ru", "visit.state", "2025-11-30", "Osh", (JAPAROV,), "planned"),
        ("4", "press", "visit.state", "2025-11-30", "Osh", (JAPAROV,), "asserted"),
    ):
        text = f"Visit\nHe came, {key}."
        said = report(
            *(kind, "2025-11-25", "He came", text),
            **{"end": Date(end), "place": place, "participants": people, "modality": modality},
        )
        told.append((story.tell(article(source_id, key, text), said), said))
    story.events = [event("e1", told)]
    house.load(together(story, happening("9", "call.phone", "2025-11-20")).batch())
    assert rows(house, "SELECT * EXCLUDE (pair_id) FROM conservative") == [
        (
            *("e1", "visit", date(2025, 11, 25), date(2025, 11, 26), "Bishkek", "KGZ"),
            *(["vladimir-putin"], ["president-kg-ru"], ["kremlin-ru"]),
        )
    ]


def test_readouts_hold_the_sides_against_each_other(house: Warehouse) -> None:
    house.load(visit_story().batch())
    columns = 'item_kind, code, value, said_by_a, said_by_b, "only", quote_a, quote_b'
    found = rows(
        house,
        f"SELECT {columns} FROM readouts WHERE event_id = 'e1' AND item_kind <> 'participant' ORDER BY ALL",
    )
    assert found == [
        (
            "claim",
            "trade.turnover",
            Decimal(3_900_000_000),
            True,
            True,
            None,
            "3,9 млрд доллар",
            "4,1 млрд долларов",
        ),
        (
            "claim",
            "trade.turnover",
            Decimal(4_100_000_000),
            True,
            True,
            None,
            "3,9 млрд доллар",
            "4,1 млрд долларов",
        ),
        ("document", "agreement", None, True, False, "KGZ", "Макулдашуу", None),
        ("topic", "economy.trade", None, False, True, "RUS", None, "Товарооборот"),
    ]
    assert rows(house, "SELECT DISTINCT item_kind FROM readouts WHERE differs") == [("claim",)]
    people = rows(house, "SELECT code, \"only\" FROM readouts WHERE item_kind = 'participant' ORDER BY 1")
    assert people == [("sadyr-japarov", None), ("vladimir-putin", None)]


# ── documents as they were published ────────────────────────────────────────────────────────────


def test_an_article_has_its_civil_day_where_it_has_no_time(house: Warehouse) -> None:
    story = Story()
    story.tell(article(key="1"))
    story.tell(replace(article(key="2"), published_at=None))
    story.tell(replace(article(key="3"), published_at=None, published=Date("2025")))
    house.load(story.batch())
    found = rows(house, "SELECT published_at IS NULL, published_on FROM articles ORDER BY url")
    day = date(2025, 11, 26)
    assert found == [(False, day), (True, day), (True, None)]


def test_articles_and_revisions_keep_every_text(house: Warehouse) -> None:
    house.load(visit_story().batch())
    later = Story()
    text = VISIT_RU.replace("Визит", "Государственный визит", 1)
    later.tell(article(text=text, fetched_at=NOW + HOUR))
    house.load(later.batch())
    assert rows(
        house, "SELECT source_id, title, revisions, licence, first_seen_at FROM articles ORDER BY 1"
    ) == [
        ("kremlin-ru", "Государственный визит", 2, "CC BY 4.0", NOW),
        ("president-kg-ru", "Сапар", 1, "CC BY 4.0", NOW),
    ]
    assert rows(house, "SELECT number, text FROM revisions ORDER BY seen_at, text DESC") == [
        (1, VISIT_KG),
        (1, VISIT_RU),
        (2, text),
    ] or rows(house, "SELECT DISTINCT text FROM revisions ORDER BY 1") == sorted(
        [(VISIT_KG,), (VISIT_RU,), (text,)]
    )


# ── trends ──────────────────────────────────────────────────────────────────────────────────────


def polled(*days: str, both: bool = True) -> list[Any]:
    times = [datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) for day in days]
    ids = ("kremlin-ru", "president-kg-ru")
    return [poll(s, "ok" if both or s == "kremlin-ru" else "blocked", at) for at in times for s in ids]


def trend_story() -> Story:
    return together(
        happening("11", "call.phone", "2025-02-03", event={"mode": "phone"}),
        happening("12", "call.phone", "2025-02-20", event={"mode": "phone"}),
        happening("13", "call.phone", "2025-05-20", event={"mode": "phone"}),
        happening("14", "sanction", "2025-05-21", event={"mode": None}),
    )


def test_a_month_that_nobody_read_is_null_and_not_zero(house: Warehouse) -> None:
    polls = [
        *polled("2025-02-01", "2025-02-02", "2025-04-01", "2025-04-02", "2025-04-03"),
        *polled("2025-06-01", both=False),
    ]
    house.load(trend_story().batch(polls=polls))
    found = rows(
        house, "SELECT month, level, mode, contacts, round(observed, 3) FROM contact_month ORDER BY month"
    )
    assert found == [
        (date(2025, 2, 1), "head_of_state", "phone", 2, 0.071),  # 2 of 28 days
        (date(2025, 3, 1), "head_of_state", "phone", None, 0),
        (date(2025, 4, 1), "head_of_state", "phone", 0, 0.1),  # 3 of 30 days
        (date(2025, 5, 1), "head_of_state", "phone", 1, 0),  # nobody read, yet one is known
        (date(2025, 6, 1), "head_of_state", "phone", None, 0),  # one side alone
    ]


def test_the_climate_counts_a_visit_once_and_shows_four_counts(house: Warehouse) -> None:
    house.load(together(visit_story(), trend_story()).batch(polls=polled("2025-04-01")))
    columns = "month, events, verbal_coop, material_coop, verbal_conflict, material_conflict, mean_score"
    assert rows(
        house,
        f"SELECT {columns} FROM climate_month WHERE month IN ('2025-03-01', '2025-04-01', '2025-05-01', '2025-11-01') ORDER BY 1",
    ) == [
        (date(2025, 3, 1), None, None, None, None, None, None),
        (date(2025, 4, 1), 0, 0, 0, 0, 0, None),
        (date(2025, 5, 1), 2, 1, 0, 0, 1, -2.25),
        (date(2025, 11, 1), 1, 1, 0, 0, 0, 4.0),
    ]


def test_topics_are_counted_by_event_with_their_share(house: Warehouse) -> None:
    story = visit_story()
    art, found = story.read[1]
    story.read[1] = (
        art,
        replace(
            found,
            topics=(topic("economy.trade", "Соода", VISIT_KG, None), topic("energy", "доллар", VISIT_KG, 0)),
        ),
    )
    call = happening("3", "call.phone", "2025-11-20")
    house.load(together(story, call).batch(polls=polled("2025-11-01")))
    assert rows(
        house, "SELECT month, topic, events, share, articles_read FROM topic_month ORDER BY topic"
    ) == [
        (date(2025, 11, 1), "economy.trade", 1, 0.5, 3),
        (date(2025, 11, 1), "energy", 1, 0.5, 3),
    ]


def test_retold_events_leave_the_trends_when_a_live_source_has_loaded(house: Warehouse) -> None:
    story = visit_story()
    story.read = [(replace(a, synthetic=True, polled_as="seeds"), f) for a, f in story.read]
    house.load(story.batch())
    assert rows(house, "SELECT synthetic FROM events WHERE event_id = 'e1'") == [(True,)]
    assert rows(house, "SELECT sum(contacts) FROM contact_month") == [(1,)]
    live = Story()
    live.tell(article(key="9", text="Other\nNews."))
    house.load(live.batch())
    assert rows(house, "SELECT sum(contacts) FROM contact_month") == [(None,)]
    assert rows(house, "SELECT count(*) FROM contacts") == [(1,)]
    house.con.execute("SET VARIABLE with_retold = true")
    assert rows(house, "SELECT sum(contacts) FROM contact_month") == [(1,)]


# ── sources, file ───────────────────────────────────────────────────────────────────────────────


def test_source_health_tells_silence_from_blindness(house: Warehouse) -> None:
    ids = ("a-ok", "b-silent", "c-blocked", "d-blind", "e-changed", "f-never")
    made = config(sources=[source(i) for i in ids])
    story = Story()
    story.tell(article("a-ok"))
    story.tell(article("b-silent", published_at=NOW - 30 * DAY, fetched_at=NOW - 2 * DAY))
    blind = replace(poll("d-blind"), skipped=(Skipped("d-blind", "entry 1", "no title"),))
    polls = [
        *(poll("a-ok"), poll("b-silent", at=NOW - 2 * DAY), poll("b-silent"), blind),
        *(poll("c-blocked", "ok", NOW - DAY), poll("c-blocked", "blocked", NOW, "403 Forbidden")),
        poll("e-changed", "bad_content", NOW, "no <entry> in the feed"),
    ]
    house.load(story.batch(config=made, polls=polls))
    second = timedelta(seconds=1)
    skipped = "SELECT source_id, skipped, first_skipped FROM source_health WHERE skipped > 0"
    assert rows(house, skipped) == [("d-blind", 1, "entry 1: no title")]
    found = rows(
        house,
        "SELECT source_id, state, last_ok_at, round(days_silent, 1), last_reason FROM source_health ORDER BY 1",
    )
    assert found == [
        ("a-ok", "ok", NOW + second, 0, ""),
        ("b-silent", "silent", NOW + second, 2, ""),
        ("c-blocked", "blocked", NOW - DAY + second, None, "403 Forbidden"),
        ("d-blind", "blind", NOW + second, None, ""),
        ("e-changed", "changed", None, None, "no <entry> in the feed"),
        ("f-never", "never", None, None, None),
    ]


def test_chronology_puts_parts_after_their_visit(house: Warehouse) -> None:
    house.load(together(visit_story(), happening("3", "call.phone", "2025-11-20")).batch())
    found = rows(house, "SELECT start_date, kind FROM chronology('KGZ-RUS', '2025-11-21', NULL)")
    assert found == [(date(2025, 11, 25), "visit.state"), (date(2025, 11, 26), "talks")]
    assert rows(house, "FROM contacts_by('KGZ-RUS', 'year')") == [
        (date(2025, 1, 1), "head_of_state", "in_person", 2)
    ]
