"""What tests share: where the development material lies, a skip for where it is absent, and an empty warehouse."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.warehouse import Warehouse

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the development material is not beside the checkout"
)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "writer.duckdb"
    Warehouse.open(path).close()
    return path


@pytest.fixture
def house(empty: Path, tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(Path(shutil.copy(empty, tmp_path / "writer.duckdb"))) as warehouse:
        yield warehouse
