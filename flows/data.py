"""`bilateral data`: whether rows and archive are sound, everything derived again, copies, and what has to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from flows import show
from flows.options import Home, Pairs, SourcesFile, asked

if TYPE_CHECKING:
    from flows.rebuild import Rebuilt

data_app = typer.Typer(
    help="What is kept: checked, derived again, copied, forgotten.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
SHOWN = 20  # faults of the archive that are printed one by one
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so.", show_default=False)]


@data_app.command("check", epilog="Example: bilateral data check")
def check(ctx: typer.Context, home: Home = None, sources: SourcesFile = None, pair: Pairs = None) -> None:
    """Look for rows that cannot be right; exit with 1 when there are any."""
    from warehouse.checking import check_file

    checks, wrong = check_file(asked(ctx, home, sources, pair).published())
    for one in wrong:
        show.out().print(Text(f"\n{one.name}: {show.counted(one.rows, 'row')}. {one.meaning}", style="bold"))
        show.out().print(show.table(one.columns, [[show.plain(v) for v in row] for row in one.first]))
    show.out().print(f"{show.counted(checks, 'check')}, {len(wrong)} found something")
    if wrong:
        raise typer.Exit(1)


@data_app.command("export", epilog="Example: bilateral data export --parquet parquet")
def export(
    ctx: typer.Context,
    parquet: Annotated[Path, typer.Option("--parquet", metavar="DIR", help="The folder to write to.")],
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Also texts whose licence does not let you pass them on.")
    ] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Write each view as a Parquet file; texts only where their licence allows it."""
    from warehouse.export import export as write

    rows = write(asked(ctx, home, sources, pair).published(), parquet, with_text)
    show.out().print(
        f"{show.counted(len(rows), 'file')} in {show.plain(parquet)}, {sum(n for _, n in rows)} rows"
    )


@data_app.command("backup", epilog="Example: bilateral data backup")
def backup(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A new folder; else one below the home.", show_default=False),
    ] = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Copy the database and the journal into a new folder."""
    from flows.backup import backup as copy

    made, size = copy(asked(ctx, home, sources, pair).workplace(), folder)
    show.out().print(f"{show.plain(made)}: {size:,} bytes")


@data_app.command("rebuild", epilog="Example: bilateral data rebuild")
def rebuild(
    ctx: typer.Context,
    every: Annotated[
        bool,
        typer.Option("--all", help="Read every text again, also those that the present rules have read."),
    ] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Derive everything again from the archive and the journal; ids, notes and alerts stay."""
    from flows.rebuild import rebuild as derive

    place = asked(ctx, home, sources, pair).workplace()
    with show.working() as listener:
        done = derive(place, listener, every=every)
    _report(done, "was", "is")


@data_app.command("diff", epilog="Example: bilateral data diff")
def diff(
    ctx: typer.Context,
    every: Annotated[
        bool,
        typer.Option("--all", help="Read every text again, also those that the present rules have read."),
    ] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Say what `data rebuild` would change, by kind and language; nothing is changed."""
    from flows.rebuild import rebuild as derive

    place = asked(ctx, home, sources, pair).workplace()
    with show.working() as listener:
        done = derive(place, listener, keep=False, every=every)
    _report(done, "is", "would be")


def _report(done: Rebuilt, before: str, after: str) -> None:
    show.skipped(done.skipped)
    columns = ("what", "code", "lang", before, after, "new", "gone", "changed")
    rows: Sequence[Sequence[Any]] = [
        (t.what, t.code, t.lang, t.before, t.after, t.new, t.gone, t.changed) for t in done.differs
    ]
    if rows:
        show.out().print(show.table(columns, rows))
    else:
        show.out().print("Nothing differs.")
    show.out().print(
        f"{show.counted(done.pages, 'page')}, {done.read} read again; ids from {done.remembered}"
    )


@data_app.command("forget", epilog="Example: bilateral data forget https://example.org/news/1")
def forget(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Of a document; or its article id.")],
    by: By = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Remove a document from database and archive for good; no poll brings it back."""
    from flows.forgetting import forget as remove

    gone = remove(asked(ctx, home, sources, pair).workplace(), url, by)
    show.out().print(
        f"{show.counted(len(gone.articles), 'document')} forgotten: {', '.join(gone.articles)}; "
        f"{show.counted(gone.files, 'file')} of the archive removed"
    )
    for left in gone.backups:
        show.out().print(f"a copy from before may still hold it: {show.plain(left)}", markup=False)


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
