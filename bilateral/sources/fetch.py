"""One guarded way to the network: what an address, a redirect or a body may do is bounded here.

The peer is checked when the connection is made, on every hop; hosts are limited to those of the source;
time and size have limits; retries live here and nowhere else.
"""

from __future__ import annotations

import json
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx2

from bilateral.config import Source
from bilateral.errors import FetchError
from bilateral.sources.guard import Guard, Peers, own_peers, within

_STATES = {401: "blocked", 403: "blocked", 451: "blocked", 404: "gone", 410: "gone", 429: "server_error"}
_CHALLENGES = (
    b"cf-chl",
    b"challenge-platform",
    b"_incapsula_",
    b"ddos-guard",
    b"servicepipe",
    b"/_sec/cp_challenge",
)
_ASKS_SCRIPT = (b"enable javascript", "включите javascript".encode(), "включить javascript".encode())


@dataclass(frozen=True)
class Answer:
    """A usable answer: status 2xx or 304, and the body as plain bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True)
class Limits:
    """How long one fetch may last, in seconds, and how many bytes it may bring."""

    total: float = 30.0  # with all its tries
    attempt: float = 15.0
    resolve: float = 3.0
    connect: float = 4.0
    body: int = 5_000_000  # before and after decompression
    hops: int = 5
    tries: int = 3


class Fetcher:
    """Asks sites for documents; safe to share between threads."""

    def __init__(
        self,
        user_agent: str = "bilateral",
        allow: Peers = frozenset(),
        limits: Limits | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._user_agent, self._allow, self._pause = user_agent, allow, pause
        self.limits = limits or Limits()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open."""
        if "_client" in self.__dict__:
            self._client.close()

    def get(self, source: Source, url: str) -> Answer:
        """Return what *url* answers; FetchError carries the state when it is no use."""
        return self._tried(source, "GET", url, None)

    def post(self, source: Source, url: str, body: object) -> Answer:
        """Return what *url* answers to *body* as JSON."""
        return self._tried(source, "POST", url, json.dumps(body, ensure_ascii=False).encode())

    @cached_property
    def _client(self) -> httpx2.Client:
        transport = httpx2.HTTPTransport(trust_env=False)
        transport._pool._network_backend = Guard(self.limits.resolve)  # a private name: the version is pinned
        headers = {"user-agent": self._user_agent, "accept-encoding": "gzip", "accept": "*/*"}
        limit = httpx2.Timeout(self.limits.attempt, connect=self.limits.connect)
        return httpx2.Client(transport=transport, trust_env=False, headers=headers, timeout=limit)

    def _tried(self, source: Source, method: str, url: str, body: bytes | None) -> Answer:
        """Try again, a few times, what a busy server may answer the next moment."""
        end = time.monotonic() + self.limits.total
        for number in range(1, self.limits.tries + 1):
            try:
                with within(
                    min(end, time.monotonic() + self.limits.attempt), self._allow | own_peers(source.address)
                ):
                    return self._hops(source, method, url, body)
            except FetchError as error:
                wait = 0.5 * 3 ** (number - 1)
                lasting = error.state not in ("server_error", "timed_out")
                if lasting or number == self.limits.tries or time.monotonic() + wait >= end:
                    raise
                self._pause(wait)
        raise AssertionError("the last try returns or raises")

    def _hops(self, source: Source, method: str, url: str, body: bytes | None) -> Answer:
        for _ in range(self.limits.hops + 1):
            _check_address(source, url)
            answer = self._once(source, method, url, body)
            if answer.status not in (301, 302, 303, 307, 308):
                return _usable(source, answer)
            if answer.status not in (307, 308):
                method, body = "GET", None
            url = _target(source, answer)
        raise FetchError(source.id, f"{url}: more than {self.limits.hops} redirects", "bad_content")

    def _once(self, source: Source, method: str, url: str, body: bytes | None) -> Answer:
        headers = {"content-type": "application/json"} if body is not None else {}
        try:
            with self._client.stream(method, url, content=body, headers=headers) as response:
                content = b"" if response.is_redirect else self._body(source, url, response)
                return Answer(response.status_code, dict(response.headers), content, url)
        except httpx2.ConnectTimeout as error:
            raise FetchError(
                source.id, f"{urlsplit(url).hostname}: no connection in time", "unreachable"
            ) from error
        except httpx2.TimeoutException as error:
            raise FetchError(source.id, f"{url}: no whole answer in time", "timed_out") from error
        except (httpx2.ProtocolError, httpx2.DecodingError) as error:
            raise FetchError(source.id, f"{url}: broken answer: {_brief(error)}", "bad_content") from error
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise FetchError(source.id, f"{url!r}: no address: {_brief(error)}", "bad_content") from error
        except (httpx2.TransportError, ssl.SSLError) as error:
            raise FetchError(
                source.id, f"{urlsplit(url).hostname}: {_brief(error)}", "unreachable"
            ) from error

    def _body(self, source: Source, url: str, response: httpx2.Response) -> bytes:
        """Read and unpack the body, never holding more than the cap."""
        coding = response.headers.get("content-encoding", "identity").lower().strip()
        if coding not in ("identity", "gzip", "x-gzip", ""):
            raise FetchError(
                source.id, f"{url}: content-encoding {coding!r}, only gzip was asked for", "bad_content"
            )
        unpack = zlib.decompressobj(31) if "gzip" in coding else None
        body, received, cap = bytearray(), 0, self.limits.body
        for raw in response.iter_raw():  # no size: it would wait until so much is there
            received += len(raw)
            body += self._unpacked(source, url, unpack, raw, cap + 1 - len(body)) if unpack else raw
            if max(len(body), received) > cap:
                raise FetchError(source.id, f"{url}: more than {cap:,} bytes", "too_large")
            if unpack and unpack.eof:
                break
        if unpack and received and not unpack.eof:
            raise FetchError(source.id, f"{url}: the compressed body is cut off", "bad_content")
        return bytes(body)

    def _unpacked(self, source: Source, url: str, unpack: Any, raw: bytes, most: int) -> bytes:
        try:
            return bytes(unpack.decompress(raw, most))
        except zlib.error as error:
            raise FetchError(
                source.id, f"{url}: no gzip, although it says so: {error}", "bad_content"
            ) from error


def challenged(body: bytes) -> bool:
    """Whether *body* is a page that wants a script run or a riddle solved instead of the document."""
    head = body[:20_000].lower()
    if b"<html" not in head and b"<!doctype html" not in head:
        return False
    lowered = body[:20_000].decode("utf-8", "replace").lower().encode()
    return any(mark in head for mark in _CHALLENGES) or (
        len(body) < 20_000 and any(mark in lowered for mark in _ASKS_SCRIPT)
    )


def _usable(source: Source, answer: Answer) -> Answer:
    if 200 <= answer.status < 300 or answer.status == 304:
        return answer
    state = _STATES.get(answer.status, "server_error" if answer.status >= 500 else "bad_content")
    if answer.status in (403, 429, 503) and (challenged(answer.body) or "cf-mitigated" in answer.headers):
        state = "challenged"
    raise FetchError(source.id, f"{answer.url}: HTTP {answer.status}", state)


def _check_address(source: Source, url: str) -> None:
    """Refuse what is not plain http of a host of *source*."""
    try:
        parts = httpx2.URL(url)  # the parser that connects, so that no two readings of an address differ
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(source.id, f"{url!r}: no address: {_brief(error)}", "bad_content") from error
    if parts.scheme not in ("http", "https") or parts.userinfo or "\\" in url:
        raise FetchError(source.id, f"{url!r}: refused: not plain http or https", "bad_content")
    if parts.host not in source.reach:
        hosts = ", ".join(sorted(source.reach))
        raise FetchError(source.id, f"{url!r}: refused: {parts.host!r} is none of {hosts}", "bad_content")


def _target(source: Source, answer: Answer) -> str:
    try:
        return str(httpx2.URL(answer.url).join(answer.headers["location"]))
    except (KeyError, ValueError, httpx2.InvalidURL) as error:
        raise FetchError(source.id, f"{answer.url}: a redirect that leads nowhere", "bad_content") from error


def _brief(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
