"""Keeping a run of the checks, so that the next one can say what is new."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from institutions.models import CheckRun
from institutions.queries.checks import get_checks, get_newest_run
from regions.models import Region


@transaction.atomic
def record_checks(prefecture_code: str, period: int, *, cause: str) -> CheckRun:
    """Run the checks and note the findings, and which of them the run before did not have."""
    findings = get_checks(prefecture_code, period)
    before = get_newest_run(prefecture_code, period)
    known = {one["key"] for one in before.findings} if before else set()
    new = [one for one in findings if one.key not in known] if before else []
    return CheckRun.objects.create(
        prefecture=Region.objects.get(kind=Region.Kind.PREFECTURE, code=prefecture_code),
        period=period,
        at=timezone.now(),
        cause=cause[:200],
        findings=[{"key": one.key, "text": f"{one.subject}：{one.text}"} for one in findings],
        new=[{"check": one.title, "subject": one.subject, "text": one.text, "target": one.target} for one in new],
    )
