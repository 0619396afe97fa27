"""The options that go with every command, said before it or after it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilateral.config import pair_code
from bilateral.errors import BilateralError
from flows import show
from flows.place import Place, find_place, find_published, make_home


def pair_codes(pairs: list[str] | None) -> list[str] | None:
    """Return the pairs with their states in order; wrong usage where one is none."""
    try:
        return [pair_code(pair) for pair in pairs] if pairs else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The folder of all that is written.", show_default=False),
]
SourcesFile = Annotated[
    Path | None,
    typer.Option("--sources", metavar="FILE", help="The configuration to take.", show_default=False),
]
Pairs = Annotated[
    list[str] | None,
    typer.Option(
        "--pair",
        metavar="A-B",
        help="Watch this pair instead; may be repeated.",
        show_default=False,
        callback=pair_codes,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Profile = Annotated[
    str | None,
    typer.Option(
        "--prefect-profile", metavar="NAME", help="Use this profile of your own Prefect.", show_default=False
    ),
]


class Asked:
    """The options that go with every command, said before it or after it."""

    def __init__(self, home: Path | None, sources: Path | None, pairs: list[str] | None) -> None:
        self.home, self.sources, self.pairs = home, sources, pairs or []

    def place(self) -> Place:
        """Read the configuration and say which it is."""
        found = find_place(self.home, self.sources, self.pairs)
        show.note(f"configuration {found.sources}, home {found.home}")
        return found

    def workplace(self) -> Place:
        """Read the configuration for a command that writes: its home is made; BilateralError when it cannot be."""
        found = self.place()
        make_home(found.home)
        return found

    def published(self) -> Path:
        """Return the database to ask; BilateralError when nothing was loaded yet."""
        path = find_published(self.home, self.sources)
        if not path.is_file():
            raise BilateralError(
                f"{path}: no such database yet: `bilateral run` makes it, or name another --home"
            )
        return path


def asked(ctx: typer.Context, home: Path | None, sources: Path | None, pairs: list[str] | None) -> Asked:
    """Join what was said after the command with what was said before it; the former wins."""
    before: Asked = ctx.find_root().obj
    return Asked(home or before.home, sources or before.sources, pairs or before.pairs)
