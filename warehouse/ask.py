"""Questions: one SELECT statement, or the name of a question that is kept in queries/.

The first line of such a file says what it answers, the second its parameters with their defaults.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bilateral.config import pair_code
from warehouse.compare import Comparison, Item, compare
from warehouse.reading import Limits, QuestionError, reading
from warehouse.schema import scripts
from warehouse.why import Evidence, Explanation, why

__all__ = [
    "Comparison",
    "Evidence",
    "Explanation",
    "Item",
    "Limits",
    "Question",
    "QuestionError",
    "Rows",
    "ask",
    "compare",
    "questions",
    "why",
]


@dataclass(frozen=True)
class Rows:
    """An answer."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Question:
    """A question that has a name."""

    name: str
    answers: str  # what it answers, one sentence
    defaults: Mapping[str, str]  # its parameters
    sql: str


def questions() -> list[Question]:
    """Return the questions that have a name, in order."""
    return [_question(name, sql) for name, sql in scripts("queries").items()]


def ask(
    db: Path,
    sql_or_name: str,
    params: Mapping[str, str] | None = None,
    *,
    synthetic: bool = False,
    limits: Limits | None = None,
) -> Rows:
    """Return the answer of *db* to a named question or to one SELECT statement.

    *synthetic* lets retold documents count in trends also after live ones. QuestionError: anything but one
    SELECT, wrong SQL, a parameter too few or too many, or over the limits.
    """
    sql, given = _prepare(sql_or_name.strip(), dict(params or {}))
    with reading(db, limits or Limits(), synthetic) as con, _plain():
        answer = con.execute(sql, given) if given else con.execute(sql)
        described = answer.description or []
        return Rows(
            tuple(column[0] for column in described),
            tuple(str(column[1]) for column in described),
            tuple(answer.fetchall()),
        )


def _question(name: str, sql: str) -> Question:
    first, second, *_ = sql.split("\n")
    defaults = dict(part.split("=", 1) for part in second.removeprefix("--").split())
    return Question(name, first.removeprefix("--").strip(), defaults, sql)


def _prepare(asked: str, given: dict[str, str]) -> tuple[str, dict[str, str]]:
    named = {question.name: question for question in questions()}
    if asked in named:
        question = named[asked]
        return question.sql, _paired({**question.defaults, **_known(given, set(question.defaults), asked)})
    if re.fullmatch(r"[\w-]+", asked):
        near = difflib.get_close_matches(asked, named, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(named)}"
        raise QuestionError(f"{asked}: no question of that name, and no SQL; {hint}")
    return asked, _checked(asked, given)


def _paired(given: dict[str, str]) -> dict[str, str]:
    """Return the parameters of a named question with the states of its pair in order."""
    try:
        return given | {"p": pair_code(given["p"])} if "p" in given else given
    except ValueError as error:
        raise QuestionError(f"p: {error}") from None


def _checked(sql: str, given: dict[str, str]) -> dict[str, str]:
    """Return the parameters of *sql*, which must be one SELECT."""
    with _plain():
        statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise QuestionError(f"one SELECT statement at a time, not {len(statements)}")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise QuestionError(f"only SELECT is answered, not {statements[0].type.name}")
    wanted = set(statements[0].named_parameters)
    if missing := sorted(wanted - set(given)):
        raise QuestionError(f"the SQL needs {', '.join(f'{name}=…' for name in missing)}")
    return _known(given, wanted, "the SQL")


def _known(given: dict[str, str], allowed: set[str], what: str) -> dict[str, str]:
    if unknown := sorted(set(given) - allowed):
        takes = f"it takes {', '.join(sorted(allowed))}" if allowed else "it takes none"
        raise QuestionError(f"{what} has no parameter {', '.join(unknown)}; {takes}")
    return given


@contextmanager
def _plain() -> Iterator[None]:
    """Turn what DuckDB objects to into one plain message."""
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        raise QuestionError("the question needs more memory than it may use") from error
    except duckdb.Error as error:
        raise QuestionError(str(error).strip()) from error
