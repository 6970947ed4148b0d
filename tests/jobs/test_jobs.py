"""Jobs: one worker at a time, a reason for every failure, and none is lost."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from zaitaku.jobs import actions, kinds
from zaitaku.jobs.kinds import Progress, job_kind
from zaitaku.jobs.models import Job
from zaitaku.jobs.running import run_job

Work = Callable[[Mapping[str, Any], Progress], Mapping[str, Any]]


@pytest.fixture
def work() -> Iterator[Callable[[Work], str]]:
    """Register work for one test; returns the name of its kind."""
    names: list[str] = []

    def register(function: Work) -> str:
        name = f"test-{len(names)}"
        job_kind(name)(function)
        names.append(name)
        return name

    yield register
    for name in names:
        del kinds._KINDS[name]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that were handed to the broker."""
    numbers: list[int] = []
    monkeypatch.setattr(actions, "_send", numbers.append)
    return numbers


def make_job(kind: str = "nothing", **values: Any) -> Job:
    return Job.objects.create(kind=kind, title="試験", **values)


@pytest.mark.django_db
def test_a_job_runs_to_its_end_and_keeps_its_result(work: Callable[[Work], str]) -> None:
    def count(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        progress(1, 2, "半分です")
        return {"twice": parameters["number"] * 2}

    job = run_job(make_job(work(count), parameters={"number": 21}).pk)
    assert job is not None
    assert (job.status, job.result, job.message, job.attempts) == (Job.Status.SUCCEEDED, {"twice": 42}, "半分です", 1)
    assert job.finished_at is not None


@pytest.mark.django_db
def test_a_failure_is_kept_with_its_reason_in_words(work: Callable[[Work], str]) -> None:
    def break_down(_parameters: Mapping[str, Any], _progress: Progress) -> Mapping[str, Any]:
        raise OSError("ディスクがいっぱいです")

    job = run_job(make_job(work(break_down)).pk)
    assert job is not None
    assert job.status == Job.Status.FAILED
    assert "ディスクがいっぱいです" in job.error
    assert "以前の結果はそのまま" in job.error


@pytest.mark.django_db
def test_a_kind_nobody_knows_fails_and_says_so() -> None:
    job = run_job(make_job("no such kind").pk)
    assert job is not None
    assert "no such kind" in job.error


@pytest.mark.django_db
def test_a_finished_job_is_never_done_again(work: Callable[[Work], str]) -> None:
    runs: list[int] = []

    def note(_parameters: Mapping[str, Any], _progress: Progress) -> Mapping[str, Any]:
        runs.append(1)
        return {}

    job = make_job(work(note))
    assert run_job(job.pk) is not None
    assert run_job(job.pk) is None
    assert runs == [1]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_running_job_alone(work: Callable[[Work], str]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(_parameters: Mapping[str, Any], _progress: Progress) -> Mapping[str, Any]:
        begun.set()
        assert go_on.wait(30)
        return {}

    job = make_job(work(wait))

    def other_worker() -> None:
        try:
            run_job(job.pk)
        finally:
            connections.close_all()

    thread = threading.Thread(target=other_worker)
    thread.start()
    try:
        assert begun.wait(30)
        assert run_job(job.pk) is None
    finally:
        go_on.set()
        thread.join()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.SUCCEEDED, 1)


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_by_others_and_cancelling_stops_at_the_next_step(
    work: Callable[[Work], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BEAT_SECONDS", 0.05)
    seen: list[tuple[int, int, str]] = []

    def long_work(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        progress(3, 10, "計算しています")
        patience = threading.Event()
        for _ in range(200):
            patience.wait(0.05)
            progress(3, 10, "計算しています")
            row = Job.objects.get(pk=parameters["me"])
            if row.done and not row.cancel_requested:
                seen.append((row.done, row.total, row.message))
                actions.request_cancel(row.pk, by=None)
        return {}

    job = make_job(work(long_work))
    Job.objects.filter(pk=job.pk).update(parameters={"me": job.pk})
    done = run_job(job.pk)
    assert seen == [(3, 10, "計算しています")]
    assert done is not None
    assert done.status == Job.Status.CANCELLED
    assert done.heartbeat_at is not None


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once_and_never_runs() -> None:
    job = make_job()
    assert actions.request_cancel(job.pk, by=None).status == Job.Status.CANCELLED
    assert run_job(job.pk) is None


@pytest.mark.django_db
def test_cancelling_a_finished_job_changes_nothing(work: Callable[[Work], str]) -> None:
    job = make_job(work(lambda _parameters, _progress: {}))
    run_job(job.pk)
    assert actions.request_cancel(job.pk, by=None).status == Job.Status.SUCCEEDED


@pytest.mark.django_db
def test_a_job_is_handed_over_only_once_its_transaction_is_committed(
    sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        job = actions.enqueue("nothing", title="試験", parameters={})
        assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [job.pk]


NOW = dt.datetime(2026, 4, 1, 9, 0, tzinfo=dt.UTC)
SILENT = NOW - dt.timedelta(seconds=actions.STALE_SECONDS + 1)


@pytest.mark.django_db
def test_a_job_without_a_sign_of_life_is_handed_over_again(sent: list[int]) -> None:
    dead = make_job(status=Job.Status.RUNNING, heartbeat_at=SILENT, attempts=1)
    alive = make_job(status=Job.Status.RUNNING, heartbeat_at=NOW, attempts=1)
    assert actions.restart_stale_jobs(now=NOW) == {"restarted": 1, "sent_again": 0, "given_up": 0}
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.status, alive.status) == (Job.Status.QUEUED, Job.Status.RUNNING)
    assert sent == [dead.pk]


@pytest.mark.django_db
def test_a_job_that_killed_its_worker_three_times_is_given_up(sent: list[int]) -> None:
    job = make_job(status=Job.Status.RUNNING, heartbeat_at=SILENT, attempts=actions.MAX_ATTEMPTS)
    assert actions.restart_stale_jobs(now=NOW)["given_up"] == 1
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert "3回" in job.error
    assert sent == []


@pytest.mark.django_db
def test_a_job_whose_message_was_lost_is_sent_again_but_not_every_time(sent: list[int]) -> None:
    job = make_job()
    Job.objects.filter(pk=job.pk).update(created_at=SILENT)
    actions.restart_stale_jobs(now=NOW)
    actions.restart_stale_jobs(now=NOW + dt.timedelta(seconds=10))
    assert sent == [job.pk]


@pytest.mark.django_db
def test_a_kind_is_registered_once(work: Callable[[Work], str]) -> None:
    name = work(lambda _parameters, _progress: {})

    def another(_parameters: Mapping[str, Any], _progress: Progress) -> Mapping[str, Any]:
        return {}

    with pytest.raises(ValueError, match="registered twice"):
        job_kind(name)(another)


# The rules the database itself keeps.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("job_done_within_total", {"done": 2, "total": 1}),
        ("job_finished_has_time", {"status": "succeeded"}),
        ("job_finished_has_time", {"status": "queued", "finished_at": NOW}),
        ("job_failed_has_reason", {"status": "failed", "finished_at": NOW}),
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(constraint: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_job(**values)


@pytest.mark.django_db
def test_the_lock_of_a_job_is_free_after_it_ran(work: Callable[[Work], str]) -> None:
    run_job(make_job(work(lambda _parameters, _progress: {})).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
