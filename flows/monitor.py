"""The Prefect flow: thin tasks around the plain functions of `flows.steps`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.futures import PrefectFuture, as_completed
from prefect.runtime import flow_run
from prefect.states import Crashed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from bilateral.apart import Apart
from bilateral.config import Source
from bilateral.detect import version
from bilateral.errors import BilateralError
from bilateral.model import Poll, identity
from bilateral.sources import PARSING, Archive, Fetcher, Visits, poll
from flows import processes, steps
from flows.embedded import only_one, owns_server
from flows.place import Place, find_place
from flows.progress import tell
from warehouse.warehouse import Warehouse

T = TypeVar("T")

THREADS: TaskRunner[PrefectFuture[Any]] = cast(
    TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=8)
)

poll_source = task(name="poll", cache_policy=NO_CACHE)(poll)
clean_pages = task(name="clean", cache_policy=NO_CACHE)(steps.clean_batch)
detect_articles = task(name="detect", cache_policy=NO_CACHE)(steps.detect_batch)
link_and_load = task(name="link and load", cache_policy=NO_CACHE)(steps.load_read)
deliver_alerts = task(name="deliver", cache_policy=NO_CACHE)(steps.deliver)


def bare(value: T) -> T:
    """Keep Prefect from walking through *value* in search of futures."""
    return cast(T, quote(value))


@flow(name="monitor", task_runner=THREADS)
def monitor(
    home: Path,
    sources: Path,
    pairs: list[str] | None = None,
    only: list[str] | None = None,
    wait: float = 0.0,
) -> steps.Summary:
    """Poll the sources, keep what they sent, and load what the two states said and did to each other.

    *pairs* are watched instead of the configured ones; *only* names the sources to ask instead of all that are
    enabled; *wait* is how many seconds to wait for the end of another run of the same home.
    """
    place = find_place(home, sources, pairs or ())
    os.environ.update(processes.marks(place.home))
    with only_one(place.home, wait=wait), processes.prompt_end(place.home):
        if owns_server():
            close_dead_runs()
        done = run(place, only or [])
        report(done)
        return done


def run(place: Place, only: list[str]) -> steps.Summary:
    """Do the whole work of one run, a task a step."""
    archive, visits = place.archive(), Visits(place.visits, version())
    run_id = "n" + identity(flow_run.id)
    with Warehouse.open(place.writer) as warehouse:
        known = warehouse.known()
        if not known:
            visits.forget()
        polls = ask_sources(place, archive, visits, only)
        parted = steps.fresh(polls, known)
        read, skipped = steps.read_pages(
            parted,
            place.config,
            clean=lambda pages, config: clean_pages(bare(pages), bare(config)),
            detect=lambda articles, packs: detect_articles(bare(articles), bare(packs)),
        )
        polls = steps.with_skipped(polls, skipped)
        tell("linking and loading")
        loaded, events = link_and_load(
            bare(place),
            bare(warehouse),
            bare(archive),
            run_id,
            bare(polls),
            bare(read),
            bare(parted.unchanged),
        )
        visits.loaded()
        tell("")  # alerts may go to the same terminal
        delivered = deliver_alerts(bare(place), bare(warehouse))
    return steps.summary(polls, parted, loaded, events, delivered)


def ask_sources(place: Place, archive: Archive, visits: Visits, only: list[str]) -> list[Poll]:
    """Ask all sources at once; the answers come in the order of the configuration."""
    asked = place.asked(only)
    tell(f"asking {len(asked)} sources")
    polls = {}
    with Fetcher(place.config.user_agent, hosts=place.hosts) as fetcher, Apart("parsed", PARSING) as apart:
        waiting = {submit_poll(source, fetcher, archive, place, visits, apart): source for source in asked}
        for future in as_completed([*waiting]):
            source = waiting.pop(future)
            polls[source.id] = answer(future, source)
            tell(f"waiting for {', '.join(s.id for s in waiting.values()) or 'no more'}")
    return [polls[source.id] for source in asked]


def submit_poll(
    source: Source, fetcher: Fetcher, archive: Archive, place: Place, visits: Visits, apart: Apart
) -> PrefectFuture[Poll]:
    """Start asking one source."""
    return poll_source.submit(
        bare(source),
        bare(fetcher),
        bare(archive),
        steps.clock,
        bare(place.config),
        place.base,
        bare(visits),
        bare(apart),
    )


def answer(future: PrefectFuture[Poll], source: Source) -> Poll:
    """Return what the task found; one that broke does not stop the others, but an archive that is full stops all."""
    try:
        return future.result()
    except BilateralError:
        raise
    except Exception as error:
        return steps.broken_poll(source, error, steps.clock())


def report(done: steps.Summary) -> None:
    """Leave a table with the run that names the sources that could not be read."""
    unread = ", ".join(f"{line.source_id} ({line.state})" for line in done.unread)
    create_table_artifact(
        key="sources",
        table=[
            {
                "source": i.source_id,
                "state": i.state,
                "new": i.new,
                "changed": i.changed,
                "failed": i.failed,
                "reason": i.reason,
            }
            for i in done.lines
        ],
        description=f"Not read: {unread}" if unread else "All sources were read.",
    )


def close_dead_runs() -> int:
    """Close the flow runs that a killed process left open; return how many that were.

    Only to be called where no other run can be alive.
    """
    unfinished = in_state(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
    own, closed = str(flow_run.id), 0
    with get_client(sync_client=True) as client:
        for dead in client.read_flow_runs(flow_run_filter=unfinished):
            if str(dead.id) != own:
                client.set_flow_run_state(dead.id, Crashed(message="its process is gone"), force=True)
                closed += 1
    return closed


def in_state(*types: StateType) -> FlowRunFilter:
    """Return the filter of the flow runs in one of these states."""
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))))
