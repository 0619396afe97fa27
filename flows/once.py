"""What `run`, `load` and `detect` do: one pass over sources, files or texts, then the end."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from bilateral.detect import load_packs
from bilateral.errors import BilateralError
from bilateral.model import Page, Poll, Skipped, identity
from bilateral.sources import read_files
from flows import processes, steps
from flows.embedded import SERVED, holder, is_held, only_one, prefect_home
from flows.place import Place
from flows.predictions import Row, prediction
from flows.progress import Listener, heard_by, tell
from flows.steps import Summary
from warehouse.warehouse import Warehouse

PATIENCE = 60.0  # seconds that `load` waits for a run


def run_once(place: Place, profile: str | None, listener: Listener) -> Summary:
    """Run the flow once with Prefect embedded, or with the server of a `serve` that is at work in this home."""
    signal.signal(signal.SIGTERM, _stop)
    processes.sweep(place.home)
    if is_held(place.home, "run"):
        raise BilateralError(f"{place.home}: {holder(place.home, 'run')} is at work here: wait for its end")
    with heard_by(listener), prefect_home(place.home, profile, served_at(place.home)):
        tell("starting Prefect")
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from flows.monitor import monitor

        for name in (
            "prefect.flow_runs",
            "prefect.task_runs",
        ):  # what fails is raised here: said once is enough
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with temporary_settings(
            {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
        ):  # its thread would be awaited a second
            return monitor(place.home, place.sources, list(place.config.pairs))


def served_at(home: Path) -> str | None:
    """Return the API of a `serve` that is at work in *home*; None when there is none."""
    if not is_held(home, "serve"):
        return None
    try:
        return str(json.loads((home / "work" / SERVED).read_text("utf-8"))["api"])
    except (OSError, ValueError, KeyError):  # it is only just starting
        return None


def load_files(
    place: Place,
    files: Sequence[Path],
    source: str | None,
    lang: str | None,
    published: str | None,
    listener: Listener,
) -> Summary:
    """Load documents from files without Prefect."""
    processes.sweep(place.home)
    os.environ.update(processes.marks(place.home))
    pages, skipped = read_files(
        files, place.config, steps.clock(), lang=lang, published=published, source=source
    )
    archive, now = place.archive(), steps.clock()
    run_id = "n" + identity(now.isoformat(), os.getpid())
    with heard_by(listener), only_one(place.home, wait=PATIENCE), Warehouse.open(place.writer) as warehouse:
        skipped += [forgotten(page) for page in pages if archive.is_forgotten(page)]
        pages = [page for page in pages if not archive.is_forgotten(page)]
        for page in pages:
            archive.keep(page)
        brought = Poll("files", now, now, "ok", "", tuple(pages), tuple(skipped))
        parted = steps.fresh([brought], warehouse.known())
        read, unread = steps.read_pages(parted, place.config)
        loaded, events = steps.load_read(place, warehouse, archive, run_id, [], read, parted.unchanged)
        delivered = steps.deliver(place, warehouse)
    whole = replace(brought, skipped=brought.skipped + tuple(unread))
    return steps.summary([whole], parted, loaded, events, delivered)


def forgotten(page: Page) -> Skipped:
    """Return why a document is not loaded that somebody wanted removed."""
    return Skipped(page.polled_as, page.url or page.key, "was removed by `data forget` and is not read again")


def detect_file(place: Place, file: Path) -> tuple[list[Row], list[Skipped]]:
    """Return what the rules find in each document of *file*; nothing is stored and no network is used."""
    pages, skipped = read_files([file], place.config, steps.clock())
    articles, unclean = steps.clean_batch(pages, place.config)
    read, broken = steps.detect_batch(articles, load_packs())
    told = {steps.article_id(page): page for page in pages}
    rows = []
    for article, found in read:
        page = told[article.article_id]
        rows.append(prediction(page.key.removeprefix("file:"), page.published, article, found))
    return rows, skipped + unclean + broken


def _stop(*_: object) -> NoReturn:
    raise SystemExit(143)
