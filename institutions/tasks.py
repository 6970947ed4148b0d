"""Running the checks when a new list came in, and keeping what is new for the prefecture's notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from institutions.actions.checks import record_checks
from institutions.definitions.periods import plan_periods
from institutions.models import Designation
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import enqueue
from zaitaku.jobs.kinds import Progress, job_kind

CHECK_DESIGNATIONS = "institutions.check_designations"


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
