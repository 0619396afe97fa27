"""Figures about the relations of two states: what is counted, how much, of which period, and who says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bilateral.detect.index import Index
from bilateral.detect.numbers import NEAR, Figure, Found, T, numbers, ranged, summed
from bilateral.detect.packs import Toml
from bilateral.detect.packs import read as read_toml
from bilateral.detect.patterns import compile_pattern
from bilateral.detect.periods import find_period
from bilateral.detect.reading import Reading
from bilateral.detect.speech import speaker_at
from bilateral.model import Claim, Date, Lang, Span

MONEY = ("USD", "EUR", "GBP", "RUB", "KGS", "CNY", "KZT", "UZS", "TJS")
MANY = 1000  # fewer students or companies than this say nothing of two states that a sentence only names
GOES_ON = 2  # sentences after the one that names a metric
AFTER = 12  # by how many characters a word behind a number stands back


@lru_cache(maxsize=4)
def _metrics(lang: Lang) -> Index[Toml]:
    rows = read_toml(f"lang/{lang}/figures.toml")["metric"]
    return Index((compile_pattern(p), row) for row in rows for p in row["words"])


@lru_cache(maxsize=4)
def _signs(lang: Lang) -> Index[str]:
    """Words that say how a figure is meant: > < ~ up down target stock share."""
    rows = read_toml(f"lang/{lang}/figures.toml")["sign"]
    return Index((compile_pattern(p, least=2), name) for name, words in rows.items() for p in words)


def find_claims(reading: Reading) -> list[Claim]:
    """Return the figures of *reading* that fit a metric, with exact decimals; none where the two states are unclear."""
    claims: dict[tuple[object, ...], Claim] = {}
    metrics = _by_sentence(reading, _metrics(reading.article.lang).find(reading.low, reading.sentence))
    figures = list(summed(reading, numbers(reading, _measured(reading, metrics))))
    if not figures:
        return []
    signs = _by_sentence(reading, _signs(reading.article.lang).find(reading.low, reading.sentence))
    for figure in ranged(reading, figures, signs):
        claim = _claim(reading, figure, metrics, signs)
        if claim:
            claims.setdefault((claim.metric, claim.value_base, claim.period_start), claim)
    return list(claims.values())


def _by_sentence(reading: Reading, found: Iterable[Found[T]]) -> dict[Span, list[Found[T]]]:
    """Sort what was *found* by the sentence that it stands in."""
    sorted_: dict[Span, list[Found[T]]] = defaultdict(list)
    for one in found:
        sorted_[reading.sentence(one[0])].append(one)
    return sorted_


def _measured(reading: Reading, metrics: Mapping[Span, object]) -> list[Span]:
    """Return the sentences that name what is measured, each with the two after it, which may go on with it."""
    named = [reading.number(span[0]) for span in metrics]
    places = {n + further for n in named for further in range(GOES_ON + 1)}
    return [reading.sentences[n] for n in sorted(places) if n < len(reading.sentences)]


def _claim(
    reading: Reading,
    figure: Figure,
    metrics: Mapping[Span, list[Found[Toml]]],
    signs: Mapping[Span, list[Found[str]]],
) -> Claim | None:
    sentence = reading.sentence(figure.start)
    near = signs.get(sentence, [])
    told = reading.low[slice(*sentence)]
    here = [m for m in metrics.get(sentence, ()) if _counts(m[2], told) and not _parted(reading, figure, m)]
    found = _metric(figure, here, near)
    found = found or _continued(reading, figure, sentence, metrics, near)
    telling = bool(figure.unit) or figure.value * figure.scale >= MANY
    states = _states(reading, sentence, telling)
    if found is None or not states:
        return None
    span, row = found
    start, end = find_period(reading, figure.start)
    if row.get("flow") and not (start and end and start.precision != "year"):
        row = {**row, "code": row["flow"], "measure": "stock"}  # what comes in no period is the sum of all
    measure = _measure(row, near, figure)
    value = -figure.value if measure == "growth" and _falls(near, figure) else figure.value
    unit = figure.unit or "count"
    quote = (min(span[0], figure.start), max(span[1], figure.end))
    return Claim(
        metric=row["code"],
        measure=measure,
        comparator=_comparator(near, figure),
        value=value,
        value_high=figure.high,
        unit=f"{figure.word} {unit}".strip(),
        value_base=value * figure.scale,
        base_unit=unit,
        period_start=start,
        period_end=end,
        base_period=_before(start) if measure == "growth" and start == end else None,
        scope="+".join(states) if row["code"].startswith(("trade", "payments")) else None,
        states=states,
        speaker=speaker_at(reading, figure.start),
        statistics_of=_statistics(reading, near),
        span=quote,
        rule=f"claim.{row['code']}.{reading.article.lang}",
        confidence=0.8,
    )


def _parted(reading: Reading, figure: Figure, metric: Found[Toml]) -> bool:
    """Say whether a semicolon stands between a figure and the words behind it: "it was $6 billion; exports rose"."""
    return ";" in reading.low[figure.end : metric[0]]


def _counts(row: Toml, told: str) -> bool:
    """Say whether a sentence is one that a metric with such conditions may stand in."""
    barred = "unless" in row and re.search(row["unless"], told)
    return not barred and bool(re.search(row.get("needs", ""), told))


def _metric(figure: Figure, metrics: list[Found[Toml]], signs: list[Found[str]]) -> tuple[Span, Toml] | None:
    """Return the metric whose words stand nearest and whose unit is that of the figure."""
    kind = "money" if figure.unit in MONEY else figure.unit or "count"
    best: tuple[int, Span, Toml] | None = None
    for start, end, row in sorted(metrics, key=lambda m: m[0] - m[1]):  # of two at a place, the longer words
        if row["unit"] != kind or (row.get("growth") and not any(n in ("up", "down") for _, _, n in signs)):
            continue
        distance = _reach(row, figure, start, end)
        if distance is None:
            continue
        if best is None or distance < best[0]:
            best = (distance, (start, end), row)
    return (best[1], best[2]) if best else None


def _continued(
    reading: Reading,
    figure: Figure,
    sentence: Span,
    metrics: Mapping[Span, list[Found[Toml]]],
    signs: list[Found[str]],
) -> tuple[Span, Toml] | None:
    """Let "it grew by another 17 %" or "it reached $25 billion" speak of the trade of a sentence before."""
    names = {name for _, _, name in signs}
    said = names & {"up", "down"} if figure.unit == "pct" else names & {"reached"}
    if not said or figure.unit not in ("pct", "USD") or metrics.get(sentence):
        return None
    here = reading.number(sentence[0])
    before = next(
        (b for b in reversed(reading.sentences[max(0, here - GOES_ON) : here]) if metrics.get(b)), None
    )
    wanted = "pct" if figure.unit == "pct" else "money"
    rows = [m[2] for m in metrics[before] if m[2]["code"].startswith("trade.turnover")] if before else []
    fitting = [r for r in rows if r["unit"] == wanted]
    return ((figure.start, figure.end), fitting[-1]) if fitting else None


def _reach(row: Toml, figure: Figure, start: int, end: int) -> int | None:
    """Return how far the words of a metric stand from the figure; None where they are too far, or on the wrong side.

    What is counted follows its number, unless the row says `before` ("the number of companies … reached 1,800").
    """
    after = row["unit"] == "count" and not row.get("before")
    if after and start < figure.end:
        return None
    distance = max(start - figure.end, figure.start - end, 0)
    return distance if distance <= row.get("reach", 30 if after else 160) else None


def _measure(row: Toml, signs: list[Found[str]], figure: Figure) -> str:
    if any(n == "target" and -NEAR < s - figure.start < 20 for s, _, n in signs):
        return "target"
    return str(row.get("measure", "level"))


def _falls(signs: list[Found[str]], figure: Figure) -> bool:
    moves = [(abs(s - figure.start), n) for s, _, n in signs if n in ("up", "down")]
    return bool(moves) and min(moves)[1] == "down"


def _comparator(signs: list[Found[str]], figure: Figure) -> str:
    """Return what the nearest word before (or, in Kyrgyz, after) the number says of it."""
    near = []
    for start, end, name in signs:
        before, after = figure.start - end, start - figure.end
        if name in (">", "<", "~") and (0 <= before <= 24 or 0 <= after <= 14):
            near.append((before if before >= 0 else after + AFTER, name))
    return min(near, default=(0, "="))[1]


def _statistics(reading: Reading, signs: list[Found[str]]) -> str | None:
    """Return the state whose statistics the sentence gives: the one named nearest to such a word."""
    for start, end, name in signs:
        if name == "statistics":
            near = [m for m in reading.within(reading.mentions, start - 40, end + 40) if m.state]
            best = min(near, key=lambda m: max(start - m.end, m.start - end, 0), default=None)
            return best.state if best else None
    return None


def _states(reading: Reading, sentence: Span, telling: bool) -> tuple[str, ...]:
    named = [p.states for p in reading.pairs if sentence[0] <= p.start < sentence[1]]
    pairs = [states for states in named if len(states) == 2]
    ours = [p for p in pairs if reading.own in (None, *p)]
    if ours:
        return tuple(sorted(ours[0]))
    return (_only_two(reading, sentence) if telling else ()) or reading.sides_at(sentence[1])


def _only_two(reading: Reading, sentence: Span) -> tuple[str, ...]:
    """Return the two states that a sentence of an agency names, where it names just two."""
    named = {m.state for m in reading.within(reading.mentions, *sentence) if m.state and m.kind != "city"}
    return tuple(sorted(named)) if len(named) == 2 and not reading.own else ()


def _before(period: Date | None) -> str | None:
    return str(int(period.iso[:4]) - 1) + period.iso[4:] if period else None
