"""The detector on any text at all: spans lie in it, the answer is always the same, and long texts cost what they should."""

import itertools
import json
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import article

from bilateral.detect import detect, load_packs
from bilateral.detect.explain import explain
from bilateral.detect.lexicon import spellings
from bilateral.detect.packs import LANGS, rules
from bilateral.detect.text import around, clauses, normalise, sentences
from bilateral.model import Article, Date, Extraction, Lang, Span
from flows.predictions import prediction

PACKS = load_packs()
ROOT = Path(__file__).parents[1]
HANG = 60.0  # seconds after which a text that should take one is held to hang
SIDES = st.sampled_from([None, "RUS", "KGZ"])
DAYS = st.sampled_from([None, "2025-11-26", "2025-11", "2025"])
# Everything that Python calls text, lone surrogates and NUL too.
ANY_TEXT = st.text(st.characters(), max_size=300)


def words(lang: Lang) -> list[str]:
    """The words of the proofs and of the names of one language."""
    proofs = " ".join(s for rule in rules(lang) for s in (*rule.finds, *rule.passes_over))
    names = [source for source, _ in PACKS.langs[lang].lexicon.entries[::23]]
    written = [spellings(source)[-1].replace("*", "") for source in names]
    return sorted({*re.findall(r"\S+", proofs), *written})


WORDS = {lang: words(lang) for lang in LANGS}
SENTENCES = {lang: [s for rule in rules(lang) for s in (*rule.finds, *rule.passes_over)] for lang in LANGS}
GLUE = [" ", " ", " ", " ", ", ", ". ", "\n", " — ", ": ", "; ", "-", " (", ") ", " «", "» ", "\u00a0", "\t"]
NUMBERS = [
    "4,1",
    "13.6",
    "2025",
    "26 ",
    "1 800",
    "97 %",
    "$",
    "№",
    "0",
    "31.12.2025",
    "25–27",
    "99999999999999999999",
]


def vocabulary(lang: Lang) -> st.SearchStrategy[str]:
    """Real words, whole sentences and numbers in any order, glued by whatever stands between words."""
    piece = st.one_of(
        st.sampled_from(WORDS[lang]), st.sampled_from(SENTENCES[lang]), st.sampled_from(NUMBERS), ANY_TEXT
    )
    pairs = st.lists(st.tuples(piece, st.sampled_from(GLUE)), max_size=40)
    return pairs.map(lambda found: "".join(part for pair in found for part in pair))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article of any text, as a page of any side, with or without a title and a date."""
    lang = draw(st.sampled_from(LANGS))
    text = draw(st.one_of(ANY_TEXT, vocabulary(lang), vocabulary(lang)))
    title = draw(st.one_of(st.just(""), st.sampled_from(SENTENCES[lang]), vocabulary(lang)))
    return article(text, lang, title=title.replace("\n", " "), side=draw(SIDES), published=draw(DAYS))


def spans(found: Extraction) -> Iterator[Span]:
    for part in (found.reports, found.documents, found.claims, found.topics):
        yield from (one.span for one in part)


def quotes(one: Article, found: Extraction) -> list[str]:
    """What is printed as quoted from the text."""
    row = prediction("1", None, one, found)
    return [fact["quote"] for part in ("events", "agreements", "claims") for fact in row[part]]


MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(articles())
def test_every_quotation_stands_in_the_text_at_its_span(one: Article) -> None:
    found = detect(one, PACKS)
    for start, end in spans(found):
        assert 0 <= start < end <= len(one.text)
        assert one.text[start:end].strip() != ""
    facts = [*found.reports, *found.documents, *found.claims]
    assert quotes(one, found) == [one.text[slice(*fact.span)] for fact in facts]


@MANY
@given(articles())
def test_the_same_text_is_read_the_same_way(one: Article) -> None:
    assert detect(one, PACKS) == detect(one, PACKS)


@MANY
@given(articles())
def test_facts_are_sound(one: Article) -> None:
    found = detect(one, PACKS)
    for report in found.reports:
        assert report.kind in PACKS.kinds
        assert list(report.states) == sorted(set(report.states)) and len(report.states) >= 2
        assert report.end is None or (report.start is not None and report.start.first <= report.end.last)
        assert 0 < report.confidence <= 1
        for person in report.participants:
            known = person.actor_id in PACKS.persons
            assert known or person.name in one.text
    for topic in found.topics:
        assert topic.report is None or topic.report < len(found.reports)


@settings(MANY, max_examples=100)
@given(articles())
def test_every_text_can_be_explained(one: Article) -> None:
    told = explain(one, PACKS)
    places = [m.span for m in told.marks] + [c.span for c in told.candidates]
    assert all(0 <= start < end <= len(one.text) for start, end in places)
    assert told.extraction == detect(one, PACKS)


@MANY
@given(ANY_TEXT)
def test_normalising_keeps_every_character_in_its_place(text: str) -> None:
    low = normalise(text)
    assert len(low) == len(text)
    assert normalise(low) == low


@MANY
@given(st.one_of(ANY_TEXT, vocabulary("en"), vocabulary("ru")))
def test_sentences_and_clauses_cover_the_text_in_order(text: str) -> None:
    found = sentences(text)
    covered = "".join(text[start:end] for start, end in found)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    for span in found:
        parts = clauses(normalise(text), span)
        assert (parts[0][0], parts[-1][1]) == span
        assert all(start <= end for start, end in parts)


@given(st.lists(st.integers(0, 1000), min_size=1, unique=True).map(sorted), st.integers(0, 1100))
def test_around_is_the_last_span_that_begins_before(starts: list[int], position: int) -> None:
    found = [(start, start + 1) for start in starts]
    before = [span for span in found if span[0] <= position]
    assert around(found, position) == (before[-1] if before else found[0])


TALKS = "Vladimir Putin held talks with President of Kyrgyzstan Sadyr Japarov on November 26, 2025. "
HOSTILE = {
    "lone surrogates": "\ud800\udfff\ud83d " + TALKS + "\udc00",
    "NUL": "\x00" + TALKS.replace(" ", "\x00 ") + "\x00",
    "one very long word": "a" * 300_000,
    "one very long Cyrillic word": "переговоры" * 30_000,
    "brackets": "(" * 5000 + TALKS + ")" * 5000,
    "square brackets": "[" * 5000 + "]" * 5000,
    "quotes": "«" * 5000 + TALKS + "»" * 5000,
    "nothing but digits": "1234567890" * 10_000,
    "digits and stops": "1.234.567,89 " * 5000,
    "dates": "26 November 2025, " * 5000,
    "full stops": "." * 100_000,
    "line feeds": "\n" * 100_000,
    "spaces": " " * 100_000 + TALKS,
    "hyphens": "Russian-" * 10_000 + "Kyrgyz talks",
    "names only": "Vladimir Putin " * 5000,
    "ands": "Russia and " * 5000,
    "one sentence without an end": TALKS.replace(".", ",") * 500,
    "letters that grow when lowered": "İİİ " * 1000 + TALKS,
    "joined marks": "e\u0301" * 5000 + TALKS,
    "right to left": "\u202e\u200f" + TALKS,
    "impossible dates": "On 31 February 2025 and 99 May 0000 and 2025-13-45 they met. " + TALKS,
    "huge numbers": "Trade between Russia and Kyrgyzstan reached $" + "9" * 5000 + " billion.",
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_raises_or_hangs(text: str, lang: Lang) -> None:
    found: list[Extraction] = []
    reader = threading.Thread(target=lambda: found.append(detect(article(text, lang), PACKS)), daemon=True)
    reader.start()
    reader.join(HANG)
    assert len(found) == 1, "it hangs" if reader.is_alive() else "it raised"
    assert all(0 <= start < end <= len(text) for start, end in spans(found[0]))


def test_what_surrounds_a_sentence_does_not_silence_it() -> None:
    for name in ("lone surrogates", "brackets", "quotes", "spaces", "right to left", "impossible dates"):
        assert {r.kind for r in detect(article(HOSTILE[name], "en"), PACKS).reports} == {"talks"}, name


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0"])
def test_a_text_without_letters_says_nothing(text: str) -> None:
    assert detect(article(text, "ru"), PACKS) == Extraction()


def operations(one: Article) -> int:
    """How many steps Python takes to read *one*: the same on every machine."""
    count = 0

    def step(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        detect(one, PACKS)
    finally:
        sys.settrace(before)
    return count


def mixture(lang: Lang, size: int) -> str:
    """Sentences of the proofs in an order that is always the same, a few to a paragraph."""
    order = random.Random(7)
    text = ""
    while len(text) < size:
        text += order.choice(SENTENCES[lang]) + (" " if order.random() < 0.7 else "\n")
    return text


GROWING = {
    "sentences": lambda size: mixture("en", size),
    "sentences, Russian": lambda size: mixture("ru", size),
    "one paragraph": lambda size: mixture("ru", size).replace("\n", " "),
    "one sentence": lambda size: mixture("en", size).replace(".", ",").replace("\n", " "),
    "figures": lambda size: "Trade grew by 13.6 percent to $4.1 billion in 2024, he noted. " * (size // 62),
    "names": lambda size: "President of Russia Vladimir Putin, Russia and Kyrgyzstan. " * (size // 59),
    "dates": lambda size: "On November 25 and yesterday, in 2024, on Monday. " * (size // 50),
}


def test_one_who_hosts_two_meets_both() -> None:
    text = "President of Russia Vladimir Putin hosted President of Azerbaijan Ilham Aliyev and Prime Minister of Armenia Nikol Pashinyan in Sochi."
    assert ("ARM", "AZE", "RUS") in {r.states for r in detect(article(text, "en"), PACKS).reports}


def test_a_bare_president_who_comes_to_the_publisher_is_the_guest() -> None:
    text = (
        "Vladimir Putin met with President of Mongolia Ukhnaagiin Khurelsukh. "
        "The President is making a state visit to the Russian Federation."
    )
    found = detect(article(text, "en", side="RUS"), PACKS).reports
    visit = next(r for r in found if r.kind == "visit.state")
    assert (visit.host_iso3, [p.name for p in visit.participants]) == ("RUS", ["Ukhnaagiin Khurelsukh"])


def test_what_is_planned_for_a_visit_has_its_days() -> None:
    text = "President of France Emmanuel Macron will visit Kazakhstan on 24-25 October 2026. He will hold talks with President Kassym-Jomart Tokayev."
    found = {r.kind: (r.start, r.end, r.date_basis) for r in detect(article(text, "en"), PACKS).reports}
    assert found["talks"] == (Date("2026-10-24"), Date("2026-10-25"), "context")


def test_last_friday_is_a_day() -> None:
    text = (
        "В прошлую пятницу Владимир Путин провёл переговоры с Президентом Казахстана Касым-Жомартом Токаевым."
    )
    (report,) = detect(article(text, "ru"), PACKS).reports
    assert (report.start, report.date_basis) == (Date("2025-11-21"), "weekday")


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_text_is_at_most_thrice_the_work(name: str) -> None:
    lang: Lang = "ru" if "Russian" in name or name == "one paragraph" else "en"
    title = "Russian-Kyrgyz talks" if lang == "en" else "Российско-киргизские переговоры"
    one, two = (article(GROWING[name](size), lang, title=title, side="RUS") for size in (5000, 10_000))
    detect(two, PACKS)  # what is made once is made
    assert operations(two) < 3 * operations(one)


def test_another_process_reads_the_seeds_to_the_same_bytes() -> None:
    """The order of sets differs from process to process; what is found must not."""
    code = (
        "import sys, json; from pathlib import Path; sys.path.insert(0, 'tests')\n"
        "from reading import article; from bilateral.detect import detect, load_packs\n"
        "packs = load_packs()\n"
        "for file in sorted(Path('seeds').glob('2*.md')):\n"
        "    _, matter, body = file.read_text('utf-8').split('---', 2)\n"
        "    lang = matter.partition('lang: ')[2][:2]\n"
        "    print(repr(detect(article(body, lang), packs)))\n"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=HANG,
        )
        for seed in ("0", "1")
    ]
    assert [a.returncode for a in answers] == [0, 0], answers[0].stderr
    assert answers[0].stdout == answers[1].stdout
    assert answers[0].stdout.count(b"Report(") > 10


def test_predictions_can_be_written_as_json() -> None:
    one = article(TALKS, "en", title="Talks")
    row = prediction("1", None, one, detect(one, PACKS))
    assert json.loads(json.dumps(row, ensure_ascii=False)) == row
