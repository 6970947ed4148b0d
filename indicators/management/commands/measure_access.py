"""Store access to care as figures; imports and every night do the same by themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.actions.access_figures import store_access_figures
from zaitaku.sources.models import SourceFile


class Command(BaseCommand):
    """`measure_access`: for a database whose lists were loaded with the reference data."""

    help = "在宅医療へのアクセスを、取込済みの名簿と人口から計算します。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="まだ計算していないときだけ")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_needed"] and SourceFile.objects.filter(kind=SourceFile.Kind.COMPUTED).exists():
            return
        self.stdout.write(f"在宅医療へのアクセス：{store_access_figures(by=None):,}件の値を登録しました")
