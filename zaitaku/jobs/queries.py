"""Jobs as the status pages show them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_compute
from zaitaku.accounts.queries import get_actor
from zaitaku.jobs.actions import UNFINISHED
from zaitaku.jobs.models import Job


def recent_jobs(*, limit: int = 50) -> QuerySet[Job]:
    """The newest jobs, those that wait or run first."""
    return Job.objects.select_related("by").order_by("finished_at", "-created_at").reverse()[:limit]


def is_unfinished(job: Job) -> bool:
    """Whether the job waits or runs."""
    return job.status in UNFINISHED


def duration(job: Job) -> dt.timedelta | None:
    """How long the last attempt took or has taken until its last sign of life."""
    end = job.finished_at or job.heartbeat_at
    return end - job.started_at if job.started_at and end else None


def may_cancel(job: Job, user: object) -> bool:
    """Whoever started a job may cancel it, and administrators any."""
    if not isinstance(user, User) or not is_unfinished(job):
        return False
    return job.by_id == user.pk or may_compute(get_actor(user))


def status_json(job: Job) -> dict[str, object]:
    """The state of a job for programs."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": job.title,
        "status": job.status,
        "status_label": job.get_status_display(),
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "error": job.error,
        "attempts": job.attempts,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "heartbeat_at": job.heartbeat_at,
        "finished_at": job.finished_at,
        "seconds": taken.total_seconds() if (taken := duration(job)) is not None else None,
        "result": job.result,
    }
