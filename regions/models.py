"""Places: one table of regions with a kind, dated partitions of the country into areas, and population."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zaitaku.sources.models import SourceFile


class RegionQuerySet(models.QuerySet["Region"]):
    def valid_on(self, day: dt.date) -> Self:
        """Regions that exist on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def base_units(self) -> Self:
        """The units nothing is counted twice in: municipalities, but wards of the 20 designated cities (1,892)."""
        return self.filter(is_base_unit=True)


class Region(models.Model):
    """A nation, prefecture, municipality, ward, or an area (圏域) of one `AreaScheme`.

    `code`: nation `00`; prefecture 2 digits; municipality and ward 5 digits without check digit; area as its scheme
    says (二次医療圏 4 digits). Unique within kind and scheme among regions that exist at the same time.
    """

    class Kind(models.TextChoices):
        NATION = "nation", "全国"
        PREFECTURE = "prefecture", "都道府県"
        AREA = "area", "圏域"
        MUNICIPALITY = "municipality", "市区町村"
        WARD = "ward", "行政区"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    code = models.CharField("コード", max_length=12)
    name = models.CharField("名称", max_length=80)
    name_kana = models.CharField("名称（ひらがな）", max_length=120, blank=True)
    district = models.CharField(
        "郡", max_length=40, blank=True, help_text="町村の郡（住所に書かれる）。郡に属さなければ空欄"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上位の地域"
    )
    scheme = models.ForeignKey(
        "AreaScheme", on_delete=models.PROTECT, null=True, blank=True, related_name="areas", verbose_name="圏域の区分"
    )
    is_base_unit = models.BooleanField("集計の最小単位", default=False)
    is_designated_city = models.BooleanField("政令指定都市", default=False)
    is_out_of_scope = models.BooleanField("対象外", default=False, help_text="北方領土の6村")
    valid_from = models.DateField("開始日", null=True, blank=True, help_text="空欄は最初から")
    valid_to = models.DateField("終了日", null=True, blank=True, help_text="この日から無い。空欄は現存")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "地域"
        verbose_name_plural = "地域"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "scheme", "valid_from"], name="region_code_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="region_area_has_scheme",
                condition=Q(kind="area", scheme__isnull=False) | (~Q(kind="area") & Q(scheme__isnull=True)),
            ),
            models.CheckConstraint(
                name="region_code_shape",
                condition=Q(kind="nation", code="00")
                | Q(kind="prefecture", code__regex=r"^[0-9]{2}$")
                | Q(kind__in=["municipality", "ward"], code__regex=r"^[0-9]{5}$")
                | Q(kind="area"),
            ),
            models.CheckConstraint(
                name="region_only_nation_has_no_parent",
                condition=Q(kind="nation", parent__isnull=True) | (~Q(kind="nation") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="region_valid_period",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="region_base_unit_kind", condition=Q(is_base_unit=False) | Q(kind__in=["municipality", "ward"])
            ),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="region_kind_code")]

    def __str__(self) -> str:
        return self.name


class AreaScheme(models.Model):
    """A dated partition of base units into areas: 二次医療圏, 構想区域, 在宅医療圏, a user's own group."""

    class Kind(models.TextChoices):
        SECONDARY_MEDICAL_AREA = "secondary_medical_area", "二次医療圏"
        VISION_AREA = "vision_area", "構想区域"
        HOME_CARE_AREA = "home_care_area", "在宅医療圏"
        PUBLIC_HEALTH_CENTRE = "public_health_centre", "保健所圏域"
        MEDICAL_ASSOCIATION = "medical_association", "郡市医師会"
        CUSTOM = "custom", "任意の地域"

    key = models.SlugField("キー", max_length=60, unique=True, help_text="例: iryoken2-8")
    kind = models.CharField("種類", max_length=30, choices=Kind)
    name = models.CharField("名称", max_length=100)
    note = models.TextField("注記", blank=True)
    effective_from = models.DateField("適用開始")
    effective_to = models.DateField("適用終了", null=True, blank=True, help_text="この日から使わない。空欄は現行")
    to_be_confirmed = models.BooleanField("要確認", default=False, help_text="コード・名称に確認できていないものがある")
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="出典"
    )
    prefecture = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_schemes",
        verbose_name="都道府県",
        help_text="1つの都道府県が定めた区分だけ。空欄は全国",
    )
    adopted_at = models.DateTimeField("決定の登録", null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="決定を登録した人",
    )

    class Meta:
        verbose_name = "圏域の区分"
        verbose_name_plural = "圏域の区分"
        constraints = [
            models.CheckConstraint(
                name="area_scheme_adopted_by_somebody",
                condition=Q(adopted_at__isnull=True, adopted_by__isnull=True)
                | Q(adopted_at__isnull=False, adopted_by__isnull=False, prefecture__isnull=False),
            ),
            models.CheckConstraint(
                name="area_scheme_period",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaMembership(models.Model):
    """One base unit (municipality or ward) in one area of a scheme. The database holds "no municipality twice"."""

    scheme = models.ForeignKey(
        AreaScheme, on_delete=models.CASCADE, related_name="memberships", verbose_name="圏域の区分"
    )
    area = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="memberships", verbose_name="圏域")
    unit = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="area_memberships", verbose_name="市区町村")

    class Meta:
        verbose_name = "圏域の構成"
        verbose_name_plural = "圏域の構成"
        constraints = [models.UniqueConstraint(fields=["scheme", "unit"], name="membership_unit_once_per_scheme")]

    def __str__(self) -> str:
        return f"{self.area}: {self.unit}"


class Population(models.Model):
    """Residents of a region by sex and age, of one edition of one publication.

    `age_from` and `age_to` are inclusive; both empty means all ages; `age_to` empty means "and over".
    """

    class Basis(models.TextChoices):
        RESIDENT_REGISTER = "resident_register", "住民基本台帳"
        PROJECTION = "projection", "将来推計"

    class Sex(models.TextChoices):
        BOTH = "both", "計"
        MALE = "male", "男"
        FEMALE = "female", "女"

    # `population_once` begins with the source and `population_lookup` with the region: no further index is needed.
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="population", verbose_name="地域", db_index=False
    )
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="population", verbose_name="出典", db_index=False
    )
    basis = models.CharField("基準", max_length=20, choices=Basis)
    year = models.PositiveSmallIntegerField("年", help_text="住民基本台帳は1月1日、将来推計は10月1日")
    sex = models.CharField("性別", max_length=6, choices=Sex, default=Sex.BOTH)
    age_from = models.PositiveSmallIntegerField("年齢（から）", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("年齢（まで）", null=True, blank=True)
    count = models.PositiveIntegerField("人数")
    # The cell in the file's first sheet: both publications stand in one. 0 where a figure is made from several cells.
    row = models.PositiveIntegerField("行", default=0, db_default=0, help_text="1から。資料の最初のシート")
    column = models.PositiveSmallIntegerField("列", default=0, db_default=0, help_text="1から。資料の最初のシート")

    class Meta:
        verbose_name = "人口"
        verbose_name_plural = "人口"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "region", "year", "sex", "age_from", "age_to"],
                name="population_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="population_age_order",
                condition=Q(age_to__isnull=True) | Q(age_from__isnull=True) | Q(age_to__gte=F("age_from")),
            ),
        ]
        indexes = [models.Index(fields=["region", "basis", "year"], name="population_lookup")]

    def __str__(self) -> str:
        return f"{self.region} {self.year} {self.sex} {self.age_from}-{self.age_to}: {self.count}"
