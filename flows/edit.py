"""`bilateral edit`: what people correct. It stands in the journal, apart from what is derived, and on top of it."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import show
from flows.data import By
from flows.options import Home, Pairs, SourcesFile, asked

edit_app = typer.Typer(
    help="People's corrections, on top of what was derived.", no_args_is_help=True, rich_markup_mode=None
)
Words = Annotated[
    str | None, typer.Option("--note", metavar="WORDS", help="Why; `why` prints it.", show_default=False)
]


@edit_app.command("note", epilog="Example: bilateral edit note e0123456789abcdef confirmed-by-both")
def note(
    ctx: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="ID", help="Of an event, report, claim, agreement, article …")
    ],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What is to be remembered.")],
    by: By = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Write a remark down beside a fact; it changes nothing."""
    from flows.corrections import note as keep

    keep(asked(ctx, home, sources, pair).workplace(), target, words, by)
    show.out().print(f"noted; `bilateral why {show.plain(target)}` shows it", markup=False)


@edit_app.command(
    "override",
    epilog="Example: bilateral edit override e0123456789abcdef start_date=2025-11-25 place=Bishkek",
)
def override(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Its id.")],
    values: Annotated[
        list[str], typer.Argument(metavar="COLUMN=VALUE…", help="none empties a column; nothing takes back.")
    ],
    words: Words = None,
    by: By = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Put a value in the place of one that was derived of an event."""
    from flows.corrections import override as put

    parts = [value.partition("=") for value in values]
    if wrong := [value for value, (name, sign, _) in zip(values, parts, strict=True) if not (name and sign)]:
        raise typer.BadParameter(f"{wrong[0]!r}: is written as COLUMN=VALUE, such as place=Bishkek")
    place = asked(ctx, home, sources, pair).workplace()
    put(place, event, {name: value for name, _, value in parts}, words, by)
    show.out().print(f"{show.counted(len(parts), 'column')} of {show.plain(event)} corrected", markup=False)


@edit_app.command("merge", epilog="Example: bilateral edit merge e0123456789abcdef efedcba9876543210")
def merge(
    ctx: typer.Context,
    stays: Annotated[str, typer.Argument(metavar="EVENT", help="The one whose id stays.")],
    joins: Annotated[str, typer.Argument(metavar="OTHER", help="The one that is the same happening.")],
    words: Words = None,
    by: By = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Make two events one."""
    from flows.corrections import merge as unite

    event = unite(asked(ctx, home, sources, pair).workplace(), stays, joins, words, by)
    show.out().print(f"{show.plain(joins)} is {event} now", markup=False)


@edit_app.command("split", epilog="Example: bilateral edit split e0123456789abcdef p0123456789abcdef")
def split(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The one that holds too much.")],
    reports: Annotated[
        list[str], typer.Argument(metavar="REPORT…", help="Those that tell of something else.")
    ],
    words: Words = None,
    by: By = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Take reports out of an event; they make one of their own."""
    from flows.corrections import split as part

    made = part(asked(ctx, home, sources, pair).workplace(), event, reports, words, by)
    show.out().print(f"{show.counted(len(set(reports)), 'report')} make {made} now", markup=False)
