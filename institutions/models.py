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
