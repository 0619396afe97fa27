"""What the search for documents passes on: links, the lists that they stand in, and what the archive holds.

ask → Batch(Link, …) → walk → Found → documents → Page
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

from bilateral.apart import Apart, Ended
from bilateral.config import Source
from bilateral.errors import ParseError, SourceError
from bilateral.model import Lang, Page, Skipped
from bilateral.sources.answers import Answer
from bilateral.sources.identity import key_of

P = ParamSpec("P")
T = TypeVar("T")

# The address, and the body to post (None: a GET) → the answer and the time of it.
Ask = Callable[[str, dict[str, Any] | None], tuple[Answer, datetime]]


@dataclass(frozen=True)
class Link:
    """A document that a list names: where it lies, and what the list says of it."""

    url: str
    key: str
    work_id: str | None
    title: str | None = None
    lead: str | None = None
    published: str | None = None  # as printed
    page: Page | None = None  # the document itself, where the list carries its text


@dataclass(frozen=True)
class Batch:
    """One page of a list."""

    url: str
    links: tuple[Link, ...]
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What of a source is kept and was loaded: the digests of the versions, by the key of the document."""

    versions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    whole: bool = False  # the last search came to its end, so that nothing older is missing

    def holds(self, link: Link) -> bool:
        """Whether nothing is new in *link*."""
        held = self.versions.get(link.key)
        return bool(held) and (link.page is None or link.page.sha256 in (held or ()))


@dataclass
class Found:
    """What one search has found so far; `fault` is what ended it before its time."""

    links: dict[str, Link] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    fault: SourceError | None = None
    waiting: int = 0  # documents that were left for the next search


@dataclass(frozen=True)
class Search:
    """For whom it is searched, with what, and what is known before."""

    source: Source
    ask: Ask
    kept: Kept
    today: date
    apart: Apart | None = None  # processes to parse in; None: they are started when needed


def in_process(search: Search, url: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Let a process that can be ended do *work* on what came from *url*; ParseError when it was ended."""
    if search.apart is None:
        return work(*args, **kwargs)
    try:
        return search.apart.outcome(search.apart.submit(work, *args, **kwargs))
    except Ended as error:
        raise ParseError(search.source.id, f"{url}: {error}") from error


def link_to(source: Source, url: str, **said: str | None) -> Link:
    """Return the link to the document of *source* at *url*."""
    key, work_id = key_of(source, url)
    return Link(url, key, work_id, **said)  # type: ignore[arg-type]


def language(source: Source) -> Lang:
    """Return the language of a source of the network."""
    assert source.lang is not None  # config refuses a network source without one
    return source.lang


def page_from(source: Source, link: Link, body: bytes, at: datetime, media_type: str = "text/html") -> Page:
    """Return the document at *link* with its text."""
    return Page(
        source_id=source.id,
        polled_as=source.id,
        key=link.key,
        url=link.url,
        lang=language(source),
        fetched_at=at,
        media_type=media_type,
        body=body,
        title=link.title,
        lead=link.lead,
        published=link.published,
        work_id=link.work_id,
        side=source.country,
        primary=source.primary,
    )
