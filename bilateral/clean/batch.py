"""Many pages at once: light ones here, whole HTML pages in processes that can be ended."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from bilateral.apart import Apart, Ended
from bilateral.clean.article import clean
from bilateral.clean.markup import is_document
from bilateral.clean.shells import holds_no_document
from bilateral.config import Config, Source
from bilateral.errors import ParseError
from bilateral.model import Article, Page, Skipped

_LIGHT = 100_000  # bytes of a fragment that are cleaned in a moment
_MOST = 3_000_000  # bytes of a page that are tried at all
_SECONDS = 20.0


def clean_all(pages: Iterable[Page], config: Config) -> tuple[list[Article], list[Skipped]]:
    """Clean *pages* in their order; each that cannot be cleaned is a row with its reason.

    Processes are started only for whole HTML pages and very large fragments: they cost a quarter of a second.
    """
    todo = list(pages)
    heavy = [page for page in todo if _heavy(page)]
    done = {id(page): _attempt(page, config.source(page.source_id)) for page in todo if not _heavy(page)}
    done |= _in_workers(heavy, config)
    results = [done[id(page)] for page in todo]
    articles = [result for result in results if isinstance(result, Article)]
    return articles, [result for result in results if isinstance(result, Skipped)]


def _heavy(page: Page) -> bool:
    if page.media_type != "text/html":
        return False
    return len(page.body) > _LIGHT or is_document(page.body[:5000].decode("utf-8", "replace"))


def _attempt(page: Page, source: Source | None) -> Article | Skipped:
    if len(page.body) > _MOST:
        return _skipped(page, f"{len(page.body):,} bytes, at most {_MOST:,} are cleaned")
    html = page.body.decode("utf-8", "replace") if page.media_type == "text/html" else ""
    try:
        article = clean(page, source)  # first: it knows a challenge from an empty page
    except ParseError as error:
        return _skipped(page, error.message)
    known = (
        source is not None and source.read is not None and source.read.body
    )  # then the selectors have decided
    instead = holds_no_document(html) if is_document(html) and not known else None
    return _skipped(page, instead) if instead else article


def _skipped(page: Page, reason: str) -> Skipped:
    return Skipped(page.source_id, page.url or page.key, reason)


def _in_workers(pages: list[Page], config: Config) -> dict[int, Article | Skipped]:
    if not pages:
        return {}
    with Apart("cleaned", _SECONDS) as apart:
        futures = [(page, apart.submit(_attempt, page, config.source(page.source_id))) for page in pages]
        return {id(page): _outcome(page, apart, future) for page, future in futures}


def _outcome(page: Page, apart: Apart, future: Future[Article | Skipped]) -> Article | Skipped:
    try:
        return apart.outcome(future)
    except Ended as error:
        return _skipped(page, str(error))
