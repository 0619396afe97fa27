"""The command line: help, exit codes, what is printed, and what a terminal or a spreadsheet must not obey."""

import csv
import json
import os
import re
import shlex
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from homes import DOCUMENT, feed, offline, program, rows, seeds, write_sources
from typer.main import get_command
from typer.testing import CliRunner

from bilateral.errors import BilateralError
from bilateral.model import Article, Claim, Date, Document, Extraction, Participant, Report, Topic
from flows import answers, evidence, show
from flows.commands import app
from flows.embedded import prefect_home, set_environment
from flows.predictions import prediction
from warehouse.ask import Comparison, Item, Rows

RUNNER = CliRunner()
ROOT = Path(__file__).parents[1]

KYRGYZ = """---
title: Сүйлөшүүлөр
source: president-kg-ky
lang: ky
published: "2025-11-26T20:00:00+06:00"
synthetic: true
---
26-ноябрда Бишкекте Президент Садыр Жапаров менен Россия Федерациясынын Президенти Владимир Путиндин сүйлөшүүлөрү өттү.
"""


def commands() -> dict[str, list[str]]:
    """Each command with the words of the example in its help."""
    found = {}
    pending = [((), get_command(app))]
    while pending:
        path, command = pending.pop()
        for name, below in getattr(command, "commands", {}).items():
            pending.append(((*path, name), below))
        if not hasattr(command, "commands"):
            assert command.epilog, f"{' '.join(path)} has no example"
            found[" ".join(path)] = shlex.split(command.epilog.removeprefix("Example: "))
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example_that_is_right(name: str) -> None:
    shown = RUNNER.invoke(app, [*name.split(), "--help"], terminal_width=200)
    assert shown.exit_code == 0
    example = commands()[name]
    assert " ".join(example) in shown.output
    assert example[: 1 + len(name.split())] == ["bilateral", *name.split()]
    words = example[1 + len(name.split()) :]
    words = words[: words.index(">")] if ">" in words else words
    command = get_command(app)
    for part in name.split():
        command = command.commands[part]
    command.make_context(name, words, resilient_parsing=False).close()  # the parser takes the words


def test_the_commands_are_those_of_the_design() -> None:
    assert set(commands()) == {
        *("run", "serve", "load", "ask", "why", "compare", "detect", "alerts list"),
        *("sources list", "sources probe", "sources check"),
        *("rules explain", "rules check", "rules silent", "rules offices"),
        "data verify",
        *("data check", "data rebuild", "data diff", "data export", "data backup", "data forget"),
        *("edit note", "edit override", "edit merge", "edit split"),
    }


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in commands() if f"bilateral {name}" not in readme] == []


def test_version_and_wrong_usage() -> None:
    assert re.fullmatch(r"bilateral \d+\.\d+\.\d+\n", RUNNER.invoke(app, ["--version"]).output)
    assert RUNNER.invoke(app, ["why"]).exit_code == 2
    assert RUNNER.invoke(app, ["fly"]).exit_code == 2
    assert RUNNER.invoke(app, ["ask", "visits", "KGZ-RUS"]).exit_code == 2


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration and a home into which two retellings were loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    offline(folder)
    (folder / "documents" / "ky.md").write_text(KYRGYZ, "utf-8")
    write_sources(
        folder,
        feed("kremlin-en", "http://127.0.0.1:9/feed"),
        feed("president-kg-ky", "http://127.0.0.1:9/ky", country="KGZ", lang="ky", zone="Asia/Bishkek"),
        seeds(folder / "documents"),
    )
    done = program("load", folder / "documents", *where(folder), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def where(folder: Path) -> list[str]:
    return ["--home", str(folder / "home"), "--sources", str(folder / "sources.yaml")]


def ask(folder: Path, *words: str) -> str:
    done = RUNNER.invoke(app, [*words, *where(folder)], terminal_width=200)
    assert done.exit_code == 0, done.output
    return done.stdout


def event(folder: Path) -> str:
    return str(rows(folder / "home", "SELECT event_id FROM events WHERE kind LIKE 'talks%'")[0][0])


def test_load_twice_changes_nothing(loaded: Path) -> None:
    before = rows(loaded / "home", "SELECT * EXCLUDE (published_at) FROM meta")
    done = program("load", loaded / "documents", *where(loaded), cwd=loaded)
    assert "0 new documents, 0 changed, 2 unchanged; 0 new events" in done.stdout
    assert before == rows(loaded / "home", "SELECT * EXCLUDE (published_at) FROM meta")


def test_options_go_before_or_after_the_command(loaded: Path) -> None:
    after = RUNNER.invoke(app, ["ask", "SELECT 40 + 2 AS n", *where(loaded), "--json"])
    before = RUNNER.invoke(app, [*where(loaded), "ask", "SELECT 40 + 2 AS n", "--json"])
    assert (after.stdout, before.stdout) == ('[{"n": 42}]\n', '[{"n": 42}]\n')


def test_ask_answers_in_three_forms(loaded: Path) -> None:
    sql = "SELECT kind, start_date FROM events WHERE kind LIKE 'talks%'"
    assert "2025-11-26" in ask(loaded, "ask", sql)
    assert json.loads(ask(loaded, "ask", sql, "--json"))[0]["start_date"] == "2025-11-26"
    assert next(csv.DictReader(StringIO(ask(loaded, "ask", sql, "--csv"))))["start_date"] == "2025-11-26"


def test_ask_lists_and_answers_named_questions(loaded: Path) -> None:
    listed = ask(loaded, "ask", "--list")
    assert "contacts_by_quarter" in listed and "p=KGZ-RUS since=2019-01-01" in listed
    assert "quarter" in ask(loaded, "ask", "contacts_by_quarter", "since=2020-01-01", "--pair", "RUS-KGZ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "DROP TABLE report"], "only SELECT is answered"),
        (["ask", "SELECT 1; SELECT 2"], "one SELECT statement at a time"),
        (["ask", "FROM read_text('/etc/hostname')"], "disabled"),
        (["ask", "contact_by_quarter"], "did you mean contacts_by_quarter?"),
        (["why", "nothing"], "no event, report or claim has this id"),
        (["compare", "nothing"], "no event of two states has this id"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line(loaded: Path, words: list[str], said: str) -> None:
    done = program(*words, *where(loaded), cwd=loaded)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("pair", ["XYZ-RUS", "foo", "RUS-RUS"])
@pytest.mark.parametrize("words", [["ask", "visits"], ["ask", "SELECT 1"], ["why", "e1"], ["compare", "e1"]])
def test_a_pair_that_is_none_is_wrong_usage(loaded: Path, words: list[str], pair: str) -> None:
    done = RUNNER.invoke(app, [*words, "--pair", pair, *where(loaded)])
    assert done.exit_code == 2 and "Invalid value for '--pair'" in done.output


def test_the_pair_of_a_question_may_be_written_either_way(loaded: Path) -> None:
    assert ask(loaded, "ask", "visits", "p=RUS-KGZ") == ask(loaded, "ask", "visits", "p=KGZ-RUS")
    done = program("ask", "visits", "p=KGZ", *where(loaded), cwd=loaded)
    assert (done.returncode, done.stderr) == (
        1,
        "p: 'KGZ' is no pair: two different states such as KGZ-RUS\n",
    )


@pytest.mark.parametrize("words", [["run"], ["serve"], ["load", "documents/talks.md"]])
@pytest.mark.parametrize("home", ["file", "file/below"])
def test_a_home_that_cannot_be_written_to_is_one_line(tmp_path: Path, words: list[str], home: str) -> None:
    sources = offline(tmp_path)
    (tmp_path / "file").write_text("x")
    done = program(*words, "--home", tmp_path / home, "--sources", sources, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        f"{tmp_path / home}: this home cannot be written to (Not a directory): name a folder by --home"
    ]


def test_a_file_that_is_not_ours_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bilateral.duckdb").write_text("no database")
    for words in (["why", "e1"], ["compare", "e1"], ["ask", "visits"]):
        done = program(*words, "--home", tmp_path, cwd=tmp_path)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith(f"{tmp_path / 'bilateral.duckdb'}: cannot be opened")


def test_a_profile_of_prefect_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "profiles.toml"))
    (tmp_path / "profiles.toml").write_text('active = "mine"\n[profiles.mine]\nPREFECT_API_KEY = "x"\n')
    with pytest.raises(BilateralError, match=r"'yours' is none of .*ephemeral, local, mine"):
        with prefect_home(tmp_path, "yours"):
            pass
    assert not (tmp_path / "work").exists()


def test_a_profile_of_prefect_sends_no_telemetry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"PREFECT_SERVER_ANALYTICS_ENABLED": "true"})
    set_environment(tmp_path, tmp_path, "mine")
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_the_mark_of_a_mistake_in_sql_stays_below_its_word(loaded: Path) -> None:
    done = program("ask", "SELECT nope FROM events", *where(loaded), cwd=loaded)
    *_, line, mark = done.stderr.splitlines()
    assert line[mark.index("^") :].startswith("nope") and mark.strip() == "^" * len(mark.strip())


def test_the_list_of_commands_is_not_cut() -> None:
    for words in (["--help"], ["rules", "--help"]):
        shown = RUNNER.invoke(app, words, terminal_width=60).output
        assert "..." not in shown.partition("Commands:")[2]
    assert "whose pages they are." in " ".join(
        RUNNER.invoke(app, ["--help"], terminal_width=60).output.split()
    )


def test_a_home_without_a_database_says_what_makes_it(tmp_path: Path) -> None:
    done = program("ask", "FROM events", "--home", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"{tmp_path / 'bilateral.duckdb'}: no such database yet: `bilateral run` makes it, or name another --home"
    )


def test_all_mistakes_of_the_configuration_are_said_at_once(tmp_path: Path) -> None:
    wrong = feed("kremlin-en", "http://127.0.0.1:9/feed", lang="kz", languge="en")
    sources = write_sources(tmp_path, wrong)
    done = program("sources", "list", "--sources", sources, cwd=tmp_path)
    assert done.returncode == 1
    assert "kremlin-en.lang: 'kz'" in done.stderr and "kremlin-en.languge: no such key" in done.stderr


def test_why_prints_the_sentence_the_rule_and_the_mark_of_a_retelling(loaded: Path) -> None:
    told = ask(loaded, "why", event(loaded))
    assert "⟦" in told and "rule " in told
    assert "kremlin-en (RUS, retold), 2025-11-26 12:45 UTC" in told
    assert "president-kg-ky (KGZ, retold), 2025-11-26 14:00 UTC" in told
    assert told.splitlines()[0].count("2025-11-26") == 1  # one day is one date


def test_why_links_explains_what_is_one_event(loaded: Path) -> None:
    told = ask(loaded, "why", event(loaded), "--links")
    assert "the most exact of them" in told and "the same day; " in told
    assert "both name sadyr-japarov, vladimir-putin" in told
    assert told.splitlines()[0] == ask(loaded, "why", event(loaded)).splitlines()[0]
    assert RUNNER.invoke(app, ["why", "e1", "--links", "--home", str(loaded)]).exit_code == 1


def test_compare_names_the_capitals(loaded: Path) -> None:
    told = ask(loaded, "compare", event(loaded))
    assert "Bishkek says" in told and "Moscow says" in told and "[retold]" in told


def test_sources_are_listed_before_and_after_the_first_run(loaded: Path, tmp_path: Path) -> None:
    listed = json.loads(ask(loaded, "sources", "list", "--json"))
    assert [row["source"] for row in listed] == ["kremlin-en", "president-kg-ky", "seeds"]
    assert {row["state"] for row in listed} == {"never"}
    fresh = RUNNER.invoke(
        app, ["sources", "list", "--sources", str(offline(tmp_path)), "--home", str(tmp_path)]
    )
    assert fresh.exit_code == 0 and "30 min" in fresh.stdout


def test_alerts_are_listed(loaded: Path) -> None:
    assert "rows" in ask(loaded, "alerts", "list")


def test_retold_documents_are_marked_where_they_show(tmp_path: Path) -> None:
    offline(tmp_path)
    done = program("load", tmp_path / "documents", *where(tmp_path), cwd=tmp_path)
    assert "1 new document, 0 changed, 0 unchanged; 1 new event, " in done.stdout
    head, row = done.stdout.split("New events (1 of 1)")[1].strip().splitlines()[:2]
    assert row[head.index("retold") :].split()[0] == "yes"
    for question in ("visits", "trade_figures", "signed_documents"):
        assert "retold" in ask(tmp_path, "ask", question).splitlines()[0].split()


def test_load_names_what_it_could_not_read_and_loads_the_rest(tmp_path: Path) -> None:
    sources = offline(tmp_path)
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"doc_id": "a"\n', "utf-8")
    done = program("load", lines, tmp_path / "absent.md", *where(tmp_path), cwd=tmp_path)
    assert (done.returncode, sources.is_file()) == (1, True)
    assert "lines.jsonl" in done.stderr and "absent.md" in done.stderr
    good = tmp_path / "documents" / "talks.md"
    assert program("load", lines, good, *where(tmp_path), cwd=tmp_path).returncode == 0


def test_detect_prints_predictions_and_stores_nothing(tmp_path: Path) -> None:
    text = DOCUMENT.split("---\n")[2]
    row = {
        "doc_id": "d1",
        "lang": "en",
        "published": "2025-11-26T15:45:00+03:00",
        "title": "Talks",
        "text": text,
    }
    lines = tmp_path / "docs.jsonl"
    lines.write_text(json.dumps(row) + "\nbroken\n", "utf-8")
    done = program("detect", lines, *where(tmp_path)[:2], cwd=tmp_path)
    assert done.returncode == 0
    (found,) = map(json.loads, done.stdout.splitlines())
    assert (found["doc_id"], found["lang"]) == ("d1", "en")
    assert ("talks", ["KGZ", "RUS"]) in [(e["kind"], e["states"]) for e in found["events"]]
    assert all(e["quote"] in f"Talks\n{text}" for e in found["events"])
    assert "docs.jsonl: line 2: no valid JSON" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["docs.jsonl"]


ARTICLE = Article(
    *("kremlin-en", "kremlin-en", "1", "", "en", "T", "T\nTrade grew by 13.6 per cent."),
    *(2, None, Date("2025-11-26"), None, "x"),  # type: ignore[arg-type]
)


def test_predictions_have_the_form_in_which_detectors_are_compared() -> None:
    person = Participant("vladimir-putin", "Vladimir Putin", "principal", "RUS", "president")
    report = Report(
        *(
            "visit.state",
            "planned",
            ("KGZ", "RUS"),
            Date("2025-11-25"),
            Date("2025-11-27"),
            "stated",
            "Bishkek",
        ),
        *("KGZ", (person,), "KGZ", None, None, (2, 12), "r1", 0.9),
    )
    claim = Claim(
        *("trade.turnover", "level", "=", Decimal("4.1"), None, "bn USD", Decimal("4100000000.0"), "USD"),
        *(Date("2025-01"), Date("2025-09"), None, None, ("KGZ", "RUS"), None, None, (2, 12), "r2", 0.9),
    )
    document = Document(
        "protocol", "signed", ("KGZ", "RUS"), None, "Protocol", None, None, (2, 12), "r3", 0.9
    )
    found = Extraction((report,), (document,), (claim,), (Topic("trade", (2, 7)), Topic("trade", (8, 12))))
    assert prediction("d", "2025-11-26", ARTICLE, found) == {
        "doc_id": "d",
        "lang": "en",
        "published": "2025-11-26",
        "events": [
            {
                "kind": "visit.state",
                "modality": "planned",
                "states": ["KGZ", "RUS"],
                "start": "2025-11-25",
                "end": "2025-11-27",
                "place": "Bishkek",
                "participants": ["Vladimir Putin"],
                "main": True,
                "quote": "Trade grew",
                "rule": "r1",
            }
        ],
        "agreements": [
            {
                "type": "protocol",
                "status": "signed",
                "states": ["KGZ", "RUS"],
                "date": None,
                "title": "Protocol",
                "topic": None,
                "quote": "Trade grew",
                "rule": "r3",
            }
        ],
        "claims": [
            {
                "metric": "trade.turnover",
                "measure": "level",
                "comparator": "=",
                "value": 4100000000,
                "unit": "USD",
                "period": "2025-01/2025-09",
                "speaker": None,
                "states": ["KGZ", "RUS"],
                "quote": "Trade grew",
                "rule": "r2",
            }
        ],
        "topics": ["trade"],
    }


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1"])
def test_no_text_in_a_csv_cell_is_computed(start: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers.print_csv(Rows(("t", "n"), ("VARCHAR", "INTEGER"), ((start, -1),)))
    (text, figure) = list(csv.reader(StringIO(capsys.readouterr().out, newline="")))[1]
    assert (text, figure) == (f"'{start}", "-1")


def test_figures_that_differ_stand_beside_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    def item(label: str, **more: Any) -> Item:
        return Item("claim", label, "q", "s", "", "en", None, True, False, pages=1, **more)

    ours = (item("schools 9", only=True), item("documents 8", only=False, differs=True, series="c1"))
    theirs = (item("documents 7", only=False, differs=True, series="c1"),)
    evidence.hold_against(Comparison("e1", "Talks", "KGZ", "RUS", ours, theirs, ()))
    rows = [line for line in capsys.readouterr().out.splitlines() if "claim" in line]
    assert "[differs] claim documents 8" in rows[0] and "[differs] claim documents 7" in rows[0]
    assert "[only] claim schools 9" in rows[1]


def test_no_control_character_reaches_the_terminal() -> None:
    assert show.plain("a\x1b]0;t\x07b\u202ec\x9bd\r\ne") == "a]0;tbcd e"
    shown = show.table(["x"], [["[red]\x1b[2J"]])
    assert [cell.plain for cell in shown.columns[0].cells] == ["[red][2J"]
