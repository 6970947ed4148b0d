"""二段階認証: nobody who needs one gets past it; codes are good once; the way back is open and noted."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from tests.accounts.second_step import SECOND, code_of, give_password, is_signed_in, make_app, make_user
from tests.html import assert_sound
from zaitaku.accounts.factors import (
    app_with,
    get_factors,
    needs_second_factor,
    renew_recovery_codes,
    reset_factors,
    secret_text,
)
from zaitaku.accounts.models import Passkey, SignInEvent, User
from zaitaku.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST = "/accounts/factors/"
APP = "/accounts/factors/app/"


def outcomes() -> list[tuple[str, str]]:
    return list(SignInEvent.objects.order_by("pk").values_list("outcome", "detail"))


@pytest.mark.parametrize("role", [User.Role.APPROVER, User.Role.ADMINISTRATOR])
def test_who_needs_a_factor_and_has_none_can_do_nothing_but_enrol(client: Client, role: User.Role) -> None:
    make_user(role=role)
    assert give_password(client, next_url="/plans/") == LIST
    assert not is_signed_in(client)
    for address in ("/accounts/profile/", "/accounts/password/", "/accounts/api-keys/", "/intake/"):
        answer = client.get(address)
        assert answer.status_code in (302, 404), address
    page = client.get(LIST).content.decode()
    assert "ログインの前に、二段階認証を登録してください" in page
    assert_sound(page)


def test_enrolling_signs_in_shows_the_recovery_codes_once_and_goes_on(client: Client) -> None:
    user = make_user()
    give_password(client, next_url="/plans/")
    page = client.get(APP).content.decode()
    assert_sound(page)
    device = app_with(client.session["totp_key"], user=user)
    assert secret_text(device) in page
    assert "<svg" in page
    assert "style=" not in page
    shown = client.post(APP, {"code": code_of(device)}).content.decode()
    codes = re.findall(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>", shown)
    assert len(codes) == 10
    assert 'href="/plans/"' in shown
    assert is_signed_in(client)
    assert codes[0] not in client.get(LIST).content.decode()
    assert outcomes() == [
        ("password", ""),
        ("factor_added", "認証アプリ"),
        ("succeeded", "パスワードと認証アプリ（登録）"),
    ]


def test_a_wrong_code_at_enrolment_enrols_nothing(client: Client) -> None:
    user = make_user()
    give_password(client)
    client.get(APP)
    answer = client.post(APP, {"code": "000000"})
    assert answer.status_code == 422
    assert "確認コードが正しくありません" in answer.content.decode()
    assert get_factors(user).totp is None
    assert not TOTPDevice.objects.exists()
    assert not is_signed_in(client)


def test_password_and_code_sign_in(client: Client) -> None:
    device = make_app(make_user())
    assert give_password(client, next_url="/plans/") == SECOND
    assert_sound(client.get(SECOND).content.decode())
    assert not is_signed_in(client)
    assert client.post(SECOND, {"code": code_of(device)})["Location"] == "/plans/"
    assert is_signed_in(client)


def test_a_code_is_good_once(client: Client) -> None:
    device = make_app(make_user())
    code = code_of(device)
    give_password(client)
    client.post(SECOND, {"code": code})
    client.post("/accounts/sign-out/")
    give_password(client)
    assert "すでに使われています" in client.post(SECOND, {"code": code}).content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_the_clock_may_be_one_step_off_and_no_more(client: Client, steps: int, is_taken: bool) -> None:
    device = make_app(make_user())
    give_password(client)
    client.post(SECOND, {"code": code_of(device, steps=steps)})
    assert is_signed_in(client) is is_taken


def test_a_recovery_code_is_good_once_and_counts_down(client: Client) -> None:
    user = make_user()
    make_app(user)
    code = renew_recovery_codes(user, at=timezone.now())[3]
    for _ in range(2):
        give_password(client)
        client.post(SECOND, {"code": f" {code.lower().replace('-', ' ')} "})
        assert is_signed_in(client) is (get_factors(user).codes_left == 9 and _ == 0)
        client.post("/accounts/sign-out/")
    assert get_factors(user).codes_left == 9


def test_five_wrong_codes_stop_the_account_from_anywhere(client: Client) -> None:
    device = make_app(make_user())
    give_password(client)
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})
    other = Client(REMOTE_ADDR="198.51.100.7")
    give_password(other)
    page = other.post(SECOND, {"code": code_of(device)}).content.decode()
    assert "二段階認証を一時的に止めています。あと15分ほど" in page
    assert not is_signed_in(other)


def test_the_second_step_without_the_first_leads_to_the_first(client: Client) -> None:
    make_app(make_user())
    assert client.get(SECOND)["Location"] == "/accounts/sign-in/"
    assert client.post(SECOND, {"code": "123456"})["Location"] == "/accounts/sign-in/"


def test_who_has_a_factor_cannot_enrol_another_with_the_password_alone(client: Client) -> None:
    make_app(make_user())
    give_password(client)
    for address in (LIST, APP):
        assert client.get(address)["Location"].startswith("/accounts/sign-in/")
    assert client.post("/accounts/factors/passkey/options/")["Location"].startswith("/accounts/sign-in/")


def test_others_sign_in_with_the_password_and_may_switch_it_on(client: Client) -> None:
    user = make_user(role=User.Role.PREFECTURE)
    assert give_password(client) == "/"
    assert is_signed_in(client)
    client.get(APP)
    client.post(APP, {"code": code_of(app_with(client.session["totp_key"], user=user))})
    client.post("/accounts/sign-out/")
    assert give_password(client) == SECOND


@pytest.mark.parametrize(("role", "is_kept"), [(User.Role.APPROVER, True), (User.Role.PREFECTURE, False)])
def test_the_last_factor_of_who_needs_one_stays(client: Client, role: User.Role, is_kept: bool) -> None:
    user = make_user(role=role)
    device = make_app(user)
    client.force_login(user)
    address = f"/accounts/factors/totp/{device.pk}/remove/"
    client.post(address, {"password": "wrong"})
    assert get_factors(user).count == 1
    client.post(address, {"password": "correct horse battery"})
    assert (get_factors(user).count == 1) is is_kept
    page = client.get(LIST).content.decode()
    assert ("最後の1つは削除できません" in page) is is_kept
    assert_sound(page)


def test_a_reset_takes_everything_and_ends_every_session(client: Client) -> None:
    user = make_user()
    make_app(user)
    client.force_login(user)
    assert is_signed_in(client)
    reset_factors(user)
    assert not is_signed_in(client)
    assert get_factors(user).count == 0
    assert give_password(client) == LIST


def test_a_new_role_ends_the_sessions_there_are(client: Client) -> None:
    user = make_user(role=User.Role.PREFECTURE)
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(role=User.Role.APPROVER)
    assert not is_signed_in(client)


def test_the_exemption_of_demo_accounts_ends_where_production_begins(client: Client, settings: Settings) -> None:
    demo = make_user(role=User.Role.ADMINISTRATOR, is_demo=True)
    assert not needs_second_factor(demo)
    settings.IS_PRODUCTION = True
    assert needs_second_factor(demo)
    assert give_password(client) == LIST
    assert not is_signed_in(client)


def test_a_superuser_needs_one_whatever_the_role() -> None:
    assert needs_second_factor(make_user(role=User.Role.ANALYST, is_superuser=True))


def test_no_secret_gets_into_the_audit_log() -> None:
    user = make_user()
    device = make_app(user)
    renew_recovery_codes(user, at=timezone.now())
    noted = [f"{entry.before}{entry.after}" for entry in AuditEntry.objects.exclude(table="accounts_user")]
    assert noted
    assert not any(device.key in text or "digest" in text for text in noted)


@pytest.mark.parametrize("wrong", ["short", "not base64url!?&&&&&&"])
def test_the_database_refuses_what_is_no_passkey(wrong: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Passkey.objects.create(user=make_user(), name="x", credential=wrong, public_key=b"x", created_at=timezone.now())
