"""The development stories, loaded as people load them: linking, read-outs and conflicts as the scorer beside the checkout sees them.

A floor may be raised when more is reached, and is not lowered.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, needs_shared
from homes import program

pytestmark = [needs_shared, pytest.mark.shared]
VIEWS = {"--reports": "event_reports", "--readouts": "readouts", "--conflicts": "claim_conflicts"}


def scored(folder: Path, name: str) -> tuple[dict[str, Any], list[str]]:
    """Load a set into *folder* and return what the scorer says of it, and its remarks."""
    gold = SHARED / "gold"
    done = program("load", "--home", folder / "home", gold / f"{name}.docs.jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    given: list[object] = []
    for option, view in VIEWS.items():
        rows = program("ask", "--home", folder / "home", "--json", f"FROM {view}", cwd=folder)
        assert rows.returncode == 0, rows.stderr
        (folder / f"{view}.json").write_text(rows.stdout, "utf-8")
        given += [option, folder / f"{view}.json"]
    told = [gold / f"{name}.gold.jsonl", gold / "stories_dev_truth.json", *given, "--json", "--errors", "999"]
    command = [sys.executable, SHARED / "tools" / "score_links.py", *told]
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=True)
    first, *remarks = answer.stdout.splitlines()
    return json.loads(first), remarks


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[str]]:
    return scored(tmp_path_factory.mktemp("stories"), "stories_dev")


def test_reports_of_one_happening_are_one_event(stories: tuple[dict[str, Any], list[str]]) -> None:
    found, remarks = stories
    assert found["found"]["share"] >= 0.85
    assert found["b3"]["f1"] >= 0.96
    assert found["split"] <= 5
    # reports that recall what no text reports have no event: the scorer takes "none" for one
    assert [r for r in remarks if r.startswith("merged") and not r.startswith("merged  None:")] == []


@pytest.mark.parametrize(
    ("sort", "floor"), [("topics", 0.8), ("claims", 0.85), ("agreements", 0.75), ("invitations", 1.0)]
)
def test_what_only_one_side_says(stories: tuple[dict[str, Any], list[str]], sort: str, floor: float) -> None:
    assert stories[0]["readouts"][sort]["f1"] >= floor


def test_figures_in_conflict(stories: tuple[dict[str, Any], list[str]]) -> None:
    conflicts = stories[0]["conflicts"]
    assert conflicts["found"] >= 13 and conflicts["invented"] <= 1


def test_the_timeline_merges_nothing(tmp_path: Path) -> None:
    found, _ = scored(tmp_path, "timeline")
    assert (found["merged"], found["split"] <= 1) == (0, True)
    assert found["b3"]["f1"] >= 0.995
