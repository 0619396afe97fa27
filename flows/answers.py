"""What `ask` and the lists print: a table, JSON or CSV, with cells that nothing obeys."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from bilateral.config import Source
from flows.place import Place
from flows.predictions import number
from flows.show import out, table
from warehouse.ask import Question, Rows, ask

Form = Literal["table", "json", "csv"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


def answer(rows: Rows, form: Form) -> None:
    """Print *rows* on stdout."""
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    else:
        out().print(table(rows.columns, [[cell(value) for value in row] for row in rows.rows]))
        out().print(f"{len(rows.rows)} rows")


def print_json(rows: Rows) -> None:
    """Print a list of objects, one a line; columns of the same name get numbers."""
    names = unique(rows.columns)
    lines = [
        json.dumps(dict(zip(names, map(jsonable, row), strict=True)), ensure_ascii=False) for row in rows.rows
    ]
    sys.stdout.write("[" + ",\n ".join(lines) + "]\n")


def unique(names: Sequence[str]) -> list[str]:
    """Number names that occur twice.

    >>> unique(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    made: list[str] = []
    for name in names:
        fresh, count = name, 1
        while fresh in made:
            count += 1
            fresh = f"{name}_{count}"
        made.append(fresh)
    return made


def print_csv(rows: Rows) -> None:
    """Print CSV as RFC 4180 has it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([inert(name) for name in rows.columns])
    writer.writerows([inert(value) for value in row] for row in rows.rows)


def inert(value: object) -> object:
    """Return *value* for a CSV cell: a text that a spreadsheet would compute gets an apostrophe in front.

    >>> inert("=1+1"), inert(-3), inert("Osh")
    ("'=1+1", -3, 'Osh')
    """
    if value is None or isinstance(value, bool | int | float | Decimal):
        return cell(value)
    text = cell(value)
    return f"'{text}" if str(text).lstrip(" \n").startswith(FORMULA) else text


def cell(value: object) -> object:
    """Return *value* as people write it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(str(cell(item)) for item in value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def jsonable(value: object) -> Any:
    """Return *value* as JSON can say it: times as ISO 8601, decimals as numbers."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def questions(known: Sequence[Question]) -> None:
    """Print the questions that have a name."""
    rows = [(q.name, " ".join(f"{k}={v}" for k, v in q.defaults.items()), q.answers) for q in known]
    out().print(table(("question", "parameters", "answers"), rows))


SOURCE_COLUMNS = (
    "source",
    "side",
    "publisher",
    "lang",
    "found by",
    "every",
    "state",
    "last ok",
    "days silent",
    "reason",
)


def source_rows(place: Place) -> Rows:
    """Return the sources of the configuration with their state; "never" before the first run."""
    states = {}
    if place.published.is_file():
        states = {row[0]: row for row in ask(place.published, "source_states").rows}
    rows = tuple(source_row(source, states.get(source.id)) for source in place.config.sources)
    return Rows(SOURCE_COLUMNS, ("VARCHAR",) * len(SOURCE_COLUMNS), rows)


def source_row(source: Source, state: Sequence[Any] | None) -> tuple[object, ...]:
    """Return one source as cells."""
    ways = ", ".join(dict.fromkeys(way.name for way in source.discover)) or "unknown"
    known = (source.id, source.country, source.publisher.en, source.lang, ways, rhythm(source.every))
    if not source.enabled:
        return (*known, "disabled", None, None, None)
    if state is None:
        return (*known, "never", None, None, None)
    _, how, last_ok, _, silent, _, reason = state
    return (*known, how, last_ok, silent, reason)


def rhythm(every: timedelta) -> str:
    """Return a span of time in the words of sources.yaml.

    >>> rhythm(timedelta(minutes=30)), rhythm(timedelta(hours=6))
    ('30 min', '6 h')
    """
    seconds = int(every.total_seconds())
    for size, word in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {word}"
    return f"{seconds} s"
