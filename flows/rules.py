"""`bilateral rules`: how the rules read a text, whether they are sound, and where they are silent."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bilateral.model import Article, Span
from flows import predictions, show
from flows.options import Home, Pairs, SourcesFile, asked
from flows.place import Place

if TYPE_CHECKING:
    from bilateral.detect.explain import Explanation
    from bilateral.detect.silent import Group

rules_app = typer.Typer(
    help="The words and rules: how they read a text.", no_args_is_help=True, rich_markup_mode=None
)
STYLES = {
    "actor": "bold cyan",
    "name": "cyan",
    "date": "magenta",
    "cue": "yellow",
    "figure": "blue",
    "document": "blue",
    "reported": "bold green",
    "told again": "green",
    "given up": "dim",
    "hypothetical": "yellow",
    "discarded": "red",
}
WIDEST = 60  # characters of a quotation in the list below a sentence


@rules_app.command(
    "explain", epilog="Example: bilateral rules explain talks.md --lang en --source kremlin-en"
)
def explain(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One document, or .jsonl with several.")],
    lang: Annotated[
        str | None, typer.Option("--lang", help="ru, ky, en or fr, where it does not say.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="ID", help="Whose document it is.")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="Its date, where it does not say.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also sentences in which nothing was found.")] = False,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """Print a text with what the rules found in it, and every trigger that came to nothing, with the reason."""
    from bilateral.detect import load_packs
    from bilateral.detect.explain import explain as explained

    place = asked(ctx, home, sources, pair).place()
    articles = _articles(place, file, lang, source, published)
    for article in articles:
        _print(explained(article, load_packs()), every)
    if not articles:
        raise typer.Exit(1)


@rules_app.command("check", epilog="Example: bilateral rules check")
def check() -> None:
    """Try the sentences of every rule and look for mistakes in the lists; exit with 1 when something is wrong."""
    from bilateral.detect import load_packs
    from bilateral.detect.offices import stale
    from bilateral.detect.packs import LANGS, rules
    from bilateral.detect.proofs import mistakes, proofs

    wrong = mistakes(load_packs())
    for line in wrong:
        show.out().print(Text(show.plain(line)), soft_wrap=True)
    if wrong:
        raise typer.Exit(1)
    count = sum(len(rules(lang)) for lang in LANGS)
    sentences = sum(1 for lang in LANGS for _ in proofs(lang))
    show.out().print(
        f"{count} rules in {len(LANGS)} languages: all {sentences} sentences are read as they say"
    )
    if old := stale(datetime.now(UTC).date()):
        show.err().print(
            f"warning: {len(old)} offices were not looked at for half a year: bilateral rules offices names them"
        )


@rules_app.command("offices", epilog="Example: bilateral rules offices")
def offices() -> None:
    """List the offices that the files of persons give no end and nobody has looked at for half a year."""
    from bilateral.detect.offices import stale

    rows = [(one.file, one.person, one.office, str(one.checked)) for one in stale(datetime.now(UTC).date())]
    show.out().print(show.table(("file", "person", "office", "checked"), rows) if rows else "none")


@rules_app.command("silent", epilog="Example: bilateral rules silent documents.jsonl --lang ru --limit 20")
def silent(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Documents, one JSON object a line.")],
    lang: Annotated[str | None, typer.Option("--lang", help="Only ru, ky, en or fr.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many words.")] = 30,
    examples: Annotated[int, typer.Option("--examples", min=1, help="How many sentences of each.")] = 2,
    home: Home = None,
    sources: SourcesFile = None,
    pair: Pairs = None,
) -> None:
    """List sentences that name two states and tell nothing, by their commonest word that no rule knows."""
    from bilateral.detect import load_packs
    from bilateral.detect.silent import silent as groups

    if lang not in (None, "ru", "ky", "en", "fr"):
        raise typer.BadParameter(f"--lang: {lang!r} is none of ru, ky, en, fr")
    place = asked(ctx, home, sources, pair).place()
    articles = _articles(place, file, None, None, None)
    wanted = [one for one in articles if lang in (None, one.lang)]
    _print_groups(groups(wanted, load_packs())[:limit], examples)
    if not articles:
        raise typer.Exit(1)


def _articles(
    place: Place, file: Path, lang: str | None, source: str | None, published: str | None
) -> list[Article]:
    """Read and clean the documents of *file*, and name those that cannot be read."""
    from bilateral.sources import read_files
    from flows import steps

    pages, skipped = read_files(
        [file], place.config, steps.clock(), lang=lang, published=published, source=source
    )
    articles, unclean = steps.clean_batch(pages, place.config)
    show.skipped([*skipped, *unclean])
    return articles


def _print(told: Explanation, every: bool) -> None:
    article, console = told.article, show.out()
    said = f"{article.lang}, {article.published.iso if article.published else 'date unknown'}"
    own = f"page of {article.side}" if article.side else "page of no side"
    console.print(
        Text(show.plain(f"{article.key}: {said}, {own}, about {' and '.join(told.sides) or 'no two'}"))
    )
    for span in told.sentences:
        lines = _sentence(told, span)
        if len(lines) > 1 or every:
            console.print(*lines, sep="\n", soft_wrap=True)
    _print_facts(told)


def _sentence(told: Explanation, span: Span) -> list[Text]:
    """Return a sentence with its marks, and a line for each of them."""
    marks = [m for m in told.marks if span[0] <= m.span[0] < span[1]]
    candidates = [c for c in told.candidates if span[0] <= c.span[0] < span[1]]
    text = told.article.text
    styled = [(m.span, STYLES[m.kind]) for m in marks] + [(c.span, "underline") for c in candidates]
    lines = [Text("\n").append_text(marked(text, span, styled))]
    for m in marks:
        lines.append(_line(m.kind, quoted(text, m.span), m.says, STYLES[m.kind]))
    for c in candidates:
        lines.append(_line(c.fate, quoted(text, c.span), f"{c.rule}: {c.says}", STYLES[c.fate]))
    return lines


def marked(text: str, span: Span, styled: Sequence[tuple[Span, str]]) -> Text:
    """Return the characters of *span*, each piece in its style, with nothing that a terminal would obey."""
    borders = {span[0], span[1], *(p for piece, _ in styled for p in piece if span[0] < p < span[1])}
    line = Text()
    for start, end in itertools.pairwise(sorted(borders)):
        style = " ".join(s for piece, s in styled if piece[0] <= start < piece[1])
        line.append(inert(text[start:end]), style)
    return line


def inert(text: str) -> str:
    r"""Return *text* with its spaces, and without control characters and marks that turn the direction of writing.

    >>> inert("a\x1b[31m b\n")
    'a[31m b '
    """
    spaced = "".join(" " if char.isspace() else char for char in text.translate(show.TURNS))
    return "".join(char for char in spaced if char.isprintable())


def quoted(text: str, span: Span) -> str:
    """Return the characters of *span* on one line, shortened in the middle."""
    words = show.plain(text[slice(*span)])
    return words if len(words) <= WIDEST else f"{words[: WIDEST // 2]}…{words[-WIDEST // 2 + 1 :]}"


def _line(kind: str, words: str, says: str, style: str) -> Text:
    line = Text("  ").append(f"{kind:12} ", style)
    return line.append(f"{words} → {show.plain(says)}")


def _print_facts(told: Explanation) -> None:
    """Print what `detect` gives for the text, as tables."""
    article, found = told.article, told.extraction
    facts = predictions.prediction(article.key, None, article, found)
    columns = {
        "events": ("kind", "modality", "states", "start", "end", "place", "participants", "rule"),
        "agreements": ("type", "status", "states", "date", "title", "topic", "rule"),
        "claims": ("metric", "measure", "comparator", "value", "unit", "period", "speaker", "states", "rule"),
    }
    for name, wanted in columns.items():
        rows = [[_cell(row[column]) for column in wanted] for row in facts[name]]
        if rows:
            show.out().print(show.table(wanted, rows, f"\n{name}"))
    show.out().print(f"\ntopics: {', '.join(facts['topics']) or 'none'}\n")


def _cell(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _print_groups(groups: Sequence[Group], examples: int) -> None:
    rows: list[tuple[object, ...]] = []
    for group in groups:
        for number, sentence in enumerate(group.sentences[:examples]):
            head = (group.word, len(group.sentences)) if not number else (None, None)
            rows.append((*head, group.lang, "-".join(sentence.states), sentence.key, sentence.text))
    show.out().print(show.table(("word", "sentences", "lang", "states", "document", "sentence"), rows))
