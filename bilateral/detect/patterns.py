"""The small pattern syntax of the rules: what is written becomes an expression, and pieces of plain text to look for.

    word        that word                       stem*       a word that begins so
    (a|b)       either                          word?       may be absent
    ...         up to eighty characters         {name}      a list of the pack, or a kind of mention

A space is any white space; letters are compared in lower case, ё as е. Each pattern has anchors: pieces of plain text
of which one stands in every match, with a space at an end where a word begins or ends there. `index.py` looks for them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from bilateral.detect.text import normalise

STAR = r"[\w'-]{0,20}"
SPACE = r"\s+"
GAP = r"(?:\s+|[,»\")]?\s.{0,80}?\s[\"'(]?)"
TOKEN = re.compile(r" *\.\.\. *|\{(\w+)\}|\(|\)|\||\?|\*| +|[^.{}()|?* ]+|.")
MENTIONS = {  # private characters that stand for what was found; see `masked`
    "actor": "\ue000",
    "state": "\ue001",
    "adjective": "\ue002",
    "place": "\ue003",
    "date": "\ue004",
    "sides": "\ue005",
}
ARTICLE = r"(?:(?:the |le |la |l'|les |mr |mr\. |m\. |mme |господина |господину |г-на ))?"
ANCHOR_MIN = 3
ALSO_MIN = 4  # shorter second pieces are met too often to save anything


class PatternError(ValueError):
    """A pattern that cannot be used, with the reason."""


@dataclass(frozen=True)
class Pattern:
    """One pattern: its source, what it was read into, and the pieces of which one is in every match."""

    source: str
    node: Node = field(repr=False, compare=False)
    anchors: frozenset[str]
    also: frozenset[str] = frozenset()  # a second set of such pieces, where the pattern has one
    plain: str = ""  # the text, where the pattern is one plain text that needs no expression
    stem: bool = False  # any letters may follow that text

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
    [' talks ']
    """
    tokens = [m[0] for m in TOKEN.finditer(expand(normalise(source), lists or {}))]
    if tokens.count("(") != tokens.count(")"):
        raise PatternError(f"{source!r}: a bracket is not closed")
    node = _Parser(tokens).alternatives()
    single = node.branches[0] if len(node.branches) == 1 else None
    options = _options(single, least) if single else [_anchors(node, least)]
    if not any(options):
        raise PatternError(f"{source!r}: no plain piece of {least} letters to look for")
    also = options[1] if len(options) > 1 and _shortest(options[1]) >= ALSO_MIN else frozenset()
    plain, stem = _plain(single) if single else ("", False)
    return Pattern(source, node, options[0], also, plain, stem)


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


def _anchors(node: Node, least: int, left: bool = True, right: bool = True) -> frozenset[str]:
    """Return pieces of plain text of which one is in every match, or nothing where a branch has none long enough."""
    each = [_best(branch, least, left, right) for branch in node.branches]
    return frozenset().union(*each) if all(each) and not node.optional else frozenset()


def _plain(nodes: tuple[Node, ...]) -> tuple[str, bool]:
    """Return the text of a sequence that is one plain text, and whether a star ends it; else nothing."""
    stem = bool(nodes) and nodes[-1].kind == "star"
    body = nodes[:-1] if stem else nodes
    if {n.kind for n in body} - {"text", "space"}:
        return "", False
    return "".join(n.text if n.kind == "text" else " " for n in body), stem


def _best(nodes: tuple[Node, ...], least: int, left: bool, right: bool) -> frozenset[str]:
    """Return the best anchors of a sequence: its longest plain run, or those of a bracket."""
    if len(nodes) == 1 and nodes[0].kind == "text":  # what most branches are
        text = nodes[0].text
        return frozenset({" " * left + text + " " * right} if len(text) >= least else ())
    return next(iter(_options(nodes, least, left, right)), frozenset())


def _options(
    nodes: tuple[Node, ...], least: int, left: bool = True, right: bool = True
) -> list[frozenset[str]]:
    """Return the sets of pieces of a sequence, of each of which one is in every match; the most telling first.

    *left* and *right* say whether a word begins with the sequence, and ends with it.
    """
    parting = [n.kind in ("space", "gap") for n in nodes]
    if (nodes[:1] and nodes[0].optional and not left) or (nodes[-1:] and nodes[-1].optional and not right):
        parting = [False] * len(nodes)  # what may be absent takes the space beside it along
    edges = [left, *parting, right]  # edges[n] stands before node n, edges[n + 2] behind it
    options = [_anchors(n, least, edges[i], edges[i + 2]) for i, n in enumerate(nodes) if n.kind == "alt"]
    for first, end in _runs(nodes):
        text = "".join(n.text or " " for n in nodes[first:end])
        if len(text.strip()) >= least:
            before, behind = edges[first] or text[0] == " ", edges[end + 1] or text[-1] == " "
            options.append(frozenset({" " * before + text.strip() + " " * behind}))
    return sorted(filter(None, options), key=lambda o: (-_shortest(o), len(o)))


def _runs(nodes: tuple[Node, ...]) -> Iterator[tuple[int, int]]:
    """Yield where the runs of plain text among *nodes* begin and end."""
    plain = [n.kind in ("text", "space") for n in nodes]
    for is_plain, run in itertools.groupby(range(len(nodes)), key=plain.__getitem__):
        if is_plain:
            first, *rest = run
            yield first, (rest or [first])[-1] + 1


def _shortest(pieces: frozenset[str]) -> int:
    return min(len(piece.strip()) for piece in pieces)


def masked(low: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Return *low* with each span filled with the character of its kind of mention.

    So a rule can say `{actor} invited {actor}`, whatever their names are.

    >>> masked("putin met japarov", [(0, 5, "actor"), (10, 17, "actor")]).count(MENTIONS["actor"])
    12
    """
    pieces, last = [], 0
    for start, end, kind in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start < last:
            continue
        pieces += [low[last:start], MENTIONS[kind] * (end - start)]
        last = end
    return "".join([*pieces, low[last:]])
