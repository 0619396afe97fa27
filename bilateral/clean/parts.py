"""What is found on a page before it becomes an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """Title, lead and body as plain text; `published` holds what may be the time, the most trusted first."""

    title: str
    lead: str
    body: str
    published: tuple[str, ...] = ()
    place: str = ""
