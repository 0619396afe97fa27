"""What the detector reaches on the development sets stands in floors.json, and must not fall below it.

python tests/test_floors.py                           print what is reached now
python tests/test_floors.py --raise                   write it where it is better than the floor
python tests/test_floors.py --raise --allow-lower     write it where it is worse too
"""

import argparse
import importlib.util
import json
import math
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import SHARED, needs_shared

from flows.once import detect_file
from flows.place import find_place

ROOT = Path(__file__).parents[1]
FLOORS = Path(__file__).with_name("floors.json")
SETS = ("kremlin_en_dev", "kremlin_ru_dev", "sentences_dev", "stories_dev", "timeline", "kinds_dev")
POOL = SETS[:5]  # the sets of the pooled figures
QUIET = "negatives_dev"
SILENT = ("recalled", "hypothetical")
Docs = dict[str, dict[str, Any]]
Figures = dict[str, dict[str, dict[str, float]]]  # set → language → "events precision" → figure


@cache
def scorer() -> ModuleType:
    """The program that compares detectors, as it lies beside the checkout."""
    spec = importlib.util.spec_from_file_location("score_gold", SHARED / "tools" / "score_gold.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def predicted(name: str) -> Docs:
    """What `bilateral detect` prints for a set."""
    with tempfile.TemporaryDirectory() as home:
        place = find_place(Path(home), ROOT / "sources.yaml")
        rows, skipped = detect_file(place, SHARED / "gold" / f"{name}.docs.jsonl")
    assert [s for s in skipped if not s.reason.startswith("warning:")] == []
    return {row["doc_id"]: row for row in rows}


@cache
def gold(name: str) -> Docs:
    return dict(scorer().read(str(SHARED / "gold" / f"{name}.gold.jsonl")))


def figures(docs: Docs, found: Docs) -> dict[str, dict[str, float]]:
    """Language → figure, of what was annotated: precision and recall of events, F1 of the rest."""
    table, _ = scorer().score(docs, found)
    return {lang: dict(flat(rows)) for lang, rows in sorted(table.items()) if lang != "all"}


def flat(rows: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for what, row in rows.items():
        if not isinstance(row, dict):
            yield what, row
        elif row["tp"] + row["fn"]:
            wanted = ("precision", "recall", "f1") if what == "events" else ("f1",)
            yield from ((f"{what} {name}", row[name]) for name in wanted)


def quiet() -> dict[str, dict[str, float]]:
    """Language → share of the pages about nothing between states in which nothing is found."""
    told: dict[str, list[bool]] = {}
    for row in predicted(QUIET).values():
        events = [e for e in row["events"] if e["modality"] not in SILENT]
        told.setdefault(row["lang"], []).append(not events)
    return {lang: {"quiet": round(sum(pages) / len(pages), 4)} for lang, pages in sorted(told.items())}


@cache
def reached() -> Figures:
    """Every figure that has a floor."""
    pool = {f"{name}/{i}": d for name in POOL for i, d in gold(name).items()}
    found = {f"{name}/{i}": d for name in POOL for i, d in predicted(name).items()}
    measured = {name: figures(gold(name), predicted(name)) for name in SETS}
    return {**measured, "pooled": figures(pool, found), QUIET: quiet()}


def floors() -> Figures:
    return json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}


PLACES = [(name, lang) for name, langs in floors().items() for lang in langs]


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize(("name", "lang"), PLACES)
def test_no_figure_is_below_its_floor(name: str, lang: str) -> None:
    now = reached()[name][lang]
    below = {
        what: (now.get(what), low) for what, low in floors()[name][lang].items() if now.get(what, 0) < low
    }
    assert below == {}


def test_every_set_and_language_has_floors() -> None:
    assert {name for name, _ in PLACES} == {*SETS, "pooled", QUIET}
    assert {lang for name, lang in PLACES if name == "stories_dev"} == {"en", "fr", "ky", "ru"}


def down(figure: float) -> float:
    """The floor under a figure: its first two decimals."""
    return math.floor(figure * 100 + 1e-6) / 100


def raised(old: Figures, now: Figures, lower: bool) -> Figures:
    """The floors that follow from *now*; none below *old* unless *lower* allows it."""
    return {
        name: {
            lang: {
                what: down(figure)
                if lower
                else max(down(figure), old.get(name, {}).get(lang, {}).get(what, 0))
                for what, figure in row.items()
            }
            for lang, row in langs.items()
        }
        for name, langs in now.items()
    }


def test_floors_rise_and_fall_only_when_allowed() -> None:
    old, now = (
        {"s": {"en": {"kind": 0.9, "events f1": 0.5}}},
        {"s": {"en": {"kind": 0.857, "events f1": 0.7}}},
    )
    assert raised(old, now, lower=False) == {"s": {"en": {"kind": 0.9, "events f1": 0.7}}}
    assert raised(old, now, lower=True) == {"s": {"en": {"kind": 0.85, "events f1": 0.7}}}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--raise", dest="write", action="store_true", help="write floors.json")
    parser.add_argument("--allow-lower", action="store_true", help="with --raise: also where it is worse")
    asked = parser.parse_args()
    old, now = floors(), reached()
    for name, langs in now.items():
        for lang, row in langs.items():
            for what, figure in row.items():
                floor = old.get(name, {}).get(lang, {}).get(what)
                mark = "" if floor is None or figure >= floor else "  BELOW"
                print(
                    f"{name:16} {lang}  {what:18} {figure:.4f}  floor {floor if floor is not None else '-'}{mark}"
                )
    if asked.write:
        text = json.dumps(raised(old, now, asked.allow_lower), indent=1, ensure_ascii=False)
        FLOORS.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
