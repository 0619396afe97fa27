"""`bilateral sources probe`: what would be read of a source or an address, field by field; nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from bilateral.clean import clean_all
from bilateral.config import Config, Feed, Listing, Sitemap, Source
from bilateral.errors import BilateralError, SourceError
from bilateral.model import Article, Page, Skipped
from bilateral.sources import Answer, Fetcher, read_files
from bilateral.sources.dating import guess_language
from bilateral.sources.documents import fetch_page, page_of_answer
from bilateral.sources.found import Ask, Batch, Kept, Link, Search, link_to
from bilateral.sources.jsonfeed import is_json_feed
from bilateral.sources.listing import tree
from bilateral.sources.search import batches
from flows.place import Place

MOST = 3  # documents that are shown of a list
EDGE = 90  # characters of the beginning and of the end of a text


@dataclass(frozen=True)
class Field:
    """One thing that would be read; `good` is None where nobody expects it."""

    name: str
    value: str
    good: bool | None = True


Reading = list[Field]  # the fields of one list or document


def probe(place: Place, what: str, file: Path | None, now: datetime) -> Iterator[Reading]:
    """Yield what would be read of the source or the address *what*; of the saved page *file*, without a network."""
    known = place.config.source(what)
    if known is None and not what.startswith(("http://", "https://")):
        ids = ", ".join(source.id for source in place.config.sources)
        raise BilateralError(f"{what}: neither an address nor a source: {ids}")
    source = known or source_of(place.config, what)
    if source.files is not None:
        yield from _folder(place, source, now)
        return
    if file is not None:
        yield _saved(place.config, source, "" if known else what, file, now)
        return
    if not source.discover:
        raise BilateralError(f"{source.id}: nobody knows yet how its documents are found: give an address")
    with Fetcher(place.config.user_agent) as fetcher:
        search = Search(source, _asker(fetcher, source, now), Kept(), now.date())
        yield from _lists(place.config, search) if known else _address(place.config, search, what)


def source_of(config: Config, url: str) -> Source:
    """Return the source that publishes at *url*, else one made for this address alone."""
    asked = urlsplit(url)
    host = (asked.hostname or "").removeprefix("www.")
    near = [
        one
        for one in config.sources
        if any(host == name.removeprefix("www.") for name in one.reach)
        and asked.port in {urlsplit(address).port for address in one.addresses}
    ]
    links = {one.id: way.query.link for one in near for way in one.discover if way.query}
    exact = [one for one in near if one.id in links and url.startswith(links[one.id].partition("{id}")[0])]
    by_language = [one for one in near if f"/{one.lang}/" in asked.path]
    for found in (exact, by_language, near):
        if found:
            return found[0].model_copy(update={"hosts": (*found[0].hosts, asked.hostname or "")})
    publisher = {"name": host, "en": host, "kind": "agency"}
    said = {"publisher": publisher, "lang": "en", "licence": "not known", "discover": {"listing": url}}
    return Source.model_validate(
        {"id": "probe", "every": "1 day", "enabled": False, "verified": "never"} | said
    )


def _asker(fetcher: Fetcher, source: Source, now: datetime) -> Ask:
    answers: dict[str, Answer] = {}

    def ask(url: str, body: dict[str, Any] | None) -> tuple[Answer, datetime]:
        if body is not None:
            return fetcher.post(source, url, body), now
        answers[url] = answers.get(url) or fetcher.get(source, url)
        return answers[url], now

    return ask


def _lists(config: Config, search: Search) -> Iterator[Reading]:
    """Yield each list of the source, and its first documents."""
    for way in search.source.discover:
        if way.web:
            yield from _list(config, search, way.name, way.web.url, batches(search, way.web))


def _list(config: Config, search: Search, name: str, url: str, found: Iterator[Batch]) -> Iterator[Reading]:
    try:
        batch = next(iter(found), None)
    except SourceError as error:
        yield [Field(name, url), Field("state", f"{error.state}: {error.message}", False)]
        return
    links = batch.links if batch else ()
    dates = [link.published for link in links if link.published]
    yield [
        Field(name, url),
        Field("documents", f"{len(links)}, {len(dates)} of them with a time", bool(links)),
        Field("times", f"{dates[0]} … {dates[-1]}" if dates else "", None),
        *_refused(batch.skipped if batch else ()),
    ]
    for link in links[:MOST]:
        yield _document(config, search, link)


def _refused(skipped: Iterable[Skipped]) -> Iterator[Field]:
    return (Field("left out", f"{row.where}: {row.reason}", False) for row in islice(skipped, MOST))


def _document(config: Config, search: Search, link: Link) -> Reading:
    read = search.source.read
    try:
        page = link.page if link.page and not (read and read.page) else fetch_page(search, link)
    except SourceError as error:
        return [Field("address", link.url), Field("state", f"{error.state}: {error.message}", False)]
    return fields(config, search.source, page)


def _address(config: Config, search: Search, url: str) -> Iterator[Reading]:
    """Yield what lies at *url*: a feed or a sitemap with its first documents, or one document."""
    try:
        answer, now = search.ask(url, None)
    except SourceError as error:
        yield [Field("address", url), Field("state", f"{error.state}: {error.message}", False)]
        return
    head = answer.body[:2000].lower()
    if b"<rss" in head or b"<feed" in head or b"<rdf" in head or is_json_feed(answer.body):
        yield from _list(config, search, "feed", url, batches(search, Feed(url=url, pages=1)))
    elif b"<urlset" in head or b"<sitemapindex" in head:
        yield from _list(config, search, "sitemap", url, batches(search, Sitemap(url=url, pages=1)))
    else:
        yield _page(config, search.source, url, answer, now)
        yield from _hints(search, url, answer)


def _page(config: Config, source: Source, url: str, answer: Answer, now: datetime) -> Reading:
    try:
        page = page_of_answer(source, link_to(source, url), answer, now)
    except SourceError as error:
        return [Field("address", url), Field("state", f"{error.state}: {error.message}", False)]
    return fields(config, source, page)


def _hints(search: Search, url: str, answer: Answer) -> Iterator[Reading]:
    """Yield what the page tells of ways to find documents: feeds that it names, and links that look alike."""
    try:
        root = tree(search.source, answer)
    except SourceError:
        return
    feeds = root.xpath(
        "//link[@rel='alternate'][contains(@type,'rss') or contains(@type,'atom') or contains(@type,'json')]"
    )
    named = [urljoin(url, str(one.get("href") or "")) for one in feeds]
    try:
        links = len(next(batches(search, Listing(url=url, pages=1))).links)
    except SourceError:
        links = 0
    yield [*(Field("feed", one, None) for one in named), Field("links", f"{links} on this site", None)]


def _saved(config: Config, source: Source, url: str, file: Path, now: datetime) -> Reading:
    """Return what would be read of the saved page *file*, which may itself say its address."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise BilateralError(f"{file}: cannot be read: {error.strerror}") from None
    told = re.search(
        rb"""<link[^>]{0,99}rel=["']canonical["'][^>]{0,99}href=["'](https?://[^"']{1,999})""", body
    )
    own = told[1].decode("utf-8", "replace") if told else ""
    return _page(config, source, url or own, Answer(200, {}, body, url or own), now)


def _folder(place: Place, source: Source, now: datetime) -> Iterator[Reading]:
    folder = place.base / str(source.files)
    pages, skipped = read_files([folder], place.config, now) if folder.is_dir() else ([], [])
    yield [
        Field("files", str(folder), folder.is_dir()),
        Field("documents", str(len(pages)), bool(pages)),
        *_refused(skipped),
    ]
    for page in pages[:MOST]:
        yield fields(place.config, source, page)


def fields(config: Config, source: Source, page: Page) -> Reading:
    """Return what would be stored of *page*."""
    whole = config.model_copy(update={"sources": [source]}) if config.source(source.id) != source else config
    articles, skipped = clean_all([page], whole)
    if not articles:
        return [Field("address", page.url), Field("state", skipped[0].reason, False)]
    return list(_fields(source, page, articles[0]))


def _fields(source: Source, page: Page, article: Article) -> Iterator[Field]:
    wanted = source.read.selectors if source.read and page.media_type == "text/html" else {}
    lead = article.text[len(article.title) : article.body_start].strip()
    body = article.text[article.body_start :]
    joined = f", joined with other languages as {article.work_id}" if article.work_id else ""
    yield Field("address", article.url, bool(article.url) or None)
    yield Field("identity", article.key + joined, bool(article.key) or None)
    yield _language(source, article)
    yield Field("title", article.title, bool(article.title))
    yield _time(page, article)
    yield Field(
        "place", article.place or "", bool(article.place) or (None if "place" not in wanted else False)
    )
    yield Field("lead", lead, bool(lead) or None)
    yield Field("text", f"{len(body):,} characters: {_edges(body)}", bool(body))


def _language(source: Source, article: Article) -> Field:
    guessed = guess_language(article.text)
    if source.id == "probe" or guessed == article.lang:
        return Field("language", guessed)
    return Field("language", f"{article.lang}, but the text looks like {guessed}", False)


def _time(page: Page, article: Article) -> Field:
    printed = f" (printed: {page.published})" if page.published else ""
    if article.published_at:
        return Field("published", f"{article.published_at:%Y-%m-%d %H:%M} UTC{printed}")
    day = article.published
    return Field("published", f"{day.iso if day else 'unknown'}{printed}", day is not None)


def _edges(body: str) -> str:
    flat = re.sub(r"\s+", " ", body)
    return flat if len(flat) <= 2 * EDGE else f"{flat[:EDGE]} … {flat[-EDGE:]}"
