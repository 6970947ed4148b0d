import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_own_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=12, unique=True, verbose_name="キー")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="作成日時")),
                ("deleted_at", models.DateTimeField(blank=True, null=True, verbose_name="削除日時")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_groups",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
            ],
            options={
                "verbose_name": "任意の地域",
                "verbose_name_plural": "任意の地域",
            },
        ),
        migrations.CreateModel(
            name="SavedGroupVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "unit_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), size=None, verbose_name="市区町村コード"
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="変更日時")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="indicators.savedgroup",
                        verbose_name="任意の地域",
                    ),
                ),
            ],
            options={
                "verbose_name": "任意の地域の版",
                "verbose_name_plural": "任意の地域の版",
                "constraints": [
                    models.UniqueConstraint(fields=("group", "number"), name="saved_group_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="saved_group_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_codes__len__gte", 1), ("unit_codes__len__lte", 500)),
                        name="saved_group_has_units",
                    ),
                ],
            },
        ),
    ]
