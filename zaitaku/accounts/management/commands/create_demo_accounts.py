"""`python manage.py create_demo_accounts`: one account a role, for trying the system on the own machine."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zaitaku.accounts.actions import save_demo_account
from zaitaku.accounts.models import User


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account: what it signs in as, its role, its name on the pages, the codes of its scope."""

    username: str
    role: User.Role
    display_name: str
    codes: tuple[str, ...] = ()


ACCOUNTS = (
    DemoAccount("demo-pref", User.Role.PREFECTURE, "デモ北海道", ("01",)),
    DemoAccount("demo-approver", User.Role.APPROVER, "デモ北海道", ("01",)),
    DemoAccount("demo-city", User.Role.MUNICIPALITY, "デモ函館市", ("01202",)),
    DemoAccount("demo-wg", User.Role.WORKING_GROUP, "デモ構成員"),
    DemoAccount("demo-analyst", User.Role.ANALYST, "デモ分析"),
    DemoAccount("demo-admin", User.Role.ADMINISTRATOR, "デモ管理"),
)


class Command(BaseCommand):
    # Of no page is anything needed here; `make check` runs the checks.
    requires_system_checks = ()
    help = "デモ用の利用者を役割ごとに1つ作り、パスワードを一度だけ表示します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--reset` gives the accounts that exist new passwords."""
        parser.add_argument("--reset", action="store_true", help="既にあるデモ利用者のパスワードも作り直して表示する")

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        """Create what is missing; print the passwords that were made, never to be shown again."""
        names = [account.username for account in ACCOUNTS]
        if settings.IS_PRODUCTION:
            raise CommandError("本番環境（ZAITAKU_ENV=production）ではデモ用の利用者を作れません。")
        found = dict(User.objects.filter(username__in=names).values_list("username", "is_demo"))
        if taken := sorted(name for name, is_demo in found.items() if not is_demo):
            raise CommandError(
                f"利用者名「{'・'.join(taken)}」はデモではない利用者が使っています。何も変えていません。"
            )
        made = [_save(account, keep=account.username in found and not reset) for account in ACCOUNTS]
        lines = [line for line in made if line]
        if not lines:
            self.stdout.write(
                "デモ用の利用者は作成済みです。パスワードを忘れたときは --reset を付けると新しく作ります。"
            )
            return
        self.stdout.write("デモ用の利用者（パスワードは今回だけ表示します）")
        for line in lines:
            self.stdout.write(line)


def _save(account: DemoAccount, *, keep: bool) -> str:
    """Save one account and return the line to print; nothing if the password was kept."""
    password = None if keep else secrets.token_urlsafe(12)
    save_demo_account(
        account.username,
        role=account.role,
        display_name=account.display_name,
        codes=account.codes,
        password=password,
    )
    return f"  {account.username:<14} {password}  {account.role.label}" if password else ""
