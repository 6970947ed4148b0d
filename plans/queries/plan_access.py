"""One plan by its number."""

from __future__ import annotations

from plans.models import Plan


def find_plan(plan_id: int) -> Plan:
    """A plan with what every page of it names (one query). Raises `Plan.DoesNotExist`."""
    return Plan.objects.select_related("prefecture", "scheme").get(pk=plan_id)
