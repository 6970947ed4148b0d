"""The two tasks Celery knows: do a job, and look after jobs whose worker died."""

from __future__ import annotations

from celery import shared_task

from zaitaku.jobs import actions, running


@shared_task
def run_job(job_id: int) -> None:
    """Do one job, unless it is done already or another worker has it."""
    running.run_job(job_id)


@shared_task
def restart_stale_jobs() -> None:
    """Every ten seconds (settings.CELERY_BEAT_SCHEDULE)."""
    actions.restart_stale_jobs()
