"""How sites are asked: turns and pace, robots.txt, Retry-After, repetition, versions, a proxy."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from homes import feed, write_sources
from servers import Asked, Item, Reply, Site, atom

from bilateral.apart import Apart
from bilateral.config import Source, load_config
from bilateral.errors import ConfigError, FetchError
from bilateral.model import Poll
from bilateral.sources import Archive, Fetcher, Limits, Visits, poll
from bilateral.sources.answers import retry_after
from bilateral.sources.marks import note_loaded

START = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
PARSER = Apart("parsed", 20, workers=1)  # one process for all tests: each costs half a second
FEED = atom([Item(n, f"Title {n}", "<p>Text.</p>", "2025-11-26T10:00:00+04:00") for n in (2, 1)])


class Clock:
    """A clock that goes only where it is set, and where somebody waits."""

    def __init__(self) -> None:
        self.seconds = START.timestamp()
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture(scope="module", autouse=True)
def parser() -> Iterator[None]:
    with PARSER:
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_source(folder: Path, url: str, **more: Any) -> Source:
    return load_config(write_sources(folder, feed("kremlin-en", url, **more)))[0].sources[0]


def a_fetcher(clock: Clock, hosts: Path | None = None, agent: str = "bilateral/0.1 (a test)") -> Fetcher:
    limits = Limits(total=20, attempt=5)
    return Fetcher(agent, limits=limits, pause=clock.pause, hosts=hosts, clock=clock, chance=lambda: 0.5)


def asked(source: Source, fetcher: Fetcher, clock: Clock, folder: Path, visits: Visits | None = None) -> Poll:
    config, _ = load_config(folder / "sources.yaml")
    return poll(source, fetcher, Archive(folder / "archive"), clock.now, config, folder, visits, PARSER)


# ── turns ────────────────────────────────────────────────────────────────────────────────────────


def test_a_host_is_asked_no_faster_than_its_pace(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        source = a_source(tmp_path, site.url + "/feed", ask={"pace": "5 s"})
        for _ in range(3):
            fetcher.get(source, site.url + "/feed")
        clock.seconds += 3
        fetcher.get(source, site.url + "/feed")
    assert clock.waits == [5, 5, 2]


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_the_pace(
    tmp_path: Path, clock: Clock
) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        source = a_source(tmp_path, site.url + "/feed", ask={"pace": "5 s"})
        fetcher.get(source, site.url + "/feed")
        clock.seconds -= 86_400
        fetcher.get(source, site.url + "/feed")
    assert clock.waits == [5]


@pytest.mark.parametrize("at_once", [1, 3])
def test_so_many_requests_at_once_and_no_more(tmp_path: Path, at_once: int) -> None:
    running, most, lock = itertools.count(), [0], threading.Lock()
    active = 0

    def slow(handler: BaseHTTPRequestHandler, asked: Asked) -> Reply:
        nonlocal active
        with lock:
            active += 1
            most[0] = max(most[0], active)
        time.sleep(0.05)
        with lock:
            active -= 1
        return Reply(str(next(running)).encode())

    with Site({"/feed": slow}) as site, Fetcher(pause=lambda _: None) as fetcher:
        source = a_source(tmp_path, site.url + "/feed", ask={"at_once": at_once})
        threads = [threading.Thread(target=fetcher.get, args=(source, site.url + "/feed")) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(site.asked) == 6
    assert most[0] == at_once


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (b"User-agent: *\nDisallow: /feed", "blocked"),
        (b"User-agent: bilateral\nDisallow: /\n\nUser-agent: *\nAllow: /", "blocked"),
        (b"User-agent: Bilateral\nDisallow: /f*d$", "blocked"),
        (b"User-agent: *\nDisallow: /\nAllow: /feed", "ok"),
        (b"User-agent: other\nDisallow: /", "ok"),
        (b"", "ok"),
        (b"<!doctype html><html><body>User-agent: *\nDisallow: /</body></html>", "ok"),
        (b"\xff\xfe\x00nonsense" * 100, "ok"),
    ],
)
def test_robots_txt_is_obeyed(tmp_path: Path, clock: Clock, rules: bytes, state: str) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        site.robots = Reply(rules)
        answer = asked(a_source(tmp_path, site.url + "/feed"), fetcher, clock, tmp_path)
        assert len(site.asked) == (state == "ok")
    assert answer.state == state
    assert state == "ok" or "robots.txt does not allow it" in answer.reason


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (404, "ok", ""),
        (403, "ok", ""),
        (503, "server_error", "/robots.txt: HTTP 503"),
        (500, "server_error", "/robots.txt: HTTP 500"),
    ],
)
def test_a_robots_txt_that_cannot_be_had(
    tmp_path: Path, clock: Clock, status: int, state: str, reason: str
) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        site.robots = Reply(b"no", status)
        answer = asked(a_source(tmp_path, site.url + "/feed"), fetcher, clock, tmp_path)
    assert answer.state == state and answer.reason.endswith(reason)


def test_with_leave_of_the_publisher_robots_txt_is_not_asked_for(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        site.robots = Reply(b"User-agent: *\nDisallow: /\nCrawl-delay: 40")
        source = a_source(tmp_path, site.url + "/feed", ask={"robots": False})
        assert asked(source, fetcher, clock, tmp_path).state == "ok"
        assert asked(source, fetcher, clock, tmp_path).state == "ok"
    assert clock.waits == [1]


def test_a_crawl_delay_goes_before_the_pace(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        site.robots = Reply(b"User-agent: *\nCrawl-delay: 7")
        source = a_source(tmp_path, site.url + "/feed")
        for _ in range(2):
            assert asked(source, fetcher, clock, tmp_path).state == "ok"
    assert clock.waits == [7]


def test_a_crawl_delay_of_minutes_allows_one_request_a_run(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock) as fetcher:
        site.robots = Reply(b"User-agent: *\nCrawl-delay: 600")
        source = a_source(tmp_path, site.url + "/feed")
        assert asked(source, fetcher, clock, tmp_path).state == "ok"
        second = asked(source, fetcher, clock, tmp_path)
    assert (second.state, clock.waits) == ("blocked", [])
    assert "robots.txt allows one request in 600 s" in second.reason


def test_robots_txt_is_kept_for_a_day_also_between_runs(tmp_path: Path, clock: Clock) -> None:
    seen = []
    with Site({"/feed": Reply(FEED)}) as site:
        source = a_source(tmp_path, site.url + "/feed")
        site.robots = Reply(b"User-agent: *\nDisallow: /feed")
        for hours, rules in ((0, None), (23, Reply(b"")), (2, None)):
            clock.seconds += hours * 3600
            site.robots = rules or site.robots
            with a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
                seen.append(asked(source, fetcher, clock, tmp_path).state)
    assert seen == ["blocked", "blocked", "ok"]


def test_an_old_robots_txt_holds_while_no_new_one_can_be_had(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(FEED)}) as site:
        source = a_source(tmp_path, site.url + "/feed")
        for reply, state in ((Reply(b"User-agent: *\nAllow: /"), "ok"), (Reply(b"", 503), "ok")):
            site.robots = reply
            with a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
                assert asked(source, fetcher, clock, tmp_path).state == state
            clock.seconds += 2 * 86_400


@pytest.mark.parametrize(
    "notes",
    [b"{", b"[]", b'{"127.0.0.1:1": 5}', b'{"a": {"robots": 1, "read_at": "x"}}', b'{"a": {"until": []}}'],
)
def test_damaged_notes_are_made_anew(tmp_path: Path, clock: Clock, notes: bytes) -> None:
    (tmp_path / "hosts.json").write_bytes(notes)
    with Site({"/feed": Reply(FEED)}) as site, a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
        assert asked(a_source(tmp_path, site.url + "/feed"), fetcher, clock, tmp_path).state == "ok"
    assert site.url.removeprefix("http://") in json.loads((tmp_path / "hosts.json").read_bytes())


# ── repetition ───────────────────────────────────────────────────────────────────────────────────


def test_the_pauses_grow_and_chance_moves_them(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(b"", 500)}) as site:
        source = a_source(tmp_path, site.url + "/feed")
        for chance in (0.0, 1.0):
            with Fetcher(pause=clock.pause, clock=clock, chance=lambda c=chance: c) as fetcher:  # type: ignore[misc]
                with pytest.raises(FetchError, match="HTTP 500"):
                    fetcher.get(source, site.url + "/feed")
    # What is left of the second between two requests is waited for as well.
    assert clock.waits == [0.25, 0.75, 0.75, 0.25, 0.75, 0.25, 2.25]


def test_the_site_is_asked_again_when_it_says(tmp_path: Path, clock: Clock) -> None:
    replies = iter([Reply(b"", 429, {"retry-after": "4"}), Reply(FEED)])
    with Site({"/feed": lambda handler, asked: next(replies)}) as site, a_fetcher(clock) as fetcher:
        answer = asked(a_source(tmp_path, site.url + "/feed"), fetcher, clock, tmp_path)
    assert (answer.state, sum(clock.waits)) == ("ok", 4)


def test_a_long_retry_after_holds_in_later_runs_too(tmp_path: Path, clock: Clock) -> None:
    busy = Reply(b"", 503, {"retry-after": "7200"})
    states = []
    with Site({"/feed": busy}) as site:
        source = a_source(tmp_path, site.url + "/feed")
        for minutes in (0, 60, 61):
            clock.seconds += 60 * minutes
            with a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
                states.append(asked(source, fetcher, clock, tmp_path))
            site.answers["/feed"] = Reply(FEED)
        assert len(site.asked) == 2
    assert [one.state for one in states] == ["server_error", "server_error", "ok"]
    assert "HTTP 503, with the wish to be left alone for 7200 s" in states[0].reason
    assert states[1].reason == "127.0.0.1: asked not to be asked again before 2025-12-01 11:00 UTC"
    assert clock.waits == []


def test_a_pause_of_the_future_is_not_believed(tmp_path: Path, clock: Clock) -> None:
    """The clock was a year ahead when the site asked for an hour."""
    with Site({"/feed": Reply(b"", 503, {"retry-after": "3600"})}) as site:
        source = a_source(tmp_path, site.url + "/feed")
        clock.seconds += 365 * 86_400
        with a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
            assert asked(source, fetcher, clock, tmp_path).state == "server_error"
        clock.seconds -= 365 * 86_400
        site.answers["/feed"] = Reply(FEED)
        with a_fetcher(clock, tmp_path / "hosts.json") as fetcher:
            assert asked(source, fetcher, clock, tmp_path).state == "ok"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 30 "}, 30.0),
        ({"retry-after": "Mon, 01 Dec 2025 09:00:20 GMT"}, 20.0),
        ({"retry-after": "Mon, 01 Dec 2025 08:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 01 Dec 2025 09:00:20 GMT", "date": "Mon, 01 Dec 2025 09:00:15 GMT"}, 5.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "9" * 5000}, 999_999_999.0),
        ({}, None),
    ],
)
def test_what_retry_after_says(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, START.timestamp()) == seconds


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


class Versioned(Site):
    """A feed with an ETag of its content, or always the same one."""

    def __init__(self, lies: bool = False) -> None:
        super().__init__()
        self.content, self.lies = FEED, lies

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply:
        tag = '"same"' if self.lies else f'"{hash(self.content)}"'
        if asked.headers.get("if-none-match") == tag:
            return Reply(b"", 304, {"etag": tag})
        return Reply(self.content, headers={"etag": tag, "content-type": "application/atom+xml"})


@pytest.fixture
def versioned() -> Iterator[Versioned]:
    with Versioned() as site:
        yield site


def visit(site: Site, folder: Path, clock: Clock, load: bool = True, **more: Any) -> Poll:
    """One run: a poll, and the loading of what it brought."""
    visits = Visits(folder / "visits.json", more.pop("reader", ""))
    with a_fetcher(clock) as fetcher:
        answer = asked(a_source(folder, site.url + "/feed", **more), fetcher, clock, folder, visits)
    if load:
        note_loaded(Archive(folder / "archive"), [answer])
        visits.loaded()
    return answer


def test_what_is_unchanged_is_not_sent_again(tmp_path: Path, clock: Clock, versioned: Versioned) -> None:
    first, second = visit(versioned, tmp_path, clock), visit(versioned, tmp_path, clock)
    assert (first.state, len(first.pages)) == ("ok", 2)
    assert (second.state, second.reason, second.pages) == ("not_modified", "", ())
    states = [row["state"] for row in Archive(tmp_path / "archive").entries("fetch")]
    assert states == ["ok", "not_modified"]


def test_what_was_never_loaded_is_sent_again(tmp_path: Path, clock: Clock, versioned: Versioned) -> None:
    visit(versioned, tmp_path, clock, load=False)  # killed before it was loaded
    assert len(visit(versioned, tmp_path, clock).pages) == 2


@pytest.mark.parametrize("change", [{"zone": "UTC"}, {"reader": "other rules"}], ids=["record", "rules"])
def test_another_reading_wants_the_whole(
    tmp_path: Path, clock: Clock, versioned: Versioned, change: dict[str, str]
) -> None:
    visit(versioned, tmp_path, clock)
    assert visit(versioned, tmp_path, clock, **change).state == "ok"


@pytest.mark.parametrize(("passed", "state"), [(23, "not_modified"), (24, "ok"), (-1, "ok")])
def test_the_whole_is_read_once_a_day_and_when_the_clock_was_set_back(
    tmp_path: Path, clock: Clock, versioned: Versioned, passed: int, state: str
) -> None:
    visit(versioned, tmp_path, clock)
    clock.seconds += timedelta(hours=passed).total_seconds()
    assert visit(versioned, tmp_path, clock).state == state


def test_what_could_not_be_read_is_asked_for_again(
    tmp_path: Path, clock: Clock, versioned: Versioned
) -> None:
    versioned.content = FEED.replace(
        b"&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>", b"</content></entry></feed>"
    )
    assert len(visit(versioned, tmp_path, clock).skipped) == 1
    assert visit(versioned, tmp_path, clock).state == "ok"


def test_an_unchanged_that_nobody_asked_for_is_refused(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(b"", 304)}) as site:
        answer = visit(site, tmp_path, clock)
    assert answer.state == "bad_content" and "HTTP 304" in answer.reason


# ── what a body may be packed with, and a proxy ──────────────────────────────────────────────────


@pytest.mark.parametrize(("coding", "pack"), [("br", brotli.compress), ("zstd", zstd.compress)])
def test_packed_bodies_are_unpacked(tmp_path: Path, clock: Clock, coding: str, pack: Any) -> None:
    with Site({"/feed": Reply(pack(FEED), headers={"content-encoding": coding})}) as site:
        with a_fetcher(clock) as fetcher:
            source = a_source(tmp_path, site.url + "/feed")
            assert fetcher.get(source, site.url + "/feed").body == FEED
        assert coding in site.asked[0].headers["accept-encoding"]


def test_the_limits_of_a_source_go_before_those_of_the_program(tmp_path: Path, clock: Clock) -> None:
    with Site({"/feed": Reply(bytes(2000))}) as site, a_fetcher(clock) as fetcher:
        source = a_source(tmp_path, site.url + "/feed", ask={"max_bytes": 1000})
        with pytest.raises(FetchError, match="more than 1,000 bytes") as caught:
            fetcher.get(source, site.url + "/feed")
    assert caught.value.state == "too_large"


def test_a_source_is_asked_through_its_proxy(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy is private, and the site is a name that nobody but the proxy could resolve."""
    monkeypatch.setenv("PROXY_PASSWORD", "secret")
    with Site({"http://feeds.invalid/feed": Reply(FEED)}) as proxy, a_fetcher(clock) as fetcher:
        proxy.answers["http://feeds.invalid/robots.txt"] = Reply(b"", 404)
        ask = {"proxy": f"http://me:${{PROXY_PASSWORD}}@127.0.0.1:{proxy.port}"}
        source = a_source(tmp_path, "http://feeds.invalid/feed", ask=ask)
        answer = asked(source, fetcher, clock, tmp_path)
        heads = [one.headers["proxy-authorization"] for one in proxy.asked]
    assert (answer.state, len(answer.pages)) == ("ok", 2)
    assert heads == ["Basic bWU6c2VjcmV0"] * 2 and "secret" not in repr(source)


def test_a_proxy_whose_secret_is_missing_is_a_mistake_of_the_configuration(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROXY_PASSWORD", raising=False)
    source = a_source(tmp_path, "http://a.test/feed", ask={"proxy": "http://me:${PROXY_PASSWORD}@p.test:1"})
    with a_fetcher(clock) as fetcher, pytest.raises(ConfigError, match="PROXY_PASSWORD is not set"):
        fetcher.get(source, "http://a.test/feed")
