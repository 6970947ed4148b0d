"""活動報告: what designated bodies report for a fiscal year, through a personal link, and what officials make of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from institutions.models.bodies import Body
from institutions.models.designations import Designation
from regions.models import Region

USER = settings.AUTH_USER_MODEL
LARGEST = 1_000_000


class ReportRound(models.Model):
    """One prefecture asks its designated bodies for one fiscal year. `period` says whose list of bodies it is."""

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    year = models.PositiveSmallIntegerField("年度", help_text="報告の対象の年度")
    period = models.PositiveSmallIntegerField("計画期間", help_text="対象の機関を位置付けた計画期間")
    opened_on = models.DateField("受付開始")
    due_on = models.DateField("締切")
    closed_at = models.DateTimeField("受付終了", null=True, blank=True)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="開始した人")

    class Meta:
        verbose_name = "活動報告の回"
        verbose_name_plural = "活動報告の回"
        constraints = [
            models.UniqueConstraint(fields=["prefecture", "year"], name="report_round_once"),
            models.CheckConstraint(name="report_round_due_after_opening", condition=Q(due_on__gte=F("opened_on"))),
            models.CheckConstraint(name="report_round_year_known", condition=Q(year__gte=2024, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"{self.prefecture} {self.year}年度"


class BodyReport(models.Model):
    """What one body owes in a round, as a body of one category. What was handed in are its versions.

    `draft` are the words typed so far, whatever they are; nothing of it counts.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "未提出"
        SUBMITTED = "submitted", "提出済（未確認）"
        RETURNED = "returned", "差戻し"
        CONFIRMED = "confirmed", "確認済"

    round = models.ForeignKey(ReportRound, on_delete=models.PROTECT, related_name="reports", verbose_name="回")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="activity_reports", verbose_name="機関")
    kind = models.CharField("区分", max_length=10, choices=Designation.Kind)
    area = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    format_key = models.CharField("様式の版", max_length=40)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    draft = models.JSONField("下書き", default=dict, blank=True)
    draft_at = models.DateTimeField("下書きの保存", null=True, blank=True)
    remark = models.TextField("差戻しの理由", blank=True)

    class Meta:
        verbose_name = "活動報告"
        verbose_name_plural = "活動報告"
        constraints = [
            models.UniqueConstraint(fields=["round", "body", "kind"], name="body_report_once"),
            models.CheckConstraint(name="body_report_kind_known", condition=Q(kind__in=["active", "hub"])),
            models.CheckConstraint(
                name="body_report_state_known",
                condition=Q(state__in=["waiting", "submitted", "returned", "confirmed"]),
            ),
            models.CheckConstraint(
                name="body_report_return_has_remark", condition=~Q(state="returned") | ~Q(remark="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}（{self.round}）"


class ReportVersion(models.Model):
    """A report as it was handed in. The database refuses to change or delete one; the newest counts."""

    class Via(models.TextChoices):
        FORM = "form", "Webの様式"
        SHEET = "sheet", "表計算ファイル"

    report = models.ForeignKey(BodyReport, on_delete=models.PROTECT, related_name="versions", verbose_name="活動報告")
    number = models.PositiveSmallIntegerField("版")
    words = models.JSONField("選んだ答え", default=dict)
    comment = models.TextField("補足", blank=True)
    reporter = models.CharField("報告者", max_length=100)
    via = models.CharField("方法", max_length=10, choices=Via)
    at = models.DateTimeField("提出")

    class Meta:
        verbose_name = "提出された報告"
        verbose_name_plural = "提出された報告"
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once"),
            models.CheckConstraint(name="report_version_has_reporter", condition=~Q(reporter="")),
        ]

    def __str__(self) -> str:
        return f"{self.report} 第{self.number}版"


class ReportFigure(models.Model):
    """One number of a version. `most` is what it could be at most: the format's limit, or the whole it is part of."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="figures", verbose_name="版")
    item = models.CharField("項目", max_length=40)
    number = models.IntegerField("値")
    most = models.IntegerField("上限")

    class Meta:
        verbose_name = "報告の数値"
        verbose_name_plural = "報告の数値"
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="report_figure_once"),
            models.CheckConstraint(name="report_figure_not_negative", condition=Q(number__gte=0)),
            models.CheckConstraint(
                name="report_figure_possible", condition=Q(number__lte=F("most"), most__lte=LARGEST)
            ),
            models.CheckConstraint(
                name="report_figure_day_has_24_hours", condition=~Q(item__endswith="_hours") | Q(number__lte=24)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.number}"


class ReportLink(models.Model):
    """The way in for a body without an account. Only the hash of its token is kept; one link a report is open."""

    report = models.ForeignKey(BodyReport, on_delete=models.PROTECT, related_name="links", verbose_name="活動報告")
    token_hash = models.CharField("トークンのハッシュ", max_length=64, unique=True)
    created_at = models.DateTimeField("発行")
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="発行者")
    expires_at = models.DateTimeField("期限")
    revoked_at = models.DateTimeField("取消", null=True, blank=True)
    last_used_at = models.DateTimeField("最後に開いた日時", null=True, blank=True)

    class Meta:
        verbose_name = "報告用リンク"
        verbose_name_plural = "報告用リンク"
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(revoked_at__isnull=True), name="report_link_one_open"
            ),
            models.CheckConstraint(name="report_link_hash_shape", condition=Q(token_hash__regex=r"^[0-9a-f]{64}$")),  # noqa: S106 - a pattern
            models.CheckConstraint(name="report_link_ends_later", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.created_at:%Y-%m-%d}"


class ReportEvent(models.Model):
    """One line of the history of a report; without `by` the body itself did it. Never changed."""

    class Action(models.TextChoices):
        OPENED = "opened", "報告の依頼"
        LINK = "link", "リンクの発行"
        REVOKED = "revoked", "リンクの取消"
        SUBMITTED = "submitted", "提出"
        RETURNED = "returned", "差戻し"
        CONFIRMED = "confirmed", "確認"

    report = models.ForeignKey(BodyReport, on_delete=models.PROTECT, related_name="events", verbose_name="活動報告")
    action = models.CharField("操作", max_length=10, choices=Action)
    remark = models.TextField("内容", blank=True)
    by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当者"
    )
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "活動報告の履歴"
        verbose_name_plural = "活動報告の履歴"

    def __str__(self) -> str:
        return f"{self.report} {self.get_action_display()}"
