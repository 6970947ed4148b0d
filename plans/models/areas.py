"""Drafts of 在宅医療圏: which base unit lies in which area, every step that led there, and crossings over water.

A draft is changed by steps. A step is never altered or deleted: undo moves the cursor to the step before, and a change
made after that begins a new branch (docs/decisions/0051).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regions.models import AreaScheme, Region


class AreaDraft(models.Model):
    """One proposal for the areas of a prefecture. `version` grows with every change, undo and redo."""

    prefecture = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="area_drafts", verbose_name="都道府県"
    )
    name = models.CharField("案の名称", max_length=80)
    origin = models.CharField("もとにしたもの", max_length=200, blank=True)
    note = models.TextField("メモ", blank=True)
    version = models.PositiveIntegerField("版", default=0)
    current_step = models.ForeignKey(
        "DraftStep", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="現在の手順"
    )
    looked_at_data = models.CharField("確かめたデータの版", max_length=64, blank=True)
    adopted_as = models.OneToOneField(
        AreaScheme, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft", verbose_name="決定した圏域"
    )
    is_demo = models.BooleanField("デモ", default=False)
    created_at = models.DateTimeField("作成", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="作成者"
    )
    updated_at = models.DateTimeField("更新", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="更新者"
    )
    archived_at = models.DateTimeField(
        "片付けた日時", null=True, blank=True, help_text="一覧から外した案。消えはしない"
    )

    class Meta:
        verbose_name = "圏域案"
        verbose_name_plural = "圏域案"
        constraints = [
            models.UniqueConstraint(
                fields=["prefecture", "name"], condition=Q(archived_at__isnull=True), name="area_draft_name_once"
            ),
            models.CheckConstraint(name="area_draft_has_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["prefecture", "-updated_at"], name="area_draft_newest")]

    def __str__(self) -> str:
        return self.name


class DraftArea(models.Model):
    """One area of a draft. `number` stays the same when it is renamed; `colour` is its place in the palette."""

    draft = models.ForeignKey(AreaDraft, on_delete=models.CASCADE, related_name="areas", verbose_name="圏域案")
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("圏域名", max_length=40)
    colour = models.PositiveSmallIntegerField("色", default=0)
    is_locked = models.BooleanField("固定", default=False)

    class Meta:
        verbose_name = "案の圏域"
        verbose_name_plural = "案の圏域"
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="draft_area_number_once"),
            # Checked at the end of the transaction: one step may let two areas swap their names.
            models.UniqueConstraint(
                fields=["draft", "name"], name="draft_area_name_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="draft_area_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="draft_area_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class DraftUnit(models.Model):
    """The area a base unit lies in; no row means not assigned. The database holds "no municipality in two areas"."""

    draft = models.ForeignKey(AreaDraft, on_delete=models.CASCADE, related_name="units", verbose_name="圏域案")
    unit = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市区町村")
    area = models.ForeignKey(DraftArea, on_delete=models.CASCADE, related_name="units", verbose_name="圏域")

    class Meta:
        verbose_name = "案の市区町村"
        verbose_name_plural = "案の市区町村"
        constraints = [models.UniqueConstraint(fields=["draft", "unit"], name="draft_unit_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.area}"


class DraftStep(models.Model):
    """One change of a draft and what it was before and after (`plans.formulas.partition.Change`). Only ever added."""

    draft = models.ForeignKey(AreaDraft, on_delete=models.CASCADE, related_name="steps", verbose_name="圏域案")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="前の手順"
    )
    depth = models.PositiveIntegerField("何手目")
    text = models.CharField("内容", max_length=200)
    change = models.JSONField("変更")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="操作者")
    at = models.DateTimeField("日時", auto_now_add=True)

    class Meta:
        verbose_name = "案の手順"
        verbose_name_plural = "案の手順"
        constraints = [
            models.CheckConstraint(
                name="draft_step_first_has_no_parent",
                condition=Q(depth=0, parent__isnull=True) | Q(depth__gt=0, parent__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["draft", "parent", "-id"], name="draft_step_children")]

    def __str__(self) -> str:
        return self.text


class DraftMove(models.Model):
    """Which step a version of a draft stood at: what somebody with an old page was looking at can be found again."""

    draft = models.ForeignKey(AreaDraft, on_delete=models.CASCADE, related_name="moves", verbose_name="圏域案")
    version = models.PositiveIntegerField("版")
    step = models.ForeignKey(DraftStep, on_delete=models.PROTECT, related_name="+", verbose_name="手順")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="操作者")
    at = models.DateTimeField("日時", auto_now_add=True)

    class Meta:
        verbose_name = "案の版"
        verbose_name_plural = "案の版"
        constraints = [models.UniqueConstraint(fields=["draft", "version"], name="draft_move_version_once")]

    def __str__(self) -> str:
        return f"{self.draft} {self.version}"


class UnitLink(models.Model):
    """A crossing that makes two units neighbours although no border on land joins them; data of the prefecture."""

    class Kind(models.TextChoices):
        BRIDGE = "bridge", "橋・トンネル"
        FERRY = "ferry", "航路"
        AIR = "air", "空路"
        ASSUMED = "assumed", "最寄り（要確認）"

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    one = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市区町村（一方）")
    other = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市区町村（他方）")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    note = models.CharField("備考", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="更新者",
    )

    class Meta:
        verbose_name = "海を越えるつながり"
        verbose_name_plural = "海を越えるつながり"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="unit_link_once"),
            models.CheckConstraint(name="unit_link_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one}—{self.other}"
