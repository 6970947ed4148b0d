"""Writing evaluations: of a policy or target for a year, of the whole plan, confirming them, verifying bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from plans.actions.rows import RowConflict
from plans.formulas.evaluation import Actual, Verdict
from plans.models import (
    DesignationVerification,
    EvaluationKind,
    Plan,
    PlanEvaluation,
    Policy,
    PolicyEvaluation,
    Target,
    TargetEvaluation,
)
from plans.queries.evaluation_desk import (
    decimals_of,
    find_actual,
    make_manual,
    unit_for,
    verdict_on_policy,
    verdict_on_target,
)
from plans.queries.evaluations import evaluations_of, find_plan_evaluation
from plans.results import PlanRefusal
from zaitaku.accounts.models import User
from zaitaku.lib.fiscal_years import fiscal_year

YEARLY = EvaluationKind.YEARLY
Row = TypeVar("Row", PolicyEvaluation, TargetEvaluation, PlanEvaluation, DesignationVerification)


@transaction.atomic
def save_policy_evaluation(
    policy: Policy, *, year: int, base: int, changes: Mapping[str, Any], by: User
) -> PolicyEvaluation:
    """Save the evaluation of a policy from version `base` (0: there was none), with what the rule gives now.

    `changes["judgement"]` None follows the rule. Raises `RowConflict`, and `PlanRefusal` for a year that is confirmed
    or has not begun.
    """
    _open_year(policy.plan, year)
    verdict = verdict_on_policy(policy, year=year)
    row = policy.evaluations.filter(year=year, kind=YEARLY).first() or PolicyEvaluation(policy=policy, year=year)
    return _save(row, base=base, changes=_judged(changes, verdict), by=by)


@transaction.atomic
def save_target_evaluation(
    target: Target,
    *,
    year: int,
    base: int,
    changes: Mapping[str, Any],
    by: User,
    manual: tuple[float, int, str] | None = None,
) -> TargetEvaluation:
    """Save the evaluation of a target with the stored figure as it is now, or `manual` (value, year, source).

    A figure by hand is refused where one is stored or hidden. Otherwise as `save_policy_evaluation`.
    """
    _open_year(target.plan, year)
    stored = find_actual(target, year=year)
    if manual is not None and not stored.may_enter:
        raise PlanRefusal("この年度までの公表値か、秘匿などの記録があるため、手で入力した値は使えません。")
    actual, source = stored.actual, stored.source
    if manual is not None:
        value, figure_year, source = manual
        actual = make_manual(value, year=figure_year, decimals=decimals_of(target))
    verdict = verdict_on_target(target, actual, year=year)
    row = target.evaluations.filter(year=year, kind=YEARLY).first() or TargetEvaluation(target=target, year=year)
    figure = _figure(target, actual, source, verdict)
    return _save(row, base=base, changes={**_judged(changes, verdict), **figure}, by=by)


def _figure(target: Target, actual: Actual | None, source: str, verdict: Verdict) -> dict[str, Any]:
    """The fields that keep a figure as it was shown."""
    has_value = actual is not None and actual.value is not None
    return {
        "actual_value": actual.value if actual else None,
        "actual_year": actual.year if actual else None,
        "actual_text": f"{actual.text}{unit_for(target) if has_value else ''}"[:60] if actual else "",
        "actual_lower": actual.lower if actual else None,
        "actual_upper": actual.upper if actual else None,
        "actual_state": actual.state if actual else "",
        "actual_source": source,
        "is_manual": actual.is_manual if actual else False,
        "expected_value": verdict.expected,
    }


def _judged(changes: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """The changes with the rule's judgement; one's own stands only where it differs, and then with its reason."""
    own = changes.get("judgement") or verdict.judgement
    because = changes.get("changed_because", "") if own != verdict.judgement else ""
    text = " ".join((verdict.text, *verdict.notes))
    return {
        **changes,
        "judgement": own,
        "changed_because": because,
        "rule_judgement": verdict.judgement,
        "rule_text": text,
    }


def _open_year(plan: Plan, year: int) -> None:
    """Hold the plan, so that nobody confirms meanwhile. Raises `PlanRefusal` if the year cannot be written on."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    if year not in plan.years:
        raise PlanRefusal(f"{year}年度は、この計画の期間に入っていません。")
    if year > fiscal_year(timezone.localdate()):
        raise PlanRefusal(f"{year}年度はまだ始まっていないため、評価は書けません。")
    if plan.evaluations.filter(year=year, kind=YEARLY).exclude(confirmed_at=None).exists():
        raise PlanRefusal(f"{year}年度の評価は確定しています。直すときは、承認者に確定の取消しを依頼してください。")


def _save(row: Row, *, base: int, changes: Mapping[str, Any], by: User) -> Row:
    """Save a row begun from version `base`. Raises `RowConflict` and writes nothing if it is newer."""
    if row.version != base:
        raise RowConflict(row, version=row.version)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.by = by
    row.save()
    return row


@transaction.atomic
def save_plan_evaluation(
    plan: Plan, *, kind: str, year: int, base: int, changes: Mapping[str, Any], by: User
) -> PlanEvaluation:
    """Save what is written of the whole plan: a year's 総括, or the mid-term or final evaluation up to `year`."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    if year not in plan.years or year > fiscal_year(timezone.localdate()):
        raise PlanRefusal(f"{year}年度はこの計画の期間の外か、まだ始まっていないため、評価は書けません。")
    row = find_plan_evaluation(plan, kind=kind, year=year) or PlanEvaluation(plan=plan, kind=kind)
    if row.confirmed_at is not None:
        raise PlanRefusal("この評価は確定しています。直すときは、承認者に確定の取消しを依頼してください。")
    return _save(row, base=base, changes={**changes, "year": year}, by=by)


@transaction.atomic
def confirm_evaluation(plan: Plan, *, kind: str, year: int, by: User) -> None:
    """An approver confirms what is written; from then on nobody changes it. Raises `PlanRefusal` if it is not whole."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    row = find_plan_evaluation(plan, kind=kind, year=year)
    if row is None or not row.summary:
        raise PlanRefusal("「総括」がまだ書かれていないため、確定できません。担当者に依頼してください。")
    if row.confirmed_at is not None:
        raise PlanRefusal("この評価は、すでに確定しています。")
    if kind == YEARLY:
        _require_all(plan, year)
    elif not row.conclusion or not row.direction:
        raise PlanRefusal("「結論」と「今後の方向」が書かれていないため、確定できません。")
    row.confirmed_by, row.confirmed_at, row.reopened_because = by, timezone.now(), ""
    row.version += 1
    row.save()


def _require_all(plan: Plan, year: int) -> None:
    state = next(one for one in evaluations_of(plan).years if one.year == year)
    if state.missing:
        raise PlanRefusal(
            f"{year}年度の評価がまだない施策・数値目標が{state.missing}あるため、確定できません。"
            "評価の一覧で「まだ」のものを確かめてください。"
        )


@transaction.atomic
def reopen_evaluation(plan: Plan, *, kind: str, year: int, reason: str) -> None:
    """Take a confirmation back, with the reason. Raises `PlanRefusal` without a reason or a confirmation."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    row = find_plan_evaluation(plan, kind=kind, year=year)
    if row is None or row.confirmed_at is None:
        raise PlanRefusal("この評価は確定していません。")
    if not reason:
        raise PlanRefusal("確定を取り消す理由を入力してください。")
    row.confirmed_by, row.confirmed_at, row.reopened_because = None, None, reason
    row.version += 1
    row.save()


@transaction.atomic
def save_verification(
    plan: Plan,
    designation_id: int,
    *,
    year: int,
    base: int,
    changes: Mapping[str, Any],
    facts: list[dict[str, str]],
    by: User,
) -> DesignationVerification:
    """Save whether a body keeps its place, with the facts that were seen. Refusals as `save_policy_evaluation`."""
    _open_year(plan, year)
    row = DesignationVerification.objects.filter(designation=designation_id, year=year).first()
    row = row or DesignationVerification(plan=plan, designation_id=designation_id, year=year)
    return _save(row, base=base, changes={**changes, "facts": facts}, by=by)
