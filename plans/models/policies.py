"""施策 and their roadmap; schedule, evaluation and 好事例 stand in files of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan


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
    carried_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name="引き継いだ前期の施策",
    )
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "施策"
        verbose_name_plural = "施策"
        constraints = [
            models.CheckConstraint(name="policy_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="policy_years_in_order", condition=Q(ends__gte=F("starts"))),
            models.UniqueConstraint(
                fields=["plan", "carried_from"], condition=Q(removed_at__isnull=True), name="policy_carried_once"
            ),
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
