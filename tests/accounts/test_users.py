"""利用者の管理: invited by a link, changed, stopped, helped; by administrators alone, and never to their own ruin."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.second_step import PASSWORD, SIGN_IN, give_password, is_signed_in, make_app, make_user
from tests.html import assert_sound
from zaitaku.accounts.actions import forget_old_sign_ins
from zaitaku.accounts.models import ApiKey, Invitation, Scope, SignInEvent, User
from zaitaku.accounts.queries import get_actor
from zaitaku.accounts.user_actions import issue_link
from zaitaku.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
USERS = "/accounts/users/"
ROLE = {"display_name": "函館 太郎", "role": "municipality", "codes": "01202、01100"}
WELCOME = re.compile(r"http://testserver(/accounts/welcome/[\w-]{43}/)")


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user("admin", User.Role.ADMINISTRATOR, display_name="管理 一郎")
    client.force_login(user)
    return user


@pytest.fixture
def colleague() -> User:
    user = make_user("colleague", User.Role.PREFECTURE, display_name="道庁 花子")
    Scope.objects.create(user=user, code="01")
    return user


def act(client: Client, user: User, what: str, reason: str = "本人の依頼") -> str:
    return str(send(client, f"{USERS}{user.pk}/do/{what}/", reason=reason).content.decode())


def send(client: Client, address: str, **form: str) -> Any:
    """As a browser sends a form without files."""
    kind = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(form), content_type=kind, follow=True)


def test_an_invited_person_sets_a_password_and_signs_in(client: Client, admin: User) -> None:
    assert_sound(client.get(f"{USERS}new/").content.decode())
    page = client.post(f"{USERS}new/", {"username": "hakodate", **ROLE}).content.decode()
    assert_sound(page)
    found = WELCOME.search(page)
    assert found is not None
    assert "招待中" in client.get(USERS).content.decode()
    guest = Client()
    assert_sound(guest.get(found[1]).content.decode())
    answer = guest.post(found[1], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == SIGN_IN
    assert give_password(guest, "hakodate") == "/"
    assert get_actor(User.objects.get(username="hakodate")).codes == {"01202", "01100"}
    ended = guest.get(found[1])
    assert ended.status_code == 404
    assert_sound(ended.content.decode())


def test_a_new_link_ends_the_old_one_and_the_old_password_holds_until_it_is_used(admin: User, colleague: User) -> None:
    old, new = (issue_link(colleague, by=admin, at=timezone.now()) for _ in range(2))
    guest = Client()
    assert guest.get(f"/accounts/welcome/{old}/").status_code == 404
    assert guest.get(f"/accounts/welcome/{new}/").status_code == 200
    assert give_password(guest, "colleague") == "/"


def test_a_link_ends_after_a_week(client: Client, admin: User, colleague: User) -> None:
    secret = issue_link(colleague, by=admin, at=timezone.now() - dt.timedelta(days=7, minutes=1))
    assert client.get(f"/accounts/welcome/{secret}/").status_code == 404


def test_an_account_has_one_open_link(admin: User, colleague: User) -> None:
    issue_link(colleague, by=admin, at=timezone.now())
    with pytest.raises(IntegrityError, match="invitation_one_open_per_user"), transaction.atomic():
        Invitation.objects.create(
            user=colleague,
            digest="0" * 64,
            made_by=admin,
            created_at=timezone.now(),
            expires_at=timezone.now() + dt.timedelta(days=1),
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"codes": "99999"}, "担当地域「99999」は使えません"),
        ({"codes": ""}, "担当地域が必要です"),
        ({"role": "analyst"}, "分析者に担当地域はありません"),
        ({"role_from": "2027-04-01", "role_until": "2026-04-01"}, "開始日より後"),
        ({"username": "ADMIN"}, "すでに使われています"),
        ({"display_name": ""}, "氏名を入力してください"),
    ],
)
def test_a_wrong_invitation_is_explained_and_makes_nobody(
    client: Client, admin: User, wrong: dict[str, str], words: str
) -> None:
    answer = client.post(f"{USERS}new/", {"username": "new", **ROLE, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert_sound(answer.content.decode())
    assert User.objects.count() == 1


def test_a_role_is_changed_with_scope_time_and_reason(client: Client, admin: User, colleague: User) -> None:
    form = {
        "display_name": "道庁 花子",
        "role": "approver",
        "codes": "01",
        "role_until": "2027-03-31",
        "reason": "異動",
    }
    assert_sound(client.get(f"{USERS}{colleague.pk}/role/").content.decode())
    send(client, f"{USERS}{colleague.pk}/role/", **form)
    colleague.refresh_from_db()
    assert (colleague.role, colleague.role_until) == ("approver", dt.date(2027, 3, 31))
    entry = AuditEntry.objects.filter(table="accounts_user", row=str(colleague.pk), after__role="approver").get()
    assert (entry.actor_name, entry.reason, entry.before) == ("管理 一郎", "異動", {"role": "prefecture"})


@pytest.mark.parametrize(
    ("begins", "ends", "role"),
    [(0, 0, "prefecture"), (-1, 1, "prefecture"), (1, 2, "analyst"), (-2, -1, "analyst")],
)
def test_outside_its_time_a_role_only_reads(colleague: User, begins: int, ends: int, role: str) -> None:
    today = timezone.localdate()
    colleague.role_from, colleague.role_until = (today + dt.timedelta(days=days) for days in (begins, ends))
    actor = get_actor(colleague)
    assert actor.role == role
    assert actor.codes == (frozenset({"01"}) if role == "prefecture" else frozenset())


def test_a_stopped_account_is_out_at_once_and_comes_back(client: Client, admin: User, colleague: User) -> None:
    browser = Client()
    browser.force_login(colleague)
    ApiKey.objects.create(user=colleague, name="x", prefix="x", digest="0" * 64, created_at=timezone.now())
    assert "停止しました" in act(client, colleague, "deactivate")
    assert not is_signed_in(browser)
    assert ApiKey.objects.get().revoked_at is not None
    assert "この利用者は停止されています" in Client().post(
        SIGN_IN, {"username": "colleague", "password": PASSWORD}
    ).content.decode() or not is_signed_in(browser)
    act(client, colleague, "reactivate")
    assert give_password(Client(), "colleague") == "/"


def test_nothing_is_done_without_a_reason(client: Client, admin: User, colleague: User) -> None:
    assert "理由を入力してください" in act(client, colleague, "deactivate", reason="")
    colleague.refresh_from_db()
    assert colleague.is_active


def test_the_last_administrator_stays_one(client: Client, admin: User) -> None:
    assert "自分のアカウントは停止できず" in act(client, admin, "deactivate")
    answer = client.post(f"{USERS}{admin.pk}/role/", {"display_name": "x", "role": "analyst"})
    assert "自分のアカウントは停止できず" in answer.content.decode()
    admin.refresh_from_db()
    assert (admin.is_active, admin.role) == (True, "administrator")


def test_a_reset_is_noted_with_who_and_why(client: Client, admin: User) -> None:
    approver = make_user()
    make_app(approver)
    page = act(client, approver, "reset", "端末の紛失。職員証で確認")
    assert "未登録（次のログインで登録）" in page
    assert_sound(page)
    event = SignInEvent.objects.get(outcome="reset")
    assert (event.user, event.by, event.detail) == (approver, admin, "端末の紛失。職員証で確認")
    entry = AuditEntry.objects.get(table="otp_totp_totpdevice", action="DELETE")
    assert (entry.actor_name, entry.reason) == ("管理 一郎", "端末の紛失。職員証で確認")


def test_an_administrator_opens_a_locked_name(client: Client, admin: User, colleague: User) -> None:
    guest = Client()
    for _ in range(5):
        guest.post(SIGN_IN, {"username": "colleague", "password": "wrong"})
    assert "一時的に止めています" in client.get(f"{USERS}{colleague.pk}/").content.decode()
    act(client, colleague, "unlock")
    assert give_password(guest, "colleague") == "/"


def test_the_list_asks_the_same_however_many_there_are(client: Client, admin: User, colleague: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(USERS)
        return len(captured)

    client.get(USERS)
    few = queries()
    for number in range(5):
        Scope.objects.create(user=make_user(f"u{number}", User.Role.PREFECTURE), code="02")
    assert queries() == few


def test_the_list_is_narrowed(client: Client, admin: User, colleague: User) -> None:
    assert "colleague" in client.get(f"{USERS}?code=01&role=prefecture&state=active").content.decode()
    assert "当てはまる利用者はいません" in client.get(f"{USERS}?code=02").content.decode()


def test_the_log_of_everybody_is_for_administrators_and_ones_own_for_oneself(
    client: Client, admin: User, colleague: User
) -> None:
    browser = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0")
    browser.post(SIGN_IN, {"username": "colleague", "password": PASSWORD}, REMOTE_ADDR="192.0.2.77")
    own = browser.get("/accounts/sign-ins/own/").content.decode()
    assert "192.0.2.x" in own
    assert "Edge・Windows" in own
    assert_sound(own)
    assert browser.get("/accounts/sign-ins/").status_code == 403
    whole = client.get("/accounts/sign-ins/?q=colle&outcome=succeeded")
    assert "192.0.2.x" in whole.content.decode()
    assert_sound(whole.content.decode())
    lines = client.get("/accounts/sign-ins/?format=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("日時,利用者名,氏名,結果")
    assert "192.0.2.77" not in "".join(lines)


def test_the_log_is_not_changed_and_forgets_after_a_year_alone(colleague: User) -> None:
    for days in (1, 364, 367):
        SignInEvent.objects.create(username="x", outcome="failed", at=timezone.now() - dt.timedelta(days=days))
    for change in (SignInEvent.objects.filter(username="x").update, SignInEvent.objects.all().delete):
        with pytest.raises(IntegrityError, match="sign-in log"), transaction.atomic():
            change(**({"username": "y"} if change.__name__ == "update" else {}))
    assert forget_old_sign_ins() == 1
    assert SignInEvent.objects.count() == 2
