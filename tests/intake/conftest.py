from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.static_files import plain_static_files
from zaitaku.accounts.models import Scope, User

__all__ = ["plain_static_files"]


@pytest.fixture(autouse=True)
def _folder_of_uploads(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def make_user(name: str, *, role: User.Role, codes: tuple[str, ...] = ()) -> User:
    """A user with a role and the codes of their scope."""
    user = User.objects.create_user(name, role=role)
    Scope.objects.bulk_create([Scope(user=user, code=code) for code in codes])
    return user


@pytest.fixture
def official(db: None) -> User:
    """都道府県担当 of 北海道."""
    return make_user("hokkaido", role=User.Role.PREFECTURE, codes=("01",))


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("admin", role=User.Role.ADMINISTRATOR)
