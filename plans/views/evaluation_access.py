"""Who gets to the evaluation of a plan: its own people, and the working group to what has been confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from plans.models import Plan
from plans.queries.evaluations import find_plan_evaluation
from plans.queries.plan_access import find_plan
from plans.views.plan_access import To, Visit, enter, rights_at
from plans.views.topic_access import PlanVisit, visit_plan
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_compare_unpublished_progress
from zaitaku.accounts.queries import get_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetVisit:
    """Somebody at a sheet. `is_guest`: of the working group, who reads what is confirmed and nothing else."""

    user: User
    plan: Plan
    may_change: bool
    may_confirm: bool
    is_guest: bool


def visit_year(request: HttpRequest, plan_id: int, year: int, *, to_change: bool = False) -> PlanVisit:
    """The visit to a year of a plan; 404 for a year that is not of its period."""
    seen = visit_plan(request, plan_id, to_change=to_change)
    require_year(seen.plan, year)
    return seen


def require_year(plan: Plan, year: int) -> None:
    """404 with a sentence for a year outside the period."""
    if year not in plan.years:
        raise Http404(f"{year}年度は、この計画の期間（{plan.years[0]}〜{plan.years[-1]}年度）に入っていません。")


def visit_sheet(request: HttpRequest, plan_id: int, *, kind: str, year: int, to_change: bool = False) -> SheetVisit:
    """The visit to what is written of the whole plan."""
    assert isinstance(request.user, User)
    if not to_change and _is_guest(request, plan_id, kind, year):
        return SheetVisit(
            user=request.user, plan=find_plan(plan_id), may_change=False, may_confirm=False, is_guest=True
        )
    visit: Visit = enter(request, plan_id, To.EDIT if to_change else To.READ)
    return SheetVisit(
        user=visit.user,
        plan=visit.plan,
        may_change=visit.rights.edits,
        may_confirm=visit.rights.approves,
        is_guest=False,
    )


def _is_guest(request: HttpRequest, plan_id: int, kind: str, year: int) -> bool:
    """Whether a member of the working group comes to something that an approver has confirmed."""
    if not may_compare_unpublished_progress(get_actor(request.user)):
        return False
    plan = Plan.objects.select_related("prefecture").filter(pk=plan_id).first()
    if plan is None or rights_at(request, plan).reads:
        return False
    found = find_plan_evaluation(plan, kind=kind, year=year)
    return found is not None and found.confirmed_at is not None
