"""Compute indicators through a Celery worker, or in this process."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.actions.compute import find_outdated
from indicators.definitions.registry import DefinitionRefused, UnknownIndicator, get_definition
from indicators.tasks import start_computation
from zaitaku.jobs.models import Job
from zaitaku.jobs.queries import is_unfinished
from zaitaku.jobs.running import run_job

# So long a worker may leave the job waiting before this process does it itself.
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.3


class Command(BaseCommand):
    """`compute_indicators [--if-needed] [--no-wait | --inline] [CODE …]`."""

    help = "指標を計算します。コードを指定しなければ、データのある指標をすべて計算します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="指標コード（例 DAY_S22）")
        parser.add_argument("--if-needed", action="store_true", help="資料・定義・地域が変わった指標だけ計算する")
        parser.add_argument("--no-wait", action="store_true", help="依頼だけして終わる")
        parser.add_argument("--inline", action="store_true", help="ワーカーに渡さず、このプロセスで計算する")

    def handle(self, *args: Any, **options: Any) -> None:
        codes: tuple[str, ...] = tuple(options["codes"])
        try:
            for code in codes:
                get_definition(code)
            if options["if_needed"] and not find_outdated(codes):
                self.stdout.write("指標：すべて計算済み")
                return
        except (DefinitionRefused, UnknownIndicator) as error:
            raise CommandError(str(error)) from error
        job = start_computation(codes=codes, if_needed=options["if_needed"])
        if options["inline"]:
            run_job(job.pk)
        if not options["no_wait"]:
            self._follow(job)

    def _follow(self, job: Job) -> None:
        """Print the progress until the job is finished."""
        started, said = time.monotonic(), ""
        while True:
            job.refresh_from_db()
            line = f"{job.get_status_display()} {job.done}/{job.total} {job.message}"
            if line != said:
                self.stdout.write(line)
                self.stdout.flush()
                said = line
            if not is_unfinished(job):
                break
            if job.status == Job.Status.QUEUED and time.monotonic() - started > PATIENCE_SECONDS:
                self.stdout.write("ワーカーが始めないため、このプロセスで計算します。")
                run_job(job.pk)
            time.sleep(POLL_SECONDS)
        if job.status != Job.Status.SUCCEEDED:
            raise CommandError(job.error or "計算は中止されました。")
