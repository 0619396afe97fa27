"""From pages to articles: text, spans, and the clock."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st
from servers import KremlinSite, Reply, Site, local_sources

from bilateral import apart
from bilateral.clean import batch, clean, clean_all
from bilateral.clean.dates import published
from bilateral.clean.markup import markdown, paragraphs
from bilateral.clean.text import lines, one_line, visible
from bilateral.config import Config, Source, load_config, packaged
from bilateral.errors import ParseError
from bilateral.model import Article, Date, Page
from bilateral.sources import Archive, Fetcher, poll, read_files

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
DATA = Path(__file__).parent / "data"
SPECIMENS = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))


def configured() -> Config:
    return load_config(packaged("sources.yaml"))[0]


def source_of(source_id: str) -> Source:
    source = configured().source(source_id)
    assert source is not None
    return source


def a_page(body: str, media_type: str = "text/html", **said: str | None) -> Page:
    return Page(
        "kremlin-ru",
        "kremlin-ru",
        "ru:1",
        "http://kremlin.ru/1",
        "ru",
        NOW,
        media_type,
        body.encode(),
        **said,
    )  # type: ignore[arg-type]


def text_of(page: Page) -> str:
    return clean(page, source_of("kremlin-ru")).text


# ── each source: its answer, and the articles that come of it ────────────────────────────────────


def articles_of(folder: Path, source_id: str, site: Site, path: str) -> list[Article]:
    name = "president" if source_id.startswith("president") else source_id.replace("-", "_")
    config, _ = load_config(local_sources(folder, **{name: site.url + path}))
    source = config.source(source_id)
    assert source is not None
    with Fetcher() as fetcher:
        answer = poll(source, fetcher, Archive(folder / "archive"), lambda: NOW, config, folder)
    assert (answer.state, answer.skipped) == ("ok", ())
    articles, skipped = clean_all(answer.pages, config)
    assert skipped == []
    return articles


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_the_specimen_of_a_source_becomes_the_expected_articles(tmp_path: Path, source_id: str) -> None:
    specimen = SPECIMENS[source_id]
    with Site({"/answer": Reply((packaged("specimens") / specimen["answer"]).read_bytes())}) as site:
        articles = articles_of(tmp_path, source_id, site, "/answer")
    got = [
        {
            "key": article.key,
            "work_id": article.work_id,
            "url": article.url,
            "lang": article.lang,
            "side": article.side,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "published": article.published.iso if article.published else None,
            "text": article.text,
        }
        for article in articles
    ]
    assert got == specimen["articles"]
    assert all(article.primary and not article.synthetic for article in articles)


@needs_shared
@pytest.mark.shared
def test_recorded_kremlin_feed_is_cleaned_to_the_minute(tmp_path: Path) -> None:
    recorded = (SHARED / "corpus" / "kremlin_feed" / "en_events_all_feed_2018-01-08.xml").read_bytes()
    with KremlinSite(recorded) as site:
        articles = articles_of(tmp_path, "kremlin-en", site, site.FEED)
    assert len(articles) == 20
    by_key = {article.key: article for article in articles}
    address = by_key["en:56591"]  # shown on television at 23:55 Moscow time
    assert address.published_at == datetime(2017, 12, 31, 20, 55, tzinfo=UTC)
    assert address.published == Date("2017-12-31")
    call = by_key["en:56624"]
    assert call.text.startswith(
        "Telephone conversation with Indian Prime Minister Narendra Modi\nVladimir Putin had a "
    )
    assert call.text.count("at the Indian side’s initiative") == 1
    assert call.text[call.body_start :].startswith("Mr Putin and Mr Modi exchanged New Year greetings.\n")
    assert not any(
        sign in article.text for article in articles for sign in ("\u00a0", "<p", "</", "&nbsp;", "  ")
    )


@needs_shared
@pytest.mark.shared
def test_white_space_alone_changes_no_text(tmp_path: Path) -> None:
    """The second recording is the first after an editor re-indented it."""
    texts = []
    for day in ("2018-01-08", "2018-01-10"):
        recorded = (SHARED / "corpus" / "kremlin_feed" / f"en_events_all_feed_{day}.xml").read_bytes()
        (tmp_path / day).mkdir()
        with KremlinSite(recorded) as site:
            texts.append([one.text for one in articles_of(tmp_path / day, "kremlin-en", site, site.FEED)])
    assert texts[0] == texts[1]


@needs_shared
@pytest.mark.shared
def test_the_first_document_of_the_project_is_a_text_of_the_year_2025() -> None:
    config = configured()
    pages, _ = read_files([SHARED / "seeds" / "000_8e7dfd536b72d705.txt"], config, NOW)
    [article], skipped = clean_all(pages, config)
    assert (article.lang, article.published, article.published_at, skipped) == ("fr", Date("2025"), None, [])
    assert (article.title, article.body_start) == ("", 0)
    assert article.text.startswith("Les présidents de la Russie et du Kirghizstan")


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One\nline</p><p>two</p>", ["One line", "two"]),
        ("bare<br>text<br/>", ["bare", "text"]),
        ("<p>50<sup>th</sup> of <b>May</b></p>", ["50th of May"]),
        ("<ul><li>trade</li><li>energy</li></ul>", ["trade", "energy"]),
        ("<table><tr><td>2024</td><td>4.1</td></tr><tr><td>2025</td></tr></table>", ["2024 4.1", "2025"]),
        ("a<script>alert(1)</script>b<style>p{}</style>c<!-- d -->e<noscript>f</noscript>g", ["abceg"]),
        (
            "<p>a&nbsp;b &amp; c&#8239;d</p></div></div><p>after stray ends</p>",
            ["a b & c d", "after stray ends"],
        ),
        ("<figure><img alt='no'><figcaption>photo</figcaption></figure><p>text</p>", ["text"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_fragments_become_paragraphs(html: str, expected: list[str]) -> None:
    assert paragraphs(html) == expected


def test_deep_nesting_and_many_tags_end(tmp_path: Path) -> None:
    assert paragraphs("<div>" * 100_000 + "deep")[-1:] in ([], ["deep"])
    assert paragraphs("<p>x</p>" * 20_000) == ["x"] * 20_000


@pytest.mark.parametrize(
    ("source", "title", "expected"),
    [
        ("# Talks\n\nOne\ntwo **three**.", "Talks", ["One two three."]),
        ("Text first\n\n## Then a heading\ntext", None, ["Text first", "Then a heading", "text"]),
        ("- one\n- two\n  goes on\n\n1. three", None, ["one", "two goes on", "1. three"]),
        ("> quoted\n> further", None, ["quoted further"]),
        ("[Kremlin](http://kremlin.ru) and ![x](y.png) `code` \\*", None, ["Kremlin and code *"]),
        ("snake_case_word and 2 * 3 * 4", None, ["snake_case_word and 2 * 3 * 4"]),
        ("a\n\n---\n\nb", None, ["a", "b"]),
        ("", None, []),
    ],
)
def test_markdown_loses_its_marks_and_nothing_else(
    source: str, title: str | None, expected: list[str]
) -> None:
    assert markdown(source) == (title, expected)


@pytest.mark.parametrize("line", ["[", "![", "<!--", "# #", "**a", "*", "`", "- ", "<http://", "](", "\\"])
def test_markdown_takes_time_in_proportion(line: str) -> None:
    def seconds(times: int) -> float:
        begun = time.perf_counter()
        markdown(line * times)
        return time.perf_counter() - begun

    seconds(100)
    assert min(seconds(20_000) for _ in range(3)) < 8 * min(seconds(10_000) for _ in range(3)) + 0.05


def test_invisible_characters_go_and_letters_are_composed() -> None:
    assert visible("Кра\u0438\u0306 \u00ad\u200b\ufeff\x00\ud800x") == "Край x"
    assert one_line("a\u00a0b\u2009c\r\nd") == "a b c d"
    assert lines("a\u2028b\x0cc\n\n \td") == ["a", "b", "c", "d"]


def test_the_lead_is_said_once() -> None:
    head, body = '<div class="c-summary"><p>They\nmet.</p></div>', "<p>In the Kremlin.</p>"
    assert (
        text_of(a_page(head + body, title="Talks", lead=head + "<img>"))
        == "Talks\nThey met.\nIn the Kremlin."
    )
    assert text_of(a_page(body, title="Talks", lead=head)) == "Talks\nThey met.\nIn the Kremlin."
    assert text_of(a_page(head, title="Talks", lead=head)) == "Talks\nThey met."
    assert text_of(a_page("<p>They met. Again.</p>", title="T", lead="They met…")) == "T\nThey met. Again."
    assert (
        text_of(a_page("<p>Talks They met. Again.</p>", title="Talks", lead="They met."))
        == "Talks\nThey met.\nAgain."
    )
    assert (
        text_of(a_page("<p>They metaphor.</p>", title="T", lead="They met")) == "T\nThey met\nThey metaphor."
    )


def test_a_title_is_said_once_and_may_be_missing() -> None:
    assert text_of(a_page("Talks\nThey met.", "text/plain", title="Talks")) == "Talks\nThey met."
    assert text_of(a_page("# Talks\n\nThey met.", "text/markdown")) == "Talks\nThey met."
    assert text_of(a_page("They met.", "text/plain")) == "They met."
    assert text_of(a_page("<p>They met.</p>", title="A &amp; B <b>now</b>")) == "A & B now\nThey met."
    assert text_of(a_page("<img src=x>", title="Only photographs")) == "Only photographs"


def test_a_page_without_text_or_behind_a_script_is_refused() -> None:
    with pytest.raises(ParseError, match="the document has no text"):
        text_of(a_page("<img src=x>"))
    for shell in ("Please enable JavaScript to view this page.", "Для просмотра включите JavaScript"):
        with pytest.raises(ParseError, match="asks for JavaScript") as caught:
            text_of(a_page(f"<div>{shell}</div>", title="Wait"))
        assert caught.value.state == "challenged"


def test_whole_pages_are_read_without_menu_and_foot_in_a_worker() -> None:
    story = "".join(
        f"<p>The two presidents discussed trade, energy and transport, part {n} of the talks.</p>"
        for n in range(9)
    )
    html = (
        "<!doctype html><html><head><title>Talks in Bishkek</title></head><body><nav><a href=/>Menu item</a></nav>"
        f"<article><h1>Talks in Bishkek</h1>{story}</article><footer>All rights reserved</footer></body></html>"
    )
    empty = a_page("<html><body><noscript>You need to enable JavaScript</noscript></body></html>")
    articles, skipped = clean_all([a_page(html), a_page("<p>They met.</p>", title="T"), empty], configured())
    assert [article.title for article in articles] == ["Talks in Bishkek", "T"]
    assert "part 8 of the talks" in articles[0].text
    assert "Menu item" not in articles[0].text and "All rights" not in articles[0].text
    assert [row.reason for row in skipped] == ["a page that asks for JavaScript instead of the document"]


def test_light_pages_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        apart.multiprocessing, "get_context", lambda kind: pytest.fail("a process was started")
    )
    articles, skipped = clean_all(
        [a_page("<p>One.</p>"), a_page("two", "text/plain"), a_page("")], configured()
    )
    assert [article.text for article in articles] == ["One.", "two"]
    assert [(row.where, row.reason) for row in skipped] == [
        ("http://kremlin.ru/1", "the document has no text")
    ]


def test_a_page_that_takes_too_long_is_ended_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_SECONDS", 0.01)
    html = "<html><body>" + "<p>text <a href=x>link</a></p>" * 20_000 + "</body></html>"
    articles, skipped = clean_all([a_page(html), a_page("<p>They met.</p>")], configured())
    assert [article.text for article in articles] == ["They met."]
    assert [row.reason for row in skipped] == ["not cleaned in 0 s"]


@given(st.text(), st.text(), st.text(), st.sampled_from(["text/html", "text/plain", "text/markdown"]))
def test_any_page_gives_a_text_in_one_form_or_a_reason(
    title: str, lead: str, body: str, media_type: str
) -> None:
    page = Page(
        "x", "x", "k", "", "ru", NOW, media_type, body.encode("utf-8", "replace"), title=title, lead=lead
    )
    try:
        article = clean(page, None)
    except ParseError:
        return
    assert article.text == "\n".join(lines(article.text))
    assert 0 <= article.body_start <= len(article.text)
    assert article.text[: article.body_start].startswith(article.title[: article.body_start])


# ── the clock ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "zone", "ignore", "at", "day"),
    [
        ("2017-12-31T23:55:00+04:00", "Europe/Moscow", True, "2017-12-31T20:55", "2017-12-31"),
        ("2017-12-31T23:55:00+04:00", "Europe/Moscow", False, "2017-12-31T19:55", "2017-12-31"),
        ("2025-11-26T02:15:00", "Asia/Bishkek", False, "2025-11-25T20:15", "2025-11-26"),
        ("2025-11-25T21:15:00Z", "Asia/Bishkek", False, "2025-11-25T21:15", "2025-11-26"),
        ("2025-11-26T14:30", "Europe/Moscow", False, "2025-11-26T11:30", "2025-11-26"),
        ("Wed, 26 Nov 2025 01:30:00 +0300", "Europe/Moscow", False, "2025-11-25T22:30", "2025-11-26"),
        ("Wed, 26 Nov 2025 01:30:00", "Europe/Moscow", False, "2025-11-25T22:30", "2025-11-26"),
        ("26.11.2025 14:30", "Asia/Bishkek", False, "2025-11-26T08:30", "2025-11-26"),
        ("26.11.2025", "Asia/Bishkek", False, None, "2025-11-26"),
        ("2025-11-26", "Asia/Bishkek", False, None, "2025-11-26"),
        ("2025-11", "Asia/Bishkek", False, None, "2025-11"),
        ("2025", "Asia/Bishkek", False, None, "2025"),
        ("вчера", "Asia/Bishkek", False, None, None),
        ("2025-13-45T99:00", "Asia/Bishkek", False, None, None),
        ("0001-01-01T00:00:00+05:00", "Europe/Moscow", False, None, None),
        ("", "UTC", False, None, None),
        (None, "UTC", False, None, None),
    ],
)
def test_printed_times(printed: str | None, zone: str, ignore: bool, at: str | None, day: str | None) -> None:
    instant, civil = published(printed, zone, ignore)
    assert instant == (datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None)
    assert civil == (Date(day) if day else None)


def test_a_document_from_a_file_means_the_offset_that_it_states() -> None:
    page = Page(
        "kremlin-ru",
        "seeds",
        "k",
        "",
        "ru",
        NOW,
        "text/plain",
        "Текст".encode(),
        published="2025-11-26T15:00+06:00",
    )
    assert clean(page, source_of("kremlin-ru")).published_at == datetime(2025, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "at", "day"),
    [
        ("26 ноября 2025 года, 14:30", "2025-11-26T08:30", "2025-11-26"),
        ("Опубликовано 26 нояб. 2025, 14:30", "2025-11-26T08:30", "2025-11-26"),
        ("2025-жылдын 25-ноябры, 14:30", "2025-11-25T08:30", "2025-11-25"),
        ("2025-жылдын 5-майы", None, "2025-05-05"),
        ("2025-жыл, 7-март 09:05", "2025-03-07T03:05", "2025-03-07"),
        ("25-июль 2025, 09:05", "2025-07-25T03:05", "2025-07-25"),
        ("November 26, 2025, 16:50", "2025-11-26T10:50", "2025-11-26"),
        ("November 26, 2025, 4:50 PM", "2025-11-26T10:50", "2025-11-26"),
        ("le 1er décembre 2024 à 14h30", "2024-12-01T08:30", "2024-12-01"),
        ("15 août 2025", None, "2025-08-15"),
        ("Ср, 26 ноя 2025 14:30:00 +0300", "2025-11-26T11:30", "2025-11-26"),
        ("2018-01-03 January 3, 2018, 16:50", "2018-01-03T10:50", "2018-01-03"),
        ("2025-11-26T14:30:00+03:00 26 ноября", "2025-11-26T11:30", "2025-11-26"),
        ("2025-11-26 14:30", "2025-11-26T08:30", "2025-11-26"),
        ("2025-11-26 99:99", None, None),
        ("99 ноября 2025", None, None),
        ("12 маршрутов 2025 года", None, None),
        ("вчера в 10:00, 2025", None, None),
        ("ноябрь 2025", None, None),
    ],
)
def test_times_in_words(printed: str, at: str | None, day: str | None) -> None:
    instant, civil = published(printed, "Asia/Bishkek")
    assert (instant.strftime("%Y-%m-%dT%H:%M") if instant else None) == at
    assert civil == (Date(day) if day else None)
