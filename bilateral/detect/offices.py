"""Which offices of the persons files may have changed hands: held without an end, and not looked at for half a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bilateral.detect.packs import Toml, files, read

HALF_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class Held:
    """An office that a file gives no end, and the day on which somebody last looked whether that is so."""

    file: str
    person: str
    office: str
    checked: date


def stale(today: date, after: timedelta = HALF_YEAR) -> list[Held]:
    """Return the offices that were last looked at more than *after* before *today*, in the order of the files."""
    return [held for path in paths() for held in _held(path, read(path)) if today - held.checked > after]


def undated() -> Iterator[str]:
    """Yield a line for each file of persons that does not say when it was looked at, and by what source."""
    for path in paths():
        if missing := [key for key in ("checked", "source") if not read(path).get(key)]:
            yield f"packs/{path}: no {' and no '.join(missing)}: say when its offices were looked at, and where"


def paths() -> list[str]:
    """Return the files that name persons, below `packs/`."""
    return ["world/persons.toml", *(f"pair/{file.name}" for file in files("pair"))]


def _held(path: str, content: Toml) -> Iterator[Held]:
    for person in content.get("person", ()):
        checked = date.fromisoformat(person.get("checked") or content["checked"])
        for office in person.get("offices", ()):
            if not office.get("until"):
                yield Held(path, person["name"], office["office"], checked)
