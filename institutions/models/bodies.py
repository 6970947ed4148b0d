"""機関台帳: one row for every body a prefecture plans with, whichever register names it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from institutions.models.registers import CareService, FacilityRecord, Institution
from regions.models import Region


class Bigrams(Func):
    """The pairs of neighbouring characters of a folded text: what `body_search` indexes."""

    function = "institutions_bigrams"
    output_field = ArrayField(TextField())


class BodyQuerySet(models.QuerySet["Body"]):
    def named(self, words: tuple[str, ...], *, with_index: bool = True) -> Self:
        """Bodies whose name, kana, code or address holds every one of the folded words.

        The index knows pairs of characters; a single character is looked for in every row. Without the index every
        text is looked at, which is quicker for words that very many rows hold: the planner takes such words for rare.
        """
        found = self
        for word in words:
            text = models.Value(word, output_field=TextField())
            if with_index and len(word) > 1:
                found = found.alias(pairs=Bigrams("search_text")).filter(pairs__contains=Bigrams(text))
            found = found.filter(GreaterThan(StrIndex("search_text", text), 0))
        return found

    def without_duplicates(self) -> Self:
        """Bodies that are not merged into another one."""
        # Not `NOT EXISTS`: where the planner takes few rows for likely, that is looked up once for every row.
        return self.exclude(pk__in=BodyMerge.objects.filter(undone_at__isnull=True).values("duplicate_id"))


class Body(models.Model):
    """A hospital, clinic, office, association, municipality … that a designation may name.

    Bodies of the official registers follow their register (`institutions.actions.bodies`) and are never edited by
    hand; bodies no register has (医師会, 保健所 …) are entered by the prefecture.
    """

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "病院"
        CLINIC = "clinic", "診療所"
        DENTAL = "dental", "歯科"
        PHARMACY = "pharmacy", "薬局"
        HOME_NURSING = "home_nursing", "訪問看護"
        CARE = "care", "介護"
        MEDICAL_ASSOCIATION = "medical_association", "医師会"
        MUNICIPALITY = "municipality", "市町村"
        HEALTH_CENTRE = "health_centre", "保健所"
        SUPPORT_CENTRE = "community_support_centre", "地域包括支援センター"
        OTHER = "other", "その他"
        UNKNOWN = "unknown", "不明"

    class Position(models.TextChoices):
        PUBLISHED = "published", "公表された位置"
        APPROXIMATE = "approximate", "概略（市区町村の代表点）"
        NONE = "none", "不明"

    kind = models.CharField("種類", max_length=30, choices=Kind)
    name = models.TextField("名称")
    kana = models.TextField("フリガナ", blank=True)
    code = models.CharField("医療機関コード・事業所番号", max_length=10, blank=True)
    address = models.TextField("所在地", blank=True)
    search_text = models.TextField("検索用", help_text="名称・フリガナ・コード・所在地を1つの表記にそろえたもの")
    prefecture = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="都道府県")
    unit = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name="市区町村",
    )
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    position = models.CharField("位置の確かさ", max_length=12, choices=Position, default=Position.NONE)
    listed_from = models.DateField("掲載開始", null=True, blank=True, help_text="名簿に初めて載った時点")
    listed_to = models.DateField("掲載終了", null=True, blank=True, help_text="この時点の名簿に載っていない")
    institution = models.OneToOneField(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="body", verbose_name="届出名簿"
    )
    facility_record = models.OneToOneField(
        FacilityRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="body", verbose_name="ナビイ"
    )
    care_service = models.OneToOneField(
        CareService, on_delete=models.PROTECT, null=True, blank=True, related_name="body", verbose_name="介護サービス"
    )
    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="body", verbose_name="自治体"
    )
    is_entered = models.BooleanField("県の登録", default=False)
    is_demo = models.BooleanField("デモ", default=False)
    note = models.TextField("備考", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登録者",
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "機関"
        verbose_name_plural = "機関"
        constraints = [
            models.CheckConstraint(name="body_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="body_of_one_register",
                condition=Q(
                    is_entered=True,
                    institution__isnull=True,
                    facility_record__isnull=True,
                    care_service__isnull=True,
                    region__isnull=True,
                )
                | Q(
                    Q(institution__isnull=False) | Q(facility_record__isnull=False),
                    is_entered=False,
                    care_service__isnull=True,
                    region__isnull=True,
                )
                | Q(
                    is_entered=False,
                    institution__isnull=True,
                    facility_record__isnull=True,
                    care_service__isnull=False,
                    region__isnull=True,
                )
                | Q(
                    is_entered=False,
                    institution__isnull=True,
                    facility_record__isnull=True,
                    care_service__isnull=True,
                    region__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="body_position_iff_coordinates",
                condition=Q(position="none", latitude__isnull=True, longitude__isnull=True)
                | Q(position__in=["published", "approximate"], latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="body_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_from__isnull=True) | Q(listed_to__gt=F("listed_from")),
            ),
            models.CheckConstraint(
                name="body_code_shape", condition=Q(code="") | Q(code__regex=r"^[0-9]{2}[0-9A-Z][0-9]{7}$|^[0-9]{5}$")
            ),
            # No prefecture has the code 99, so nothing invented can be taken for a real institution.
            models.CheckConstraint(
                name="body_demo_cannot_exist",
                condition=Q(is_demo=True, is_entered=True, code__startswith="99", name__startswith="デモ")
                | Q(Q(is_demo=False) & ~Q(code__startswith="99")),
            ),
        ]
        indexes = [
            models.Index(fields=["prefecture", "unit", "name", "id"], name="body_in_order"),
            models.Index(fields=["code"], name="body_code"),
        ]

    def __str__(self) -> str:
        return self.name


class BodyMerge(models.Model):
    """A finding that two rows are one body. Both rows stay; undoing is a date, so the history stays too."""

    duplicate = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="merges", verbose_name="重複する機関")
    kept = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="merged", verbose_name="残す機関")
    reason = models.TextField("理由", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="統合者")
    at = models.DateTimeField("統合日時")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取消者",
    )
    undone_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = "機関の統合"
        verbose_name_plural = "機関の統合"
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at__isnull=True), name="body_merge_one_standing"
            ),
            models.CheckConstraint(name="body_merge_of_two", condition=~Q(duplicate=F("kept"))),
            models.CheckConstraint(
                name="body_merge_undone_by_someone",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.kept}"
