"""Bring the 機関台帳 to the state of the stored registers; imports do the same by themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from institutions.actions.bodies import follow_registers
from institutions.models import Body, Institution


class Command(BaseCommand):
    """`follow_registers`: for a database whose registers were loaded by an earlier version."""

    help = "機関台帳を、取込済みの名簿に合わせます。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="機関台帳が空のときだけ")

    def handle(self, *args: Any, **options: Any) -> None:
        is_needed = Institution.objects.exists() and not Body.objects.filter(institution__isnull=False).exists()
        if options["if_needed"] and not is_needed:
            return
        self.stdout.write(f"機関台帳：{follow_registers():,}件を更新しました")
