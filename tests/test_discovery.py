"""How documents are found: feeds, listings, sitemaps, searches, with the guards that end each walk."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Asked, Item, Reply, Site, atom

from bilateral.clean import clean_all
from bilateral.config import Config
from bilateral.model import Poll
from bilateral.sources import Archive, Fetcher, poll
from bilateral.sources.decoding import decoded
from bilateral.sources.identity import canonical
from bilateral.sources.marks import note_loaded

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
XML = '<?xml version="1.0" encoding="UTF-8"?>'
MAP = f'{XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
INDEX = f'{XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def page(
    title: str, at: str = "26 November 2025, 14:30", body: str = "The presidents met in Bishkek."
) -> Reply:
    html = f"<html><body><nav><a href=/>Home</a></nav><h1>{title}</h1><time>{at}</time><div class=text><p>{body}</p></div></body></html>"
    return Reply(html.encode(), headers={"content-type": "text/html; charset=utf-8"})


READ: dict[str, Any] = {"title": "h1", "published": "time", "body": ".text"}


@dataclass
class Home:
    """A source of one local site, polled again and again."""

    folder: Path
    site: Site
    discover: Any
    read: Any = field(default_factory=lambda: READ)
    identity: dict[str, str] = field(default_factory=lambda: {"path": r"/(\d+)$"})
    now: datetime = NOW

    def config(self) -> Config:
        publisher = {"name": "X", "en": "X", "kind": "mfa"}
        record = {
            "id": "x-en",
            "publisher": publisher,
            "lang": "en",
            "zone": "Asia/Bishkek",
            "licence": "?",
            "every": "1 h",
        }
        more = {
            "discover": self.discover,
            "read": self.read,
            "identity": self.identity,
            "verified": "2025-11",
        }
        return Config.model_validate({"pairs": ["KGZ-RUS"], "sources": [record | more]})

    def poll(self) -> Poll:
        config, archive = self.config(), Archive(self.folder)
        with Fetcher("bilateral-test", pause=lambda _: None) as fetcher:
            polled = poll(config.sources[0], fetcher, archive, lambda: self.now, config, self.folder)
        note_loaded(archive, [polled])
        self.now += timedelta(hours=1)
        return polled

    def texts(self, polled: Poll) -> list[tuple[str, str, str]]:
        """Key, instant and text of what was brought."""
        articles, unread = clean_all(polled.pages, self.config())
        assert unread == []
        return [
            (a.key, f"{a.published_at:%Y-%m-%d %H:%M}" if a.published_at else "", a.text) for a in articles
        ]

    def asked(self) -> list[str]:
        """The paths that were asked since the last look."""
        paths = [one.path for one in self.site.asked]
        self.site.asked.clear()
        return paths


def keys(polled: Poll) -> list[str]:
    return [one.key.removeprefix("en:") for one in polled.pages]


# ── listings ─────────────────────────────────────────────────────────────────────────────────────


def listed(numbers: list[int], older: str = "") -> Reply:
    items = "".join(
        f'<div class=one><a href="/news/{n}"><h2>Talks {n}</h2></a><time>{26 - n // 10} November 2025, 10:{n % 60:02}</time></div>'
        for n in numbers
    )
    return Reply(f"<html><body><a href=/about>About</a>{items}{older}</body></html>".encode())


def news(site: Site, *numbers: int) -> None:
    site.answers.update({f"/news/{n}": page(f"Talks {n}") for n in numbers})


def test_a_listing_is_read_page_by_page_and_each_document_once(tmp_path: Path) -> None:
    with Site({"/list": listed([9, 8, 7]), "/list/2": listed([7, 6, 5]), "/list/3": listed([5, 4])}) as site:
        news(site, *range(4, 10))
        way = {"url": site.url + "/list", "item": ".one", "page": site.url + "/list/{n}", "published": "time"}
        home = Home(tmp_path, site, {"listing": way})
        first = home.poll()
        assert (first.state, first.skipped, keys(first)) == ("ok", (), ["9", "8", "7", "6", "5", "4"])
        assert home.texts(first)[0] == ("en:9", "2025-11-26 04:09", "Talks 9\nThe presidents met in Bishkek.")
        home.asked()
        site.answers["/list"] = listed([10, 9, 8])
        news(site, 10)
        assert keys(home.poll()) == ["10"]
        assert home.asked() == ["/list", "/list/2", "/news/10"]  # page 2 holds only what is known
        assert (home.poll().pages, home.asked()) == ((), ["/list"])


def test_links_without_items_are_chosen_by_their_address(tmp_path: Path) -> None:
    body = b"<a href='/news/1'>one</a><a href='/news/1#c'>one</a><a href='/tag/x'>tag</a><a href='https://other.kg/news/2'>2</a>"
    with Site({"/": Reply(b"<html><body>" + body + b"</body></html>")}) as site:
        news(site, 1)
        polled = Home(tmp_path, site, {"listing": {"url": site.url + "/", "only": r"/news/\d+"}}).poll()
    assert (polled.state, keys(polled), polled.skipped) == ("ok", ["1"], ())


def test_the_link_to_older_pages_is_followed_on_the_same_site_only(tmp_path: Path) -> None:
    older = "<a class=older href='{}'>older</a>"
    with Site({"/list": listed([9], older.format("/list?p=2"))}) as site:
        pages = {"p=2": listed([8], older.format("http://192.0.2.1/list?p=3"))}
        first = site.answers["/list"]
        site.answers["/list"] = lambda handler, asked: pages.get(asked.path.partition("?")[2], first)  # type: ignore[assignment,return-value]
        news(site, 9, 8)
        way = {"url": site.url + "/list", "item": ".one", "next": "a.older"}
        polled = Home(tmp_path, site, {"listing": way}).poll()
    assert (polled.state, keys(polled)) == ("ok", ["9", "8"])


def numbered_page(make: Callable[[int], Reply]) -> Callable[[BaseHTTPRequestHandler, Asked], Reply]:
    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> Reply:
        return make(int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1)

    return answer


@pytest.mark.parametrize(
    ("make", "settings", "asked"),
    [
        (lambda n: listed([3, 2, 1]), {}, 2),  # every page is the first one
        (lambda n: listed([3, 2, 1][:n] if n > 1 else [3, 2, 1]), {}, 2),  # nothing new on the second
        (lambda n: listed([100 - n]), {"pages": 4}, 4),  # pages without end: the ceiling
        (lambda n: listed([10 * n + 1]), {"pages": 50, "window": "8 days"}, 4),  # the window
        (lambda n: listed([3, 2]) if n == 1 else Reply(b"", 404), {}, 2),  # no page after the last
        (lambda n: listed([3, 2] if n == 1 else []), {}, 2),
    ],
    ids=["repeats", "no new ids", "ceiling", "window", "end", "empty"],
)
def test_a_walk_ends(
    tmp_path: Path, make: Callable[[int], Reply], settings: dict[str, Any], asked: int
) -> None:
    with Site({"/list": numbered_page(make)}) as site:
        news(site, *range(1, 120))
        way = {
            "url": site.url + "/list",
            "item": ".one",
            "published": "time",
            "page": site.url + "/list?p={n}",
        }
        home = Home(tmp_path, site, {"listing": way | settings})
        polled = home.poll()
        assert (polled.state, polled.skipped) == ("ok", ())
        assert len([path for path in home.asked() if path.startswith("/list")]) == asked


def test_a_gap_before_what_is_known_is_a_warning(tmp_path: Path) -> None:
    with Site({"/list": listed([3, 2, 1])}) as site:
        news(site, *range(1, 30))
        home = Home(tmp_path, site, {"listing": {"url": site.url + "/list", "item": ".one"}})
        assert home.poll().skipped == ()
        site.answers["/list"] = listed([9, 8, 7])
        [row] = home.poll().skipped
        assert row.reason.startswith("warning: nothing that was read before is met")
        site.answers["/list"] = listed([10, 9, 8])
        assert home.poll().skipped == ()


def test_a_listing_of_another_form_is_no_empty_day(tmp_path: Path) -> None:
    with Site({"/list": Reply(b"<html><body><p>New design</p></body></html>")}) as site:
        polled = Home(tmp_path, site, {"listing": {"url": site.url + "/list", "item": ".one"}}).poll()
    assert polled.state == "bad_content" and "no document is listed: '.one' finds nothing" in polled.reason


def test_deep_nesting_and_many_links_are_read(tmp_path: Path) -> None:
    many = "".join(f"<a href='/news/{n}'>n</a>" for n in range(20_000))
    with Site({"/list": Reply(f"<html><body>{'<div>' * 100}{many}</body></html>".encode())}) as site:
        news(site, *range(3))
        home = Home(
            tmp_path, site, {"listing": {"url": site.url + "/list", "only": "/news/"}}, READ | {"most": 2}
        )
        polled = home.poll()
    assert keys(polled) == ["0", "1"] and "19998 more documents wait" in polled.skipped[0].reason


def test_pages_that_cannot_be_read_are_named_and_the_others_come(tmp_path: Path) -> None:
    with Site({"/list": listed([5, 4, 3, 2, 1])}) as site:
        news(site, 5, 1)
        site.answers["/news/4"] = Reply(b"", 404)
        site.answers["/news/3"] = Reply(b"<html><body><nav>Menu</nav></body></html>")
        site.answers["/news/2"] = Reply(status=302, headers={"location": "/"})
        site.answers["/"] = page("Front page")
        home = Home(tmp_path, site, {"listing": {"url": site.url + "/list", "item": ".one"}})
        polled = home.poll()
        assert (polled.state, keys(polled)) == ("ok", ["5", "1"])
        reasons = [row.reason.removeprefix(site.url) for row in polled.skipped]
        assert reasons[0] == "/news/4: HTTP 404"
        assert "/news/3: the page has another form: '.text' finds nothing" in reasons[1]
        assert "sends its front page instead" in reasons[2]
        news(site, 4)
        home.asked()
        assert keys(home.poll()) == ["4"]  # asked for again, as are the other two
        assert home.asked() == ["/list", "/news/4", "/news/3", "/news/2", "/"]


def test_a_refusal_of_one_page_ends_the_fetching_and_the_rest_waits(tmp_path: Path) -> None:
    with Site({"/list": listed([4, 3, 2, 1])}) as site:
        news(site, 4, 2, 1)
        site.answers["/news/3"] = Reply(b"no", 403)
        home = Home(tmp_path, site, {"listing": {"url": site.url + "/list", "item": ".one"}})
        refused = home.poll()
        assert (refused.state, keys(refused)) == ("blocked", ["4"])
        assert home.asked() == ["/list", "/news/4", "/news/3"]
        news(site, 3)
        assert keys(home.poll()) == ["3", "2", "1"]


def test_one_poll_fetches_so_many_pages_and_says_how_many_wait(tmp_path: Path) -> None:
    with Site({"/list": listed([5, 4, 3, 2, 1])}) as site:
        news(site, *range(1, 6))
        home = Home(
            tmp_path, site, {"listing": {"url": site.url + "/list", "item": ".one"}}, READ | {"most": 2}
        )
        first = home.poll()
        assert keys(first) == ["5", "4"] and "3 more documents wait" in first.skipped[0].reason
        assert [keys(home.poll()) for _ in range(3)] == [["3", "2"], ["1"], []]


def test_young_pages_are_fetched_again(tmp_path: Path) -> None:
    with Site({"/list": listed([39, 1])}) as site:
        news(site, 39, 1)
        way = {"url": site.url + "/list", "item": ".one", "published": "time"}
        home = Home(tmp_path, site, {"listing": way}, READ | {"again": "6 days"})
        home.poll()
        site.answers["/news/1"] = page("Talks 1", body="The presidents met in Osh.")
        home.asked()
        assert home.texts(home.poll()) == [
            ("en:1", "2025-11-26 04:01", "Talks 1\nThe presidents met in Osh.")
        ]
        assert home.asked() == ["/list", "/news/1"]


# ── sitemaps ─────────────────────────────────────────────────────────────────────────────────────


def url(site: Site, number: int, day: int, news: bool = False) -> str:
    told = (
        "<news:news><news:publication><news:name>X</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>2025-11-{day}T10:00:00+06:00</news:publication_date><news:title>T {number}</news:title></news:news>"
    )
    return f"<url><loc>{site.url}/news/{number}</loc><lastmod>2025-11-{day}</lastmod>{told if news else ''}</url>"


def test_a_sitemap_brings_the_latest_first_and_leaves_out_what_is_old(tmp_path: Path) -> None:
    with Site() as site:
        body = (
            MAP
            + url(site, 1, 10)
            + url(site, 2, 28)
            + url(site, 3, 27)
            + "<url><loc>https://other.kg/4</loc></url></urlset>"
        )
        site.answers = {"/map.xml": Reply(body.encode())}
        news(site, 1, 2, 3)
        polled = Home(tmp_path, site, {"sitemap": {"url": site.url + "/map.xml", "window": "7 days"}}).poll()
    assert (polled.state, keys(polled)) == ("ok", ["2", "3"])
    assert [row.where for row in polled.skipped] == ["https://other.kg/4"]


def test_a_news_sitemap_says_title_and_time(tmp_path: Path) -> None:
    with Site() as site:
        site.answers = {"/map.xml": Reply((MAP + url(site, 1, 28, news=True) + "</urlset>").encode())}
        site.answers["/news/1"] = page("Talks", at="")
        home = Home(tmp_path, site, {"sitemap": site.url + "/map.xml"}, {"body": ".text"})
        assert home.texts(home.poll()) == [
            ("en:1", "2025-11-28 04:00", "T 1\nThe presidents met in Bishkek.")
        ]


def test_an_index_leads_to_its_sitemaps_packed_or_not(tmp_path: Path) -> None:
    with Site() as site:
        names = "".join(
            f"<sitemap><loc>{site.url}/{name}</loc></sitemap>"
            for name in ("news-1.xml", "news-2.xml.gz", "video.xml")
        )
        site.answers = {"/index.xml": Reply((INDEX + names + "</sitemapindex>").encode())}
        site.answers["/news-1.xml"] = Reply((MAP + url(site, 1, 28) + "</urlset>").encode())
        site.answers["/news-2.xml.gz"] = Reply(gzip.compress((MAP + url(site, 2, 27) + "</urlset>").encode()))
        news(site, 1, 2)
        home = Home(tmp_path, site, {"sitemap": {"url": site.url + "/index.xml", "maps": "/news-"}})
        assert sorted(keys(home.poll())) == ["1", "2"]
        assert "/video.xml" not in home.asked()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Not found</body></html>", "no sitemap"),
        (b"<urlset", "no sitemap"),
        (b"\x1f\x8bno gzip", "no gzip"),
        (b"<!DOCTYPE x [<!ENTITY a 'aaa'>]><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>&a;</urlset>", "no sitemap"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_said(tmp_path: Path, body: bytes, reason: str) -> None:
    with Site({"/map.xml": Reply(body)}) as site:
        polled = Home(tmp_path, site, {"sitemap": site.url + "/map.xml"}).poll()
    assert polled.state == "bad_content" and reason in polled.reason


# ── feeds ────────────────────────────────────────────────────────────────────────────────────────


def items(site: Site, *numbers: int, text: str = "<p>They met.</p>") -> bytes:
    rows = [Item(n, f"Talks {n}", text, f"2025-11-{n:02}T10:00:00+06:00") for n in numbers]
    return atom(rows, site.url)


def test_older_pages_of_a_feed_are_found_by_the_template(tmp_path: Path) -> None:
    with Site() as site:
        site.answers = {
            "/feed": Reply(items(site, 9, 8)),
            "/feed/page/2": Reply(items(site, 8, 7)),
            "/feed/page/3": Reply(items(site)),
        }
        home = Home(
            tmp_path, site, {"feed": {"url": site.url + "/feed", "page": site.url + "/feed/page/{n}"}}
        )
        assert keys(home.poll()) == ["9", "8", "7"]
        assert home.asked() == ["/feed", "/feed/page/2", "/feed/page/3"]


def test_a_json_feed_is_read_with_its_older_pages(tmp_path: Path) -> None:
    def feed(number: int, **more: str) -> Reply:
        item = {
            "id": str(number),
            "url": f"/news/{number}",
            "title": f"Talks {number}",
            "content_html": "<p>They met.</p>",
        }
        rows = [item | {"date_published": "2025-11-26T10:00:00+06:00"}, {"id": "nothing"}]
        return Reply(
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": rows} | more).encode()
        )

    with Site({"/feed.json": feed(2, next_url="/feed.json/2"), "/feed.json/2": feed(1)}) as site:
        home = Home(tmp_path, site, {"feed": site.url + "/feed.json"})
        polled = home.poll()
        assert [text for _, _, text in home.texts(polled)] == ["Talks 2\nThey met.", "Talks 1\nThey met."]
    assert {row.reason for row in polled.skipped} == {"an entry without a text"}


def test_the_page_is_fetched_as_well_where_the_source_says_so_and_the_feed_stands_in(tmp_path: Path) -> None:
    with Site() as site:
        site.answers = {"/feed": Reply(items(site, 3, 2, 1, text="<p>Summary.</p>"))}
        site.answers |= {
            f"/events/president/news/{n}": page(f"Talks {n}", at=f"{n} November 2025") for n in (3, 1)
        }
        home = Home(tmp_path, site, {"feed": site.url + "/feed"}, READ | {"page": True})
        first = home.texts(home.poll())
        assert first[0] == (
            "en:3",
            "2025-11-03 04:00",
            "Talks 3\nThe presidents met in Bishkek.",
        )  # the clock of the feed
        assert first[1] == ("en:2", "2025-11-02 04:00", "Talks 2\nSummary.")
        site.answers["/events/president/news/2"] = page("Talks 2")
        home.asked()
        assert [text for *_, text in home.texts(home.poll())] == ["Talks 2\nThe presidents met in Bishkek."]
        assert home.asked() == ["/feed", "/events/president/news/2"]
        assert home.poll().pages == ()


def test_read_page_in_one_word(tmp_path: Path) -> None:
    with Site() as site:
        home = Home(tmp_path, site, {"feed": site.url + "/feed"}, "page")
        read = home.config().sources[0].read
    assert read is not None and read.page and read.body is None


def test_several_ways_bring_one_document_once_and_a_dead_one_is_named(tmp_path: Path) -> None:
    with Site() as site:
        site.answers = {"/feed": Reply(items(site, 2, 1)), "/list": listed([3, 2])}
        news(site, 3, 2)
        ways = [
            {"feed": site.url + "/feed"},
            {"feed": site.url + "/gone"},
            {"listing": {"url": site.url + "/list", "item": ".one"}},
        ]
        polled = Home(tmp_path, site, ways).poll()
    assert (polled.state, sorted(keys(polled))) == ("ok", ["1", "2", "3"])
    assert [row.reason for row in polled.skipped] == [f"{site.url}/gone: HTTP 404"]


def test_where_all_ways_are_dead_the_source_is(tmp_path: Path) -> None:
    with Site() as site:
        polled = Home(tmp_path, site, [{"feed": site.url + "/a"}, {"feed": site.url + "/b"}]).poll()
    assert (polled.state, polled.pages) == ("gone", ())


# ── searches ─────────────────────────────────────────────────────────────────────────────────────


def test_a_search_by_get_has_the_page_in_its_address(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> Reply:
        number = int(asked.path.rpartition("p=")[2])
        rows = [
            {
                "id": 10 - number,
                "t": f"Talks {number}",
                "d": "2025-11-26 10:00",
                "x": {"y": "<p>They met.</p>"},
            }
        ]
        return Reply(json.dumps({"rows": rows if number < 3 else []}).encode())

    with Site({"/api": answer}) as site:
        query = {
            "url": site.url + "/api?lang=en",
            "page": "p",
            "first": 1,
            "pages": 9,
            "items": "rows",
            "id": "id",
        }
        query |= {"title": "t", "published": "d", "link": site.url + "/news/{id}"}
        home = Home(tmp_path, site, {"json": query}, {"body": "x.y", "drop": ["b"]})
        assert keys(home.poll()) == ["9", "8"]
        assert home.asked() == ["/api?lang=en&p=1", "/api?lang=en&p=2", "/api?lang=en&p=3"]


# ── encodings and identity ───────────────────────────────────────────────────────────────────────

RUSSIAN = "Президенты Кыргызстана и России провели переговоры в Бишкеке, обсудили торговлю и транспорт."


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (RUSSIAN.encode(), "text/html; charset=windows-1251"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=utf-8"),
        (RUSSIAN.encode("cp1251"), "text/html"),
        (RUSSIAN.encode("koi8-r"), "text/html; charset=KOI8-R"),
        (RUSSIAN.encode("koi8-r"), ""),
        (b"<meta charset='koi8-r'>" + RUSSIAN.encode("koi8-r"), "text/html"),
        (RUSSIAN.encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "text/html; charset=no-such"),
    ],
)
def test_a_text_is_decoded_whatever_is_declared(body: bytes, declared: str) -> None:
    assert decoded(body, declared).endswith(RUSSIAN)


@given(st.binary(max_size=300), st.text(max_size=60))
def test_anything_can_be_decoded(body: bytes, declared: str) -> None:
    assert isinstance(decoded(body, declared), str)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.mid.ru/ru/news/1/", "https://mid.ru/ru/news/1"),
        ("https://mid.ru:443/ru/./a/../news/1?utm_source=x#top", "https://mid.ru/ru/news/1"),
        ("https://mid.ru/%7euser/%d0%bf", "https://mid.ru/~user/п"),
        ("https://MID.ru./ru", "https://mid.ru/ru"),
        ("http://xn--e1ajeds9e.xn--p1ai/a", "http://кремль.рф/a"),
    ],
)
def test_two_addresses_of_one_document(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@given(st.text(alphabet="ab/.%2e7Eп?=&#:[] ", max_size=40))
def test_canonical_twice_is_canonical_once(path: str) -> None:
    once = canonical(f"https://example.org/{path}")
    assert canonical(f"https://{once}") == once or not once.startswith("example.org")
