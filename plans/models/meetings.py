"""協議の場: meetings, who sat in them, what was decided and what the decision changed; and 入退院支援ルール."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan
from regions.models import Region


class Meeting(models.Model):
    """One meeting about the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings", verbose_name="計画")
    name = models.CharField("会議の名称", max_length=120)
    held_on = models.DateField("開催日")
    place = models.CharField("場所・方法", max_length=120, blank=True)
    agenda = models.TextField("議題", blank=True)
    minutes = models.TextField("議事の要旨", blank=True)
    url = models.URLField("資料のアドレス", blank=True)
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "協議の場"
        verbose_name_plural = "協議の場"
        ordering = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.held_on:%Y-%m-%d}）"


class MeetingMember(models.Model):
    """Who took part, as an office (no private data): 「郡市医師会 会長」."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="members", verbose_name="協議の場")
    organisation = models.CharField("所属", max_length=120)
    name = models.CharField("役職・氏名", max_length=120, blank=True)
    attended = models.BooleanField("出席", default=True)

    class Meta:
        verbose_name = "構成員"
        verbose_name_plural = "構成員"

    def __str__(self) -> str:
        return f"{self.organisation} {self.name}"


class MeetingDecision(models.Model):
    """What was decided. `section` and `record` name what it changed in the plan (`plans.formulas.content`)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions", verbose_name="協議の場")
    text = models.TextField("決定・意見")
    section = models.CharField("反映先", max_length=40, blank=True)
    record = models.PositiveBigIntegerField("反映先の番号", null=True, blank=True)
    change = models.TextField("何を変えたか", blank=True)

    class Meta:
        verbose_name = "決定"
        verbose_name_plural = "決定"
        constraints = [models.CheckConstraint(name="meeting_decision_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]


class DischargeRule(models.Model):
    """入退院支援ルール of one area: when it was agreed, by whom, how far it reaches, when it is looked at again."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="discharge_rules", verbose_name="計画")
    area = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="圏域")
    agreed_on = models.DateField("合意日", null=True, blank=True)
    participants = models.TextField("参加機関", blank=True)
    hospitals = models.PositiveIntegerField("参加病院数", null=True, blank=True)
    hospitals_of = models.PositiveIntegerField("圏域の病院数", null=True, blank=True)
    review_on = models.DateField("見直し予定日", null=True, blank=True)
    url = models.URLField("ルールのアドレス", blank=True)
    note = models.TextField("備考", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "入退院支援ルール"
        verbose_name_plural = "入退院支援ルール"
        constraints = [
            models.UniqueConstraint(fields=["plan", "area"], name="discharge_rule_once"),
            models.CheckConstraint(
                name="discharge_rule_part_of_hospitals",
                condition=Q(hospitals__isnull=True)
                | Q(hospitals_of__isnull=True)
                | Q(hospitals__lte=F("hospitals_of")),
            ),
            models.CheckConstraint(
                name="discharge_rule_review_after_agreement",
                condition=Q(agreed_on__isnull=True) | Q(review_on__isnull=True) | Q(review_on__gt=F("agreed_on")),
            ),
        ]
        ordering = ["area__code"]

    def __str__(self) -> str:
        return f"{self.area}"
