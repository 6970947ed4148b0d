"""任意の地域 that somebody saved: a name and municipalities, each change a version of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zaitaku.accounts.models import User


class SavedGroup(models.Model):
    """A group of base units that a user keeps. Not an area scheme: figures are summed when asked for (decision 0050).

    `key` is what its address carries; whoever has the address may look, only the owner may change it. A deleted group
    stays to be restored.
    """

    key = models.SlugField("キー", max_length=12, unique=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_groups", verbose_name="作成者")
    made_at = models.DateTimeField("作成日時", auto_now_add=True)
    deleted_at = models.DateTimeField("削除日時", null=True, blank=True)

    class Meta:
        verbose_name = "任意の地域"
        verbose_name_plural = "任意の地域"

    def __str__(self) -> str:
        return self.key


class SavedGroupVersion(models.Model):
    """Name and members of a saved group as of one change; the highest number counts. Undo adds the one before again."""

    group = models.ForeignKey(SavedGroup, on_delete=models.CASCADE, related_name="versions", verbose_name="任意の地域")
    number = models.PositiveSmallIntegerField("版")
    name = models.CharField("名称", max_length=60)
    unit_codes = ArrayField(models.CharField(max_length=5), verbose_name="市区町村コード")
    made_at = models.DateTimeField("変更日時", auto_now_add=True)

    class Meta:
        verbose_name = "任意の地域の版"
        verbose_name_plural = "任意の地域の版"
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="saved_group_version_once"),
            models.CheckConstraint(name="saved_group_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="saved_group_has_units", condition=Q(unit_codes__len__gte=1, unit_codes__len__lte=500)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"
