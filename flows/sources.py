"""`bilateral sources`: which there are and how they are, what would be read of one, whether their selectors hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from flows import show
from flows.options import AsCsv, AsJson, Home, Pairs, SourcesFile, asked

sources_app = typer.Typer(help="The sources and how they are.", no_args_is_help=True, rich_markup_mode=None)
STYLES = {True: "green", False: "red", None: "dim"}


@sources_app.command("list", epilog="Example: bilateral sources list")
def list_sources(
    ctx: typer.Context,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """List the sources of the configuration, and how they were when last asked."""
    from flows import answers

    place = asked(ctx, home, sources, pair).place()
    answers.answer(answers.source_rows(place), "json" if as_json else "csv" if as_csv else "table")


@sources_app.command("probe", epilog="Example: bilateral sources probe kremlin-ru --file page.html")
def probe_source(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="ID|URL", help="A source, or the address of a page or list.")
    ],
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="PAGE", help="A saved page, read without a network.", show_default=False
        ),
    ] = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Show field by field what would be read, green or red, and store nothing; exit with 1 when anything is red."""
    from flows import steps
    from flows.probe import probe

    place, wrong = asked(ctx, home, sources, pair).place(), False
    for reading in probe(place, what, file, steps.clock()):
        made = Table(box=None, show_header=False, pad_edge=False)
        for one in reading:
            value = one.value or ("–" if one.good is None else "missing")
            made.add_row(one.name, Text(show.plain(value), style=STYLES[one.good]), _mark(one.good))
        show.out().print(made)
        show.out().print()
        wrong = wrong or any(one.good is False for one in reading)
    if wrong:
        raise typer.Exit(1)


@sources_app.command("check", epilog="Example: bilateral sources check")
def check_sources(
    ctx: typer.Context, home: Home = None, sources: SourcesFile = None, pair: Pairs = None
) -> None:
    """Hold every selector and path against its saved page; exit with 1 when one finds nothing."""
    from flows.check import check

    lines = check(asked(ctx, home, sources, pair).place())
    made = Table("source", "field", "selector", "found", "", box=None, header_style="bold", pad_edge=False)
    for line in lines:
        cells = (line.source, line.field, line.selector, line.found)
        made.add_row(
            *(Text(show.plain(cell), style="" if line.good else "red") for cell in cells), _mark(line.good)
        )
    show.out().print(made)
    wrong = sum(not line.good for line in lines)
    show.out().print(f"{len(lines)} selectors and paths, {wrong} of them find nothing")
    if wrong:
        raise typer.Exit(1)


def _mark(good: bool | None) -> Text:
    return Text({True: "ok", False: "wrong", None: ""}[good], style=STYLES[good])
