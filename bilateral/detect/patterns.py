"""The small pattern syntax of the rules, and the one pass that finds which patterns can match at all.

    word        that word                       stem*       a word that begins so
    (a|b)       either                          word?       may be absent
    ...         up to eighty characters         {name}      a list of the pack, or a kind of mention

A space is any white space; letters are compared in lower case, ё as е. Each pattern has anchors: pieces of plain text
of which one stands in every match. One Aho–Corasick pass finds the anchors; a regular expression runs only where one was found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Generic, TypeVar

import ahocorasick

from bilateral.detect.text import normalise

STAR = r"[\w'-]{0,20}"
TAIL = re.compile(STAR + r"(?!\w)")
SPACE = r"\s+"
GAP = r"(?:\s+|[,»\")]?\s.{0,80}?\s[\"'(]?)"
TOKEN = re.compile(r" *\.\.\. *|\{(\w+)\}|\(|\)|\||\?|\*| +|[^.{}()|?* ]+|.")
MENTIONS = {  # private characters that stand for what was found; see mentions.masked
    "actor": "\ue000",
    "state": "\ue001",
    "adjective": "\ue002",
    "place": "\ue003",
    "date": "\ue004",
    "sides": "\ue005",
}
ARTICLE = r"(?:(?:the |le |la |l'|les |mr |mr\. |m\. |mme |господина |господину |г-на ))?"
ANCHOR_MIN = 3
T = TypeVar("T")


class PatternError(ValueError):
    """A pattern that cannot be used, with the reason."""


@dataclass(frozen=True)
class Pattern:
    """One pattern: its source, what it was read into, and the pieces of which one is in every match."""

    source: str
    node: Node = field(repr=False, compare=False)
    anchors: frozenset[str]
    also: frozenset[str] = frozenset()  # a second set of such pieces, where the pattern has one
    plain: str = ""  # "word" or "stem" where the pattern is one plain text, that needs no expression

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: most patterns never are."""
        return re.compile(rf"(?<!\w){_regex(self.node)}(?!\w)")


def compile_pattern(
    source: str, lists: Mapping[str, list[str]] | None = None, least: int = ANCHOR_MIN
) -> Pattern:
    """Return the pattern that *source* writes.

    Raises:
        PatternError: unknown list, unbalanced bracket, or no plain piece of *least* letters to look for.

    >>> sorted(compile_pattern("(held|holds) talks (with|between)").anchors)
    ['talks']
    """
    tokens = [m[0] for m in TOKEN.finditer(expand(normalise(source), lists or {}))]
    if tokens.count("(") != tokens.count(")"):
        raise PatternError(f"{source!r}: a bracket is not closed")
    node = _Parser(tokens).alternatives()
    branches = node.branches
    plain = _plain(branches[0]) if len(branches) == 1 else ""
    options = _options(branches[0], least) if len(branches) == 1 else [_anchors(node, least)]
    if not any(options):
        raise PatternError(f"{source!r}: no plain piece of {least} letters to look for")
    also = options[1] if len(options) > 1 else frozenset()
    return Pattern(source, node, options[0], also, plain)


def expand(text: str, lists: Mapping[str, list[str]], depth: int = 0) -> str:
    """Return *text* with the names of lists replaced by their alternatives."""

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name in MENTIONS:
            return match[0]
        if name not in lists or depth > 4:
            raise PatternError(f"{text!r}: no list {{{name}}}")
        return "(" + "|".join(expand(normalise(w), lists, depth + 1) for w in lists[name]) + ")"

    return re.sub(r"\{(\w+)\}", one, text)


@dataclass(slots=True)
class Node:
    """A piece of a pattern: `text`, `gap`, `star`, `mention`, `space`, or an `alt` of branches."""

    kind: str
    text: str = ""
    branches: tuple[tuple[Node, ...], ...] = ()
    optional: bool = False


class _Parser:
    """Reads the tokens of one pattern into nodes."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def alternatives(self) -> Node:
        branches = [self.sequence()]
        while self.at < len(self.tokens) and self.tokens[self.at] == "|":
            self.at += 1
            branches.append(self.sequence())
        return Node("alt", branches=tuple(branches))

    def sequence(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("|", ")"):
            token = self.tokens[self.at]
            self.at += 1
            if token == "(":
                nodes.append(self.alternatives())
                self.at += 1
            elif token == "?":
                _make_optional(nodes)
            else:
                nodes.append(_leaf(token))
        return tuple(nodes)


def tail_regex(text: str) -> str:
    """Return the expression of what follows a star in a name: «Кыргыз* Республика*»."""
    return _regex(_Parser([m[0] for m in TOKEN.finditer(normalise(text))]).alternatives())


@cache
def _leaf(token: str) -> Node:
    if token.strip() == "...":
        return Node("gap")
    if token.startswith("{"):
        return Node("mention", token[1:-1])
    return Node("star") if token == "*" else Node("space") if token.isspace() else Node("text", token)


def _make_optional(nodes: list[Node]) -> None:
    """Make the last word or bracket of *nodes* optional, whatever pieces it has."""
    size = next((n for n, node in enumerate(reversed(nodes)) if node.kind in ("space", "gap")), len(nodes))
    word = tuple(nodes[len(nodes) - size :])
    del nodes[len(nodes) - size :]
    branches = word[0].branches if len(word) == 1 and word[0].kind == "alt" else (word,)
    nodes.append(Node("alt", branches=branches, optional=True))


def _regex(node: Node) -> str:
    return "(?:" + "|".join(_sequence_regex(branch) for branch in node.branches) + ")"


def _sequence_regex(nodes: tuple[Node, ...]) -> str:
    """Return the expression of a sequence; an optional word takes the space beside it along."""
    out: list[str] = []
    skip = False
    for node in nodes:
        if skip and node.kind == "space":
            skip = False
            continue
        skip = False
        if not node.optional:
            out.append(_piece(node))
        elif any(branch and branch[-1].kind == "space" for branch in node.branches):
            out.append(f"{_regex(node)}?")  # "(word )?" brings its own space
        elif out and out[-1] == SPACE:
            out[-1] = f"(?:{SPACE}{_regex(node)})?"
        else:
            out.append(f"(?:{_regex(node)}{SPACE})?")
            skip = True
    return "".join(out)


def _piece(node: Node) -> str:
    if node.kind == "alt":
        return _regex(node)
    if node.kind == "mention":
        return ARTICLE + MENTIONS[node.text] + "+"
    return {"gap": GAP, "star": STAR, "space": SPACE}.get(node.kind) or re.escape(node.text)


def _anchors(node: Node, least: int) -> frozenset[str]:
    """Return pieces of plain text of which one is in every match, or nothing where a branch has none long enough."""
    each = [_best(branch, least) for branch in node.branches]
    return frozenset().union(*each) if all(each) and not node.optional else frozenset()


def _plain(nodes: tuple[Node, ...]) -> str:
    """Say whether a sequence is one plain text ("word"), or one with a star at its end ("stem"), else nothing."""
    kinds = [n.kind for n in nodes]
    body = kinds[:-1] if kinds and kinds[-1] == "star" else kinds
    if not body or set(body) - {"text", "space"}:
        return ""
    return "stem" if kinds[-1] == "star" else "word"


def _best(nodes: tuple[Node, ...], least: int) -> frozenset[str]:
    """Return the best anchors of a sequence: its longest plain run, or those of a bracket."""
    if len(nodes) == 1 and nodes[0].kind == "text":  # what most branches are
        return frozenset({nodes[0].text} if len(nodes[0].text) >= least else ())
    return next(iter(_options(nodes, least)), frozenset())


def _options(nodes: tuple[Node, ...], least: int) -> list[frozenset[str]]:
    """Return the sets of pieces of a sequence, of each of which one is in every match; the most telling first."""
    options: list[frozenset[str]] = []
    run = ""
    for node in (*nodes, Node("gap")):
        if node.kind in ("text", "space"):
            run += node.text if node.kind == "text" else " "
            continue
        if len(run.strip()) >= least:
            options.append(frozenset({run.strip()}))
        run = ""
        if node.kind == "alt":
            options.append(_anchors(node, least))
    return sorted(filter(None, options), key=lambda o: (-min(map(len, o)), len(o)))


class Index(Generic[T]):
    """Patterns with what they stand for, looked up by one pass over a text."""

    def __init__(self, entries: Iterable[tuple[Pattern, T]]) -> None:
        self.entries = list(entries)
        by_anchor: dict[str, list[tuple[int, int]]] = {}
        for number, (pattern, _) in enumerate(self.entries):
            for part, pieces in enumerate((pattern.anchors, pattern.also)):
                for piece in pieces:
                    by_anchor.setdefault(piece, []).append((number, part))
        self.automaton = ahocorasick.Automaton()
        for anchor, users in by_anchor.items():
            self.automaton.add_word(anchor, (len(anchor), users))
        self.automaton.make_automaton()

    def fired(self, low: str) -> dict[int, tuple[list[int], list[int]]]:
        """Return, for each pattern with a piece in *low*, the places of its anchors and of its second pieces."""
        hits: defaultdict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for end, (length, users) in self.automaton.iter(low) if len(self.automaton) else ():
            start = end - length + 1
            for number, part in users:
                hits[number][part].append(start)
        return hits

    def find(
        self, low: str, scope: Callable[[int], tuple[int, int]], text_of: Callable[[T], str] | None = None
    ) -> list[tuple[int, int, T]]:
        """Return (start, end, what) of every match; a match lies inside the *scope* of its anchor.

        Args:
            text_of: gives the text of equal length on which the expression runs (the masked one), else *low*.
        """
        found: list[tuple[int, int, T]] = []
        for number, (places, second) in self.fired(low).items():
            pattern, what = self.entries[number]
            if not places or (pattern.also and not second):
                continue
            text = text_of(what) if text_of else low
            done = -1
            for place in places:
                if place < done:
                    continue
                start, end = scope(place)
                done = end
                if pattern.plain:
                    done = -1
                    span = _plain_span(text, place, pattern)
                    found += [(*span, what)] if span and span[1] <= end else []
                elif not pattern.also or _any_between(second, start, end):
                    found += [(m.start(), m.end(), what) for m in pattern.compiled.finditer(text, start, end)]
        return sorted(found, key=lambda f: (f[0], -f[1]))


def _plain_span(text: str, place: int, pattern: Pattern) -> tuple[int, int] | None:
    """Return where a plain text stands as words of its own; its one anchor is found at *place*."""
    (anchor,) = pattern.anchors
    end = place + len(anchor)
    if place and (text[place - 1].isalnum() or text[place - 1] == "_"):
        return None
    if pattern.plain == "word":
        return None if end < len(text) and (text[end].isalnum() or text[end] == "_") else (place, end)
    match = TAIL.match(text, end)
    return (place, match.end()) if match else None


def _any_between(places: list[int], start: int, end: int) -> bool:
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end
