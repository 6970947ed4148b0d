"""Hospitals, clinics and others as the official lists name them, and the notifications (届出) they hold."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from regions.models import Region
from zaitaku.sources.models import SourceFile


class Institution(models.Model):
    """One institution under one official code. A re-numbered institution is a new row that names its predecessor."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "病院"
        CLINIC = "clinic", "診療所"
        DENTAL = "dental", "歯科"
        PHARMACY = "pharmacy", "薬局"
        UNKNOWN = "unknown", "不明"

    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    code = models.CharField("医療機関コード", max_length=10, help_text="都道府県2桁＋点数表1桁＋医療機関番号7桁")
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.UNKNOWN)
    name = models.CharField("名称", max_length=200)
    search_name = models.CharField("検索用名称", max_length=200, help_text="NFKC・空白なし")
    postcode = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("所在地", max_length=300, blank=True)
    telephone = models.CharField("電話番号", max_length=40, blank=True)
    beds = models.JSONField("病床数", default=dict, help_text="病床の種類ごとの床数")
    unit = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name="市区町村",
        help_text="所在地から判定した市区町村（政令市は区）。判定できないとき空欄",
    )
    listed_from = models.DateField("名簿掲載開始", help_text="この時点の名簿に初めて載った")
    listed_to = models.DateField(
        "名簿掲載終了", null=True, blank=True, help_text="この時点の名簿に載っていない。空欄は掲載中"
    )
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="institutions", verbose_name="出典（最新）"
    )
    source_row = models.PositiveIntegerField("行", help_text="最新の出典での最初の行（1から）")

    class Meta:
        verbose_name = "医療機関"
        verbose_name_plural = "医療機関"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="institution_code_once"),
            models.CheckConstraint(name="institution_code_shape", condition=Q(code__regex=r"^[0-9]{2}[1-9][0-9]{7}$")),
            models.CheckConstraint(
                name="institution_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_to__gt=F("listed_from")),
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="institution_unit")]

    def __str__(self) -> str:
        return self.name


class NotificationQuerySet(models.QuerySet["Notification"]):
    def listed_on(self, day: dt.date) -> Self:
        """Notifications that stand in the list of `day`."""
        return self.filter(listed_from__lte=day).filter(Q(listed_to__isnull=True) | Q(listed_to__gt=day))


class Notification(models.Model):
    """One accepted notification (施設基準の届出) of an institution, for as long as the lists name it.

    Only notifications about home care are kept (`institutions/definitions/notification_symbols.csv`).
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="notifications", verbose_name="医療機関"
    )
    symbol = models.CharField("受理記号", max_length=20, help_text="NFKC正規化後。例: 支援診3")
    number = models.CharField("受理番号", max_length=30, blank=True)
    started_on = models.DateField("算定開始年月日", null=True, blank=True)
    effective_on = models.DateField("個別有効開始年月日", null=True, blank=True)
    listed_from = models.DateField("名簿掲載開始")
    listed_to = models.DateField("名簿掲載終了", null=True, blank=True)
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="notifications", verbose_name="出典（最新）"
    )
    source_row = models.PositiveIntegerField("行", help_text="最新の出典での行（1から）")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "届出"
        verbose_name_plural = "届出"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "symbol", "number", "started_on", "listed_from"],
                name="notification_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="notification_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_to__gt=F("listed_from")),
            ),
        ]
        indexes = [models.Index(fields=["symbol"], name="notification_symbol")]

    def __str__(self) -> str:
        return f"{self.institution} {self.symbol}"


class FacilityRecord(models.Model):
    """A facility as 医療情報ネット (ナビイ) publishes it: its place on the map, its beds, its page.

    The register has numbers of its own, so a facility is matched to the institution of the 届出 lists by name and
    address; `match` says how sure that is.
    """

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "病院"

    class Match(models.TextChoices):
        """How the institution was found, the surest first."""

        ADDRESS = "address", "名称と所在地が一致"
        NAME = "name", "名称と市区町村が一致"
        NONE = "none", "対応なし"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    identifier = models.CharField("医療情報ネットID", max_length=13)
    name = models.TextField("名称")
    search_name = models.TextField("検索用名称", help_text="NFKC・空白なし")
    kana = models.TextField("フリガナ", blank=True)
    address = models.TextField("所在地", blank=True)
    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    unit = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facility_records",
        verbose_name="市区町村",
        help_text="公表された市区町村コード（なければ所在地）による。判定できないとき空欄",
    )
    latitude = models.FloatField("緯度", null=True, blank=True, help_text="公表値が0または国外のとき空欄")
    longitude = models.FloatField("経度", null=True, blank=True)
    beds = models.JSONField("病床数", default=dict, help_text="病床の種類ごとの床数。nullは記載なし")
    url = models.TextField("ホームページ", blank=True)
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facility_records",
        verbose_name="届出名簿の医療機関",
    )
    match = models.CharField("対応の確かさ", max_length=10, choices=Match, default=Match.NONE)
    listed_from = models.DateField("掲載開始", help_text="この時点の資料に初めて載った")
    listed_to = models.DateField("掲載終了", null=True, blank=True, help_text="この時点の資料に載っていない")
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="facility_records", verbose_name="出典（最新）"
    )
    source_row = models.PositiveIntegerField("行", help_text="最新の出典での行（1から）")

    class Meta:
        verbose_name = "医療情報ネットの医療機関"
        verbose_name_plural = "医療情報ネットの医療機関"
        constraints = [
            models.UniqueConstraint(fields=["kind", "identifier"], name="facility_record_once"),
            models.CheckConstraint(
                name="facility_record_whole_position",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="facility_record_match_iff_institution",
                condition=Q(match="none", institution__isnull=True) | (~Q(match="none") & Q(institution__isnull=False)),
            ),
            models.CheckConstraint(
                name="facility_record_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_to__gt=F("listed_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CareService(models.Model):
    """One long-term care service of one office as 介護サービス情報公表システム publishes it.

    `part` tells apart the lines that stand under one office number (by name, from 1): 2 of 14,033 in 2025.
    """

    service_code = models.CharField("サービス種類コード", max_length=3)
    service = models.CharField("サービスの種類", max_length=60)
    office_number = models.CharField("事業所番号", max_length=10)
    part = models.PositiveSmallIntegerField("枝番", default=1)
    name = models.TextField("事業所名")
    search_name = models.TextField("検索用名称", help_text="NFKC・空白なし")
    kana = models.TextField("フリガナ", blank=True)
    address = models.TextField("住所", blank=True)
    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    unit = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="care_services",
        verbose_name="市区町村",
        help_text="公表された市区町村コード（なければ住所）による。判定できないとき空欄",
    )
    latitude = models.FloatField("緯度", null=True, blank=True, help_text="公表値が0または国外のとき空欄")
    longitude = models.FloatField("経度", null=True, blank=True)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    corporation = models.TextField("法人の名称", blank=True)
    url = models.TextField("URL", blank=True)
    listed_from = models.DateField("掲載開始", help_text="この時点の資料に初めて載った")
    listed_to = models.DateField("掲載終了", null=True, blank=True, help_text="この時点の資料に載っていない")
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="care_services", verbose_name="出典（最新）"
    )
    source_row = models.PositiveIntegerField("行", help_text="最新の出典での行（1から）")

    class Meta:
        verbose_name = "介護サービス事業所"
        verbose_name_plural = "介護サービス事業所"
        constraints = [
            models.UniqueConstraint(fields=["service_code", "office_number", "part"], name="care_service_once"),
            models.CheckConstraint(
                name="care_service_code_shape",
                condition=Q(service_code__regex=r"^[0-9]{3}$") & Q(office_number__regex=r"^[0-9]{2}[0-9A-Z][0-9]{7}$"),
            ),
            models.CheckConstraint(
                name="care_service_whole_position",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="care_service_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_to__gt=F("listed_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.service}）"
