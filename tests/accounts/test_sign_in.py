"""Signing in and out, the log, the lock-out, the password."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.html import assert_sound, outline
from zaitaku.accounts.models import Scope, SignInEvent, User
from zaitaku.accounts.queries import is_locked_out

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def official() -> User:
    user = User.objects.create_user("hokkaido", password=PASSWORD, role=User.Role.PREFECTURE, display_name="担当 花子")
    Scope.objects.create(user=user, code="01")
    return user


def sign_in(client: Client, password: str = PASSWORD, *, username: str = "hokkaido", next_page: str = "") -> object:
    return client.post(SIGN_IN, {"username": username, "password": password, "next": next_page})


def outcomes() -> list[str]:
    return list(SignInEvent.objects.order_by("pk").values_list("outcome", flat=True))


def test_an_official_signs_in_sees_the_own_prefecture_and_signs_out(client: Client, official: User) -> None:
    assert sign_in(client).url == "/"  # type: ignore[attr-defined]  # a redirect or a rendered page
    home = client.get("/").content.decode()
    assert "北海道の在宅医療" in home
    assert "担当 花子" in home
    assert "都道府県担当" in home
    left = client.post(reverse("accounts:sign-out"), follow=True).content.decode()
    assert "ログアウトしました。" in left
    assert "担当 花子" not in left
    assert outcomes() == ["succeeded", "signed_out"]


def test_the_page_that_was_asked_for_comes_after_signing_in(client: Client, official: User) -> None:
    asked = client.get("/accounts/profile/")
    assert asked.url == "/accounts/sign-in/?next=/accounts/profile/"  # type: ignore[attr-defined]  # a redirect or a rendered page
    page = client.get(asked.url).content.decode()  # type: ignore[attr-defined]  # a redirect or a rendered page
    assert 'name="next" value="/accounts/profile/"' in page
    assert "元のページに戻ります" in page
    assert sign_in(client, next_page="/accounts/profile/").url == "/accounts/profile/"  # type: ignore[attr-defined]  # a redirect or a rendered page


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client: Client, official: User, elsewhere: str) -> None:
    assert sign_in(client, next_page=elsewhere).url == "/"  # type: ignore[attr-defined]  # a redirect or a rendered page


def test_a_wrong_password_is_answered_in_japanese_and_logged(client: Client, official: User) -> None:
    response = sign_in(client, "wrong")
    page = response.content.decode()  # type: ignore[attr-defined]  # a redirect or a rendered page
    assert "利用者名またはパスワードが正しくありません。" in page
    assert "wrong" not in page
    assert_sound(page)
    assert outcomes() == ["failed"]


def test_an_empty_field_is_named_and_its_error_is_tied_to_it(client: Client) -> None:
    page = client.post(SIGN_IN, {"username": "", "password": ""}).content.decode()
    assert "＊利用者名を入力してください。" in page
    controls = {control.get("name"): control for control in outline(page).controls}
    assert controls["username"]["aria-describedby"] == "id_username_error"
    assert controls["username"]["aria-invalid"] == "true"
    assert "※必須" in page
    assert_sound(page)
    assert outcomes() == []


def test_five_failures_lock_the_name_even_for_the_right_password(client: Client, official: User) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    page = sign_in(client).content.decode()  # type: ignore[attr-defined]  # a redirect or a rendered page
    assert "あと15分ほど" in page
    assert outcomes() == ["failed"] * 5 + ["locked"]


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(client: Client) -> None:
    for _ in range(5):
        sign_in(client, username="nobody")
    assert "あと15分ほど" in sign_in(client, username="nobody").content.decode()  # type: ignore[attr-defined]  # a redirect or a rendered page


def test_the_lock_is_for_one_address_and_ends_after_fifteen_minutes(client: Client, official: User) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    now = timezone.now()
    assert is_locked_out("hokkaido", address="127.0.0.1", now=now)
    assert not is_locked_out("hokkaido", address="192.0.2.1", now=now)
    assert not is_locked_out("hokkaido", address="127.0.0.1", now=now + dt.timedelta(minutes=16))


def test_four_failures_and_a_success_start_the_count_anew(client: Client, official: User) -> None:
    for _ in range(4):
        sign_in(client, "wrong")
    sign_in(client)
    client.logout()
    sign_in(client, "wrong")
    assert not is_locked_out("hokkaido", address="127.0.0.1", now=timezone.now())


def test_the_database_refuses_a_success_of_nobody() -> None:
    with pytest.raises(IntegrityError, match="sign_in_success_has_user"):
        SignInEvent.objects.create(username="x", outcome=SignInEvent.Outcome.SUCCEEDED, at=timezone.now())


def test_signing_out_needs_a_form(client: Client, official: User) -> None:
    client.force_login(official)
    assert client.get(reverse("accounts:sign-out")).status_code == 405


def test_the_profile_says_what_the_role_may_do_and_where(client: Client, official: User) -> None:
    sign_in(client)
    page = client.get("/accounts/profile/").content.decode()
    assert_sound(page)
    for text in ("都道府県担当", "北海道", "計画・圏域・位置付け・目標を編集できます", "最近のログイン", "127.0.0.1"):
        assert text in page


def test_the_password_is_changed_and_the_session_lives_on(client: Client, official: User) -> None:
    client.force_login(official)
    new = "another long passphrase"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    page = client.post(reverse("accounts:password-change"), form, follow=True).content.decode()
    assert "パスワードを変更しました。" in page
    official.refresh_from_db()
    assert official.check_password(new)


def test_a_bad_new_password_is_explained_and_changes_nothing(client: Client, official: User) -> None:
    client.force_login(official)
    form = {"old_password": "no", "new_password1": "short", "new_password2": "other"}
    page = client.post(reverse("accounts:password-change"), form).content.decode()
    assert "今のパスワードが正しくありません。" in page
    assert "新しいパスワードが2つで異なります。" in page
    assert_sound(page)
    official.refresh_from_db()
    assert official.check_password(PASSWORD)


def test_a_form_without_its_token_gets_a_helpful_page(official: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(SIGN_IN, {"username": "hokkaido", "password": PASSWORD})
    assert response.status_code == 403
    assert "送信をやり直してください" in response.content.decode()
