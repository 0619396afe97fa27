"""Pages that list documents: links, with what stands beside each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector

from bilateral.config import Listing, Source
from bilateral.errors import ParseError
from bilateral.model import Skipped
from bilateral.sources.answers import Answer, challenged
from bilateral.sources.decoding import decoded
from bilateral.sources.found import Batch, Link, Search, in_process, link_to
from bilateral.sources.identity import resolved


def listing_batches(search: Search, way: Listing) -> Iterator[Batch]:
    """Yield a listing page by page; ParseError when the first page lists nothing."""
    url, number, asked = way.url, 1, set[str]()
    while url and url not in asked:
        asked.add(url)
        answer, _ = search.ask(url, None)
        batch, after = in_process(search, answer.url, read_listing, search.source, way, answer, number + 1)
        if not batch.links and number == 1:
            looked_for = f"{way.item or way.link!r}" + (f" and {way.only!r}" if way.only else "")
            raise ParseError(
                search.source.id, f"{answer.url}: no document is listed: {looked_for} finds nothing"
            )
        if not batch.links:
            return
        yield batch
        number, url = number + 1, after


def read_listing(source: Source, way: Listing, answer: Answer, following: int) -> tuple[Batch, str]:
    """Return what a page of the listing lists, and the address of the *following* page; empty where there is none."""
    root = tree(source, answer)
    return _batch(source, way, root, answer.url), _next(way, root, answer.url, following)


def tree(source: Source, answer: Answer) -> lxml.html.HtmlElement:
    """Return the page of *answer*; ParseError when it is a challenge, or no page at all."""
    if challenged(answer.body):
        raise ParseError(source.id, f"{answer.url}: a challenge page instead of the document", "challenged")
    html = decoded(answer.body, answer.headers.get("content-type", "")).replace("\x00", "")
    try:
        root: lxml.html.HtmlElement = lxml.html.document_fromstring(
            html.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except etree.LxmlError as error:
        raise ParseError(source.id, f"{answer.url}: no HTML that can be read: {error}") from error
    return root


def _batch(source: Source, way: Listing, root: lxml.html.HtmlElement, base: str) -> Batch:
    links: dict[str, Link] = {}
    skipped = []
    for item in CSSSelector(way.item)(root) if way.item else [root]:
        anchors = [item] if item.tag == "a" else CSSSelector(way.link)(item)
        for anchor in anchors[:1] if way.item else anchors:
            href = str(anchor.get("href") or "")
            url = resolved(base, href)
            reason = _no_document(source, way, url) if url else "the address is not http or https"
            if url and not reason:
                link = _link(source, way, url, item if way.item else anchor, anchor)
                links.setdefault(link.key, link)
            elif way.item and not way.only:
                skipped.append(Skipped(source.id, href or base, str(reason)))
    return Batch(base, tuple(links.values()), tuple(skipped))


def _no_document(source: Source, way: Listing, url: str) -> str | None:
    parts = urlsplit(url)
    if (parts.hostname or "") not in source.reach:
        return f"the address is of another site: {parts.hostname}"
    if url.partition("#")[0] == way.url:
        return "the listing itself"
    return "the pattern `only` does not fit" if way.only and not re.search(way.only, url) else None


def _link(
    source: Source, way: Listing, url: str, item: lxml.html.HtmlElement, anchor: lxml.html.HtmlElement
) -> Link:
    title = words(item, way.title) if way.title else None
    printed = printed_time(item, way.published) if way.published else None
    return link_to(source, url.partition("#")[0], title=title or None, published=printed or None)


def words(root: lxml.html.HtmlElement, css: str) -> str:
    """Return the words of the first element that *css* finds, on one line."""
    found = next(iter(CSSSelector(css)(root)), None)
    return " ".join(found.text_content().split()) if found is not None else ""


def printed_time(root: lxml.html.HtmlElement, css: str) -> str:
    """Return the time that the first element of *css* names: its attribute where that has a clock, else its words."""
    found = next(iter(CSSSelector(css)(root)), None)
    if found is None:
        return ""
    marked = str(found.get("datetime") or found.get("content") or "").strip()
    said = " ".join(found.text_content().split())
    return marked if ":" in marked or not re.search(r"\d:\d\d", said) else f"{marked[:10]} {said}".strip()


def _next(way: Listing, root: lxml.html.HtmlElement, base: str, number: int) -> str:
    if way.next:
        found = next(iter(CSSSelector(way.next)(root)), None)
        there = resolved(base, str(found.get("href") or "")) if found is not None else None
        return there if there and urlsplit(there).netloc == urlsplit(base).netloc else ""
    return way.page.replace("{n}", str(number)) if way.page else ""
