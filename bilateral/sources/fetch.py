"""One guarded way to the network: what an address, a redirect or a body may do is bounded here.

The peer is checked when the connection is made, on every hop; hosts are limited to those of the source, and
asked as they wish; time and size have limits; retries live here and nowhere else.
"""

from __future__ import annotations

import json
import os
import random
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpx2

from bilateral.config import Source
from bilateral.errors import ConfigError, FetchError
from bilateral.sources.answers import Answer, Busy, challenged, usable
from bilateral.sources.guard import Guard, Peers, own_peers, within
from bilateral.sources.hosts import Hosts
from bilateral.sources.unpack import ACCEPTED, LargeError, PackedError, unpacked

__all__ = ["Answer", "Fetcher", "Limits", "challenged"]

_MOVED = (301, 302, 303, 307, 308)
_NO_RULES = ("blocked", "gone", "bad_content", "too_large", "challenged")  # of robots.txt (RFC 9309, 2.3.1.3)


@dataclass(frozen=True)
class Limits:
    """How long one fetch may last, in seconds, and how many bytes it may bring."""

    total: float = 30.0  # with all its tries, but without waiting for one's turn
    attempt: float = 15.0
    resolve: float = 3.0
    connect: float = 4.0
    body: int = 5_000_000  # before and after decompression
    hops: int = 5
    tries: int = 3

    def of(self, source: Source) -> Limits:
        """Return the limits for *source*, which may have some of its own."""
        own = source.ask.within
        total = own.total_seconds() if own else self.total
        attempt = max(self.attempt, total / 2) if own else self.attempt
        return replace(self, total=total, attempt=attempt, body=source.ask.max_bytes or self.body)


@dataclass(frozen=True)
class _Request:
    """What is asked for."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def moved(self, answer: Answer, url: str) -> _Request:
        """Return what to ask after a redirect to *url*."""
        if answer.status in (307, 308) or self.method == "GET":
            return replace(self, url=url)
        return _Request("GET", url)


class Fetcher:
    """Asks sites for documents; safe to share between threads."""

    def __init__(
        self,
        user_agent: str = "bilateral",
        allow: Peers = frozenset(),
        limits: Limits | None = None,
        pause: Callable[[float], None] = time.sleep,
        hosts: Path | None = None,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Make a fetcher that names itself *user_agent* and keeps in the file *hosts* what sites ask of it.

        *allow* names peers that may be asked although they are not public; *chance* gives numbers from 0 to 1.
        """
        self._user_agent, self._allow, self._pause = user_agent, allow, pause
        self._clock, self._chance = clock, chance
        self._clients: dict[str | None, httpx2.Client] = {}
        self._lock = threading.Lock()
        self._hosts = Hosts(re.split(r"[/\s]", user_agent.strip())[0], hosts, pause, clock)
        self.limits = limits or Limits()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open, and write down what sites asked for."""
        for client in self._clients.values():
            client.close()
        self._clients = {}
        self._hosts.save()

    def get(self, source: Source, url: str, conditions: Mapping[str, str] | None = None) -> Answer:
        """Return what *url* answers; FetchError carries the state when it is of no use.

        Only with *conditions* (if-none-match, if-modified-since) the answer may be an empty one of status 304.
        """
        return self._tried(source, _Request("GET", url, None, conditions or {}))

    def post(self, source: Source, url: str, body: object) -> Answer:
        """Return what *url* answers to *body* as JSON."""
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._tried(source, _Request("POST", url, content, {"content-type": "application/json"}))

    def _tried(self, source: Source, request: _Request) -> Answer:
        """Try again, a few times, what a busy server may answer the next moment."""
        limits = self.limits.of(source)
        left = limits.total
        for number in range(1, limits.tries + 1):
            with self._hosts.turn(source, request.url):
                begun = time.monotonic()
                try:
                    return self._attempt(source, request, min(left, limits.attempt))
                except FetchError as error:
                    left -= time.monotonic() - begun
                    wait = self._before_next(request, error, number)
                    lasting = error.state not in ("server_error", "timed_out")
                    if lasting or number == limits.tries or wait >= left:
                        raise
            self._pause(wait)
            left -= wait
        raise AssertionError("the last try returns or raises")

    def _before_next(self, request: _Request, error: FetchError, number: int) -> float:
        """Return how many seconds to wait before the next try: what the site asks, else longer each time."""
        asked = error.wait if isinstance(error, Busy) else None
        if asked is None:
            return 0.5 * 3.0 ** (number - 1) * (0.5 + self._chance())
        self._hosts.hold(request.url, asked)
        return asked

    def _attempt(self, source: Source, request: _Request, seconds: float) -> Answer:
        proxy = _proxy(source)
        trusted = own_peers(source.address)
        with within(time.monotonic() + seconds, self._allow | trusted, proxy):
            return self._hops(source, request)

    def _hops(self, source: Source, request: _Request, obey: bool = True) -> Answer:
        for _ in range(self.limits.hops + 1):
            _check_address(source, request.url)
            if obey and source.ask.robots:
                self._check_robots(source, request.url)
            answer = self._once(source, request)
            if answer.status not in _MOVED:
                conditional = "if-none-match" in request.headers or "if-modified-since" in request.headers
                return usable(source, answer, conditional, self._clock())
            request = request.moved(answer, _target(source, answer))
        raise FetchError(source.id, f"{request.url}: more than {self.limits.hops} redirects", "bad_content")

    def _check_robots(self, source: Source, url: str) -> None:
        if not self._hosts.allows(url, lambda address: self._robots(source, address)):
            raise FetchError(source.id, f"{url}: robots.txt does not allow it", "blocked")

    def _robots(self, source: Source, address: str) -> str:
        """Return the robots.txt at *address*: empty where there is none, FetchError while the site is down."""
        try:
            answer = self._hops(source, _Request("GET", address), obey=False)
        except FetchError as error:
            if error.state in _NO_RULES:
                return ""
            raise
        is_page = answer.body[:1000].lstrip().startswith(b"<")
        return "" if is_page else answer.body.decode("utf-8", "replace")

    def _once(self, source: Source, request: _Request) -> Answer:
        url = request.url
        try:
            with self._client(source).stream(
                request.method, url, content=request.body, headers=dict(request.headers)
            ) as response:
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
        cap = self.limits.of(source).body
        try:
            # No size for the parts: it would wait until so much is there.
            return unpacked(response.iter_raw(), coding, cap)
        except LargeError as error:
            raise FetchError(source.id, f"{url}: {error}", "too_large") from error
        except PackedError as error:
            raise FetchError(source.id, f"{url}: {error}", "bad_content") from error

    def _client(self, source: Source) -> httpx2.Client:
        proxy = _proxy(source)
        with self._lock:
            if proxy not in self._clients:
                self._clients[proxy] = self._connecting(proxy)
            return self._clients[proxy]

    def _connecting(self, proxy: str | None) -> httpx2.Client:
        transport = httpx2.HTTPTransport(trust_env=False, proxy=proxy)
        transport._pool._network_backend = Guard(self.limits.resolve)  # a private name: the version is pinned
        headers = {"user-agent": self._user_agent, "accept-encoding": ACCEPTED, "accept": "*/*"}
        limit = httpx2.Timeout(self.limits.attempt, connect=self.limits.connect)
        return httpx2.Client(transport=transport, trust_env=False, headers=headers, timeout=limit)


def _proxy(source: Source) -> str | None:
    """Return the proxy of *source* with the environment variables that it names; ConfigError when one is missing."""
    proxy = source.ask.proxy or ""
    missing = sorted({name for name in re.findall(r"\$\{(\w+)\}", proxy) if name not in os.environ})
    if missing:
        raise ConfigError([f"{source.id}.ask.proxy: environment variable {', '.join(missing)} is not set"])
    return re.sub(r"\$\{(\w+)\}", lambda found: os.environ[found[1]], proxy) or None


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
