"""好事例: cases that prefectures share; the library begins empty and holds what prefectures write."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from plans.models.policies import Scene, Theme
from regions.models import Region

USER = settings.AUTH_USER_MODEL
MOST_INDICATORS = 5


class GoodPractice(models.Model):
    """A case of one prefecture; suggested where the same gap shows. Without `published_at` it is a draft.

    `area_type` is a label of `indicators/definitions/similarity.toml`; `searched` holds its folded words.
    """

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    title = models.CharField("題名", max_length=160)
    kana = models.CharField("題名のよみ", max_length=240, blank=True)
    theme = models.CharField("テーマ", max_length=20, choices=Theme, blank=True)
    scene = models.CharField("場面", max_length=10, choices=Scene)
    area_type = models.CharField("地域の種類", max_length=40, blank=True)
    indicator_codes = ArrayField(
        models.CharField(max_length=20), size=MOST_INDICATORS, default=list, blank=True, verbose_name="関係する指標"
    )
    situation = models.TextField("もとの状況・課題", blank=True)
    text = models.TextField("取組")
    result = models.TextField("結果", blank=True)
    cost = models.CharField("費用", max_length=200, blank=True)
    people = models.CharField("かかわった人", max_length=200, blank=True)
    contact = models.CharField("問い合わせ先", max_length=200, blank=True)
    source_url = models.URLField("出典のアドレス", blank=True)
    searched = models.TextField("検索用", blank=True, editable=False)
    is_demo = models.BooleanField("デモ", default=False)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="登録者")
    changed_at = models.DateTimeField("更新", auto_now=True)
    published_at = models.DateTimeField("公開", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=0)
    removed_at = models.DateTimeField("削除", null=True, blank=True)

    class Meta:
        verbose_name = "好事例"
        verbose_name_plural = "好事例"
        constraints = [
            models.CheckConstraint(name="good_practice_has_title", condition=~Q(title="") & ~Q(text="")),
            models.CheckConstraint(
                name="good_practice_removed_is_not_public",
                condition=Q(removed_at__isnull=True) | Q(published_at__isnull=True),
            ),
        ]
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title
