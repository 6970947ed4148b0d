"""Roles from the command line: the way from a fresh installation to its first 管理者."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako() -> User:
    return User.objects.create_user("hanako", password="a password of hers")


def run(*arguments: str) -> str:
    """Output of the command."""
    out = StringIO()
    call_command("set_role", *arguments, stdout=out)
    return out.getvalue()


def scope(user: User) -> list[str]:
    """Codes in order."""
    return sorted(user.scopes.values_list("code", flat=True))


def test_the_account_of_createsuperuser_becomes_an_administrator() -> None:
    call_command("createsuperuser", username="first", email="", interactive=False, stdout=StringIO())
    assert run("first", "administrator") == "first：管理者（担当地域：なし）\n"
    assert User.objects.get(username="first").role == User.Role.ADMINISTRATOR


def test_a_role_may_be_named_in_japanese_and_its_scope_replaces_the_one_before(hanako: User) -> None:
    run("hanako", "都道府県担当", "--scope", "01", "13")
    assert run("hanako", "都道府県担当", "--scope", "13", "47") == "hanako：都道府県担当（担当地域：13、47）\n"
    assert scope(hanako) == ["13", "47"]


def test_a_role_without_scope_ends_the_scope_of_before(hanako: User) -> None:
    run("hanako", "municipality", "--scope", "01202")
    run("hanako", "working_group")
    assert scope(hanako) == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["taro", "administrator"], "利用者「taro」はいません"),
        (["hanako", "king"], "役割「king」はありません"),
        (["hanako", "prefecture"], "都道府県担当には担当地域が必要です"),
        (["hanako", "approver", "--scope", "01202"], "担当地域「01202」は使えません"),
        (["hanako", "municipality", "--scope", "01"], "担当地域「01」は使えません"),
        (["hanako", "prefecture", "--scope", "48"], "担当地域「48」は使えません"),
        (["hanako", "municipality", "--scope", "０１２０２"], "担当地域「０１２０２」は使えません"),
        (["hanako", "analyst", "--scope", "01"], "分析者に担当地域はありません"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(hanako: User, arguments: list[str], reason: str) -> None:
    run("hanako", "prefecture", "--scope", "13")
    with pytest.raises(CommandError, match=reason):
        run(*arguments)
    hanako.refresh_from_db()
    assert (hanako.role, scope(hanako)) == ("prefecture", ["13"])
