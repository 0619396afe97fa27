"""Pages whose form is known: each field lies where a selector of sources.yaml says."""

from __future__ import annotations

from functools import cache

import lxml.html
from lxml.cssselect import CSSSelector

from bilateral.clean.markup import document, text_of
from bilateral.clean.parts import Parts
from bilateral.clean.text import one_line
from bilateral.config import Read


def read_known(html: str, read: Read) -> Parts | None:
    """Return what the selectors of *read* find in a whole page; None when its body is not where it is said to be."""
    root = document(html)
    take_out(root, read)
    body = next((text for one in find(root, read.body) if (text := text_of(one))), None)
    if body is None:
        return None
    said = {name: _words(root, css) for name, css in read.selectors.items()}
    time = " ".join(part for part in (_time(root, read.published), said.get("clock")) if part)
    return Parts(
        title=said.get("title", ""),
        lead=said.get("lead", ""),
        body=body,
        published=(time,) if time else (),
        place=said.get("place", ""),
    )


def take_out(root: lxml.html.HtmlElement, read: Read) -> None:
    """Remove what `read.drop` names, and leave the words around it."""
    for css in read.drop:
        for element in find(root, css):
            if element.getparent() is not None:
                element.drop_tree()


def find(root: lxml.html.HtmlElement, css: str | None) -> list[lxml.html.HtmlElement]:
    """Return the elements that *css* finds, in the order of the page."""
    return list(_compiled(css)(root)) if css else []


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css)


def _words(root: lxml.html.HtmlElement, css: str) -> str:
    return next((text for one in find(root, css) if (text := one_line(" ".join(text_of(one).split())))), "")


def _time(root: lxml.html.HtmlElement, css: str | None) -> str:
    """Return the attribute and the words of the first element of *css*: the day may stand in one, the clock in both."""
    found = next(iter(find(root, css)), None)
    if found is None:
        return ""
    marked = str(found.get("datetime") or found.get("content") or "").strip()
    return f"{marked} {one_line(text_of(found))}".strip()
