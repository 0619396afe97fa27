"""RSS and Atom: entries as the feed gives them, parsed in a process that can be ended.

feedparser can be kept busy for hours by forty kilobytes, so it never runs in the process of the monitor.
"""

from __future__ import annotations

import io
import multiprocessing
import signal
from collections.abc import Mapping
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bilateral.config import Source
from bilateral.errors import ParseError
from bilateral.model import Lang, Page, Skipped
from bilateral.sources.fetch import Answer, challenged
from bilateral.sources.identity import key_of


@dataclass(frozen=True)
class Entry:
    """One entry of a feed, nothing interpreted."""

    link: str
    title: str
    published: str | None
    summary: str
    content: str
    media_type: str  # of the content, or of the summary where there is no content


@dataclass(frozen=True)
class Feed:
    """What a feed holds; `version` is empty when it is no feed, `fault` says what is ill-formed."""

    version: str
    entries: tuple[Entry, ...]
    fault: str | None


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
    return Feed(str(parsed.get("version", "")), tuple(_entry(entry) for entry in parsed.entries), fault)


def _entry(entry: Mapping[str, Any]) -> Entry:
    content = next((part for part in entry.get("content", ()) if part.get("value")), None)
    summary = entry["summary_detail"] if "summary_detail" in entry else {}
    told = content or summary
    # `in` first: asking feedparser for a date that is not there gives another one, with a warning.
    dates = [entry[name] for name in ("published", "updated") if name in entry]
    return Entry(
        link=str(entry.get("link") or entry.get("id") or ""),
        title=str(entry.get("title", "")),
        published=next((str(date) for date in dates if date), None),
        summary=str(summary.get("value") or ""),
        content=str(content["value"] if content else ""),
        media_type=_media_type(str(told.get("type", ""))),
    )


def _media_type(declared: str) -> str:
    return "text/plain" if declared == "text/plain" else "text/html"


def _parse_alone(body: bytes, url: str, media_type: str, seconds: int) -> Feed:
    """Parse in a process that ends itself when nobody is left to end it."""
    if hasattr(signal, "alarm"):
        signal.alarm(
            seconds
        )  # without a handler: the system ends the process, even inside a regular expression
    feed = parse_feed(body, url, media_type)
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    return feed


def parse_within(source: Source, answer: Answer, seconds: float) -> Feed:
    """Parse the feed in a process of its own, ended after *seconds*; ParseError when it is no feed."""
    from pebble import ProcessExpired, ProcessPool

    media_type = answer.headers.get("content-type", "")
    try:
        with ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn")) as pool:
            args = [answer.body, answer.url, media_type, int(seconds) + 2]
            feed: Feed = pool.schedule(_parse_alone, args=args, timeout=seconds).result()
    except Late as error:
        raise ParseError(source.id, f"{answer.url}: not parsed in {seconds:.0f} s", "bad_content") from error
    except ProcessExpired as error:
        raise ParseError(source.id, f"{answer.url}: the parser died: {error}", "bad_content") from error
    if not feed.version and not feed.entries:
        raise ParseError(source.id, f"{answer.url}: {_instead(answer.body)} instead of a feed", "bad_content")
    return feed


def _instead(body: bytes) -> str:
    head = body[:2000].lstrip().lower()
    if not head:
        return "an empty answer"
    return "an HTML page" if b"<html" in head or b"<!doctype html" in head else "something else"


def read_feed(
    source: Source, answer: Answer, fetched_at: datetime, seconds: float = 20.0
) -> tuple[list[Page], list[Skipped]]:
    """Return the pages of a feed, newest first as the feed has them, and what could not be used."""
    if challenged(answer.body):
        raise ParseError(source.id, f"{answer.url}: a challenge page instead of a feed", "challenged")
    feed = parse_within(source, answer, seconds)
    pages: dict[str, Page] = {}
    skipped = [Skipped(source.id, answer.url, f"the feed is ill-formed: {feed.fault}")] if feed.fault else []
    for entry in feed.entries:
        reason = _unusable(entry)
        page = None if reason else page_of(source, entry, fetched_at)
        if page and page.key in pages:
            reason = "the feed names this document twice: the first is taken"
        elif page:
            pages[page.key] = page
        if reason:
            skipped.append(Skipped(source.id, entry.link or f"{answer.url} ({entry.title!r})", reason))
    return list(pages.values()), skipped


def _unusable(entry: Entry) -> str | None:
    if not entry.link:
        return "an entry without an address"
    if urlsplit(entry.link).scheme not in ("http", "https"):
        return "the address is not http or https"
    return None if (entry.content or entry.summary).strip() else "an entry without a text"


def page_of(source: Source, entry: Entry, fetched_at: datetime) -> Page:
    """Turn an entry into a page: the content is its body, else the summary; nothing else is fetched."""
    key, work_id = key_of(source, entry.link)
    lead = entry.summary.strip() if entry.content.strip() else ""
    return Page(
        source_id=source.id,
        polled_as=source.id,
        key=key,
        url=entry.link,
        lang=_lang(source),
        fetched_at=fetched_at,
        media_type=entry.media_type,
        body=(entry.content if entry.content.strip() else entry.summary).encode("utf-8", "replace"),
        title=entry.title or None,
        lead=lead or None,
        published=entry.published,
        work_id=work_id,
        side=source.country,
        primary=source.primary,
    )


def _lang(source: Source) -> Lang:
    assert source.lang is not None  # config refuses a network source without one
    return source.lang
