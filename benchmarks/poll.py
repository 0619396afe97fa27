"""What asking costs when nothing is new: the daily bread of a monitor.

    python benchmarks/poll.py [--feeds N] [--rounds N] [--json] [--check]

A server in a process of its own has 200 feeds of 20 entries. They are read and taken as loaded once; then they are
polled round after round by eight threads, as a run does it. Once the server answers "unchanged", once it sends the
same bytes again, so that they are parsed. Beside it the same client asks the same server bare, without robots.txt,
pace, archive and journal: what counts is the ratio inside one run. Nobody waits for his turn here, since all feeds
lie on one host.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx2
import psutil

from bilateral.apart import Apart
from bilateral.config import Config, Source
from bilateral.sources import Archive, Fetcher, Visits, poll
from bilateral.sources.marks import note_loaded

THREADS = 8  # as many as a run has
ENTRIES = 20
AIMS = {"times_bare": 10.0, "growth_mb": 8.0}


@dataclass(frozen=True)
class Cost:
    """What one way of answering costs."""

    answer: str
    polls: int
    per_second: float
    own_ms: float  # CPU of this process a poll
    parser_ms: float  # CPU of the processes that parse, a poll
    bare_ms: float  # CPU of this process a request without anything around it
    first_mb: float  # resident after the first round
    last_mb: float  # and after the last one

    @property
    def times_bare(self) -> float:
        """Own CPU, in bare requests."""
        return self.own_ms / self.bare_ms

    @property
    def growth_mb(self) -> float:
        """By how much the process has grown from the first round to the last."""
        return self.last_mb - self.first_mb


class Handler(BaseHTTPRequestHandler):
    """Feeds that never change: /tagged/N says so itself, /plain/N sends the same again."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        kind, _, number = self.path.strip("/").partition("/")
        if kind not in ("tagged", "plain"):
            self._send(404, b"")
        elif kind == "tagged" and self.headers.get("if-none-match") == f'"{number}"':
            self._send(304, b"", number)
        else:
            self._send(200, content(int(number)), number if kind == "tagged" else None)

    def _send(self, status: int, body: bytes, tag: str | None = None) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-type", "application/atom+xml")
        if tag:
            self.send_header("etag", f'"{tag}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def content(number: int) -> bytes:
    """Return a feed of some thirty kilobytes."""
    told = "On 26 November the two presidents met and spoke of trade, transport and energy. " * 15
    rows = []
    for entry in range(ENTRIES):
        url = f"http://example.org/news/{number * ENTRIES + entry}"
        rows.append(
            f"<entry><title>Talks {entry}</title><id>{url}</id><link href='{url}'/>"
            f"<updated>2025-11-26T10:00:00+03:00</updated><content type='html'>{told}</content></entry>"
        )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(rows)}</feed>".encode()


def serve(pipe: Connection) -> None:
    """Serve until killed, and say on which port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pipe.send(server.server_address[1])
    server.serve_forever()


def configuration(url: str, kind: str, feeds: int) -> Config:
    """Return *feeds* sources on one host."""
    publisher = {"name": "Publisher", "en": "Publisher", "kind": "agency"}
    common = {
        "publisher": publisher,
        "lang": "en",
        "licence": "none",
        "every": "30 min",
        "verified": "2025-11",
    }
    ask = {"at_once": THREADS}
    sources = [
        common | {"id": f"s{n}", "discover": {"feed": f"{url}/{kind}/{n}"}, "ask": ask} for n in range(feeds)
    ]
    return Config.model_validate({"pairs": ["KGZ-RUS"], "sources": sources})


def measured(url: str, kind: str, feeds: int, rounds: int, folder: Path, server: int | None) -> Cost:
    """Poll all feeds once to know them, and then *rounds* times."""
    config, archive, visits = configuration(url, kind, feeds), Archive(folder / kind), Visits()
    with (
        Fetcher(pause=lambda _: None) as fetcher,
        Apart("parsed", 30) as apart,
        ThreadPoolExecutor(THREADS) as pool,
    ):

        def ask(source: Source) -> str:
            answer = poll(source, fetcher, archive, now, config, folder, visits, apart)
            if answer.pages:
                note_loaded(archive, [answer])
            return answer.state

        assert set(pool.map(ask, config.sources)) == {"ok"}
        visits.loaded()
        bare = bare_ms(config, pool)
        expected = "not_modified" if kind == "tagged" else "ok"
        sizes, seconds, own, parser = [], 0.0, 0.0, 0.0
        for _ in range(rounds):
            begun, cpu, children = time.perf_counter(), time.process_time(), cpu_of_children(server)
            assert set(pool.map(ask, config.sources)) == {expected}
            seconds += time.perf_counter() - begun
            own += time.process_time() - cpu
            parser += cpu_of_children(server) - children
            sizes.append(psutil.Process().memory_info().rss / 1e6)
    polls = feeds * rounds
    ms = 1000 / polls
    return Cost(kind, polls, polls / seconds, own * ms, parser * ms, bare, sizes[0], sizes[-1])


def bare_ms(config: Config, pool: ThreadPoolExecutor) -> float:
    """Return the milliseconds of CPU of one request of the same client, with nothing around it."""
    with httpx2.Client(trust_env=False) as client:

        def ask(source: Source) -> int:
            tag = f'"{source.id.removeprefix("s")}"'
            return client.get(str(source.address), headers={"if-none-match": tag}).status_code

        list(pool.map(ask, config.sources))
        begun = time.process_time()
        list(pool.map(ask, config.sources))
        return 1000 * (time.process_time() - begun) / len(config.sources)


def cpu_of_children(server: int | None) -> float:
    """Return the seconds of CPU that the processes for parsing have used; *server* is none of them."""
    children = [one for one in psutil.Process().children(recursive=True) if one.pid != server]
    return sum(times.user + times.system for times in (one.cpu_times() for one in children))


def now() -> datetime:
    return datetime.now(UTC)


def run(feeds: int, rounds: int) -> list[Cost]:
    """Measure both ways of answering."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        url = f"http://127.0.0.1:{here.recv()}"
        with tempfile.TemporaryDirectory() as folder:
            kinds = ("tagged", "plain")
            return [measured(url, kind, feeds, rounds, Path(folder), server.pid) for kind in kinds]
    finally:
        server.kill()


def missed(costs: list[Cost]) -> list[str]:
    """Name the aims that are missed."""
    tagged = costs[0]
    found = [("times_bare", tagged.times_bare), *(("growth_mb", cost.growth_mb) for cost in costs)]
    return [f"{name}: {value:.1f}, at most {AIMS[name]:.1f}" for name, value in found if value > AIMS[name]]


def table(costs: list[Cost]) -> str:
    head = (
        f"{'answer':<12}{'polls':>7}{'a second':>10}{'own ms':>8}{'parser ms':>11}{'bare ms':>9}{'times':>7}"
    )
    lines = [head + f"{'MB first':>10}{'MB last':>9}"]
    names: dict[str, str] = {"tagged": "unchanged", "plain": "same bytes"}
    for one in costs:
        line = f"{names[one.answer]:<12}{one.polls:>7}{one.per_second:>10.0f}{one.own_ms:>8.2f}"
        line += f"{one.parser_ms:>11.2f}{one.bare_ms:>9.2f}{one.times_bare:>7.1f}"
        lines.append(line + f"{one.first_mb:>10.1f}{one.last_mb:>9.1f}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="What asking costs when nothing is new.")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit with 1 where an aim is missed")
    said = parser.parse_args()
    costs = run(said.feeds, said.rounds)
    rows = [asdict(one) | {"times_bare": one.times_bare, "growth_mb": one.growth_mb} for one in costs]
    print(json.dumps(rows) if said.json else table(costs))
    wrong = missed(costs) if said.check else []
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
