"""From addresses and files to pages: discovery, the guarded fetch, the archive, documents from files."""

import gzip
import json
import multiprocessing
import os
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import SHARED, needs_shared
from servers import CLOSED, Asked, Item, KremlinSite, PresidentSite, Reply, Site, atom, local_sources

from bilateral.config import Config, Source, load_config, packaged
from bilateral.errors import BilateralError, FetchError, ParseError
from bilateral.model import Page, Poll
from bilateral.sources import Answer, Archive, Fetcher, Limits, poll, read_files
from bilateral.sources.dating import stated_date
from bilateral.sources.feed import parse_within
from bilateral.sources.guard import public
from bilateral.sources.identity import canonical, key_of

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
QUICK = Limits(total=5, attempt=2, body=1_000_000)


def now() -> datetime:
    return NOW


def one_source(folder: Path, source_id: str, **addresses: str) -> tuple[Source, Config]:
    config, _ = load_config(local_sources(folder, **addresses))
    source = config.source(source_id)
    assert source is not None
    return source, config


def asked(folder: Path, source_id: str, limits: Limits = QUICK, **addresses: str) -> Poll:
    source, config = one_source(folder, source_id, **addresses)
    with Fetcher("bilateral-test", limits=limits, pause=lambda _: None) as fetcher:
        return poll(source, fetcher, Archive(folder / "archive"), now, config, folder)


def fetched(folder: Path, url: str, limits: Limits = QUICK) -> bytes:
    source, _ = one_source(folder, "kremlin-en", kremlin_en=url)
    with Fetcher("bilateral-test", limits=limits, pause=lambda _: None) as fetcher:
        return fetcher.get(source, url).body


def refused(folder: Path, url: str, limits: Limits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(folder, url, limits)
    return caught.value


# ── the sources as they are ──────────────────────────────────────────────────────────────────────


@needs_shared
@pytest.mark.shared
def test_recorded_kremlin_feed_is_read_whole_and_twice_the_same(tmp_path: Path) -> None:
    recorded = (SHARED / "corpus" / "kremlin_feed" / "en_events_all_feed_2018-01-08.xml").read_bytes()
    with KremlinSite(recorded) as site:
        first = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
        second = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
        assert {one.headers["user-agent"] for one in site.asked} == {"bilateral-test"}
    assert (first.state, first.reason, first.skipped) == ("ok", "", ())
    assert len({page.key for page in first.pages}) == 20
    assert [page.sha256 for page in first.pages] == [page.sha256 for page in second.pages]
    address = next(page for page in first.pages if page.key == "en:56591")
    assert (address.published, address.work_id) == ("2017-12-31T23:55:00+04:00", "kremlin:56591")
    archive = Archive(tmp_path / "archive")
    assert list(archive.pages()) == list(first.pages)  # kept once, and built again without the network
    assert [row["state"] for row in archive.entries("fetch")] == ["ok", "ok"]
    assert archive.get(next(archive.entries("fetch"))["sha256"]) == recorded


def test_president_is_asked_page_by_page_and_read_in_each_language(tmp_path: Path) -> None:
    items = [Item(n, f"Новость {n}", f"<p>Текст {n}.</p>", f"2025-11-26T{n:02}:30:00") for n in range(24)]
    with PresidentSite({"Ru": items, "En": items[:2]}) as site:
        russian = asked(tmp_path, "president-kg-ru", president=site.search_url)
        english = asked(tmp_path, "president-kg-en", president=site.search_url)
        bodies = [json.loads(one.body) for one in site.asked]
    assert russian.state == "ok" and len(russian.pages) == 24
    assert [body["pageRequest"] for body in bodies[:3]] == [{"page": n, "limit": 20} for n in (0, 1, 2)][
        : len(bodies)
    ]
    newest = russian.pages[0]
    assert (newest.key, newest.work_id) == ("ru:23", "president-kg:23")
    assert (newest.url, newest.side, newest.primary) == ("https://president.kg/ru/news/23", "KGZ", True)
    assert newest.body.decode() == "<p>Текст 23.</p>" and newest.published == "2025-11-26T23:30:00"
    assert english.skipped == ()  # what is not translated is no failure


def test_an_ignored_filter_is_caught_by_the_total(tmp_path: Path) -> None:
    with PresidentSite(
        {"Ru": [Item(1, "Новость", "<p>Текст.</p>", "2025-11-26T10:30:00")]}, total=60_001
    ) as site:
        answer = asked(tmp_path, "president-kg-ru", president=site.search_url)
    assert (answer.state, answer.pages) == ("bad_content", ())
    assert "'totalElements' is 60,001, at most 60,000 are expected" in answer.reason


def test_a_search_that_ignores_the_page_index_is_left(tmp_path: Path) -> None:
    body = (packaged("specimens") / "president-kg.json").read_bytes()
    with Site({"/search": Reply(body)}) as site:
        answer = asked(tmp_path, "president-kg-ru", president=site.url + "/search")
        assert len(site.asked) == 2  # the second brought nothing new
    assert len(answer.pages) == 2


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"{", "bad_content", "no JSON"),
        (b"[" * 100_000, "bad_content", "no JSON"),
        (b'{"content": {}, "totalElements": 1}', "bad_content", "'content' is no list of records"),
        (b'{"content": []}', "bad_content", "'totalElements' is None, a number is expected"),
        (PresidentSite.SHELL, "challenged", "a challenge page instead of JSON"),
    ],
)
def test_answers_that_are_not_the_search(tmp_path: Path, body: bytes, state: str, reason: str) -> None:
    with Site({"/search": Reply(body)}) as site:
        answer = asked(tmp_path, "president-kg-ru", president=site.url + "/search")
    assert answer.state == state and reason in answer.reason


def test_an_item_with_half_of_its_fields_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    rows = [
        {
            "id": 5,
            "titleRu": "Без текста",
            "publishedAt": "2025-11-26T10:30:00",
            "content": {"titleRu": None},
        },
        {"id": None, "titleRu": "Без номера"},
        {
            "id": 4,
            "titleRu": "Целая",
            "publishedAt": "2025-11-26T10:30:00",
            "content": {"titleRu": "<p>Текст.</p>"},
        },
    ]
    with Site({"/search": Reply(json.dumps({"content": rows, "totalElements": 3}).encode())}) as site:
        answer = asked(tmp_path, "president-kg-ru", president=site.url + "/search")
    assert [page.key for page in answer.pages] == ["ru:4"]
    assert {row.reason for row in answer.skipped} == {
        "'content.titleRu' is 'None', a text is expected",
        "'id' is None",
    }


def test_every_enabled_source_has_a_specimen() -> None:
    config, _ = load_config(packaged("sources.yaml"))
    specimens = json.loads((Path(__file__).parent / "data" / "expected.json").read_text(encoding="utf-8"))
    assert {one.id for one in config.sources if one.enabled and one.network} == set(specimens)


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"<!doctype html><html><body>Error</body></html>", "bad_content", "an HTML page instead of a feed"),
        (b"", "bad_content", "an empty answer instead of a feed"),
        (b'{"a": 1}', "bad_content", "something else instead of a feed"),
        (
            "<html><body>Включите JavaScript</body></html>".encode(),
            "challenged",
            "a challenge page instead of a feed",
        ),
        (
            b"<html><script src='/cdn-cgi/challenge-platform/x'></script></html>",
            "challenged",
            "a challenge page",
        ),
    ],
)
def test_answers_that_are_no_feed(tmp_path: Path, body: bytes, state: str, reason: str) -> None:
    with KremlinSite(body) as site:
        answer = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
    assert (answer.state, answer.pages) == (state, ())
    assert reason in answer.reason


def test_a_feed_cut_in_the_middle_gives_its_whole_entries_and_says_so(tmp_path: Path) -> None:
    items = [Item(n, f"Title {n}", "<p>Text.</p>", "2025-11-26T10:00:00+04:00") for n in (3, 2, 1)]
    feed = atom(items)
    with KremlinSite(feed[: feed.rindex(b"<entry>") + 60]) as site:
        answer = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
    assert answer.state == "ok"
    assert [page.key for page in answer.pages][:2] == ["en:3", "en:2"]
    assert "the feed is ill-formed" in answer.skipped[0].reason


def test_an_empty_feed_is_no_failure(tmp_path: Path) -> None:
    with KremlinSite(atom([])) as site:
        answer = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
    assert (answer.state, answer.pages, answer.skipped) == ("ok", (), ())


def test_entries_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    feed = atom([Item(n, "Title", "<p>Text.</p>", "2025-11-26T10:00:00+04:00") for n in (1, 2, 2, 3)])
    feed = feed.replace(b"http://en.kremlin.ru/events/president/news/1<", b"x<")
    feed = feed.replace(b'"http://en.kremlin.ru/events/president/news/1"', b'"file:///etc/passwd"')
    feed = feed.replace(b"&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>", b"</content></entry></feed>")
    with KremlinSite(feed) as site:
        answer = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
    assert [page.key for page in answer.pages] == ["en:2"]
    assert [row.reason for row in answer.skipped] == [
        "the address is not http or https",
        "the feed names this document twice: the first is taken",
        "an entry without a text",
    ]


def test_a_feed_that_keeps_the_parser_busy_is_ended(tmp_path: Path) -> None:
    """Eighty kilobytes of one author: its regular expression takes more than twenty seconds."""
    author = b"<author>" + b"a" * 80_000 + b"</author>"
    slow = b"<rss version='2.0'><channel><item>" + author + b"</item></channel></rss>"
    source, _ = one_source(tmp_path, "kremlin-en")
    begun = time.monotonic()
    with pytest.raises(ParseError, match="not parsed in 1 s"):
        parse_within(source, Answer(200, {}, slow, "http://en.kremlin.ru/events/all/feed"), 1.0)
    assert time.monotonic() - begun < 15
    assert not multiprocessing.active_children()


# ── identity ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://kremlin.ru/events/president/news/78551", "ru:78551"),
        ("http://special.kremlin.ru/events/president/transcripts/78551/photos", "ru:78551"),
        ("http://kremlin.ru/misc/78551/print", "ru:78551"),
        ("http://kremlin.ru/supplement/6312", "ru:supplement/6312"),
        ("http://kremlin.ru/acts/bank/51", "ru:acts/bank/51"),
        ("http://kremlin.ru/acts/news/51", "ru:51"),
        ("http://www.kremlin.ru/catalog/countries/KG/?utm_source=x#top", "kremlin.ru/catalog/countries/KG"),
    ],
)
def test_kremlin_addresses_of_one_document_have_one_key(tmp_path: Path, url: str, key: str) -> None:
    source, _ = one_source(tmp_path, "kremlin-ru")
    assert key_of(source, url)[0] == key


def test_canonical_twice_is_canonical_once() -> None:
    once = canonical("https://WWW.mid.ru:443/ru/news/2045/?id=7&utm_medium=rss#a")
    assert once == "mid.ru/ru/news/2045?id=7" and canonical(f"http://{once}") == once


# ── the guarded fetch ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (451, "blocked"),
        (404, "gone"),
        (410, "gone"),
        (418, "bad_content"),
        (429, "server_error"),
        (503, "server_error"),
    ],
)
def test_statuses_become_states(tmp_path: Path, status: int, state: str) -> None:
    with Site({"/feed": Reply(b"no", status)}) as site:
        answer = asked(tmp_path, "kremlin-en", kremlin_en=site.url + "/feed")
        assert len(site.asked) == (3 if state == "server_error" else 1)
    assert answer.state == state and f"HTTP {status}" in answer.reason


def test_a_blocked_poll_is_no_empty_day(tmp_path: Path) -> None:
    with KremlinSite(atom([]), allowed=1) as site:
        assert asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url).state == "ok"
        blocked = asked(tmp_path, "kremlin-en", kremlin_en=site.feed_url)
    assert (blocked.state, blocked.pages) == ("blocked", ())
    assert [row["state"] for row in Archive(tmp_path / "archive").entries("fetch")] == ["ok", "blocked"]


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    replies = iter([Reply(b"", 503), Reply(b"", 500), Reply(b"fine")])
    with Site({"/feed": lambda handler, asked: next(replies)}) as site:
        assert fetched(tmp_path, site.url + "/feed") == b"fine"


@pytest.mark.parametrize("source_id", ["kremlin-ru", "president-kg-ky", "mid-ru"])
def test_without_a_network_a_poll_is_over_at_once(
    tmp_path: Path, source_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_resolver(*args: object, **kwargs: object) -> object:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_resolver)
    config, _ = load_config(packaged("sources.yaml"))
    source = config.source(source_id)
    assert source is not None
    waits: list[float] = []
    with Fetcher(pause=waits.append) as fetcher:
        answer = poll(source, fetcher, Archive(tmp_path / "archive"), now, config, tmp_path)
    assert answer.state == "unreachable" and "the name cannot be resolved" in answer.reason
    assert waits == []  # nothing is tried again


def test_a_resolver_that_hangs_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(3))
    config, _ = load_config(packaged("sources.yaml"))
    with Fetcher(limits=Limits(resolve=0.1)) as fetcher:
        answer = poll(config.sources[0], fetcher, Archive(tmp_path / "archive"), now, config, tmp_path)
    assert answer.state == "unreachable" and "was not resolved" in answer.reason


def test_a_closed_port_is_unreachable(tmp_path: Path) -> None:
    assert refused(tmp_path, CLOSED).state == "unreachable"


def test_a_redirect_inside_the_source_is_followed(tmp_path: Path) -> None:
    there = Reply(status=302, headers={"location": "/feed/"})
    with Site({"/feed": there, "/feed/": Reply(b"found")}) as site:
        assert fetched(tmp_path, site.url + "/feed") == b"found"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", "'10.0.0.1' is none of 127.0.0.1"),
        ("http://169.254.169.254/latest/meta-data", "is none of 127.0.0.1"),
        ("http://[::ffff:127.0.0.1]/", "is none of 127.0.0.1"),
        ("http://2130706433/", "none of 127.0.0.1"),
        ("http://en.kremlin.ru@127.0.0.1/", "not plain http or https"),
        ("file:///etc/passwd", "not plain http or https"),
        ("http://127.0.0.1\\@en.kremlin.ru/", "refused"),
    ],
)
def test_redirects_that_are_refused(tmp_path: Path, location: str, reason: str) -> None:
    with Site({"/feed": Reply(status=302, headers={"location": location})}) as site:
        error = refused(tmp_path, site.url + "/feed")
        assert len(site.asked) == 1
    assert error.state == "bad_content" and reason in error.message


def test_a_redirect_without_an_address_is_refused(tmp_path: Path) -> None:
    with Site({"/feed": Reply(status=302)}) as site:
        assert "a redirect that leads nowhere" in refused(tmp_path, site.url + "/feed").message


def test_a_redirect_to_another_private_port_reaches_nobody(tmp_path: Path) -> None:
    with Site({"/": Reply(b"secret")}) as inner:
        with Site({"/feed": Reply(status=302, headers={"location": inner.url + "/"})}) as site:
            error = refused(tmp_path, site.url + "/feed")
        assert inner.asked == []
    assert error.state == "unreachable" and "only public addresses" in error.message


def test_a_redirect_loop_ends(tmp_path: Path) -> None:
    with Site({"/feed": Reply(status=302, headers={"location": "/feed"})}) as site:
        error = refused(tmp_path, site.url + "/feed")
        assert len(site.asked) == 6
    assert error.state == "bad_content" and "more than 5 redirects" in error.message


@pytest.mark.parametrize(
    "peer", ["10.0.0.7", "127.0.0.1", "::1", "::ffff:192.168.0.1", "100.64.0.1", "64:ff9b::a00:1"]
)
def test_a_public_name_with_a_private_address_is_refused(
    tmp_path: Path, peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80)), (0, 0, 0, "", (peer, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    config, _ = load_config(packaged("sources.yaml"))
    with Fetcher() as fetcher, pytest.raises(FetchError, match="only public addresses") as caught:
        fetcher.get(config.sources[0], "http://kremlin.ru/events/all/feed")
    assert caught.value.state == "unreachable"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450::1", True),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("2002:a00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, expected: bool) -> None:
    import ipaddress

    assert public(ipaddress.ip_address(address)) is expected


def dripping(head: bytes, drop: bytes) -> object:
    def drip(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.wfile.write(head)
        for _ in range(400):  # bounded: twenty seconds at most
            handler.wfile.write(drop)
            time.sleep(0.05)

    return drip


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n")],
    ids=["body", "headers"],
)
def test_a_dripping_server_is_left(tmp_path: Path, head: bytes, drop: bytes) -> None:
    with Site({"/feed": dripping(head, drop)}) as site:  # type: ignore[dict-item]
        begun = time.monotonic()
        error = refused(tmp_path, site.url + "/feed", Limits(total=0.6, attempt=0.4, tries=2))
        assert time.monotonic() - begun < 6
    assert error.state == "timed_out"


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = Reply(bomb(100_000_000), headers={"content-encoding": "gzip"})
    with Site({"/feed": packed}) as site:
        tracemalloc.start()
        error = refused(tmp_path, site.url + "/feed")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert error.state == "too_large"
    assert peak < 20_000_000


def test_a_body_over_the_cap_is_left(tmp_path: Path) -> None:
    def endless(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(bytes(100_000))

    with Site({"/feed": endless}) as site:
        assert refused(tmp_path, site.url + "/feed").state == "too_large"


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (gzip.compress(b"x" * 500, mtime=0)[:-9], "gzip", "cut off"),
        (b"plain", "gzip", "no gzip, although it says so"),
        (b"\xff" * 50, "br", "no br, although it says so"),
        (b"plain", "br", "cut off"),
        (b"plain", "zstd", "no zstd, although it says so"),
        (b"plain", "deflate", "content-encoding 'deflate', only gzip, br, zstd were asked for"),
    ],
    ids=["cut", "plain", "broken-br", "cut-br", "zstd", "deflate"],
)
def test_codings_that_do_not_hold(tmp_path: Path, body: bytes, coding: str, reason: str) -> None:
    with Site({"/feed": Reply(body, headers={"content-encoding": coding})}) as site:
        error = refused(tmp_path, site.url + "/feed")
    assert error.state == "bad_content" and reason in error.message


def test_a_body_shorter_than_promised_is_refused(tmp_path: Path) -> None:
    with Site({"/feed": Reply(b"half", headers={"content-length": "8", "connection": "close"})}) as site:
        assert refused(tmp_path, site.url + "/feed").state in ("bad_content", "unreachable", "timed_out")


# ── the archive ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    yield Archive(tmp_path / "archive")


def a_page(**changes: object) -> Page:
    page = Page(
        "mid-ru", "mid-ru", "k", "https://mid.ru/k", "ru", NOW, "text/html", b"<p>Text</p>", title="Title"
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def test_bytes_are_kept_once_and_checked(archive: Archive) -> None:
    digest = archive.put(b"body")
    assert archive.put(b"body") == digest and archive.get(digest) == b"body"
    [file] = [path for path in archive.root.rglob("*") if path.is_file()]
    file.write_bytes(gzip.compress(b"other"))
    with pytest.raises(BilateralError, match="not those of its name"):
        archive.get(digest)
    with pytest.raises(BilateralError, match="cannot be read"):
        archive.get("0" * 64)


def test_a_torn_last_line_is_passed_over_and_mended(archive: Archive) -> None:
    archive.record("mint", {"event_id": "e1"})
    with (archive.root / "journal" / "mint.jsonl").open("ab") as file:
        file.write(b'{"event_id": "e2", "reports": [' + b'"p"' * 3000)  # killed while writing
    assert [row["event_id"] for row in archive.entries("mint")] == ["e1"]
    archive.record("mint", {"event_id": "e3"})
    assert [row["event_id"] for row in archive.entries("mint")] == ["e1", "e3"]


def test_a_journal_that_is_only_a_torn_line_begins_anew(archive: Archive) -> None:
    archive.record("mint", {"event_id": "e1"})
    (archive.root / "journal" / "mint.jsonl").write_bytes(b'{"event')
    archive.record("mint", {"event_id": "e2"})
    assert [row["event_id"] for row in archive.entries("mint")] == ["e2"]


def test_a_damaged_line_in_the_middle_is_named(archive: Archive) -> None:
    archive.record("mint", {"event_id": "e1"})
    (archive.root / "journal" / "mint.jsonl").write_bytes(b'{"event\n{"event_id": "e2"}\n')
    with pytest.raises(BilateralError, match=r"mint.jsonl: line 1 is no JSON"):
        list(archive.entries("mint"))


def test_a_page_is_written_down_when_it_is_new_or_changed(archive: Archive) -> None:
    assert archive.keep(a_page()) and not archive.keep(a_page())
    assert not Archive(archive.root).keep(a_page())  # also after a restart
    assert archive.keep(a_page(title="Other title")) and archive.keep(a_page(source_id="other"))
    assert [page.title for page in archive.pages()] == ["Title", "Other title", "Title"]
    assert next(archive.pages()) == a_page()


# ── documents from files ─────────────────────────────────────────────────────────────────────────


def read(tmp_path: Path, name: str, text: str, **given: str) -> tuple[list[Page], list[str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    config, _ = load_config(packaged("sources.yaml"))
    pages, skipped = read_files([path], config, NOW, **given)
    assert all(row.where.startswith(str(path)) for row in skipped)
    return pages, [row.where.removeprefix(str(path)) + row.reason for row in skipped]


def test_front_matter_of_a_known_source_brings_its_side(tmp_path: Path) -> None:
    text = "---\ntitle: Talks\nsource: kremlin-en\nlang: en\npublished: 2025-11-26T15:45:00+03:00\n---\nThey met.\n"
    [page], doubts = read(tmp_path, "talks.md", text)
    assert (page.source_id, page.polled_as, page.side, page.primary) == ("kremlin-en", "seeds", "RUS", True)
    assert (page.key, page.media_type, page.title) == (
        f"file:{tmp_path.name}/talks.md",
        "text/markdown",
        "Talks",
    )
    assert (page.published, page.body, doubts) == ("2025-11-26T15:45:00+03:00", b"They met.", [])


@pytest.mark.parametrize(
    ("url", "side"),
    [
        ("http://en.kremlin.ru/events/president/news/78561", "RUS"),
        ("https://www.mid.ru/ru/foreign_policy/news/1/", "RUS"),
        ("https://kremlin.ru.example.org/news/1", None),
        ("http://[::1", None),
    ],
)
def test_an_address_tells_whose_page_it_is_but_makes_nothing_primary(
    tmp_path: Path, url: str, side: str | None
) -> None:
    [page], _ = read(
        tmp_path, "page.md", f"---\nurl: '{url}'\nlang: en\npublished: 2025-11-26\n---\nThey met."
    )
    assert (page.side, page.primary) == (side, False)


def test_a_retelling_is_never_primary(tmp_path: Path) -> None:
    text = "---\nsource: kremlin-en\nsynthetic: true\npublished: 2025-11-26\n---\nThey met."
    [page], _ = read(tmp_path, "talks.md", text)
    assert (page.synthetic, page.primary, page.side, page.published) == (True, False, "RUS", "2025-11-26")


def test_an_unknown_source_is_secondary_unless_the_row_says_otherwise(tmp_path: Path) -> None:
    rows = [
        {
            "doc_id": "a",
            "source": "press-fr",
            "lang": "fr",
            "published": "2025-11-27",
            "text": "Ils se sont vus.",
        },
        {
            "source": "mfa-kg",
            "lang": "ky",
            "url": "https://mfa.gov.kg/1",
            "published": "2025",
            "text": "Жолугушуу.",
        }
        | {"side": "KGZ", "primary": True, "summary": "Кыскача.", "place": "Бишкек"},
    ]
    pages, doubts = read(tmp_path, "docs.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert [(p.source_id, p.key, p.side, p.primary) for p in pages] == [
        ("press-fr", "file:a", None, False),
        ("mfa-kg", "file:https://mfa.gov.kg/1", "KGZ", True),
    ]
    assert (pages[1].lead, pages[1].place, doubts) == ("Кыскача.", "Бишкек", [])


def test_a_sidecar_says_what_the_text_does_not(tmp_path: Path) -> None:
    (tmp_path / "note.yaml").write_text(
        "source: mid-ru\npublished: '2025-11-26'\nlang: ru\n", encoding="utf-8"
    )
    [page], doubts = read(tmp_path, "note.txt", "Состоялась встреча.")
    assert (page.source_id, page.published, page.lang, doubts) == ("mid-ru", "2025-11-26", "ru", [])


def test_lines_that_cannot_be_read_are_named_and_the_others_load(tmp_path: Path) -> None:
    lines = [
        "{broken",
        '["no", "object"]',
        '{"doc_id": "1", "lang": "de", "published": "2025-11-26", "text": "Ein Treffen."}',
        '{"doc_id": "2", "lang": "en", "published": "2025-11-26", "text": " "}',
        '{"doc_id": "3", "lang": "en", "published": "2025-11-26", "text": "They met."}',
        '{"doc_id": "3", "lang": "en", "published": "2025-11-26", "text": "Again."}',
        '{"doc_id": "4", "lang": "en", "primary": "yes", "text": "They met."}',
        '{"doc_id": "6", "lang": "en", "side": "Kyrgyzstan", "text": "They met."}',
        "",
        '{"doc_id": "7", "lang": "en", "url": "javascript:alert(1)", "published": "2025-11", "text": "They met."}',
        '{"doc_id": "5", "languge": "en", "lang": "en", "published": "26 November", "text": "They met in 2025."}',
    ]
    pages, reasons = read(tmp_path, "docs.jsonl", "\n".join(lines))
    assert [(page.key, page.published, page.url) for page in pages] == [
        ("file:3", "2025-11-26", ""),
        ("file:7", "2025-11", ""),
        ("file:5", "2025", ""),
    ]
    assert reasons == [
        ": line 1no valid JSON: Expecting property name enclosed in double quotes at column 2",
        ": line 2no JSON object",
        ": line 3lang: 'de' is none of ru, ky, en, fr",
        ": line 4the document has no text",
        ": line 6'3' of seeds was read already: give it a doc_id of its own",
        ": line 7primary: 'yes' is no true or false",
        ": line 8side: 'Kyrgyzstan' is no state: three capital letters such as KGZ",
        ": line 10warning: url: 'javascript:alert(1)' is left out: not http or https",
        ": line 11warning: no such key 'languge' (did you mean 'lang'?)",
        ": line 11warning: published: '26 November' is no date such as 2025-11-26 or 2025-11-26T14:30+06:00",
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"---\ntitle: [\n---\nText", "front matter: no valid YAML"),
        ("a.txt", b"\xcf\xf0\xe8\xe2\xe5\xf2", "byte 0 is not UTF-8"),
        ("a.txt", b"", "the document has no text"),
        ("a.pdf", b"%PDF", "'.pdf': only .md, .txt, .html, .jsonl are read"),
        ("a.txt", None, "no such file"),
        ("a.jsonl", b" \n", "the file holds no documents"),
    ],
)
def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (tmp_path / "good.txt").write_text("They met on 26 November 2025.", encoding="utf-8")
    config, _ = load_config(packaged("sources.yaml"))
    pages, [skipped] = read_files([path, tmp_path / "good.txt"], config, NOW, lang="en")
    assert [page.published for page in pages] == ["2025-11-26"]
    assert skipped.where == str(path) and skipped.reason.startswith(reason)


def test_files_of_one_name_in_two_folders_are_two_documents(tmp_path: Path) -> None:
    config, _ = load_config(packaged("sources.yaml"))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.txt").write_text(f"They met in {folder} on 26 November 2025.", "utf-8")
        (tmp_path / folder / "rows.jsonl").write_text('{"lang": "en", "text": "They met in 2025."}', "utf-8")
    pages, skipped = read_files([tmp_path], config, NOW, lang="en")
    names = ["file:a/report.txt", "file:a/rows.jsonl:1", "file:b/report.txt", "file:b/rows.jsonl:1"]
    assert ([page.key for page in pages], skipped) == (names, [])


def test_a_file_has_one_key_from_wherever_it_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, _ = load_config(packaged("sources.yaml"))
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "x.md").write_text("They met on 26 November 2025.", "utf-8")
    monkeypatch.chdir(tmp_path / "seeds")
    for path in (Path("x.md"), Path(), Path("../seeds/x.md"), tmp_path / "seeds"):
        [page], _ = read_files([path], config, NOW, lang="en")
        assert page.key == "file:seeds/x.md"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    config, _ = load_config(packaged("sources.yaml"))
    for name in ("pipe.md", "pipe.jsonl"):
        os.mkfifo(tmp_path / name)
        pages, [skipped] = read_files([tmp_path / name], config, NOW)
        assert (pages, skipped.reason) == ([], "no regular file")


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "seeds" / "more").mkdir(parents=True)
    for name in ("README.md", "b.md", "more/c.txt", "more/c.yaml", ".hidden.md", "d.md~", "e.docx"):
        text = "lang: en" if name.endswith(".yaml") else "They met on 26 November 2025."
        (tmp_path / "seeds" / name).write_text(text, encoding="utf-8")
    answer = asked(tmp_path, "seeds")
    assert [page.key for page in answer.pages] == ["file:seeds/b.md", "file:more/c.txt"]
    assert [row.reason for row in answer.skipped] == ["'.docx': only .md, .txt, .html, .jsonl are read"]


def test_a_folder_that_is_not_there_is_gone(tmp_path: Path) -> None:
    answer = asked(tmp_path, "seeds")
    assert answer.state == "gone" and str(tmp_path / "seeds") in answer.reason


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("given", [{}, {"published": "2025-11-27", "lang": "fr"}])
def test_the_first_document_of_the_project(given: dict[str, str]) -> None:
    config, _ = load_config(packaged("sources.yaml"))
    pages, skipped = read_files([SHARED / "seeds" / "000_8e7dfd536b72d705.txt"], config, NOW, **given)  # type: ignore[arg-type]
    [page] = pages
    assert (page.lang, page.published, skipped) == ("fr", given.get("published", "2025"), [])
    assert (page.source_id, page.side, page.primary, page.title) == ("seeds", None, False, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Встреча прошла 26 ноября 2025 года.", "2025-11-26"),
        ("Le 1er décembre 2024, puis le 26 novembre 2025", "2025-11-26"),
        ("On November 26, 2025 they met", "2025-11-26"),
        ("2025-жылдын 26-ноябрында жолугушту", "2025-11-26"),
        ("26.11.2025", "2025-11-26"),
        ("31.02.2025", None),
        ("The treaty of 5 June 2017; trade grew in 2025", "2025"),
        ("by 2030 trade will reach 5 bn; in 2024 it was 4.1 bn", "2024"),
        ("2025-12-24 lies ahead", "2025"),
        ("1 800 companies, 2 000 roubles, 4.2025", None),
    ],
)
def test_what_a_text_states_of_its_date(text: str, expected: str | None) -> None:
    found = stated_date(text, NOW.date())
    assert (found.iso if found else None) == expected


def test_a_document_without_any_date_is_loaded_with_a_warning(tmp_path: Path) -> None:
    [page], reasons = read(tmp_path, "note.txt", "Президенты встретились в Бишкеке и обсудили торговлю.")
    assert (page.lang, page.published) == ("ru", None)
    assert reasons == ["warning: date unknown: neither given nor stated in the text"]
