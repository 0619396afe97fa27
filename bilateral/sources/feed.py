"""RSS and Atom: entries as the feed gives them, parsed in a process that can be ended.

feedparser can be kept busy for hours by forty kilobytes, so it never runs in the process of the monitor.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from bilateral.apart import Apart, Ended
from bilateral.config import Feed as Way
from bilateral.config import Source
from bilateral.errors import ParseError
from bilateral.model import Skipped
from bilateral.sources.answers import Answer, challenged
from bilateral.sources.entries import Entry, Feed
from bilateral.sources.found import Batch, Link, Search, link_to, page_from
from bilateral.sources.identity import resolved
from bilateral.sources.jsonfeed import is_json_feed, parse_json_feed


def parse_feed(body: bytes, url: str, media_type: str) -> Feed:
    """Parse *body*; it may take for ever, see `parse_within`."""
    import feedparser

    headers = {"content-location": url, "content-type": media_type}
    # As bytes in a file object: a str or bytes that looks like a path or an address would be opened.
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    # A feed sent as text/html, or in another encoding than it declares, is whole nevertheless.
    harmless = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
    error = parsed.get("bozo_exception", "ill-formed") if parsed.bozo else None
    fault = None if error is None or isinstance(error, harmless) else str(error)[:200]
    links = parsed.get("feed", {}).get("links", ())
    older = next((link["href"] for link in links if link.get("rel") == "next" and link.get("href")), "")
    entries = tuple(_entry(entry) for entry in parsed.entries)
    return Feed(str(parsed.get("version", "")), entries, fault, str(older))


def _entry(entry: Mapping[str, Any]) -> Entry:
    content = next((part for part in entry.get("content", ()) if part.get("value")), None)
    summary = entry["summary_detail"] if "summary_detail" in entry else {}
    told = content or summary
    # `in` first: asking feedparser for a date that is not there gives another one, with a warning.
    dates = [entry[name] for name in ("published", "updated") if name in entry]
    return Entry(
        link=str(entry.get("link") or "") or _address(str(entry.get("id") or "")),
        title=str(entry.get("title", "")),
        published=next((str(date) for date in dates if date), None),
        summary=str(summary.get("value") or ""),
        content=str(content["value"] if content else ""),
        media_type=_media_type(str(told.get("type", ""))),
    )


def _address(identity: str) -> str:
    """Return the id of an entry where it is an address: what stands for nothing else cannot be read."""
    return identity if identity.startswith(("http://", "https://")) else ""


def _media_type(declared: str) -> str:
    return "text/plain" if declared == "text/plain" else "text/html"


def parse_within(source: Source, answer: Answer, seconds: float, apart: Apart | None = None) -> Feed:
    """Parse the feed in a process of its own, ended after *seconds*; ParseError when it is no feed.

    *apart* are processes that are there already; their own limit of time holds then.
    """
    if is_json_feed(answer.body):
        feed = parse_json_feed(answer.body)
    else:
        feed = _parsed(source, answer, seconds, apart)
    if not feed.version and not feed.entries:
        raise ParseError(source.id, f"{answer.url}: {_instead(answer.body)} instead of a feed", "bad_content")
    return feed


def _parsed(source: Source, answer: Answer, seconds: float, apart: Apart | None) -> Feed:
    media_type = answer.headers.get("content-type", "")
    try:
        with nullcontext(apart) if apart else Apart("parsed", seconds, workers=1) as crew:
            return crew.outcome(crew.submit(parse_feed, answer.body, answer.url, media_type))
    except Ended as error:
        raise ParseError(source.id, f"{answer.url}: {error}") from error


def _instead(body: bytes) -> str:
    head = body[:2000].lstrip().lower()
    if not head:
        return "an empty answer"
    return "an HTML page" if b"<html" in head or b"<!doctype html" in head else "something else"


def feed_batches(search: Search, way: Way, seconds: float = 20.0) -> Iterator[Batch]:
    """Yield a feed page by page, newest first as the feed has them.

    The next page is the one that the feed names, where it lies on the same host; else that of the template.
    """
    url, asked = way.url, set[str]()
    for number in count(2):
        asked.add(url)
        answer, at = search.ask(url, None)
        if challenged(answer.body):
            raise ParseError(
                search.source.id, f"{answer.url}: a challenge page instead of a feed", "challenged"
            )
        feed = parse_within(search.source, answer, seconds, search.apart)
        yield _batch(search.source, answer, feed, at)
        url = _next(feed, answer) or (way.page.replace("{n}", str(number)) if way.page else "")
        if not feed.entries or not url or url in asked:
            return


def _next(feed: Feed, answer: Answer) -> str | None:
    there = resolved(answer.url, feed.next) if feed.next else None
    return there if there and urlsplit(there).netloc == urlsplit(answer.url).netloc else None


def _batch(source: Source, answer: Answer, feed: Feed, at: datetime) -> Batch:
    links: dict[str, Link] = {}
    skipped = [Skipped(source.id, answer.url, f"the feed is ill-formed: {feed.fault}")] if feed.fault else []
    for entry in feed.entries:
        reason = _unusable(source, entry, answer.url)
        link = None if reason else _link(source, entry, answer.url, at)
        if link and link.key in links:
            reason = "the feed names this document twice: the first is taken"
        elif link:
            links[link.key] = link
        if reason:
            skipped.append(Skipped(source.id, entry.link or f"{answer.url} ({entry.title!r})", reason))
    return Batch(answer.url, tuple(links.values()), tuple(skipped))


def _unusable(source: Source, entry: Entry, base: str) -> str | None:
    if not entry.link:
        return "an entry without an address"
    there = resolved(base, entry.link)
    if there is None or there == base:  # what is empty leads back to the feed
        return "the address is not http or https"
    told = (entry.content or entry.summary).strip() or (source.read and source.read.page)
    return None if told else "an entry without a text"


def _link(source: Source, entry: Entry, base: str, at: datetime) -> Link:
    """Return the link of an entry, with its text where it has one; a summary that is all there is, is the text."""
    lead = entry.summary.strip() if entry.content.strip() else ""
    text = entry.content if entry.content.strip() else entry.summary
    said = {"title": entry.title or None, "lead": lead or None, "published": entry.published}
    link = link_to(source, str(resolved(base, entry.link)), **said)
    if not text.strip():
        return link
    page = page_from(source, link, text.encode("utf-8", "ignore"), at, entry.media_type)
    return replace(link, page=page)
