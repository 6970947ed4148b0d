"""Only the owner of an index may sort in what is pending; the site's role asks this function to."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("institutions", "0008_reports_are_kept")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION institutions_settle_search() RETURNS bigint
            LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
            AS $$ SELECT gin_clean_pending_list('body_search'::regclass) $$
            """,
            "DROP FUNCTION institutions_settle_search()",
        )
    ]
