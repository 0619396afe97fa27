"""The two presidents' sites as they are known to behave, on 127.0.0.1, with texts that a test can compare.

Kremlin(stories, lang)   Atom of 20 entries a page, rel=next and /feed/page/N; pages with menu, cards and foot
President(stories)       a search by POST, a shell for everybody else
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from servers import CLOSED, Asked, Reply, Site

from bilateral.config import packaged

ATOM = {"content-type": "application/atom+xml; charset=utf-8"}
HTML = {"content-type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Story:
    """A document as its editors know it; `local` is the clock of the site."""

    number: int
    title: str
    lead: str
    body: tuple[str, ...]
    local: datetime
    section: str = "events/president/news"
    place: str = ""

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.number}"

    @property
    def text(self) -> str:
        """What a reader of the site reads: the text that should come out at the other end."""
        return "\n".join(part for part in (self.title, self.lead, *self.body) if part)


def card(name: str) -> str:
    """A card of a person in the middle of a sentence."""
    return (
        f'<a class="read__person" href="/catalog/persons/7">{name}</a><span class="read__tooltip"><span>'
        f"<b>{name}</b> Head of something, born somewhere. <a href='/catalog/persons/7'>All materials</a></span></span>"
    )


def marked(paragraph: str, cards: bool) -> str:
    """A paragraph as HTML: `Name:` is bold at the beginning, {Name} is a person."""
    if paragraph.startswith("<a "):
        return f"<p>{paragraph}</p>"
    speaker, colon, rest = paragraph.partition(": ")
    html = f"<b>{speaker}:</b> {rest}" if colon and len(speaker) < 30 and "{" not in speaker else paragraph
    html = f"<b>{paragraph}</b>" if paragraph == "* * *" else html
    while "{" in html:
        before, _, after = html.partition("{")
        name, _, after = after.partition("}")
        html = before + (card(name) if cards else name) + after
    return f"<p>{html.replace('. ', '.&nbsp;', 1)}</p>"


def spoken(story: Story) -> Story:
    """The story as it is read: persons without their braces."""
    body = tuple(part.replace("{", "").replace("}", "") for part in story.body)
    return Story(story.number, story.title, story.lead, body, story.local, story.section, story.place)


class Kremlin(Site):
    """No answer without a User-Agent, 403 after *allowed* requests, stamps with an offset that is out of date."""

    def __init__(
        self, stories: Sequence[Story], lang: str, pages: Sequence[Story] = (), allowed: int = 10_000
    ) -> None:
        """Serve *stories* in feeds, latest first, and them and *pages* as pages of their own."""
        super().__init__()
        self.stories, self.lang, self.allowed = list(stories), lang, allowed
        self.pages = {one.path: one for one in (*stories, *pages)}
        self.instead: dict[str, Reply] = {}  # what comes at a path instead of what is there

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply | None:
        if not asked.headers.get("user-agent"):
            return None
        if len(self.asked) > self.allowed:
            return Reply(b"<html><body><h1>403 Forbidden</h1></body></html>", 403, HTML)
        if asked.path in self.instead:
            return self.instead[asked.path]
        for feed, wanted in self.feeds().items():
            first, _, number = asked.path.partition("/page/")
            if first == feed:
                return self._feed(feed, wanted, int(number or 1))
        story = self.pages.get(asked.path)
        return Reply(self._page(story).encode(), headers=HTML) if story else Reply(b"", 404)

    def feeds(self) -> dict[str, list[Story]]:
        """The stories of each feed; a transcript is in both, by the same number."""
        talks = [one for one in self.stories if any(part[:1].isupper() and ": " in part for part in one.body)]
        transcripts = [
            Story(one.number, one.title, one.lead, one.body, one.local, "events/president/transcripts")
            for one in talks
        ]
        acts = [one for one in self.stories if one.section == "acts/news"]
        return {
            "/events/all/feed": self.stories,
            "/events/president/transcripts/feed": transcripts,
            "/acts/news/feed": acts,
        }

    def _feed(self, feed: str, stories: Sequence[Story], page: int) -> Reply:
        shown = stories[(page - 1) * 20 : page * 20]
        if page > 1 and not shown:
            return Reply(b"", 404)
        older = (
            f'<link href="{self.url}{feed}/page/{page + 1}" rel="next" />' if len(stories) > page * 20 else ""
        )
        entries = "".join(self._entry(one) for one in shown)
        head = '<?xml version="1.0" encoding="UTF-8" ?><feed xmlns="http://www.w3.org/2005/Atom"><title>All</title>'
        return Reply(f"{head}<id>{self.url}{feed}</id>{older}{entries}</feed>".encode(), headers=ATOM)

    def _entry(self, story: Story) -> str:
        url, stamp = self.url + story.path, f"{story.local:%Y-%m-%dT%H:%M:%S}+04:00"
        touched = f"{story.local - timedelta(minutes=8):%Y-%m-%dT%H:%M:%S}+04:00"  # before it was published
        lead = f'<div class="c-summary"><p>{story.lead}</p></div>   ' if story.lead else ""
        body = (
            lead
            + '<img src="/x.jpg" alt="Photo" />'
            + "".join(marked(part, cards=False) for part in story.body)
        )
        return (
            f"<entry><title>{escape(story.title)}</title><id>{url}</id><updated>{touched}</updated>"
            f'<published>{stamp}</published><link href="{url}" rel="alternate" type="text/html" />'
            f'<summary type="html">{escape(lead)}</summary><content type="html">{escape(body)}</content></entry>'
        )

    def _page(self, story: Story) -> str:
        menu = "".join(f'<li><a href="/section/{n}">Menu item {n}</a></li>' for n in range(30))
        words = f"{story.local:%B} {story.local.day}, {story.local.year}, {story.local:%H:%M}"
        body = "".join(marked(part, cards=True) for part in story.body)
        return f"""<!doctype html><html lang="{self.lang}"><head><title>{story.title} • President of Russia</title></head>
<body><nav><ul>{menu}</ul></nav><div class="hentry h-entry"><h1 class="entry-title p-name">{story.title}</h1>
<div class="read__lead p-summary"><p>{story.lead}</p></div>
<time class="published" datetime="{story.local:%Y-%m-%d}">{words}</time><div class="read__place">{story.place}</div>
<div class="entry-content read__content">{body}<div class="read__bottommeta"><p>Publication status: published in
sections: News, Transcripts</p><p>Direct link: en.kremlin.ru/d/{story.number}</p></div></div></div>
<div class="hentry"><h3 class="entry-title"><a href="/events/president/news/1">See also</a></h3></div>
<footer><ul>{menu}</ul></footer></body></html>"""


class President(Site):
    """403 for unknown agents, a shell for a GET; a filter that it does not know is ignored, and answers everything."""

    SHELL = (
        b"<!doctype html><html><head><title>President</title></head><body><div id=root></div></body></html>"
    )

    def __init__(self, stories: dict[str, Sequence[Story]], everything: int = 39_000) -> None:
        """Serve the stories of "Ru", "Ky" and "En", latest first; one number is one document."""
        super().__init__()
        self.stories, self.everything = stories, everything

    def answer(self, handler: BaseHTTPRequestHandler, asked: Asked) -> Reply | None:
        if "python" in asked.headers.get("user-agent", "python"):
            return Reply(b"", 403)
        if asked.method != "POST" or asked.path != "/api/v1/news/search":
            return Reply(self.SHELL, headers=HTML)
        wanted = json.loads(asked.body)
        rows = self._rows()
        first = wanted["pageRequest"]["page"] * wanted["pageRequest"]["limit"]
        known = set(wanted["filter"]) <= {"active"}
        found = {
            "content": rows[first : first + wanted["pageRequest"]["limit"]],
            "totalElements": len(rows) if known else self.everything,
        }
        return Reply(json.dumps(found).encode(), headers={"content-type": "application/json"})

    def _rows(self) -> list[dict[str, Any]]:
        rows: dict[int, dict[str, Any]] = {}
        for lang in ("Ru", "Ky", "En"):
            for one in self.stories.get(lang, ()):
                row = rows.setdefault(one.number, {"id": one.number, "content": {}})
                row["publishedAt"] = f"{one.local:%Y-%m-%dT%H:%M:%S}"  # no zone: it is Bishkek's clock
                row[f"title{lang}"] = one.title
                row["content"][f"title{lang}"] = "".join(marked(part, cards=False) for part in one.body)
        empty = {f"title{lang}": None for lang in ("Ru", "Ky", "En")}
        whole = [empty | row | {"content": empty | row["content"]} for row in rows.values()]
        return sorted(whole, key=lambda row: str(row["publishedAt"]), reverse=True)


def configure(folder: Path, places: dict[str, str]) -> Path:
    """Write the packaged sources.yaml into *folder*, all its ways with the sites of *places* instead of the real ones."""
    text = packaged("sources.yaml").read_text(encoding="utf-8")
    for real, local in places.items():
        assert real in text, f"{real} is not in the packaged sources.yaml"
        text = text.replace(real, local)
    data = yaml.safe_load(text)
    for record in data["sources"]:
        if record["id"].startswith("mid-"):
            record["discover"] = {"feed": CLOSED}
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
