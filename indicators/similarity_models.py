"""Where the bounds between the types of areas lie, when they are others than those of `definitions/similarity.toml`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zaitaku.accounts.models import User


class AreaTypeChange(models.Model):
    """One change of the bounds between the types, in people; the newest one counts. Lines are only ever added.

    大都市型: `large_from` and more; 地方都市型: from `middle_from` up to `middle_below`, excluded;
    人口の少ない地域型: fewer than `small_below`. What lies between two types has none.
    """

    at = models.DateTimeField("日時", auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="変更した人")
    large_from = models.PositiveIntegerField("大都市型の下限（人）")
    middle_below = models.PositiveIntegerField("地方都市型の上限（人）")
    middle_from = models.PositiveIntegerField("地方都市型の下限（人）")
    small_below = models.PositiveIntegerField("人口の少ない地域型の上限（人）")
    reason = models.CharField("理由", max_length=400)
    source = models.CharField("根拠とした資料", max_length=200, blank=True)

    class Meta:
        verbose_name = "地域の種類の区切りの変更"
        verbose_name_plural = "地域の種類の区切りの変更"
        constraints = [
            models.CheckConstraint(
                name="area_type_bounds_ascend",
                condition=Q(small_below__gt=0)
                & Q(small_below__lte=F("middle_from"))
                & Q(middle_from__lt=F("middle_below"))
                & Q(middle_below__lte=F("large_from")),
            ),
            models.CheckConstraint(name="area_type_change_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.small_below}・{self.middle_from}・{self.middle_below}・{self.large_from}人"
