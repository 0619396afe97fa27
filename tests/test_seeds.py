"""The demonstration documents: complete front matter, both sides, four languages, their own words."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import frontmatter
import pytest
from conftest import SHARED, needs_shared

FOLDER = Path(__file__).parents[1] / "seeds"
SEEDS = sorted(p for p in FOLDER.iterdir() if not p.name.startswith("README"))
LANGS = {
    "kremlin-ru": "ru",
    "kremlin-en": "en",
    "president-kg-ru": "ru",
    "president-kg-ky": "ky",
    "president-kg-en": "en",
    "news-agency": "fr",
}
CLOCKS = {"kremlin": timedelta(hours=3), "president": timedelta(hours=6), "news": timedelta(0)}
FIGURES_OF_THE_FACTS = set("1 2 3 13 6 17 24 25 26 27 97 800 1800 2017 2024 2025 4".split())

each_seed = pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)


def words(text: str) -> list[str]:
    """Letters and digits, without case."""
    return re.findall(r"\w+", text.casefold())


def runs_of(length: int, text: str) -> set[tuple[str, ...]]:
    """All *length* consecutive words of *text*."""
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


@each_seed
def test_front_matter(path: Path) -> None:
    post = frontmatter.load(str(path))
    assert set(post.metadata) == {"title", "source", "lang", "published", "synthetic"}
    assert post["synthetic"] is True
    assert post["lang"] == LANGS[post["source"]]
    assert post["title"] not in post.content, "the title stands in front matter only"


@each_seed
def test_published_has_the_clock_of_its_source(path: Path) -> None:
    post = frontmatter.load(str(path))
    published = datetime.fromisoformat(post["published"])
    assert published.utcoffset() == CLOCKS[post["source"].split("-")[0]]
    assert path.name.startswith(published.date().isoformat())


@each_seed
def test_length(path: Path) -> None:
    assert 80 <= len(words(frontmatter.load(str(path)).content)) <= 250


@each_seed
def test_no_figure_but_those_of_the_facts(path: Path) -> None:
    digits = set(re.findall(r"\d+", frontmatter.load(str(path)).content))
    assert digits <= FIGURES_OF_THE_FACTS


@each_seed
def test_no_letter_of_another_script_inside_a_word(path: Path) -> None:
    mixed = r"[a-z][а-яёңөү]|[а-яёңөү][a-z]"
    assert not re.findall(mixed, path.read_text("utf-8").casefold())


def test_languages_sides_and_the_agency_are_all_there() -> None:
    assert {frontmatter.load(str(path))["source"] for path in SEEDS} == set(LANGS)


def test_each_side_tells_its_own_figures() -> None:
    told = {path: frontmatter.load(str(path)) for path in SEEDS if "talks" in path.name}
    for post in told.values():
        after_the_kremlin = post["source"].startswith("kremlin")
        assert ("97" in post.content) is after_the_kremlin
        assert (re.search(r"1,?800", post.content) is None) is after_the_kremlin


@needs_shared
@each_seed
def test_no_eight_words_in_a_row_are_borrowed(path: Path) -> None:
    ours = runs_of(8, frontmatter.load(str(path)).content)
    originals = [runs_of(8, file.read_text("utf-8")) for file in (SHARED / "seeds").glob("*.txt")]
    assert any(originals), "nothing to compare with"
    assert not ours & set().union(*originals)
