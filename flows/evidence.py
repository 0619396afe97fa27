"""What `why` and `compare` print: the sentence behind a fact, and what each side says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files

import tomli
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bilateral.link import Decisions, Tie
from bilateral.model import Correction
from flows.show import out, plain
from warehouse.ask import Comparison, Evidence, Explanation, Item

RETOLD = "retold"
ALONE = "alone"  # the row of what only one side says
SHORT = ("participant", "topic")  # said in one line


def explain(found: Explanation) -> None:
    """Print what is believed and the sentences that it rests on, the quoted words in ⟦brackets⟧."""
    console = out()
    console.print(heading(found))
    if found.moved_from:
        console.print(f"{plain(found.moved_from)} was merged into it", markup=False)
    if found.parent_event_id:
        console.print(f"part of {plain(found.parent_event_id)}", markup=False)
    if len(found.history) > 1:
        steps = (f"{status} {at:%Y-%m-%d} ({plain(source)})" for status, at, source in found.history if at)
        console.print(Text("told as " + " → ".join(steps)))
    for said in found.corrections:
        console.print(Text(said_by_people(said), style="italic"))
    for one in found.evidence:
        console.print(passage(one))
    for event_id, title in found.parts:
        console.print(f"part: {plain(event_id)}  {plain(title)}", markup=False)


def heading(found: Explanation) -> Text:
    """Return what is believed, in one line."""
    when = "…".join(dict.fromkeys(str(day) for day in (found.start_date, found.end_date) if day))
    return Text(" · ".join(plain(w) for w in (found.title, when, found.status, found.id) if w), style="bold")


def decisions(found: Explanation, made: Decisions) -> None:
    """Print why the reports of an event are one, why its neighbours are others, and what it is part of."""
    console = out()
    console.print(heading(found))
    for said in found.corrections:
        console.print(Text(said_by_people(said), style="italic"))
    quotes = {one.id: one for one in found.evidence}
    console.print("\nOne event:")
    for tie in made.together:
        console.print(decision(tie, quotes[tie.report.report_id]))
    if made.apart:
        console.print("\nOther events of these days:")
    for other in made.apart:
        told = " · ".join((other.event_id, other.kind, other.days, other.because))
        console.print(Text("  " + plain(told)))
    if found.parts:
        console.print("\nParts, within its days:")
    for event_id, title in found.parts:
        console.print(Text(f"  {plain(event_id)} · {plain(title)}"))
    if found.parent_event_id:
        console.print(Text(f"\nPart of {plain(found.parent_event_id)}, within its days"))


def decision(tie: Tie, one: Evidence) -> Text:
    """Return one report with what ties it to the others."""
    told = tie.report
    day = "…".join(d.iso for d in (told.start, told.end) if d) or "no day"
    words = Text(
        f"  {plain(tie.report.report_id)} {plain(one.source_id)} {plain(told.kind)}, {plain(told.modality)}, {day}"
    )
    words.append(f" «{plain(one.quote)}»")
    beside = f" (beside {tie.beside})" if tie.beside else ""
    words.append(f"\n    {plain('; '.join(tie.because))}{beside}", style="dim")
    return words


def said_by_people(one: Correction) -> str:
    """Return what a person said of it, in one line."""
    words = {
        "note": "note",
        "override": f"{one.field} set to {one.value}" if one.value else f"{one.field} as derived again",
        "merge": f"{one.value} joined to {one.target}",
        "split": f"{one.value} parted from {one.target}",
    }
    who = f" by {one.made_by}" if one.made_by else ""
    what = f"{words.get(one.action, one.action)} ({one.made_at:%Y-%m-%d}{who})"
    return plain(f"{what}: {one.note}" if one.note else what)


def passage(one: Evidence) -> Group:
    """Return one sentence with whose it is and which rule found it."""
    sentence = Text(inline(one.before).lstrip())
    sentence.append(f"⟦{plain(one.quote)}⟧", style="bold")
    sentence.append(inline(one.after).rstrip())
    told = [one.kind, one.modality, f"rule {one.rule}", f"characters {one.span[0]}–{one.span[1]}", one.id]
    return Group(
        Text(),
        Text(origin(one.source_id, one.side, one.published_at, one.is_primary, one.retold)),
        Padding(sentence, (0, 0, 0, 2)),
        Text("  " + " · ".join(plain(word) for word in told if word), style="dim"),
        Text(f"  {plain(one.url)}" if one.url else "  (a document without an address)", style="dim"),
    )


def inline(text: str) -> str:
    """Return *text* made inert, with a space at each end where it had one."""
    inner = plain(text)
    if not inner:
        return " " if text else ""
    return " " * text[:1].isspace() + inner + " " * text[-1:].isspace()


def origin(source: str, side: str | None, published: datetime | None, primary: bool, retold: bool) -> str:
    """Say whose page it is: source, side, time, and whether it is retold."""
    kind = RETOLD if retold else "primary" if primary else "secondary"
    when = f"{published:%Y-%m-%d %H:%M} UTC" if published else "time unknown"
    return f"{plain(source)} ({plain(side or 'no side')}, {kind}), {when}"


def hold_against(found: Comparison) -> None:
    """Print the two sides beside each other; what only one of them says is marked."""
    console = out()
    console.print(Text(f"{plain(found.title)} · {found.event_id}", style="bold"))
    left, right = (f"{capital(state)} says" for state in (found.a, found.b))
    sides = Table(left, right, show_lines=True, expand=True)
    for ours, theirs in beside(found):
        sides.add_row(said(ours), said(theirs, difference(ours, theirs)))
    console.print(sides)
    if found.said_by_others:
        console.print(Text("Others say", style="bold"))
        console.print(Group(*(item_text(item) for item in found.said_by_others)))
    console.print(
        Text(
            "[only]: the other side does not say it. [differs]: it gives another figure. [retold]: a retelling, not the page itself.",
            style="dim",
        )
    )


def beside(found: Comparison) -> list[tuple[list[Item], list[Item]]]:
    """Return the rows: of each sort what both sides say, each beside the other's, and then what only one says.

    Figures that differ come first. What is short, as topics, shares one row.
    """
    rows: dict[tuple[str, str], tuple[list[Item], list[Item]]] = {}
    for column, items in enumerate((found.said_by_a, found.said_by_b)):
        for item in items:
            rows.setdefault((item.what, ALONE if item.only else place(item)), ([], []))[column].append(item)
    order = list(dict.fromkeys(what for what, _ in rows))
    return [rows[key] for key in sorted(rows, key=lambda key: _turn(order, key, rows[key]))]


def place(item: Item) -> str:
    """Return the name of the row for what both sides say."""
    return "" if item.what in SHORT else str(item.series)


def _turn(
    order: list[str], key: tuple[str, str], row: tuple[list[Item], list[Item]]
) -> tuple[int, bool, bool]:
    what, series = key
    differs = any(item.differs for items in row for item in items)
    return order.index(what), series == ALONE, not differs


def difference(ours: Sequence[Item], theirs: Sequence[Item]) -> str:
    """Say by how much the figures of two sides differ; empty where they do not, or are several.

    >>> difference([], [])
    ''
    """
    told = [item for item in (*ours, *theirs) if item.differs and item.value is not None]
    values = [item.value for item in told if item.value is not None]
    if len(set(values)) != 2 or len({item.unit for item in told}) != 1:
        return ""
    low, high = min(values), max(values)
    share = f", {(high - low) / abs(high):.1%}" if high else ""
    return f"difference: {format((high - low).normalize(), 'f')} {told[0].unit}{share}"


def said(items: Iterable[Item], more: str = "") -> Group:
    """Return all that one side says at one place of the table; *more* is a line below it."""
    lines = [item_text(item) for item in items]
    return Group(*lines, Text(more, style="bold")) if more else Group(*lines)


def item_text(item: Item) -> Text:
    """Return one thing said: its marks, its code, and the sentence."""
    known = (("only", item.only), ("differs", item.differs), (RETOLD, item.retold))
    marks = [word for word, holds in known if holds]
    text = Text("".join(f"[{mark}] " for mark in marks), style="bold" if item.only else "")
    text.append(f"{item.what} {plain(item.label)}", style="bold" if item.only else "")
    if item.what not in SHORT:
        text.append(
            f"\n  {inline(item.before).lstrip()}⟦{plain(item.quote)}⟧{inline(item.after).rstrip()}", style=""
        )
    text.append(f"\n  {plain(item.source_id)} {plain(item.url)}".rstrip(), style="dim")
    return text


def capital(state: str) -> str:
    """Return the capital of *state*, by which its side is called; the code where none is known."""
    cities = tomli.loads(files("bilateral.packs").joinpath("world/cities.toml").read_text("utf-8"))["city"]
    return next((str(c["name"]) for c in cities if c["iso3"] == state and c.get("capital")), state)
