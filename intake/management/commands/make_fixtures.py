"""Rebuild the fixtures from the official files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.management.families import FAMILIES
from zaitaku.lib.problems import FileRefused
from zaitaku.sources.fixtures import FILENAME, write_sources_page


class Command(BaseCommand):
    """`make_fixtures ../shared/data`: the same official files always give the same bytes."""

    help = "公表資料から fixtures/ を作り直します。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("data", type=Path, help="公表資料のあるフォルダー")
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "fixtures", help="書き出し先")

    def handle(self, *args: Any, **options: Any) -> None:
        data, folder = options["data"], options["into"]
        if not data.is_dir():
            raise CommandError(f"公表資料のフォルダー {data} がありません。")
        (folder / FILENAME).unlink(missing_ok=True)
        for family, module in FAMILIES:
            started = time.monotonic()
            try:
                module.write(folder, data)
            except FileRefused as error:
                raise CommandError(f"{family}: {error}") from error
            self.stdout.write(f"{family}: 作成しました（{time.monotonic() - started:.1f}秒）")
        write_sources_page(folder)
