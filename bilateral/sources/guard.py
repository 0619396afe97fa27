"""Connections that end in time and lead only to public addresses.

The address is checked where the connection is made: a name that resolves otherwise the second time changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpcore2 as core

Peers = frozenset[tuple[str, int]]  # (address, port) that may be asked although it is not public
# Of this attempt: .deadline, its end on the monotonic clock; .allow, its peers; .proxy, host and port of it.
_local = threading.local()


@contextmanager
def within(deadline: float, allow: Peers, proxy: str | None = None) -> Iterator[None]:
    """Bound what this thread asks: until *deadline* of the monotonic clock, and *allow* besides public peers.

    A *proxy*, which the operator chose, may stand in a private network; where it leads is for it to check.
    """
    parts = urlsplit(proxy or "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    _local.deadline, _local.allow, _local.proxy = deadline, allow, (parts.hostname, port)
    try:
        yield
    finally:
        del _local.deadline, _local.allow, _local.proxy


def own_peers(address: str | None) -> Peers:
    """Return the literal or local address that the operator wrote into sources.yaml: it is meant.

    >>> own_peers("http://127.0.0.1:8123/feed")
    frozenset({('127.0.0.1', 8123)})
    >>> own_peers("https://mid.ru/ru/rss.php")
    frozenset()
    """
    parts = urlsplit(address or "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.hostname == "localhost":
        return frozenset({("127.0.0.1", port), ("::1", port)})
    try:
        return frozenset({(str(ipaddress.ip_address(parts.hostname or "")), port)})
    except ValueError:
        return frozenset()


def public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether *ip* is an address of the public internet, and not one that leads to a private one."""
    if isinstance(ip, ipaddress.IPv4Address):
        reserved = ip.is_multicast or ip.is_reserved or ip in ipaddress.ip_network("192.0.0.0/24")
        return ip.is_global and not reserved
    unicast = ip in ipaddress.ip_network("2000::/3")
    return unicast and ip.is_global and ip.sixtofour is None and ip.teredo is None


def _left(timeout: float | None) -> float:
    rest: float = _local.deadline - time.monotonic()
    if rest <= 0:
        raise core.ReadTimeout("the time is over")
    return rest if timeout is None else min(timeout, rest)


class _Timed(core.NetworkStream):
    """A connection whose every operation ends with the deadline of the attempt."""

    def __init__(self, inner: core.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> core.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Guard(core.NetworkBackend):
    """Resolves once, checks every address, and connects to a checked one."""

    def __init__(self, resolve: float) -> None:
        self._inner, self._resolve = core.SyncBackend(), resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[core.SOCKET_OPTION] | None = None,
    ) -> core.NetworkStream:
        """Connect to the first address of *host* that answers, when none of them is refused."""
        fault: Exception = core.ConnectError("the name has no address")
        for ip in _checked(host, port, min(self._resolve, _left(timeout))):
            try:
                inner = self._inner.connect_tcp(ip, port, _left(timeout), local_address, socket_options)
                return _Timed(inner)
            except (core.ConnectError, core.ConnectTimeout) as error:
                fault = error
        raise fault

    def sleep(self, seconds: float) -> None:
        """Wait, as the pool asks when it tries again."""
        time.sleep(seconds)


def _checked(host: str, port: int, seconds: float) -> list[str]:
    """Return at most four addresses of *host*; ConnectError when any of them is not to be asked."""
    found = [ipaddress.ip_address(one) for one in _resolved(host, port, seconds)]
    ips = list(dict.fromkeys(getattr(ip, "ipv4_mapped", None) or ip for ip in found))
    for ip in ips:
        meant = (str(ip), port) in _local.allow or (host, port) == _local.proxy
        if not meant and not (public(ip) and port in (80, 443)):
            raise core.ConnectError(f"refused: {ip} port {port}: only public addresses, ports 80 and 443")
    return [str(ip) for ip in ips[:4]]


def _resolved(host: str, port: int, seconds: float) -> list[str]:
    """Ask the resolver, which knows no time limit, in a thread that may be left behind."""
    future: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            future.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=ask, daemon=True, name=f"resolve {host}").start()
    try:
        return [str(entry[4][0]).partition("%")[0] for entry in future.result(seconds)]
    except TimeoutError:
        raise core.ConnectError(f"the name was not resolved in {seconds:.0f} s") from None
    except (OSError, UnicodeError) as error:
        raise core.ConnectError(f"the name cannot be resolved: {error}") from error
