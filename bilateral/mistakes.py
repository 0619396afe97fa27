"""The mistakes of a YAML file in words: where, what was read, what is allowed.

Used by `config` alone, so that a user mends a file in one go.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from bilateral.errors import ConfigError

# What YAML 1.1 turns into something else when it stands without quotes.
_TRAPS = {
    re.compile(r"(?i)(yes|no|on|off)"): "means true or false",
    re.compile(r"[-+]?\d+(:[0-5]?\d)+"): "is counted in sixties",
    re.compile(r"[-+]?0\d+"): "is counted in eights",
}
_PARTS = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """The safe loader, noting traps and repeated keys instead of swallowing them."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.noted: list[str] = []

    def note(self, node: yaml.Node, message: str) -> None:
        self.noted.append(f"line {node.start_mark.line + 1}: {message}")

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.style is None:
            for trap, reading in _TRAPS.items():
                if trap.fullmatch(node.value):
                    self.note(node, f'{node.value} without quotes {reading} in YAML: write "{node.value}"')
        return super().construct_object(node, deep)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key, times in keys.items():
            if times > 1:
                self.note(node, f"the key {key!r} stands {times} times in one record")
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> tuple[Any, list[str]]:
    """Return what *file* holds and its mistakes of form; ConfigError when it cannot be read at all."""
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
        data = loader.get_single_data()
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([f"{file}: byte {error.start} is not UTF-8"]) from None
    except yaml.YAMLError as error:
        raise ConfigError([f"{file}: {_yaml_fault(error)}"]) from None
    return data, [f"{file.name}: {noted}" for noted in dict.fromkeys(loader.noted)]


def _yaml_fault(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = getattr(error, "problem", None) or str(error).replace("\n", " ")
    return f"{where}no valid YAML: {problem}"


def explain(error: ValidationError, file: str, model: type[BaseModel], data: Any) -> list[str]:
    """Return one line for each mistake that the schema *model* found in *data*."""
    lines = []
    for fault in error.errors():
        place = _place(fault["loc"], data)
        lines.append(f"{file}: {place + ': ' if place else ''}{_words(fault, model)}")
    return lines


def _place(loc: _PARTS, data: Any) -> str:
    """Name a place by the ids of the records on the way: `mid-ru.lang`, `alerts.rules.signing.tier`."""
    names: list[str] = []
    for part in loc:
        if isinstance(part, int) and isinstance(data, Mapping):
            continue  # one record where a list of them may stand
        data = _inside(data, part)
        if isinstance(part, str):
            names.append(part)
        elif isinstance(data, Mapping) and isinstance(data.get("id"), str):
            names = [name for name in names if name != "sources"] + [data["id"]]
        else:
            names[-1:] = [f"{names[-1]}[{part}]" if names else f"[{part}]"]
    return ".".join(names)


def _inside(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _words(fault: Any, model: type[BaseModel]) -> str:
    kind, given = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        return _no_such_key(str(fault["loc"][-1]), _keys(model, fault["loc"][:-1]))
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"{given!r} is none of {fault['ctx']['expected'].replace(chr(39), '').replace(' or ', ', ')}"
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind == "model_type":
        return f"{_short(given)} stands where keys and values are wanted"
    if kind == "string_pattern_mismatch":
        return f"{given!r} does not fit {fault['ctx']['pattern']}"
    return f"{_short(given)}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _no_such_key(key: str, allowed: list[str]) -> str:
    if near := difflib.get_close_matches(key, allowed, n=1):
        return f"no such key (did you mean {near[0]!r}?)"
    return f"no such key (allowed: {', '.join(allowed)})"


def _keys(model: type[BaseModel], loc: _PARTS) -> list[str]:
    """Return the keys that *model* allows at the place *loc*."""
    here: type[BaseModel] | None = model
    for part in loc:
        if here is None or isinstance(part, int):
            continue
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        here = next(_models(fields[part].annotation), None) if part in fields else None
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def across(data: Any, file: str) -> list[str]:
    """Return the mistakes that no single record shows: repeated ids, channels that nobody declares."""
    if not isinstance(data, Mapping):
        return []
    alerts = data.get("alerts") if isinstance(data.get("alerts"), Mapping) else {}
    assert isinstance(alerts, Mapping)
    lists = {
        "sources": data.get("sources"),
        "alerts.rules": alerts.get("rules"),
        "alerts.channels": alerts.get("channels"),
    }
    lines = []
    for name, records in lists.items():
        ids = Counter(_ids(records))
        lines += [f"{file}: {name}: the id {one!r} stands {n} times" for one, n in ids.items() if n > 1]
    return lines + _unknown_channels(alerts, file) + _unwatched(data, alerts, file)


def _ids(records: Any) -> list[str]:
    rows = records if isinstance(records, list) else []
    return [row["id"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)]


def _rules(alerts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rules = alerts.get("rules")
    return [rule for rule in rules if isinstance(rule, Mapping)] if isinstance(rules, list) else []


def _unknown_channels(alerts: Mapping[str, Any], file: str) -> list[str]:
    known = _ids(alerts.get("channels"))
    lines = []
    for rule in _rules(alerts):
        named = rule.get("channels") if isinstance(rule.get("channels"), list) else []
        lines += [
            f"{file}: alerts.rules.{rule.get('id')}.channels: {one!r} is none of {', '.join(known) or '(none declared)'}"
            for one in named or []
            if one not in known
        ]
    return lines


def _unwatched(data: Mapping[str, Any], alerts: Mapping[str, Any], file: str) -> list[str]:
    pairs = data.get("pairs") if isinstance(data.get("pairs"), list) else []
    watched = {frozenset(pair.split("-")) for pair in pairs or [] if isinstance(pair, str)}
    return [
        f"{file}: alerts.rules.{rule.get('id')}.pair: {rule['pair']!r} is none of the pairs {', '.join(map(str, pairs or []))}"
        for rule in _rules(alerts)
        if isinstance(rule.get("pair"), str) and frozenset(rule["pair"].split("-")) not in watched
    ]
