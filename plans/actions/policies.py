"""Policies and the steps of their roadmap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from plans.actions.rows import change_row
from plans.models import Plan, Policy, RoadmapStep


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a roadmap as it was typed."""

    year: int
    text: str
    is_done: bool = False


@transaction.atomic
def add_policy(plan: Plan, *, changes: Mapping[str, Any], steps: Sequence[Step] = ()) -> Policy:
    """A policy at the end of the list."""
    last = plan.policies.aggregate(last=Max("position"))["last"] or 0
    policy = Policy.objects.create(plan=plan, position=last + 1, **changes)
    _set_steps(policy, steps)
    return policy


@transaction.atomic
def change_policy(policy: Policy, *, base: int, changes: Mapping[str, Any], steps: Sequence[Step]) -> None:
    """Save a policy with its steps. Raises `RowConflict`."""
    _set_steps(change_row(policy, base=base, changes=changes), steps)


def _set_steps(policy: Policy, steps: Sequence[Step]) -> None:
    """Replace the steps where they differ; equal ones stay the rows they are."""
    kept = {(one.year, one.text, one.is_done): one.pk for one in policy.steps.all()}
    wanted = [(one.year, one.text, one.is_done) for one in steps]
    policy.steps.exclude(pk__in=[kept[key] for key in wanted if key in kept]).delete()
    for year, text, is_done in wanted:
        if (year, text, is_done) not in kept:
            RoadmapStep.objects.create(policy=policy, year=year, text=text, is_done=is_done)
