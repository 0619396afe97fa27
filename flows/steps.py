"""What one run does, step by step, as plain functions: Prefect only calls them.

    poll → unread → read (clean, detect) → join (candidates, link) → journal the ids → load → publish → deliver

Everything up to the load happens outside the lock of the database; the load is one transaction. A run that is
killed anywhere leaves either all of its facts or none, and the archive keeps what was fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bilateral.alerts import dispatch
from bilateral.clean import clean_all
from bilateral.config import Config, Source
from bilateral.detect import Packs, detect, load_packs, version
from bilateral.link import gather, inherit, link, windows
from bilateral.model import (
    Article,
    Event,
    Extraction,
    Linkable,
    Linked,
    Page,
    Poll,
    Skipped,
    States,
    identity,
)
from bilateral.sources import Archive
from bilateral.sources.marks import note_loaded
from flows.place import Place
from flows.progress import tell
from warehouse.candidates import linkables
from warehouse.load import Batch, Loaded
from warehouse.warehouse import Warehouse

Read = tuple[Article, Extraction]
Asked = tuple[States, date | None, date | None]
Clean = Callable[[Sequence[Page], Config], tuple[list[Article], list[Skipped]]]
Detect = Callable[[Sequence[Article], Packs], tuple[list[Read], list[Skipped]]]
READ = ("ok", "not_modified")  # the states of a source that could be read


def clock() -> datetime:
    """Return the time; what is below `flows` is told it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Line:
    """What one source brought in one run."""

    source_id: str
    state: str
    new: int
    changed: int
    failed: int
    reason: str


@dataclass(frozen=True)
class Summary:
    """What one run did."""

    lines: tuple[Line, ...]
    events: tuple[Event, ...]  # those that were not known before
    loaded: Loaded
    delivered: int = 0
    undelivered: int = 0
    skipped: tuple[Skipped, ...] = ()  # all that could not be read, and warnings

    @property
    def unread(self) -> tuple[Line, ...]:
        """The sources that could not be read."""
        return tuple(line for line in self.lines if line.state not in READ)


@dataclass(frozen=True)
class Fresh:
    """The pages of a run, parted by what the warehouse knows of them."""

    pages: tuple[Page, ...]  # to be read
    unchanged: tuple[str, ...]  # article ids
    known: Mapping[str, tuple[str, str]]

    def is_new(self, page: Page) -> bool:
        """Say whether the document was never read before."""
        return article_id(page) not in self.known

    def is_changed(self, page: Page) -> bool:
        """Say whether the document was read before and says something else now."""
        return not self.is_new(page) and self.known[article_id(page)][0] != page.sha256


def article_id(page: Page) -> str:
    """Return the identity that the article of *page* will have."""
    return "a" + identity(page.source_id, page.key)


def broken_poll(source: Source, error: BaseException, now: datetime) -> Poll:
    """Return the poll of a source on which the program itself broke: it is named, and the others go on."""
    return Poll(source.id, now, now, "bad_content", f"the program broke: {type(error).__name__}: {error}")


def fresh(polls: Iterable[Poll], known: Mapping[str, tuple[str, str]]) -> Fresh:
    """Part the pages of *polls*: read are those that are new, changed, or last read by another detector."""
    to_read: dict[str, Page] = {}
    unchanged, detector = set(), version()
    for page in (page for one in polls for page in one.pages):
        if known.get(article_id(page)) == (page.sha256, detector):
            unchanged.add(article_id(page))
        else:
            to_read.setdefault(article_id(page), page)
    return Fresh(tuple(to_read.values()), tuple(sorted(unchanged - to_read.keys())), known)


def clean_batch(pages: Sequence[Page], config: Config) -> tuple[list[Article], list[Skipped]]:
    """Clean the pages; those that cannot be cleaned are named."""
    return clean_all(pages, config) if pages else ([], [])


def detect_batch(articles: Sequence[Article], packs: Packs) -> tuple[list[Read], list[Skipped]]:
    """Detect in every article; one on which the rules break is named, and the others go on."""
    read: list[Read] = []
    broken: list[Skipped] = []
    for article in articles:
        try:
            read.append((article, detect(article, packs)))
        except Exception as error:
            reason = f"the detector broke: {type(error).__name__}: {error}"
            broken.append(Skipped(article.polled_as, article.url or article.key, reason))
    return read, broken


def read_pages(
    parted: Fresh, config: Config, clean: Clean = clean_batch, detect: Detect = detect_batch
) -> tuple[list[Read], list[Skipped]]:
    """Clean and detect what is to be read; *clean* and *detect* may be tasks around the functions here."""
    if not parted.pages:
        return [], []
    tell(f"cleaning {len(parted.pages)} documents")
    articles, unclean = clean(parted.pages, config)
    tell(f"detecting in {len(articles)} documents")
    read, broken = detect(articles, load_packs())
    return read, unclean + broken


def with_skipped(polls: Iterable[Poll], skipped: Sequence[Skipped]) -> list[Poll]:
    """Write what could not be cleaned or detected into the poll that brought it."""
    return [
        replace(one, skipped=one.skipped + tuple(s for s in skipped if _came_with(s, one))) for one in polls
    ]


def _came_with(skipped: Skipped, one: Poll) -> bool:
    """Say whether *one* brought it: a retelling names the source that it retells, not the one that brought it."""
    return any((page.url or page.key) == skipped.where for page in one.pages)


def join(read: Sequence[Read], warehouse: Warehouse) -> tuple[Linked, list[Event]]:
    """Link the reports of *read* with what is stored; return also the events whose ids are new.

    The reports that the same articles made before give way, but what they were joined with is linked again.
    """
    if not read:
        return Linked(), []
    articles = [article.article_id for article, _ in read]
    replaced = warehouse.stored(articles)
    reports = [
        report
        for article, found in read
        for report in inherit(linkables(article, found), replaced.get(article.article_id, []))
    ]

    def candidates(asked: Iterable[Asked]) -> list[Linkable]:
        return warehouse.candidates(asked, without=articles)

    left_alone = candidates(windows([r for olds in replaced.values() for r in olds]))
    held = gather(reports + left_alone, candidates)
    linked = link(held, kind_names(), warehouse.corrections())
    stored = {r.event_id for r in held}
    return linked, [event for event in linked.events if event.event_id not in stored]


def kind_names() -> dict[str, str]:
    """Return the English name of each kind of event, for titles."""
    return {code: kind["en"][0] for code, kind in load_packs().kinds.items() if kind.get("en")}


def journal(linked: Linked, read: Sequence[Read], warehouse: Warehouse, archive: Archive) -> None:
    """Write down, before it is loaded, which reports belong to which event from now on, and which ids became others.

    With the same journal a rebuild gives the same ids. Of the reports that were just read it says what they are, so
    that they are known again when later rules tell them a little differently.
    """
    told = {one.report_id: one for article, found in read for one in linkables(article, found)}
    moved = warehouse.moved(linked)
    archive.record_all("mint", [minted(event, ids, told) for event, ids in moved.items()])
    archive.record_all("merge", [{"event_id": old, "merged_into": new} for old, new in linked.merged])


def minted(event_id: str, reports: Sequence[str], told: Mapping[str, Linkable]) -> dict[str, object]:
    """Return the entry of the journal that gives *reports* to an event; null for what is told of them elsewhere."""
    what = [
        [known.article_id, known.kind, known.states, known.start.iso if known.start else None]
        if (known := told.get(one))
        else None
        for one in reports
    ]
    return {"event_id": event_id, "report_ids": list(reports), "told": what}


def load_read(
    place: Place,
    warehouse: Warehouse,
    archive: Archive,
    run_id: str,
    polls: Sequence[Poll],
    read: Sequence[Read],
    unchanged: Sequence[str] = (),
) -> tuple[Loaded, list[Event]]:
    """Join, write the new ids down, load and publish; return what was loaded and the events that are new."""
    linked, minted = join(read, warehouse)
    journal(linked, read, warehouse, archive)
    batch = Batch(
        run_id=run_id,
        now=clock(),
        config=place.config,
        polls=list(polls),
        read=list(read),
        linked=linked,
        detector=version(),
        unchanged=list(unchanged),
    )
    loaded = warehouse.load(batch, archive.record_all)
    note_loaded(archive, polls)
    warehouse.publish(place.published)
    return loaded, minted


def deliver(place: Place, warehouse: Warehouse) -> tuple[int, int]:
    """Send the alerts that are due; return how many arrived and how many did not."""
    targets = place.config.alerts.targets
    due = warehouse.waiting(clock())
    outcomes = dispatch(due, targets, place.home, clock()) if due else []
    if outcomes:
        warehouse.settle(outcomes)
        warehouse.publish(place.published)
    arrived = sum(outcome.state == "sent" for outcome in outcomes)
    return arrived, len(due) - arrived


def summary(
    polls: Iterable[Poll], parted: Fresh, loaded: Loaded, events: Iterable[Event], delivered: tuple[int, int]
) -> Summary:
    """Put together what a run did."""
    latest = sorted(events, key=lambda e: (e.start.iso if e.start else "", e.event_id), reverse=True)
    asked = list(polls)
    skipped = (*(row for one in asked for row in one.skipped), *loaded.set_aside)
    return Summary(tuple(line(one, parted) for one in asked), tuple(latest), loaded, *delivered, skipped)


def line(one: Poll, parted: Fresh) -> Line:
    """Say what one source brought."""
    broken = [s for s in one.skipped if not s.reason.startswith("warning:")]
    first = f"{broken[0].where}: {broken[0].reason}" if broken else ""
    return Line(
        one.source_id,
        one.state,
        sum(parted.is_new(page) for page in one.pages),
        sum(parted.is_changed(page) for page in one.pages),
        len(broken),
        one.reason or first,
    )
