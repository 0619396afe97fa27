"""The commands that look after what is kept."""

from __future__ import annotations

from typing import Any

import typer

from flows import show
from flows.options import Home, Pairs, SourcesFile, asked

PLAIN: dict[str, Any] = {"no_args_is_help": True, "rich_markup_mode": None}
data_app = typer.Typer(help="What is kept, and whether it is whole.", **PLAIN)
SHOWN = 20  # faults that are printed one by one


@data_app.callback()
def group() -> None:
    """What is kept, and whether it is whole."""


@data_app.command("verify", epilog="Example: bilateral data verify --home data")
def verify_archive(
    ctx: typer.Context,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Read the whole archive and hold it against its digests and its journal; nothing is changed."""
    from bilateral.sources import verify

    place = asked(ctx, home, sources, pair).place()
    found = verify(place.archive())
    for line in [*found.faults[:SHOWN], *found.remarks[:SHOWN]]:
        show.note(line)
    size = f"{found.files:,} files with {found.bytes:,} bytes, {found.entries:,} entries of the journal"
    left = f", {len(found.remarks):,} remarks" if found.remarks else ""
    typer.echo(f"{size}: {f'{len(found.faults):,} faults' if found.faults else 'all whole'}{left}")
    if found.faults:
        raise typer.Exit(1)
