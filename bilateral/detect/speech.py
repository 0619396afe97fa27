"""Who says a sentence: "he noted", «по словам Президента», and the speaker of a transcript."""

from __future__ import annotations

import re
from functools import lru_cache

from bilateral.detect.mentions import Actor
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import Index, compile_pattern
from bilateral.detect.reading import Reading
from bilateral.model import Lang

LABEL = re.compile(r" ?(?:\([^)\n]{3,40}\))?:")  # «В.Путин: Уважаемый …», "(retranslated)" between


@lru_cache(maxsize=4)
def _words(lang: Lang) -> Index[str]:
    """Words of speech: `said` with the speaker near, `he` for the one who spoke before."""
    rows = read_toml(f"lang/{lang}/speech.toml")["speech"]
    return Index((compile_pattern(p, least=2), name) for name, words in rows.items() for p in words)


def speaker_at(reading: Reading, position: int) -> str | None:
    """Return the English name of who says the sentence at *position*; None for the text's own voice.

    A speaker holds for the rest of the paragraph, and in a transcript until the next label.
    """
    label = _label(reading, position)
    if label:
        return label
    start = reading.low.rfind("\n", 0, position) + 1
    end = reading.sentence(position)[1]
    speaker: str | None = None
    for sentence in (s for s in reading.sentences if start <= s[0] and s[1] <= end):
        speaker = _said_by(reading, sentence[0], sentence[1]) or (
            _last_before(reading, start) if _he(reading, *sentence) and not speaker else speaker
        )
    return speaker


def _label(reading: Reading, position: int) -> str | None:
    """Return the person whose name and colon («В.Путин:») stand last before *position*, as transcripts have it."""
    for actor in reversed(
        [a for a in reading.actors if a.end < position and a.start >= reading.article.body_start]
    ):
        if LABEL.match(reading.low, actor.end):
            return _name(reading, actor)
    return None


def _said_by(reading: Reading, start: int, end: int) -> str | None:
    for place, _, name in _words(reading.article.lang).find(reading.low, lambda _: (start, end)):
        if name == "said" and start <= place < end:
            near = _named(reading, start, end, place)
            if near:
                return near
    return None


def _he(reading: Reading, start: int, end: int) -> bool:
    return any(
        n == "he" and start <= s < end
        for s, _, n in _words(reading.article.lang).find(reading.low, lambda _: (start, end))
    )


def _last_before(reading: Reading, position: int) -> str | None:
    """Return the last person named as speaking before *position*."""
    for sentence in reversed([s for s in reading.sentences if s[1] <= position]):
        name = _said_by(reading, *sentence)
        if name:
            return name
    acting = [a for a in reading.actors if a.end <= position and (a.person or a.name)]
    return _name(reading, acting[-1]) if acting else None


def _named(reading: Reading, start: int, end: int, near: int | None = None) -> str | None:
    """Return the English name of the person named in the span, the one nearest to *near*."""
    actors = [a for a in reading.within(reading.actors, start, end) if a.person or a.name]
    if not actors:
        bare = [
            a for a in reading.within(reading.actors, start, end) if a.state or (a.office and reading.own)
        ]
        actors = [leader for a in bare if (leader := reading.leader(a.state or reading.own or ""))]
    if not actors:
        return None
    return _name(reading, min(actors, key=lambda a: abs(a.start - (near if near is not None else start))))


def _name(reading: Reading, actor: Actor) -> str | None:
    """Return the name of *actor* in English where it is known; a bare office is the leader of its state."""
    if not actor.person and not actor.name:
        leader = reading.leader(actor.state or reading.own or "")
        return _name(reading, leader) if leader else None
    return reading.packs.persons[actor.person].name if actor.person else actor.name
