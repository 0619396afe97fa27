"""What `sources.yaml` may say, where it is looked for, and where the program may write.

The schema is closed: an unknown key is a mistake, and all mistakes of a file are named at once.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePath
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from bilateral import __version__
from bilateral.errors import ConfigError
from bilateral.mistakes import across, explain, read_yaml
from bilateral.model import Lang
from bilateral.ways import (
    Discover,
    Feed,
    Identity,
    JsonQuery,
    Listing,
    Manners,
    Read,
    Record,
    Sitemap,
    Span,
    as_list,
    read_form,
    selector,
)

__all__ = [
    "STATES",
    "AlertRule",
    "Alerts",
    "Channel",
    "Config",
    "Discover",
    "Expect",
    "Feed",
    "Identity",
    "JsonQuery",
    "Level",
    "Listing",
    "Manners",
    "Publisher",
    "Read",
    "Record",
    "Sitemap",
    "Source",
    "event_kind",
    "event_kinds",
    "find_sources",
    "home_folder",
    "load_config",
    "packaged",
    "pair_code",
    "state_code",
]

# ISO 3166-1 alpha-3, and four that have none: Abkhazia, South Ossetia, Kosovo, the European Union.
STATES = frozenset(
    """ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH
    BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW
    CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA
    GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR
    ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO
    MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD
    NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP
    SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS
    TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    ABK OST XKX EUU""".split()
)
Level = Literal["head_of_state", "head_of_government", "minister", "parliament", "official", "state"]
Condition = Literal["contact_planned", "contact_held", "signing", "source_blocked"]


def state_code(code: str) -> str:
    """Return *code*, or raise ValueError when no state has it."""
    if code not in STATES:
        raise ValueError(f"{code!r} is no state: three capital letters as in ISO 3166-1, such as KGZ")
    return code


def pair_code(pair: str) -> str:
    """Return *pair* with its two states in order.

    >>> pair_code("RUS-KGZ")
    'KGZ-RUS'
    """
    if not re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", pair) or pair[:3] == pair[4:]:
        raise ValueError(f"{pair!r} is no pair: two different states such as KGZ-RUS")
    return "-".join(sorted(state_code(code) for code in pair.split("-")))


def zone_name(name: str) -> str:
    """Return *name*, or raise ValueError when it is no time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone: such as Asia/Bishkek") from None
    return name


def store_address(address: str) -> str:
    """Return *address*, or raise ValueError when it is none that fsspec may know, such as s3://bucket/folder."""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", address):
        raise ValueError(f"{address!r} is no address: such as s3://bucket/folder or sftp://host/folder")
    return address


def file_below(name: str) -> str:
    """Return *name*, or raise ValueError unless it is a file below the home."""
    path = PurePath(name)
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise ValueError(f"{name!r} is no file below the home: a path without a leading / and without ..")
    return name


@cache
def event_kinds() -> frozenset[str]:
    """Return the kinds of events and their roots: "visit.state" and "visit"."""
    text = files("bilateral.packs").joinpath("vocabulary/kinds.toml").read_text("utf-8")
    codes = {str(kind["code"]) for kind in tomllib.loads(text)["kind"]}
    return frozenset(codes | {code.partition(".")[0] for code in codes})


def event_kind(kind: str) -> str:
    """Return *kind*, or raise ValueError when it is neither a kind of event nor the root of one."""
    if kind in event_kinds():
        return kind
    near = difflib.get_close_matches(kind, sorted(event_kinds()), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "such as visit, visit.state, call, signing"
    raise ValueError(f"{kind!r} is no kind of event ({hint})")


StateCode = Annotated[str, AfterValidator(state_code)]
PairCode = Annotated[str, AfterValidator(pair_code)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Publisher(Record):
    """Who speaks: the name in the language of the source, in English, and the kind of publisher."""

    name: str
    en: str
    kind: Literal[
        "head_of_state", "government", "mfa", "parliament", "gazette", "statistics", "agency", "seed"
    ]


class Expect(Record):
    """What a healthy source brings: at least so many items in so many days."""

    items: int = Field(ge=1)
    days: int = Field(ge=1)


class Source(Record):
    """One source: a publisher in one language."""

    id: Name
    country: StateCode | None = None  # the side; None for an agency
    publisher: Publisher
    primary: bool = False
    lang: Lang | None = None  # None only for files, which say it themselves
    zone: Annotated[str, AfterValidator(zone_name)] = "UTC"
    clock: Literal["site", "stamp"] = (
        "stamp"  # site: printed times are the site's clock, whatever their offset
    )
    licence: str
    discover: Annotated[tuple[Discover, ...], BeforeValidator(as_list)] = ()  # empty: nobody knows how
    identity: Identity = Identity()
    read: Annotated[Read | None, BeforeValidator(read_form)] = None
    every: Span
    expect: Expect | None = None
    ask: Manners = Manners()
    hosts: tuple[str, ...] = ()  # besides those of the addresses in `discover`
    enabled: bool = True
    verified: Annotated[str, Field(pattern=r"^(never|20\d\d-(0[1-9]|1[0-2]))$")]

    @model_validator(mode="after")
    def _whole(self) -> Source:
        if self.enabled and self.verified == "never":
            raise ValueError(
                "verified: never, yet enabled: say in which month it was seen, or enabled: false"
            )
        if not self.discover and self.verified != "never":
            raise ValueError("discover is missing: one of feed, listing, sitemap, json, files")
        if self.lang is None and self.files is None:
            raise ValueError("lang is missing: one of ru, ky, en, fr")
        self._read_whole({way.name for way in self.discover})
        return self

    def _read_whole(self, ways: set[str]) -> None:
        if len(ways) > 1 and ways & {"json", "files"}:
            raise ValueError("discover: json and files stand alone: make a source of its own for the other")
        body = self.read.body if self.read else None
        if "json" in ways and body is None:
            raise ValueError("read.body is missing: where an item of the JSON answer has its text")
        if body is not None and "json" not in ways:
            selector(body)

    @property
    def files(self) -> str | None:
        """The folder of a source that is read from files; None for one of the network."""
        return next((way.files for way in self.discover if way.files is not None), None)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that `discover` names; none for files."""
        return tuple(way.web.url for way in self.discover if way.web)

    @property
    def address(self) -> str | None:
        """The address that is asked first; None for files."""
        return next(iter(self.addresses), None)

    @property
    def network(self) -> bool:
        """Whether the source is read over the network."""
        return self.files is None

    @property
    def reach(self) -> frozenset[str]:
        """The hosts that may be asked on behalf of this source."""
        own = [urlsplit(address).hostname for address in self.addresses]
        return frozenset(host.lower() for host in (*self.hosts, *own) if host)


class Channel(Record):
    """A way for alerts to reach people: the terminal, a file under the home, or an Apprise address."""

    id: Name
    terminal: bool = False
    file: Annotated[str, AfterValidator(file_below)] | None = None
    url: str | None = Field(default=None, repr=False)  # may hold ${NAME} of the environment

    @model_validator(mode="after")
    def _one(self) -> Channel:
        if (self.terminal, self.file is not None, self.url is not None).count(True) != 1:
            raise ValueError("exactly one of terminal: true, file, url")
        return self

    @property
    def target(self) -> str:
        """The channel in one word: "terminal", "file:NAME" or the Apprise address as it stands in the file."""
        return "terminal" if self.terminal else f"file:{self.file}" if self.file else str(self.url)


class AlertRule(Record):
    """When an alert is raised, and where it goes."""

    id: Name
    when: Condition
    pair: PairCode | None = None  # None: every watched pair
    level: Level | None = None
    kinds: tuple[
        Annotated[str, AfterValidator(event_kind)], ...
    ] = ()  # event kinds or their roots; empty: all that the condition means
    tier: Literal["flash", "notify", "digest", "ops"]
    channels: tuple[str, ...]
    enabled: bool = True


class Alerts(Record):
    """The rules and the channels."""

    channels: tuple[Channel, ...] = ()
    rules: tuple[AlertRule, ...] = ()

    @property
    def targets(self) -> dict[str, str]:
        """Where each channel leads, by its id."""
        return {channel.id: channel.target for channel in self.channels}


class Config(Record):
    """The whole of sources.yaml."""

    pairs: list[PairCode] = Field(min_length=1)
    user_agent: Annotated[str, Field(min_length=1, pattern=r"^[\x20-\x7e]+$")] = f"bilateral/{__version__}"
    archive: Annotated[str, AfterValidator(store_address)] | None = (
        None  # None: the folder archive/ of the home
    )
    sources: list[Source] = Field(min_length=1)
    alerts: Alerts = Alerts()

    def source(self, source_id: str) -> Source | None:
        """Return the source of that id, or None."""
        return next((source for source in self.sources if source.id == source_id), None)

    def with_pairs(self, pairs: Iterable[str]) -> Config:
        """Return the configuration watching *pairs* instead of its own; unchanged when there are none."""
        wanted, mistakes = [], []
        for pair in pairs:
            try:
                wanted.append(pair_code(pair))
            except ValueError as error:
                mistakes.append(f"--pair: {error}")
        if mistakes:
            raise ConfigError(mistakes)
        return self.model_copy(update={"pairs": list(dict.fromkeys(wanted))}) if wanted else self


def packaged(name: str) -> Path:
    """Return where "sources.yaml", "seeds" or "specimens" came with the program: in the wheel, else in the checkout."""
    inside = Path(__file__).parent / "_packaged" / name
    return inside if inside.exists() else Path(__file__).parents[1] / name


def find_sources(path: Path | None) -> Path:
    """Return the configuration to take: *path*, $BILATERAL_SOURCES, ./sources.yaml, the packaged copy."""
    given = path or (Path(named) if (named := os.environ.get("BILATERAL_SOURCES")) else None)
    if given:
        return given
    here = Path("sources.yaml")
    return here.resolve() if here.is_file() else packaged("sources.yaml")


def load_config(path: Path | None = None) -> tuple[Config, Path]:
    """Read the configuration and say which file it was; ConfigError names every mistake of it."""
    file = find_sources(path)
    data, mistakes = read_yaml(file)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(
            mistakes + explain(error, file.name, Config, data) + across(data, file.name)
        ) from None
    if mistakes := mistakes + across(data, file.name):
        raise ConfigError(mistakes)
    return config, file


def home_folder(home: Path | None, sources: Path) -> Path:
    """Return the folder of all that is written: *home*, $BILATERAL_HOME, data/ beside *sources*, the user's own.

    The user's data directory is taken when *sources* is the copy inside an installed wheel.
    """
    given = home or (Path(named) if (named := os.environ.get("BILATERAL_HOME")) else None)
    if given:
        return given.expanduser().resolve()
    if sources.resolve().parent.name == "_packaged":
        return Path(platformdirs.user_data_dir("bilateral", appauthor=False))
    return sources.resolve().parent / "data"
