"""One page becomes one article: title, lead and body as plain text, and when it was published."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from lxml import etree

from bilateral.clean.dates import published
from bilateral.clean.known import read_known, take_out
from bilateral.clean.markup import fragment, inline, is_document, markdown, text_of
from bilateral.clean.parts import Parts
from bilateral.clean.text import lines, one_line
from bilateral.clean.unknown import SHELL, read_unknown
from bilateral.config import Read, Source
from bilateral.errors import ParseError
from bilateral.model import Article, Date, Page


def clean(page: Page, source: Source | None) -> Article:
    """Return the article of *page*; ParseError when there is no text, or a page that only asks for JavaScript.

    *source* gives the clock of times without a zone; None: UTC. Whole HTML pages may take seconds and hostile
    ones for ever: `clean_all` bounds that.
    """
    try:
        parts = _without_repeats(_parts(page, _read(page, source)))
    except etree.LxmlError as error:
        raise ParseError(page.source_id, f"no HTML that can be read: {error}") from error
    if not (parts.title or parts.body):
        raise ParseError(page.source_id, "the document has no text")
    if (
        page.media_type == "text/html"
        and len(parts.body) < 600
        and SHELL.search(f"{parts.title} {parts.body}")
    ):
        raise ParseError(
            page.source_id, "a page that asks for JavaScript instead of the document", "challenged"
        )
    at, day = _when(page, parts, source)
    head = "".join(f"{part}\n" for part in (parts.title, parts.lead) if part)
    text = (head + parts.body).rstrip("\n")
    return Article(
        source_id=page.source_id,
        polled_as=page.polled_as,
        key=page.key,
        url=page.url,
        lang=page.lang,
        title=parts.title,
        text=text,
        body_start=min(len(head), len(text)),
        published_at=at,
        published=day,
        fetched_at=page.fetched_at,
        page_sha256=page.sha256,
        work_id=page.work_id,
        side=page.side,
        primary=page.primary,
        synthetic=page.synthetic,
        place=one_line(page.place or "") or parts.place or None,
    )


def _read(page: Page, source: Source | None) -> Read:
    """Return how the pages of *source* are read, where *page* is one of its own."""
    if source is None or source.read is None or not _own(page, source):
        return Read()
    if any(way.name == "json" for way in source.discover):  # there the body is a path, followed already
        return source.read.model_copy(update={"body": None})
    return source.read


def _own(page: Page, source: Source) -> bool:
    """Whether *source* itself published *page* on the network: a document from a file says what it means."""
    return source.network and page.polled_as == source.id


def _when(page: Page, parts: Parts, source: Source | None) -> tuple[datetime | None, Date | None]:
    """Return instant and day of publication: of the list that named the page, else of the page itself.

    The page may add the clock to the day that the list gives, not another day: many print today's on every page.
    A time that cannot be that of a publication on the network is left out.
    """
    own = source is not None and _own(page, source)
    # Only the site's own stamps carry the stale offset.
    ignore = own and source is not None and source.clock == "site"
    zone = source.zone if source else "UTC"
    told = published(page.published, zone, ignore)
    stated = [published(one, zone, ignore) for one in parts.published]
    known = [one for one in ([told, *stated] if own else stated) if _believable(one[1], page.fetched_at)]
    if told[1] and not own:
        known.insert(0, told)
    if not known:
        return None, None
    return next((one for one in known if one[0] and one[1] == known[0][1]), known[0])


def _believable(day: Date | None, fetched_at: datetime) -> bool:
    """Whether something on the network can have been published then: not before it was there, nor tomorrow."""
    return day is not None and day.last.year >= 1991 and day.first <= (fetched_at + timedelta(days=1)).date()


def _parts(page: Page, read: Read) -> Parts:
    text = page.body.decode("utf-8", "replace")
    if page.media_type == "text/html":
        return _whole_page(page, text, read) if is_document(text) else _fragment(page, text, read)
    title, lead = one_line(page.title or ""), one_line(page.lead or "")
    if page.media_type == "text/markdown":
        heading, found = markdown(text)
        first = [heading] if heading and title and heading != title else []
        return Parts(title or heading or "", lead, "\n".join(first + found))
    return Parts(title, lead, "\n".join(lines(text)))


def _fragment(page: Page, html: str, read: Read) -> Parts:
    root = fragment(html)
    if root is not None:
        take_out(root, read)
    body = text_of(root) if root is not None else ""
    return Parts(inline(page.title or ""), inline(page.lead or ""), body)


def _whole_page(page: Page, html: str, read: Read) -> Parts:
    """Read a page where the selectors say; where they find no body, or there are none, with trafilatura."""
    found = (read_known(html, read) if read.body else None) or read_unknown(page, html)
    listed = inline(page.title or "")
    title = (found.title or listed) if read.title else (listed or found.title)
    return replace(found, title=title, lead=found.lead or inline(page.lead or ""))


def _without_repeats(parts: Parts) -> Parts:
    """Take out of the body what title and lead say already, and drop a lead that the body says itself."""
    title, lead, body = parts.title, parts.lead, parts.body
    if not lead or lead == title or _abridged(lead, body):
        first, _, rest = body.partition("\n")
        return replace(parts, lead="", body=rest if first == title and rest else body)
    for beginning in (f"{title} {lead}".strip(), lead):
        after = _after(body, beginning)
        if after is not None:
            return replace(parts, body=after) if after else replace(parts, lead="", body=lead)
    return parts


def _abridged(lead: str, body: str) -> bool:
    """Whether *lead* is the beginning of *body*, broken off with dots."""
    cut = re.fullmatch(r"(.+?)\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])", lead)
    return cut is not None and body.replace("\n", " ").startswith(cut[1])


def _after(body: str, beginning: str) -> str | None:
    """Return what follows *beginning* in *body*, line ends counting as spaces; None when it begins otherwise."""
    if not body.replace("\n", " ").startswith(beginning) or body[len(beginning) :][:1].isalnum():
        return None
    return body[len(beginning) :].lstrip()
