"""Where regions stand among their peers, stored beside the values it follows from (docs/decisions/0025)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Uncompressed and out of line: one region's record is then read out of the middle without the rest.
EXTERNAL = "ALTER TABLE indicators_peerstanding ALTER COLUMN places SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0009_saved_groups"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeerGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("prefecture", "都道府県"), ("area", "圏域"), ("municipality", "市区町村")],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="地域のハッシュ")),
                (
                    "region_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), help_text="コード順", size=None, verbose_name="地域"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="regions.areascheme",
                        verbose_name="圏域の区分",
                    ),
                ),
            ],
            options={
                "verbose_name": "比べる地域の組",
                "verbose_name_plural": "比べる地域の組",
            },
        ),
        migrations.CreateModel(
            name="PeerStanding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "indicator_id",
                        "group_id",
                        "year",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年（度）")),
                ("counted", models.PositiveSmallIntegerField(verbose_name="値のある地域")),
                ("compared", models.PositiveSmallIntegerField(null=True, verbose_name="全国と比べた地域")),
                ("mean", models.FloatField(verbose_name="平均")),
                ("deviation", models.FloatField(verbose_name="標準偏差")),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        help_text="indicators.formulas.peers.SHARES の順。最小から最大まで",
                        size=None,
                        verbose_name="分位点",
                    ),
                ),
                ("places", models.BinaryField(null=True, verbose_name="各地域の位置")),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="indicators.peergroup",
                        verbose_name="地域の組",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="指標",
                    ),
                ),
            ],
            options={
                "verbose_name": "地域の位置",
                "verbose_name_plural": "地域の位置",
            },
        ),
        migrations.AddConstraint(
            model_name="peergroup",
            constraint=models.UniqueConstraint(
                fields=("kind", "scheme", "digest"), name="peer_group_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="peergroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "area"), ("scheme__isnull", False)),
                    models.Q(models.Q(("kind", "area"), _negated=True), ("scheme__isnull", True)),
                    _connector="OR",
                ),
                name="peer_group_area_has_scheme",
            ),
        ),
        migrations.AddIndex(
            model_name="peerstanding",
            index=models.Index(
                condition=models.Q(("places__isnull", False)), fields=["group"], name="peer_standing_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="peerstanding",
            constraint=models.CheckConstraint(condition=models.Q(("counted__gt", 0)), name="peer_standing_has_figures"),
        ),
        migrations.AddConstraint(
            model_name="peerstanding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("compared__isnull", True), ("places__isnull", True)),
                    models.Q(("compared__isnull", False), ("places__isnull", False)),
                    _connector="OR",
                ),
                name="peer_standing_places_with_comparisons",
            ),
        ),
        migrations.RunSQL(EXTERNAL, migrations.RunSQL.noop),
    ]
