"""Who says a sentence: "he noted", «по словам Президента», and the speaker of a transcript."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from bilateral.detect.index import Index
from bilateral.detect.mentions import Actor
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.reading import NEARBY, Reading
from bilateral.model import Lang, Span

# «В.Путин: Уважаемый …»; between may stand "(retranslated)", or a card of kremlin.ru that was not taken out
CARD = (
    r" [\w'-]+ [\w'-]+(?:president|prime minister|minister|chairman|президент|премьер|министр)[^.:\n]{0,60}"
)
LABEL = re.compile(rf"(?:{CARD}| ?\([^)\n]{{3,40}}\))? ?:")
Speech = tuple[int, str]  # where a word of speech stands, and which it is: said, or he


@lru_cache(maxsize=4)
def _words(lang: Lang) -> Index[str]:
    """Words of speech: `said` with the speaker near, `he` for the one who spoke before."""
    rows = read_toml(f"lang/{lang}/speech.toml")["speech"]
    return Index((compile_pattern(p, least=2), name) for name, words in rows.items() for p in words)


@lru_cache(maxsize=2)
def _spoken(reading: Reading) -> list[Speech]:
    """Return the words of speech of the whole text, in order."""
    return [
        (place, name) for place, _, name in _words(reading.article.lang).find(reading.low, reading.sentence)
    ]


@lru_cache(maxsize=2)
def _labels(reading: Reading) -> list[tuple[int, str]]:
    """Return the places where a person's name and a colon («В.Путин:») open a speech, as transcripts have it."""
    body = [a for a in reading.actors if a.start >= reading.article.body_start]
    named = [(a.end, _name(reading, a)) for a in body if LABEL.match(reading.low, a.end)]
    return [(end, name) for end, name in named if name]


def speaker_at(reading: Reading, position: int) -> str | None:
    """Return the English name of who says the sentence at *position*; None for the text's own voice.

    A speaker holds for the rest of the paragraph, and in a transcript until the next label.
    """
    labels = _labels(reading)
    before = bisect_left(labels, (position, ""))
    if before:
        return labels[before - 1][1]
    start = max(reading.low.rfind("\n", 0, position) + 1, position - NEARBY)
    speaker: str | None = None
    for sentence in reading.between(start, reading.sentence(position)[1]):
        names = {name for _, name in _speech_in(reading, sentence)}
        here = sentence[0] <= position < sentence[1]
        said = _said_by(reading, sentence, position if here else -1) if "said" in names else None
        earlier = _last_before(reading, start) if "he" in names and not speaker and not said else None
        speaker = said or speaker or earlier
    return speaker


def _speech_in(reading: Reading, sentence: Span) -> list[Speech]:
    spoken = _spoken(reading)
    return spoken[bisect_left(spoken, (sentence[0], "")) : bisect_left(spoken, (sentence[1], ""))]


@lru_cache(maxsize=256)  # every figure of a paragraph asks again
def _said_by(reading: Reading, sentence: Span, position: int = -1) -> str | None:
    """Return who is named near the last word of speech before *position*, else near the first that has somebody near."""
    places = [place for place, name in _speech_in(reading, sentence) if name == "said"]
    before = [p for p in places if p < position][::-1]
    after = [p for p in places if p >= position]
    return next((name for place in (*before, *after) if (name := _named(reading, sentence, place))), None)


@lru_cache(maxsize=256)
def _last_before(reading: Reading, position: int) -> str | None:
    """Return the last person named as speaking before *position*, else the last who acted."""
    for sentence in reversed(reading.between(position - NEARBY, position)):
        name = _said_by(reading, sentence)
        if name:
            return name
    acting = [a for a in reading.within(reading.actors, position - NEARBY, position) if a.person or a.name]
    return _name(reading, acting[-1]) if acting else None


def _named(reading: Reading, sentence: Span, near: int) -> str | None:
    """Return the English name of the person named in the sentence, the one nearest to *near*."""
    here = reading.within(reading.actors, *sentence)
    actors = [a for a in here if a.person or a.name]
    if not actors:
        bare = [a.state or reading.own for a in here if a.state or (a.office and reading.own)]
        actors = [leader for state in bare if (leader := reading.leader(state or ""))]
    return _name(reading, min(actors, key=lambda a: abs(a.start - near))) if actors else None


def _name(reading: Reading, actor: Actor) -> str | None:
    """Return the name of *actor* in English where it is known; a bare office is the leader of its state."""
    if not actor.person and not actor.name:
        leader = reading.leader(actor.state or reading.own or "")
        return _name(reading, leader) if leader else None
    return reading.packs.persons[actor.person].name if actor.person else actor.name
