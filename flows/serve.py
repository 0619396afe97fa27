"""Every source at its own rhythm, until stopped: a local Prefect server, a deployment a source, one run at a time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast
from uuid import UUID

from bilateral.errors import BilateralError
from flows import processes
from flows.embedded import SERVED, is_held, only_one, prefect_home, write_json
from flows.place import Place
from flows.steps import clock

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

START_WITHIN = 120  # seconds for the server to answer: its first start creates its database
SPREAD = timedelta(seconds=20)  # between the runs of two sources of one rhythm
LEASES = "prefect.server.concurrency.lease_storage.filesystem"  # those in memory are lost with the server
PATIENCE = 600.0  # seconds that a run waits for a `bilateral run` of a person


def serve(place: Place, port: int | None, profile: str | None, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C, and leave no process behind."""
    signal.signal(signal.SIGTERM, _stop)
    processes.sweep(place.home)
    with only_one(place.home, "serve"), prefect_home(place.home, profile):
        if profile:
            _serve_schedules(place, own_server=False)
            return
        with server(place.home, port or free_port()) as address:
            say(f"Prefect's pages: {address}")
            _tidy_up(place.home)
            _serve_schedules(place, own_server=True)


@contextmanager
def server(home: Path, port: int) -> Iterator[str]:
    """Run a Prefect server on this machine's own address, in a process group that ends with the block."""
    address = f"http://127.0.0.1:{port}"
    os.environ.update(
        PREFECT_API_URL=f"{address}/api",
        PREFECT_UI_API_URL=f"{address}/api",
        PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=LEASES,
        PREFECT_SERVER_UI_STATIC_DIRECTORY=str(home / "work" / "prefect" / "ui"),
    )
    log = home / "work" / "logs" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        process = subprocess.Popen(_command(port), stdout=file, stderr=file, start_new_session=True)
    try:
        _await_health(process, f"{address}/api/health", log)
        write_json(home / "work" / SERVED, {"api": f"{address}/api"})
        yield address
    finally:
        (home / "work" / SERVED).unlink(missing_ok=True)
        _end_group(process)


def _command(port: int) -> list[str]:
    app = ["--factory", "prefect.server.api.server:create_app"]
    return [
        sys.executable,
        "-m",
        "uvicorn",
        *app,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]


def _await_health(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise BilateralError(f"Prefect's server did not start; {log} says why")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
        except (ProcessLookupError, PermissionError):
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        return


def free_port() -> int:
    """Return a port of this machine's own address that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


def _tidy_up(home: Path) -> None:
    """Close what a killed process left open, and drop what was due while nobody served."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType

    from flows.monitor import close_dead_runs, in_state

    if not is_held(home, "run"):
        close_dead_runs()
    with get_client(sync_client=True) as client:
        for missed in client.read_flow_runs(flow_run_filter=in_state(StateType.SCHEDULED)):
            client.delete_flow_run(missed.id)


def _serve_schedules(place: Place, own_server: bool) -> None:
    """Write the deployments, start one run of all sources at once, and serve until stopped."""
    from prefect.client.orchestration import get_client
    from prefect.runner import Runner

    class Patient(Runner):
        """A runner that a second signal does not tear out of its tidy end."""

        def handle_sigterm(self, *args: object, **kwargs: object) -> None:
            if not self.stopping:
                super().handle_sigterm(*args, **kwargs)

    runner = Patient(name="bilateral", pause_on_shutdown=False, limit=1)
    ids = [cast(UUID, runner.add_deployment(one)) for one in deployments(place, clock())]
    with get_client(sync_client=True) as client:
        gone = [old.id for old in client.read_deployments() if old.id not in ids] if own_server else []
        for deployment in gone:  # of sources that left the configuration: nobody would run them
            client.delete_deployment(deployment)
        client.create_flow_run_from_deployment(ids[0])
    try:
        asyncio.run(runner.start())
    except KeyboardInterrupt:
        return


def deployments(place: Place, now: datetime) -> list[RunnerDeployment]:
    """Return a deployment without a schedule that asks all sources, then one a source at its own rhythm."""
    from prefect.schedules import Interval
    from prefect.types.entrypoint import EntrypointType

    from flows.monitor import monitor

    said = {
        "home": str(place.home),
        "sources": str(place.sources),
        "pairs": list(place.config.pairs),
        "wait": PATIENCE,
    }
    made = [monitor.to_deployment("all", parameters=said, entrypoint_type=EntrypointType.MODULE_PATH)]
    for number, source in enumerate(place.asked()):
        rhythm = Interval(
            source.every, anchor_date=now - number * SPREAD
        )  # the first run of all comes before
        asked = said | {"only": [source.id]}
        made.append(
            monitor.to_deployment(
                source.id, schedule=rhythm, parameters=asked, entrypoint_type=EntrypointType.MODULE_PATH
            )
        )
    return cast("list[RunnerDeployment]", made)
