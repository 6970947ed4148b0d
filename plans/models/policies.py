"""施策, their roadmap and their evaluation (PDCA)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from institutions.models import Designation
from plans.models.plan import Plan
from plans.models.targets import Target

USER = settings.AUTH_USER_MODEL


class Scene(models.TextChoices):
    """場面."""

    DISCHARGE = "discharge", "退院支援"
    DAILY = "daily", "日常の療養支援"
    ACUTE = "acute", "急変時の対応"
    EOL = "eol", "看取り"
    CROSS = "cross", "横断"


class Theme(models.TextChoices):
    """Themes of policies and of 好事例."""

    NONE = "", "指定なし"
    WORKFORCE = "workforce", "人材"
    CHILDREN = "children", "小児・医療的ケア児"
    DENTAL = "dental", "歯科"
    PHARMACY = "pharmacy", "薬局"
    REHABILITATION = "rehabilitation", "リハビリテーション・栄養"
    ROUND_THE_CLOCK = "round_the_clock", "24時間・輪番"
    ICT = "ict", "ICT・オンライン診療（D to P with N）"
    DISASTER = "disaster", "災害・BCP"
    ACP = "acp", "ACP・住民への普及啓発"
    CARE_FACILITIES = "care_facilities", "介護施設との連携"


class Policy(models.Model):
    """One policy of a plan. `budget` is in thousand yen for the whole period."""

    class Status(models.TextChoices):
        PLANNED = "planned", "予定"
        RUNNING = "running", "実施中"
        DONE = "done", "完了"
        STOPPED = "stopped", "中止"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="policies", verbose_name="計画")
    position = models.PositiveSmallIntegerField("順番", default=0)
    title = models.CharField("施策の名称", max_length=160)
    scene = models.CharField("場面", max_length=10, choices=Scene)
    theme = models.CharField("テーマ", max_length=20, choices=Theme, blank=True)
    text = models.TextField("内容", blank=True)
    owner = models.CharField("担当", max_length=120, blank=True)
    budget = models.PositiveIntegerField("予算（千円）", null=True, blank=True)
    uses_fund = models.BooleanField("地域医療介護総合確保基金を使う", default=False)
    starts = models.PositiveSmallIntegerField("開始年度")
    ends = models.PositiveSmallIntegerField("終了年度")
    status = models.CharField("状況", max_length=8, choices=Status, default=Status.PLANNED)
    evidence = models.TextField("根拠", blank=True, help_text="調査・研究・好事例・統計など")
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "施策"
        verbose_name_plural = "施策"
        constraints = [
            models.CheckConstraint(name="policy_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="policy_years_in_order", condition=Q(ends__gte=F("starts"))),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class RoadmapStep(models.Model):
    """What of a policy happens in which fiscal year."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps", verbose_name="施策")
    year = models.PositiveSmallIntegerField("年度")
    text = models.CharField("内容", max_length=200)
    is_done = models.BooleanField("実施済", default=False)

    class Meta:
        verbose_name = "ロードマップの項目"
        verbose_name_plural = "ロードマップの項目"
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.text}"


class Judgement(models.TextChoices):
    """How a year went, by the declared rule (docs/ja on evaluation)."""

    REACHED = "reached", "A 達成"
    ON_COURSE = "on_course", "B 順調"
    BEHIND = "behind", "C 遅れ"
    WORSE = "worse", "D 悪化"
    UNKNOWN = "unknown", "評価できない"


class EvaluationKind(models.TextChoices):
    YEARLY = "yearly", "毎年の評価"
    MID_TERM = "mid_term", "中間評価"
    FINAL = "final", "最終評価"


class PolicyEvaluation(models.Model):
    """What came of a policy in a fiscal year."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="evaluations", verbose_name="施策")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("種類", max_length=8, choices=EvaluationKind, default=EvaluationKind.YEARLY)
    actual = models.TextField("実績")
    judgement = models.CharField("評価", max_length=10, choices=Judgement)
    cause = models.TextField("要因", blank=True)
    next_action = models.TextField("次の取組", blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="評価者")
    at = models.DateTimeField("評価日時", auto_now=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "施策の評価"
        verbose_name_plural = "施策の評価"
        constraints = [
            models.UniqueConstraint(fields=["policy", "year", "kind"], name="policy_evaluated_once"),
            models.CheckConstraint(
                name="policy_behind_says_why",
                condition=~Q(judgement__in=["behind", "worse"]) | (~Q(cause="") & ~Q(next_action="")),
            ),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.policy} {self.year}"


class TargetEvaluation(models.Model):
    """Where a target stood in a year: the stored figure as it was, and the judgement by the declared rule."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="evaluations", verbose_name="数値目標")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("種類", max_length=8, choices=EvaluationKind, default=EvaluationKind.YEARLY)
    actual_value = models.FloatField("実績値", null=True, blank=True)
    actual_year = models.PositiveSmallIntegerField("実績値の年（度）", null=True, blank=True)
    actual_text = models.CharField("実績値（表示）", max_length=60, blank=True)
    judgement = models.CharField("評価", max_length=10, choices=Judgement)
    cause = models.TextField("要因", blank=True)
    next_action = models.TextField("次の取組", blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="評価者")
    at = models.DateTimeField("評価日時", auto_now=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "数値目標の評価"
        verbose_name_plural = "数値目標の評価"
        constraints = [
            models.UniqueConstraint(fields=["target", "year", "kind"], name="target_evaluated_once"),
            models.CheckConstraint(
                name="target_without_figure_is_not_judged",
                condition=Q(judgement="unknown") | Q(actual_value__isnull=False, actual_year__isnull=False),
            ),
            models.CheckConstraint(
                name="target_behind_says_why",
                condition=~Q(judgement__in=["behind", "worse"]) | (~Q(cause="") & ~Q(next_action="")),
            ),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.target} {self.year}"


class DesignationVerification(models.Model):
    """A designated body looked at with the core indicators: keep, support or replace."""

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
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="検証者")
    at = models.DateTimeField("検証日時", auto_now=True)

    class Meta:
        verbose_name = "位置付けの検証"
        verbose_name_plural = "位置付けの検証"
        constraints = [
            models.UniqueConstraint(fields=["designation", "year"], name="designation_verified_once"),
            models.CheckConstraint(name="verification_has_reason", condition=~Q(reason="")),
        ]
        ordering = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.designation} {self.year}"
