"""数値目標 and the demand that is planned for, with the shares that a 協議の場 agreed on."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from plans.models.meetings import Meeting
from plans.models.plan import Plan
from regions.models import Region


class Target(models.Model):
    """Where an indicator shall stand, from a stored figure on. `baseline_text` is the figure as it was shown."""

    class Direction(models.TextChoices):
        RAISE = "raise", "増やす"
        LOWER = "lower", "減らす"
        KEEP = "keep", "維持する"

    class Measure(models.TextChoices):
        """What of the indicator is aimed at, as `indicators.results.Measure` names it."""

        RATE = "rate", "人口等あたり"
        COUNT = "count", "実数"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets", verbose_name="計画")
    position = models.PositiveSmallIntegerField("順番", default=0)
    indicator_code = models.CharField("指標コード", max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地域")
    measure = models.CharField("目標にする値", max_length=5, choices=Measure, default=Measure.RATE)
    direction = models.CharField("方向", max_length=6, choices=Direction)
    baseline_value = models.FloatField("現状値")
    baseline_year = models.PositiveSmallIntegerField("現状値の年（度）")
    baseline_text = models.CharField("現状値（表示）", max_length=60)
    baseline_source = models.TextField("現状値の出典", help_text="資料名・版・アドレス")
    end_value = models.FloatField("目標値")
    end_year = models.PositiveSmallIntegerField("目標年度")
    responsible = models.CharField("担当", max_length=120, blank=True)
    reason = models.TextField("目標値の考え方", blank=True)
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "数値目標"
        verbose_name_plural = "数値目標"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator_code", "region"],
                condition=Q(removed_at__isnull=True),
                name="target_once",
            ),
            models.CheckConstraint(
                name="target_end_follows_direction",
                condition=Q(direction="raise", end_value__gt=F("baseline_value"))
                | Q(direction="lower", end_value__lt=F("baseline_value"))
                | Q(direction="keep"),
            ),
            models.CheckConstraint(name="target_end_after_baseline", condition=Q(end_year__gt=F("baseline_year"))),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.region}"


class Milestone(models.Model):
    """The value a target shall have reached in a year on the way."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="milestones", verbose_name="数値目標")
    year = models.PositiveSmallIntegerField("年度")
    value = models.FloatField("値")

    class Meta:
        verbose_name = "各年の目標"
        verbose_name_plural = "各年の目標"
        constraints = [models.UniqueConstraint(fields=["target", "year"], name="milestone_once")]
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.target} {self.year}"


class DemandAgreement(models.Model):
    """追加的需要 of one area in one year: natural increase + transferred need × share for home care (people a day).

    The rest of what is transferred goes to 介護サービス, in step with the 介護保険事業計画 (docs/glossary.md).
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="demand", verbose_name="計画")
    area = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="圏域")
    year = models.PositiveSmallIntegerField("年度")
    natural_increase = models.FloatField("高齢化による自然増（人/日）", validators=[MinValueValidator(0)])
    transferred = models.FloatField("追加的需要（人/日）", validators=[MinValueValidator(0)])
    home_share = models.FloatField("在宅への按分率", validators=[MinValueValidator(0), MaxValueValidator(1)])
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="合意した協議の場"
    )
    basis = models.TextField("算定の根拠", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "在宅の整備目標"
        verbose_name_plural = "在宅の整備目標"
        constraints = [
            models.UniqueConstraint(fields=["plan", "area", "year"], name="demand_agreement_once"),
            models.CheckConstraint(
                name="demand_agreement_in_range",
                condition=Q(natural_increase__gte=0, transferred__gte=0, home_share__gte=0, home_share__lte=1),
            ),
        ]
        ordering = ["area__code", "year"]

    def __str__(self) -> str:
        return f"{self.area} {self.year}"
