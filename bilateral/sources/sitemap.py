"""Sitemaps, news sitemaps, and indexes of them."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from bilateral.config import Sitemap, Source
from bilateral.errors import ParseError
from bilateral.model import Skipped
from bilateral.sources.answers import Answer, challenged
from bilateral.sources.decoding import decoded
from bilateral.sources.found import Batch, Link, Search, in_process, link_to
from bilateral.sources.identity import resolved
from bilateral.sources.walk import first_day

_MOST = 20_000_000  # bytes of a sitemap when it is unpacked


def sitemap_batches(search: Search, way: Sitemap) -> Iterator[Batch]:
    """Yield one batch a sitemap; those of an index in its order, as many as `pages` allows."""
    pending, asked = [way.url], set[str]()
    while pending:
        url = pending.pop(0)
        if url in asked:
            continue
        asked.add(url)
        answer, _ = search.ask(url, None)
        first = first_day(search, way)
        inner, batch = in_process(search, answer.url, read_sitemap, search.source, way, answer, first)
        if not inner:
            yield batch
        elif url == way.url:  # an index of indexes is no form that the protocol knows
            pending += [one for one in inner if not way.maps or re.search(way.maps, one)]


def read_sitemap(source: Source, way: Sitemap, answer: Answer, first: date | None) -> tuple[list[str], Batch]:
    """Return the addresses of the sitemaps that an index names, or what a sitemap lists of *first* and after it."""
    sitemap = _parsed(source, answer)
    inner = [one.url for one in getattr(sitemap, "sub_sitemaps", [])]
    return inner, Batch(answer.url, ()) if inner else _batch(source, way, answer.url, sitemap, first)


def _parsed(source: Source, answer: Answer) -> Any:
    """Return the sitemap of *answer*, parsed without a network; ParseError when it is none."""
    from usp.objects.sitemap import InvalidSitemap
    from usp.tree import sitemap_from_str

    logging.getLogger("usp").setLevel(logging.CRITICAL)  # what is wrong is raised here: said once is enough
    where = answer.url
    if challenged(answer.body):
        raise ParseError(source.id, f"{where}: a challenge page instead of a sitemap", "challenged")
    sitemap = sitemap_from_str(decoded(_unpacked(source, answer)).replace("\x00", ""))
    if isinstance(sitemap, InvalidSitemap):
        reason = sitemap.reason.partition("failed: ")[2] or sitemap.reason
        raise ParseError(source.id, f"{where}: no sitemap: {reason[:200]}")
    return sitemap


def _unpacked(source: Source, answer: Answer) -> bytes:
    """Return the sitemap itself where it came as a .gz file."""
    if not answer.body.startswith(b"\x1f\x8b"):
        return answer.body
    try:
        body = zlib.decompressobj(31).decompress(answer.body, _MOST + 1)
    except zlib.error as error:
        raise ParseError(source.id, f"{answer.url}: no gzip: {error}") from error
    if len(body) > _MOST:
        raise ParseError(source.id, f"{answer.url}: more than {_MOST:,} bytes", "too_large")
    return body


def _batch(source: Source, way: Sitemap, where: str, sitemap: Any, first: date | None) -> Batch:
    """Return the links of one sitemap, the latest first."""
    dated: dict[str, tuple[str, Link]] = {}
    skipped = []
    for page in sitemap.all_pages():
        if way.only and not re.search(way.only, page.url):
            continue
        if resolved(where, page.url) is None:
            skipped.append(Skipped(source.id, page.url, "the address is not http or https"))
            continue
        if urlsplit(page.url).hostname not in source.reach:
            skipped.append(Skipped(source.id, page.url, "the address is of another site"))
            continue
        news = page.news_story
        printed = _iso(news.publish_date) if news else None
        link = link_to(source, page.url, title=(news.title if news else None) or None, published=printed)
        dated.setdefault(link.key, (printed or _iso(page.last_modified) or "", link))
    rows = [
        (day, link) for day, link in dated.values() if not (first and day and day[:10] < first.isoformat())
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return Batch(where, tuple(link for _, link in rows), tuple(skipped))


def _iso(stamp: datetime | None) -> str | None:
    return stamp.isoformat() if stamp else None
