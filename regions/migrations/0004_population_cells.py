from django.db import migrations, models


def load_again(apps, schema_editor):
    """The fixtures are taken in once more, so that figures already stored learn the cells they stand in."""
    apps.get_model("sources", "LoadedFixture").objects.filter(family="regions").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0003_population_indexes"),
        ("sources", "0003_withdrawal_and_row_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="population",
            name="column",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="1から。資料の最初のシート", verbose_name="列"
            ),
        ),
        migrations.AddField(
            model_name="population",
            name="row",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="1から。資料の最初のシート", verbose_name="行"
            ),
        ),
        migrations.RunPython(load_again, migrations.RunPython.noop),
    ]
