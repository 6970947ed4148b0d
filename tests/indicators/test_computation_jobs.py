"""The computation as a job: every night what changed, a reason that names the indicator, the same from any worker."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from indicators import tasks
from indicators.actions.compute import compute_indicators
from indicators.formulas.indicator import compute_year
from indicators.models import IndicatorValue
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.jobs.models import Job
from zaitaku.jobs.running import run_job

LIST = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}
CODES = ["DAY_S22", "DAY_S02", "X_S05"]


def _country() -> SmallCountry:
    made = make_country()
    made.list_clinics(2025, LIST, source=made.source(as_of=dt.date(2025, 10, 1)))
    return made


def _stored() -> list[tuple[object, ...]]:
    values = IndicatorValue.objects.order_by("indicator__code", "year", "region_id")
    return list(values.values_list("indicator__code", "year", "region_id", "value", "lower", "upper", "reason"))


@pytest.mark.django_db
def test_the_night_computes_what_changed_and_leaves_no_job_where_nothing_did() -> None:
    country = _country()
    tasks.compute_what_changed()
    job = Job.objects.get()
    assert (job.parameters, job.by) == ({"codes": [], "if_needed": True}, None)
    tasks.compute_what_changed()
    assert Job.objects.count() == 1, "one that waits is not joined by a second"
    compute_indicators(if_needed=True)
    Job.objects.all().delete()
    tasks.compute_what_changed()
    assert not Job.objects.exists()
    country.list_clinics(2024, LIST, source=country.source(as_of=dt.date(2024, 10, 1)))
    tasks.compute_what_changed()
    assert Job.objects.exists()


@pytest.mark.django_db
def test_a_failed_job_names_the_indicator_and_leaves_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    _country()
    compute_indicators(CODES)
    before = _stored()

    def break_down(definition: object, *arguments: object) -> object:
        if getattr(definition, "code", "") == "DAY_S02":
            raise OSError("ディスクがいっぱいです")
        return compute_year(definition, *arguments)  # type: ignore[arg-type]  # whatever it is called with

    monkeypatch.setattr("indicators.actions.replace_values.compute_year", break_down)
    job = tasks.start_computation(codes=tuple(CODES))
    done = run_job(job.pk)
    assert done is not None
    assert (done.status, "DAY_S02" in done.error, "ディスクがいっぱいです" in done.error) == (
        Job.Status.FAILED,
        True,
        True,
    )
    assert "以前の結果はそのまま" in done.error
    assert _stored() == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_store_what_one_alone_does() -> None:
    _country()
    compute_indicators(CODES)
    alone = _stored()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_indicatorvalue")
    failures: list[Exception] = []

    def work(codes: list[str]) -> None:
        try:
            compute_indicators(codes)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(codes,)) for codes in (CODES, CODES[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not failures
    assert _stored() == alone
