"""Registers published by the ministry: 医療情報ネット and 介護サービス情報公表システム."""

import django.db.models.deletion
from django.db import migrations, models

from zaitaku.sources.row_changes import note_changes_of


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0002_note_changes"),
        ("regions", "0004_population_cells"),
        ("sources", "0003_withdrawal_and_row_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CareService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service_code", models.CharField(max_length=3, verbose_name="サービス種類コード")),
                ("service", models.CharField(max_length=60, verbose_name="サービスの種類")),
                ("office_number", models.CharField(max_length=10, verbose_name="事業所番号")),
                ("part", models.PositiveSmallIntegerField(default=1, verbose_name="枝番")),
                ("name", models.TextField(verbose_name="事業所名")),
                ("search_name", models.TextField(help_text="NFKC・空白なし", verbose_name="検索用名称")),
                ("kana", models.TextField(blank=True, verbose_name="フリガナ")),
                ("address", models.TextField(blank=True, verbose_name="住所")),
                (
                    "latitude",
                    models.FloatField(
                        blank=True, help_text="公表値が0または国外のとき空欄", null=True, verbose_name="緯度"
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="経度")),
                ("capacity", models.PositiveIntegerField(blank=True, null=True, verbose_name="定員")),
                ("corporation", models.TextField(blank=True, verbose_name="法人の名称")),
                ("url", models.TextField(blank=True, verbose_name="URL")),
                ("listed_from", models.DateField(help_text="この時点の資料に初めて載った", verbose_name="掲載開始")),
                (
                    "listed_to",
                    models.DateField(
                        blank=True, help_text="この時点の資料に載っていない", null=True, verbose_name="掲載終了"
                    ),
                ),
                ("source_row", models.PositiveIntegerField(help_text="最新の出典での行（1から）", verbose_name="行")),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="都道府県",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_services",
                        to="sources.sourcefile",
                        verbose_name="出典（最新）",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="公表された市区町村コード（なければ住所）による。判定できないとき空欄",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_services",
                        to="regions.region",
                        verbose_name="市区町村",
                    ),
                ),
            ],
            options={
                "verbose_name": "介護サービス事業所",
                "verbose_name_plural": "介護サービス事業所",
                "constraints": [
                    models.UniqueConstraint(fields=("service_code", "office_number", "part"), name="care_service_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("service_code__regex", "^[0-9]{3}$"),
                            ("office_number__regex", "^[0-9]{2}[0-9A-Z][0-9]{7}$"),
                        ),
                        name="care_service_code_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="care_service_whole_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("listed_to__isnull", True), ("listed_to__gt", models.F("listed_from")), _connector="OR"
                        ),
                        name="care_service_listed_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FacilityRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("hospital", "病院")], max_length=10, verbose_name="種類")),
                ("identifier", models.CharField(max_length=13, verbose_name="医療情報ネットID")),
                ("name", models.TextField(verbose_name="名称")),
                ("search_name", models.TextField(help_text="NFKC・空白なし", verbose_name="検索用名称")),
                ("kana", models.TextField(blank=True, verbose_name="フリガナ")),
                ("address", models.TextField(blank=True, verbose_name="所在地")),
                (
                    "latitude",
                    models.FloatField(
                        blank=True, help_text="公表値が0または国外のとき空欄", null=True, verbose_name="緯度"
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="経度")),
                (
                    "beds",
                    models.JSONField(
                        default=dict, help_text="病床の種類ごとの床数。nullは記載なし", verbose_name="病床数"
                    ),
                ),
                ("url", models.TextField(blank=True, verbose_name="ホームページ")),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("address", "名称と所在地が一致"),
                            ("name", "名称と市区町村が一致"),
                            ("none", "対応なし"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="対応の確かさ",
                    ),
                ),
                ("listed_from", models.DateField(help_text="この時点の資料に初めて載った", verbose_name="掲載開始")),
                (
                    "listed_to",
                    models.DateField(
                        blank=True, help_text="この時点の資料に載っていない", null=True, verbose_name="掲載終了"
                    ),
                ),
                ("source_row", models.PositiveIntegerField(help_text="最新の出典での行（1から）", verbose_name="行")),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facility_records",
                        to="institutions.institution",
                        verbose_name="届出名簿の医療機関",
                    ),
                ),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="都道府県",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facility_records",
                        to="sources.sourcefile",
                        verbose_name="出典（最新）",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="公表された市区町村コード（なければ所在地）による。判定できないとき空欄",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facility_records",
                        to="regions.region",
                        verbose_name="市区町村",
                    ),
                ),
            ],
            options={
                "verbose_name": "医療情報ネットの医療機関",
                "verbose_name_plural": "医療情報ネットの医療機関",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "identifier"), name="facility_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="facility_record_whole_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("institution__isnull", True), ("match", "none")),
                            models.Q(models.Q(("match", "none"), _negated=True), ("institution__isnull", False)),
                            _connector="OR",
                        ),
                        name="facility_record_match_iff_institution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("listed_to__isnull", True), ("listed_to__gt", models.F("listed_from")), _connector="OR"
                        ),
                        name="facility_record_listed_period",
                    ),
                ],
            },
        ),
        note_changes_of("institutions_facilityrecord"),
        note_changes_of("institutions_careservice"),
    ]
