"""The archive beyond its folder: heads, other places, a full disk, and whether it is whole."""

import errno
import gzip
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest
from homes import feed, program, write_sources
from servers import Item, Reply, Site, atom

from bilateral.config import load_config
from bilateral.errors import BilateralError, ConfigError
from bilateral.model import Page, Poll
from bilateral.sources import Archive, Fetcher, Verdict, poll, verify

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
FEED = atom([Item(n, f"Title {n}", "<p>Text.</p>", "2025-11-26T10:00:00+04:00") for n in (2, 1)])
PAGE = Page("mid-ru", "mid-ru", "k", "https://mid.ru/k", "ru", NOW, "text/html", b"<p>Text</p>", title="T")


@pytest.fixture
def memory() -> Iterator[str]:
    """An address of fsspec that is no folder."""
    yield "memory://bucket/records"
    fsspec.filesystem("memory").store.clear()


def filled(archive: Archive) -> str:
    """Put a page, a body with its head and the entry that names it into the archive."""
    archive.keep(PAGE)
    digest = archive.put(FEED, {"status": 200, "headers": {"etag": '"1"'}})
    archive.record("fetch", {"source_id": "mid-ru", "sha256": digest, "at": NOW})
    return digest


def asked(folder: Path, archive: Archive) -> Poll:
    headers = {"etag": '"7"', "set-cookie": "visitor=1", "content-type": "application/atom+xml"}
    with Site({"/feed": Reply(FEED, headers=headers)}) as site, Fetcher(pause=lambda _: None) as fetcher:
        config, _ = load_config(write_sources(folder, feed("kremlin-en", site.url + "/feed")))
        return poll(config.sources[0], fetcher, archive, lambda: NOW, config, folder)


def test_the_head_of_the_answer_is_kept_with_its_bytes(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    assert asked(tmp_path, archive).state == "ok"
    [row] = archive.entries("fetch")
    head = archive.head(row["sha256"])
    assert head is not None and (head["status"], head["headers"]["etag"]) == (200, '"7"')
    assert "set-cookie" not in head["headers"] and head["url"].endswith("/feed")
    [body] = {row["body_sha256"] for row in archive.entries("page")}  # both entries say the same
    assert archive.head(body) is None  # no answer of its own brought it


@pytest.mark.parametrize("remote", [False, True], ids=["folder", "fsspec"])
def test_bytes_are_written_once_and_compressed(tmp_path: Path, memory: str, remote: bool) -> None:
    archive = Archive(tmp_path, memory if remote else None)
    for _ in range(2):
        digest = filled(archive)
    assert archive.get(digest) == FEED and list(archive.pages()) == [PAGE]
    names = list(archive.raw.names())
    assert len(names) == 3 and f"{digest[:2]}/{digest[2:4]}/{digest}.head.gz" in names
    assert (tmp_path / "raw").exists() is not remote  # the journal stays here
    assert (
        gzip.decompress(archive.raw.read(names[names.index(f"{digest[:2]}/{digest[2:4]}/{digest}.gz")]))
        == FEED
    )
    found = verify(archive)
    assert found == Verdict(files=2, bytes=len(FEED) + len(PAGE.body), entries=3)


def test_an_address_that_nothing_here_can_open_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(BilateralError, match="archive: nowhere://x/raw: cannot be opened"):
        Archive(tmp_path, "nowhere://x")
    path = write_sources(tmp_path, feed("kremlin-en", "http://a.test/feed"))
    path.write_text(path.read_text().replace('{"pairs"', '{"archive": "here", "pairs"'), "utf-8")
    with pytest.raises(ConfigError, match="archive: 'here' is no address"):
        load_config(path)


# ── a full disk ──────────────────────────────────────────────────────────────────────────────────


class Full:
    """A disk that is full after so many calls."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, descriptor: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("after", range(6))  # body and head, entry of the fetch, body and entry of a page, …
def test_a_disk_that_is_full_is_said_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    archive = Archive(tmp_path / "archive")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", Full(after))
        with pytest.raises(BilateralError, match="cannot be written: No space left on device"):
            asked(tmp_path, archive)
    assert verify(archive).faults == [] and not list(tmp_path.rglob("*.part"))
    answer = asked(tmp_path, Archive(tmp_path / "archive"))  # there is space again
    assert (answer.state, len(answer.pages)) == ("ok", 2)
    assert list(archive.pages()) == list(answer.pages) and verify(archive).faults == []


# ── whether it is whole ──────────────────────────────────────────────────────────────────────────


def journal(archive: Archive, kind: str) -> Path:
    return archive.root / "journal" / f"{kind}.jsonl"


def raw(archive: Archive, digest: str) -> Path:
    return archive.root / "raw" / digest[:2] / digest[2:4] / f"{digest}.gz"


def altered(archive: Archive, digest: str) -> None:
    raw(archive, digest).write_bytes(gzip.compress(b"other"))


def cut(archive: Archive, digest: str) -> None:
    raw(archive, digest).write_bytes(raw(archive, digest).read_bytes()[:20])


def removed(archive: Archive, digest: str) -> None:
    raw(archive, digest).unlink()


def moved(archive: Archive, digest: str) -> None:
    raw(archive, digest).rename(archive.root / "raw" / f"{digest}.gz")


def headless(archive: Archive, digest: str) -> None:
    raw(archive, digest).with_suffix(".head.gz").write_bytes(gzip.compress(b"{"))


def torn(archive: Archive, digest: str) -> None:
    text = journal(archive, "fetch").read_bytes()
    journal(archive, "fetch").write_bytes(b'{"sha\n' + text)


def renamed(archive: Archive, digest: str) -> None:
    text = journal(archive, "page").read_text()
    journal(archive, "page").write_text(text.replace('"title": "T"', '"title": "U"'))


def bare(archive: Archive, digest: str) -> None:
    archive.record("page", {"source_id": "x", "body_sha256": digest})


@pytest.mark.parametrize(
    ("damage", "faults"),
    [
        (altered, ["the bytes are not those of its name", "fetch.jsonl: line 1: the bytes .* are not there"]),
        (cut, ["cannot be read", "fetch.jsonl: line 1: the bytes"]),
        (removed, ["fetch.jsonl: line 1: the bytes"]),
        (moved, ["no name of a file of the archive", "fetch.jsonl: line 1: the bytes"]),
        (headless, ["head.gz: cannot be read"]),
        (torn, ["fetch.jsonl: line 1 is no JSON"]),
        (renamed, ["page.jsonl: line 1: the page is not the one that was kept"]),
        (bare, ["page.jsonl: line 2: no entry of a page: KeyError"]),
    ],
)
def test_damage_is_found_and_named(
    tmp_path: Path, damage: Callable[[Archive, str], None], faults: list[str]
) -> None:
    archive = Archive(tmp_path)
    damage(archive, filled(archive))
    found = verify(Archive(tmp_path))
    assert len(found.faults) == len(faults)
    for said, expected in zip(found.faults, faults, strict=True):
        assert re.search(expected, said)


def test_what_a_killed_run_leaves_is_remarked_and_no_damage(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    filled(archive)
    lone = archive.put(b"written, but not yet in the journal")
    (tmp_path / "raw" / "ab").mkdir(exist_ok=True)
    (tmp_path / "raw" / "ab" / ".x.part").write_bytes(b"half")
    with journal(archive, "fetch").open("ab") as file:
        file.write(b'{"half a line')
    found = verify(archive)
    assert found.faults == [] and len(found.remarks) == 2
    assert "left by a run that was killed" in found.remarks[0] and lone in found.remarks[1]


def test_an_empty_archive_is_whole(tmp_path: Path) -> None:
    assert verify(Archive(tmp_path / "none")) == Verdict()


@pytest.mark.parametrize(("damage", "code", "told"), [(None, 0, "all whole"), (altered, 1, "2 faults")])
def test_the_command_says_what_it_found(tmp_path: Path, damage: Any, code: int, told: str) -> None:
    sources = write_sources(tmp_path, feed("kremlin-en", "http://a.test/feed"))
    archive = Archive(tmp_path / "home" / "archive")
    digest = filled(archive)
    if damage:
        damage(archive, digest)
    done = program("data", "verify", "--home", tmp_path / "home", "--sources", sources, cwd=tmp_path)
    assert (done.returncode, told in done.stdout) == (code, True), done
    assert ("the bytes are not those of its name" in done.stderr) == bool(damage)
    assert "2 files" in done.stdout and "2 entries of the journal" in done.stdout
