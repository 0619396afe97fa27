"""Pages whose form nobody has described: trafilatura finds the text, and what it says of the date is doubted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from bilateral.clean.known import find
from bilateral.clean.markup import document
from bilateral.clean.parts import Parts
from bilateral.clean.text import lines, one_line
from bilateral.errors import ParseError
from bilateral.model import Page

SHELL = re.compile(
    r"(?i)enable javascript|javascript (is )?(disabled|required)|(включит[еь]|отключен|требуется) javascript"
    r"|activer javascript|javascript.{0,20}(désactivé|өчүрүлгөн|иштет)|checking your browser|проверка браузера"
)
# Where a page marks the time of its publication for machines.
_MARKS = (
    'meta[property="article:published_time"]',
    'meta[itemprop="datePublished"]',
    '[itemprop="datePublished"]',
    "time[pubdate]",
    "article time[datetime]",
)
_LINKED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_SHORT = 1000  # characters below which the careful reading may have missed the text


def read_unknown(page: Page, html: str) -> Parts:
    """Return title, text and date of a whole page; ParseError when it holds no text but a menu, or nothing."""
    said = _extracted(page, html)
    body = "\n".join(lines(said["text"] or "")) if said else ""
    if not _speaks(body):
        shell = SHELL.search(html) is not None and len(html) < 20_000
        nothing = (
            "no sentence found on the page: a menu or a list of links"
            if body
            else "no text found on the page"
        )
        reason = "a page that asks for JavaScript instead of the document" if shell else nothing
        raise ParseError(page.source_id, reason, "challenged" if shell else "bad_content")
    return Parts(one_line(said["title"] or ""), "", body, _times(page, html, said["date"]))


def _extracted(page: Page, html: str) -> dict[str, Any]:
    """Read carefully, which leaves out what may be no text; where that leaves little, take what a bolder reading finds."""
    latest = (page.fetched_at + timedelta(days=1)).date().isoformat()
    strict = _once(page, html, latest, careful=True)
    if len(strict.get("text") or "") >= _SHORT:
        return strict
    bold = _once(page, html, latest, careful=False)
    return bold if len(bold.get("text") or "") > 2 * len(strict.get("text") or "") else strict


def _once(page: Page, html: str, latest: str, careful: bool) -> dict[str, Any]:
    from trafilatura import bare_extraction

    dates = {"original_date": True, "extensive_search": False, "max_date": latest}
    found = bare_extraction(
        html,
        url=page.url or None,
        include_comments=False,
        with_metadata=True,
        favor_precision=careful,
        date_extraction_params=dates,
    )
    said: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found else {}
    return said


def _speaks(body: str) -> bool:
    """Whether some line of *body* is a sentence: it ends like one, or is long and parted by signs."""
    lines_of = body.split("\n")
    if any(re.search(r"[.!?…»”\"):;。！？]$", line) for line in lines_of):
        return True
    return any(len(line) >= 80 and re.search(r"[,.;:。、]", line) for line in lines_of)


def _times(page: Page, html: str, day: str | None) -> tuple[str, ...]:
    """Return the day that the page states, with its clock where a mark gives one.

    A day that is that of the fetch is believed only of a mark: many sites print today's date on every page.
    """
    marked = _marked(html)
    if not day:
        return marked[:1]
    exact = tuple(one for one in marked if one.startswith(day))
    today = datetime.fromisoformat(day).date() >= page.fetched_at.date()
    return exact[:1] if exact or today else (day,)


def _marked(html: str) -> tuple[str, ...]:
    root = document(html)
    found = [one.get("content") or one.get("datetime") for css in _MARKS for one in find(root, css)]
    return tuple(str(one).strip() for one in (*_LINKED.findall(html), *found) if one)
