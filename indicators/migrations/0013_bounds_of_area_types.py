"""The bounds between the types of areas can be changed in the browser; every change is under watch."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zaitaku.audit.watching import watch


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("indicators", "0012_version_of_the_values"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaTypeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="日時")),
                ("large_from", models.PositiveIntegerField(verbose_name="大都市型の下限（人）")),
                ("middle_below", models.PositiveIntegerField(verbose_name="地方都市型の上限（人）")),
                ("middle_from", models.PositiveIntegerField(verbose_name="地方都市型の下限（人）")),
                ("small_below", models.PositiveIntegerField(verbose_name="人口の少ない地域型の上限（人）")),
                ("reason", models.CharField(max_length=400, verbose_name="理由")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="根拠とした資料")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="変更した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "地域の種類の区切りの変更",
                "verbose_name_plural": "地域の種類の区切りの変更",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("small_below__gt", 0),
                            ("small_below__lte", models.F("middle_from")),
                            ("middle_from__lt", models.F("middle_below")),
                            ("middle_below__lte", models.F("large_from")),
                        ),
                        name="area_type_bounds_ascend",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="area_type_change_says_why"
                    ),
                ],
            },
        ),
        watch("indicators_areatypechange"),
        migrations.AlterField(
            model_name='indicatorvalue',
            name='reason',
            field=models.PositiveSmallIntegerField(choices=[(0, ''), (1, '未取込（この都道府県の資料がまだありません）'), (2, 'データ未整備（出典となる資料がありません）'), (3, '公表時に秘匿されています'), (4, '分母（人口等）がありません'), (5, '分母が0のため計算できません'), (6, '構成する市区町村で過不足なく集計できません'), (7, 'この地域区分では公表されていません'), (8, '資料の値が矛盾しています（負の数、端数のある人数・か所数、または分子が分母より大きい）'), (9, '資料に数値が載っていません（「…」など）'), (10, '資料で対象外とされています'), (11, '秘匿（小さい数）'), (12, '秘匿（他から計算できるため）')], default=0, verbose_name='値がない理由'),
        ),
    ]
