"""One page becomes one article: title, lead and body as plain text, and when it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from bilateral.clean.dates import published
from bilateral.clean.markup import inline, is_document, markdown, paragraphs
from bilateral.clean.text import lines, one_line
from bilateral.config import Source
from bilateral.errors import ParseError
from bilateral.model import Article, Page

_SHELL = re.compile(
    r"(?i)enable javascript|javascript (is )?(disabled|required)|(включит[еь]|отключен|требуется) javascript"
    r"|activer javascript|javascript.{0,20}(désactivé|өчүрүлгөн|иштет)|checking your browser|проверка браузера"
)


@dataclass(frozen=True)
class _Parts:
    """What was found on a page."""

    title: str
    lead: str
    body: str
    published: str | None


def clean(page: Page, source: Source | None) -> Article:
    """Return the article of *page*; ParseError when there is no text, or a page that only asks for JavaScript.

    *source* gives the clock of times without a zone; None: UTC. Whole HTML pages may take seconds and hostile
    ones for ever: `clean_all` bounds that.
    """
    try:
        parts = _without_repeats(_parts(page))
    except etree.LxmlError as error:
        raise ParseError(page.source_id, f"no HTML that can be read: {error}") from error
    if not (parts.title or parts.body):
        raise ParseError(page.source_id, "the document has no text")
    if (
        page.media_type == "text/html"
        and len(parts.body) < 600
        and _SHELL.search(f"{parts.title} {parts.body}")
    ):
        raise ParseError(
            page.source_id, "a page that asks for JavaScript instead of the document", "challenged"
        )
    # Only the feed's own stamps carry the stale offset; a document from a file says what it means.
    own = source is not None and page.polled_as == source.id and source.clock == "site"
    at, day = published(parts.published, source.zone if source else "UTC", ignore_offset=own)
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
        place=one_line(page.place) if page.place else None,
    )


def _parts(page: Page) -> _Parts:
    text = page.body.decode("utf-8", "replace")
    if page.media_type == "text/html":
        return _whole_page(page, text) if is_document(text) else _fragment(page, text)
    title, lead = one_line(page.title or ""), one_line(page.lead or "")
    if page.media_type == "text/markdown":
        heading, found = markdown(text)
        first = [heading] if heading and title and heading != title else []
        return _Parts(title or heading or "", lead, "\n".join(first + found), page.published)
    return _Parts(title, lead, "\n".join(lines(text)), page.published)


def _fragment(page: Page, html: str) -> _Parts:
    title, lead = inline(page.title or ""), inline(page.lead or "")
    return _Parts(title, lead, "\n".join(paragraphs(html)), page.published)


def _whole_page(page: Page, html: str) -> _Parts:
    from trafilatura import bare_extraction

    dates = {"original_date": True, "extensive_search": False}
    found = bare_extraction(
        html, url=page.url or None, include_comments=False, with_metadata=True, date_extraction_params=dates
    )
    if found is None:
        shell = _SHELL.search(html) is not None and len(html) < 20_000
        reason = (
            "a page that asks for JavaScript instead of the document"
            if shell
            else "no text found on the page"
        )
        raise ParseError(page.source_id, reason, "challenged" if shell else "bad_content")
    said = found if isinstance(found, dict) else found.as_dict()
    title = inline(page.title or "") or one_line(said["title"] or "")
    body = "\n".join(lines(said["text"] or ""))
    return _Parts(title, inline(page.lead or ""), body, page.published or said["date"])


def _without_repeats(parts: _Parts) -> _Parts:
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
