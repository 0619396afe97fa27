"""Where a command works: the configuration, the file that it came from, and the home."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bilateral.config import Config, Source, find_sources, home_folder, load_config
from bilateral.errors import BilateralError

if TYPE_CHECKING:
    from bilateral.sources import Archive


@dataclass(frozen=True)
class Place:
    """The configuration, the file that it came from, and the folder of all that is written."""

    config: Config
    sources: Path
    home: Path

    @property
    def base(self) -> Path:
        """The folder from which paths in sources.yaml are seen."""
        return self.sources.resolve().parent

    @property
    def writer(self) -> Path:
        """The database that a run writes."""
        return self.home / "work" / "warehouse.duckdb"

    def archive(self) -> Archive:
        """Open the archive: under the home, its bytes at the address that the configuration names, if any."""
        from bilateral.sources import Archive  # brings the network with it: not every command needs that

        return Archive(self.home / "archive", self.config.archive)

    @property
    def hosts(self) -> Path:
        """What sites asked of their visitors; may be deleted."""
        return self.home / "work" / "hosts.json"

    @property
    def visits(self) -> Path:
        """The versions in which front pages were last loaded; may be deleted."""
        return self.home / "work" / "visits.json"

    @property
    def published(self) -> Path:
        """The copy that people read."""
        return published(self.home)

    def asked(self, only: Sequence[str] = ()) -> list[Source]:
        """Return the enabled sources, or those named in *only*."""
        return [s for s in self.config.sources if (s.id in only if only else s.enabled)]


def find_place(home: Path | None, sources: Path | None, pairs: Sequence[str] = ()) -> Place:
    """Read the configuration; ConfigError names all its mistakes."""
    config, file = load_config(sources)
    return Place(config.with_pairs(pairs), file.resolve(), home_folder(home, file).resolve())


def find_published(home: Path | None, sources: Path | None) -> Path:
    """Return the database that people read, without reading the configuration."""
    return published(home_folder(home, find_sources(sources)))


def make_home(home: Path) -> None:
    """Make the folder of all that is written; BilateralError when nothing can be written there."""
    work = home / "work"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=work):
            return
    except OSError as error:
        raise BilateralError(
            f"{home}: this home cannot be written to ({error.strerror}): name a folder by --home"
        ) from None


def published(home: Path) -> Path:
    """Return the database that people read."""
    return home / "bilateral.duckdb"
