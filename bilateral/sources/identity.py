"""What makes two addresses the same document."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx2

from bilateral.config import Source

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|_openstat|from")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


def resolved(base: str, link: str) -> str | None:
    """Return the address that *link* means on the page *base*; None where it is none of http or https.

    >>> resolved("http://kremlin.ru/events/", "news/1"), resolved("http://kremlin.ru/", "javascript:alert(1)")
    ('http://kremlin.ru/events/news/1', None)
    >>> resolved("http://kremlin.ru/", "http://[::1"), resolved("http://kremlin.ru/", "http://kremlin.ru:x/")
    (None, None)
    """
    try:
        there = urljoin(base, link.strip())
        own, parts = urlsplit(link.strip()), urlsplit(there)
        hollow = (
            bool(own.scheme) or link.strip().startswith("//")
        ) and not own.netloc  # "http://" is not the base
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not hollow
        there.encode("utf-8")  # a lone surrogate is no letter of an address
        httpx2.URL(there)
    except (ValueError, httpx2.InvalidURL):
        return None
    return there if sound else None


def canonical(url: str) -> str:
    """Return *url* as host, path and query: no scheme, `www.`, fragment, detour or tracking parameters.

    >>> canonical("HTTPS://www.mid.ru/ru/./news/2045/?utm_source=rss&id=7#top")
    'mid.ru/ru/news/2045?id=7'
    """
    plain = _ESCAPED.sub(_unescaped, url.strip())
    try:
        parts = httpx2.URL(plain)  # the parser that connects: one reading of an address, not two
        host, port, path = parts.host, parts.port, parts.raw_path.decode("ascii").partition("?")[0]
    except (httpx2.InvalidURL, ValueError):
        return plain
    host = host.rstrip(".").removeprefix("www.")
    query = parts.query.decode("ascii", "replace")
    asked = [(name, value) for name, value in parse_qsl(query, True) if not _TRACKING.fullmatch(name)]
    tail = f"?{urlencode(asked)}" if asked else ""
    return f"{host}{f':{port}' if port not in (None, 80, 443) else ''}{path.rstrip('/')}{tail}"


def _unescaped(found: re.Match[str]) -> str:
    """Return what needs no escape as it is, and the rest in capitals."""
    letter = chr(int(found[1], 16))
    return letter if re.fullmatch(r"[A-Za-z0-9_~-]", letter) else found[0].upper()


def key_of(source: Source, url: str) -> tuple[str, str | None]:
    """Return the key of a document inside *source*, and the work that joins its languages.

    Where the source says how its addresses carry a number, that number with the language is the key.
    """
    pattern = source.identity.path
    found = re.search(pattern, urlsplit(url).path) if pattern else None
    return numbered(source, found[1]) if found else (canonical(url), None)


def numbered(source: Source, number: str) -> tuple[str, str | None]:
    """Return key and work of the document that the source itself gives *number*."""
    work = source.identity.work
    return f"{source.lang}:{number}", f"{work}:{number}" if work else None
