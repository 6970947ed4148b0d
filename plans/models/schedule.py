"""年間スケジュール: entries of its own (the others are gathered from where they live) and links for calendars."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan
from regions.models import Region

USER = settings.AUTH_USER_MODEL


class ScheduleItem(models.Model):
    """One line of the 年間スケジュール; the prefecture always sees it, others as it is shared with them."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="schedule", verbose_name="計画")
    title = models.CharField("内容", max_length=160)
    starts_on = models.DateField("日（開始）")
    ends_on = models.DateField("日（終了）", null=True, blank=True)
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    ends_at = models.TimeField("終了時刻", null=True, blank=True)
    place = models.CharField("場所・方法", max_length=120, blank=True)
    owner = models.CharField("担当", max_length=120, blank=True)
    for_municipalities = models.BooleanField("市町村と共有する", default=True)
    for_associations = models.BooleanField("医師会などと共有する", default=True)
    done_on = models.DateField("済んだ日", null=True, blank=True)
    note = models.TextField("備考", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "年間スケジュール"
        verbose_name_plural = "年間スケジュール"
        constraints = [
            models.CheckConstraint(name="schedule_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="schedule_days_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="schedule_hours_in_order",
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at"))
                | Q(starts_at__isnull=False, ends_on__gt=F("starts_on")),
            ),
        ]
        ordering = ["starts_on", "id"]

    def __str__(self) -> str:
        return self.title


class CalendarLink(models.Model):
    """A secret address of the schedule for somebody without an account. Only the hash of its token is kept."""

    class Audience(models.TextChoices):
        """Whose entries it shows (`plans.formulas.schedule.Audience`)."""

        PREFECTURE = "prefecture", "都道府県（すべての予定）"
        MUNICIPALITY = "municipality", "市町村"
        ASSOCIATION = "association", "医師会など"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="calendar_links", verbose_name="計画")
    label = models.CharField("渡した相手", max_length=120)
    audience = models.CharField("だれ向けの予定か", max_length=12, choices=Audience)
    municipality = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="市町村"
    )
    token_hash = models.CharField("トークンのハッシュ", max_length=64, unique=True)
    created_at = models.DateTimeField("発行")
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="発行者")
    revoked_at = models.DateTimeField("取消", null=True, blank=True)
    last_used_at = models.DateTimeField("最後に読まれた日時", null=True, blank=True)

    class Meta:
        verbose_name = "予定表のアドレス"
        verbose_name_plural = "予定表のアドレス"
        constraints = [
            models.CheckConstraint(name="calendar_link_has_label", condition=~Q(label="")),
            models.CheckConstraint(name="calendar_link_hash_shape", condition=Q(token_hash__regex=r"^[0-9a-f]{64}$")),  # noqa: S106 - a pattern
            models.CheckConstraint(
                name="calendar_link_of_a_municipality",
                condition=Q(municipality__isnull=True) | Q(audience="municipality"),
            ),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.label
