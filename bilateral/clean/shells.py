"""Whole pages that hold no document: menus, lists of links, the empty frame of an application."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from bilateral.clean.text import visible

# What stands inside is not the text of a document, whoever wrote it.
_AROUND = frozenset(
    "a aside button footer head header iframe label nav noscript object option script select style svg template".split()
)
_FRAME = re.compile(r"(?i)(\w+[-_])?(menu|navbar|navigation|footer|breadcrumbs?|cookies?|copyright)")
_PARSER = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
_SENTENCE = 40  # characters that stand together: shorter are dates, labels and single words
_LEAST = 100  # characters in sentences: the shortest message of a press service has more


def holds_no_document(html: str) -> str | None:
    """Say why the whole page *html* is no document; None when it may be one.

    >>> holds_no_document("<html><body><div id='root'></div><script>start()</script></body></html>")
    'an empty shell instead of the document'
    """
    source = visible(html)
    try:
        root = lxml.html.document_fromstring(source, parser=_PARSER) if source.strip() else None
    except (etree.LxmlError, ValueError):
        root = None
    shown = _shown(root) if root is not None else []
    if sum(len(text) for text in shown if len(text) >= _SENTENCE) >= _LEAST:
        return None
    words = " ".join(shown) or (root is not None and any(True for _ in root.iter("a")))
    return (
        "only menus and links instead of the document" if words else "an empty shell instead of the document"
    )


def _shown(root: lxml.html.HtmlElement) -> list[str]:
    """Return the pieces of text outside of links and menus; without recursion, since nesting may be deep."""
    pieces: list[str | None] = []
    around = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            around += _is_around(element)
            pieces.append(None if around else element.text)
        else:
            around -= _is_around(element)
            pieces.append(None if around else element.tail)
    return [text for piece in pieces if (text := " ".join((piece or "").split()))]


def _is_around(element: lxml.html.HtmlElement) -> bool:
    if element.tag in ("html", "body", "main", "article"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    return element.tag in _AROUND or any(_FRAME.fullmatch(name) for name in names)
