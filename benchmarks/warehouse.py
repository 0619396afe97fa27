"""How the warehouse carries 100,000 articles of 5 KB with 500,000 reports: loading, size, publishing, every question.

Loading is a ratio: the time of `Warehouse.load` over that of putting the very same rows into bare tables by way of
Arrow. Run it alone on the machine: `.venv/bin/python benchmarks/warehouse.py [articles]`; it needs 4 GB and writes to a
folder for temporary files. It prints one line a figure and exits with 1 where an aim is missed.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

# run as a script, this file would hide the package of its name
sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]

import duckdb  # noqa: E402

from bilateral.config import Config  # noqa: E402
from bilateral.model import (  # noqa: E402
    Article,
    Claim,
    Date,
    Document,
    Event,
    Extraction,
    Linked,
    Participant,
    Report,
    Topic,
    report_id,
)
from warehouse import bulk, rows  # noqa: E402
from warehouse.ask import Limits, ask, questions  # noqa: E402
from warehouse.load import Batch  # noqa: E402
from warehouse.schema import scripts  # noqa: E402
from warehouse.warehouse import Warehouse  # noqa: E402

BATCH = 2_000  # articles a load
REPORTS = 5  # an article
LENGTH = 5_000  # bytes of a text
FIRST = date(2015, 1, 1)
DAYS = 3_900
NOW = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
KINDS = ("visit.working", "talks", "call.phone", "meeting", "statement.joint", "message.greeting", "signing")
AIMS = {"load / bare": 1.5, "file / text": 3.0, "slowest question": 1.0, "slowest view": 1.0, "growth": 13.0}


@dataclass(frozen=True)
class Made:
    """One batch, as the pipeline would hand it over."""

    read: list[tuple[Article, Extraction]]
    events: list[Event]


def words(chance: random.Random) -> list[str]:
    """A vocabulary: texts that pack about as well as real ones."""
    letters = "abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшыэюя"
    return ["".join(chance.choices(letters, k=chance.randint(2, 11))) for _ in range(30_000)]


def batches(articles: int) -> Iterator[Made]:
    """Yield batches of articles; two sides tell of each event, one batch after the other."""
    chance = random.Random(1)
    known = words(chance)
    for start in range(0, articles, BATCH):
        made = Made([], [])
        for number in range(start, min(start + BATCH, articles)):
            made.read.append(read(number, known, chance))
        made.events.extend(events(made.read))
        yield made


def read(number: int, known: list[str], chance: random.Random) -> tuple[Article, Extraction]:
    text = " ".join(chance.choices(known, k=LENGTH // 10))
    text = "Title of it\n" + text.encode()[: LENGTH - 12].decode("utf-8", "ignore")
    day = FIRST + timedelta(days=(number // 2) * DAYS // 60_000 % DAYS)
    side, source = (("RUS", "kremlin-ru"), ("KGZ", "president-kg-ru"))[number % 2]
    at = datetime(day.year, day.month, day.day, 9 + number % 8, tzinfo=UTC)
    art = Article(
        source_id=source,
        polled_as=source,
        key=str(number),
        url=f"https://{source}.example/{number}",
        lang="ru",
        title="Title of it",
        text=text,
        body_start=12,
        published_at=at,
        published=Date(day.isoformat()),
        fetched_at=at,
        page_sha256=f"page {number}",
        work_id=None,
        side=side,
        primary=True,
    )
    return art, found(number, day)


def found(number: int, day: date) -> Extraction:
    other = ("RUS", "KAZ", "UZB", "TJK")[number // 2 % 7 % 4]
    states = tuple(sorted(("KGZ", other)))
    people = (
        Participant("sadyr-japarov", "Sadyr Japarov", "host", "KGZ", "president", "head_of_state"),
        Participant(
            f"person-{number % 90}", f"Person {number % 90}", "visitor", other, "president", "head_of_state"
        ),
    )
    reports = tuple(
        Report(
            kind=KINDS[(number // 2 + n) % len(KINDS)],
            modality="asserted",
            states=states,
            start=Date(day.isoformat()),
            end=None,
            date_basis="stated",
            place="Bishkek",
            place_iso3="KGZ",
            participants=people if n == 0 else (),
            host_iso3="KGZ",
            initiator_iso3=None,
            margins_of=None,
            span=(20 + 40 * n, 50 + 40 * n),
            rule="rule.of.it",
            confidence=0.9,
            main=n == 0,
        )
        for n in range(REPORTS)
    )
    year = Date(str(day.year))
    amount = Decimal(10 * (day.year - 2000) + number // 2 % 6) / 10  # six roundings of one figure a year
    claims = (
        (
            Claim(
                "trade.turnover",
                "level",
                "=",
                amount,
                None,
                "bn USD",
                amount * 10**9,
                "USD",
                year,
                year,
                None,
                "+".join(states),
                states,
                None,
                None,
                (300, 320),
                "claim.rule",
                0.8,
            ),
        )
        if number % 3 == 0
        else ()
    )
    papers = (
        (
            Document(
                "agreement",
                "signed",
                states,
                Date(day.isoformat()),
                f"Agreement {number // 2}",
                "economy.trade",
                None,
                (340, 360),
                "document.rule",
                0.8,
            ),
        )
        if number % 20 < 2
        else ()
    )
    return Extraction(
        reports, papers, claims, (Topic("economy.trade", (400, 410), 0), Topic("energy", (420, 430), 1))
    )


def events(read: list[tuple[Article, Extraction]]) -> list[Event]:
    """The events of two articles each, one of either side."""
    made = []
    for (a, one), (b, other) in zip(read[::2], read[1::2], strict=True):
        for first, second in zip(one.reports, other.reports, strict=True):
            ids = (report_id(a.revision_id, first), report_id(b.revision_id, second))
            made.append(
                Event(
                    "e" + ids[0][1:],
                    ids,
                    first.kind,
                    "head_of_state",
                    "in_person",
                    "confirmed",
                    first.states,
                    first.start,
                    None,
                    "Bishkek",
                    "KGZ",
                    None,
                    "KGZ",
                    None,
                    None,
                    f"{first.kind}: of it",
                    0.9,
                )
            )
    return made


def config() -> Config:
    """Two live sources and the pair, without alerts: those are measured elsewhere."""
    sources = [
        {
            "id": name,
            "country": country,
            "publisher": {"name": name, "en": name, "kind": "head_of_state"},
            "primary": True,
            "lang": "ru",
            "licence": "CC BY 4.0",
            "discover": {"feed": f"https://{name}.example/feed"},
            "every": "30 min",
            "verified": "2025-11",
            "zone": "Asia/Bishkek",
        }
        for name, country in (("kremlin-ru", "RUS"), ("president-kg-ru", "KGZ"))
    ]
    return Config.model_validate({"pairs": ["KGZ-RUS"], "sources": sources})


def bare_rows(made: Made) -> dict[str, list[rows.Row]]:
    """The rows of a batch as the loader makes them."""
    texts = [rows.revision_row(a, 1, "rules", NOW) for a, _ in made.read]
    versions = [
        {**rows.reading_row(e), "version": 1, "recorded_at": NOW, "run_id": "n1", "cause": "new"}
        for e in made.events
    ]
    return {
        "article": [rows.article_row(a) for a, _ in made.read],
        "revision": texts,
        "report": [row for one in made.read for row in rows.report_rows(*one)],
        "participant": [row for one in made.read for row in rows.participant_rows(*one)],
        "document": [row for one in made.read for row in rows.document_rows(*one)],
        "claim": [row for one in made.read for row in rows.claim_rows(*one)[0]],
        "topic": [row for one in made.read for row in rows.topic_rows(*one)],
        "event_version": versions,
    }


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def load_bare(path: Path, articles: int) -> float:
    """Return the seconds that the rows take into tables of the same columns, a transaction a batch, through Arrow."""
    taken = 0.0
    with duckdb.connect(path) as con:
        for sql in scripts("migrations").values():
            con.execute(sql)
        for made in batches(articles):
            taken += timed(lambda made=made: put(con, made))  # type: ignore[misc]
    return taken


def put(con: duckdb.DuckDBPyConnection, made: Made) -> None:
    con.execute("BEGIN")
    for table, held in bare_rows(made).items():
        bulk.insert(con, table, held)
    con.execute("COMMIT")


def load_whole(house: Warehouse, articles: int) -> float:
    """Return the seconds that loading takes."""
    taken, settings = 0.0, config()
    for number, made in enumerate(batches(articles)):
        batch = Batch(f"n{number}", NOW, settings, (), made.read, Linked(tuple(made.events)), "rules")
        taken += timed(lambda batch=batch: house.load(batch))  # type: ignore[misc]
    return taken


def answer_times(published: Path, asked: dict[str, str]) -> dict[str, float]:
    """Return the seconds of each question, the better of two: opening the file counts."""
    limits = Limits(memory="4GB", seconds=600)
    return {
        name: min(timed(lambda sql=sql: ask(published, sql, limits=limits)) for _ in range(2))  # type: ignore[misc]
        for name, sql in asked.items()
    }


def view_questions(published: Path) -> dict[str, str]:
    """All rows of each contract view, every column read, one number answered."""
    sql = """SELECT view_name FROM duckdb_views()
             WHERE NOT internal AND NOT starts_with(view_name, '_') AND NOT starts_with(view_name, 'code_') ORDER BY 1"""
    return {name: f"SELECT count(hash(v)) FROM {name} v" for (name,) in ask(published, sql).rows}


def main(articles: int) -> int:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = load_whole_at(folder / "small.duckdb", articles // 10)
        with Warehouse.open(folder / "w.duckdb") as house:
            whole = load_whole(house, articles)
            figures["publishing, s"] = timed(lambda: house.publish(folder / "copy.duckdb", NOW))
        bare = load_bare(folder / "bare.duckdb", articles)
        figures |= {"load, s": whole, "bare, s": bare, "load / bare": whole / bare, "growth": whole / small}
        size = (folder / "copy.duckdb").stat().st_size
        figures |= {"file, MB": size / 1e6, "file / text": size / (articles * LENGTH)}
        report(figures)
        for what, asked in (
            ("view", view_questions(folder / "copy.duckdb")),
            ("question", {q.name: q.name for q in questions()}),
        ):
            times = answer_times(folder / "copy.duckdb", asked)
            report(
                {
                    f"{what} {name}, s": seconds
                    for name, seconds in sorted(times.items(), key=lambda one: -one[1])
                }
            )
            figures[f"slowest {what}"] = max(times.values())
    missed = [
        f"{name} {figures[name]:.2f} (aim {aim:g})" for name, aim in AIMS.items() if figures[name] > aim
    ]
    print("missed: " + "; ".join(missed) if missed else "all aims are met")
    return bool(missed)


def load_whole_at(path: Path, articles: int) -> float:
    with Warehouse.open(path) as house:
        return load_whole(house, articles)


def report(figures: dict[str, float]) -> None:
    for name, value in figures.items():
        print(f"{name:<34}{value:>10.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
