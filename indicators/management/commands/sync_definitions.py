"""Bring the index of indicators up to the definition files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions.registry import DefinitionRefused


class Command(BaseCommand):
    """`sync_definitions`: takes all definition files or none."""

    help = "指標の定義ファイルをデータベースに反映します。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = sync_definitions()
        except DefinitionRefused as refusal:
            raise CommandError(f"定義ファイルに直すところがあります。\n{refusal}") from refusal
        self.stdout.write("指標の定義：新規{new}、変更{changed}、変更なし{unchanged}".format(**counts))
