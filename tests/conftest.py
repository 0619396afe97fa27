"""What all tests share: where the development material lies, and a skip for where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the development material is not beside the checkout"
)
