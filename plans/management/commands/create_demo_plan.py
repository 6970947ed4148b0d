"""`python manage.py create_demo_plan`: the invented plan of the demo accounts, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from plans.models import Plan
from zaitaku.accounts.models import User

_NAMES = {"official": "demo-pref", "approver": "demo-approver", "city": "demo-city"}


class Command(BaseCommand):
    help = "デモ用の架空の計画を1つ作ります（すでにあれば何もしません）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the plan with the demo accounts as those who act."""
        if settings.IS_PRODUCTION:
            raise CommandError("本番環境（ZAITAKU_ENV=production）ではデモ用の計画を作れません。")
        if Plan.objects.filter(is_demo=True).exists():
            self.stdout.write("デモ用の計画は作成済みです。")
            return
        accounts = User.objects.filter(username__in=_NAMES.values(), is_demo=True).in_bulk(field_name="username")
        if missing := sorted(set(_NAMES.values()) - set(accounts)):
            raise CommandError(
                f"デモ用の利用者（{'・'.join(missing)}）がいません。create_demo_accounts を先に実行してください。"
            )
        # Here, so that a start that has nothing to make does not wait for everything a plan is made with.
        from plans.demo.making import make_demo_plan
        from plans.demo.script import People
        from zaitaku.audit.actions import acting_as

        people = People(**{part: accounts[name] for part, name in _NAMES.items()})
        with acting_as(people.official, reason="デモの作成"):
            made = make_demo_plan(people=people, today=timezone.localdate())
        self.stdout.write(
            "デモ用の計画を作りました。" if made else "計画がすでにあるため、デモ用の計画は作りませんでした。"
        )
