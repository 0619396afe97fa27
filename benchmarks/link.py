"""What linking costs in a warehouse that grows: a day's reports into 1,000, 10,000 and 100,000 events.

    python benchmarks/link.py [--rounds N] [--json] [--check]

Each warehouse holds the same number of events a day, so the larger one goes back further. The reports of one more
day are read, joined with what is stored and loaded, in turns; the fastest of all rounds counts. What should stay flat
is the time per report: `asking` for candidates, `linking` them, and `loading` the batch in its transaction.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

# run as a script, warehouse.py beside it would hide the package of that name
sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]

from bilateral.config import Config  # noqa: E402
from bilateral.link import gather, link  # noqa: E402
from bilateral.model import Article, Date, Extraction, Linkable, Participant, Report  # noqa: E402
from warehouse.candidates import linkables  # noqa: E402
from warehouse.load import Batch  # noqa: E402
from warehouse.warehouse import Warehouse  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
A_DAY = 8  # events
REPORTS = 24  # of the day that is loaded, three an event
KINDS = (
    "call.phone",
    "talks",
    "signing",
    "visit.working",
    "message.greeting",
    "meeting",
    "request",
    "commission",
)
STATES = (
    ("KGZ", "RUS"),
    ("KAZ", "KGZ"),
    ("CHN", "KGZ"),
    ("KAZ", "RUS"),
    ("KGZ", "UZB"),
    ("RUS", "TJK"),
    ("RUS", "UZB"),
)
LAST = date(2025, 11, 25)  # the day before the one that is loaded
NOW = datetime(2025, 11, 26, 18, tzinfo=UTC)
FLAT = 2.0  # how much more a report may cost in the largest warehouse than in the smallest
SOURCE = {
    "id": "files", "publisher": {"name": "Files", "en": "Files", "kind": "seed"}, "licence": "as each document says",
    "discover": {"files": "files"}, "every": "1 h", "verified": "2025-11",
}  # fmt: skip
CONFIG = Config.model_validate({"pairs": ["KGZ-RUS"], "sources": [SOURCE]})

# Events with two reports each, going back from LAST, in the tables as the loader leaves them.
FILL = """
    CREATE TEMP TABLE happening AS
    SELECT n, $last - (n // $a_day)::INTEGER AS day, $kinds[1 + n % len($kinds)] AS kind,
           string_split($pairs[1 + (n // 3) % len($pairs)], '-') AS states
    FROM range($size) t(n);
    CREATE TEMP TABLE told AS
    SELECT h.*, side, printf('%07d%d', n, side) AS id FROM happening h, range(2) s(side);
    INSERT INTO article BY NAME
    SELECT 'a' || id AS article_id, 's' || side AS source_id, source_id AS polled_as, id AS key, 'http://x.example/' || id AS url,
           'en' AS lang, NULL AS work_id, states[1 + side] AS side, true AS is_primary, false AS synthetic, day::TIMESTAMPTZ AS first_seen_at
    FROM told;
    INSERT INTO revision BY NAME
    SELECT 'v' || id AS revision_id, 'a' || id AS article_id, 1 AS number, true AS is_newest, day::TIMESTAMPTZ AS seen_at,
           day::TIMESTAMPTZ AS current_from, kind AS title, kind || ' was held.' AS text, 0 AS body_start, id AS sha256, id AS page_sha256,
           day::TIMESTAMPTZ AS published_at, day AS published_on, 'day' AS published_precision, NULL AS place, 'd' AS detector,
           day::TIMESTAMPTZ AS read_at
    FROM told;
    INSERT INTO report BY NAME
    SELECT 'r' || id AS report_id, 'e' || n AS event_id, 'v' || id AS revision_id, kind, 'asserted' AS modality, states,
           day AS start_date, 'day' AS date_precision, NULL AS end_date, 'unknown' AS end_precision, 'stated' AS date_basis,
           NULL AS place, NULL AS place_iso3, NULL AS host_iso3, NULL AS initiator_iso3, NULL AS margins_of, true AS is_main,
           0 AS span_start, 4 AS span_end, kind[:4] AS quote, 'x' AS rule, 0.9 AS confidence
    FROM told;
    INSERT INTO participant BY NAME
    SELECT 'r' || id AS report_id, 'p' || who || '-' || states[who] AS actor_id, 'Somebody' AS name, 'principal' AS role,
           states[who] AS side, 'president' AS office, 'head_of_state' AS level
    FROM told, range(1, 3) p(who);
    INSERT INTO event_version BY NAME
    SELECT 'e' || n AS event_id, 1 AS version, day::TIMESTAMPTZ AS recorded_at, 'x' AS run_id, 'new' AS cause, NULL AS merged_into, kind,
           'head_of_state' AS level, 'in_person' AS mode, 'confirmed' AS status, states, day AS start_date, 'day' AS date_precision,
           NULL AS end_date, 'unknown' AS end_precision, NULL AS place, NULL AS place_iso3, NULL AS parent_event_id, NULL AS host_iso3,
           NULL AS initiator_iso3, NULL AS margins_of, kind AS title, 0.9 AS confidence
    FROM happening"""


@dataclass(frozen=True)
class Cost:
    """Milliseconds a report in a warehouse of so many events."""

    events: int
    asking: float
    linking: float
    loading: float
    candidates: int  # stored reports that linking was shown

    @property
    def total(self) -> float:
        """All of it."""
        return self.asking + self.linking + self.loading


def fill(path: Path, size: int) -> None:
    """Make a warehouse of *size* events at *path*."""
    given = {
        "last": LAST, "a_day": A_DAY, "kinds": list(KINDS), "pairs": ["-".join(s) for s in STATES], "size": size,
    }  # fmt: skip
    with Warehouse.open(path) as house:
        for statement in FILL.split(";"):
            named = {name: value for name, value in given.items() if f"${name}" in statement}
            house.con.execute(statement, named).fetchall()
        house.con.execute("CHECKPOINT").fetchall()


def days_reports(number: int) -> list[tuple[Article, Extraction]]:
    """Return the articles of the day after LAST; those of another *number* have other texts."""
    return [read_article(n, number) for n in range(REPORTS)]


def read_article(n: int, number: int) -> tuple[Article, Extraction]:
    """Return one article that tells one happening."""
    kind, states = KINDS[n // 3 % len(KINDS)], STATES[n // 3 % len(STATES)]
    text = f"Title\n{kind} was held, says page {n} of round {number}."
    article = Article(
        source_id=f"s{n % 3}", polled_as=f"s{n % 3}", key=f"{number}-{n}", url=f"http://y.example/{number}/{n}", lang="en",
        title="Title", text=text, body_start=6, published_at=NOW, published=Date("2025-11-26"), fetched_at=NOW,
        page_sha256=f"{number}-{n}", side=states[0], primary=True,
    )  # fmt: skip
    people = tuple(
        Participant(f"p{w}-{s}", "Somebody", "principal", s, "president", "head_of_state")
        for w, s in enumerate(states, 1)
    )
    report = Report(
        kind=kind, modality="asserted", states=states, start=Date("2025-11-26"), end=None, date_basis="stated", place=None,
        place_iso3=None, participants=people, host_iso3=None, initiator_iso3=None, margins_of=None, span=(6, 10), rule="x",
        confidence=0.9, main=True,
    )  # fmt: skip
    return article, Extraction(reports=(report,))


def measure(path: Path, size: int, number: int) -> Cost:
    """Load one day into the warehouse at *path* and say what a report cost."""
    read = days_reports(number)
    asked, shown = 0.0, 0
    with Warehouse.open(path) as house:

        def candidates(windows: Iterable[object]) -> list[Linkable]:
            nonlocal asked, shown
            start = time.perf_counter()
            found = house.candidates(windows)  # type: ignore[arg-type]
            asked += time.perf_counter() - start
            shown += len(found)
            return found

        begun = time.perf_counter()
        linked = link(gather([one for a, found in read for one in linkables(a, found)], candidates))
        joined = time.perf_counter()
        house.load(Batch(f"r{number}", NOW, CONFIG, [], read, linked, "d"))
        done = time.perf_counter()
    each = 1000 / REPORTS
    return Cost(size, asked * each, (joined - begun - asked) * each, (done - joined) * each, shown)


def costs(sizes: Sequence[int], rounds: int) -> list[Cost]:
    """Return the least cost of all rounds for each size; each round begins with the same warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            fill(Path(folder) / f"{size}.duckdb", size)
        found: dict[int, list[Cost]] = {size: [] for size in sizes}
        for number in range(rounds):
            for size in sizes:
                fresh = Path(shutil.copy(Path(folder) / f"{size}.duckdb", Path(folder) / "fresh.duckdb"))
                found[size].append(measure(fresh, size, number))
                fresh.unlink()
    return [least(each) for each in found.values()]


def least(each: Sequence[Cost]) -> Cost:
    """Return the least of every part."""
    parts = {name: min(getattr(c, name) for c in each) for name in ("asking", "linking", "loading")}
    return Cost(each[0].events, candidates=each[0].candidates, **parts)


def main() -> int:
    """Measure, print, and check where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 where the time per report is not flat"
    )
    args = parser.parse_args()
    found = costs(args.sizes, args.rounds)
    growth = found[-1].total / found[0].total
    if args.json:
        print(json.dumps({"costs": [asdict(c) for c in found], "growth": round(growth, 2)}))
    else:
        print(
            f"{'events':>8} {'asking':>8} {'linking':>8} {'loading':>8} {'all':>8}   ms a report; candidates"
        )
        for c in found:
            print(
                f"{c.events:8} {c.asking:8.2f} {c.linking:8.2f} {c.loading:8.2f} {c.total:8.2f}   {c.candidates}"
            )
        print(
            f"a report costs {growth:.2f} times as much in the largest as in the smallest (at most {FLAT:g})"
        )
    return int(args.check and growth > FLAT)


if __name__ == "__main__":
    sys.exit(main())
