"""Which version of its definition the values of an indicator were computed with, so that no page has to ask them."""

from django.db import migrations, models

# One look into the index of the values for each indicator.
_KEEP = """
UPDATE indicators_indicator AS indicator SET computed_version = (
  SELECT indicator_version FROM indicators_indicatorvalue AS stored
  WHERE stored.indicator_id = indicator.id LIMIT 1
)
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0011_citations")]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="computed_version",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="いまの値を計算した定義の版。空欄は未計算",
                null=True,
                verbose_name="値の版",
            ),
        ),
        migrations.RunSQL(_KEEP, migrations.RunSQL.noop),
    ]
