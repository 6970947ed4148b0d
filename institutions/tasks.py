"""Long work: the checks when a new list came in, and what confirmed 活動報告 change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from institutions.actions.checks import record_checks
from institutions.definitions.periods import plan_periods
from institutions.models import Designation, ReportRound
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import enqueue
from zaitaku.jobs.kinds import Progress, job_kind
from zaitaku.jobs.models import Job

CHECK_DESIGNATIONS = "institutions.check_designations"
# The work is registered by the indicators, which lie above.
STORE_REPORTS = "indicators.store_reports"


@job_kind(CHECK_DESIGNATIONS)
def check(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Check the designations of one prefecture (or of all that have any), period by period."""
    found = Designation.objects.filter(voided_at=None)
    if parameters.get("prefecture"):
        found = found.filter(prefecture__code=parameters["prefecture"])
    known = {one.start for one in plan_periods(today=timezone.localdate())}
    pairs = sorted({pair for pair in found.values_list("prefecture__code", "period") if pair[1] in known})
    new = 0
    for number, (code, period) in enumerate(pairs):
        progress(number, len(pairs), f"都道府県{code}の位置付けを点検しています")
        new += len(record_checks(code, period, cause=str(parameters.get("cause", ""))).new)
    progress(len(pairs), len(pairs), "点検が終わりました")
    return {"点検した計画": len(pairs), "新しい指摘": new}


def start_checks(prefecture_code: str = "", *, cause: str, by: User | None = None) -> None:
    """Have a worker check what a new list changes; without any designation there is nothing to do."""
    found = Designation.objects.filter(voided_at=None)
    if prefecture_code:
        found = found.filter(prefecture__code=prefecture_code)
    if found.exists():
        parameters = {"prefecture": prefecture_code, "cause": cause}
        enqueue(CHECK_DESIGNATIONS, title="位置付けの点検", parameters=parameters, by=by)


def start_report_figures(asked: ReportRound, *, by: User) -> None:
    """Have a worker make figures of what the round has confirmed; a job that still waits will see it all."""
    parameters = {"round": asked.pk}
    if not Job.objects.filter(kind=STORE_REPORTS, status=Job.Status.QUEUED, parameters=parameters).exists():
        enqueue(STORE_REPORTS, title=f"活動報告の指標への反映（{asked}）"[:200], parameters=parameters, by=by)
