"""Which document of the world a mention means: by states, type, day and subject, across languages and sources.

Titles differ between languages, so the subject is the topic where the rules know it. Two documents of one article
are never one; where translations of one list name several of one topic, their order tells them apart. The order of
loading has no part in which mentions belong together, and an id that is stored stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from bilateral.model import States, identity

# Words that the four languages use for one and the same paper.
GROUPS = {
    **{"protocol.amending": "protocol", "agreement.additional": "protocol"},
    **{"mou": "memorandum", "intent": "memorandum"},
    **{"declaration": "joint_statement", "communique": "joint_statement"},
    **{"plan": "programme", "treaty": "agreement"},
}
AT_SIGNING = (
    "planned",
    "signed",
    "recalled",
)  # their date is that of the signing; of other steps it is their own
EITHER_WAY = timedelta(days=1)  # zones, and texts of the day after
PLANNED = timedelta(days=3)


@dataclass(frozen=True)
class Mention:
    """A document as one article names it."""

    document_id: str
    article_id: str
    type: str
    status: str
    states: States
    first: date | None  # the days that the date of the status can mean
    last: date | None
    topic: str | None
    title: str
    place: int  # where in the text it stands

    @property
    def block(self) -> tuple[States, str]:
        """What two mentions of one document always share."""
        return self.states, GROUPS.get(self.type, self.type)


@dataclass(frozen=True)
class Entry:
    """What one article says of one document: several mentions under one title."""

    mentions: tuple[Mention, ...]
    number: int = 0  # among those of the same topic and day in the article

    @cached_property
    def best(self) -> Mention:
        """The mention that is held against those of other articles: a signing before a plan."""
        return min(self.mentions, key=lambda m: (m.status != "signed", m.place, m.document_id))


def group_mentions(mentions: Iterable[Mention]) -> list[tuple[Mention, ...]]:
    """Return the *mentions* of each document, sorted."""
    blocks: dict[tuple[States, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        blocks[mention.block].append(mention)
    groups = [sorted(group, key=_by_id) for held in blocks.values() for group in _of_block(held)]
    return [tuple(group) for group in sorted(groups, key=lambda g: g[0].document_id)]


def _by_id(mention: Mention) -> str:
    return mention.document_id


def minted(document_id: str) -> str:
    """Return the id of a document of the world that this mention is the first to name."""
    return "g" + identity(document_id)


def name_groups(groups: Sequence[Sequence[Mention]], stored: Mapping[str, str]) -> dict[str, str]:
    """Return the agreement id of every mention by document id; *stored* are those that mentions have already.

    A stored id goes to the group with most of its mentions; a group that gets several keeps the commonest.
    """
    held = [Counter(stored[m.document_id] for m in group if m.document_id in stored) for group in groups]
    owner: dict[str, tuple[int, int]] = {}
    for n, counts in enumerate(held):
        for name, count in counts.items():
            owner[name] = min(owner.get(name, (0, n)), (-count, n))
    named: dict[str, str] = {}
    for n, group in enumerate(groups):
        own = sorted((-count, name) for name, count in held[n].items() if owner[name][1] == n)
        name = own[0][1] if own else _mint(group, owner)
        named |= {m.document_id: name for m in group}
    return named


def _mint(group: Sequence[Mention], taken: Container[str]) -> str:
    """Return the id of the first mention that none has; all are taken where the group was split from another."""
    ids = [minted(m.document_id) for m in group]
    return next((one for one in ids if one not in taken), minted(" ".join(ids)))


@lru_cache(10_000)
def plain(title: str) -> str:
    """Return *title* as it is compared: no case, no marks, single spaces.

    >>> plain("«Соглашение  о миграции»")
    'соглашение о миграции'
    """
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", title).casefold())
    return words.strip()


def _of_block(mentions: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    entries = _entries(mentions)
    root = list(range(len(entries)))
    articles = [{e.best.article_id} for e in entries]
    for _, i, j in sorted(_pairs(entries)):
        old, new = _root(root, j), _root(root, i)
        if old != new and not articles[old] & articles[new]:
            articles[new] |= articles[old]
            root[old] = new
    found: dict[int, list[Mention]] = defaultdict(list)
    for n, entry in enumerate(entries):
        found[_root(root, n)].extend(entry.mentions)
    return [tuple(held) for held in found.values()]


def _root(root: list[int], n: int) -> int:
    """Return the entry that stands for the group of entry *n*, and shorten the way to it."""
    while root[n] != n:
        root[n] = n = root[root[n]]
    return n


def _entries(mentions: Sequence[Mention]) -> list[Entry]:
    """Put together what an article says under one title; two states make one joint statement a day."""
    held: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    for m in sorted(mentions, key=lambda m: (m.article_id, m.place, m.document_id)):
        joint = m.block[1] == "joint_statement" and m.first
        held[m.article_id, m.first if joint else plain(m.title)].append(m)
    numbers: Counter[tuple[object, ...]] = Counter()
    entries = []
    for told in held.values():
        best = Entry(tuple(told)).best
        key = (best.article_id, best.topic, best.first)
        entries.append(Entry(tuple(told), numbers[key]))
        numbers[key] += 1
    return sorted(entries, key=lambda e: (e.best.first or date.min, e.best.document_id))


def _pairs(entries: Sequence[Entry]) -> Iterator[tuple[int, int, int]]:
    """Yield each two entries that mean one document, the surest first by the first number."""
    # an article that names one document of this type at this signing can mean no other
    named = Counter((e.best.article_id, e.best.first) for e in entries)
    alone = [named[e.best.article_id, e.best.first] == 1 for e in entries]
    titles: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        titles[plain(entry.best.title)].append(i)
    for same in titles.values():
        yield from ((0, i, j) for i in same for j in same if i < j and _may_be_steps(entries[i], entries[j]))
    for i, one in enumerate(entries):
        for j in range(i + 1, len(entries)):
            if one.best.last is None or (entries[j].best.first or date.min) > one.best.last + PLANNED:
                break
            if _at_one_signing(one, entries[j]):
                sure = _sureness(one, entries[j], alone[i] and alone[j])
                if sure is not None:
                    yield sure, i, j


def _may_be_steps(one: Entry, other: Entry) -> bool:
    """Say whether two entries of one title can be steps of one document: where a date is no help, they are."""
    a, b = one.best, other.best
    if a.status in AT_SIGNING and b.status in AT_SIGNING and a.first and b.first:
        return _at_one_signing(one, other)
    return a.topic == b.topic


def _at_one_signing(one: Entry, other: Entry) -> bool:
    a, b = one.best, other.best
    if a.article_id == b.article_id or {a.status, b.status} - set(AT_SIGNING):
        return False
    if not (a.first and a.last and b.first and b.last):
        return False
    slack = PLANNED if (a.status == "planned") != (b.status == "planned") else EITHER_WAY
    return a.first - b.last <= slack and b.first - a.last <= slack


def _sureness(one: Entry, other: Entry, alone: bool) -> int | None:
    a, b = one.best, other.best
    if plain(a.title) == plain(b.title):
        return 0
    if a.block[1] == "joint_statement":
        return 1
    if a.topic and a.topic == b.topic:
        return 2 if one.number == other.number else None
    return 3 if alone and (_within(a.topic, b.topic) or _years(a) == _years(b) != set()) else None


def _within(a: str | None, b: str | None) -> bool:
    """Say whether one topic can be the other, told less exactly."""
    return not a or not b or f"{a}.".startswith(f"{b}.") or f"{b}.".startswith(f"{a}.")


def _years(mention: Mention) -> set[str]:
    """Return the years in the title: all languages write them alike."""
    return set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", mention.title))
