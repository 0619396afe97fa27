"""Many pages at once: light ones here, whole HTML pages in processes that can be ended."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late

from bilateral.clean.article import clean
from bilateral.clean.markup import is_document
from bilateral.config import Config, Source
from bilateral.errors import ParseError
from bilateral.model import Article, Page, Skipped

_LIGHT = 200_000  # bytes of a fragment that are cleaned in a moment
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
    try:
        return clean(page, source)
    except ParseError as error:
        return _skipped(page, error.message)


def _attempt_alone(page: Page, source: Source | None) -> Article | Skipped:
    """Clean in a process that ends itself when nobody is left to end it."""
    if hasattr(signal, "alarm"):
        signal.alarm(
            int(_SECONDS) + 2
        )  # without a handler: the system ends the process, even inside a parser
    result = _attempt(page, source)
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    return result


def _skipped(page: Page, reason: str) -> Skipped:
    return Skipped(page.source_id, page.url or page.key, reason)


def _in_workers(pages: list[Page], config: Config) -> dict[int, Article | Skipped]:
    if not pages:
        return {}
    from pebble import ProcessPool

    with ProcessPool(max_workers=2, context=multiprocessing.get_context("spawn")) as pool:
        futures = [
            (
                page,
                pool.schedule(_attempt_alone, args=[page, config.source(page.source_id)], timeout=_SECONDS),
            )
            for page in pages
        ]
        return {id(page): _outcome(page, future) for page, future in futures}


def _outcome(page: Page, future: Future[Article | Skipped]) -> Article | Skipped:
    from pebble import ProcessExpired

    try:
        return future.result()
    except Late:
        return _skipped(page, f"not cleaned in {_SECONDS:.0f} s")
    except ProcessExpired as error:
        return _skipped(page, f"the process that cleaned it died: {error}")
