"""Indicators that prefectures define for themselves, and the history of every definition."""

import django.db.models.deletion
import django.db.models.functions.text
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_present_versions(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The history of every definition begins with the version that is there."""
    indicator, change = apps.get_model("indicators", "Indicator"), apps.get_model("indicators", "DefinitionChange")
    change.objects.bulk_create(
        change(code=one.code, version=one.version, kind="saved", definition=one.definition)
        for one in indicator.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0007_input_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=7, unique=True, verbose_name="指標コード")),
                ("prefecture_code", models.CharField(max_length=2, verbose_name="都道府県コード")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "下書き"), ("published", "公開"), ("retired", "廃止")],
                        default="draft",
                        max_length=9,
                        verbose_name="状態",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版")),
                ("digest", models.CharField(max_length=64, verbose_name="定義のハッシュ")),
                ("definition", models.JSONField(verbose_name="定義")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="最後の変更")),
            ],
            options={
                "verbose_name": "都道府県の独自の指標",
                "verbose_name_plural": "都道府県の独自の指標",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^P[0-9]{2}_[0-9]{3}$"),
                            (
                                "code__startswith",
                                django.db.models.functions.text.Concat(
                                    models.Value("P"), models.F("prefecture_code"), models.Value("_")
                                ),
                            ),
                        ),
                        name="own_indicator_code_names_prefecture",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "retired"])),
                        name="own_indicator_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefinitionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="指標コード")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("saved", "定義を保存"),
                            ("published", "公開"),
                            ("retired", "廃止"),
                            ("reinstated", "廃止の取り消し"),
                        ],
                        default="saved",
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("definition", models.JSONField(blank=True, null=True, verbose_name="定義")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="日時")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="変更した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "定義の変更",
                "verbose_name_plural": "定義の変更",
                "indexes": [models.Index(fields=["code", "at"], name="definition_change_of_code")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "saved")),
                        fields=("code", "version"),
                        name="definition_version_saved_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("definition__isnull", False), ("kind", "saved")),
                            models.Q(models.Q(("kind", "saved"), _negated=True), ("definition__isnull", True)),
                            _connector="OR",
                        ),
                        name="definition_change_saved_says_what",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_present_versions, migrations.RunPython.noop),
    ]
