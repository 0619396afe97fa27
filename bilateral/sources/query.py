"""Searches that answer JSON: one page of the answer after the other, until nothing is new."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bilateral.config import JsonQuery, Source
from bilateral.errors import ParseError
from bilateral.model import Page, Skipped
from bilateral.sources.fetch import Answer, challenged
from bilateral.sources.identity import numbered

Ask = Callable[[dict[str, Any] | None], tuple[Answer, datetime]]  # the body to post → answer and time of it


def read_query(source: Source, query: JsonQuery, ask: Ask) -> tuple[list[Page], list[Skipped]]:
    """Ask page after page; ParseError when an answer has not the form that sources.yaml says.

    It ends after `pages`, at an empty page, and at one that brings nothing new: a site that ignores the
    index would answer the same for ever.
    """
    pages: dict[str, Page] = {}
    skipped: dict[str, Skipped] = {}
    for number in range(query.pages):
        answer, at = ask(_body(query, number))
        rows = _rows(source, query, answer)
        got, bad = _pages(source, query, rows, at)
        new = [page for page in got if page.key not in pages]
        pages |= {page.key: page for page in new}
        skipped |= {row.where: row for row in bad}
        if not new or query.page is None:
            break
    return list(pages.values()), list(skipped.values())


def _body(query: JsonQuery, number: int) -> dict[str, Any] | None:
    """Return the body to post, with the page index in its place."""
    if query.post is None:
        return None
    body = copy.deepcopy(query.post)
    if query.page is not None:
        *way, last = query.page.split(".")
        here = body
        for name in way:
            here = here.setdefault(name, {})
        here[last] = number
    return body


def _rows(source: Source, query: JsonQuery, answer: Answer) -> list[Mapping[str, Any]]:
    if challenged(answer.body):
        raise ParseError(source.id, f"{answer.url}: a challenge page instead of JSON", "challenged")
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ParseError(source.id, f"{answer.url}: no JSON: {error}") from error
    _check_total(source, query, answer, data)
    rows = dig(data, query.items)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ParseError(source.id, f"{answer.url}: {query.items!r} is no list of records")
    return rows


def _check_total(source: Source, query: JsonQuery, answer: Answer, data: object) -> None:
    if query.total is None:
        return
    total = dig(data, query.total)
    if not isinstance(total, int):
        raise ParseError(source.id, f"{answer.url}: {query.total!r} is {total!r}, a number is expected")
    if query.ceiling is not None and total > query.ceiling:
        told = f"{query.total!r} is {total:,}, at most {query.ceiling:,} are expected: a filter was ignored"
        raise ParseError(source.id, f"{answer.url}: {told}")


def _pages(
    source: Source, query: JsonQuery, rows: list[Mapping[str, Any]], at: datetime
) -> tuple[list[Page], list[Skipped]]:
    pages, skipped = [], []
    for row in rows:
        number = dig(row, query.id)
        if not isinstance(number, (int, str)) or isinstance(number, bool) or number == "":
            skipped.append(Skipped(source.id, f"{query.url} {str(row)[:80]}", f"{query.id!r} is {number!r}"))
            continue
        page, fault = _page(source, query, row, str(number), at)
        if page:
            pages.append(page)
        elif fault:
            skipped.append(Skipped(source.id, _link(query, str(number)), fault))
    return pages, skipped


def _page(
    source: Source, query: JsonQuery, row: Mapping[str, Any], number: str, at: datetime
) -> tuple[Page | None, str | None]:
    """Return the page of an item, or what is wrong with it; neither when it is not in this language."""
    assert source.lang is not None and source.read is not None  # config refuses the source otherwise
    title, body = dig(row, query.title), dig(row, source.read.body)
    if not title and not body:
        return None, None
    published = dig(row, query.published)
    lead = dig(row, query.lead) if query.lead else None
    said = {query.title: title, source.read.body: body, query.published: published}
    for name, value in said.items():
        if not isinstance(value, str) or not value.strip():
            return None, f"{name!r} is {str(value)[:40]!r}, a text is expected"
    key, work_id = numbered(source, number)
    page = Page(
        source_id=source.id,
        polled_as=source.id,
        key=key,
        url=_link(query, number),
        lang=source.lang,
        fetched_at=at,
        media_type="text/html",
        body=str(body).encode("utf-8", "replace"),
        title=str(title),
        lead=lead if isinstance(lead, str) and lead.strip() else None,
        published=str(published),
        work_id=work_id,
        side=source.country,
        primary=source.primary,
    )
    return page, None


def _link(query: JsonQuery, number: str) -> str:
    return query.link.replace("{id}", quote(number, safe=""))


def dig(data: object, path: str) -> Any:
    """Return what lies at the dotted *path*, or None.

    >>> dig({"content": {"titleRu": "<p>…</p>"}}, "content.titleRu")
    '<p>…</p>'
    """
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
