"""The numbers of a text with their scale and unit as printed: "4.1 billion dollars", «полтора миллиарда», "3–4 %"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from bilateral.detect.packs import read as read_toml
from bilateral.detect.reading import Reading
from bilateral.model import Lang, Span

DIGITS = r"\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
YEAR = re.compile(r"(?:19|20)\d\d")
DASH = re.compile(r" ?[-—] ?")  # "3–4 billion"
NEAR = 90  # how many characters before a number its words may stand


T = TypeVar("T")
Found = tuple[int, int, T]


@dataclass(frozen=True)
class Figure:
    """A number with its scale and unit as printed."""

    start: int
    end: int
    value: Decimal
    scale: Decimal
    unit: str  # USD, RUB, …, pct, times, t, m3; "" where things are counted
    word: str  # the scale as printed: "billion"
    high: Decimal | None = None  # the upper end of a range, in the same scale


@lru_cache(maxsize=4)
def _number(lang: Lang) -> re.Pattern[str]:
    """The expression for one number with scale and unit in one language."""
    data = read_toml(f"lang/{lang}/figures.toml")
    known = {**data["numbers"], **data.get("fractions", {}), **data.get("multiples", {})}
    words = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    scales = "|".join(f"(?P<s{i}>{row['pattern']})" for i, row in enumerate(data["scale"]))
    units = "|".join(f"(?P<u{i}>{row['pattern']})" for i, row in enumerate(data["unit"]))
    sign = r"(?:us)?(?P<sign>\$|€|£)?"
    heads = "".join(sorted({re.escape(word[0]) for word in known} | {"u"}))
    return re.compile(
        rf"(?<![\w.,/])(?=[\d$€£{heads}]){sign}(?P<n>{DIGITS}|(?:{words})(?!\w))(?: ?(?:{scales})(?!\w))?(?:[ -]?(?:{units}))?(?![\w/]|[.,]\d)"
    )


def numbers(reading: Reading, where: Sequence[Span]) -> Iterator[Figure]:
    """Yield the numbers of the sentences *where*; days, years and what a pack bars are none."""
    lang = reading.article.lang
    data = read_toml(f"lang/{lang}/figures.toml")
    fractions, multiples = data.get("fractions", {}), data.get("multiples", {})
    barred = re.compile(data["not_number"])
    known = {**data["numbers"], **fractions, **multiples}
    number = _number(lang)
    for match in (m for span in where for m in number.finditer(reading.low, *span)):
        dated = reading.within(reading.dates, match.start() - 40, match.start() + 1)
        if any(match.start() < d.end for d in dated) or YEAR.fullmatch(match[0]):
            continue
        if barred.match(reading.low, match.start()):
            continue
        value = _value(match["n"], lang, known)
        scale = next((Decimal(r["value"]) for i, r in enumerate(data["scale"]) if match[f"s{i}"]), Decimal(1))
        word = next((match[f"s{i}"] for i in range(len(data["scale"])) if match[f"s{i}"]), "")
        unit = next((r["code"] for i, r in enumerate(data["unit"]) if match[f"u{i}"]), "")
        unit = "pct" if match["n"] in fractions else "times" if match["n"] in multiples else unit
        unit = {"$": "USD", "€": "EUR", "£": "GBP"}.get(match["sign"] or "", unit)
        yield Figure(match.start(), match.end(), value, scale, unit, word)


def summed(reading: Reading, figures: Iterator[Figure]) -> Iterator[Figure]:
    """Join what is one number in two parts: "2 миллиард 700 миллион доллар"."""
    before: Figure | None = None
    for figure in figures:
        if before and _goes_on(reading, before, figure):
            total = before.value * before.scale + figure.value * figure.scale
            before = replace(figure, start=before.start, value=total, scale=Decimal(1), word="")
            continue
        if before:
            yield before
        before = figure
    if before:
        yield before


def _goes_on(reading: Reading, before: Figure, figure: Figure) -> bool:
    scaled = before.scale > figure.scale > 1 and not before.unit
    return scaled and reading.low[before.end : figure.start] == " "


def ranged(
    reading: Reading, figures: Iterable[Figure], signs: Mapping[Span, list[Found[str]]]
) -> Iterator[Figure]:
    """Join what is one range: "3–4 billion", "from 3 to 4 billion"; "rose from 3 to 4 billion" are two.

    Of a number that is said again more exactly ("a third, more than 34 percent") only the second is kept.
    """
    before: Figure | None = None
    for figure in figures:
        near = signs.get(reading.sentence(figure.start), [])
        if before and _spans(reading, before, figure) and not _moves(near, before):
            figure = replace(figure, start=before.start, value=before.value, high=figure.value)
        elif before and not _said_again(reading, near, before, figure):
            yield before
        before = figure
    if before:
        yield before


def _said_again(reading: Reading, signs: list[Found[str]], before: Figure, figure: Figure) -> bool:
    """Say whether the second number only makes the first more exact: "by more than a third, more than 34 percent"."""
    said = [s for s in signs if s[2] in (">", "<", "~") and before.end <= s[0] and s[1] <= figure.start]
    if before.unit != figure.unit or not said:
        return False
    gap = reading.low[before.end : said[0][0]] + "|" + reading.low[said[-1][1] : figure.start]
    return gap in (", | ", ",| ")


def _moves(signs: list[Found[str]], figure: Figure) -> bool:
    """Say whether something is told to have risen or fallen right before the figure."""
    return any(name in ("up", "down") and 0 <= figure.start - end <= NEAR for _, end, name in signs)


def _spans(reading: Reading, low: Figure, high: Figure) -> bool:
    """Say whether two numbers are the ends of one range: the first has no other scale or unit, and is the smaller."""
    alike = low.scale in (1, high.scale) and low.unit in ("", high.unit) and not low.high
    if not alike or low.value >= high.value:
        return False
    gap = reading.low[low.end : high.start]
    leads = _range_words(reading.article.lang)
    said = any(
        link.fullmatch(gap) and lead.search(reading.low, max(0, low.start - 24), low.start)
        for lead, link in leads
    )
    return said or bool(DASH.fullmatch(gap))


@lru_cache(maxsize=4)
def _range_words(lang: Lang) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    rows = read_toml(f"lang/{lang}/figures.toml")["range"]
    return [(re.compile(rf"(?<!\w)(?:{lead}) ?$"), re.compile(rf" ?(?:{link}) ")) for lead, link in rows]


def _value(printed: str, lang: Lang, words: dict[str, str]) -> Decimal:
    if printed in words:
        return Decimal(str(words[printed]))
    plain = re.sub(r"[ \u00a0]", "", printed)
    if lang == "en" or re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", plain):
        return Decimal(
            plain.replace(",", "")
            if re.fullmatch(r"[\d,]*\d{3}(?:\.\d+)?", plain) or "." in plain
            else plain.replace(",", ".")
        )
    return Decimal(plain.replace(",", "."))
