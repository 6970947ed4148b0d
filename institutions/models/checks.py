"""What the checks of a prefecture's designations found when a new list came in."""

from __future__ import annotations

from django.db import models

from regions.models import Region


class CheckRun(models.Model):
    """One run of the checks: every finding as it stood, so that the next run can say what is new."""

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    period = models.PositiveSmallIntegerField("計画期間")
    at = models.DateTimeField("日時")
    cause = models.CharField("きっかけ", max_length=200)
    findings = models.JSONField("指摘", default=list, help_text="指摘ごとの鍵と文")
    new = models.JSONField("新しい指摘", default=list, help_text="前回はなかった指摘の文")

    class Meta:
        verbose_name = "点検の記録"
        verbose_name_plural = "点検の記録"
        indexes = [models.Index(fields=["prefecture", "period", "-at"], name="check_run_newest")]

    def __str__(self) -> str:
        return f"{self.prefecture} {self.at:%Y-%m-%d}"
