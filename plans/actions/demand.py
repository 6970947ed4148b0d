"""Writing down what was agreed on 在宅の整備目標."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from plans.models import DemandAgreement, Plan
from plans.results import PlanRefusal


@transaction.atomic
def add_agreement(plan: Plan, *, changes: Mapping[str, Any]) -> DemandAgreement:
    """One area in one year. Raises `PlanRefusal` if it is there already."""
    if plan.demand.filter(area=changes["area"], year=changes["year"]).exists():
        raise PlanRefusal("この圏域と年度の行は、すでにあります。一覧の「直す」から変更してください。")
    return DemandAgreement.objects.create(plan=plan, **changes)


def remove_agreement(agreement: DemandAgreement) -> None:
    """Delete a row. The audit log keeps what was there."""
    agreement.delete()
