"""What the program prints for people: plain tables, with nothing in them that a terminal would obey."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bilateral.errors import BilateralError
from bilateral.model import Event, Skipped
from flows.place import Place
from flows.progress import Listener

if TYPE_CHECKING:
    from flows.steps import Summary

MOST_EVENTS = 15
EVENT_COLUMNS = ("event", "date", "kind", "status", "states", "retold", "title")
WIDE_WHEN_PIPED = 160  # columns of a table that goes to a file or a pipe
TURNS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: object) -> str:
    r"""Return *text* on one line, without control characters and marks that turn the direction of writing.

    >>> plain("a\x1b[31mb\nc")
    'a[31mb c'
    """
    return inert(" ".join(str(text).split()))


def inert(text: str) -> str:
    """Return *text* without what a terminal would obey; its spaces stay.

    >>> inert("  \x1b^")
    '  ^'
    """
    return "".join(char for char in text.translate(TURNS) if char.isprintable())


def out() -> Console:
    """Return the console of results."""
    return Console(width=None if sys.stdout.isatty() else WIDE_WHEN_PIPED, highlight=False, soft_wrap=False)


def err() -> Console:
    """Return the console of remarks."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else WIDE_WHEN_PIPED, highlight=False)


def mistake(error: BilateralError) -> None:
    """Say on stderr what a user can mend; spaces stay, since a mark may point at a place in the line above."""
    for line in str(error).splitlines():
        err().print(Text(inert(line.expandtabs()), style="red"), soft_wrap=True)


def note(words: str) -> None:
    """Print a remark on stderr."""
    err().print(Text(plain(words), style="dim"), soft_wrap=True)


@contextmanager
def working() -> Iterator[Listener]:
    """Show what is being done while it is done, only where a person looks on; no words end the showing."""
    console = err()
    if not console.is_terminal:
        yield lambda words: None
        return
    with console.status("starting") as status:
        yield lambda words: status.update(Text(plain(words))) if words else status.stop()


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> Table:
    """Return a table in which every cell is inert; None is an empty cell."""
    made = Table(*columns, title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        made.add_row(*(Text("" if cell is None else plain(cell)) for cell in row))
    return made


def summary(done: Summary, place: Place) -> None:
    """Print what a run did, and three commands to go on with."""
    lines = [(i.source_id, i.state, i.new, i.changed, i.failed, i.reason) for i in done.lines]
    out().print(table(("source", "state", "new", "changed", "failed", "reason"), lines))
    if done.unread:
        names = ", ".join(f"{line.source_id} {line.state}" for line in done.unread)
        out().print(Text(f"\nNot read: {names}. What they published meanwhile is unknown, not nothing."))
    loaded(done, place)


def loaded(done: Summary, place: Place) -> None:
    """Print what was loaded, the events that are new, and three commands to go on with."""
    brought, console = done.loaded, out()
    console.print(
        f"\n{counted(brought.new_articles, 'new document')}, {brought.changed_articles} changed, "
        f"{brought.unchanged} unchanged; {counted(len(done.events), 'new event')}, "
        f"{counted(brought.alerts, 'alert')} raised, {counted(done.delivered, 'message')} delivered"
    )
    if done.undelivered:
        undelivered = counted(done.undelivered, "message")
        console.print(f"{undelivered} could not be delivered: `bilateral alerts list` says why")
    if done.events:
        console.print()
        title = f"New events ({min(len(done.events), MOST_EVENTS)} of {len(done.events)})"
        shown = sorted(done.events, key=lambda one: not watched(one, place))[:MOST_EVENTS]
        console.print(table(EVENT_COLUMNS, [event(one, brought.retold) for one in shown], title))
    next_commands(example(done, place), place)


def counted(number: int, noun: str) -> str:
    """Return *number* with its noun.

    >>> counted(1, "new document"), counted(0, "alert")
    ('1 new document', '0 alerts')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def watched(one: Event, place: Place) -> bool:
    """Say whether the event is one of a watched pair."""
    return any(set(pair.split("-")) <= set(one.states) for pair in place.config.pairs)


def example(done: Summary, place: Place) -> str | None:
    """Return an event worth a look: of what is new, the one that most pages tell of; else the latest visit."""
    known = [one for one in done.events if watched(one, place) and one.parent_event_id is None]
    if known:
        return max(known, key=lambda one: (len(one.report_ids), one.event_id)).event_id
    if not place.published.is_file():
        return None
    from warehouse.ask import ask  # here: `detect` and the help need no database

    found = ask(place.published, "visits", {"p": place.config.pairs[0]})
    return str(found.rows[0][found.columns.index("event_id")]) if found.rows else None


def event(one: Event, retold: Collection[str] = ()) -> tuple[object, ...]:
    """Return an event as cells; *retold* are the events that rest on retellings alone."""
    mark = "yes" if one.event_id in retold else "no"
    return one.event_id, days(one), one.kind, one.status, "-".join(one.states), mark, one.title


def days(one: Event) -> str:
    """Return the day of an event, or its first and last."""
    if one.start is None:
        return "date unknown"
    return f"{one.start.iso}…{one.end.iso}" if one.end and one.end != one.start else one.start.iso


def next_commands(event_id: str | None, place: Place) -> None:
    """Print three commands to go on with, about a real event where there is one."""
    pair = place.config.pairs[0]
    tries = [f"bilateral ask contacts_by_quarter p={pair}"]
    if event_id:
        tries = [f"bilateral why {event_id}", f"bilateral compare {event_id}", *tries]
    else:
        tries += ["bilateral ask --list", "bilateral sources list"]
    out().print("\nNext:")
    for one in tries:
        out().print(f"  {one}", highlight=False)


def skipped(rows: Sequence[Skipped]) -> None:
    """Name on stderr what could not be read."""
    for row in rows:
        err().print(Text(f"{plain(row.where)}: {plain(row.reason)}"), soft_wrap=True)
