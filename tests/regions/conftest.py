"""Regions, areas and population of the project's fixtures in the test database, once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from regions import fixtures

FIXTURES: Path = settings.BASE_DIR / "fixtures"


@pytest.fixture(scope="module")
def loaded_regions(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """Counts of what was loaded; undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        counts = fixtures.load(FIXTURES)
        with connection.cursor() as cursor:  # check the foreign keys now, once, and not at the end of every test
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield counts
        transaction.set_rollback(True)
