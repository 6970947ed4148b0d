"""Versions keep their content, and revisions and decisions are only ever added, whoever writes to the database."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION plans_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION plans_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.plan_id, NEW.number, NEW.content, NEW.digest, NEW.note, NEW.submitted_by_id, NEW.submitted_at)
     IS DISTINCT FROM
     (OLD.plan_id, OLD.number, OLD.content, OLD.digest, OLD.note, OLD.submitted_by_id, OLD.submitted_at) THEN
    RAISE EXCEPTION 'a version of a plan is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'published' THEN
    RAISE EXCEPTION 'a published version stays published' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER version_keeps_content BEFORE UPDATE ON plans_planversion
  FOR EACH ROW EXECUTE FUNCTION plans_keep_version();
"""
_TABLES = (("plans_planversion", "DELETE"),) + tuple(
    (table, "UPDATE OR DELETE") for table in ("plans_chapterrevision", "plans_versiondecision")
)


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_plan")]

    operations = [
        migrations.RunSQL(
            _FUNCTIONS
            + "".join(
                f"CREATE TRIGGER {table}_stays BEFORE {events} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION plans_refuse_change();\n"
                for table, events in _TABLES
            ),
            "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table, _ in _TABLES)
            + "DROP TRIGGER version_keeps_content ON plans_planversion;\n"
            "DROP FUNCTION plans_keep_version();\nDROP FUNCTION plans_refuse_change();",
        )
    ]
