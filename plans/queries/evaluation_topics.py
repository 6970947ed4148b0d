"""The evaluation as sections of a plan's content: what versions keep and documents print. Only what is confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plans.formulas.content import FieldOf, Record, SectionOf
from plans.formulas.evaluation import POLICY, TARGET, label_of
from plans.models import DesignationVerification, Plan, PolicyEvaluation, TargetEvaluation
from plans.queries.evaluation_sheets import actual_words, interval_words
from plans.queries.evaluations import YEARLY, name_of_target
from plans.queries.topics import Topic

_COMMON = (
    FieldOf("name", "名称"),
    FieldOf("year", "年度"),
    FieldOf("actual", "実績", is_text=True),
    FieldOf("judgement", "評価"),
    FieldOf("rule_judgement", "決まりによる評価"),
    FieldOf("rule_text", "決まりの当てはめ", is_text=True),
    FieldOf("changed_because", "評価を変えた理由", is_text=True),
    FieldOf("previous_outcome", "前年度の「次の取組」"),
    FieldOf("previous_note", "前年度の「次の取組」の結果", is_text=True),
    FieldOf("cause", "要因", is_text=True),
    FieldOf("next_action", "次の取組", is_text=True),
)


def _confirmed_years(plan: Plan) -> list[int]:
    return [one.year for one in plan.evaluations.all() if one.kind == YEARLY and one.confirmed_at is not None]


def _policies(plan: Plan) -> Iterator[Record]:
    found = PolicyEvaluation.objects.filter(
        policy__plan=plan, policy__removed_at=None, kind=YEARLY, year__in=_confirmed_years(plan)
    )
    for one in found.select_related("policy").order_by("year", "policy__position", "pk"):
        yield {**_common(one, POLICY), "name": one.policy.title, "actual": one.actual}


def _targets(plan: Plan) -> Iterator[Record]:
    found = TargetEvaluation.objects.filter(
        target__plan=plan, target__removed_at=None, kind=YEARLY, year__in=_confirmed_years(plan)
    )
    for one in found.select_related("target__region").order_by("year", "target__position", "pk"):
        yield {
            **_common(one, TARGET),
            "name": name_of_target(one.target),
            "actual": actual_words(one),
            "interval": interval_words(one),
            "state": one.actual_state,
            "source": one.actual_source,
        }


def _common(one: PolicyEvaluation | TargetEvaluation, subject: str) -> Record:
    return {
        "id": one.pk,
        "year": one.year,
        "judgement": label_of(one.judgement, subject),
        "rule_judgement": label_of(one.rule_judgement, subject),
        "rule_text": one.rule_text,
        "changed_because": one.changed_because,
        "previous_outcome": one.get_previous_outcome_display() if one.previous_outcome else "",
        "previous_note": one.previous_note,
        "cause": one.cause,
        "next_action": one.next_action,
    }


def _verified(plan: Plan) -> dict[int, str]:
    """Outcomes by year in numbers: a version is made public, and which body is doubted is not for everybody."""
    counts: dict[int, Counter[str]] = {}
    for one in DesignationVerification.objects.filter(plan=plan, designation__voided_at=None):
        counts.setdefault(one.year, Counter())[one.get_outcome_display()] += 1
    return {
        year: "、".join(f"{label} {number}" for label, number in sorted(found.items()))
        for year, found in counts.items()
    }


def _whole(plan: Plan) -> Iterator[Record]:
    verified = _verified(plan)
    for one in plan.evaluations.exclude(confirmed_at=None).select_related("meeting"):
        yield {
            "id": one.pk,
            "kind": one.get_kind_display(),
            "year": one.year,
            "name": f"{one.get_kind_display()}（{one.year}年度）",
            "summary": one.summary,
            "verified": verified.get(one.year, "") if one.kind == YEARLY else "",
            "outcome": one.outcome,
            "structure": one.structure,
            "issues": one.issues,
            "direction": one.direction,
            "opinions": one.opinions,
            "meeting": str(one.meeting) if one.meeting else "",
            "conclusion": one.get_conclusion_display() if one.conclusion else "",
            "confirmed_on": f"{one.confirmed_at:%Y-%m-%d}" if one.confirmed_at else "",
        }


EVALUATION_TOPICS: tuple[Topic, ...] = (
    Topic(
        SectionOf(
            key="target_evaluations",
            label="数値目標の評価",
            name_field="name",
            fields=(
                *_COMMON,
                FieldOf("interval", "95％信頼区間"),
                FieldOf("state", "実績値の状態"),
                FieldOf("source", "実績値の出典", is_text=True),
            ),
        ),
        _targets,
    ),
    Topic(
        SectionOf(key="policy_evaluations", label="施策の評価", name_field="name", fields=_COMMON),
        _policies,
    ),
    Topic(
        SectionOf(
            key="plan_evaluations",
            label="計画の評価",
            name_field="name",
            fields=(
                FieldOf("name", "種類"),
                FieldOf("summary", "総括", is_text=True),
                FieldOf("verified", "位置付けの検証（機関数）"),
                FieldOf("outcome", "住民・患者にとっての成果", is_text=True),
                FieldOf("structure", "提供体制の評価", is_text=True),
                FieldOf("issues", "残された課題と要因", is_text=True),
                FieldOf("direction", "今後の方向", is_text=True),
                FieldOf("opinions", "協議の場の意見と対応", is_text=True),
                FieldOf("meeting", "評価を示した協議の場"),
                FieldOf("conclusion", "結論"),
                FieldOf("confirmed_on", "確定した日"),
            ),
        ),
        _whole,
    ),
)
