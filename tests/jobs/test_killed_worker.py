"""A computation that is killed, or cancelled, in the middle: what follows gives the same values, each stored once."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.utils import timezone

from indicators.actions.compute import compute_indicators
from indicators.actions.sync_definitions import sync_definitions
from indicators.models import Indicator, IndicatorValue
from indicators.tasks import start_computation
from tests.indicators.small_country import make_country
from zaitaku.jobs import actions
from zaitaku.jobs.models import Job
from zaitaku.processes import Child, wait_until

CODES = ("DAY_S02", "DAY_S22", "X_S05")
FIELDS = ("indicator_id", "region_id", "year", "value", "numerator", "denominator", "status", "reason")


def stored() -> list[tuple[object, ...]]:
    return list(IndicatorValue.objects.order_by("indicator_id", "region_id", "year").values_list(*FIELDS))


def in_status(job: Job, *statuses: str) -> bool:
    job.refresh_from_db()
    return job.status in statuses


@pytest.mark.django_db(transaction=True)
def test_a_computation_whose_worker_is_killed_ends_after_the_restart(running_worker: Child) -> None:
    country = make_country()
    figures = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}
    country.list_clinics(2025, figures, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(CODES)
    expected = stored()
    IndicatorValue.objects.all().delete()

    # The second indicator is held by somebody else, so that the worker is caught between the first and the second.
    with held("DAY_S22"):
        job = start_computation(codes=CODES)
        first = IndicatorValue.objects.filter(indicator__code="DAY_S02")
        assert wait_until(first.exists, seconds=60), running_worker.last_words()
        os.killpg(running_worker.pid, signal.SIGKILL)
        running_worker.wait_or_kill(patience=0)
        assert in_status(job, Job.Status.RUNNING)
        assert not IndicatorValue.objects.filter(indicator__code="DAY_S22").exists()

    running_worker.start()
    assert wait_until(lambda: _lock_is_free(job), seconds=30)
    later = timezone.now() + dt.timedelta(seconds=actions.STALE_SECONDS + 1)
    assert actions.restart_stale_jobs(now=later)["restarted"] == 1
    finished = wait_until(lambda: in_status(job, Job.Status.SUCCEEDED, Job.Status.FAILED), seconds=60)
    assert finished, running_worker.last_words()
    assert (job.status, job.attempts, job.error) == (Job.Status.SUCCEEDED, 2, "")
    assert stored() == expected
    assert len(expected) == 13 * len(CODES)
    assert Indicator.objects.filter(code__in=CODES).exclude(input_digest="").count() == len(CODES)


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_computation_keeps_what_it_finished_and_the_next_does_the_rest(running_worker: Child) -> None:
    country = make_country()
    figures = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}
    country.list_clinics(2025, figures, source=country.source(as_of=dt.date(2025, 10, 1)))
    sync_definitions()
    with held("DAY_S22"):
        job = start_computation(codes=CODES)
        first = IndicatorValue.objects.filter(indicator__code="DAY_S02")
        assert wait_until(first.exists, seconds=60), running_worker.last_words()
        actions.request_cancel(job.pk, by=None)
        asked = timezone.now()
        assert wait_until(lambda: Job.objects.filter(pk=job.pk, heartbeat_at__gt=asked).exists(), seconds=60)
    assert wait_until(lambda: in_status(job, Job.Status.CANCELLED), seconds=60), running_worker.last_words()
    known = set(IndicatorValue.objects.values_list("indicator__code", flat=True))
    assert "DAY_S02" in known
    assert "X_S05" not in known
    again = start_computation(codes=CODES, if_needed=True)
    assert wait_until(lambda: in_status(again, Job.Status.SUCCEEDED), seconds=60), running_worker.last_words()
    assert (again.result["計算した指標"], again.result["変わりのない指標"]) == (len(CODES) - len(known), len(known))
    resumed = stored()
    compute_indicators(CODES)
    assert stored() == resumed


@contextmanager
def held(code: str) -> Iterator[None]:
    """Somebody else holds an indicator, so that a worker waits before it."""
    blocker = connections.create_connection("default")
    try:
        blocker.set_autocommit(False)
        with blocker.cursor() as cursor:
            cursor.execute("SELECT 1 FROM indicators_indicator WHERE code = %s FOR UPDATE", [code])
        yield
    finally:
        blocker.rollback()
        blocker.close()


def _lock_is_free(job: Job) -> bool:
    """The server notices that the killed worker's connection is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [job.pk])
        return bool(cursor.fetchone() == (0,))
