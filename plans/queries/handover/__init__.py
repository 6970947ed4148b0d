"""引継書 of a plan: every part is told from where it lives; nothing is kept twice."""

from __future__ import annotations

import datetime as dt

from plans.formulas.period import period_text
from plans.handovers import Handover
from plans.models import Plan
from plans.queries.handover.agreed import agreements, approvals, decisions
from plans.queries.handover.standing import due, files, next_actions, owners, state
from plans.queries.handover.unresolved import comments, unresolved

__all__ = ["get_handover"]


def get_handover(plan: Plan, *, today: dt.date, person: str = "") -> Handover:
    """The whole of it, or what is one person's (a constant number of queries)."""
    whole = Handover(
        plan_id=plan.pk,
        title=plan.title,
        prefecture=plan.prefecture.name,
        period=period_text(plan.period),
        is_demo=plan.is_demo,
        on=today,
        person="",
        sections=(
            state(plan),
            due(plan, today=today),
            unresolved(plan, today=today),
            comments(plan),
            next_actions(plan),
            decisions(plan),
            agreements(plan),
            approvals(plan),
            owners(plan),
            files(plan),
        ),
    )
    return whole.of(person) if person else whole
