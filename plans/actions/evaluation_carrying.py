"""What an evaluation leads to: steps of the next year's roadmap, and drafts in the next period's plan.

Nothing happens by itself: an official ticks what shall be carried, and what is made can be changed or taken out again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from institutions.actions.designations import DesignationRefused, NewDesignation, create_designation
from institutions.models import Catchment
from plans.formulas.evaluation import TARGET
from plans.models import (
    DesignationVerification,
    Plan,
    Policy,
    PolicyEvaluation,
    RoadmapStep,
    TargetEvaluation,
)
from plans.queries.evaluation_desk import earlier_plan
from plans.queries.evaluations import policies_of, yearly
from plans.results import PlanRefusal
from zaitaku.accounts.models import User

_LONGEST_STEP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One action that shall become a step: of which evaluation, in which policy's roadmap, in which words."""

    subject: str
    evaluation_id: int
    policy_id: int
    text: str


@transaction.atomic
def carry_into_roadmap(plan: Plan, *, year: int, picks: Sequence[Pick]) -> int:
    """Add the actions as steps of the roadmaps for `year`, and note that they were carried. How many were added."""
    policies = set(plan.policies.filter(removed_at=None).values_list("pk", flat=True))
    added = 0
    for pick in picks:
        if pick.policy_id not in policies:
            raise PlanRefusal("取組を加える施策を選んでください。")
        if not pick.text:
            raise PlanRefusal("ロードマップに加える内容を入力してください。")
        if not _note_carried(plan, pick):
            continue
        RoadmapStep.objects.create(policy_id=pick.policy_id, year=year, text=pick.text[:_LONGEST_STEP])
        # Whoever has the policy open would save its roadmap without the new step: the version makes that a conflict.
        Policy.objects.filter(pk=pick.policy_id).update(version=F("version") + 1)
        added += 1
    return added


def _note_carried(plan: Plan, pick: Pick) -> bool:
    """Whether it was carried just now; False where a second click or a colleague did it before."""
    now = timezone.now()
    if pick.subject == TARGET:
        of_target = TargetEvaluation.objects.filter(pk=pick.evaluation_id, target__plan=plan, carried_at=None)
        return of_target.update(carried_at=now) == 1
    of_policy = PolicyEvaluation.objects.filter(pk=pick.evaluation_id, policy__plan=plan, carried_at=None)
    return of_policy.update(carried_at=now) == 1


@transaction.atomic
def carry_policies(plan: Plan, policy_ids: Collection[int]) -> int:
    """Policies of the plan before as drafts of this plan: 予定, for its years, with where they stood. How many."""
    before = earlier_plan(plan)
    if before is None:
        raise PlanRefusal("前の期間の計画がないため、引き継げません。")
    carried = set(plan.policies.filter(removed_at=None).values_list("carried_from", flat=True))
    last = plan.policies.aggregate(last=Max("position"))["last"] or 0
    chosen = [one for one in policies_of(before) if one.pk in policy_ids and one.pk not in carried]
    for number, one in enumerate(chosen, start=last + 1):
        _carry_policy(one, plan, position=number)
    return len(chosen)


def _carry_policy(policy: Policy, plan: Plan, *, position: int) -> None:
    newest = max(yearly(policy).values(), key=lambda one: one.year, default=None)
    made = Policy.objects.create(
        plan=plan,
        position=position,
        title=policy.title,
        scene=policy.scene,
        theme=policy.theme,
        text=policy.text,
        owner=policy.owner,
        uses_fund=policy.uses_fund,
        starts=plan.years[0],
        ends=plan.years[-1],
        evidence=policy.evidence,
        carried_from=policy,
    )
    if newest is not None and newest.next_action:
        RoadmapStep.objects.create(policy=made, year=plan.years[0], text=newest.next_action[:_LONGEST_STEP])


def carry_designations(plan: Plan, verification_ids: Collection[int], *, by: User) -> tuple[int, list[str]]:
    """Verified bodies as 候補 of this plan's period; how many, and why others could not (they are there already)."""
    related = DesignationVerification.objects.select_related("designation__body")
    chosen = related.filter(pk__in=verification_ids, plan=earlier_plan(plan)).exclude(outcome="replace")
    made, refused = 0, []
    for one in chosen:
        try:
            _carry_designation(one, plan, by=by)
        except DesignationRefused as refusal:
            refused.append(f"{one.designation.body.name}：{refusal}")
        else:
            made += 1
    return made, refused


def _carry_designation(verification: DesignationVerification, plan: Plan, *, by: User) -> None:
    old = verification.designation
    is_same_scheme = old.area is None or plan.scheme_id is None or old.area.scheme_id == plan.scheme_id
    create_designation(
        NewDesignation(
            prefecture_id=plan.prefecture_id,
            period=plan.period,
            kind=old.kind,
            body=old.body,
            area_id=old.area_id if is_same_scheme else None,
            reason=f"前期の検証（{verification.year}年度）：{verification.get_outcome_display()}。{verification.reason}",
            decided_on=timezone.localdate(),
            unit_ids=tuple(Catchment.objects.filter(designation=old).values_list("unit_id", flat=True)),
        ),
        by=by,
    )
