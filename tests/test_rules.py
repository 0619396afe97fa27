"""Every rule finds its sentences, and passes over its near misses."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from reading import SIDE, article

from bilateral.detect import Packs, detect, load_packs
from bilateral.detect.packs import LANGS, Rule, rules
from bilateral.model import Lang, Report

PACKS = load_packs()
MIXED = re.compile(r"[a-z][а-яёөүң]|[а-яёөүң][a-z]", re.I)


def proofs(kind: str) -> Iterator[object]:
    for lang in LANGS:
        for rule in rules(lang):
            for number, sentence in enumerate(getattr(rule, kind)):
                yield pytest.param(lang, rule, sentence, id=f"{rule.id}-{number}")


def reports(rule: Rule, lang: Lang, sentence: str, packs: Packs) -> list[Report]:
    """Read the sentence as the text of a page, or as its title where the rule reads titles alone."""
    titled = article("", lang, title=sentence, side=SIDE[lang])
    page = titled if rule.title else article(sentence, lang, side=SIDE[lang])
    return [r for r in detect(page, packs).reports if r.modality != "hypothetical"]


@pytest.mark.parametrize(("lang", "rule", "sentence"), proofs("finds"))
def test_finds(lang: Lang, rule: Rule, sentence: str) -> None:
    kinds = {r.kind for r in reports(rule, lang, sentence, PACKS)}
    assert rule.kind in kinds


@pytest.mark.parametrize(("lang", "rule", "sentence"), proofs("passes_over"))
def test_passes_over(lang: Lang, rule: Rule, sentence: str) -> None:
    root = rule.kind.split(".")[0]
    assert [r.kind for r in reports(rule, lang, sentence, PACKS) if r.kind.split(".")[0] == root] == []


def test_every_rule_is_proved() -> None:
    unproved = [r.id for lang in LANGS for r in rules(lang) if not (r.finds and r.passes_over)]
    assert unproved == []


def test_ids_and_patterns_are_single() -> None:
    for lang in LANGS:
        assert [i for i, n in Counter(r.id for r in rules(lang)).items() if n > 1] == []
        assert [p for p, n in Counter((r.pattern.source, r.kind) for r in rules(lang)).items() if n > 1] == []


def test_kinds_are_codes() -> None:
    assert {r.kind for lang in LANGS for r in rules(lang)} <= set(PACKS.kinds)


def test_no_latin_letter_in_a_cyrillic_word() -> None:
    for lang in ("ru", "ky"):
        written = [r.pattern.source for r in rules(lang)] + [
            s for r in rules(lang) for s in (*r.finds, *r.passes_over)
        ]
        assert [w for w in written if MIXED.search(re.sub(r"\{\w+\}", "", w))] == []
