from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.static_files import plain_static_files

__all__ = ["plain_static_files"]


@pytest.fixture(autouse=True)
def fast_passwords(settings: Settings) -> None:
    """A password is meant to be slow to check; the tests check hundreds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
