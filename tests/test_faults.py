"""The table of faults in docs/fetching.md, and the tests that try them by number."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "fetching.md").read_text("utf-8").partition("## The table of faults")[2]
STATES = (TESTS.parent / "docs" / "sources.md").read_text("utf-8").partition("| state of a poll |")[2]


def tried() -> set[int]:
    """The numbers in the names of the tests: test_22_23_24_… tries three."""
    numbers = set()
    for file in TESTS.glob("test_faults_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (found := re.match(r"test((?:_\d\d)+)_", node.name)):
                numbers |= {int(number) for number in found[1].split("_")[1:]}
    return numbers


def test_every_fault_of_the_table_is_tried_and_every_one_that_is_tried_stands_there() -> None:
    rows = [row.split("|")[1:-1] for row in TABLE.splitlines() if re.match(r"\| \d", row)]
    assert [int(number) for number, *_ in rows] == list(range(1, 45))
    assert tried() == set(range(1, 45))
    assert all(cell.strip() for row in rows for cell in row)


def test_the_states_of_the_table_are_states_of_a_poll() -> None:
    known = set(re.findall(r"`(\w+)`", STATES.partition("\n\n")[0]))
    states = {
        s
        for row in TABLE.splitlines()
        if row.startswith("| ")
        for s in re.findall(r"`([a-z_]+)`", row.split("|")[-2])
    }
    assert "bad_content" in states and states <= known
