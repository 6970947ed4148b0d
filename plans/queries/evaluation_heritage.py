"""What the plan of the period before leaves to this one: policies, targets, open actions, verified bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from institutions.models import Designation
from plans.formulas.evaluation import POLICY, TARGET, label_of
from plans.models import DesignationVerification, EvaluationKind, Plan, PlanEvaluation
from plans.queries.evaluation_desk import earlier_plan
from plans.queries.evaluation_sheets import actual_words
from plans.queries.evaluations import (
    OpenAction,
    find_plan_evaluation,
    name_of_target,
    open_actions,
    policies_of,
    targets_of,
    yearly,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftPolicy:
    """A policy of the plan before; `carried_to` is the one it became here."""

    id: int
    title: str
    status: str
    year: int | None
    label: str
    next_action: str
    carried_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftTarget:
    """A target of the plan before; `url` leads to it here, or to setting it anew from today's figure."""

    name: str
    wanted: str
    year: int | None
    actual: str
    label: str
    is_set: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBody:
    """A verified body of the period before; `is_here`: it stands in this period's register."""

    verification_id: int
    name: str
    kind: str
    area: str
    year: int
    outcome: str
    outcome_label: str
    reason: str
    next_action: str
    is_here: bool

    @property
    def may_carry(self) -> bool:
        """Whether it can be entered as 候補 now."""
        return not self.is_here and self.outcome != DesignationVerification.Outcome.REPLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Heritage:
    """Everything the page shows."""

    before: Plan
    final: PlanEvaluation | None
    policies: tuple[LeftPolicy, ...]
    targets: tuple[LeftTarget, ...]
    bodies: tuple[LeftBody, ...]
    actions: tuple[OpenAction, ...]


def get_heritage(plan: Plan) -> Heritage | None:
    """What the plan before leaves; None without one."""
    before = earlier_plan(plan)
    if before is None:
        return None
    final = find_plan_evaluation(before, kind=EvaluationKind.FINAL, year=0)
    return Heritage(
        before=before,
        final=final or find_plan_evaluation(before, kind=EvaluationKind.MID_TERM, year=0),
        policies=tuple(_policies(before, plan)),
        targets=tuple(_targets(before, plan)),
        bodies=tuple(_bodies(before, plan)),
        actions=open_actions(before),
    )


def _policies(before: Plan, plan: Plan) -> Iterable[LeftPolicy]:
    carried = dict(plan.policies.filter(removed_at=None).values_list("carried_from", "pk"))
    for one in policies_of(before):
        newest = max(yearly(one).values(), key=lambda found: found.year, default=None)
        yield LeftPolicy(
            id=one.pk,
            title=one.title,
            status=one.get_status_display(),
            year=newest.year if newest else None,
            label=label_of(newest.judgement, POLICY) if newest else "",
            next_action=newest.next_action if newest else "",
            carried_to=carried.get(one.pk),
        )


def _targets(before: Plan, plan: Plan) -> Iterable[LeftTarget]:
    names = ("indicator_code", "region_id", "pk")
    here = {(code, region): pk for code, region, pk in plan.targets.filter(removed_at=None).values_list(*names)}
    for one in targets_of(before):
        rows = [row for row in one.evaluations.all() if row.kind == EvaluationKind.YEARLY]
        newest = max(rows, key=lambda found: found.year, default=None)
        same = here.get((one.indicator_code, one.region_id))
        asked = urlencode({"indicator": one.indicator_code, "region": one.region_id, "measure": one.measure})
        create = f"{reverse('plans:target-create', args=[plan.pk])}?{asked}"
        yield LeftTarget(
            name=name_of_target(one),
            wanted=f"{one.end_value:,g}（{one.end_year}年度）",
            year=newest.year if newest else None,
            actual=actual_words(newest) if newest else "",
            label=label_of(newest.judgement, TARGET) if newest else "",
            is_set=same is not None,
            url=reverse("plans:target-detail", args=[plan.pk, same]) if same else create,
        )


def _bodies(before: Plan, plan: Plan) -> Iterable[LeftBody]:
    """The newest verification of each body that is still designated in the period before."""
    here = set(
        Designation.objects.filter(prefecture=plan.prefecture, period=plan.period, voided_at=None)
        .exclude(status=Designation.Status.RELEASED)
        .values_list("body", "kind")
    )
    newest = DesignationVerification.objects.filter(plan=before, designation__voided_at=None)
    related = newest.select_related("designation__body", "designation__area")
    for one in related.order_by("designation", "-year").distinct("designation"):
        old = one.designation
        yield LeftBody(
            verification_id=one.pk,
            name=old.body.name,
            kind=old.get_kind_display(),
            area=old.area.name if old.area else "",
            year=one.year,
            outcome=one.outcome,
            outcome_label=one.get_outcome_display(),
            reason=one.reason,
            next_action=one.next_action,
            is_here=(old.body_id, old.kind) in here,
        )
