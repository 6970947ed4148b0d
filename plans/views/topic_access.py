"""Who gets to the targets, policies and the logic model of a plan, and what becomes of an edit that came too late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Model
from django.forms import BaseForm, ChoiceField, Field
from django.http import HttpRequest

from plans.models import Plan
from plans.views.plan_access import To, enter
from zaitaku.accounts.models import User


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
    visit = enter(request, plan_id, To.EDIT if to_change else To.READ)
    return PlanVisit(visit.user, visit.plan, visit.rights.edits)


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
            words = _words_of(field)
            found.append(FieldConflict(str(field.label), _shown(theirs, words), _shown(mine, words)))
    return found


def _words_of(field: Field) -> Mapping[object, object]:
    """The labels of a field that offers choices."""
    return dict(cast("Iterable[tuple[object, object]]", field.choices)) if isinstance(field, ChoiceField) else {}


def _shown(value: object, words: Mapping[object, object]) -> str:
    """A value as the form says it: a choice by its label."""
    return str(words.get(value, "（空欄）" if value in (None, "") else value))
