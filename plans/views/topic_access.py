"""Who gets to the targets, policies and the logic model of a plan, and what becomes of an edit that came too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpRequest

from plans.models import Plan
from plans.queries.plan_access import find_plan, may_read_plan, may_write_plan
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor

NOT_YOURS = "作成中の計画は、その都道府県の担当者・承認者・市町村担当だけが見られます。"
READ_ONLY = "計画を変更できるのは、その都道府県の担当者だけです。"


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """A signed-in person at a plan."""

    user: User
    plan: Plan
    may_change: bool


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field in which somebody else's saved value and one's own differ."""

    label: str
    theirs: str
    mine: str


def visit_plan(request: HttpRequest, plan_id: int, *, to_change: bool = False) -> PlanVisit:
    """The visit, or `PermissionDenied` with the reason. The view asks for a sign-in before."""
    assert isinstance(request.user, User)
    try:
        plan = find_plan(plan_id)
    except Plan.DoesNotExist:
        raise Http404("この番号の計画はありません。計画の一覧から選んでください。") from None
    actor = get_actor(request.user)
    if not may_read_plan(actor, plan):
        raise PermissionDenied(NOT_YOURS)
    may_change = may_write_plan(actor, plan)
    if to_change and not may_change:
        raise PermissionDenied(READ_ONLY)
    return PlanVisit(request.user, plan, may_change)


def base_version(request: HttpRequest) -> int:
    """The version an edit was begun from, as the form sends it; −1 (never current) if it is not a number."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def field_conflicts(form: BaseForm, current: Model) -> Sequence[FieldConflict]:
    """The fields of a form that would overwrite what somebody else has saved in the meantime."""
    found = []
    for name, field in form.fields.items():
        if not hasattr(current, name):
            continue
        theirs, mine = getattr(current, name), form.cleaned_data.get(name)
        if theirs != mine:
            found.append(FieldConflict(str(field.label), _shown(theirs), _shown(mine)))
    return found


def _shown(value: object) -> str:
    return "（空欄）" if value in (None, "") else str(value)
