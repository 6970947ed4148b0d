"""位置付け: which bodies a prefecture names, by category, plan period and area, with the whole history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from institutions.models.bodies import Body
from regions.models import Region

USER = settings.AUTH_USER_MODEL


class DesignationRule(models.Model):
    """What a prefecture chose about designations. A prefecture without a row follows the defaults."""

    prefecture = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="designation_rule", verbose_name="都道府県"
    )
    allows_support = models.BooleanField("連携支援機関を使う", default=False)

    class Meta:
        verbose_name = "位置付けの設定"
        verbose_name_plural = "位置付けの設定"

    def __str__(self) -> str:
        return f"{self.prefecture}"


class DesignationBatch(models.Model):
    """Several changes made at once: a list taken in, or a change of status. It is undone as a whole."""

    class Kind(models.TextChoices):
        IMPORT = "import", "一覧の取込"
        STATUS = "status", "状態の一括変更"

    class State(models.TextChoices):
        READY = "ready", "確認待ち"
        APPLIED = "applied", "反映済"
        UNDONE = "undone", "取消済"

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    period = models.PositiveSmallIntegerField("計画期間", help_text="最初の年度")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    state = models.CharField("状態", max_length=10, choices=State)
    filename = models.CharField("ファイル名", max_length=200, blank=True)
    rows = models.JSONField("内容", default=list, help_text="確認した行。反映するときに使う")
    problems = models.JSONField("指摘", default=list)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="実行者")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "まとめての変更"
        verbose_name_plural = "まとめての変更"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.filename}"


class Designation(models.Model):
    """One body in one category, period and area, at one step of the way from 候補 to 解除.

    `reason` and `decided_on` belong to the present step. What an undo takes back as a whole (a row of a list that
    should not have been taken in) is voided: it counts nowhere, and its history stays.
    """

    class Kind(models.TextChoices):
        ACTIVE = "active", "積極的役割を担う医療機関"
        HUB = "hub", "連携を担う拠点"
        SUPPORT = "support", "連携支援機関"

    class Status(models.TextChoices):
        """In this order."""

        CANDIDATE = "candidate", "候補"
        DISCUSSING = "discussing", "協議中"
        DESIGNATED = "designated", "位置付け"
        RELEASED = "released", "解除"

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    period = models.PositiveSmallIntegerField("計画期間", help_text="最初の年度。2024、2027、2030 …")
    kind = models.CharField("区分", max_length=10, choices=Kind)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="designations", verbose_name="機関")
    area = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="designations", verbose_name="圏域"
    )
    status = models.CharField("状態", max_length=12, choices=Status, default=Status.CANDIDATE)
    reason = models.TextField("理由", blank=True)
    decided_on = models.DateField("この状態になった日")
    designated_on = models.DateField("位置付けた日", null=True, blank=True)
    evidence = models.TextField("根拠", blank=True, help_text="会議名・文書番号・URLなど")
    recheck_on = models.DateField("再確認の期限", null=True, blank=True)
    programme_body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name="在宅医療・介護連携推進事業の実施主体",
    )
    version = models.PositiveIntegerField("版", default=1, help_text="同時の編集を見分ける")
    voided_at = models.DateTimeField("取込の取消", null=True, blank=True)

    class Meta:
        verbose_name = "位置付け"
        verbose_name_plural = "位置付け"
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "area", "period"],
                condition=~Q(status="released") & Q(voided_at__isnull=True),
                name="designation_open_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="designation_kind_known", condition=Q(kind__in=["active", "hub", "support"])),
            models.CheckConstraint(
                name="designation_status_known",
                condition=Q(status__in=["candidate", "discussing", "designated", "released"]),
            ),
            models.CheckConstraint(
                name="designation_period_is_three_years",
                condition=Q(period__in=[*range(2024, 2100, 3)]),
            ),
            models.CheckConstraint(
                name="designation_release_has_reason", condition=~Q(status="released") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="designation_designated_has_day_and_area",
                condition=~Q(status="designated") | Q(designated_on__isnull=False, area__isnull=False),
            ),
            models.CheckConstraint(
                name="designation_days_in_order",
                condition=Q(designated_on__isnull=True) | Q(decided_on__gte=F("designated_on")),
            ),
            models.CheckConstraint(
                name="designation_programme_of_hub", condition=Q(programme_body__isnull=True) | Q(kind="hub")
            ),
        ]
        indexes = [models.Index(fields=["prefecture", "period", "kind"], name="designation_of_prefecture")]

    def __str__(self) -> str:
        return f"{self.body}（{self.get_kind_display()}・{self.get_status_display()}）"


class Catchment(models.Model):
    """A municipality or ward a designated body serves; a hub's catchment may be smaller than its area."""

    designation = models.ForeignKey(
        Designation, on_delete=models.CASCADE, related_name="catchment", verbose_name="位置付け"
    )
    unit = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市区町村")

    class Meta:
        verbose_name = "担当する市区町村"
        verbose_name_plural = "担当する市区町村"
        constraints = [models.UniqueConstraint(fields=["designation", "unit"], name="catchment_unit_once")]

    def __str__(self) -> str:
        return f"{self.designation}: {self.unit}"


class RequirementAnswer(models.Model):
    """How one designation stands to one item of the requirement set of its period (`institutions/definitions`)."""

    class Answer(models.TextChoices):
        MET = "met", "満たす"
        PARTLY = "partly", "一部"
        UNMET = "unmet", "満たさない"
        UNVERIFIED = "unverified", "未確認"

    designation = models.ForeignKey(
        Designation, on_delete=models.CASCADE, related_name="answers", verbose_name="位置付け"
    )
    set_key = models.CharField("要件の版", max_length=40)
    item = models.PositiveSmallIntegerField("番号")
    answer = models.CharField("判定", max_length=10, choices=Answer, default=Answer.UNVERIFIED)
    evidence = models.TextField("根拠", blank=True)
    checked_on = models.DateField("確認日", null=True, blank=True)

    class Meta:
        verbose_name = "要件の判定"
        verbose_name_plural = "要件の判定"
        constraints = [
            models.UniqueConstraint(fields=["designation", "set_key", "item"], name="requirement_answered_once"),
            models.CheckConstraint(
                name="requirement_answer_known", condition=Q(answer__in=["met", "partly", "unmet", "unverified"])
            ),
            models.CheckConstraint(
                name="requirement_checked_has_day",
                condition=Q(answer="unverified", checked_on__isnull=True)
                | Q(~Q(answer="unverified"), checked_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.designation} {self.item}: {self.get_answer_display()}"


class DesignationChange(models.Model):
    """One line of the history: who did what when and why. The database refuses to change or delete a line."""

    class Action(models.TextChoices):
        CREATED = "created", "登録"
        STATUS = "status", "状態の変更"
        EDITED = "edited", "内容の変更"
        CATCHMENT = "catchment", "担当する市区町村の変更"
        REQUIREMENTS = "requirements", "要件の判定"
        UNDONE = "undone", "取消"

    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="changes", verbose_name="位置付け"
    )
    action = models.CharField("操作", max_length=12, choices=Action)
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)
    reason = models.TextField("理由", blank=True)
    batch = models.ForeignKey(
        DesignationBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name="まとめての変更",
    )
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="実行者")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "位置付けの履歴"
        verbose_name_plural = "位置付けの履歴"

    def __str__(self) -> str:
        return f"{self.designation} {self.get_action_display()}"


class DesignationComment(models.Model):
    """What a municipality or the prefecture says about a designation before it is decided."""

    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="comments", verbose_name="位置付け"
    )
    text = models.TextField("意見")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="記入者")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "意見"
        verbose_name_plural = "意見"
        constraints = [models.CheckConstraint(name="designation_comment_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:20]}"
