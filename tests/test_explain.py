"""What `rules explain`, `rules check` and `rules silent` say: marks, the fate of every trigger, unknown verbs."""

import json
import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from homes import program
from reading import article

from bilateral.detect import load_packs
from bilateral.detect.explain import FATES, Explanation, explain
from bilateral.detect.index import Index
from bilateral.detect.packs import LANGS, Rule
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.proofs import Proof, failure
from bilateral.detect.silent import Known, silent
from flows.rules import STYLES, inert, marked, quoted

PACKS = load_packs()
ROOT = Path(__file__).parents[1]
TALKS = "On November 26, Vladimir Putin held talks with President of Kyrgyzstan Sadyr Japarov in Bishkek."


def told(text: str, *, title: str = "", side: str | None = "RUS") -> Explanation:
    return explain(article(text, "en", title=title, side=side), PACKS)


def fates(explanation: Explanation) -> list[tuple[str, str]]:
    return [(c.kind, c.fate) for c in explanation.candidates]


def discarded(explanation: Explanation, kind: str) -> list[str]:
    return [c.says for c in explanation.candidates if (c.kind, c.fate) == (kind, "discarded")]


def test_names_dates_and_cues_are_marked_in_their_place() -> None:
    found = told(TALKS + " Sadyr Japarov will visit Moscow tomorrow.")
    text = found.article.text
    marks = [(m.kind, text[slice(*m.span)], m.says) for m in found.marks]
    assert ("date", "November 26", "2025-11-26 (stated)") in marks
    assert ("actor", "Vladimir Putin", "vladimir-putin, RUS, president") in marks
    assert ("actor", "President of Kyrgyzstan Sadyr Japarov", "sadyr-japarov, KGZ, president") in marks
    assert ("name", "Bishkek", "city Bishkek") in marks
    assert ("cue", "will", "planned") in marks
    assert ("date", "tomorrow", "2025-11-27 (relative)") in marks
    assert [m.span for m in found.marks] == sorted(m.span for m in found.marks)
    assert found.sides == ("KGZ", "RUS")


def test_figures_are_marked() -> None:
    found = told("Trade between Russia and Kyrgyzstan reached $4.1 billion in 2024.", side=None)
    assert [m.says.split()[0] for m in found.marks if m.kind == "figure"] == ["trade.turnover"]


def test_one_happening_is_reported_once_and_told_again() -> None:
    again = "Vladimir Putin held talks with President of Kyrgyzstan Sadyr Japarov."
    found = told(f"{TALKS} {again}")
    assert [r.kind for r in found.extraction.reports] == ["talks"]
    talks = [fate for kind, fate in fates(found) if kind == "talks"]
    assert talks.count("reported") == 1
    assert set(talks) - {"discarded"} == {"reported", "told again"}


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (
            "Vladimir Putin had a telephone conversation with the crew of the icebreaker.",
            "call.phone",
            "only RUS acts in the sentence: no second state",
        ),
        ("A telephone conversation took place.", "call.phone", "no two states act in the sentence"),
        (
            "Vladimir Putin signed a memorandum on schools.",
            "signing",
            "the rule asks for both states in the sentence; it has RUS",
        ),
        ("Vladimir Putin arrived in Kazan on a working visit.", "visit.working", "no place abroad is named"),
    ],
)
def test_a_trigger_that_came_to_nothing_says_why(text: str, kind: str, reason: str) -> None:
    found = told(text)
    assert found.extraction.reports == ()
    assert any(said.startswith(reason) for said in discarded(found, kind)), fates(found)


def test_the_exception_that_held_is_named() -> None:
    text = "Telephone conversation with President of France Emmanuel Macron"
    reasons = discarded(told("", title=text), "meeting")
    assert [r for r in reasons if r.startswith("unless: ")] != []


def test_a_rule_for_titles_says_so_in_the_text() -> None:
    found = told("He spoke. Telephone conversation with President of France Emmanuel Macron.", title="News")
    assert "the rule counts in the title alone" in discarded(found, "meeting")


def test_a_hypothetical_clause_is_named_by_its_word() -> None:
    found = told("Vladimir Putin could have held talks with President of Kyrgyzstan Sadyr Japarov.")
    said = {c.says for c in found.candidates if c.fate == "hypothetical"}
    assert said == {"“could have”: no event"}
    assert "reported" not in {c.fate for c in found.candidates}


def test_every_report_has_its_candidate() -> None:
    found = told(TALKS + "\nA joint statement was adopted. Vladimir Putin invited him to visit Moscow.")
    shown = {(c.span, c.rule) for c in found.candidates if c.fate == "reported"}
    assert {(r.span, r.rule) for r in found.extraction.reports} <= shown


def test_a_text_without_letters_has_nothing_to_explain() -> None:
    assert told(" \n ").candidates == ()


def groups(*texts: str) -> dict[str, int]:
    found = silent([article(text, "en", side=None) for text in texts], PACKS)
    return {group.word: len(group.sentences) for group in found}


def test_silent_sentences_are_grouped_by_the_unknown_verb() -> None:
    found = groups(
        "Russia bewildered Kyrgyzstan. It rained all week in the mountains.",
        "Kyrgyzstan bewildered Kazakhstan.",
        "France dumbfounded Serbia.",
        TALKS,
    )
    assert list(found.items())[:2] == [("bewildered", 2), ("dumbfounded", 1)]
    assert not {"rained", "talks", "held"} & found.keys()


def test_a_sentence_of_one_state_is_not_silent() -> None:
    assert groups("Russia bewildered the neighbours.") == {}


def test_words_of_rules_and_stems_are_known() -> None:
    known = Known("ru")
    assert "переговоры" in known and "приглашение" in known
    assert "ошеломил" not in known


ESCAPE = "a\x1b[31mb\u202ec\x00d"


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    assert inert(ESCAPE) == "a[31mbcd"
    line = marked(ESCAPE, (0, len(ESCAPE)), [((0, 3), "red")])
    assert line.plain == "a[31mbcd"
    assert quoted(ESCAPE, (0, len(ESCAPE))) == "a[31mbcd"


def test_long_quotations_keep_both_ends() -> None:
    shown = quoted("begin " + "x" * 200 + " end", (0, 210))
    assert len(shown) <= 61 and shown.startswith("begin") and shown.endswith("end")


def document(folder: Path, text: str) -> Path:
    file = folder / "talks.md"
    file.write_text(f'---\nlang: en\npublished: "2025-11-26"\ntitle: News\n---\n{text}\n', "utf-8")
    return file


def test_explain_prints_marks_fates_and_facts(tmp_path: Path) -> None:
    file = document(tmp_path, f"{TALKS}\n\nThe crew had a \x1b[31mday off.")
    done = program("rules", "explain", file, "--source", "kremlin-en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.split()[:3] == ["actor", "Vladimir", "Putin"] for line in lines)
    assert any(line.split()[:1] == ["discarded"] and "title alone" in line for line in lines)
    assert any(line.split()[:3] == ["talks", "asserted", "KGZ,"] for line in lines)
    assert "\x1b" not in done.stdout


def test_explain_fails_in_one_line_where_there_is_no_document(tmp_path: Path) -> None:
    done = program("rules", "explain", tmp_path / "none.md", cwd=tmp_path)
    assert done.returncode == 1
    assert "no such file" in done.stderr and "Traceback" not in done.stderr


def test_silent_prints_the_commonest_verb_first(tmp_path: Path) -> None:
    texts = [
        "Russia bewildered Kyrgyzstan.",
        "Kyrgyzstan bewildered Kazakhstan.",
        "France dumbfounded Serbia.",
    ]
    rows = [
        {"doc_id": str(n), "lang": "en", "published": "2025-11-26", "title": "News", "text": text}
        for n, text in enumerate(texts)
    ]
    file = tmp_path / "documents.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = program("rules", "silent", file, "--examples", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = [line.split()[:2] for line in done.stdout.splitlines()[1:]]
    assert words[:2] == [["bewildered", "2"], ["dumbfounded", "1"]]


def test_silent_refuses_a_language_that_there_is_not(tmp_path: Path) -> None:
    done = program("rules", "silent", tmp_path / "x.jsonl", "--lang", "kz", cwd=tmp_path)
    assert done.returncode == 2
    assert "'kz' is none of ru, ky, en, fr" in done.stderr


def test_check_is_silent_of_mistakes(tmp_path: Path) -> None:
    done = program("rules", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout


DOCUMENT = (ROOT / "docs" / "detection.md").read_text("utf-8")


def first_column(head: str) -> set[str]:
    """The names in the first column of the table that has that head."""
    table = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", DOCUMENT, re.M)
    assert table, head
    return {name for line in table[1].splitlines() for name in re.findall(r"`(\w+)`", line.split(" | ")[0])}


def test_the_document_explains_every_key_of_a_rule() -> None:
    assert first_column("key \\| means") == {field.name for field in fields(Rule)}


def test_the_document_explains_every_cue() -> None:
    named = {cue for lang in LANGS for cue in read_toml(f"lang/{lang}/cues.toml")["cue"]}
    assert first_column("cue") == named


def test_the_document_explains_every_fate_and_mark() -> None:
    table = DOCUMENT.partition("| it says |")[2].partition("\n\n")[0]
    assert [fate for fate in (*FATES, *STYLES) if f"`{fate}`" not in table] == []


def test_the_rule_that_the_document_shows_keeps_its_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    block = re.search(r"^```toml\n(\[\[rule\]\].*?)^```", DOCUMENT, re.M | re.S)
    assert block
    (row,) = tomllib.loads(block[1])["rule"]
    pack = PACKS.langs["en"]
    shown = Rule(
        row["id"],
        row["kind"],
        compile_pattern(row["pattern"]),
        finds=tuple(row["finds"]),
        passes_over=tuple(row["passes_over"]),
    )
    packs = replace(PACKS, langs={**PACKS.langs, "en": replace(pack, rules=Index([(shown.pattern, shown)]))})
    for kind in ("finds", "passes_over"):
        for sentence in row[kind]:
            assert failure(Proof("en", shown, sentence, kind == "finds"), packs) is None


def test_the_sentence_whose_way_the_document_tells_is_read_so() -> None:
    sentence = re.search(r"^> (.*)$", DOCUMENT, re.M)
    assert sentence
    (report,) = explain(
        article(sentence[1], "en", side="RUS", published="2025-11-24"), PACKS
    ).extraction.reports
    said = f"{report.kind} {report.modality} {'-'.join(report.states)} {report.start.iso if report.start else ''}"
    assert f"    {said}, {report.place}, {report.participants[0].name}\n" in DOCUMENT
