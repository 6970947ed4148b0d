"""Files that officials hand in through the browser, from dropping them to applying or undoing the import."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from zaitaku.jobs.models import Job
from zaitaku.sources.models import SourceFile


def stored_name(upload: Upload, filename: str) -> str:  # noqa: ARG001 - the signature is Django's
    """Files are kept under a random name: what a user typed never becomes a path."""
    return f"uploads/{uuid.uuid4().hex}"


class Upload(models.Model):
    """One file handed in. Nothing of it counts before it is applied; applying is one transaction and can be undone."""

    class Status(models.TextChoices):
        CHECKING = "checking", "確認中"
        READY = "ready", "取込待ち"
        APPLYING = "applying", "取込中"
        APPLIED = "applied", "取込済"
        UNCHANGED = "unchanged", "変更なし"
        REFUSED = "refused", "取込不可"
        UNDONE = "undone", "取消済"
        DISCARDED = "discarded", "破棄"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="担当")
    filename = models.CharField("ファイル名", max_length=200)
    content = models.FileField("内容", upload_to=stored_name, max_length=200)
    size = models.PositiveBigIntegerField("バイト数")
    created_at = models.DateTimeField("受付", auto_now_add=True)
    status = models.CharField("状態", max_length=10, choices=Status, default=Status.CHECKING)
    kind = models.CharField("種類", max_length=30, choices=SourceFile.Kind, blank=True)
    title = models.CharField("資料名", max_length=200, blank=True)
    edition = models.CharField("版", max_length=100, blank=True)
    publisher = models.CharField("公表者", max_length=100, blank=True)
    prefecture_code = models.CharField("都道府県コード", max_length=2, blank=True)
    counts = models.JSONField("件数", default=dict)
    problems = models.JSONField("指摘", default=list, help_text="シート・セル・文字列・理由の一覧")
    difference = models.JSONField("差分", default=dict, help_text="`intake.differences.Difference` を表す")
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="ジョブ"
    )
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name="資料"
    )

    class Meta:
        verbose_name = "受け付けたファイル"
        verbose_name_plural = "受け付けたファイル"
        constraints = [
            models.CheckConstraint(
                name="upload_applied_has_source",
                condition=~Q(status__in=["applied", "undone"]) | Q(source__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["by", "-created_at"], name="upload_recent")]

    def __str__(self) -> str:
        return f"{self.filename}（{self.get_status_display()}）"
