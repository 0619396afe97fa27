"""The vocabulary: every code and every number of the project's tables is there, and each list is sound."""

import csv
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from conftest import SHARED, needs_shared

LANGS = {"en", "ru", "ky", "fr"}
# file, table, source of the project's tables, its column of codes, its columns of numbers and of plain codes
TABLES = [
    ("kinds", "kind", "event_kinds.tsv", "kind", ["quad", "score"], ["plover_event", "plover_mode", "cameo"]),
    ("agreement_types", "agreement_type", "agreement_type.tsv", "code", [], ["binding"]),
    ("topics", "topic", "topic.tsv", "code", [], ["plover_context"]),
    ("metrics", "metric", "metric.tsv", "code", ["tolerance"], ["unit"]),
    ("roles", "role", "role.tsv", "code", [], []),
    ("units", "unit", "unit.tsv", "code", ["to_base"], ["base_unit"]),
    ("units", "number", "number_word.tsv", "word", ["value"], ["comparator"]),
    ("orgs", "org", "org.tsv", "code", [], ["kind", "wikidata"]),
]


def vocabulary(name: str) -> dict[str, Any]:
    return tomllib.loads((files("bilateral") / "packs" / "vocabulary" / f"{name}.toml").read_text("utf-8"))


def shared(name: str) -> Iterator[dict[str, str]]:
    with (SHARED / "vocabulary" / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@needs_shared
@pytest.mark.parametrize(("file", "table", "source", "key", "numbers", "codes"), TABLES)
def test_codes_and_numbers_are_those_of_the_tables(
    file: str, table: str, source: str, key: str, numbers: list[str], codes: list[str]
) -> None:
    expected = {row[key]: row for row in shared(source)}
    got = {row["code" if "code" in row else key]: row for row in vocabulary(file)[table]}
    assert list(got) == list(expected)
    for code, row in got.items():
        assert [str(row.get(c, "")) for c in codes] == [expected[code][c] for c in codes], code
        for column in numbers:
            told = expected[code][column]
            assert row.get(column) is None if not told else Decimal(str(row[column])) == Decimal(told), code


@needs_shared
def test_contact_and_hostile_are_those_of_the_table() -> None:
    expected = [(r["kind"], r["contact"] == "1", r["hostile"] == "1") for r in shared("event_kinds.tsv")]
    assert [(r["code"], r["contact"], r["hostile"]) for r in vocabulary("kinds")["kind"]] == expected


@needs_shared
def test_closed_lists_are_those_of_the_table() -> None:
    expected: dict[str, list[str]] = {}
    for row in shared("codes.tsv"):
        expected.setdefault(row["list"], []).append(row["code"])
    got = {name: list(codes) for name, codes in vocabulary("codes").items() if name != "cue"}
    assert got == expected


@pytest.mark.parametrize(("file", "table"), [t[:2] for t in TABLES])
def test_words_are_lists_without_doubles_or_foreign_letters(file: str, table: str) -> None:
    for row in vocabulary(file)[table]:
        for lang in LANGS & set(row):
            words = row[lang]
            assert words and len(words) == len(set(words)), row
            assert not any(";" in word or word != word.strip() for word in words), row


def test_every_kind_has_words_in_four_languages_and_a_sentence_of_definition() -> None:
    for row in vocabulary("kinds")["kind"]:
        assert set(row) >= LANGS, row["code"]
        assert row["definition"].endswith("."), row["code"]


def test_units_and_metrics_point_at_units_that_exist() -> None:
    units = {row["code"] for row in vocabulary("units")["unit"]}
    assert {row["base_unit"] for row in vocabulary("units")["unit"]} <= units
    assert {row["unit"] for row in vocabulary("metrics")["metric"]} <= units | {"any"}


def test_only_hostile_kinds_are_conflicts() -> None:
    for row in vocabulary("kinds")["kind"]:
        if row["hostile"]:
            assert row["quad"] in (3, 4) and row["score"] < 0 and not row["contact"], row["code"]
