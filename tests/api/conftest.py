from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.static_files import plain_static_files

__all__ = ["plain_static_files"]


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """What other tests asked for does not count."""
    cache.clear()
    yield
    cache.clear()
