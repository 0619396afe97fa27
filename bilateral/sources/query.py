"""Searches that answer JSON: one page of the answer after the other, until nothing is new."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2

from bilateral.config import JsonQuery, Source
from bilateral.errors import ParseError
from bilateral.model import Skipped
from bilateral.sources.answers import Answer, challenged
from bilateral.sources.found import Batch, Link, Search, page_from
from bilateral.sources.identity import numbered


def query_batches(search: Search, query: JsonQuery) -> Iterator[Batch]:
    """Ask page after page; ParseError when an answer has not the form that sources.yaml says."""
    source = search.source
    for number in range(query.first, query.first + query.pages):
        answer, at = search.ask(_address(query, number), _body(query, number))
        rows = _rows(source, query, answer)
        links, skipped = _links(source, query, rows, at)
        yield Batch(f"{answer.url} (page {number})", links, skipped)
        if not rows or query.page is None:
            return


def _address(query: JsonQuery, number: int) -> str:
    """Return the address to ask: of a GET, with the page index as a parameter."""
    if query.post is not None or query.page is None:
        return query.url
    return str(httpx2.URL(query.url).copy_set_param(query.page, number))


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


def _links(
    source: Source, query: JsonQuery, rows: list[Mapping[str, Any]], at: datetime
) -> tuple[tuple[Link, ...], tuple[Skipped, ...]]:
    links, skipped = [], []
    for row in rows:
        number = dig(row, query.id)
        if (
            not isinstance(number, (int, str))
            or isinstance(number, bool)
            or not str(number).isprintable()
            or number == ""
        ):
            skipped.append(Skipped(source.id, f"{query.url} {str(row)[:80]}", f"{query.id!r} is {number!r}"))
            continue
        link, fault = _link(source, query, row, str(number), at)
        if link:
            links.append(link)
        elif fault:
            skipped.append(Skipped(source.id, _url(query, str(number)), fault))
    return tuple(links), tuple(skipped)


def _link(
    source: Source, query: JsonQuery, row: Mapping[str, Any], number: str, at: datetime
) -> tuple[Link | None, str | None]:
    """Return an item with its text, or what is wrong with it; neither when it is not in this language."""
    path = source.read.body if source.read else None
    assert path is not None  # config refuses the source otherwise
    said = {name: dig(row, name) for name in (query.title, path, query.published)}
    if not said[query.title] and not said[path]:
        return None, None
    for name, value in said.items():
        if not isinstance(value, str) or not value.strip():
            return None, f"{name!r} is {str(value)[:40]!r}, a text is expected"
    lead = dig(row, query.lead) if query.lead else None
    link = Link(
        _url(query, number),
        *numbered(source, number),
        title=said[query.title],
        lead=lead if isinstance(lead, str) and lead.strip() else None,
        published=said[query.published],
    )
    return replace(link, page=page_from(source, link, said[path].encode("utf-8", "ignore"), at)), None


def _url(query: JsonQuery, number: str) -> str:
    return query.link.replace("{id}", quote(number, safe=""))


def dig(data: object, path: str) -> Any:
    """Return what lies at the dotted *path*, or None.

    >>> dig({"content": {"titleRu": "<p>…</p>"}}, "content.titleRu")
    '<p>…</p>'
    """
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
