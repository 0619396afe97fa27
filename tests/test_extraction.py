"""Pages of unknown form: what is taken for their text, beside trafilatura alone in the same run, and their dates."""

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest
from conftest import SHARED, needs_shared

from bilateral.clean import clean
from bilateral.errors import ParseError
from bilateral.model import Page

PAGES = SHARED / "corpus" / "pages"
NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
FLOOR = 0.965  # mean token F1 over the 181 pages; measured 0.971


def a_page(html: str, url: str = "https://example.org/news/1", published: str | None = None) -> Page:
    body = html.encode()
    return Page("x", "x", "k", url, "en", NOW, "text/html", body, published=published)


def overlap(got: str, wanted: str) -> float:
    """The F1 of the words of *got* against those of *wanted*."""
    left, right = Counter(re.findall(r"\w+", got)), Counter(re.findall(r"\w+", wanted))
    return 2 * (left & right).total() / max(1, left.total() + right.total())


def text(page: Page) -> str:
    try:
        article = clean(page, None)
    except ParseError:
        return ""
    return article.text[article.body_start :]


@needs_shared
@pytest.mark.shared
def test_the_text_of_recorded_pages_is_found_no_worse_than_by_trafilatura_alone() -> None:
    from trafilatura import extract

    wanted = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    ours, theirs = [], []
    for name, row in wanted.items():
        html = gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        ours.append(overlap(text(a_page(html, row["url"])), row["articleBody"]))
        theirs.append(overlap(extract(html, include_comments=False) or "", row["articleBody"]))
    print(f"\nmean token F1 over {len(ours)} pages: {mean(ours):.4f}, trafilatura alone {mean(theirs):.4f}")
    assert len(ours) == 181
    assert mean(ours) >= max(FLOOR, mean(theirs))


STORY = "".join(
    f"<p>The two presidents discussed trade and transport, part {n} of the talks.</p>" for n in range(9)
)


def dated(head: str = "", body: str = "") -> str:
    return (
        f"<html><head><title>Talks</title>{head}</head><body>{body}<article>{STORY}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("html", "listed", "at", "day"),
    [
        # The day of the page, with the clock of its mark.
        (dated('<meta property="article:published_time" content="2025-11-26T14:30:00+06:00">'), None,
         "2025-11-26T08:30", "2025-11-26"),
        (dated('<script type="application/ld+json">{"datePublished": "2025-11-26T14:30:00+06:00"}</script>'), None,
         "2025-11-26T08:30", "2025-11-26"),
        # Today's date on an old page is not believed, unless the page marks it as its own.
        (dated(body='<div class="date">1 December 2025</div>'), None, None, None),
        (dated('<meta property="article:published_time" content="2025-12-01">'), None, None, "2025-12-01"),
        # The list that names the page knows the day; the page may add the clock to that day only.
        (dated('<meta property="article:published_time" content="2025-12-01T10:00:00Z">'), "2021-05-03",
         None, "2021-05-03"),
        (dated('<meta property="article:published_time" content="2021-05-03T10:00:00Z">'), "2021-05-03",
         "2021-05-03T10:00", "2021-05-03"),
        # Edited later: the day of publication counts.
        (dated('<meta property="article:modified_time" content="2025-11-29T10:00:00Z">'
               '<meta property="article:published_time" content="2025-11-20T10:00:00Z">'), None,
         "2025-11-20T10:00", "2025-11-20"),
        (dated('<meta property="article:published_time" content="2099-01-01T00:00:00Z">'), None, None, None),
        (dated(), None, None, None),
    ],
)  # fmt: skip
def test_dates_of_pages_are_doubted(html: str, listed: str | None, at: str | None, day: str | None) -> None:
    article = clean(a_page(html, published=listed), None)
    assert (article.published_at.strftime("%Y-%m-%dT%H:%M") if article.published_at else None) == at
    assert (article.published.iso if article.published else None) == day


@pytest.mark.parametrize(
    ("html", "reason", "state"),
    [
        ("<html><body><nav>" + "<a href=/x>Section</a> " * 40 + "</nav></body></html>", "no", "bad_content"),
        ("<html><body><ul>" + "<li><a href=/x>News of the day</a></li>" * 40 + "</ul></body></html>", "no",
         "bad_content"),
        ("<html><body><div id=root></div><script src=/app.js></script></body></html>", "no text found",
         "bad_content"),
        ("<html><body><noscript>You need to enable JavaScript</noscript></body></html>", "asks for JavaScript",
         "challenged"),
        ("<html><body><p>Checking your browser before accessing the site.</p></body></html>", "asks for",
         "challenged"),
    ],
)  # fmt: skip
def test_menus_shells_and_challenges_are_no_articles(html: str, reason: str, state: str) -> None:
    with pytest.raises(ParseError, match=reason) as caught:
        clean(a_page(html), None)
    assert caught.value.state == state
