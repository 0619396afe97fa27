"""From links to pages: what the list carries itself, and what has to be fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector

from bilateral.config import Read, Source
from bilateral.errors import ParseError, SourceError
from bilateral.model import Page, Skipped
from bilateral.sources.answers import Answer
from bilateral.sources.dating import day_of
from bilateral.sources.decoding import decoded
from bilateral.sources.found import Found, Link, Search, in_process, link_to, page_from
from bilateral.sources.identity import key_of, resolved
from bilateral.sources.listing import tree

_MARKUP = re.compile(rb"(?i)<(?:!doctype|html|head|body|article|section|main|div|p|h1)\b")

# The site refuses, or is not there: the next page would meet the same.
_ENDS = frozenset({"blocked", "challenged", "unreachable", "timed_out", "server_error"})
_UNSEEN = frozenset({"script", "style", "noscript", "template"})


def read_documents(search: Search, found: Found) -> list[Page]:
    """Return the pages of *found*: the texts that the lists carry, then what is fetched, then what those link to.

    At most `read.most` pages are fetched. What the site refuses is left for the next poll and ends the fetching;
    where a list carries a text, this text stands in for the page that could not be had.
    """
    read = search.source.read or Read()
    pages: dict[str, Page] = {}
    wanted = []
    for link in found.links.values():
        if link.page and not read.page:
            pages[link.key] = link.page
        else:
            wanted.append(link)
    for link in _followed(search, pages.values()):
        if link.key not in found.links:
            found.links[link.key] = link
            wanted.append(link)
    _fetch(search, read, wanted, found, pages)
    return [pages[key] for key in found.links if key in pages]


def _fetch(search: Search, read: Read, wanted: list[Link], found: Found, pages: dict[str, Page]) -> None:
    todo = [link for link in wanted if _needed(search, read, link)]
    found.waiting = max(0, len(todo) - read.most)
    for number, link in enumerate(todo):
        page = None
        if number < read.most and not found.fault:
            page = _attempt(search, link, found)
        if page or link.page:
            pages[link.key] = page or link.page  # type: ignore[assignment]
    if found.waiting:
        reason = (
            f"warning: {found.waiting} more documents wait for the next poll: one fetches at most {read.most}"
        )
        found.skipped.append(Skipped(search.source.id, str(search.source.address), reason))


def _needed(search: Search, read: Read, link: Link) -> bool:
    """Whether the page of *link* is to be fetched: it never was, or it may have been edited since."""
    held = search.kept.versions.get(link.key, frozenset())
    if not held - ({link.page.sha256} if link.page else set()):
        return True
    day = day_of(link.published)
    return read.again is not None and day is not None and day >= search.today - read.again


def _attempt(search: Search, link: Link, found: Found) -> Page | None:
    try:
        return fetch_page(search, link)
    except SourceError as error:
        if error.state in _ENDS:
            found.fault = error
        else:
            found.skipped.append(Skipped(search.source.id, link.url, error.message))
        return None


def fetch_page(search: Search, link: Link) -> Page:
    """Fetch the document at *link*; SourceError when what comes is not it."""
    answer, at = search.ask(link.url, None)
    return in_process(search, link.url, page_of_answer, search.source, link, answer, at)


def page_of_answer(source: Source, link: Link, answer: Answer, at: datetime) -> Page:
    """Return the page that came for *link*; ParseError for challenges, shells, front pages and other forms."""
    root = tree(source, answer)
    if not _MARKUP.search(answer.body[:5000]):  # a path or an address is a text that would be read as such
        raise ParseError(source.id, f"{link.url}: something else than a page")
    if urlsplit(answer.url).path in ("", "/") and key_of(source, answer.url)[0] != link.key:
        raise ParseError(source.id, f"{link.url}: the site sends its front page instead", "gone")
    body = source.read.body if source.read else None
    if body and not any(_shows(one) for one in CSSSelector(body)(root)):
        raise ParseError(source.id, f"{link.url}: the page has another form: {body!r} finds nothing")
    if not _shows(root.find("body")):
        raise ParseError(source.id, f"{link.url}: an empty shell instead of the document")
    html = decoded(answer.body, answer.headers.get("content-type", ""))
    return page_from(source, link, html.encode("utf-8", "replace"), at)


def _shows(element: lxml.html.HtmlElement | None) -> bool:
    """Whether *element* holds a word that a reader sees."""
    if element is None:
        return False
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, one in walk:
        if event == "start" and one.tag in _UNSEEN:
            walk.skip_subtree()
        elif event == "start" and (one.text or "").strip():
            return True
        elif event != "start" and one is not element and (one.tail or "").strip():
            return True
    return False


def _followed(search: Search, pages: Iterable[Page]) -> Iterator[Link]:
    """Yield the links inside *pages* that `read.follow` calls documents of their own."""
    pattern = search.source.read.follow if search.source.read else None
    for page in pages if pattern else ():
        for url in in_process(search, page.url, _links_of, page):
            if re.search(str(pattern), url) and urlsplit(url).hostname in search.source.reach:
                yield link_to(search.source, url)


def _links_of(page: Page) -> list[str]:
    html = page.body.decode("utf-8", "replace")
    if "href" not in html or page.media_type != "text/html":
        return []
    try:
        root = lxml.html.document_fromstring(f"<html><body>{html}</body></html>")
    except (etree.LxmlError, ValueError):
        return []
    named = [str(anchor.get("href") or "").strip() for anchor in root.iter("a")]
    found = [resolved(page.url, href) for href in named if href]
    return [url.partition("#")[0] for url in found if url]
