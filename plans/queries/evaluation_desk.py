"""What somebody has before them who evaluates one policy or target for a year: the figure, the verdict, last year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indicators.cards import series_breaks
from indicators.models import IndicatorValue
from indicators.queries.benchmark import make_figure
from indicators.results import Figure, Measure, State
from plans.formulas.evaluation import (
    Actual,
    Comparability,
    StepState,
    Verdict,
    judge_policy,
    judge_target,
)
from plans.models import Plan, Policy, PolicyEvaluation, Target, TargetEvaluation
from plans.queries.evaluations import YEARLY, OpenAction, make_action, name_of_target
from plans.queries.targets import baseline_source, course_of, find_baseline, find_definition, unit_of

_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "status", "reason")
_EDITION = re.compile(r"定義第(\d+)版")
# Where no figure is stored one may be entered by hand; a hidden figure must not come in by that door.
_NO_FIGURE = (State.MISSING, State.NOT_IMPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredActual:
    """The newest stored figure up to the year, with its interval, state and edition; `source` if it was asked for."""

    actual: Actual | None
    figure: Figure | None
    source: str = ""

    @property
    def may_enter(self) -> bool:
        """Whether a figure may be entered by hand: none is stored, or only the note that none was published."""
        return self.figure is None or self.figure.state in _NO_FIGURE


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDesk:
    """A target in a year. `current` is what is saved; `previous` the open action of the year before, if any."""

    target: Target
    name: str
    unit: str
    decimals: int
    stored: StoredActual
    verdict: Verdict
    expected: float
    current: TargetEvaluation | None
    previous: OpenAction | None

    @property
    def news(self) -> str:
        """What has changed in the stored figure since the evaluation was saved."""
        saved, now = self.current, self.stored.actual
        if saved is None or saved.is_manual or now is None:
            return ""
        if (saved.actual_value, saved.actual_year) == (now.value, now.year):
            return ""
        before = f"{saved.actual_text}（{saved.actual_year}年度）" if saved.actual_year else "値なし"
        return f"保存したときの値は{before}でした。いまは{now.text}（{now.year}年度）です。保存し直すと替わります。"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDesk:
    """A policy in a year with the steps of its roadmap."""

    policy: Policy
    verdict: Verdict
    current: PolicyEvaluation | None
    previous: OpenAction | None
    steps: tuple[tuple[int, str, bool], ...] = field(default=())


def earlier_plan(plan: Plan) -> Plan | None:
    """The plan of the period before, if the prefecture has one here."""
    return (
        Plan.objects.select_related("prefecture", "scheme")
        .filter(prefecture=plan.prefecture, period=plan.period - len(plan.years))
        .first()
    )


def find_actual(target: Target, *, year: int, with_source: bool = True) -> StoredActual:
    """The newest stored figure after the baseline's year up to `year`, hidden or missing ones too (one query)."""
    rows = IndicatorValue.objects.filter(
        indicator__code=target.indicator_code,
        region=target.region,
        year__gt=target.baseline_year,
        year__lte=year,
    ).order_by("-year")
    row = rows.values_list("year", "indicator_version", *_FIELDS).first()
    if row is None:
        return StoredActual(actual=None, figure=None)
    found, edition, *parts = row
    figure = make_figure(*parts, measure=Measure(target.measure))
    actual = Actual(
        year=found,
        value=figure.value,
        text=figure.text,
        state=figure.state.label,
        lower=figure.lower,
        upper=figure.upper,
        reason=figure.reason,
        edition=edition,
        is_provisional=figure.is_provisional,
    )
    return StoredActual(actual=actual, figure=figure, source=_source(target, found) if with_source else "")


def _source(target: Target, year: int) -> str:
    if find_definition(target.indicator_code) is None:
        return ""
    cited = find_baseline(target.region, indicator_code=target.indicator_code, measure=target.measure, year=year)
    return baseline_source(cited) if cited else ""


def verdict_on_target(target: Target, actual: Actual | None, *, year: int) -> Verdict:
    """What the declared rule gives for a figure."""
    return judge_target(
        course_of(target),
        actual,
        year=year,
        comparability=_comparability(target),
        decimals=decimals_of(target),
    )


def _comparability(target: Target) -> Comparability:
    definition = find_definition(target.indicator_code)
    edition = _EDITION.search(target.baseline_source)
    return Comparability(
        baseline_edition=int(edition[1]) if edition else None,
        breaks=tuple((one.position, one.note) for one in series_breaks(definition)) if definition else (),
    )


def decimals_of(target: Target) -> int:
    """How many decimals the figures of a target are shown with."""
    return 0 if target.measure == Target.Measure.COUNT else 1


def unit_for(target: Target) -> str:
    """The unit of a target's figures, empty if its indicator is no more."""
    definition = find_definition(target.indicator_code)
    return unit_of(definition, target.measure) if definition else ""


def verdict_on_policy(policy: Policy, *, year: int) -> Verdict:
    """What the declared rule gives for the roadmap as it stands."""
    steps = [StepState(one.year, one.is_done) for one in policy.steps.all()]
    return judge_policy(year=year, starts=policy.starts, status=policy.status, steps=steps)


def get_target_desk(target: Target, *, year: int) -> TargetDesk:
    """A target (with its region, scheme and plan) before whoever evaluates it."""
    stored = find_actual(target, year=year)
    current = target.evaluations.filter(year=year, kind=YEARLY).select_related("by").first()
    actual = manual_actual(current) if current and current.is_manual and stored.may_enter else stored.actual
    return TargetDesk(
        target=target,
        name=name_of_target(target),
        unit=unit_for(target),
        decimals=decimals_of(target),
        stored=stored,
        verdict=verdict_on_target(target, actual, year=year),
        expected=course_of(target).expected(year),
        current=current,
        previous=_previous_of_target(target, year),
    )


def manual_actual(evaluation: TargetEvaluation) -> Actual | None:
    """The figure that was entered by hand."""
    if evaluation.actual_value is None or evaluation.actual_year is None:
        return None
    return make_manual(evaluation.actual_value, year=evaluation.actual_year, decimals=decimals_of(evaluation.target))


def make_manual(value: float, *, year: int, decimals: int) -> Actual:
    """A figure entered by hand as the rule takes it."""
    text = f"{value:,.{decimals}f}"
    return Actual(year=year, value=value, text=text, state=State.OBSERVED.label, is_manual=True)


def get_policy_desk(policy: Policy, *, year: int) -> PolicyDesk:
    """A policy (with its plan) before whoever evaluates it."""
    return PolicyDesk(
        policy=policy,
        verdict=verdict_on_policy(policy, year=year),
        current=policy.evaluations.filter(year=year, kind=YEARLY).select_related("by").first(),
        previous=_previous_of_policy(policy, year),
        steps=tuple((one.year, one.text, one.is_done) for one in policy.steps.all()),
    )


def _previous_of_policy(policy: Policy, year: int) -> OpenAction | None:
    """The last action before the year; in the first year that of the policy it was carried over from."""
    for of in (policy, policy.carried_from):
        if of is None:
            continue
        evaluations = of.evaluations.filter(kind=YEARLY, year__lt=year).exclude(next_action="")
        if (found := evaluations.order_by("-year").first()) is not None:
            return make_action(of.plan_id, of, found)
    return None


def _previous_of_target(target: Target, year: int) -> OpenAction | None:
    """The last action before the year; in the first year that of the same target in the plan before."""
    same = TargetEvaluation.objects.filter(kind=YEARLY, year__lt=year).exclude(next_action="")
    before = same.filter(
        target__plan__prefecture=target.plan.prefecture_id,
        target__plan__period__lte=target.plan.period,
        target__indicator_code=target.indicator_code,
        target__region=target.region,
        target__measure=target.measure,
        target__removed_at=None,
    )
    found = before.select_related("target__region").order_by("-target__plan__period", "-year").first()
    return make_action(found.target.plan_id, found.target, found) if found else None
