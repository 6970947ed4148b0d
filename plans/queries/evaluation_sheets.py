"""The sheet of a year as it goes to the council: every policy and target with what was written, and the bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plans.formulas.evaluation import POLICY, TARGET, label_of
from plans.models import (
    DesignationVerification,
    EvaluationKind,
    Judgement,
    Plan,
    PlanEvaluation,
    Policy,
    PolicyEvaluation,
    Target,
    TargetEvaluation,
)
from plans.queries.evaluation_desk import unit_for
from plans.queries.evaluations import (
    YEARLY,
    asks_policy,
    asks_target,
    evaluation_url,
    find_plan_evaluation,
    name_of_target,
)
from zaitaku.lib.fiscal_years import format_fiscal_year


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A policy or target on the sheet; without an evaluation only its name. `wanted` is what was aimed at."""

    subject: str
    id: int
    name: str
    group: str
    responsible: str
    wanted: str
    actual: str
    interval: str
    source: str
    judgement: str
    label: str
    rule_label: str
    rule_text: str
    changed_because: str
    previous: str
    cause: str
    next_action: str
    evaluation: PolicyEvaluation | TargetEvaluation | None
    url: str

    @property
    def is_written(self) -> bool:
        return self.evaluation is not None

    @property
    def is_changed(self) -> bool:
        """Whether somebody judged otherwise than the rule."""
        return bool(self.changed_because)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLine:
    """A verified body on the sheet."""

    name: str
    kind: str
    area: str
    outcome: str
    reason: str
    next_action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The evaluation of a year."""

    year: int
    label: str
    record: PlanEvaluation | None
    policies: tuple[SheetLine, ...]
    targets: tuple[SheetLine, ...]
    verified: tuple[VerifiedLine, ...]

    @property
    def lines(self) -> tuple[SheetLine, ...]:
        return (*self.targets, *self.policies)

    @property
    def missing(self) -> int:
        """How many evaluations are not written."""
        return sum(not line.is_written for line in self.lines)

    @property
    def finding(self) -> str:
        """The year in one sentence."""
        said = [f"{name}{_counted(lines)}" for name, lines in (("数値目標", self.targets), ("施策", self.policies))]
        return "、".join(said) + "。" + (f"まだ評価のないものが{self.missing}あります。" if self.missing else "")

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """How many bodies were kept, supported, replaced."""
        return tuple(Counter(line.outcome for line in self.verified).items())


def _counted(lines: Sequence[SheetLine]) -> str:
    counts = Counter(line.label for line in lines if line.is_written)
    parts = "・".join(f"{label} {number}" for label, number in sorted(counts.items()))
    return f"{len(lines)}件（{parts}）" if parts else f"{len(lines)}件"


def get_sheet(plan: Plan, *, year: int) -> Sheet:
    """The sheet (seven queries)."""
    policies = plan.policies.filter(removed_at=None).prefetch_related("evaluations")
    targets = plan.targets.filter(removed_at=None).select_related("region").prefetch_related("evaluations")
    return Sheet(
        year=year,
        label=format_fiscal_year(year),
        record=find_plan_evaluation(plan, kind=YEARLY, year=year),
        policies=tuple(_policy_line(plan, one, year) for one in policies if asks_policy(one, year)),
        targets=tuple(_target_line(plan, one, year) for one in targets if asks_target(one, year)),
        verified=tuple(_verified(plan, year)),
    )


def _policy_line(plan: Plan, policy: Policy, year: int) -> SheetLine:
    found = next((one for one in policy.evaluations.all() if one.year == year and one.kind == YEARLY), None)
    return _line(
        found,
        subject=POLICY,
        of=policy,
        plan=plan,
        year=year,
        name=policy.title,
        group=policy.get_scene_display(),
        responsible=policy.owner,
        wanted=f"{policy.starts}–{policy.ends}年度",
        actual=found.actual if found else "",
    )


def _target_line(plan: Plan, target: Target, year: int) -> SheetLine:
    found = next((one for one in target.evaluations.all() if one.year == year and one.kind == YEARLY), None)
    unit = unit_for(target)
    return _line(
        found,
        subject=TARGET,
        of=target,
        plan=plan,
        year=year,
        name=name_of_target(target),
        group=target.region.name,
        responsible=target.responsible,
        wanted=f"{target.baseline_text}（{target.baseline_year}）→{target.end_value:,g}{unit}（{target.end_year}）",
        actual=actual_words(found) if found else "",
        interval=interval_words(found) if found else "",
        source=found.actual_source if found else "",
    )


def actual_words(found: TargetEvaluation) -> str:
    """The saved figure with its year, or the word for why there is none."""
    if found.actual_year is None:
        return "値なし"
    hand = "・手入力" if found.is_manual else ""
    return f"{found.actual_text}（{found.actual_year}年度{hand}）"


def interval_words(found: TargetEvaluation) -> str:
    """The 95 % interval, empty without one."""
    if found.actual_lower is None or found.actual_upper is None:
        return ""
    return f"{found.actual_lower:,.1f}〜{found.actual_upper:,.1f}"


def _line(
    found: PolicyEvaluation | TargetEvaluation | None,
    *,
    subject: str,
    of: Policy | Target,
    plan: Plan,
    year: int,
    name: str,
    group: str,
    responsible: str,
    wanted: str,
    actual: str,
    interval: str = "",
    source: str = "",
) -> SheetLine:
    return SheetLine(
        subject=subject,
        id=of.pk,
        name=name,
        group=group,
        responsible=responsible,
        wanted=wanted,
        actual=actual,
        interval=interval,
        source=source,
        judgement=found.judgement if found else "",
        label=label_of(found.judgement, subject) if found else "",
        rule_label=label_of(found.rule_judgement, subject) if found else "",
        rule_text=found.rule_text if found else "",
        changed_because=found.changed_because if found else "",
        previous=_previous(found) if found else "",
        cause=found.cause if found else "",
        next_action=found.next_action if found else "",
        evaluation=found,
        url=evaluation_url(plan.pk, year, of),
    )


def _previous(found: PolicyEvaluation | TargetEvaluation) -> str:
    if not found.previous_outcome:
        return ""
    note = f"：{found.previous_note}" if found.previous_note else ""
    return f"{found.get_previous_outcome_display()}{note}"


def _verified(plan: Plan, year: int) -> Iterable[VerifiedLine]:
    related = DesignationVerification.objects.filter(plan=plan, year=year, designation__voided_at=None)
    found = related.select_related("designation__body", "designation__area")
    for one in found.order_by("designation__kind", "designation__area__code", "designation__body__name", "pk"):
        yield VerifiedLine(
            name=one.designation.body.name,
            kind=one.designation.get_kind_display(),
            area=one.designation.area.name if one.designation.area else "",
            outcome=one.get_outcome_display(),
            reason=one.reason,
            next_action=one.next_action,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRow:
    """A policy or target over the years of the plan, for the mid-term and final evaluation."""

    name: str
    labels: tuple[str, ...]
    newest: str
    cause: str
    next_action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeFacts:
    """What a mid-term or final evaluation is written from: all years up to `until`."""

    years: tuple[int, ...]
    targets: tuple[WholeRow, ...]
    policies: tuple[WholeRow, ...]
    outcomes: tuple[tuple[str, int], ...]
    counts: tuple[tuple[str, str, int], ...]


def get_whole_facts(plan: Plan, *, until: int) -> WholeFacts:
    """The judgements of all years up to `until`, with the newest cause and action; outcomes of verified bodies."""
    years = tuple(year for year in plan.years if year <= until)
    sheets = [get_sheet(plan, year=year) for year in years]
    targets = _whole_rows([sheet.targets for sheet in sheets])
    policies = _whole_rows([sheet.policies for sheet in sheets])
    return WholeFacts(
        years=years,
        targets=targets,
        policies=policies,
        outcomes=tuple(Counter(line.outcome for sheet in sheets for line in sheet.verified).items()),
        counts=tuple(_whole_counts((("数値目標", TARGET, targets), ("施策", POLICY, policies)))),
    )


def _whole_rows(by_year: Sequence[Sequence[SheetLine]]) -> tuple[WholeRow, ...]:
    ids = dict.fromkeys(line.id for lines in by_year for line in lines)
    return tuple(_whole_row([next((line for line in lines if line.id == pk), None) for lines in by_year]) for pk in ids)


def _whole_row(lines: Sequence[SheetLine | None]) -> WholeRow:
    there = [line for line in lines if line is not None]
    newest = next((line for line in reversed(there) if line.is_written), there[-1])
    return WholeRow(
        name=newest.name,
        labels=tuple("対象外" if line is None else line.label or "まだ" for line in lines),
        newest=newest.label,
        cause=newest.cause,
        next_action=newest.next_action,
    )


def _whole_counts(groups: Iterable[tuple[str, str, Sequence[WholeRow]]]) -> Iterable[tuple[str, str, int]]:
    for name, subject, rows in groups:
        counts = Counter(row.newest for row in rows)
        for code in Judgement.values:
            label = label_of(code, subject)
            if counts[label]:
                yield name, label, counts[label]
        if counts[""]:
            yield name, "まだ", counts[""]


def kind_label(kind: str) -> str:
    """中間評価 or 最終評価."""
    return str(EvaluationKind(kind).label)
