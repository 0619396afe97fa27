"""What makes two addresses the same document."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from bilateral.config import Source

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|_openstat|from")


def canonical(url: str) -> str:
    """Return *url* as host, path and query: no scheme, `www.`, fragment or tracking parameters.

    >>> canonical("HTTPS://www.mid.ru/ru/news/2045/?utm_source=rss&id=7#top")
    'mid.ru/ru/news/2045?id=7'
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


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
