"""JSON Feed: the entries that feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bilateral.sources.entries import Entry, Feed


def is_json_feed(body: bytes) -> bool:
    """Whether *body* has the two keys that make a JSON Feed; some write the version as a mere number."""
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"{") and b'"version"' in body and b'"items"' in body


def parse_json_feed(body: bytes) -> Feed:
    """Return what a JSON Feed holds; without a version when it is none after all."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Feed("", (), str(error)[:200])
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return Feed("", (), "no items")
    entries = tuple(_entry(item) for item in items if isinstance(item, dict))
    return Feed("json", entries, None, _text(data, "next_url"))


def _entry(item: Mapping[str, Any]) -> Entry:
    html = _text(item, "content_html")
    return Entry(
        link=_text(item, "url") or _text(item, "external_url") or _text(item, "id"),
        title=_text(item, "title"),
        published=_text(item, "date_published") or _text(item, "date_modified") or None,
        summary=_text(item, "summary"),
        content=html or _text(item, "content_text"),
        media_type="text/html" if html else "text/plain",
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
