"""Sites on 127.0.0.1 that behave like the real ones, for tests.

with KremlinSite(feed) as site: …      Atom at /events/all/feed, page by page
with PresidentSite(items) as site: …   POST /api/v1/news/search
with Site({"/path": answer}) as site: …   whatever a handler does
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

import yaml

from bilateral.config import packaged

CLOSED = "http://127.0.0.1:9"  # nobody listens there


@dataclass(frozen=True)
class Asked:
    """One request that a site got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One whole answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | Callable[[BaseHTTPRequestHandler, Asked], Reply | None]


class Site:
    """A server with one answer a path; an answer may be a function that writes to the handler itself."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[Asked] = []  # without the questions for robots.txt
        self.robots = Reply(b"", 404)
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_GET(self) -> None:
                site._handle(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply | None:
        """Return the answer to one request; None when the handler has written it itself."""
        answer = self.answers.get(asked.path.partition("?")[0], Reply(b"not found", 404))
        return answer if isinstance(answer, Reply) else answer(handler, asked)

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.command, handler.path, headers, handler.rfile.read(length))
        rules = asked.path == "/robots.txt"
        if not rules:
            self.asked.append(asked)
        try:
            reply = self.robots if rules else self.answer(handler, asked)
            if reply is not None:
                self._send(handler, reply)
            else:
                handler.close_connection = True
        except OSError:
            handler.close_connection = True  # the client has had enough

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        for name, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body)


class KremlinSite(Site):
    """Kremlin's feed: no answer without a User-Agent, 403 after *allowed* requests."""

    FEED = "/events/all/feed"

    def __init__(self, feed: bytes, allowed: int = 1000) -> None:
        super().__init__()
        self.feed, self.allowed = feed, allowed

    @property
    def feed_url(self) -> str:
        return self.url + self.FEED

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply | None:
        if not asked.headers.get("user-agent"):
            return None
        if len(self.asked) > self.allowed:
            return Reply(b"<html>Forbidden</html>", 403)
        if asked.path == self.FEED:
            return Reply(self.feed, headers={"content-type": "application/atom+xml; charset=utf-8"})
        return Reply(b"", 404)


@dataclass(frozen=True)
class Item:
    """One entry of a feed, or one item of the search; times as the sites print them."""

    number: int
    title: str
    text: str  # HTML
    published: str
    lead: str = ""  # HTML


def atom(items: Sequence[Item], host: str = "http://en.kremlin.ru") -> bytes:
    """Write a feed as kremlin.ru does: the summary block stands again at the head of the content."""
    entries = []
    for item in items:
        url = f"{host}/events/president/news/{item.number}"
        lead = (
            f'<div class="c-summary" style="font-size: 1.2em"><p>{item.lead}</p></div>' if item.lead else ""
        )
        entries.append(
            f"<entry><title>{escape(item.title)}</title><id>{url}</id><updated>{item.published}</updated>"
            f'<published>{item.published}</published><link href="{url}" rel="alternate" type="text/html" />'
            f'<summary type="html">{escape(lead)}</summary>'
            f'<content type="html">{escape(lead + item.text)}</content></entry>'
        )
    head = '<?xml version="1.0" encoding="UTF-8" ?><feed xmlns="http://www.w3.org/2005/Atom"><title>Events</title>'
    return f"{head}<id>{host}/events/all/feed</id>{''.join(entries)}</feed>".encode()


class PresidentSite(Site):
    """president.kg: a search by POST; unknown filter keys are ignored, a plain GET gives an empty shell."""

    SEARCH = "/api/v1/news/search"
    SHELL = b"<!doctype html><html><body><noscript>You need to enable JavaScript</noscript><div id=root></div></body></html>"

    def __init__(self, items: Mapping[str, Sequence[Item]], total: int | None = None) -> None:
        """Serve *items*: by language ("Ru", "Ky", "En"), newest first; one number is one document."""
        super().__init__()
        self.items, self.total = items, total

    @property
    def search_url(self) -> str:
        return self.url + self.SEARCH

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply | None:
        if asked.path != self.SEARCH or asked.method != "POST":
            return Reply(self.SHELL, headers={"content-type": "text/html"})
        wanted = json.loads(asked.body)["pageRequest"]
        rows = self._rows()
        first = wanted["page"] * wanted["limit"]
        found = {
            "content": rows[first : first + wanted["limit"]],
            "totalElements": len(rows) if self.total is None else self.total,
        }
        return Reply(json.dumps(found).encode(), headers={"content-type": "application/json"})

    def _rows(self) -> list[dict[str, Any]]:
        rows: dict[int, dict[str, Any]] = {}
        for lang in ("Ru", "Ky", "En"):
            for item in self.items.get(lang, ()):
                row = rows.setdefault(
                    item.number, {"id": item.number, "publishedAt": item.published, "content": {}}
                )
                row[f"title{lang}"] = item.title
                row["content"][f"title{lang}"] = item.text
        empty = {f"title{lang}": None for lang in ("Ru", "Ky", "En")}
        whole = [empty | row | {"content": empty | row["content"]} for row in rows.values()]
        return sorted(whole, key=lambda row: str(row["publishedAt"]), reverse=True)


def local_sources(
    folder: Path,
    *,
    kremlin_ru: str = CLOSED,
    kremlin_en: str = CLOSED,
    president: str = CLOSED,
    mid_ru: str = CLOSED,
    mid_en: str = CLOSED,
    mid_fr: str = CLOSED,
) -> Path:
    """Write the packaged sources.yaml into *folder* with these addresses; what is not given is unreachable.

    Of a source with several ways, the first is kept.
    """
    given = {"kremlin-ru": kremlin_ru, "kremlin-en": kremlin_en}
    given |= {"mid-ru": mid_ru, "mid-en": mid_en, "mid-fr": mid_fr}
    given |= dict.fromkeys(("president-kg-ru", "president-kg-ky", "president-kg-en"), president)
    data = yaml.safe_load(packaged("sources.yaml").read_text(encoding="utf-8"))
    for record in data["sources"]:
        discover = record.get("discover")
        first = discover[0] if isinstance(discover, list) else discover
        for name, way in (first or {}).items():
            if name != "files":
                settings = way if isinstance(way, dict) else {}
                record["discover"] = {name: settings | {"url": given[record["id"]]}}
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
