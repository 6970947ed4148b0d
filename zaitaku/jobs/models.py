"""Long work that Celery does. The row in PostgreSQL, with its heartbeat, is the truth about what runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Job(models.Model):
    """One piece of long work: its progress, result and reason of failure, seen on the status page."""

    class Status(models.TextChoices):
        QUEUED = "queued", "待機中"
        RUNNING = "running", "実行中"
        SUCCEEDED = "succeeded", "完了"
        FAILED = "failed", "失敗"
        CANCELLED = "cancelled", "中止"

    kind = models.CharField("種類", max_length=40)
    title = models.CharField("内容", max_length=200)
    parameters = models.JSONField("条件", default=dict)
    status = models.CharField("状態", max_length=10, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField("済み", default=0)
    total = models.PositiveIntegerField("全体", default=0)
    message = models.CharField("状況", max_length=300, blank=True)
    error = models.TextField("失敗の理由", blank=True)
    result = models.JSONField("結果", default=dict)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    cancel_requested = models.BooleanField("中止の依頼", default=False)
    created_at = models.DateTimeField("登録", auto_now_add=True)
    started_at = models.DateTimeField("開始", null=True, blank=True)
    heartbeat_at = models.DateTimeField("最終応答", null=True, blank=True)
    finished_at = models.DateTimeField("終了", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="依頼者",
    )

    class Meta:
        verbose_name = "ジョブ"
        verbose_name_plural = "ジョブ"
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="job_finished_has_time",
                condition=Q(status__in=["queued", "running"], finished_at__isnull=True)
                | Q(status__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(name="job_failed_has_reason", condition=~Q(status="failed") | ~Q(error="")),
        ]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="job_status_heartbeat")]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_status_display()}）"
