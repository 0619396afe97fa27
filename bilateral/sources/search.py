"""Searching a source for documents in all the ways that it declares.

feed | listing | sitemap | json  →  walk  →  Found  →  documents  →  pages
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bilateral.config import Feed, JsonQuery, Listing, Sitemap
from bilateral.errors import SourceError
from bilateral.model import Page, Skipped
from bilateral.sources.documents import read_documents
from bilateral.sources.feed import feed_batches
from bilateral.sources.found import Batch, Found, Search
from bilateral.sources.listing import listing_batches
from bilateral.sources.query import query_batches
from bilateral.sources.sitemap import sitemap_batches
from bilateral.sources.walk import walk

_LASTING = frozenset({"gone", "bad_content", "too_large"})  # of one address, not of the whole site


@dataclass(frozen=True)
class Brought:
    """What one search brought."""

    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...]
    fault: SourceError | None = None  # why it is not all
    whole: bool = True  # nothing was left for the next search


def search_source(search: Search) -> Brought:
    """Go all the ways of the source; what one way cannot read does not keep the others from being read.

    After a refusal nothing more is asked of the site; the texts that came before it are kept.
    """
    found = Found()
    faults: list[SourceError] = []
    for discover in search.source.discover:
        if discover.web and not (faults and faults[-1].state not in _LASTING):
            walk(search, discover.web, _batches(search, discover.web), found)
            faults += [found.fault] if found.fault else []
            found.fault = None
    found.fault = next((fault for fault in faults if fault.state not in _LASTING), None)
    pages = read_documents(search, found)
    fault = found.fault or next(iter(faults), None)
    return Brought(tuple(pages), tuple(found.skipped), fault, whole=fault is None and not found.waiting)


def _batches(search: Search, way: Feed | Listing | Sitemap | JsonQuery) -> Iterator[Batch]:
    if isinstance(way, Feed):
        return feed_batches(search, way)
    if isinstance(way, Listing):
        return listing_batches(search, way)
    if isinstance(way, Sitemap):
        return sitemap_batches(search, way)
    return query_batches(search, way)
