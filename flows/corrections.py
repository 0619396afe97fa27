"""What people correct: written into the journal, kept beside what the machine derived, applied on top of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from bilateral.errors import BilateralError
from bilateral.link import gather, link
from bilateral.model import Correction, Linked, identity
from flows import steps
from flows.place import Place
from flows.writing import Writing, writing


def note(place: Place, target: str, words: str, by: str | None) -> None:
    """Write down what a person says of *target*, which may be any id; it changes no fact."""
    with writing(place) as at:
        if not at.warehouse.knows(target):
            raise BilateralError(f"{target}: nothing has this id")
        _keep(at, _said("note", target, by, note=words))


def override(place: Place, event: str, values: Mapping[str, str], words: str | None, by: str | None) -> None:
    """Put *values* in the place of what was derived of an event; an empty one takes an earlier word back."""
    with writing(place) as at:
        known = _event(at, event)
        checked = {name: at.warehouse.checked(name, value) for name, value in values.items()}
        for name, value in checked.items():
            _keep(at, _said("override", known, by, field=name, value=value, note=words))


def merge(place: Place, stays: str, joins: str, words: str | None, by: str | None) -> str:
    """Make two events one, which keeps the name of *stays*; return that."""
    with writing(place) as at:
        target, other = _event(at, stays), _event(at, joins)
        if target == other:
            raise BilateralError(f"{stays} and {joins} are one event already")
        told = at.warehouse.members("event_id", [target, other])
        states = {at.warehouse.states(one) for one in (target, other)}
        if len(states) > 1:
            raise BilateralError(
                f"{stays} and {joins}: of other states; events of one group of states can be merged"
            )
        members = tuple(member for _, member in told)
        _join_again(at, _said("merge", target, by, value=other, note=words, members=members))
        return target


def split(place: Place, event: str, reports: Sequence[str], words: str | None, by: str | None) -> str:
    """Take *reports* out of an event; return the id of the event that they make."""
    with writing(place) as at:
        target = _event(at, event)
        told = {one.report_id: one for _, one in at.warehouse.members("event_id", [target])}
        if missing := [one for one in reports if one not in told]:
            raise BilateralError(f"{missing[0]}: no report of {event}; `bilateral why {event}` lists them")
        if len(set(reports)) == len(told):
            raise BilateralError(f"{event}: these are all of its reports: none would stay")
        said = _said(
            "split", target, by, note=words, members=tuple(told[one] for one in dict.fromkeys(reports))
        )
        said = replace(said, value="e" + identity(said.correction_id))
        _join_again(at, said)
        return str(said.value)


def _said(action: str, target: str, by: str | None, **more: object) -> Correction:
    made_at = steps.clock()
    name = "k" + identity(action, target, made_at.isoformat(), more.get("field"), os.getpid())
    return Correction(name, made_at, action, target, made_by=by, **more)  # type: ignore[arg-type]


def _event(at: Writing, asked: str) -> str:
    """Return the id that the event has now; BilateralError when there is none."""
    if event := at.warehouse.event(asked):
        return event
    raise BilateralError(f'{asked}: no event has this id; `bilateral ask "FROM events"` lists them')


def _keep(at: Writing, said: Correction, linked: Linked | None = None) -> None:
    at.archive.record("edit", asdict(said))
    at.warehouse.correct(said, linked or Linked(), "n" + said.correction_id[1:])


def _join_again(at: Writing, said: Correction) -> None:
    """Link what the correction is about again, with this last word on top of the earlier ones."""
    articles = {member.article_id for member in said.members}
    stored = at.warehouse.stored(articles)
    reports = [report for told in stored.values() for report in told]
    held = gather(reports, at.warehouse.candidates)
    linked = link(held, steps.kind_names(), [*at.warehouse.corrections(), said])
    if said.action == "split" and said.value not in {one.event_id for one in linked.events}:
        raise BilateralError(
            f"{said.target}: recalled reports make no event of their own, and need one that stays"
        )
    steps.journal(linked, (), at.warehouse, at.archive)
    _keep(at, said, linked)
