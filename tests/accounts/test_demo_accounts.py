"""Demo accounts: one a role, passwords shown once, never in production, never somebody else's account."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, dict[str, str]]:
    """Output of the command, and the passwords it printed by username."""
    out = StringIO()
    call_command("create_demo_accounts", *arguments, stdout=out)
    return out.getvalue(), dict(re.findall(r"^  (demo-\S+)\s+(\S+)", out.getvalue(), re.MULTILINE))


def test_there_is_one_account_for_each_role_and_its_password_works() -> None:
    _, passwords = run()
    accounts = User.objects.filter(is_demo=True)
    assert sorted(accounts.values_list("role", flat=True)) == sorted(User.Role.values)
    assert all(account.check_password(passwords[account.username]) for account in accounts)
    assert all(account.display_name.startswith("デモ") for account in accounts)
    assert list(accounts.get(role="prefecture").scopes.values_list("code", flat=True)) == ["01"]


def test_a_second_run_shows_no_password_and_keeps_the_first_ones() -> None:
    _, passwords = run()
    output, shown = run()
    assert not shown
    assert not any(password in output for password in passwords.values())
    assert User.objects.get(username="demo-pref").check_password(passwords["demo-pref"])


def test_reset_makes_new_passwords() -> None:
    _, first = run()
    _, second = run("--reset")
    assert set(first) == set(second)
    assert not set(first.values()) & set(second.values())
    assert User.objects.get(username="demo-admin").check_password(second["demo-admin"])


def test_production_gets_no_demo_accounts(settings: Settings) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="本番環境"):
        run()
    assert not User.objects.exists()


def test_a_real_account_of_the_same_name_is_left_alone() -> None:
    user = User.objects.create_user("demo-pref", password="her own password")
    with pytest.raises(CommandError, match="demo-pref"):
        run("--reset")
    user.refresh_from_db()
    assert user.check_password("her own password")
    assert User.objects.count() == 1
