"""Where regions stand, stored: which regions are compared with one another, and their standing in each indicator.

Derived from the stored values in the transaction that stores these (docs/decisions/0025), by the engine alone.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regions.models import AreaScheme


class PeerGroup(models.Model):
    """The regions of one level (and scheme), in the order of their codes. Never changed: other regions make another
    group, and what was stored for the former keeps its places."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", "都道府県"
        AREA = "area", "圏域"
        MUNICIPALITY = "municipality", "市区町村"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    scheme = models.ForeignKey(
        AreaScheme, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="圏域の区分"
    )
    digest = models.CharField("地域のハッシュ", max_length=64)
    region_ids = ArrayField(models.BigIntegerField(), verbose_name="地域", help_text="コード順")

    class Meta:
        verbose_name = "比べる地域の組"
        verbose_name_plural = "比べる地域の組"
        constraints = [
            models.UniqueConstraint(fields=["kind", "scheme", "digest"], name="peer_group_once", nulls_distinct=False),
            models.CheckConstraint(
                name="peer_group_area_has_scheme",
                condition=Q(kind="area", scheme__isnull=False) | (~Q(kind="area") & Q(scheme__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {len(self.region_ids)}"


class PeerStanding(models.Model):
    """One indicator and year among the peers of a group: how its figures are spread, and where each region stands.

    `places` holds one fixed-size record a region (`indicators.formulas.peers.PLACE`) in the order of the group, so that
    the standing of one region is a few bytes out of the middle. It is there for the newest year with figures only, with
    which pages open; of other years it is worked out when asked for. No row: no region has a number.
    """

    pk = models.CompositePrimaryKey("indicator_id", "group_id", "year")
    indicator = models.ForeignKey(
        "indicators.Indicator", on_delete=models.CASCADE, related_name="+", verbose_name="指標", db_index=False
    )
    group = models.ForeignKey(
        PeerGroup, on_delete=models.CASCADE, related_name="standings", verbose_name="地域の組", db_index=False
    )
    year = models.PositiveSmallIntegerField("年（度）")
    counted = models.PositiveSmallIntegerField("値のある地域")
    compared = models.PositiveSmallIntegerField("全国と比べた地域", null=True)
    mean = models.FloatField("平均")
    deviation = models.FloatField("標準偏差")
    points = ArrayField(
        models.FloatField(), verbose_name="分位点", help_text="indicators.formulas.peers.SHARES の順。最小から最大まで"
    )
    places = models.BinaryField("各地域の位置", null=True)

    class Meta:
        verbose_name = "地域の位置"
        verbose_name_plural = "地域の位置"
        indexes = [
            models.Index(fields=["group"], condition=Q(places__isnull=False), name="peer_standing_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="peer_standing_has_figures", condition=Q(counted__gt=0)),
            models.CheckConstraint(
                name="peer_standing_places_with_comparisons",
                condition=Q(places__isnull=True, compared__isnull=True)
                | Q(places__isnull=False, compared__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year} {self.group}"
