"""A feed as it stands, nothing interpreted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One entry of a feed."""

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
    next: str = ""  # the address of the page of older entries, as printed
