"""What was reported stays as it was handed in, and who opens, confirms and links is under watch."""

from django.db import migrations

from zaitaku.audit.watching import watch

_KEPT = ("reportversion", "reportfigure", "reportevent")
_KEEP = """
CREATE FUNCTION institutions_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'report_is_kept' USING ERRCODE = 'check_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER report_kept BEFORE UPDATE OR DELETE ON institutions_{table} "
    "FOR EACH ROW EXECUTE FUNCTION institutions_keep_report();"
    for table in _KEPT
)
_FORGET = (
    "\n".join(f"DROP TRIGGER report_kept ON institutions_{table};" for table in _KEPT)
    + "\nDROP FUNCTION institutions_keep_report();"
)


class Migration(migrations.Migration):
    dependencies = [("institutions", "0007_activity_reports"), ("audit", "0002_noted_by_the_database")]

    operations = [
        migrations.RunSQL(_KEEP, _FORGET),
        watch("institutions_reportround"),
        watch("institutions_bodyreport", without=("draft", "draft_at")),
        watch("institutions_reportlink", without=("token_hash", "last_used_at")),
    ]
