"""APIキー: made by oneself, shown once, listed, revoked; nobody touches another's."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.html import assert_sound
from zaitaku.accounts.actions import create_api_key
from zaitaku.accounts.api_keys import MOST_KEYS
from zaitaku.accounts.models import ApiKey, User

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/api-keys/"


@pytest.fixture
def analyst(client: Client) -> User:
    user = User.objects.create(username="analyst")
    client.force_login(user)
    return user


def test_without_signing_in_there_are_no_keys(client: Client) -> None:
    assert client.get(ADDRESS)["Location"].startswith("/accounts/sign-in/")


def test_a_key_is_shown_once_and_then_only_its_beginning(client: Client, analyst: User) -> None:
    page = client.post(ADDRESS, {"name": "集計用のR"}).content.decode()
    assert_sound(page)
    found = re.search(r"zk_[\w-]{43}", page)
    assert found is not None
    later = client.get(ADDRESS)
    assert found[0] not in later.content.decode()
    assert found[0][:8] in later.content.decode()
    assert "no-store" in later["Cache-Control"]
    assert_sound(later.content.decode())


def test_a_key_needs_a_name(client: Client, analyst: User) -> None:
    response = client.post(ADDRESS, {"name": ""})
    assert response.status_code == 400
    assert "キーの名前を入力してください。" in response.content.decode()
    assert not ApiKey.objects.exists()


def test_nobody_has_more_keys_than_can_be_remembered(client: Client, analyst: User) -> None:
    for number in range(MOST_KEYS):
        create_api_key(f"{number}", by=analyst, at=timezone.now())
    response = client.post(ADDRESS, {"name": "もう1つ"})
    assert response.status_code == 400
    assert f"{MOST_KEYS}個まで" in response.content.decode()


def test_a_key_is_revoked_by_its_owner_alone(client: Client, analyst: User) -> None:
    own, _ = create_api_key("自分の", by=analyst, at=timezone.now())
    other, _ = create_api_key("ほかの人の", by=User.objects.create(username="other"), at=timezone.now())
    for key in (own, other):
        client.post(f"/accounts/api-keys/{key.pk}/revoke/")
        key.refresh_from_db()
    assert own.revoked_at is not None
    assert other.revoked_at is None
    assert "ほかの人の" not in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"digest": "x"}, {"revoked_at": timezone.now() - dt.timedelta(days=1)}], ids=["digest", "revoked"]
)
def test_the_database_refuses_a_key_that_cannot_be(wrong: dict[str, object]) -> None:
    given = {"user": User.objects.create(username="a"), "name": "x", "prefix": "x", "digest": "0" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(**{**given, "created_at": timezone.now(), **wrong})
