"""The keys of observations are checked once a statement: a foreign key looks up every one of a file's 150,000 rows."""

import django.db.models.deletion
from django.db import migrations, models

PARENTS = {"source": "sources_sourcefile", "item": "indicators_item", "region": "regions_region"}

CHECK = """
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT {key}_id AS id FROM arrived) AS wanted
        WHERE NOT EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = wanted.id)
    ) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'an observation names a {key} that does not exist', CONSTRAINT = 'observation_{key}_exists';
    END IF;
"""
KEYS_EXIST = (
    "CREATE FUNCTION observation_keys_exist() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    + "".join(CHECK.format(key=key, parent=parent) for key, parent in PARENTS.items())
    + "RETURN NULL; END $$;"
    + "".join(
        f"CREATE TRIGGER observation_keys_exist_{event} AFTER {event} ON indicators_observation"
        " REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION observation_keys_exist();"
        for event in ("insert", "update")
    )
)
KEPT = """
CREATE FUNCTION observation_{key}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM indicators_observation AS o JOIN gone ON o.{key}_id = gone.id) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'observations still name this {key}', CONSTRAINT = 'observation_{key}_exists';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER observation_{key}_is_kept AFTER DELETE ON {parent}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION observation_{key}_is_kept();
"""
PARENTS_ARE_KEPT = "".join(KEPT.format(key=key, parent=parent) for key, parent in PARENTS.items())

FORGET = "".join(
    f"DROP TRIGGER observation_{key}_is_kept ON {parent}; DROP FUNCTION observation_{key}_is_kept();"
    for key, parent in PARENTS.items()
) + (
    "DROP TRIGGER observation_keys_exist_insert ON indicators_observation;"
    "DROP TRIGGER observation_keys_exist_update ON indicators_observation;"
    "DROP FUNCTION observation_keys_exist();"
)


def key(to, verbose_name):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="observations",
        to=to,
        verbose_name=verbose_name,
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_value_keyed_by_indicator_year_region"), ("sources", "0001_initial")]

    operations = [
        migrations.AlterField("observation", "source", key("sources.sourcefile", "出典")),
        migrations.AlterField("observation", "item", key("indicators.item", "項目")),
        migrations.AlterField("observation", "region", key("regions.region", "地域")),
        migrations.RunSQL(KEYS_EXIST + PARENTS_ARE_KEPT, reverse_sql=FORGET),
    ]
