"""What a site answered, and whether it is of use: a refusal, a riddle and a breakdown are told apart."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from bilateral.config import Source
from bilateral.errors import FetchError

_STATES = {
    304: "bad_content",  # nobody asked whether it is unchanged
    401: "blocked",
    403: "blocked",
    451: "blocked",
    404: "gone",
    410: "gone",
    429: "server_error",
}
_CHALLENGES = (
    b"cf-chl",
    b"challenge-platform",
    b"_incapsula_",
    b"ddos-guard",
    b"servicepipe",
    b"/_sec/cp_challenge",
)
_ASKS_SCRIPT = (b"enable javascript", "включите javascript".encode(), "включить javascript".encode())

# To the end of the tag, whatever stands in quotes; possessive, so that no text takes it back and forth.
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")
_TAG = re.compile(rb"""<[A-Za-z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")


@dataclass(frozen=True)
class Answer:
    """A usable answer: status 2xx, or 304 where that was asked for, and the body as plain bytes."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    url: str


class Busy(FetchError):
    """The site cannot answer now; `wait` is how many seconds it wants to be left alone, None where it says nothing."""

    def __init__(
        self, source: str, message: str, state: str = "server_error", wait: float | None = None
    ) -> None:
        super().__init__(source, message, state)
        self.wait = wait


class Unchanged(FetchError):
    """The site says that nothing has changed since what was loaded."""

    def __init__(self, source: str, message: str = "", state: str = "not_modified") -> None:
        super().__init__(source, message, state)


def usable(source: Source, answer: Answer, conditional: bool, now: float) -> Answer:
    """Return *answer* when it is of use; FetchError with its state when not; *now* is the time of the clock."""
    if 200 <= answer.status < 300 or (answer.status == 304 and conditional):
        return answer
    told = f"{answer.url}: HTTP {answer.status}"
    if answer.status in (403, 429, 503) and (challenged(answer.body) or "cf-mitigated" in answer.headers):
        raise FetchError(source.id, told, "challenged")
    if answer.status in (429, 503):
        wait = retry_after(answer.headers, now)
        asked = "" if wait is None else f", with the wish to be left alone for {wait:.0f} s"
        raise Busy(source.id, told + asked, wait=wait)
    state = _STATES.get(answer.status, "server_error" if answer.status >= 500 else "bad_content")
    raise FetchError(source.id, told, state)


def challenged(body: bytes) -> bool:
    """Whether *body* is a page that wants a script run or a riddle solved instead of the document."""
    head = body[:20_000].lower()
    if b"<html" not in head and b"<!doctype html" not in head:
        return False
    lowered = body[:20_000].decode("utf-8", "replace").lower().encode()
    return any(mark in head for mark in _CHALLENGES) or (
        len(body) < 20_000 and any(mark in lowered for mark in _ASKS_SCRIPT)
    )


def overgrown(body: bytes) -> bool:
    """Whether *body* has a tag with attributes by the thousand: a parser holds each of them against each other one.

    What is not seen here, since it is odd enough, ends with the process that parses it.
    """
    long = (_QUOTED.sub(b'""', tag[0]) for tag in _TAG.finditer(body) if len(tag[0]) > 5_000)
    return any(max(len(tag.split()), tag.count(b'""'), tag.count(b"/")) > 2_000 for tag in long)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return for how many seconds the site wants to be left alone; None where it does not say.

    A date is held against the site's own clock where it gives one, so that a wrong clock here does no harm.

    >>> retry_after({"retry-after": "120"}, 0.0)
    120.0
    >>> retry_after({"retry-after": "Wed, 26 Nov 2025 10:01:00 GMT", "date": "Wed, 26 Nov 2025 10:00:00 GMT"}, 0.0)
    60.0
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    until = _seconds(said)
    if until is None:
        return None
    own = _seconds(headers.get("date", ""))
    return max(0.0, until - (now if own is None else own))


def _seconds(printed: str) -> float | None:
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        at = parsedate_to_datetime(printed)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return None
