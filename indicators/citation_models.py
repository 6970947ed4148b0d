"""A figure as it was cited: kept exactly, so that a plan can still show what it was based on when newer data exist."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from regions.models import Region
from zaitaku.accounts.models import User


class Citation(models.Model):
    """One figure, written down once with all that stood beside it. A trigger refuses any change (migration).

    `figure` has the parts of `indicators.results.Figure`; `text` is the paragraph for a document. Plans refer to these
    rows and never to the figure of the day.
    """

    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="citations", verbose_name="引用した人")
    made_at = models.DateTimeField("引用日時", auto_now_add=True)
    prefecture_code = models.CharField("どの県のための引用か", max_length=2, blank=True)
    indicator_code = models.CharField("指標コード", max_length=20)
    indicator_name = models.CharField("指標名", max_length=200)
    indicator_version = models.PositiveSmallIntegerField("定義の版")
    year = models.PositiveSmallIntegerField("年（度）")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地域")
    region_name = models.CharField("地域名", max_length=100)
    measure = models.CharField("値の種類", max_length=5)
    figure = models.JSONField("値")
    unit = models.CharField("単位", max_length=60, blank=True)
    sources = models.JSONField("出典", help_text="資料の名前と版")
    area_edition = models.CharField("圏域の版", max_length=200, blank=True)
    as_of = models.DateField("データ時点", null=True, blank=True)
    address = models.CharField("画面の場所", max_length=1000, help_text="ホスト名を除くURL")
    text = models.TextField("引用文")

    class Meta:
        verbose_name = "引用"
        verbose_name_plural = "引用"
        constraints = [
            models.CheckConstraint(name="citation_measure_known", condition=Q(measure__in=["rate", "count"])),
            models.CheckConstraint(
                name="citation_prefecture_shape", condition=Q(prefecture_code__regex=r"^([0-9]{2})?$")
            ),
        ]
        indexes = [
            models.Index(fields=["made_by", "-made_at"], name="citation_of_user"),
            models.Index(fields=["prefecture_code", "-made_at"], name="citation_of_prefecture"),
        ]

    def __str__(self) -> str:
        return f"{self.region_name} {self.indicator_name} {self.year}"
