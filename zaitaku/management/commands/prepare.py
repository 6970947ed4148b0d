"""`manage.py prepare`: bring database, static files, reference data, indicators and demo accounts to this version."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from zaitaku.audit.actions import grant_to_site


class Command(BaseCommand):
    """Idempotent and quick when nothing has changed: each costly step keeps a stamp of what it last worked on."""

    # All checks would import every page (a second of each start); those of the assets are the ones set-up can break.
    requires_system_checks = (Tags.staticfiles,)
    help = "Migrate, collect static files, load the reference data, compute indicators, make the demo (accounts, plan)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo-accounts", action="store_true", help="For production: make no demo.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._say("bringing the database to this version")
        call_command("migrate", verbosity=0, interactive=False)
        if site := os.environ.get("DATABASE_SITE_URL"):
            grant_to_site(urlsplit(site).username or "")
        self._collect_static_files()
        self._say("loading the reference data")
        call_command("load_fixtures", stdout=self.stdout, stderr=self.stderr)
        call_command("follow_registers", "--if-needed", stdout=self.stdout, stderr=self.stderr)
        call_command("measure_access", "--if-needed", stdout=self.stdout, stderr=self.stderr)
        call_command("sync_definitions", stdout=self.stdout, stderr=self.stderr)
        # In this process: a start that has nothing to compute then costs no further process, and waits for no worker.
        call_command("compute_indicators", "--if-needed", "--inline", stdout=self.stdout, stderr=self.stderr)
        if not options["no_demo_accounts"]:
            call_command("create_demo_accounts", stdout=self.stdout, stderr=self.stderr)
            call_command("create_demo_plan", stdout=self.stdout, stderr=self.stderr)

    def _say(self, what: str) -> None:
        self.stdout.write(f"· {what} …")
        self.stdout.flush()

    def _collect_static_files(self) -> None:
        folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
        stamp = Stamp("static", _fingerprint(folders))
        if stamp.holds and Path(settings.STATIC_ROOT, "staticfiles.json").is_file():
            return
        self._say("collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.keep()


class Stamp:
    """What a step last worked on, in the state folder."""

    def __init__(self, name: str, content: str) -> None:
        self.path = Path(settings.STATE_DIR) / f"{name}.stamp"
        self.content = content

    @property
    def holds(self) -> bool:
        """Whether nothing has changed since the step was last done."""
        return self.path.is_file() and self.path.read_text() == self.content

    def keep(self) -> None:
        """Note that the step is done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.content)


def _files(paths: Iterable[Path]) -> list[Path]:
    found = [path for start in paths for path in ([start] if start.is_file() else start.rglob("*"))]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _fingerprint(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of all files below the paths."""
    digest = hashlib.sha256()
    for path in _files(paths):
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
