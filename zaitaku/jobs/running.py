"""Doing a job: one worker at a time, with a heart that beats beside the work."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from django.db import connection

from zaitaku.jobs import actions
from zaitaku.jobs.kinds import JobCancelled, find_work
from zaitaku.jobs.models import Job

UNEXPECTED = (
    "処理中に予期しない誤りが起きました（{error}）。以前の結果はそのままです。管理者にこの文を知らせてください。"
)
_log = logging.getLogger(__name__)


class Heart:
    """Stores progress and a sign of life every two seconds from a thread with a connection of its own.

    The work itself only leaves its progress here: it may be inside a transaction, where nobody else would see it.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._progress = (0, 0, "")
        self._cancelled = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart of job {job.pk}", daemon=True)

    def report(self, done: int, total: int, message: str) -> None:
        """The `Progress` that work is given."""
        self._progress = (done, total, message)
        if self._cancelled.is_set():
            raise JobCancelled

    @property
    def message(self) -> str:
        """What was reported last."""
        return self._progress[2]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.wait(actions.BEAT_SECONDS):
                self._beat()
            self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        done, total, message = self._progress
        try:
            if actions.beat(self._job, done=done, total=total, message=message):
                self._cancelled.set()
        except Exception:
            # One missed beat is no reason to stop the work; if they go on missing, the job is taken for dead.
            _log.exception("job %s: no sign of life could be stored", self._job.pk)
            connection.close()


def run_job(job_id: int) -> Job | None:
    """Do a job to its end. None if another worker has it, or it is finished or gone."""
    if not actions.lock(job_id):
        return None
    try:
        job = actions.claim(job_id)
        if job is None:
            return None
        _work(job)
        return job
    finally:
        actions.unlock(job_id)


def _work(job: Job) -> None:
    heart = Heart(job)
    try:
        with heart:
            if job.cancel_requested:
                raise JobCancelled
            result = find_work(job.kind)(job.parameters, heart.report)
    except JobCancelled:
        actions.stop(job)
    except Exception as error:
        _log.exception("job %s (%s) failed", job.pk, job.kind)
        told = "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
        actions.fail(job, reason=UNEXPECTED.format(error=told))
    else:
        actions.succeed(job, result=result, message=heart.message)
