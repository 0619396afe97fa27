"""The vocabulary as views: code_kind, code_metric, code_topic …, so that every copy of the file explains its codes.

They are no tables: the TOML files of `bilateral/packs/vocabulary` are the only place where a code is written down.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

# Columns that other views use: they are there even where no record of the vocabulary fills them.
NEEDED: Mapping[str, Mapping[str, str]] = {
    "kind": {
        **{"code": "VARCHAR", "plover_event": "VARCHAR", "plover_mode": "VARCHAR", "cameo": "VARCHAR"},
        **{"quad": "BIGINT", "score": "DOUBLE", "contact": "BOOLEAN", "hostile": "BOOLEAN"},
    },
    "metric": {"code": "VARCHAR", "unit": "VARCHAR", "tolerance": "DOUBLE", "scope": "VARCHAR"},
    "agreement_type": {"code": "VARCHAR", "binding": "VARCHAR"},
    "topic": {"code": "VARCHAR", "plover_context": "VARCHAR"},
}
WORDS = {
    **{"code": "The code.", "meaning": "What it means.", "definition": "What it means."},
    **{"en": "Words for it in English.", "ru": "Words for it in Russian."},
    **{"ky": "Words for it in Kyrgyz.", "fr": "Words for it in French."},
}


def tables() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of the vocabulary by name; a closed list of `codes.toml` has the columns code and meaning."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NEEDED}
    for file in sorted(files("bilateral.packs").joinpath("vocabulary").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for name, records in tomllib.loads(file.read_text("utf-8")).items():
            if isinstance(records, dict):
                records = [{"code": code, "meaning": meaning} for code, meaning in records.items()]
            found.setdefault(name, []).extend(records)
    return found


def statements() -> list[str]:
    """Return the SQL that makes a view of every list, with comments."""
    return [sql for name, records in sorted(tables().items()) for sql in _view(name, records)]


def _view(name: str, records: list[dict[str, Any]]) -> Iterable[str]:
    types = {**NEEDED.get(name, {})}
    for record in records:
        for column, value in record.items():
            types[column] = _wider(types.get(column), _type(value))
    columns = ", ".join(f'"{c}"' for c in types)
    rows = ", ".join("(" + ", ".join(_literal(r.get(c)) for c in types) + ")" for r in records)
    empty = ", ".join("NULL" for _ in types)
    casts = ", ".join(f'"{c}"::{t} AS "{c}"' for c, t in types.items())
    source = f"(VALUES {rows or f'({empty})'}) AS listed({columns}){'' if rows else ' WHERE false'}"
    yield f"CREATE OR REPLACE VIEW code_{name} AS SELECT {casts} FROM {source}"
    yield f"COMMENT ON VIEW code_{name} IS 'Vocabulary: the list {name}.'"
    for column in types:
        yield f'COMMENT ON COLUMN code_{name}."{column}" IS {_literal(WORDS.get(column, f"{column} of the {name}."))}'


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int):
        return "BIGINT"
    if isinstance(value, float):
        return "DOUBLE"
    return "VARCHAR[]" if isinstance(value, list) else "VARCHAR"


def _wider(known: str | None, new: str) -> str:
    if known is None or known == new:
        return new
    return "DOUBLE" if {known, new} == {"BIGINT", "DOUBLE"} else "VARCHAR"


def _literal(value: object) -> str:
    if value is None or value == "":
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_literal(str(v)) for v in value) + "]::VARCHAR[]"
    return "'" + str(value).replace("'", "''") + "'"
