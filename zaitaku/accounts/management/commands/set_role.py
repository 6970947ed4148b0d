"""`python manage.py set_role USER ROLE [--scope CODE…]`: what a user may do, and where."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaitaku.accounts.actions import set_role
from zaitaku.accounts.models import User
from zaitaku.lib.prefectures import prefecture

# Digits of the codes a role works with (see zaitaku.accounts.permissions); the other roles work without a scope.
CODE_LENGTH = {User.Role.PREFECTURE: 2, User.Role.APPROVER: 2, User.Role.MUNICIPALITY: 5}
MEANING = {2: "都道府県コード（2桁。例：01）", 5: "市区町村コード（5桁。例：01202）"}


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
        _check_scope(chosen, codes)
        set_role(user, role=chosen, codes=codes)
        self.stdout.write(f"{username}：{chosen.label}（担当地域：{'、'.join(codes) or 'なし'}）")


def _role(text: str) -> User.Role:
    for role in User.Role:
        if text in (role.value, role.label):
            return role
    choices = "、".join(f"{role.value}（{role.label}）" for role in User.Role)
    raise CommandError(f"役割「{text}」はありません。次から選んでください：{choices}")


def _check_scope(role: User.Role, codes: Sequence[str]) -> None:
    """A role that works somewhere needs to know where, and with codes of its own level."""
    length = CODE_LENGTH.get(role)
    if length is None:
        if codes:
            raise CommandError(f"{role.label}に担当地域はありません。--scope を付けずに実行してください。")
        return
    if not codes:
        raise CommandError(f"{role.label}には担当地域が必要です。--scope に{MEANING[length]}を付けてください。")
    for code in codes:
        if not re.fullmatch(f"[0-9]{{{length}}}", code) or prefecture(code[:2]) is None:
            raise CommandError(f"担当地域「{code}」は使えません。{role.label}の担当地域は{MEANING[length]}です。")
