"""Values are derived: the table is made anew with the key it is read by, and filled by the next computation."""

import django.db.models.deletion
from django.db import migrations, models

REASONS = [
    (0, ""),
    (1, "未取込（この都道府県の資料がまだありません）"),
    (2, "データ未整備（出典となる資料がありません）"),
    (3, "公表時に秘匿されています"),
    (4, "分母（人口等）がありません"),
    (5, "分母が0のため計算できません"),
    (6, "構成する市区町村で過不足なく集計できません"),
    (7, "この地域区分では公表されていません"),
    (8, "資料の値が矛盾しています（負の数、または分子が分母より大きい）"),
    (9, "資料に数値が載っていません（「…」など）"),
    (10, "資料で対象外とされています"),
]
STATUSES = [(1, "公表値"), (2, "暫定値"), (3, "秘匿"), (4, "データなし"), (5, "対象外")]


def forget_computations(apps, schema_editor):
    """Nothing is computed any more, so that the next `compute_indicators --if-needed` computes everything."""
    apps.get_model("indicators", "Indicator").objects.update(input_digest="", computed_at=None)


def derived(to, related_name, verbose_name):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
        verbose_name=verbose_name,
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_computation"), ("regions", "0003_population_indexes")]

    operations = [
        migrations.RunPython(forget_computations, migrations.RunPython.noop),
        migrations.DeleteModel(name="IndicatorValue"),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "indicator_id", "year", "region_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("indicator_version", models.PositiveSmallIntegerField(verbose_name="定義の版")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年（度）")),
                ("value", models.FloatField(null=True, verbose_name="値")),
                ("numerator", models.FloatField(null=True, verbose_name="分子")),
                ("denominator", models.FloatField(null=True, verbose_name="分母")),
                ("lower", models.FloatField(null=True, verbose_name="95%信頼区間（下限）")),
                ("upper", models.FloatField(null=True, verbose_name="95%信頼区間（上限）")),
                ("status", models.PositiveSmallIntegerField(choices=STATUSES, verbose_name="状態")),
                ("reason", models.PositiveSmallIntegerField(choices=REASONS, default=0, verbose_name="値がない理由")),
                ("indicator", derived("indicators.indicator", "values", "指標")),
                ("region", derived("regions.region", "indicator_values", "地域")),
            ],
            options={
                "verbose_name": "指標値",
                "verbose_name_plural": "指標値",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(status__in=[1, 2], value__isnull=False, reason=0)
                        | models.Q(status__in=[3, 4, 5], value__isnull=True, reason__gt=0),
                        name="indicator_value_iff_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(lower__isnull=True)
                        | models.Q(upper__isnull=True)
                        | models.Q(lower__lte=models.F("upper")),
                        name="indicator_value_interval",
                    ),
                ],
            },
        ),
    ]
