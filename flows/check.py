"""`bilateral sources check`: every selector and path of the configuration, held against saved pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html

from bilateral.clean.known import find
from bilateral.clean.markup import document, text_of
from bilateral.config import Feed, JsonQuery, Listing, Read, Sitemap, Source, packaged
from bilateral.sources.decoding import decoded
from bilateral.sources.feed import parse_feed
from bilateral.sources.query import dig
from flows.place import Place

WIDEST = 60  # characters that are shown of what was found


@dataclass(frozen=True)
class Line:
    """One selector or path, what it finds on the saved page, and whether that is something."""

    source: str
    field: str
    selector: str
    found: str
    good: bool


def check(place: Place) -> list[Line]:
    """Return a line for each selector and path of the sources of the network."""
    folders = [place.base / "specimens", packaged("specimens")]
    return [
        line
        for source in place.config.sources
        if source.discover and source.network
        for line in _source(source, folders)
    ]


def specimen(source: Source, folders: list[Path], ending: str) -> Path | None:
    """Return the saved answer or page of *source*: by its id, else by the longest beginning of it that has one."""
    parts = source.id.split("-")
    names = ["-".join(parts[:length]) + ending for length in range(len(parts), 0, -1)]
    return next((folder / name for folder in folders for name in names if (folder / name).is_file()), None)


def _source(source: Source, folders: list[Path]) -> Iterator[Line]:
    for discover in source.discover:
        way = discover.web
        ending = (
            ".list.html" if isinstance(way, Listing) else ".json" if isinstance(way, JsonQuery) else ".xml"
        )
        saved = specimen(source, folders, ending)
        if saved is None:
            yield Line(source.id, discover.name, str(way.url if way else ""), f"no saved {ending}", False)
        elif isinstance(way, JsonQuery):
            yield from _query(source, way, saved)
        elif isinstance(way, Listing):
            yield from _listing(source, way, saved)
        elif isinstance(way, Feed | Sitemap):
            yield from _entries(source, way, saved)
    if source.read and (source.read.selectors or (source.read.body and not _is_json(source))):
        yield from _page(source, source.read, specimen(source, folders, ".html"))


def _is_json(source: Source) -> bool:
    return any(way.query for way in source.discover)


def _query(source: Source, query: JsonQuery, saved: Path) -> Iterator[Line]:
    data = json.loads(saved.read_bytes())
    rows = dig(data, query.items)
    yield Line(
        source.id, "items", query.items, f"{len(rows) if isinstance(rows, list) else 0} items", bool(rows)
    )
    if query.total:
        total = dig(data, query.total)
        yield Line(source.id, "total", query.total, str(total), isinstance(total, int))
    body = source.read.body if source.read else None
    paths = {
        "id": query.id,
        "title": query.title,
        "published": query.published,
        "lead": query.lead,
        "body": body,
    }
    for name, path in paths.items():
        if path:
            values = [value for row in rows or () if (value := dig(row, path))]
            yield Line(source.id, name, path, _short(values), bool(values))


def _entries(source: Source, way: Feed | Sitemap, saved: Path) -> Iterator[Line]:
    if isinstance(way, Sitemap):
        from usp.tree import sitemap_from_str

        addresses = [page.url for page in sitemap_from_str(decoded(saved.read_bytes())).all_pages()]
        yield Line(source.id, "sitemap", way.url, f"{len(addresses)} pages", bool(addresses))
        return
    entries = parse_feed(saved.read_bytes(), way.url, "").entries
    whole = [one for one in entries if one.link and one.title and one.published]
    found = f"{len(whole)} of {len(entries)} entries with address, title and time"
    yield Line(source.id, "feed", way.url, found, bool(entries) and len(whole) == len(entries))
    if path := source.identity.path:
        yield _pattern(source, "identity.path", path, [urlsplit(one.link).path for one in entries])


def _pattern(source: Source, name: str, pattern: str, texts: list[str]) -> Line:
    return Line(
        source.id,
        name,
        pattern,
        _short([text for text in texts if re.search(pattern, text)]),
        any(re.search(pattern, text) for text in texts),
    )


def _listing(source: Source, way: Listing, saved: Path) -> Iterator[Line]:
    root = document(decoded(saved.read_bytes()))
    items = find(root, way.item) if way.item else [root]
    if way.item:
        yield Line(source.id, "item", way.item, f"{len(items)} items", bool(items))
    for name, css in {"link": way.link, "title": way.title, "published": way.published}.items():
        if css:
            yield _line(source, name, css, [one for item in items for one in find(item, css)])
    if way.only:
        yield _pattern(source, "only", way.only, [str(one.get("href")) for one in root.iter("a")])
    if way.next:
        yield _line(source, "next", way.next, find(root, way.next))


def _page(source: Source, read: Read, saved: Path | None) -> Iterator[Line]:
    if saved is None:
        yield Line(source.id, "read", str(read.body), "no saved .html", False)
        return
    root = document(decoded(saved.read_bytes()))
    for name, css in {**read.selectors, **({"body": read.body} if read.body else {})}.items():
        yield _line(source, name, css, find(root, css))
    if read.follow:
        yield _pattern(source, "follow", read.follow, [str(one.get("href")) for one in root.iter("a")])
    if read.drop:  # one of them is enough: not every page has every card and foot
        yield _line(
            source, "drop", ", ".join(read.drop), [one for css in read.drop for one in find(root, css)]
        )


def _line(source: Source, name: str, css: str, elements: list[lxml.html.HtmlElement]) -> Line:
    texts = [text for one in elements if (text := " ".join(text_of(one).split()))]
    return Line(source.id, name, css, _short(texts), bool(texts))


def _short(values: list[Any]) -> str:
    if not values:
        return "nothing"
    text = " ".join(str(values[0]).split())
    return f"{len(values)}: {text if len(text) <= WIDEST else text[: WIDEST - 1] + '…'}"
