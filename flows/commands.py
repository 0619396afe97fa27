"""The commands. Prefect is imported inside `run` and `serve` only, the pipeline only where it works."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bilateral import __version__
from flows import show
from flows.data import data_app
from flows.edit import edit_app
from flows.options import AsCsv, AsJson, Asked, Home, Pairs, Profile, SourcesFile, asked
from flows.place import find_place
from flows.rules import rules_app
from flows.sources import sources_app


class Whole(TyperGroup):
    """A group that lists its commands with their whole first sentence, however narrow the terminal is."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        known = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, (one.help or "").partition("\n\n")[0]) for name, one in known if one and not one.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


PLAIN: dict[str, Any] = {"cls": Whole, "no_args_is_help": True, "rich_markup_mode": None}
app = typer.Typer(
    **PLAIN,
    name="bilateral",
    help="A two-sided record of the relations of two states, in DuckDB, with the sentence behind every fact.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
alerts_app = typer.Typer(help="The alerts that were raised.", **PLAIN)
app.add_typer(sources_app, name="sources", cls=Whole)
app.add_typer(alerts_app, name="alerts")
app.add_typer(rules_app, name="rules", cls=Whole)
app.add_typer(edit_app, name="edit", cls=Whole)
app.add_typer(data_app, name="data", cls=Whole)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bilateral {__version__}")
        raise typer.Exit


@app.callback()
def before(
    ctx: typer.Context,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep a two-sided record of the relations of two states, with the sentence behind every fact."""
    ctx.obj = Asked(home, sources, pair)


@app.command(epilog="Example: bilateral run --home data --strict")
def run(
    ctx: typer.Context,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 when a source could not be read.")
    ] = False,
    prefect_profile: Profile = None,
) -> None:
    """Ask every source once and load what is new."""
    from flows.once import run_once

    place = asked(ctx, home, sources, pair).workplace()
    with show.working() as listener:
        done = run_once(place, prefect_profile, listener)
    show.skipped(done.skipped)
    show.summary(done, place)
    if strict and done.unread:
        raise typer.Exit(3)


@app.command(epilog="Example: bilateral serve --port 4200")
def serve(
    ctx: typer.Context,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help="Of Prefect's pages; else any free one.", show_default=False
        ),
    ] = None,
    prefect_profile: Profile = None,
) -> None:
    """Ask each source at its own rhythm until stopped."""
    from flows.serve import serve as serve_schedules

    serve_schedules(asked(ctx, home, sources, pair).workplace(), port, prefect_profile, show.note)


@app.command(epilog="Example: bilateral load report.txt --source kremlin-ru --lang ru --published 2025-11-26")
def load(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Documents, or folders of them.")],
    source: Annotated[
        str | None, typer.Option("--source", metavar="ID", help="Whose documents these are.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="ru, ky, en or fr, where they do not say.")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="Their date, where they do not say.")
    ] = None,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Read documents from files and load them at once."""
    from flows.once import load_files

    place = asked(ctx, home, sources, pair).workplace()
    with show.working() as listener:
        done = load_files(place, files, source, lang, published, listener)
    show.skipped(done.skipped)
    show.loaded(done, place)
    brought = done.loaded
    if done.skipped and not brought.new_articles + brought.changed_articles + brought.unchanged:
        raise typer.Exit(1)


@app.command(epilog="Example: bilateral detect documents.jsonl > predictions.jsonl")
def detect(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Documents, one JSON object a line.")],
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Print what the rules find in each document, one JSON object a line; nothing is stored."""
    from flows.once import detect_file

    said = asked(ctx, home, sources, pair)
    rows, skipped = detect_file(find_place(said.home, said.sources, said.pairs), file)
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    show.skipped(skipped)
    if not rows and skipped:
        raise typer.Exit(1)


@app.command(epilog="Example: bilateral ask contacts_by_quarter p=KGZ-RUS since=2019-01-01")
def ask(
    ctx: typer.Context,
    question: Annotated[str | None, typer.Argument(metavar="SQL-or-NAME", show_default=False)] = None,
    values: Annotated[list[str] | None, typer.Argument(metavar="k=v", show_default=False)] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the questions that have a name.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    retold: Annotated[
        bool, typer.Option("--retold", help="Count retold documents in trends also after live ones.")
    ] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Answer one SELECT, or a question that has a name; nothing is written."""
    from flows import answers
    from warehouse import ask as warehouse

    if as_json and as_csv:
        raise typer.BadParameter("--json or --csv, not both")
    if listed or question is None:
        answers.questions(warehouse.questions())
        return
    said = asked(ctx, home, sources, pair)
    given = parameters(values or [])
    named = {q.name: q for q in warehouse.questions()}
    if said.pairs and question in named and "p" in named[question].defaults:
        given = {"p": said.pairs[0]} | given
    rows = warehouse.ask(said.published(), question, given, synthetic=retold)
    answers.answer(rows, "json" if as_json else "csv" if as_csv else "table")


def parameters(values: list[str]) -> dict[str, str]:
    """Read k=v words; wrong usage where there is no equals sign."""
    pairs = [value.partition("=") for value in values]
    if wrong := [value for value, (name, sign, _) in zip(values, pairs, strict=True) if not (name and sign)]:
        raise typer.BadParameter(f"{wrong[0]!r}: a parameter is written as name=value, such as p=KGZ-RUS")
    return {name: value for name, _, value in pairs}


@app.command(epilog="Example: bilateral why e0123456789abcdef --links")
def why(
    ctx: typer.Context,
    fact: Annotated[str, typer.Argument(metavar="ID", help="Of an event, a report or a claim.")],
    links: Annotated[
        bool, typer.Option("--links", help="Say why its reports are one event, and its neighbours others.")
    ] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Print the sentences that a fact rests on, the rules that found them, and whose pages they are."""
    from flows import evidence
    from warehouse import ask as warehouse

    db = asked(ctx, home, sources, pair).published()
    if not links:
        evidence.explain(warehouse.why(db, fact))
        return
    from bilateral.link import explain
    from warehouse.neighbours import neighbours

    event_id, reports = neighbours(db, fact)
    evidence.decisions(warehouse.why(db, event_id), explain(event_id, reports))


@app.command(epilog="Example: bilateral compare e0123456789abcdef")
def compare(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="ID", help="Of an event.")],
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Hold what the two sides say of an event against each other."""
    from flows import evidence
    from warehouse import ask as warehouse

    evidence.hold_against(warehouse.compare(asked(ctx, home, sources, pair).published(), event))


@alerts_app.command("list", epilog="Example: bilateral alerts list --days 7")
def list_alerts(
    ctx: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, help="How far back from the latest.")] = 30,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """List the alerts that were raised, and whether they arrived."""
    from flows import answers
    from warehouse import ask as warehouse

    rows = warehouse.ask(asked(ctx, home, sources, pair).published(), "recent_alerts", {"days": str(days)})
    answers.answer(rows, "json" if as_json else "csv" if as_csv else "table")
