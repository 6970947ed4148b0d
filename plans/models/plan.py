"""The plan of a prefecture for one period: chapters that several people write, and versions that nobody can change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from regions.models import AreaScheme, Region

USER = settings.AUTH_USER_MODEL
# The first fiscal year of every period: 2024 (第8次前期), 2027 (第8次後期), 2030 (第9次前期) …
PERIOD_STARTS = range(2024, 2100, 3)
PERIOD_YEARS = 3


class Plan(models.Model):
    """One prefecture's plan of home medical care for three fiscal years. `period` is the first of them."""

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="plans", verbose_name="都道府県")
    period = models.PositiveSmallIntegerField("計画期間", help_text="最初の年度。2024、2027、2030 …")
    title = models.CharField("計画の名称", max_length=120)
    scheme = models.ForeignKey(
        AreaScheme, on_delete=models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="在宅医療圏"
    )
    approval_levels = models.PositiveSmallIntegerField("承認の段階", default=1, help_text="1または2")
    is_demo = models.BooleanField("デモ", default=False)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="作成者")
    created_at = models.DateTimeField("作成", auto_now_add=True)

    class Meta:
        verbose_name = "計画"
        verbose_name_plural = "計画"
        constraints = [
            models.UniqueConstraint(fields=["prefecture", "period"], name="plan_once"),
            models.CheckConstraint(name="plan_period_is_three_years", condition=Q(period__in=[*PERIOD_STARTS])),
            models.CheckConstraint(name="plan_one_or_two_approvals", condition=Q(approval_levels__in=[1, 2])),
            models.CheckConstraint(name="plan_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        """The fiscal years of the period."""
        return range(self.period, self.period + PERIOD_YEARS)


class Chapter(models.Model):
    """One chapter as it is being written. `key` names it in the template and stays when it is renamed or moved."""

    class Status(models.TextChoices):
        """In this order; 差戻し leads back to 編集中."""

        NOT_STARTED = "not_started", "未着手"
        EDITING = "editing", "編集中"
        IN_REVIEW = "in_review", "確認中"
        RETURNED = "returned", "差戻し"
        APPROVED = "approved", "承認"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="chapters", verbose_name="計画")
    key = models.SlugField("キー", max_length=40)
    position = models.PositiveSmallIntegerField("順番")
    title = models.CharField("章の名称", max_length=120)
    guidance = models.TextField("書き方の案内", blank=True)
    text = models.TextField("本文", blank=True, help_text="Markdown。引用した数値は [[引用:番号]]")
    status = models.CharField("状態", max_length=12, choices=Status, default=Status.NOT_STARTED)
    owner = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="chapters", verbose_name="担当者"
    )
    due_on = models.DateField("期限", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=0, help_text="保存のたびに1増える。同時の編集を見分ける")
    removed_at = models.DateTimeField("削除", null=True, blank=True, help_text="目次から外した章。戻せる")

    class Meta:
        verbose_name = "章"
        verbose_name_plural = "章"
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="chapter_key_once"),
            models.CheckConstraint(name="chapter_has_title", condition=~Q(title="")),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class ChapterRevision(models.Model):
    """A saved state of a chapter. Lines are only ever added; the newest equals the chapter."""

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="revisions", verbose_name="章")
    number = models.PositiveIntegerField("版")
    title = models.CharField("章の名称", max_length=120)
    text = models.TextField("本文", blank=True)
    note = models.CharField("変更の理由", max_length=200, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="編集者")
    at = models.DateTimeField("日時", auto_now_add=True)

    class Meta:
        verbose_name = "章の履歴"
        verbose_name_plural = "章の履歴"
        constraints = [models.UniqueConstraint(fields=["chapter", "number"], name="chapter_revision_once")]

    def __str__(self) -> str:
        return f"{self.chapter} {self.number}"


class ChapterDraft(models.Model):
    """What one person has typed and not saved yet, kept on the server. `base` is the version it was begun from."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="drafts", verbose_name="章")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+", verbose_name="編集者")
    text = models.TextField("本文", blank=True)
    base = models.PositiveIntegerField("もとの版")
    saved_at = models.DateTimeField("自動保存", auto_now=True)

    class Meta:
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        constraints = [models.UniqueConstraint(fields=["chapter", "user"], name="chapter_draft_once")]

    def __str__(self) -> str:
        return f"{self.chapter} {self.user}"


class PlanComment(models.Model):
    """A remark on a plan or on one record of it; a municipality's says which municipality it speaks for.

    `section` and `record` name what is meant as the content of the plan does (`plans.content`); both empty: the whole.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments", verbose_name="計画")
    section = models.CharField("対象", max_length=40, blank=True)
    record = models.PositiveBigIntegerField("対象の番号", null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies", verbose_name="返信先"
    )
    municipality = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="意見を出した市区町村"
    )
    text = models.TextField("内容")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="記入者")
    at = models.DateTimeField("日時", auto_now_add=True)
    resolved_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="対応者"
    )
    resolved_at = models.DateTimeField("対応済", null=True, blank=True)

    class Meta:
        verbose_name = "意見"
        verbose_name_plural = "意見"
        constraints = [
            models.CheckConstraint(name="plan_comment_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="plan_comment_resolved_by_someone",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["plan", "section", "record"], name="plan_comment_subject")]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:20]}"


class Mention(models.Model):
    """Somebody named in a comment (`@利用者名`), who has seen it or not."""

    comment = models.ForeignKey(PlanComment, on_delete=models.CASCADE, related_name="mentions", verbose_name="意見")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="mentions", verbose_name="名前を挙げた人")
    seen_at = models.DateTimeField("既読", null=True, blank=True)

    class Meta:
        verbose_name = "名指し"
        verbose_name_plural = "名指し"
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.comment} → {self.user}"


class PlanVersion(models.Model):
    """The whole plan as it was handed in: canonical JSON that the database refuses to change (docs/decisions/0060)."""

    class State(models.TextChoices):
        """提出 → (差戻し | 一次承認 → 承認 | 承認) → 公表; 取下げ while nobody has decided."""

        SUBMITTED = "submitted", "提出"
        FIRST_APPROVED = "first_approved", "一次承認"
        RETURNED = "returned", "差戻し"
        WITHDRAWN = "withdrawn", "取下げ"
        APPROVED = "approved", "承認"
        PUBLISHED = "published", "公表"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", verbose_name="計画")
    number = models.PositiveSmallIntegerField("版")
    state = models.CharField("状態", max_length=14, choices=State, default=State.SUBMITTED)
    note = models.TextField("提出時の説明", blank=True)
    content = models.JSONField("内容")
    digest = models.CharField("ハッシュ（SHA-256）", max_length=64)
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="提出者")
    submitted_at = models.DateTimeField("提出日時")
    published_at = models.DateTimeField("公表日時", null=True, blank=True)

    class Meta:
        verbose_name = "計画の版"
        verbose_name_plural = "計画の版"
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=["submitted", "first_approved"]),
                name="plan_version_one_under_review",
            ),
            models.CheckConstraint(name="plan_version_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="plan_version_published_has_day",
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.plan} 第{self.number}版"


class VersionDecision(models.Model):
    """What an approver decided about a version. Lines are only ever added."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "承認"
        RETURNED = "returned", "差戻し"

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="decisions", verbose_name="版")
    level = models.PositiveSmallIntegerField("段階")
    outcome = models.CharField("判断", max_length=10, choices=Outcome)
    reason = models.TextField("理由", blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="承認者")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "承認の判断"
        verbose_name_plural = "承認の判断"
        constraints = [
            models.UniqueConstraint(fields=["version", "level"], name="version_decided_once_per_level"),
            models.UniqueConstraint(fields=["version", "by"], name="version_decided_once_per_person"),
            models.CheckConstraint(name="version_return_has_reason", condition=~Q(outcome="returned") | ~Q(reason="")),
            models.CheckConstraint(name="version_decision_level", condition=Q(level__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.get_outcome_display()}"
