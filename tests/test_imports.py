"""Imports point down, and questions start without Prefect."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ("sources", "clean", "detect", "link", "alerts", "report")
GROUND = ("bilateral", "bilateral.model", "bilateral.errors", "bilateral.config", "bilateral.apart")


def imported(file: Path) -> set[str]:
    """All modules that *file* names in imports, wherever in the file they stand."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            names.add(node.module or "")
    return names


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def ours(name: str) -> bool:
    return any(within(name, package) for package in ("bilateral", "warehouse", "flows"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_no_other_stage(stage: str) -> None:
    folder = ROOT / "bilateral" / stage
    for file in folder.rglob("*.py"):
        wrong = {
            n for n in imported(file) if ours(n) and n not in GROUND and not within(n, f"bilateral.{stage}")
        }
        assert not wrong - {"bilateral.packs"}, f"{file.relative_to(ROOT)} imports {sorted(wrong)}"


def test_the_domain_knows_neither_prefect_nor_duckdb() -> None:
    for file in (ROOT / "bilateral").rglob("*.py"):
        for name in imported(file):
            roots = name.split(".")[0]
            assert roots not in ("prefect", "duckdb", "warehouse", "flows"), f"{file} imports {name}"


def test_the_warehouse_imports_only_the_ground_and_itself() -> None:
    for file in (ROOT / "warehouse").rglob("*.py"):
        wrong = {n for n in imported(file) if ours(n) and n not in GROUND and not within(n, "warehouse")}
        assert not wrong, f"{file.relative_to(ROOT)} imports {sorted(wrong)}"
        assert not {n for n in imported(file) if within(n, "prefect")}, file


def test_sql_lies_in_the_warehouse_only() -> None:
    for package in ("bilateral", "flows"):
        for file in (ROOT / package).rglob("*.py"):
            assert "duckdb" not in {n.split(".")[0] for n in imported(file)}, file


def test_a_stage_that_imports_another_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from bilateral.sources import poll\n    return poll\n")
    assert imported(bad) == {"bilateral.sources"}


COMMANDS = {
    "ask": "import flows.commands, warehouse.ask",
    "why and compare": "import flows.commands, flows.evidence",
    "detect": "import flows.commands, flows.once",
    "sources list": "import flows.commands, flows.place",
}


@pytest.mark.parametrize("code", COMMANDS.values(), ids=COMMANDS.keys())
def test_starts_without_prefect(code: str) -> None:
    check = f"{code}; import sys; print(*[m for m in sys.modules if m.split('.')[0] == 'prefect'])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", check], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_asking_does_not_load_the_pipeline() -> None:
    check = "import flows.commands, warehouse.ask, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = {name for name in done.stdout.split()}
    assert not loaded & {"httpx2", "feedparser", "trafilatura", "ahocorasick", "apprise", "pyarrow"}
