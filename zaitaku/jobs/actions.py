"""Everything that happens to a job: registered, taken up by one worker, finished, cancelled, taken up again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job

# A worker shows a sign of life every BEAT_SECONDS; without one for STALE_SECONDS it is taken for dead.
BEAT_SECONDS = 2.0
STALE_SECONDS = 20
MAX_ATTEMPTS = 3
RUN_TASK = "zaitaku.jobs.tasks.run_job"
UNFINISHED = (Job.Status.QUEUED, Job.Status.RUNNING)
GIVEN_UP = "処理の途中で作業プロセスが{attempts}回止まったため、中断しました。以前の結果はそのままです。"

_LOCK_SPACE = 0x4A4F42  # "JOB": our half of the two-part key of an advisory lock
_log = logging.getLogger(__name__)


def enqueue(kind: str, *, title: str, parameters: Mapping[str, Any], by: User | None = None) -> Job:
    """Register a job and hand it to a worker once the surrounding transaction is committed."""
    job = Job.objects.create(kind=kind, title=title, parameters=dict(parameters), by=by)
    transaction.on_commit(lambda: _send(job.pk))
    return job


def lock(job_id: int) -> bool:
    """Take the job's lock for this database connection. The server frees it with the connection, even after kill -9."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, job_id])
        return bool(cursor.fetchone()[0])


def unlock(job_id: int) -> None:
    """Give the lock back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, job_id])


def claim(job_id: int) -> Job | None:
    """Mark a job that waits, or whose worker died, as running; None if it is finished. The caller holds its lock."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, status__in=UNFINISHED)
    if not waiting.update(
        status=Job.Status.RUNNING, attempts=F("attempts") + 1, started_at=now, heartbeat_at=now, done=0, total=0
    ):
        return None
    return Job.objects.get(pk=job_id)


def beat(job: Job, *, done: int, total: int, message: str) -> bool:
    """Store a sign of life and the progress. Returns whether somebody asked to cancel."""
    total = max(done, total)
    Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(
        heartbeat_at=timezone.now(), done=done, total=total, message=message[:300]
    )
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def succeed(job: Job, *, result: Mapping[str, Any], message: str) -> None:
    """Finish a job with its result."""
    _finish(job, status=Job.Status.SUCCEEDED, result=dict(result), message=message[:300], done=F("total"))


def fail(job: Job, *, reason: str) -> None:
    """Finish a job with the reason why it failed."""
    _finish(job, status=Job.Status.FAILED, error=reason)


def stop(job: Job) -> None:
    """Finish a job that was cancelled while it ran."""
    _finish(job, status=Job.Status.CANCELLED, message="中止しました。以前の結果はそのままです。")


@transaction.atomic
def request_cancel(job_id: int, *, by: User | None) -> Job:
    """Cancel a job: one that waits at once, one that runs at its next step. A finished job stays as it is."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.status == Job.Status.QUEUED:
        stop(job)
    elif job.status == Job.Status.RUNNING:
        Job.objects.filter(pk=job_id).update(cancel_requested=True)
    _log.info("job %s: cancel requested by %s", job_id, by)
    job.refresh_from_db()
    return job


def restart_stale_jobs(*, now: dt.datetime | None = None) -> dict[str, int]:
    """Hand jobs without a sign of life to a worker again; give up on those that were tried `MAX_ATTEMPTS` times.

    Waiting jobs whose message the broker lost are handed over again too: that is harmless, as a job is claimed once.
    """
    now = now or timezone.now()
    silent = now - dt.timedelta(seconds=STALE_SECONDS)
    stale = Job.objects.filter(Q(heartbeat_at__lt=silent) | Q(heartbeat_at=None), status=Job.Status.RUNNING)
    given_up = 0
    for job in stale.filter(attempts__gte=MAX_ATTEMPTS):
        fail(job, reason=GIVEN_UP.format(attempts=job.attempts))
        given_up += 1
    again = list(stale.values_list("pk", flat=True))
    stale.filter(pk__in=again).update(status=Job.Status.QUEUED, heartbeat_at=now)
    waiting = Job.objects.filter(status=Job.Status.QUEUED).exclude(pk__in=again)
    lost = list(
        waiting.filter(Q(heartbeat_at__lt=silent) | Q(heartbeat_at=None, created_at__lt=silent)).values_list(
            "pk", flat=True
        )
    )
    Job.objects.filter(pk__in=lost, status=Job.Status.QUEUED).update(heartbeat_at=now)
    for pk in (*again, *lost):
        _send(pk)
    return {"restarted": len(again), "sent_again": len(lost), "given_up": given_up}


def _send(job_id: int) -> None:
    current_app.send_task(RUN_TASK, args=[job_id])


def _finish(job: Job, **values: Any) -> None:
    Job.objects.filter(pk=job.pk, status__in=UNFINISHED).update(finished_at=timezone.now(), **values)
    job.refresh_from_db()
