"""The table of faults, 11 to 34: what the answers hold. docs/fetching.md lists them all.

Each row says what the faulty source is left with; that the next source was read is asserted by the cage, which
also kills what hangs and bounds the memory. Where a document is at fault, the document beside it is read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from homes import feed
from hostile import Cage, Doing, Left
from servers import Item, Reply, Site, atom

from bilateral.sources import Archive, Limits
from bilateral.sources.answers import overgrown
from bilateral.sources.decoding import as_utf8

HTML = {"content-type": "text/html; charset=utf-8"}
XML = {"content-type": "application/xml"}
TALKS = "В Бишкеке состоялись переговоры Президента России с Президентом Киргизии, речь шла о торговле и энергетике. "
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECRET = "root:x:0:0"  # the beginning of /etc/passwd


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cage]:
    cage = Cage(tmp_path_factory.mktemp("cage"))
    with cage.fine:
        yield cage
    cage.close()


def fed(cage: Cage, folder: Path, content: bytes, headers: Mapping[str, str] = XML, **doing: Any) -> Left:
    """What is left of a feed with this content."""
    with Site({"/feed": Reply(content, headers=headers)}) as site:
        return cage.run(folder, feed("bad", site.url + "/feed"), doing=Doing(**doing))["bad"]


def entry(
    number: object, inside: str = "", title: str = "Talks", date: str = "2025-11-26T10:00:00+03:00"
) -> str:
    link = f"<link href='http://en.kremlin.ru/news/{number}'/><id>http://en.kremlin.ru/news/{number}</id>"
    told = f"<content type='html'>They met {number}.</content><updated>{date}</updated>"
    return f"<entry><title>{title} {number}</title>{link}{told}{inside}</entry>"


def atom_of(*entries: str, head: str = "", inside: str = "") -> bytes:
    top = "<?xml version='1.0' encoding='utf-8'?>"
    return f"{top}{head}<feed xmlns='http://www.w3.org/2005/Atom'>{inside}{''.join(entries)}</feed>".encode()


def titles(left: Left) -> list[str]:
    return [text.splitlines()[0] for text in left.texts]


def document(title: str, body: str = "", head: str = "") -> str:
    """A page with a text, and what is at fault beside it."""
    text = f"<article><h1>{title}</h1><p>{TALKS * 4}</p></article>"
    return f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{text}{body}</body></html>"


def listed(cage: Cage, folder: Path, *pages: bytes | Reply, **doing: Any) -> Left:
    """What is left of a list with these pages and a last one that is in order."""
    numbers = range(1, len(pages) + 2)
    index = "".join(f"<li><a href='/news/{n}'>Page {n}</a></li>" for n in numbers)
    answers = {"/list": Reply(f"<html><body>{index}</body></html>".encode(), headers=HTML)}
    for number, page in zip(numbers, (*pages, document("Next").encode()), strict=True):
        answers[f"/news/{number}"] = page if isinstance(page, Reply) else Reply(page, headers=HTML)
    with Site(answers) as site:
        record = feed("bad", "", lang="ru", discover={"listing": {"url": site.url + "/list", "item": "li"}})
        left = cage.run(folder, record, doing=Doing(**doing))["bad"]
        assert len(site.asked) == len(pages) + 2
    assert left.state == "ok" and titles(left)[-1] == "Next", left
    return left


# ── 11 to 13: feeds that keep a parser busy ──────────────────────────────────────────────────────


def laughs(levels: int) -> str:
    lines = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    return f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{"".join(lines)}]>'


def test_11_an_entity_bomb_in_a_feed(cage: Cage, tmp_path: Path) -> None:
    bomb = atom_of(entry(1, title="&l9;"), entry(2), head=laughs(10))
    left = fed(cage, tmp_path, bomb)
    assert left.state == "ok" and "Talks 2" in titles(left)
    assert not any("lol" in text for text in left.texts)


def test_11_an_entity_bomb_in_a_sitemap(cage: Cage, tmp_path: Path) -> None:
    bomb = f"<?xml version='1.0'?>{laughs(10)}<urlset xmlns='{SPACE}'><url><loc>&l9;</loc></url></urlset>"
    with Site({"/map.xml": Reply(bomb.encode(), headers=XML)}) as site:
        left = cage.run(tmp_path, feed("bad", "", discover={"sitemap": site.url + "/map.xml"}))["bad"]
    assert (left.state, left.health, left.texts) == ("bad_content", "changed", ())


def test_12_an_entity_of_a_file_or_an_address(cage: Cage, tmp_path: Path) -> None:
    with Site({"/secret": Reply(b"the secret of the inner service")}) as inner:
        head = (
            f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY w SYSTEM "{inner.url}/secret">]>'
        )
        left = fed(cage, tmp_path, atom_of(entry(1, title="&f;&w;"), entry(2), head=head))
        assert inner.asked == []
    assert left.state == "ok" and "Talks 2" in titles(left)
    assert not any(SECRET in text or "secret" in text for text in left.texts)


def test_13_an_author_that_feedparser_takes_for_ever_to_read(cage: Cage, tmp_path: Path) -> None:
    author = "<author>" + "a" * 40_000 + "</author>"
    slow = f"<rss version='2.0'><channel><item>{author}<title>Talks</title></item></channel></rss>"
    left = fed(cage, tmp_path, slow.encode(), parsing=1.5)
    assert (left.state, left.health, left.texts) == ("bad_content", "changed", ())
    assert "not parsed in 2 s" in left.reason


# ── 14 to 20: markup without measure ─────────────────────────────────────────────────────────────


FLOODS = ["<!--", "<!-- -->", "<!", "<!-- x --", "--><!--"]


def test_14_a_flood_of_comments(cage: Cage, tmp_path: Path) -> None:
    pages = [document(f"Flooded {n}", flood * 60_000).encode() for n, flood in enumerate(FLOODS)]
    left = listed(cage, tmp_path / "pages", *pages)
    assert titles(left)[:-1] == [f"Flooded {n}" for n in range(len(FLOODS))]
    for number, flood in enumerate(FLOODS):
        told = fed(cage, tmp_path / f"feed{number}", atom_of(entry(1), flood * 60_000, entry(2)))
        assert (told.state, titles(told)[:1]) in (("ok", ["Talks 1"]), ("bad_content", []))


def test_15_nesting_a_hundred_thousand_deep(cage: Cage, tmp_path: Path) -> None:
    deep = "<div>" * 100_000 + "deep" + "</div>" * 100_000
    listed(cage, tmp_path / "page", document("Deep", deep).encode())
    left = fed(cage, tmp_path / "feed", atom_of(entry(1), "<a>" * 100_000 + "</a>" * 100_000, entry(2)))
    assert left.state in ("ok", "bad_content")
    rows = b'{"rows": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = searched(cage, tmp_path / "json", rows)
    assert (answer.state, answer.health) == ("bad_content", "changed") and "no JSON" in answer.reason


def test_16_a_body_that_is_a_path(cage: Cage, tmp_path: Path) -> None:
    """feedparser and trafilatura open what looks like a path."""
    paths = [b"/etc/passwd", b"file:///etc/passwd", b"../../../../etc/passwd"]
    for number, path in enumerate(paths):
        left = fed(cage, tmp_path / str(number), path, {})
        assert (left.state, left.health) == ("bad_content", "changed")
        assert "something else instead of a feed" in left.reason
    page = listed(cage, tmp_path / "pages", *paths)
    assert titles(page) == ["Next"] and len(page.skipped) == 3
    assert not any(SECRET in text for text in page.texts)


def test_17_a_body_that_is_an_address(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": Reply(atom_of(entry(1))), "/page": Reply(document("Inner").encode())}) as inner:
        left = fed(cage, tmp_path / "feed", f"{inner.url}/feed".encode(), {})
        page = listed(cage, tmp_path / "page", f"{inner.url}/page".encode())
        assert inner.asked == []
    assert (left.state, left.health, left.texts) == ("bad_content", "changed", ())
    assert titles(page) == ["Next"] and len(page.skipped) == 1


def test_18_a_tag_with_forty_thousand_attributes(cage: Cage, tmp_path: Path) -> None:
    many = " ".join(f"a{n}='1'" for n in range(40_000))
    bare = " ".join(f"a{n}" for n in range(40_000))
    close = "".join(f"a{n}='>'" for n in range(40_000))
    slashes = "/".join(f"a{n}" for n in range(40_000))
    pages = [document("Many", f"<p {tag}>x</p>").encode() for tag in (many, bare, close, slashes)]
    left = listed(cage, tmp_path / "page", *pages)
    assert titles(left) == ["Next"]
    assert all("a tag with attributes by the thousand" in reason for reason in left.skipped)
    inside = f"<content type='html'>&lt;p {many[:60_000]}&gt;They met.&lt;/p&gt;</content>"
    told = fed(cage, tmp_path / "feed", atom_of(entry(1, inside), entry(2)))
    assert told.state == "ok" and titles(told) == ["Talks 1", "Talks 2"]


def test_18_a_long_tag_is_no_fault() -> None:
    """Applications put all that they know into one attribute."""
    state = "{&quot;url&quot;: &quot;/a?b=1&c=2&quot;} " * 20_000
    assert not overgrown(f"<html><body><div id='app' data-page='{state}'></div></body></html>".encode())
    assert not overgrown(b"text / = " * 100_000) and not overgrown(b"<!-- a=1 " * 100_000)
    assert overgrown(b"<p " + b"a=1 " * 3_000)


def test_19_a_page_with_a_hundred_thousand_links(cage: Cage, tmp_path: Path) -> None:
    links = "".join(f"<a href='/{n}'>{n}</a>" for n in range(100_000))
    limits = Limits(total=10, attempt=10, body=5_000_000)
    left = listed(cage, tmp_path, document("Links", links).encode(), limits=limits, cleaning=8.0)
    assert titles(left)[:-1] == ["Links"] or "not cleaned in 8 s" in left.skipped


def test_19_a_list_with_a_hundred_thousand_links(cage: Cage, tmp_path: Path) -> None:
    links = "".join(f"<a href='/{n}'>{n}</a>" for n in range(100_000))
    limits = Limits(total=10, attempt=10, body=5_000_000)
    with Site({"/list": Reply(f"<html><body>{links}</body></html>".encode(), headers=HTML)}) as site:
        record = feed("bad", "", discover={"listing": site.url + "/list"}, read={"most": 5})
        left = cage.run(tmp_path, record, doing=Doing(limits=limits))["bad"]
        assert len(site.asked) < 10  # no more than one poll may fetch
    assert left.texts == ()


def test_20_tags_nested_as_deep_as_the_parser_allows(cage: Cage, tmp_path: Path) -> None:
    """libxml2 stops at 256: the text of such a page is read, and one that is deeper does no harm."""
    pages = []
    for depth in (200, 300):
        deep = "<div>" * depth + f"<p>{TALKS * 4}</p>" + "</div>" * depth
        pages.append(f"<html><head><title>Deep {depth}</title></head><body>{deep}</body></html>".encode())
    left = listed(cage, tmp_path, *pages)
    assert any(text.startswith("Deep 200") and TALKS.strip() in text for text in left.texts), left


# ── 21 to 24: characters ─────────────────────────────────────────────────────────────────────────


def searched(cage: Cage, folder: Path, body: bytes) -> Left:
    """What is left of a search with this answer."""
    way = {
        "items": "rows",
        "id": "id",
        "title": "t",
        "published": "d",
        "link": "http://en.kremlin.ru/news/{id}",
    }
    with Site({"/search": Reply(body, headers={"content-type": "application/json"})}) as site:
        record = feed("bad", "", discover={"json": way | {"url": site.url + "/search"}}, read={"body": "b"})
        return cage.run(folder, record)["bad"]


def row(number: object, **more: object) -> dict[str, object]:
    return {"id": number, "t": f"Talks {number}", "d": "2025-11-26T10:00:00", "b": "<p>They met.</p>"} | more


def test_21_lone_surrogates_and_nuls(cage: Cage, tmp_path: Path) -> None:
    rows = [row(1, t="Ta\ud800l\u0000ks 1", b="<p>They \udfff met\u0000 now.</p>"), row("2\ud800"), row(3)]
    left = searched(cage, tmp_path / "json", json.dumps({"rows": rows}).encode())
    assert left.state == "ok" and titles(left)[:1] == ["Talks 1"] and titles(left)[-1] == "Talks 3"
    assert "They met now." in left.texts[0]
    bad = atom_of(entry(1)).replace(b"Talks 1", b"Ta\x00lk\xed\xa0\x80s 1")  # a surrogate as CESU-8
    told = fed(cage, tmp_path / "feed", bad)
    assert told.state == "ok" and len(told.texts) == 1
    page = listed(
        cage, tmp_path / "page", document("Nul").replace("Nul", "N\x00ul").encode() + b"\x00\xed\xa0\x80"
    )
    assert page.state == "ok" and "Next" in titles(page)


# What is written, and what is declared: rows 22 and 23, and 24 declared, undeclared and declared wrongly.
ENCODINGS = [
    ("cp1251", "utf-8"),
    ("utf-8", "windows-1251"),
    ("koi8-r", "koi8-r"),
    ("koi8-r", ""),
    ("koi8-r", "cp1251"),
]


@pytest.mark.parametrize("where", ["inside", "header"])
def test_22_23_24_one_encoding_declared_and_another_sent(cage: Cage, tmp_path: Path, where: str) -> None:
    title, pages, feeds = "Переговоры в Бишкеке", [], {}
    for number, (written, declared) in enumerate(ENCODINGS):
        header = f"; charset={declared}" if declared and where == "header" else ""
        inside = declared if where == "inside" else ""
        meta = f"charset='{inside}'" if inside else "name='x'"
        page = document(f"{title} {number}").replace("charset='utf-8'", meta).encode(written)
        pages.append(Reply(page, headers={"content-type": f"text/html{header}"}))
        top = f"<?xml version='1.0' encoding='{inside}'?>" if inside else "<?xml version='1.0'?>"
        told = atom([Item(number, title, f"<p>{TALKS}</p>", "2025-11-26T10:00:00+03:00")]).decode()
        content = (top + told.partition("?>")[2]).encode(written)
        feeds[f"/{number}"] = Reply(content, headers={"content-type": f"application/xml{header}"})
    left = listed(cage, tmp_path / "pages", *pages)
    assert titles(left) == [*(f"{title} {number}" for number in range(len(ENCODINGS))), "Next"]
    assert all(TALKS.strip() in text for text in left.texts)
    with Site(feeds) as site:
        records = [feed(f"bad{path[1:]}", site.url + path) for path in feeds]
        found = cage.run(tmp_path / "feeds", *records)
    assert [found[record["id"]].texts for record in records] == [(f"{title}\n{TALKS.strip()}",)] * len(
        ENCODINGS
    )


def test_22_23_24_other_scripts_are_left_as_they_are() -> None:
    french = "<p>Le Président a été reçu à l'Élysée; déclaration commune à l'été</p>"
    assert as_utf8(french.encode("cp1252"), "text/html; charset=utf-8")[0].decode() == french
    assert as_utf8(french.encode("latin-1"), "text/html")[0].decode() == french
    kyrgyz = "<p>Президент Садыр Жапаров жолугушуу өткөрдү, үчүнчү күн</p>"
    assert as_utf8(kyrgyz.encode(), "text/html; charset=windows-1251") == (
        kyrgyz.encode(),
        "text/html; charset=utf-8",
    )
    marked = "\ufeff<p>text</p>".encode("utf-16-le")
    assert as_utf8(marked, "text/html; charset=utf-8")[0] == marked
    cut = "переговоры".encode()[:-1]
    assert as_utf8(cut, "")[0].decode() == "перегово\u0440\ufffd"


# ── 25 to 29: feeds that are none, or half ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "state", "health"),
    [
        ("<!doctype html><html><body><h1>Новости</h1></body></html>", "bad_content", "changed"),
        ("<html><body>Включите JavaScript</body></html>", "challenged", "blocked"),
        ("<html><script src='/cdn-cgi/challenge-platform/h'></script></html>", "challenged", "blocked"),
    ],
)
def test_25_a_page_where_the_feed_was(cage: Cage, tmp_path: Path, body: str, state: str, health: str) -> None:
    left = fed(cage, tmp_path, body.encode(), HTML)
    assert (left.state, left.health, left.texts) == (state, health, ())


def test_26_half_a_feed(cage: Cage, tmp_path: Path) -> None:
    whole = atom_of(*(entry(n) for n in range(1, 10)))
    for cut in (whole.rindex(b"<entry>") + 30, whole.rindex(b"</entry>"), len(whole) - 3):
        left = fed(cage, tmp_path / str(cut), whole[:cut])
        assert left.state == "ok" and titles(left)[:8] == [f"Talks {n}" for n in range(1, 9)]
        assert any("ill-formed" in reason for reason in left.skipped)


@pytest.mark.parametrize("status", [200, 204])
def test_27_an_empty_answer(cage: Cage, tmp_path: Path, status: int) -> None:
    for number, body in enumerate((b"", b" \n\t ")):
        with Site({"/feed": Reply(body if status == 200 else b"", status)}) as site:
            left = cage.run(tmp_path / str(number), feed("bad", site.url + "/feed"))["bad"]
        assert (left.state, left.health) == ("bad_content", "changed")
        assert "an empty answer instead of a feed" in left.reason
    assert searched(cage, tmp_path / "json", b"").state == "bad_content"
    page = listed(cage, tmp_path / "page", b"")
    assert titles(page) == ["Next"] and len(page.skipped) == 1


def test_28_entries_without_an_id(cage: Cage, tmp_path: Path) -> None:
    """The address is the identity; an entry with neither is named."""
    rss = "<rss version='2.0'><channel>{}</channel></rss>"
    item = "<item><title>{0}</title>{1}<description>They met {0}.</description></item>"
    links = ["<link>http://en.kremlin.ru/news/1</link>", "<guid isPermaLink='false'>x</guid>", "", "<link/>"]
    told = [item.format(n, link) for n, link in enumerate(links)]
    told.append(item.format("9", "<link>http://en.kremlin.ru/news/9</link>"))
    left = fed(cage, tmp_path, rss.format("".join(told)).encode())
    assert left.state == "ok" and titles(left) == ["0", "9"]
    assert len(left.skipped) == 3


def test_29_one_id_for_different_documents(cage: Cage, tmp_path: Path) -> None:
    """What lies at different addresses is different; the same address twice is taken once, and named."""
    same = [entry(n).replace(f"<id>http://en.kremlin.ru/news/{n}</id>", "<id>always</id>") for n in (1, 2, 2)]
    left = fed(cage, tmp_path, atom_of(*same))
    assert left.state == "ok" and titles(left) == ["Talks 1", "Talks 2"]
    assert left.skipped == ("the feed names this document twice: the first is taken",)


# ── 30 to 32: dates ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("2099-01-01T00:00:00Z", None),
        ("2025-02-31T10:00:00Z", None),
        ("2025-11-26T25:61:00Z", None),
        ("99999999999999999999", None),
        ("tomorrow", None),
        ("Wed, 31 Feb 2025 99:99:99 +9999", None),
        # 31: without a zone it is the clock of the source, Europe/Moscow here
        ("2025-11-26T10:00:00", "2025-11-26T07:00"),
        ("Wed, 26 Nov 2025 10:00:00", "2025-11-26T07:00"),
        ("26.11.2025 10:00", "2025-11-26T07:00"),
        # 32: in words
        ("26 ноября 2025 года, 10:00", "2025-11-26T07:00"),
        ("26 ноября 2025 г. 10:00", "2025-11-26T07:00"),
        ("среда, 26 ноября 2025, 10:00", "2025-11-26T07:00"),
    ],
)
def test_30_31_32_dates(cage: Cage, tmp_path: Path, printed: str, expected: str | None) -> None:
    left = fed(cage, tmp_path, atom_of(entry(1, date=printed), entry(2)))
    at = datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None
    assert left.state == "ok" and titles(left) == ["Talks 1", "Talks 2"]
    assert left.published == (at, datetime(2025, 11, 26, 7, 0, tzinfo=UTC))


# ── 33 and 34: addresses and ids ─────────────────────────────────────────────────────────────────


LINKS = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@b",
    "http://[::1",
    "http://",
    "//",
]
LINKS += ["http://en.kremlin.ru:99999999/1", "http://en.kremlin.ru:x/1", "http://\u2100.test/"]


def test_33_addresses_that_lead_nowhere(cage: Cage, tmp_path: Path) -> None:
    """In a feed, in a list and in a sitemap: named, never asked, never shown."""
    entries = [entry(1).replace("http://en.kremlin.ru/news/1", link) for link in LINKS]
    left = fed(cage, tmp_path / "feed", atom_of(*entries, entry(2)))
    assert (left.state, titles(left), len(left.skipped)) == ("ok", ["Talks 2"], len(LINKS))
    index = "".join(f"<li><a href='{link}'>Link</a></li>" for link in (*LINKS, "/news/2"))
    answers = {"/list": Reply(f"<html><body>{index}</body></html>".encode(), headers=HTML)}
    answers["/news/2"] = Reply(document("Next").encode(), headers=HTML)
    with Site(answers) as site:
        record = feed("bad", "", discover={"listing": {"url": site.url + "/list", "item": "li"}})
        page = cage.run(tmp_path / "list", record)["bad"]
        rows = "".join(f"<url><loc>{link}</loc></url>" for link in (*LINKS, f"{site.url}/news/2"))
        site.answers["/map"] = Reply(f"<urlset xmlns='{SPACE}'>{rows}</urlset>".encode(), headers=XML)
        mapped = cage.run(tmp_path / "map", feed("bad", "", discover={"sitemap": site.url + "/map"}))["bad"]
        assert [one.path for one in site.asked] == ["/list", "/news/2", "/map", "/news/2"]
    assert (page.state, titles(page), len(page.skipped)) == ("ok", ["Next"], len(LINKS))
    assert (mapped.state, titles(mapped)) == ("ok", ["Next"])


IDS = ["../../../../../../tmp/escaped", "..\\..\\escaped", "/etc/cron.d/escaped", "a/../../b", "%2e%2e%2f"]


def test_34_ids_that_climb_out_of_the_folder(cage: Cage, tmp_path: Path) -> None:
    left = searched(cage, tmp_path / "json", json.dumps({"rows": [row(one) for one in (*IDS, 2)]}).encode())
    assert left.state == "ok" and len(left.texts) == len(IDS) + 1
    # One step below news/, whatever the id is.
    assert all(re.fullmatch(r"http://en\.kremlin\.ru/news/[\w.%-]+", url) for url in left.urls)
    told = fed(cage, tmp_path / "feed", atom_of(*(entry(one.replace("\\", "/")) for one in IDS), entry(2)))
    assert told.state == "ok" and "Talks 2" in titles(told)
    homes = [tmp_path / "json" / "home", tmp_path / "feed" / "home"]
    assert {path.name for home in homes for path in home.iterdir()} == {"archive", "work", "bilateral.duckdb"}
    assert not [path for path in tmp_path.rglob("*") if "escaped" in path.name]
    assert len(list(Archive(homes[0] / "archive").pages())) == len(IDS) + 2  # and the one in order
