"""Files handed in are checked and taken in by a real worker; kill -9 in the middle of it loses and doubles nothing."""

from __future__ import annotations

import datetime as dt
import os
import signal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from indicators.models import Observation
from institutions.models import Institution
from intake import tasks
from intake.importers import ONE_IMPORT_AT_A_TIME
from intake.models import Upload
from tests.institutions.lists import content, make_regions, row
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.jobs import actions
from zaitaku.jobs.models import Job
from zaitaku.processes import Child, wait_until
from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 90


@pytest.fixture
def folder_of_the_worker(running_worker: Child, settings: Settings) -> None:
    settings.MEDIA_ROOT = Path(running_worker.environment["ZAITAKU_STATE"]) / "media"


def has_status(upload: Upload, status: str) -> bool:
    upload.refresh_from_db()
    return upload.status == status


def is_over(job: Job) -> bool:
    job.refresh_from_db()
    return job.finished_at is not None


def test_a_worker_killed_while_it_takes_a_file_in_takes_it_in_after_its_restart(
    running_worker: Child, folder_of_the_worker: None
) -> None:
    make_regions()
    official = make_user("hokkaido", role=User.Role.PREFECTURE, codes=("01",))
    upload = tasks.hand_in(SimpleUploadedFile("名簿.xlsx", content([row(1, "支援診３"), row(2)])), by=official)
    checked = wait_until(lambda: has_status(upload, Upload.Status.READY), seconds=SECONDS)
    assert checked, running_worker.last_words()
    assert not Institution.objects.exists()

    # Somebody else imports, so that the worker is caught after reading the file and before storing it.
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        tasks.take_in(upload, by=official)
        assert wait_until(_is_waiting, seconds=SECONDS), running_worker.last_words()
        os.killpg(running_worker.pid, signal.SIGKILL)
        running_worker.wait_or_kill(patience=0)
    finally:
        other.close()
    upload.refresh_from_db()
    assert upload.status == Upload.Status.APPLYING
    assert not SourceFile.objects.exists()

    running_worker.start()
    job = upload.job
    assert job is not None
    assert wait_until(lambda: _lock_is_free(job), seconds=30)
    actions.restart_stale_jobs(now=timezone.now() + dt.timedelta(seconds=actions.STALE_SECONDS + 1))
    assert wait_until(lambda: is_over(job), seconds=SECONDS), running_worker.last_words()
    assert (job.status, job.attempts, job.error) == (Job.Status.SUCCEEDED, 2, "")
    assert has_status(upload, Upload.Status.APPLIED)
    assert Institution.objects.count() == 2
    assert SourceFile.objects.count() == 1
    assert Observation.objects.filter(source=upload.source).exists()
    assert ImportRun.objects.filter(status=ImportRun.Status.APPLIED).count() == 1
    # The indicators that follow from it were asked for.
    computation = Job.objects.get(kind="compute_indicators")
    assert wait_until(lambda: is_over(computation), seconds=SECONDS), running_worker.last_words()


def _is_waiting() -> bool:
    """The worker waits for the lock of imports."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def _lock_is_free(job: Job) -> bool:
    """The server notices that the killed worker's connection is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [job.pk])
        return bool(cursor.fetchone() == (0,))
