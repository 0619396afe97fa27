"""Going through a list page by page, and knowing when to stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bilateral.config import Feed, JsonQuery, Listing, Sitemap
from bilateral.errors import SourceError
from bilateral.model import Skipped
from bilateral.sources.dating import day_of
from bilateral.sources.found import Batch, Found, Search

Way = Feed | Listing | Sitemap | JsonQuery


def walk(search: Search, way: Way, batches: Iterator[Batch], found: Found) -> None:
    """Take *batches* into *found* until one of the guards says that it is enough.

    A page that holds only what was loaded before, or reaches behind the window, ends the walk; so does one that
    repeats another or brings no new address, and the ceiling. Where the walk ends before it meets anything known,
    what lies between may be missing: that is a warning. What cannot be read after the first page leaves the pages
    before it, and the fault.
    """
    seen: set[frozenset[str]] = set()
    met = not search.kept.versions
    try:
        for number, batch in enumerate(batches, 1):
            keys = frozenset(link.key for link in batch.links)
            new = keys - found.links.keys()
            found.links |= {link.key: link for link in batch.links if link.key in new}
            found.skipped += batch.skipped
            met = met or not keys.isdisjoint(search.kept.versions)
            if _is_known(search, batch) or _reaches_back(search, way, batch):
                return
            if keys in seen or (seen and not new) or number == way.pages:
                break
            seen.add(keys)
    except SourceError as error:
        if not (seen and error.state == "gone"):  # there is no page after the last one
            found.fault = error
            return
    if not met and found.links:
        reason = "warning: nothing that was read before is met on the pages asked: documents between may be missing"
        found.skipped.append(Skipped(search.source.id, way.url, reason))


def _is_known(search: Search, batch: Batch) -> bool:
    return search.kept.whole and all(search.kept.holds(link) for link in batch.links)


def _reaches_back(search: Search, way: Way, batch: Batch) -> bool:
    first = first_day(search, way)
    days = [day for link in batch.links if (day := day_of(link.published))]
    return first is not None and bool(days) and days[-1] < first


def first_day(search: Search, way: Way) -> date | None:
    """Return the first day of the window of *way*; None when it has none."""
    return search.today - way.window if way.window else None
