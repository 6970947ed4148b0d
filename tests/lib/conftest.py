"""Where the expected values of other publishers lie: beside the checkout, never inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "vectors"


@pytest.fixture(scope="session")
def shared_vectors() -> Path:
    """The folder of published inputs and results; skips the test, saying so, where it is not beside the checkout."""
    if not VECTORS.is_dir():
        pytest.skip("the published test vectors (../shared/vectors) are not beside this checkout")
    return VECTORS
