"""How the documents of a source are found, told apart and read: the parts of a record of sources.yaml."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Record(BaseModel):
    """A part of the file: closed and unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def duration(value: object) -> object:
    """Turn "30 min", "6 h", "1 day" or "10 s" into a timedelta."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+) ?(s|min|h|day|days)", str(value).strip())
    if not found or not int(found[1]):
        raise ValueError(f"{value!r} is no span of time: such as 30 min, 6 h, 1 day")
    unit = {"s": 1, "min": 60, "h": 3600}.get(found[2], 86400)
    return timedelta(seconds=int(found[1]) * unit)


def web_address(url: str) -> str:
    """Return *url*, or raise ValueError when it is no plain http or https address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{url!r} is no address: http:// or https://, without a user name")
    return url


def proxy_address(url: str) -> str:
    """Return *url*, or raise ValueError when it is no http or https proxy; it may hold a user and ${NAME}."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("this is no address of a proxy: http://host:port or https://host:port")
    return url


def short_form(value: object) -> object:
    """Turn a bare address into the record that says no more than it."""
    return {"url": web_address(value)} if isinstance(value, str) else value


def pattern(text: str) -> str:
    """Return *text*, or raise ValueError unless it is a regular expression."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


def identity_pattern(text: str) -> str:
    """Return *text*, or raise ValueError unless it is a regular expression with one group."""
    groups = re.compile(pattern(text)).groups
    if groups != 1:
        raise ValueError(f"{text!r} has {groups} groups: exactly one, which is the identity")
    return text


def link_template(link: str) -> str:
    """Return *link*, or raise ValueError unless it is an address with a place for the id."""
    if "{id}" not in link:
        raise ValueError(f"{link!r} has no {{id}}: the place where the id of an item goes")
    return web_address(link)


def page_template(page: str) -> str:
    """Return *page*, or raise ValueError unless it is an address with a place for the number of the page."""
    if "{n}" not in page:
        raise ValueError(f"{page!r} has no {{n}}: the place where the number of a page goes")
    return web_address(page)


def selector(css: str) -> str:
    """Return *css*, or raise ValueError unless it is a CSS selector."""
    import cssselect

    try:
        cssselect.HTMLTranslator().css_to_xpath(css)
    except cssselect.SelectorError as error:
        raise ValueError(f"{css!r} is no CSS selector: {error}") from None
    return css


Address = Annotated[str, AfterValidator(web_address)]
Template = Annotated[str, AfterValidator(page_template)]
Pattern = Annotated[str, AfterValidator(pattern)]
Selector = Annotated[str, AfterValidator(selector)]
Span = Annotated[timedelta, BeforeValidator(duration)]


class Feed(Record):
    """An RSS, Atom or JSON feed; older pages by its own `rel=next`, else by the template."""

    url: Address
    page: Template | None = None  # address of page {n}, which counts from 1, where the feed names no next one
    pages: int = Field(default=10, ge=1, le=200)  # at most so many in one poll
    window: Span | None = None  # no page is asked after one that reaches further back


class Listing(Record):
    """A page that lists documents; what it says of each is looked for inside the item that names it."""

    url: Address
    item: Selector | None = None  # None: every link of the page is an item
    link: Selector = "a[href]"
    title: Selector | None = None  # None: the text of the link
    published: Selector | None = None
    only: Pattern | None = None  # addresses that are documents; None: all on the hosts of the source
    next: Selector | None = None  # the link to the next page
    page: Template | None = None  # its address, where no link leads there
    pages: int = Field(default=3, ge=1, le=200)
    window: Span | None = None


class Sitemap(Record):
    """A sitemap, a news sitemap, or an index of them."""

    url: Address
    maps: Pattern | None = None  # addresses of an index that are looked into; None: all
    only: Pattern | None = None  # addresses that are documents; None: all on the hosts of the source
    pages: int = Field(default=5, ge=1, le=200)  # of an index, at most so many sitemaps
    window: Span | None = None  # what is older is left out


class JsonQuery(Record):
    """A search that answers JSON; paths into the answer are dotted names."""

    url: Address
    post: dict[str, Any] | None = None  # the body; None: a GET
    page: str | None = None  # path into `post`, or name of the parameter of a GET, of the page index
    first: int = Field(default=0, ge=0, le=1)  # the index of the first page
    pages: int = Field(default=1, ge=1, le=50)  # at most so many, and none after one without news
    window: Span | None = None
    items: str
    id: str
    title: str
    published: str
    lead: str | None = None
    link: Annotated[str, AfterValidator(link_template)]  # address of the page
    total: str | None = None
    ceiling: int | None = Field(default=None, ge=1)  # a greater total means that a filter was ignored


Way = Feed | Listing | Sitemap | JsonQuery


class Discover(Record):
    """How documents are found: exactly one way."""

    feed: Annotated[Feed | None, BeforeValidator(short_form)] = None
    listing: Annotated[Listing | None, BeforeValidator(short_form)] = None
    sitemap: Annotated[Sitemap | None, BeforeValidator(short_form)] = None
    query: JsonQuery | None = Field(default=None, alias="json")
    files: str | None = None  # a folder, seen from the folder of sources.yaml

    @model_validator(mode="after")
    def _one(self) -> Discover:
        if len(self._ways) + (self.files is not None) != 1:
            raise ValueError("exactly one of feed, listing, sitemap, json, files")
        return self

    @property
    def _ways(self) -> dict[str, Way]:
        named = {"feed": self.feed, "listing": self.listing, "sitemap": self.sitemap, "json": self.query}
        return {name: way for name, way in named.items() if way is not None}

    @property
    def web(self) -> Way | None:
        """The way over the network; None for files."""
        return next(iter(self._ways.values()), None)

    @property
    def name(self) -> str:
        """The way in one word, as sources.yaml calls it."""
        return next(iter(self._ways), "files")


def as_list(value: object) -> object:
    """Turn one way into a list of one."""
    return [value] if isinstance(value, dict) else value


class Identity(Record):
    """What makes an address the same document under all its addresses and in all its languages."""

    path: Annotated[str, AfterValidator(identity_pattern)] | None = (
        None  # searched in the path of the address
    )
    work: str | None = None  # sources with the same word share their numbers across languages


class Read(Record):
    """Where title, time and text lie: CSS selectors for a page; of a JSON answer `body` is a path."""

    page: bool = False  # the page is fetched although the feed carries a text
    title: Selector | None = None
    lead: Selector | None = None
    place: Selector | None = None
    published: Selector | None = None  # its attribute datetime or content, and its words
    clock: Selector | None = None  # hours and minutes, where they stand apart from the day
    body: str | None = None
    drop: tuple[Selector, ...] = ()  # what is taken out of the body: cards of persons, feet
    follow: Pattern | None = None  # links of a text that are documents of their own
    again: Span | None = None  # pages younger than this are fetched again: they may have been edited
    most: int = Field(default=30, ge=1, le=500)  # pages that one poll fetches

    @property
    def selectors(self) -> dict[str, str]:
        """The selectors of fields by name."""
        named = {name: getattr(self, name) for name in ("title", "lead", "place", "published", "clock")}
        return {name: css for name, css in named.items() if css}


class Manners(Record):
    """How a source is asked: no faster, no longer and no more than this."""

    pace: Span = timedelta(seconds=1)  # between two requests to a host
    at_once: int = Field(default=1, ge=1, le=8)  # requests to a host at the same time
    within: Span | None = None  # one document, with all its tries
    max_bytes: int | None = Field(default=None, ge=1_000, le=50_000_000)  # before and after decompression
    full_every: Span = timedelta(days=1)  # some ETags lie
    robots: bool = True  # False: with leave of the publisher, robots.txt is not asked for
    proxy: Annotated[str, AfterValidator(proxy_address)] | None = Field(default=None, repr=False)


def read_form(value: object) -> object:
    """Turn the word "page" into the record that says no more than it."""
    return {"page": True} if value == "page" else value
