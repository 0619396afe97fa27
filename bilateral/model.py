"""The types that pass from one stage to the next, in the order in which a document meets them.

    poll → Poll(Page, …) → clean → Article → detect → Extraction(Report, Document, Claim, Topic)
         → link (with people's Corrections) → Event → load → alerts → Message

Times are aware and UTC. A span counts characters of `Article.text`: `text[span[0]:span[1]]` is the quotation.
"""

from __future__ import annotations

import calendar
import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

Lang = Literal["ru", "ky", "en", "fr"]
Span = tuple[int, int]
States = tuple[str, ...]  # alpha-3 codes, sorted


def identity(*parts: object) -> str:
    """Return sixteen hexadecimal digits that stand for *parts*, the same on every machine.

    >>> identity("kremlin-en", 56624)
    '071643c40657c296'
    """
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, order=True)
class Date:
    """A civil day, month or year, as exact as a text gives it.

    >>> Date("2025-11").first, Date("2025-11").last, Date("2025-11").precision
    (datetime.date(2025, 11, 1), datetime.date(2025, 11, 30), 'month')
    """

    iso: str  # "2025-11-26", "2025-11" or "2025"

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How exact the date is."""
        if len(self.iso) == 10:
            return "day"
        return "month" if len(self.iso) == 7 else "year"

    @property
    def first(self) -> date:
        """The first day that the date can mean."""
        return date.fromisoformat((self.iso + "-01-01")[:10])

    @property
    def last(self) -> date:
        """The last day that the date can mean."""
        if self.precision == "day":
            return self.first
        year, month = int(self.iso[:4]), int(self.iso[5:7] or 12)
        return date(year, month, calendar.monthrange(year, month)[1])


# ── what a source answered ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Page:
    """The bytes of one document as they came, and what the feed, API or front matter said of it."""

    source_id: str  # whose document it is; for a retelling, the source that is retold
    polled_as: str  # the source of sources.yaml that brought it ("seeds" for a retelling)
    key: str  # identity inside the source: stays the same when the text changes
    url: str
    lang: Lang
    fetched_at: datetime
    media_type: str  # "text/html", "text/markdown", "text/plain"
    body: bytes
    title: str | None = None
    lead: str | None = None
    published: str | None = None  # as printed; `clean` reads it with the zone of the source
    work_id: str | None = None  # joins the languages of one document
    side: str | None = None  # alpha-3; None for an agency
    primary: bool = False
    synthetic: bool = False  # a retelling, written for demonstration
    place: str | None = None  # where the publisher says it happened ("The Kremlin, Moscow")

    @property
    def sha256(self) -> str:
        """The digest of what `clean` reads: body, title, lead and date together."""
        digest = hashlib.sha256(self.body)
        said = (self.title, self.lead, self.published, self.place, self.side, self.primary, self.synthetic)
        digest.update(repr(said).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


@dataclass(frozen=True)
class Skipped:
    """One thing that could not be read, and why: nothing is dropped without such a row."""

    source_id: str
    where: str  # an address, or file and line
    reason: str


@dataclass(frozen=True)
class Poll:
    """One asking of one source: its state (`fetch_state` of the codes) and what it brought."""

    source_id: str
    started_at: datetime
    finished_at: datetime
    state: str
    reason: str  # empty when the state is ok
    pages: tuple[Page, ...] = ()
    skipped: tuple[Skipped, ...] = ()


# ── what a document says ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Article:
    """One revision of one document: clean text and what is known of its publication.

    `text` is title, newline, lead (where the page has one that the body does not repeat), newline, body.
    """

    source_id: str
    polled_as: str
    key: str
    url: str
    lang: Lang
    title: str
    text: str
    body_start: int  # where title and lead end and the body begins
    published_at: datetime | None  # None: the page gives no time
    published: Date | None  # the civil day on the clock of the source; may be no better than a year
    fetched_at: datetime
    page_sha256: str
    work_id: str | None = None
    side: str | None = None
    primary: bool = False
    synthetic: bool = False
    place: str | None = None

    @cached_property
    def article_id(self) -> str:
        """Identity of the document, whatever its text."""
        return "a" + identity(self.source_id, self.key)

    @cached_property  # asked for with every finding, and made of the whole text
    def revision_id(self) -> str:
        """Identity of this text of the document."""
        return "r" + identity(self.article_id, self.text, self.published_at, self.published)


@dataclass(frozen=True)
class Participant:
    """A holder of an office, or a named delegate, who takes part in a happening."""

    actor_id: str  # "vladimir-putin": equal across scripts and spellings
    name: str  # common English spelling
    role: str  # a code of roles
    side: str | None  # alpha-3
    office: str | None  # "president", "prime_minister", "foreign_minister", …
    level: str | None = None  # a code of levels


@dataclass(frozen=True)
class Report:
    """One happening between states, as one article tells it."""

    kind: str  # a code of event kinds: "visit.state", "call.phone", …
    modality: str  # asserted, planned, denied, recalled, hypothetical
    states: States
    start: Date | None  # None: the text gives no day and the article has none
    end: Date | None  # None: unless the text gives a range
    date_basis: str | None  # "stated", "relative", "published"
    place: str | None
    place_iso3: str | None
    participants: tuple[Participant, ...]
    host_iso3: str | None
    initiator_iso3: str | None
    margins_of: str | None
    span: Span
    rule: str  # id of the rule that found it; `bilateral why` prints it
    confidence: float
    main: bool = True  # what the article is about, not told in passing


@dataclass(frozen=True)
class Document:
    """A document between states that one article names, with the step that it reports."""

    type: str  # a code of agreement types
    status: str  # a code of agreement statuses
    states: States
    date: Date | None  # of the status
    title: str
    topic: str | None
    amends: str | None  # the document that it changes, as printed
    span: Span
    rule: str
    confidence: float


@dataclass(frozen=True)
class Claim:
    """A figure about the relations of two states, with who says it."""

    metric: str
    measure: str  # level, growth, multiple, share, stock, target
    comparator: str  # = ~ > <
    value: Decimal  # as printed, in `unit`
    value_high: Decimal | None  # of a range
    unit: str  # as printed: "bn USD", "pct", "count"
    value_base: Decimal  # in `base_unit`; per cent stays per cent
    base_unit: str
    period_start: Date | None
    period_end: Date | None  # equal to the start where the period is one year or month
    base_period: str | None
    scope: str | None  # "KGZ+RUS", "RUS in KGZ"
    states: States
    speaker: str | None  # None: the text's own voice
    statistics_of: str | None
    span: Span
    rule: str
    confidence: float


@dataclass(frozen=True)
class Topic:
    """A subject of the relations that the article speaks of; `report` numbers the report it belongs to."""

    code: str
    span: Span
    report: int | None = None


@dataclass(frozen=True)
class Extraction:
    """All that the rules found in one revision."""

    reports: tuple[Report, ...] = ()
    documents: tuple[Document, ...] = ()
    claims: tuple[Claim, ...] = ()
    topics: tuple[Topic, ...] = ()


def report_id(revision_id: str, report: Report) -> str:
    """Return the id of *report*: where it stands and what it says, not when it was found."""
    return "p" + identity(revision_id, report.kind, report.modality, report.states, report.start, report.span)


# Kinds with families of their own. All others are their own family.
FAMILIES = {
    "visit.state": "visit",
    "visit.official": "visit",
    "visit.working": "visit",
    "talks.extended": "talks",
    "meeting.margins": "meeting",
    "call.phone": "call",
    "call.video": "call",
}


def family(kind: str) -> str:
    """Return the family that *kind* belongs to: reports of other families are other events.

    >>> family("visit.state"), family("talks.extended"), family("talks.one_on_one"), family("signing")
    ('visit', 'talks', 'talks.one_on_one', 'signing')
    """
    return FAMILIES.get(kind, kind)


# ── what happened ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Linkable:
    """A report with what linking looks at; `event_id` where it belongs to an event already."""

    report_id: str
    event_id: str | None
    kind: str
    modality: str
    states: States
    start: Date | None
    end: Date | None
    place: str | None
    place_iso3: str | None
    host_iso3: str | None
    initiator_iso3: str | None
    margins_of: str | None
    persons: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]  # (side, level) of the participants
    primary: bool
    source_id: str
    work_id: str | None
    confidence: float
    published_at: datetime | None = None
    date_basis: str | None = None  # "published": the text gives no day, and `start` is the day of the page
    figures: tuple[
        tuple[str, Decimal], ...
    ] = ()  # (metric, value in base units) that its text names of the states
    documents: tuple[
        tuple[str, str], ...
    ] = ()  # (type, topic, or title where it is not known) that its text names
    article_id: str = ""


@dataclass(frozen=True)
class Event:
    """The reading of one happening, chosen from its reports."""

    event_id: str
    report_ids: tuple[str, ...]
    kind: str
    level: str | None
    mode: str | None
    status: str
    states: States
    start: Date | None
    end: Date | None
    place: str | None
    place_iso3: str | None
    parent_event_id: str | None
    host_iso3: str | None
    initiator_iso3: str | None
    margins_of: str | None
    title: str
    confidence: float


@dataclass(frozen=True)
class Linked:
    """What linking decided: the readings, and ids that were merged into others."""

    events: tuple[Event, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()  # (old id, id that it became)


# ── what people say of it ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Member:
    """A report that a person decided about; found again by article, kind and day when its text or the rules change."""

    report_id: str
    article_id: str
    kind: str
    start: date | None


@dataclass(frozen=True)
class Correction:
    """What a person decided, kept apart from what the machine derived and applied on top of it."""

    correction_id: str
    made_at: datetime
    action: str  # note, override, merge, split, forget
    target: str  # the id that it is about; of a merge, the event that stays
    field: str | None = None  # override: the column
    value: str | None = (
        None  # override: what stands there; merge: the event that joins; split: the one that leaves
    )
    note: str | None = None
    made_by: str | None = None
    members: tuple[Member, ...] = ()  # merge: the reports of both; split: those that leave


# ── what is sent ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Message:
    """An alert in words, ready for a channel."""

    alert_id: str
    tier: str
    title: str
    body: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Alert:
    """A fact that a rule found worth telling: the columns of the view `alerts`."""

    alert_id: str
    rule: str
    tier: str
    key: str  # one fact and state: never raised twice
    thread: str | None  # joins what is told of one happening
    pair_id: str | None
    event_id: str | None
    revision_id: str | None
    raised_at: datetime | None
    title: str
    reason: str  # why it was raised, with the sentence and the address


@dataclass(frozen=True)
class Waiting:
    """One delivery that is due: an alert, the channel it goes to, how often that was tried."""

    alert: Alert
    channel: str
    attempts: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery; `state` is a code of `delivery_state`."""

    alert_id: str
    channel: str
    state: str
    attempts: int
    error: str | None = None  # of the last attempt; holds no secret
    next_try_at: datetime | None = None
    delivered_at: datetime | None = None
