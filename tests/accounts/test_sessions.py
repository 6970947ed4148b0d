"""How long a sign-in lasts, and that nothing written is lost when it ends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.second_step import PASSWORD, SIGN_IN, is_signed_in, make_user
from tests.html import assert_sound
from zaitaku.accounts.kept_forms import LARGEST, find_kept_form, keep_form
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.sessions import TimeLeft, begin, note_action, time_left

pytestmark = pytest.mark.django_db
BEGAN = dt.datetime(2026, 11, 2, 0, 0, tzinfo=dt.UTC)
BROWSER = "text/html,application/xhtml+xml"
Age = Callable[..., None]


@pytest.fixture
def official(client: Client) -> User:
    user = make_user("official", User.Role.PREFECTURE)
    client.force_login(user)
    return user


@pytest.fixture
def age(client: Client, official: User) -> Age:
    """Make the session of the test as old as one likes."""

    def make_old(*, seen: dt.timedelta = dt.timedelta(0), began: dt.timedelta = dt.timedelta(0)) -> None:
        session = client.session
        session["seen_at"] -= int(seen.total_seconds())
        session["signed_in_at"] -= int(max(began, seen).total_seconds())
        session.save()

    return make_old


def test_time_runs_by_the_hour_without_an_action_and_by_half_a_day_in_any_case() -> None:
    session: dict[str, object] = {}
    assert time_left(session, now=BEGAN).seconds < 0
    begin(session, now=BEGAN)
    assert time_left(session, now=BEGAN) == TimeLeft(idle=3600, longest=43200)
    note_action(session, now=BEGAN + dt.timedelta(minutes=40))
    left = time_left(session, now=BEGAN + dt.timedelta(minutes=50))
    assert (left.seconds, left.can_go_on) == (3000, True)
    note_action(session, now=BEGAN + dt.timedelta(hours=11, minutes=50))
    left = time_left(session, now=BEGAN + dt.timedelta(hours=11, minutes=55))
    assert (left.seconds, left.can_go_on) == (300, False)


@pytest.mark.parametrize("old", [{"seen": dt.timedelta(minutes=61)}, {"began": dt.timedelta(hours=12, minutes=1)}])
def test_after_its_time_nobody_is_signed_in_any_more(client: Client, age: Age, old: dict[str, dt.timedelta]) -> None:
    age(**old)
    assert client.get("/accounts/profile/")["Location"].startswith(SIGN_IN)
    assert "ログインの期限が切れました" in client.get(f"{SIGN_IN}?next=/plans/").content.decode()
    assert [event.outcome for event in SignInEvent.objects.all()] == ["ended"]


def test_an_action_makes_it_last_and_asking_for_the_time_does_not(client: Client, age: Age) -> None:
    age(seen=dt.timedelta(minutes=50))
    assert client.get("/accounts/session/").json()["seconds"] <= 600
    assert client.post("/accounts/session/").json() == {"seconds": 3600, "can_go_on": True}
    age(seen=dt.timedelta(minutes=50))
    client.get("/accounts/profile/")
    assert client.get("/accounts/session/").json()["seconds"] > 3500


def test_the_idle_time_is_a_setting(client: Client, age: Age, settings: Settings) -> None:
    settings.SESSION_IDLE_SECONDS = 600
    age(seen=dt.timedelta(minutes=11))
    assert not is_signed_in(client)


def test_a_form_sent_too_late_comes_back_after_signing_in(client: Client, age: Age, official: User) -> None:
    age(seen=dt.timedelta(hours=2))
    written = {"text": "書いた本文\n二行目", "base": "3", "csrfmiddlewaretoken": "x"}
    answer = client.post("/plans/chapters/7/edit/", written, HTTP_ACCEPT=BROWSER)
    assert answer["Location"].startswith(f"{SIGN_IN}?next=/accounts/kept/")
    page = client.get(answer["Location"]).content.decode()
    assert "送ろうとした内容は預かっています" in page
    there = re.findall(r'name="next" value="([^"]+)"', page)[-1]  # the frame has a form with one of its own
    back = client.post(SIGN_IN, {"username": "official", "password": PASSWORD, "next": there})
    kept = client.get(back["Location"]).content.decode()
    assert_sound(kept)
    assert 'action="/plans/chapters/7/edit/"' in kept
    assert "書いた本文\n二行目" in kept
    assert '<input type="hidden" name="base" value="3">' in kept
    client.post(there)
    assert client.get(there).status_code == 404


def test_what_was_kept_belongs_to_one_account(client: Client, official: User) -> None:
    token = keep_form(official, path="/plans/", fields={"text": ["meins"]}, now=timezone.now())
    client.force_login(make_user("other", User.Role.PREFECTURE))
    assert client.get(f"/accounts/kept/{token}/").status_code == 404
    assert client.post(f"/accounts/kept/{token}/").status_code == 302
    assert find_kept_form(official, token) is not None


def test_neither_passwords_nor_whole_libraries_are_kept(official: User) -> None:
    now = timezone.now()
    assert not keep_form(official, path="/x/", fields={"old_password": ["p"], "code": ["1"], "token": ["t"]}, now=now)
    assert not keep_form(official, path="/x/", fields={"text": ["x" * (LARGEST + 1)]}, now=now)


def test_a_script_is_told_with_401_and_words(client: Client, age: Age) -> None:
    age(seen=dt.timedelta(hours=2))
    answer = client.post("/plans/chapters/7/draft/", {"text": "x"}, HTTP_ACCEPT="*/*")
    assert answer.status_code == 401
    assert "ログインの期限が切れています" in answer.json()["message"]
    assert client.post("/accounts/session/", HTTP_ACCEPT="*/*").status_code == 401


def test_a_forged_form_is_not_kept(official: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(official)
    session = strict.session
    session["seen_at"] = 0
    session.save()
    answer = strict.post("/plans/chapters/7/edit/", {"text": "forged"}, HTTP_ACCEPT=BROWSER)
    assert answer.status_code == 403


def test_a_visitor_without_a_session_costs_nothing(client: Client) -> None:
    assert "Cookie" not in client.get("/healthz").get("Vary", "")
