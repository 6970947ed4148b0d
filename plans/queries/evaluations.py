"""Evaluations as other pages read them: the matrix of years, what is still open, the newest judgements of plans.

Stable for whoever hands a plan on or compares plans: `evaluations_of`, `open_actions`, `latest_judgements`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from institutions.models import Designation
from plans.formulas.evaluation import POLICY, TARGET, label_of
from plans.models import (
    DesignationVerification,
    EvaluationKind,
    Judgement,
    Plan,
    PlanEvaluation,
    Policy,
    PolicyEvaluation,
    PreviousOutcome,
    Target,
    TargetEvaluation,
)
from plans.queries.targets import find_definition
from zaitaku.lib.fiscal_years import fiscal_year, format_fiscal_year

YEARLY = EvaluationKind.YEARLY
Evaluation = PolicyEvaluation | TargetEvaluation
SETTLED = (PreviousOutcome.DONE, PreviousOutcome.DROPPED, PreviousOutcome.CONTINUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One year of one policy or target. `state`: done, missing (due and not written), future, outside (not asked)."""

    year: int
    state: str
    judgement: str = ""
    label: str = ""
    is_changed: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """A policy or target with one cell for each year. `detail`: who is responsible, or the region."""

    subject: str
    id: int
    name: str
    detail: str
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearState:
    """How far the evaluation of a year is: `done` of `asked` evaluations, `verified` of `designated` bodies."""

    year: int
    label: str
    is_open: bool
    asked: int
    done: int
    designated: int
    verified: int
    confirmed_at: dt.datetime | None
    confirmed_by: str
    has_summary: bool
    counts: tuple[tuple[str, int], ...]

    @property
    def missing(self) -> int:
        return self.asked - self.done


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAction:
    """A 次の取組 of which nothing has been said since. `carried_at`: when it went into a roadmap, if it did."""

    subject: str
    subject_id: int
    subject_name: str
    evaluation_id: int
    year: int
    text: str
    judgement: str
    label: str
    responsible: str
    carried_at: dt.datetime | None
    url: str

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.subject}-{self.evaluation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeState:
    """Mid-term or final evaluation of a plan, as far as it is."""

    kind: str
    label: str
    year: int | None
    conclusion: str
    confirmed_at: dt.datetime | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything the overview shows."""

    years: tuple[YearState, ...]
    policies: tuple[EvaluationRow, ...]
    targets: tuple[EvaluationRow, ...]
    whole: tuple[WholeState, ...]
    open_actions: tuple[OpenAction, ...]

    @property
    def is_empty(self) -> bool:
        """There is nothing to evaluate."""
        return not self.policies and not self.targets


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJudgements:
    """The newest evaluated year of a plan: judgements by code (`reached` … `unknown`), of policies and of targets."""

    plan_id: int
    year: int
    is_confirmed: bool
    policies: Mapping[str, int]
    targets: Mapping[str, int]


def name_of_target(target: Target) -> str:
    """The indicator and the region of a target."""
    definition = find_definition(target.indicator_code)
    return f"{definition.name if definition else target.indicator_code}（{target.region.name}）"


def policies_of(plan: Plan) -> list[Policy]:
    """The policies in the plan with their evaluations (two queries)."""
    return list(plan.policies.filter(removed_at=None).prefetch_related("evaluations"))


def targets_of(plan: Plan) -> list[Target]:
    """The targets in the plan with their evaluations (two queries)."""
    found = plan.targets.filter(removed_at=None).select_related("region").prefetch_related("evaluations")
    return list(found)


def asks_policy(policy: Policy, year: int) -> bool:
    """Whether a policy is evaluated in a year."""
    return policy.starts <= year <= policy.ends


def asks_target(target: Target, year: int) -> bool:
    """Whether a target is evaluated in a year."""
    return year <= target.end_year


def find_plan_evaluation(plan: Plan, *, kind: str, year: int) -> PlanEvaluation | None:
    """The sheet of a year; mid-term and final evaluations are found whatever their year, since there is one of each."""
    found = plan.evaluations.filter(kind=kind).select_related("by", "confirmed_by", "meeting")
    return (found.filter(year=year) if kind == YEARLY else found).first()


def evaluations_of(plan: Plan, *, today: dt.date | None = None) -> Overview:
    """Years × policies and targets, what is missing, and what is still open (eight queries)."""
    now = fiscal_year(today or timezone.localdate())
    policies, targets = policies_of(plan), targets_of(plan)
    rows = tuple(_policy_row(one, plan, now) for one in policies)
    more = tuple(_target_row(one, plan, now) for one in targets)
    sheets = list(plan.evaluations.select_related("confirmed_by"))
    designated, verified = _verified(plan)
    return Overview(
        years=tuple(_year_state(year, now, (*rows, *more), sheets, designated, verified) for year in plan.years),
        policies=rows,
        targets=more,
        whole=tuple(_whole_state(plan, kind, sheets) for kind in (EvaluationKind.MID_TERM, EvaluationKind.FINAL)),
        open_actions=tuple(_open(plan, policies, targets)),
    )


def _policy_row(policy: Policy, plan: Plan, now: int) -> EvaluationRow:
    return EvaluationRow(
        subject=POLICY,
        id=policy.pk,
        name=policy.title,
        detail=policy.owner,
        url=reverse("plans:policy-detail", args=[plan.pk, policy.pk]),
        cells=tuple(_cell(policy, plan, year, now, is_asked=asks_policy(policy, year)) for year in plan.years),
    )


def _target_row(target: Target, plan: Plan, now: int) -> EvaluationRow:
    return EvaluationRow(
        subject=TARGET,
        id=target.pk,
        name=name_of_target(target),
        detail=target.responsible,
        url=reverse("plans:target-detail", args=[plan.pk, target.pk]),
        cells=tuple(_cell(target, plan, year, now, is_asked=asks_target(target, year)) for year in plan.years),
    )


def subject_of(of: Policy | Target) -> str:
    """`policy` or `target`."""
    return POLICY if isinstance(of, Policy) else TARGET


def evaluation_url(plan_id: int, year: int, of: Policy | Target) -> str:
    """Where a policy or target is evaluated for a year."""
    return reverse(f"plans:evaluation-{subject_of(of)}", args=[plan_id, year, of.pk])


def _cell(of: Policy | Target, plan: Plan, year: int, now: int, *, is_asked: bool) -> Cell:
    found = yearly(of).get(year)
    if found is None:
        state = "outside" if not is_asked else "future" if year > now else "missing"
        url = evaluation_url(plan.pk, year, of) if state == "missing" else ""
        return Cell(year=year, state=state, url=url)
    return Cell(
        year=year,
        state="done",
        judgement=found.judgement,
        label=label_of(found.judgement, subject_of(of)),
        is_changed=found.judgement != found.rule_judgement,
        url=evaluation_url(plan.pk, year, of),
    )


def yearly(of: Policy | Target) -> dict[int, Evaluation]:
    """The yearly evaluations that were read with a policy or target, by year."""
    evaluations: Iterable[Evaluation] = of.evaluations.all()
    return {one.year: one for one in evaluations if one.kind == YEARLY}


def _verified(plan: Plan) -> tuple[int, Counter[int]]:
    designated = Designation.objects.filter(
        prefecture=plan.prefecture, period=plan.period, status=Designation.Status.DESIGNATED, voided_at=None
    )
    found = DesignationVerification.objects.filter(plan=plan, designation__in=designated).values_list("year", flat=True)
    return designated.count(), Counter(found)


def _year_state(
    year: int,
    now: int,
    rows: Iterable[EvaluationRow],
    sheets: Iterable[PlanEvaluation],
    designated: int,
    verified: Counter[int],
) -> YearState:
    cells = [cell for row in rows for cell in row.cells if cell.year == year]
    done = [cell for cell in cells if cell.state == "done"]
    sheet = next((one for one in sheets if one.year == year and one.kind == YEARLY), None)
    counts = Counter(cell.judgement for cell in done)
    return YearState(
        year=year,
        label=format_fiscal_year(year),
        is_open=year <= now,
        asked=sum(cell.state != "outside" for cell in cells),
        done=len(done),
        designated=designated,
        verified=verified[year],
        confirmed_at=sheet.confirmed_at if sheet else None,
        confirmed_by=str(sheet.confirmed_by) if sheet and sheet.confirmed_by else "",
        has_summary=bool(sheet and sheet.summary),
        counts=tuple((label_of(code, TARGET).split()[0], counts[code]) for code in Judgement.values if counts[code]),
    )


def _whole_state(plan: Plan, kind: EvaluationKind, sheets: Iterable[PlanEvaluation]) -> WholeState:
    found = next((one for one in sheets if one.kind == kind), None)
    return WholeState(
        kind=kind.value,
        label=str(kind.label),
        year=found.year if found else None,
        conclusion=found.get_conclusion_display() if found and found.conclusion else "",
        confirmed_at=found.confirmed_at if found else None,
        url=reverse("plans:evaluation-whole", args=[plan.pk, kind.value]),
    )


def open_actions(plan: Plan) -> tuple[OpenAction, ...]:
    """Every 次の取組 of the plan's yearly evaluations that no later evaluation has taken up (four queries)."""
    return tuple(_open(plan, policies_of(plan), targets_of(plan)))


def _open(plan: Plan, policies: Iterable[Policy], targets: Iterable[Target]) -> Iterable[OpenAction]:
    subjects: list[Policy | Target] = [*policies, *targets]
    return (action for of in subjects for action in _open_of(plan.pk, of))


def _open_of(plan_id: int, of: Policy | Target) -> Iterable[OpenAction]:
    """The actions of a policy or target that have not been taken up, the newest first."""
    rows = sorted(yearly(of).values(), key=lambda one: -one.year)
    for number, one in enumerate(rows):
        if one.next_action and not any(later.previous_outcome in SETTLED for later in rows[:number]):
            yield make_action(plan_id, of, one)


def make_action(plan_id: int, of: Policy | Target, evaluation: Evaluation) -> OpenAction:
    """The 次の取組 of one evaluation with whom and what it is about."""
    return OpenAction(
        subject=subject_of(of),
        subject_id=of.pk,
        subject_name=of.title if isinstance(of, Policy) else name_of_target(of),
        evaluation_id=evaluation.pk,
        year=evaluation.year,
        text=evaluation.next_action,
        judgement=evaluation.judgement,
        label=label_of(evaluation.judgement, subject_of(of)),
        responsible=of.owner if isinstance(of, Policy) else of.responsible,
        carried_at=evaluation.carried_at,
        url=evaluation_url(plan_id, evaluation.year, of),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectEvaluations:
    """What has been judged of one policy or target (year, words, address), and its open actions."""

    years: tuple[tuple[int, str, str], ...]
    actions: tuple[OpenAction, ...]


def evaluations_of_subject(of: Policy | Target) -> SubjectEvaluations:
    """The same for one policy or target (one query)."""
    found = sorted(yearly(of).items())
    subject = subject_of(of)
    return SubjectEvaluations(
        years=tuple(
            (year, label_of(one.judgement, subject), evaluation_url(of.plan_id, year, of)) for year, one in found
        ),
        actions=tuple(_open_of(of.plan_id, of)),
    )


def latest_judgements(plan_ids: Collection[int], *, confirmed_only: bool = True) -> dict[int, PlanJudgements]:
    """For each plan the newest year that was evaluated (by default: confirmed); plans without one are absent.

    Three queries for any number of plans; nothing of what was written is read.
    """
    counted: dict[tuple[int, int], dict[str, Counter[str]]] = {}
    for subject, model in ((POLICY, PolicyEvaluation), (TARGET, TargetEvaluation)):
        names = (f"{subject}__plan", "year", "judgement")
        found = model.objects.filter(
            **{f"{subject}__plan__in": plan_ids, f"{subject}__removed_at": None, "kind": YEARLY}
        )
        for plan, year, judgement in found.order_by().values_list(*names):
            counted.setdefault((plan, year), {POLICY: Counter(), TARGET: Counter()})[subject][judgement] += 1
    sheets = PlanEvaluation.objects.filter(plan__in=plan_ids, kind=YEARLY).exclude(confirmed_at=None)
    confirmed = set(sheets.values_list("plan_id", "year"))
    newest: dict[int, PlanJudgements] = {}
    for (plan, year), numbers in sorted(counted.items()):
        if (plan, year) in confirmed or not confirmed_only:
            newest[plan] = PlanJudgements(
                plan_id=plan,
                year=year,
                is_confirmed=(plan, year) in confirmed,
                policies=dict(numbers[POLICY]),
                targets=dict(numbers[TARGET]),
            )
    return newest
