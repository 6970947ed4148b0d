"""`python manage.py set_role USER ROLE [--scope CODE…]`: what a user may do, and where."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaitaku.accounts.actions import set_role
from zaitaku.accounts.models import User
from zaitaku.accounts.scopes import scope_problem


class Command(BaseCommand):
    """Also the way to the first 管理者: `createsuperuser` makes an account with the role 分析者."""

    help = "利用者の役割と担当地域を決めます。担当地域は、指定したものに置き換わります。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role by its code or its Japanese name."""
        roles = "、".join(f"{role.value}（{role.label}）" for role in User.Role)
        parser.add_argument("username", metavar="USER", help="利用者名")
        parser.add_argument("role", metavar="ROLE", help=f"役割：{roles}")
        parser.add_argument("--scope", nargs="+", default=[], metavar="CODE", help="担当地域のコード")

    def handle(self, *args: Any, username: str, role: str, scope: Sequence[str], **options: Any) -> None:
        """Everything is checked before anything is changed."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(
                f"利用者「{username}」はいません。createsuperuser で作ってから、もう一度実行してください。"
            )
        chosen, codes = _role(role), sorted(set(scope))
        if problem := scope_problem(chosen, codes):
            raise CommandError(f"{problem}（--scope）")
        set_role(user, role=chosen, codes=codes)
        self.stdout.write(f"{username}：{chosen.label}（担当地域：{'、'.join(codes) or 'なし'}）")


def _role(text: str) -> User.Role:
    for role in User.Role:
        if text in (role.value, role.label):
            return role
    choices = "、".join(f"{role.value}（{role.label}）" for role in User.Role)
    raise CommandError(f"役割「{text}」はありません。次から選んでください：{choices}")
