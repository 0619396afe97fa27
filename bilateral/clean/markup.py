"""HTML and Markdown as paragraphs of plain text."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from bilateral.clean.text import lines, one_line, visible

_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset footer h1 h2 h3 h4 h5 h6 header hr li main "
    "ol p pre section summary table tr ul".split()
)
_UNREAD = frozenset(
    "button figcaption head iframe noscript object script select style svg template textarea".split()
)
_CELLS = frozenset({"td", "th"})


def is_document(html: str) -> bool:
    """Whether *html* is a whole page with menus and feet, not the fragment that a feed carries."""
    return re.search(r"(?i)<(html|body|!doctype)\b", html[:5000]) is not None


def paragraphs(html: str) -> list[str]:
    """Return the paragraphs of a fragment; line feeds inside one are spaces, `<br>` begins another.

    >>> paragraphs("<p>the 50<sup>th</sup>\\nanniversary</p><div>of<br>Vremya</div>")
    ['the 50th anniversary', 'of', 'Vremya']
    """
    root = fragment(html)
    return lines(text_of(root)) if root is not None else []


def fragment(html: str) -> lxml.html.HtmlElement | None:
    """Return the tree of a fragment; None when it holds nothing."""
    source = visible(html)
    return document(f"<html><body>{source}</body></html>") if source.strip() else None


def document(html: str) -> lxml.html.HtmlElement:
    """Return the tree of a whole page."""
    return lxml.html.document_fromstring(
        visible(html).encode(), parser=lxml.html.HTMLParser(encoding="utf-8")
    )


def text_of(element: lxml.html.HtmlElement) -> str:
    """Return what *element* shows, one line a paragraph."""
    after, element.tail = element.tail, None
    try:
        return "\n".join(lines("".join(_pieces(element))))
    finally:
        element.tail = after


def _pieces(root: lxml.html.HtmlElement) -> list[str]:
    """Walk without recursion, since nesting may be as deep as somebody likes."""
    pieces: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        named = isinstance(element.tag, str)
        if event == "start":
            unread += element.tag in _UNREAD
            if not unread:
                pieces += [_before(element.tag), _flat(element.text)]
            continue
        if named:
            unread -= element.tag in _UNREAD
        if not unread:
            pieces += ["\n" if named and element.tag in _BLOCKS else "", _flat(element.tail)]
    return pieces


def _before(tag: str) -> str:
    if tag in _BLOCKS or tag == "br":
        return "\n"
    return " " if tag in _CELLS else ""


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def inline(text: str) -> str:
    """Return a title or summary, which may hold tags and entities, as one line."""
    return one_line(" ".join(paragraphs(text))) if "<" in text or "&" in text else one_line(text)


_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*)")
_RULE = re.compile(r" {0,3}([-*_])(\s*\1){2,}\s*")
_ITEM = re.compile(r"^\s*[-*+]\s+")
# Every repetition is bounded or cannot meet its own beginning again: a line of brackets must not take for ever.
_MARKS = [
    (re.compile(r"<!--[^<>\\n]{0,1000}-->"), ""),
    (re.compile(r"!\[[^\]\[\n]{0,500}\]\([^()\n]{0,1000}\)"), ""),
    (re.compile(r"\[([^\]\[\n]{0,500})\]\([^()\n]{0,1000}\)"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{0,1000})>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*_])"), r"\2"),
    (re.compile(r"`+([^`\n]*)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>-])"), r"\1"),
]


def markdown(text: str) -> tuple[str | None, list[str]]:
    """Return the first heading, when the text begins with one, and the paragraphs without their marks.

    >>> markdown("# Talks\\n\\nThe *two*\\nleaders met.\\n\\n- trade\\n- energy")
    ('Talks', ['The two leaders met.', 'trade', 'energy'])
    """
    found: list[str] = []
    title: str | None = None
    fresh = True  # the next line begins a paragraph
    for raw in visible(text).split("\n"):
        heading = _HEADING.fullmatch(raw)
        if not raw.strip() or _RULE.fullmatch(raw) or raw.lstrip().startswith("```"):
            fresh = True
        elif heading and not found and title is None:
            title = _unmarked(_heading(heading))
        elif heading:
            found.append(_heading(heading))
            fresh = True
        else:
            line = re.sub(r"^\s*>\s?", "", raw)
            begins = fresh or _ITEM.match(line) is not None
            line = _ITEM.sub("", line, count=1) if begins else line
            found[-1:] = (
                [line] if begins and not found else [found[-1], line] if begins else [f"{found[-1]} {line}"]
            )
            fresh = False
    return title, [plain for one in found if (plain := one_line(_unmarked(one)))]


def _heading(found: re.Match[str]) -> str:
    return found[1].rstrip().rstrip("#").rstrip()


def _unmarked(text: str) -> str:
    for mark, plain in _MARKS:
        text = mark.sub(plain, text)
    return text
