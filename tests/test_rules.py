"""Every rule finds its sentences, and passes over its near misses; the lists of words are sound."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bilateral.detect import load_packs, offices, proofs
from bilateral.detect.packs import LANGS, Rule, rules
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.proofs import Proof
from bilateral.model import Lang

PACKS = load_packs()


def sentences() -> Iterator[Any]:
    for lang in LANGS:
        for number, proof in enumerate(proofs.proofs(lang)):
            yield pytest.param(proof, id=f"{proof.rule.id}-{'finds' if proof.finds else 'passes'}-{number}")


@pytest.mark.parametrize("proof", list(sentences()))
def test_the_sentence_is_read_as_its_rule_says(proof: Proof) -> None:
    assert proofs.failure(proof, PACKS) is None


@pytest.mark.parametrize("lang", LANGS)
def test_rules_and_lists_are_sound(lang: Lang) -> None:
    assert list(proofs.formal(lang, PACKS)) == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_latin_letter_in_a_cyrillic_word(lang: Lang) -> None:
    assert list(proofs.mixed(lang, PACKS)) == []


CALL = next(r for r in rules("en") if r.id == "call.phone.en.had")
SAID = "Vladimir Putin had a telephone conversation with President of Kyrgyzstan Sadyr Japarov."
NOTHING = "Vladimir Putin visited a school."


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (Proof("en", CALL, NOTHING, True), f"call.phone.en.had: finds nothing, no call.phone, in: {NOTHING}"),
        (
            Proof("en", CALL, SAID, False),
            f"call.phone.en.had: finds call.phone (call.phone.en.had) in: {SAID}",
        ),
        (Proof("en", CALL, SAID, True), None),
        (Proof("en", CALL, NOTHING, False), None),
    ],
)
def test_a_wrong_sentence_is_said(proof: Proof, said: str | None) -> None:
    assert proofs.failure(proof, PACKS) == said


WRONG: list[tuple[str, Callable[[Rule], list[Rule]]]] = [
    ("needs sentences in both", lambda r: [replace(r, passes_over=())]),
    ("is no kind of", lambda r: [replace(r, kind="call.pigeon")]),
    ("matches none of its own finds", lambda r: [replace(r, pattern=compile_pattern("sent a pigeon"))]),
    ("2 rules have this id", lambda r: [r, replace(r, kind="call.video")]),
    ("2 rules have the pattern", lambda r: [r, replace(r, id="call.phone.en.again")]),
]


@pytest.mark.parametrize(("said", "made"), WRONG, ids=[w[0] for w in WRONG])
def test_a_mistake_of_a_rule_is_said_once(
    said: str, made: Callable[[Rule], list[Rule]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "rules", lambda lang: made(CALL))
    assert sum(said in line for line in proofs.formal("en", PACKS)) == 1


LISTED: list[tuple[str, str, dict[str, Any]]] = [
    ("stands there twice", "cues", {"cue": {"planned": ["will", "will"]}}),
    ("a bracket is not closed", "cues", {"cue": {"planned": ["(will"]}}),
    ("no list {shall}", "cues", {"cue": {"planned": ["{shall} go"]}}),
    ("no pattern names the list {unread}", "lists", {"lists": {"unread": ["word"]}}),
    ("Latin letters in a Cyrillic word: пaра", "lists", {"lists": {"пара": ["пaра", "{пара}"]}}),
]


@pytest.mark.parametrize(("said", "file", "content"), LISTED, ids=[w[0] for w in LISTED])
def test_a_mistake_of_a_list_is_said_once(
    said: str, file: str, content: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = proofs.read_toml
    replaced = f"lang/ru/{file}.toml"
    monkeypatch.setattr(
        proofs, "read_toml", lambda path: {**real(path), **content} if path == replaced else real(path)
    )
    lines = [*proofs.formal("ru", PACKS), *proofs.mixed("ru", PACKS)]
    assert sum(said in line for line in lines) == 1


@pytest.mark.parametrize(
    "pattern", ["signed the? agreement", "signed (the|an)? agreement", "signed (the )?agreement"]
)
def test_what_is_optional_takes_its_space_along(pattern: str) -> None:
    found = compile_pattern(pattern).compiled
    assert found.search("signed agreement") and found.search("signed the agreement")
    assert not found.search("signedagreement") and not found.search("signed theagreement")


def test_offices_without_an_end_go_stale_by_the_day_they_were_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = {"name": "A", "offices": [{"office": "president"}, {"office": "prime_minister", "until": "2020"}]}
    again = {"name": "B", "checked": "2026-06-01", "offices": [{"office": "president"}]}
    content = {"checked": "2026-01-01", "source": "its site", "person": [held, again]}
    monkeypatch.setattr(offices, "read", lambda path: content)
    monkeypatch.setattr(offices, "paths", lambda: ["world/persons.toml"])
    assert offices.stale(date(2026, 7, 1)) == []
    late = offices.stale(date(2026, 7, 4))
    assert [(one.person, one.office) for one in late] == [("A", "president")]
    assert [one.person for one in offices.stale(date(2027, 1, 1))] == ["A", "B"]


def test_a_file_of_persons_says_when_it_was_looked_at_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(offices.undated()) == []
    monkeypatch.setattr(offices, "read", lambda path: {"checked": "2026-01-01"})
    assert "packs/world/persons.toml: no source:" in next(offices.undated())
