"""Load the fixtures into the database."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from intake.management.families import FAMILIES
from zaitaku.sources.fixtures import is_loaded, mark_loaded


class Command(BaseCommand):
    """`load_fixtures`: each family in one transaction; a family the database already holds is passed over."""

    help = "fixtures/ の基礎データを読み込みます。読み込み済みで変わりのないものは飛ばします。"

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=Path, default=settings.BASE_DIR / "fixtures", dest="folder")
        parser.add_argument("--again", action="store_true", help="読み込み済みでも、もう一度読み込む")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        has_loaded = False
        for family, module in FAMILIES:
            started = time.monotonic()
            if is_loaded(folder, family) and not options["again"]:
                self.stdout.write(f"{family}: 読み込み済み")
                continue
            with transaction.atomic():
                counts = module.load(folder)
                mark_loaded(folder, family)
            has_loaded = True
            said = "、".join(f"{name} {count:,}" for name, count in counts.items())
            self.stdout.write(f"{family}: {said}（{time.monotonic() - started:.1f}秒）")
            self.stdout.flush()
        if has_loaded:
            _analyze()


def _analyze() -> None:
    """Tell the planner what was loaded: the indicators are computed before the server would look by itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE indicators_item, indicators_observation, indicators_inputchange, sources_sourcefile")
