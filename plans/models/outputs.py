"""Documents made from a plan, and the prefecture's own Word template."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from plans.models.plan import Plan, PlanVersion
from regions.models import Region
from zaitaku.jobs.models import Job

USER = settings.AUTH_USER_MODEL


class PlanOutput(models.Model):
    """One document of a version, or of the rows as they stood when it was asked for (`version` empty: 下書き).

    `key` is a digest of everything the file is made from, so that the same is not made twice; the file is named after
    it. `content` holds a draft's content, which no version keeps.
    """

    class Kind(models.TextChoices):
        WORD = "docx", "本文（Word）"
        PDF = "pdf", "本文（PDF）"
        TABLES = "xlsx", "別表：圏域別の指標（Excel）"
        FIGURES = "figures", "図の一式（ZIP：SVG・PNG）"
        ALL = "all", "すべて（ZIP）"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="outputs", verbose_name="計画")
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="outputs", verbose_name="版"
    )
    kind = models.CharField("形式", max_length=8, choices=Kind)
    key = models.CharField("材料のハッシュ", max_length=64)
    digest = models.CharField("内容のハッシュ（SHA-256）", max_length=64)
    content = models.JSONField("下書きの内容", null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+", verbose_name="ジョブ")
    size = models.PositiveBigIntegerField("大きさ（バイト）", null=True, blank=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="作成者")
    asked_at = models.DateTimeField("依頼", auto_now_add=True)
    made_at = models.DateTimeField("作成", null=True, blank=True)

    class Meta:
        verbose_name = "出力した文書"
        verbose_name_plural = "出力した文書"
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_output_once"),
            models.CheckConstraint(name="plan_output_key", condition=Q(key__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="plan_output_of_version_or_draft",
                condition=Q(version__isnull=True, content__isnull=False)
                | Q(version__isnull=False, content__isnull=True),
            ),
            models.CheckConstraint(
                name="plan_output_made_has_size",
                condition=Q(made_at__isnull=True, size__isnull=True) | Q(made_at__isnull=False, size__isnull=False),
            ),
        ]
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version or self.plan} {self.get_kind_display()}"

    @property
    def extension(self) -> str:
        """The ending of the file."""
        return "zip" if self.kind in (self.Kind.FIGURES, self.Kind.ALL) else self.kind


class WordTemplate(models.Model):
    """The Word file whose styles, margins, header and footer a prefecture's documents take over. One a prefecture."""

    prefecture = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="word_template", verbose_name="都道府県"
    )
    filename = models.CharField("ファイル名", max_length=200)
    content = models.BinaryField("ファイル")
    digest = models.CharField("ハッシュ（SHA-256）", max_length=64)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="登録者")
    at = models.DateTimeField("登録", auto_now=True)

    class Meta:
        verbose_name = "Wordのひな形"
        verbose_name_plural = "Wordのひな形"
        constraints = [
            models.CheckConstraint(name="word_template_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$"))
        ]

    def __str__(self) -> str:
        return self.filename
