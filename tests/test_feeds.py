"""Feeds that others recorded, well and ill formed: none raises, none hangs, and the entries are as many as recorded."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SHARED, needs_shared

from bilateral.apart import Apart
from bilateral.sources.decoding import as_utf8
from bilateral.sources.feed import parse_feed
from bilateral.sources.jsonfeed import is_json_feed, parse_json_feed

FEEDS = SHARED / "corpus" / "feeds"
HANG = 60  # seconds for some hundred feeds, ten times what they take
pytestmark = [needs_shared, pytest.mark.shared]


def entries(file: Path) -> int:
    """How many entries the program reads in *file*."""
    body, content_type = as_utf8(file.read_bytes(), "")
    if is_json_feed(body):
        return len(parse_json_feed(body).entries)
    return len(parse_feed(body, "http://feeds.test/", content_type).entries)


def counted(files: list[Path]) -> dict[Path, int]:
    return {file: entries(file) for file in files}


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart("read", HANG, workers=1) as apart:
        yield apart


def read(apart: Apart, files: list[Path]) -> dict[Path, int]:
    assert files
    return apart.outcome(apart.submit(counted, files))


def beside(file: Path) -> int | None:
    """How many entries the record beside a feed of gofeed names; None where there is none."""
    for record in (file.with_suffix(".json"), file.with_name(f"{file.stem}_expected.json")):
        if record.is_file() and record != file:
            data = json.loads(record.read_bytes())
            return len(data.get("items") or data.get("entries") or ())
    return None


@pytest.mark.parametrize("folder", ["parser/atom", "parser/rss", "parser/json", "translator", "extensions"])
def test_feeds_of_gofeed(apart: Apart, folder: str) -> None:
    files = [
        f
        for f in sorted((FEEDS / "gofeed" / "testdata" / folder).rglob("*"))
        if f.suffix in (".xml", ".json")
    ]
    recorded = {file: count for file in files if (count := beside(file)) is not None}
    found = read(apart, list(recorded))
    differ = {file.name: (found[file], count) for file, count in recorded.items() if found[file] != count}
    assert differ == {}


def least(file: Path) -> int:
    """How many entries the expectation inside a feed of feedparser names at least."""
    told = re.findall(rb"entries\[(\d+)\]", file.read_bytes().partition(b"-->")[0])
    return max((int(number) + 1 for number in told), default=0)


@pytest.mark.parametrize("folder", ["encoding", "entities", "illformed", "json", "wellformed"])
def test_feeds_of_feedparser(apart: Apart, folder: str) -> None:
    files = [f for f in sorted((FEEDS / "feedparser" / folder).rglob("*")) if f.suffix in (".xml", ".json")]
    found = read(apart, files)
    assert {f.name: (found[f], least(f)) for f in files if found[f] < least(f)} == {}


def test_feeds_of_real_sites(apart: Apart) -> None:
    files = sorted((FEEDS / "real").iterdir())
    found = read(apart, files)
    marks = {f: len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", f.read_bytes())) for f in files}
    # One has names whose prefix nobody declares and values without quotes: no XML parser finds an entry there.
    assert {f.name: (found[f], marks[f]) for f in files if found[f] != marks[f]} == {
        "7ef13a42fa7e177a": (0, 35)
    }
    assert sum(found.values()) > 1000
