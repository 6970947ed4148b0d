"""Which plan somebody sees: officials of the prefecture write, its approvers and municipalities read."""

from __future__ import annotations

from plans.models import Plan
from zaitaku.accounts.permissions import Actor, may_edit, may_see_drafts


def find_plan(plan_id: int) -> Plan:
    """A plan with what every page of it names (one query). Raises `Plan.DoesNotExist`."""
    return Plan.objects.select_related("prefecture", "scheme").get(pk=plan_id)


def may_write_plan(actor: Actor, plan: Plan) -> bool:
    """Whether somebody may change what the plan says."""
    return may_edit(actor, plan.prefecture.code)


def may_read_plan(actor: Actor, plan: Plan) -> bool:
    """Whether somebody may see what is not published yet."""
    return may_see_drafts(actor, plan.prefecture.code)
