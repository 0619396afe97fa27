"""Searching a source for documents in all the ways that it declares.

feed | listing | sitemap | json  →  walk  →  Found  →  documents  →  pages
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bilateral.config import Feed, JsonQuery, Listing, Sitemap
from bilateral.errors import ParseError, SourceError
from bilateral.model import Page, Skipped
from bilateral.sources.answers import Unchanged
from bilateral.sources.documents import read_documents
from bilateral.sources.feed import feed_batches
from bilateral.sources.found import Batch, Found, Search
from bilateral.sources.listing import listing_batches
from bilateral.sources.query import query_batches
from bilateral.sources.sitemap import sitemap_batches
from bilateral.sources.walk import walk

_LASTING = frozenset(
    {"gone", "bad_content", "too_large", "not_modified"}
)  # of one address, not of the whole site


@dataclass(frozen=True)
class Brought:
    """What one search brought."""

    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...]
    fault: SourceError | None = None  # why it is not all
    whole: bool = True  # nothing was left for the next search


def search_source(search: Search) -> Brought:
    """Go all the ways of the source.

    A way that leads nowhere is named, and the others are read; only where all of them lead nowhere the source
    cannot be read. After a refusal nothing more is asked of the site; what came before it is kept. Where on no way
    anything has changed, that is the fault.
    """
    found, faults = Found(), list[SourceError]()
    ways = [discover.web for discover in search.source.discover if discover.web]
    if not ways:
        raise ParseError(search.source.id, "nobody knows how its documents are found: `discover` is missing")
    for way in ways:
        walk(search, way, batches(search, way), found)
        if found.fault:
            faults.append(found.fault)
            if found.fault.state not in _LASTING:
                break
            found.fault = None
    real = [fault for fault in faults if not isinstance(fault, Unchanged)]
    if len(real) == len(ways):
        found.fault = found.fault or real[0]
    pages = read_documents(search, found)
    named = [fault for fault in real if fault is not found.fault]
    found.skipped += [Skipped(search.source.id, str(search.source.address), fault.message) for fault in named]
    whole = not real and not found.fault and not found.waiting
    unchanged = faults[0] if whole and len(faults) == len(ways) else None
    return Brought(tuple(pages), tuple(found.skipped), found.fault or unchanged, whole)


def batches(search: Search, way: Feed | Listing | Sitemap | JsonQuery) -> Iterator[Batch]:
    """Return the pages of the list of *way*, each of them asked for when it is wanted."""
    if isinstance(way, Feed):
        return feed_batches(search, way)
    if isinstance(way, Listing):
        return listing_batches(search, way)
    if isinstance(way, Sitemap):
        return sitemap_batches(search, way)
    return query_batches(search, way)
