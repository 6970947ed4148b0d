"""協議の場: meetings, who sat in them, what was decided and what the decision changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan
from regions.models import Region


class Meeting(models.Model):
    """One meeting about the plan. `minutes` are text with marks; an `INVITED` one is in no version and no document."""

    class Readers(models.TextChoices):
        """Which municipalities may read it; the prefecture's own people always do."""

        OPEN = "open", "県内のすべての市町村"
        INVITED = "invited", "招いた市町村だけ"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings", verbose_name="計画")
    name = models.CharField("会議の名称", max_length=120)
    body = models.CharField("会議体", max_length=120, blank=True)
    held_on = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    ends_at = models.TimeField("終了時刻", null=True, blank=True)
    place = models.CharField("場所・方法", max_length=120, blank=True)
    agenda = models.TextField("議題", blank=True)
    minutes = models.TextField("議事の要旨", blank=True)
    document = models.CharField("資料の名称", max_length=200, blank=True)
    url = models.URLField("資料のアドレス", blank=True)
    readers = models.CharField("読める市町村", max_length=8, choices=Readers, default=Readers.OPEN)
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "協議の場"
        verbose_name_plural = "協議の場"
        constraints = [
            models.CheckConstraint(name="meeting_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="meeting_hours_in_order",
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
        ]
        ordering = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.held_on:%Y-%m-%d}）"


class MeetingInvitation(models.Model):
    """A municipality whose officials read the meeting even where not all do."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations", verbose_name="協議の場")
    municipality = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市町村")

    class Meta:
        verbose_name = "招いた市町村"
        verbose_name_plural = "招いた市町村"
        constraints = [models.UniqueConstraint(fields=["meeting", "municipality"], name="meeting_invites_once")]

    def __str__(self) -> str:
        return f"{self.municipality}"


class MeetingMember(models.Model):
    """Who took part, as an office (no private data): 「郡市医師会 会長」."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="members", verbose_name="協議の場")
    organisation = models.CharField("所属", max_length=120)
    name = models.CharField("役職・氏名", max_length=120, blank=True)
    attended = models.BooleanField("出席", default=True)

    class Meta:
        verbose_name = "構成員"
        verbose_name_plural = "構成員"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.name}"


class MeetingDecision(models.Model):
    """What was decided, and in `change` what became of it, in words."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions", verbose_name="協議の場")
    text = models.TextField("決定・意見")
    change = models.TextField("何を変えたか", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "決定"
        verbose_name_plural = "決定"
        constraints = [models.CheckConstraint(name="meeting_decision_has_text", condition=~Q(text=""))]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class DecisionChange(models.Model):
    """One thing a decision changed: a record of a section (`plans.queries.decided`), by the name it had then."""

    decision = models.ForeignKey(MeetingDecision, on_delete=models.CASCADE, related_name="changes", verbose_name="決定")
    section = models.CharField("反映先", max_length=40)
    record = models.PositiveBigIntegerField("反映先の番号")
    name = models.CharField("反映先の名称", max_length=200)

    class Meta:
        verbose_name = "決定の反映先"
        verbose_name_plural = "決定の反映先"
        constraints = [
            models.UniqueConstraint(fields=["decision", "section", "record"], name="decision_changes_once"),
            models.CheckConstraint(name="decision_change_is_named", condition=~Q(section="") & ~Q(name="")),
        ]
        indexes = [models.Index(fields=["section", "record"], name="decision_change_of")]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
