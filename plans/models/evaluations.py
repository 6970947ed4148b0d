"""Evaluation (PDCA): each year of policies and targets, the whole plan mid-term and at its end, and designated bodies.

A row says what the declared rule gave (`rule_judgement`, `rule_text`) beside what stands (`judgement`); where the two
differ somebody has said why (`changed_because`). A `PlanEvaluation` that an approver has confirmed closes the
evaluations of its year; the actions look at that.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from institutions.models import Designation
from plans.models.meetings import Meeting
from plans.models.plan import Plan
from plans.models.policies import Policy
from plans.models.targets import Target

USER = settings.AUTH_USER_MODEL


class Judgement(models.TextChoices):
    """How a year went, by the declared rules (`plans.formulas.progress`, `plans.formulas.policy_rule`)."""

    REACHED = "reached", "A 達成"
    ON_COURSE = "on_course", "B 順調"
    BEHIND = "behind", "C 遅れ"
    WORSE = "worse", "D 悪化"
    UNKNOWN = "unknown", "判定できない"


class EvaluationKind(models.TextChoices):
    YEARLY = "yearly", "毎年の評価"
    MID_TERM = "mid_term", "中間評価"
    FINAL = "final", "最終評価"


class PreviousOutcome(models.TextChoices):
    """What became of the next action that the evaluation of the year before had set."""

    NONE = "", "まだ書いていない"
    DONE = "done", "行った"
    CONTINUED = "continued", "続ける"
    DROPPED = "dropped", "取りやめた"


class YearlyEvaluation(models.Model):
    """What evaluations of policies and of targets have in common."""

    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("種類", max_length=8, choices=EvaluationKind, default=EvaluationKind.YEARLY)
    judgement = models.CharField("評価", max_length=10, choices=Judgement)
    rule_judgement = models.CharField("決まりによる評価", max_length=10, choices=Judgement, default=Judgement.UNKNOWN)
    rule_text = models.TextField("決まりの当てはめ", blank=True)
    changed_because = models.TextField("評価を変えた理由", blank=True)
    previous_outcome = models.CharField("前年度の「次の取組」", max_length=10, choices=PreviousOutcome, blank=True)
    previous_note = models.TextField("前年度の「次の取組」の結果", blank=True)
    cause = models.TextField("要因", blank=True)
    next_action = models.TextField("次の取組", blank=True)
    carried_at = models.DateTimeField("次の取組をロードマップに加えた日時", null=True, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="評価者")
    at = models.DateTimeField("評価日時", auto_now=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_behind_says_why",
                condition=~Q(judgement__in=["behind", "worse"]) | (~Q(cause="") & ~Q(next_action="")),
            ),
            models.CheckConstraint(
                name="%(class)s_change_says_why",
                condition=Q(judgement=F("rule_judgement")) | ~Q(changed_because=""),
            ),
            models.CheckConstraint(
                name="%(class)s_continued_has_action",
                condition=~Q(previous_outcome="continued") | ~Q(next_action=""),
            ),
        ]


class PolicyEvaluation(YearlyEvaluation):
    """What came of a policy in a fiscal year."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="evaluations", verbose_name="施策")
    actual = models.TextField("実績")

    class Meta(YearlyEvaluation.Meta):
        verbose_name = "施策の評価"
        verbose_name_plural = "施策の評価"
        constraints = [
            *YearlyEvaluation.Meta.constraints,
            models.UniqueConstraint(fields=["policy", "year", "kind"], name="policy_evaluated_once"),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.policy} {self.year}"


class TargetEvaluation(YearlyEvaluation):
    """Where a target stood in a year: the stored figure as it was, or one entered by hand where none is stored."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="evaluations", verbose_name="数値目標")
    actual_value = models.FloatField("実績値", null=True, blank=True)
    actual_year = models.PositiveSmallIntegerField("実績値の年（度）", null=True, blank=True)
    actual_text = models.CharField("実績値（表示）", max_length=60, blank=True)
    actual_lower = models.FloatField("実績値の95％信頼区間（下限）", null=True, blank=True)
    actual_upper = models.FloatField("実績値の95％信頼区間（上限）", null=True, blank=True)
    actual_state = models.CharField("実績値の状態", max_length=16, blank=True, help_text="observed、suppressed など")
    actual_source = models.TextField("実績値の出典", blank=True, help_text="資料名・版・アドレス")
    is_manual = models.BooleanField("手で入力した値", default=False)
    expected_value = models.FloatField("見込んだ値", null=True, blank=True)

    class Meta(YearlyEvaluation.Meta):
        verbose_name = "数値目標の評価"
        verbose_name_plural = "数値目標の評価"
        constraints = [
            *YearlyEvaluation.Meta.constraints,
            models.UniqueConstraint(fields=["target", "year", "kind"], name="target_evaluated_once"),
            models.CheckConstraint(
                name="target_without_figure_is_not_judged",
                condition=Q(judgement="unknown") | Q(actual_value__isnull=False, actual_year__isnull=False),
            ),
            # What the rule cannot judge (hidden, missing, not comparable) nobody can judge by hand.
            models.CheckConstraint(
                name="target_unjudged_stays_unjudged", condition=~Q(rule_judgement="unknown") | Q(judgement="unknown")
            ),
            models.CheckConstraint(
                name="target_manual_has_source", condition=Q(is_manual=False) | ~Q(actual_source="")
            ),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.target} {self.year}"


class PlanEvaluation(models.Model):
    """The evaluation of a plan as a whole: the sheet of a year, mid-term or final, with what an approver confirmed."""

    class Conclusion(models.TextChoices):
        CONTINUE = "continue", "計画どおり進める"
        ADJUST = "adjust", "一部を見直す"
        REVISE = "revise", "大きく見直す"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="evaluations", verbose_name="計画")
    kind = models.CharField("種類", max_length=8, choices=EvaluationKind, default=EvaluationKind.YEARLY)
    year = models.PositiveSmallIntegerField("年度", help_text="この年度までの実績")
    summary = models.TextField("総括", blank=True)
    outcome = models.TextField("住民・患者にとっての成果", blank=True)
    structure = models.TextField("提供体制（圏域・医療機関・拠点）の評価", blank=True)
    issues = models.TextField("残された課題と要因", blank=True)
    direction = models.TextField("今後の方向（次の年度・次期計画への反映）", blank=True)
    opinions = models.TextField("協議の場の意見と対応", blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="評価した協議の場"
    )
    conclusion = models.CharField("結論", max_length=8, choices=Conclusion, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="記入者")
    at = models.DateTimeField("記入日時", auto_now=True)
    confirmed_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確定した人"
    )
    confirmed_at = models.DateTimeField("確定", null=True, blank=True)
    reopened_because = models.TextField("確定を取り消した理由", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "計画の評価"
        verbose_name_plural = "計画の評価"
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "year"], name="plan_evaluated_once"),
            models.UniqueConstraint(
                fields=["plan", "kind"], condition=~Q(kind="yearly"), name="plan_evaluated_once_mid_term_and_final"
            ),
            models.CheckConstraint(
                name="plan_evaluation_confirmed_by_someone",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_evaluation_confirmed_has_summary",
                condition=Q(confirmed_at__isnull=True)
                | (~Q(summary="") & (Q(kind="yearly") | (~Q(conclusion="") & ~Q(direction="")))),
            ),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.plan} {self.get_kind_display()} {self.year}"


class DesignationVerification(models.Model):
    """A designated body looked at with the core indicators: keep, support or replace. `facts` is what was seen."""

    class Outcome(models.TextChoices):
        KEEP = "keep", "継続"
        SUPPORT = "support", "支援して継続"
        REPLACE = "replace", "見直し（交代）"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="verifications", verbose_name="計画")
    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="verifications", verbose_name="位置付け"
    )
    year = models.PositiveSmallIntegerField("年度")
    outcome = models.CharField("結果", max_length=8, choices=Outcome)
    reason = models.TextField("理由")
    next_action = models.TextField("支援の内容・交代の進め方", blank=True)
    facts = models.JSONField("検証に使った事実", default=list)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="検証者")
    at = models.DateTimeField("検証日時", auto_now=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "位置付けの検証"
        verbose_name_plural = "位置付けの検証"
        constraints = [
            models.UniqueConstraint(fields=["designation", "year"], name="designation_verified_once"),
            models.CheckConstraint(name="verification_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="verification_says_what_next", condition=Q(outcome="keep") | ~Q(next_action="")
            ),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.designation} {self.year}"
