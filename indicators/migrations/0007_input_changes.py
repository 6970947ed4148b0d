"""What indicators are computed from says itself when it changed: a row for each item and year, kept by triggers."""

from django.db import migrations, models

NOTE = """
INSERT INTO indicators_inputchange (name, year, changed_at)
{what}
ORDER BY 1, 2
ON CONFLICT (name, year) DO UPDATE SET changed_at = excluded.changed_at;
"""
# Ordered, so that two transactions that change the same items wait for each other and cannot lock each other out.
OBSERVATIONS = NOTE.format(
    what="SELECT item.code, o.year, clock_timestamp()"
    " FROM (SELECT DISTINCT item_id, year FROM {rows}) AS o JOIN indicators_item AS item ON item.id = o.item_id"
)
POPULATION = NOTE.format(what="SELECT 'population', 0, clock_timestamp() WHERE EXISTS (SELECT FROM {rows})")
OF_SOURCE = "(SELECT * FROM {table} WHERE source_id = NEW.id) AS of_source"

FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;"
TRIGGERS = "".join(
    f"CREATE TRIGGER {{name}}_{suffix} AFTER {event} ON {{table}} REFERENCING {which} TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
    for suffix, event, which in (
        ("insert", "INSERT", "NEW"),
        ("update", "UPDATE", "NEW"),
        ("replace", "UPDATE", "OLD"),
        ("delete", "DELETE", "OLD"),
    )
)
# Withdrawn or reinstated, or of another date: then other editions count.
SOURCE_TRIGGER = """
CREATE TRIGGER source_change_is_noted AFTER UPDATE OF withdrawn_at, as_of, retrieved_on ON sources_sourcefile
FOR EACH ROW WHEN ((OLD.withdrawn_at, OLD.as_of, OLD.retrieved_on)
                   IS DISTINCT FROM (NEW.withdrawn_at, NEW.as_of, NEW.retrieved_on))
EXECUTE FUNCTION source_change_is_noted();
"""
TABLES = {
    "observation_change_is_noted": ("indicators_observation", OBSERVATIONS),
    "population_change_is_noted": ("regions_population", POPULATION),
}
KEEP = (
    "".join(
        FUNCTION.format(name=name, body=note.format(rows="changed")) + TRIGGERS.format(name=name, table=table)
        for name, (table, note) in TABLES.items()
    )
    + FUNCTION.format(
        name="source_change_is_noted",
        body="".join(note.format(rows=OF_SOURCE.format(table=table)) for table, note in TABLES.values()),
    )
    + SOURCE_TRIGGER
)
# What is stored already counts as changed now.
BEGIN = "".join(note.format(rows=table) for table, note in TABLES.values())

FORGET = "".join(
    [
        *(
            f"DROP TRIGGER {name}_{suffix} ON {table};"
            for name, (table, _note) in TABLES.items()
            for suffix in ("insert", "update", "replace", "delete")
        ),
        "DROP TRIGGER source_change_is_noted ON sources_sourcefile;",
        *(f"DROP FUNCTION {name}();" for name in [*TABLES, "source_change_is_noted"]),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_disclosure"),
        ("regions", "0004_population_cells"),
        ("sources", "0003_withdrawal_and_row_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="InputChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="項目コード")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年（度）")),
                ("changed_at", models.DateTimeField(verbose_name="変更日時")),
            ],
            options={
                "verbose_name": "入力の変更",
                "verbose_name_plural": "入力の変更",
                "constraints": [models.UniqueConstraint(fields=("name", "year"), name="input_change_once")],
            },
        ),
        migrations.AddField(
            "indicatoryear",
            "input_digest",
            models.CharField(
                blank=True,
                default="",
                help_text="この年の値を計算したときの定義・資料・地域",
                max_length=64,
                verbose_name="入力のハッシュ",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(KEEP + BEGIN, reverse_sql=FORGET),
    ]
