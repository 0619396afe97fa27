"""What the documents say is so: commands, options, SQL with its answers, keys, links, the version."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from homes import program, ready_home
from pydantic import BaseModel
from reading import SIDE, article
from servers import local_sources
from typer.main import get_command

from bilateral import __version__, config
from bilateral.config import Config, load_config
from bilateral.detect import detect, load_packs
from bilateral.sources import read_files
from flows.commands import app
from warehouse.ask import questions
from warehouse.describe import reference, written
from warehouse.warehouse import Warehouse

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "seeds" / "README.md"])
README = (ROOT / "README.md").read_text("utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text("utf-8")
BY_DOCUMENT = pytest.mark.parametrize("file", DOCS, ids=lambda f: str(f.relative_to(ROOT)))
ID = re.compile(r"\b[a-z][0-9a-f]{16}\b")


def fenced(text: str, language: str) -> list[str]:
    """The blocks of code of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def calls(text: str) -> Iterator[list[str]]:
    """The words of each call of the program that *text* names, in a block or between backticks."""
    text = text.replace("`bilateral COMMAND --help`", "")
    blocks = "\n".join(fenced(text, r"\w*"))
    for found in re.findall(
        r"^(?:\$ |\.venv/bin/)bilateral (.*?)(?=\n\n|\n\$|\n\.venv|\Z)", blocks, re.M | re.S
    ):
        yield shlex.split(found, comments=True)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for found in re.findall(r"`bilateral ([^`]+)`", prose):
        yield shlex.split(found)


def parse(words: list[str]) -> None:
    """Let the parser of the program read a call; an error where it does not take it."""
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not hasattr(command, "commands") or not words, f"no such command: {words}"
    if words:  # else the command is only named
        command.make_context("bilateral", list(words), resilient_parsing=False).close()


@BY_DOCUMENT
def test_every_call_that_a_document_names_is_understood(file: Path) -> None:
    for words in calls(file.read_text("utf-8")):
        parse(words)


@BY_DOCUMENT
def test_every_option_that_a_document_names_exists(file: Path) -> None:
    known, pending = set(), [get_command(app)]
    while pending:
        command: Any = pending.pop()
        pending.extend(getattr(command, "commands", {}).values())
        known |= {option for param in command.params for option in param.opts}
    prose = re.sub(r"^```.*?^```$", "", file.read_text("utf-8"), flags=re.M | re.S)
    named = {
        o for code in re.findall(r"`([^`\n]+)`", prose) for o in re.findall(r"(?<!\S)--[a-z][a-z-]+", code)
    }
    assert named - known - {"--help"} == set()


@BY_DOCUMENT
def test_every_link_leads_to_a_file(file: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (file.parent / link).exists()] == []


@BY_DOCUMENT
def test_every_target_of_make_exists(file: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    text = file.read_text("utf-8")
    named = re.findall(r"`make (\w+)`", text) + re.findall(
        r"^(?:\$ )?make (\w+)", "\n".join(fenced(text, r"\w*")), re.M
    )
    assert set(named) <= targets


def test_the_questions_that_the_readme_names_exist() -> None:
    known = {question.name for question in questions()}
    named = {words[1] for words in calls(README) if words[0] == "ask" and re.fullmatch(r"\w+", words[1])}
    listed = re.search(r"questions that are built in, such as (.*?)\. All", README, re.S)
    assert listed
    assert named and named | set(re.findall(r"`(\w+)`", listed[1])) <= known


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the configuration, the seeds, and what `run` without a network made of them."""
    made = tmp_path_factory.mktemp("readme")
    home = ready_home(made, tmp_path_factory)
    shutil.copytree(ROOT / "seeds", made / "seeds")
    done = program("run", "--home", home, "--sources", local_sources(made), cwd=made)
    assert done.returncode == 0, done.stderr
    (made / "run.txt").write_text(done.stdout, "utf-8")
    return made


def shown(command: str) -> list[tuple[list[str], str]]:
    """The calls of *command* in the README that have their output below them, with this output."""
    found = []
    for block in fenced(README, "text"):
        for part in re.split(r"^\$ ", block, flags=re.M):
            if part.startswith(f"bilateral {command} "):
                call, _, output = part.partition("\n\n")
                found.append((shlex.split(call)[1:], output.strip("\n")))
    return found


def lines(text: str) -> list[str]:
    """The lines without what ids and the width of the terminal make of them."""
    return [ID.sub("ID", " ".join(line.split())) for line in text.splitlines() if line.strip()]


@pytest.mark.flow
@pytest.mark.parametrize(("words", "printed"), shown("ask"), ids=("happened", "figures", "contacts"))
def test_the_readme_prints_what_the_seeds_answer(folder: Path, words: list[str], printed: str) -> None:
    done = program(*words, "--home", folder / "home", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.rstrip() for line in printed.splitlines()] == [
        line.rstrip() for line in done.stdout.splitlines()
    ]


@pytest.mark.flow
def test_the_readme_shows_what_a_first_run_prints(folder: Path) -> None:
    (block,) = [b for b in fenced(README, "text") if b.startswith("$ make run")]
    happened = lines((folder / "run.txt").read_text("utf-8"))
    for line in lines(block.split("…\n", 1)[1]):
        start = line.split("…")[0] if line.endswith("…") or "Not read" in line else line
        start = re.sub(
            r" \S+: the name .*", "", start
        )  # without a network of names the reason is another one
        assert any(one.startswith(start) for one in happened), line


@pytest.mark.flow
def test_the_readme_shows_what_why_prints(folder: Path) -> None:
    (((_, event), printed),) = shown("why")
    done = program("why", event, "--home", folder / "home", cwd=folder)
    assert [line for line in lines(printed) if line != "…" and line not in lines(done.stdout)] == []


@pytest.mark.flow
def test_the_readme_shows_what_compare_prints(folder: Path) -> None:
    (((_, event), printed),) = shown("compare")
    done = program("compare", event, "--home", folder / "home", cwd=folder)
    assert printed.splitlines()[0] in done.stdout
    for here, there in zip(columns(printed), columns(done.stdout), strict=True):
        pieces = [piece.strip() for piece in here.split("…") if piece.strip()]
        assert len(pieces) > 1
        assert [piece for piece in pieces if piece not in there] == []


def columns(table: str) -> tuple[str, str]:
    """The words of the left and of the right column, whatever their width."""
    cells = [line.strip("│┃").replace("┃", "│").split("│") for line in table.splitlines() if line[:1] in "│┃"]
    left, right = zip(*cells, strict=True)
    return " ".join(" ".join(left).split()), " ".join(" ".join(right).split())


WAREHOUSE = ROOT / "docs" / "warehouse.md"


def test_the_reference_is_what_the_comments_say() -> None:
    text = WAREHOUSE.read_text("utf-8")
    assert text == written(text), "run `make docs`"


def test_a_view_without_a_comment_is_not_passed_over(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "w.duckdb") as house:
        house.con.execute("COMMENT ON COLUMN events.kind IS NULL")
        with pytest.raises(ValueError, match="has no comment"):
            reference(house.con)


@pytest.mark.flow
def test_three_lines_of_python_open_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = fenced(WAREHOUSE.read_text("utf-8"), "python")
    assert len(block.split("\n")) - block.count("\n\n") - 1 == 3
    monkeypatch.chdir(folder)
    (folder / "data").symlink_to(folder / "home")
    names: dict[str, Any] = {}
    exec(block, names)
    names["con"].close()
    (folder / "data").unlink()
    assert len(names["rows"]) == 1


def test_every_view_that_the_readme_asks_is_there(folder: Path) -> None:
    for sql in re.findall(r'`bilateral ask "([^"]+)"`', README):
        done = program("ask", " ".join(sql.split()), "--home", folder / "home", cwd=folder)
        assert done.returncode == 0 and not done.stdout.endswith("\n0 rows\n"), done.stderr


def test_the_records_of_sources_that_documents_show_are_valid(tmp_path: Path) -> None:
    for text in (README, SOURCES):
        for block in fenced(text, "yaml"):
            data = yaml.safe_load(block)
            if isinstance(data, list):
                path = tmp_path / "sources.yaml"
                path.write_text(yaml.safe_dump({"pairs": ["KAZ-RUS"], "sources": data}), "utf-8")
                load_config(path)


def records(model: type[BaseModel] = Config) -> Iterator[type[BaseModel]]:
    """The parts that a file may have."""
    yield model
    for field in model.model_fields.values():
        pending = [field.annotation]
        while pending:
            kind = pending.pop()
            pending.extend(get_args(kind))
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from records(kind)


def named_keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def first_column(text: str, head: str) -> set[str]:
    """The names in the first column of the table that comes after *head*."""
    table = re.search(rf"{re.escape(head)}.*?\n(\|.*?)\n(?:\n|\Z)", text, re.S)
    assert table, head
    return {name for row in table[1].splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}


TABLES: list[tuple[str, type[BaseModel]]] = [
    ("## The top of the file", config.Config),
    ("## A source", config.Source),
    ("**`feed`**", config.Feed),
    ("**`listing`**", config.Listing),
    ("**`sitemap`**", config.Sitemap),
    ("**`json`**", config.JsonQuery),
    ("### `read`", config.Read),
    ("### `identity`", config.Identity),
    ("### `ask`", config.Manners),
    ("## Alerts", config.AlertRule),
]


@pytest.mark.parametrize(("head", "model"), TABLES, ids=[model.__name__ for _, model in TABLES])
def test_the_tables_of_keys_are_those_of_the_model(head: str, model: type[BaseModel]) -> None:
    assert first_column(SOURCES, head) == named_keys(model)


def test_every_key_and_every_choice_is_explained() -> None:
    for model in set(records()):
        assert {key for key in named_keys(model) if not re.search(rf"\b{key}\b", SOURCES)} == set(), model
        for name, field in model.model_fields.items():
            pending = [field.annotation]
            while pending:
                kind = pending.pop()
                if get_origin(kind) is Literal:
                    assert {c for c in get_args(kind) if f"`{c}`" not in SOURCES} == set(), f"{model}.{name}"
                else:
                    pending.extend(get_args(kind))


def test_the_keys_of_a_document_are_explained(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text("---\nwwwwwwww: 1\n---\nText.\n", "utf-8")
    _, skipped = read_files(
        [file], load_config(config.packaged("sources.yaml"))[0], datetime(2026, 1, 1, tzinfo=UTC)
    )
    keys = (
        next(s.reason for s in skipped if "wwwwwwww" in s.reason)
        .partition("known: ")[2]
        .strip(")")
        .split(", ")
    )
    text = (ROOT / "seeds" / "README.md").read_text("utf-8")
    assert len(keys) > 5 and [key for key in keys if f"`{key}`" not in text] == []


def test_the_rule_that_contributing_shows_keeps_its_promise() -> None:
    packs = load_packs()
    (rule,) = tomllib.loads(fenced((ROOT / "CONTRIBUTING.md").read_text("utf-8"), "toml")[0])["rule"]
    found = {
        sentence: any(
            report.kind == rule["kind"] and report.modality != "hypothetical"
            for report in detect(article(sentence, "en", side=SIDE["en"]), packs).reports
        )
        for sentence in rule["finds"] + rule["passes_over"]
    }
    assert [s for s, is_there in found.items() if is_there] == rule["finds"]


def test_the_version_to_cite_is_that_of_the_program() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(cited["version"]) == __version__
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == __version__


def test_no_placeholder_is_left() -> None:
    assert [file.name for file in DOCS if "placeholder" in file.read_text("utf-8")] == []
