"""The function that notes changes, the rule that notes stay, and the accounts' tables under watch."""

from django.db import migrations

from zaitaku.audit.watching import watch

# As its owner, so that the site's role needs no right to write here. Columns named as arguments are left out.
_NOTE = """
CREATE FUNCTION audit_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden text[] := coalesce(TG_ARGV, '{}');
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
  is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
  row_id text := coalesce(is_now ->> 'id', was ->> 'id', '');
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, is_now -> o.key)
      INTO was, is_now
      FROM jsonb_each(was) AS o WHERE is_now -> o.key IS DISTINCT FROM o.value;
    IF was IS NULL THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO audit_auditentry (at, actor, actor_name, address, reason, database_role, "table", "row", action, before, after)
  VALUES (
    clock_timestamp(),
    nullif(current_setting('zaitaku.actor', true), '')::bigint,
    coalesce(current_setting('zaitaku.actor_name', true), ''),
    coalesce(current_setting('zaitaku.address', true), ''),
    coalesce(current_setting('zaitaku.reason', true), ''),
    session_user, TG_TABLE_NAME, row_id, TG_OP, was, is_now
  );
  RETURN NULL;
END $$;

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit_auditentry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
_NOTHING = """
DROP TRIGGER audit_stays ON audit_auditentry;
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_note();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0003_api_keys")]

    operations = [
        migrations.RunSQL(_NOTE, _NOTHING),
        watch("accounts_user", without=("password", "last_login")),
        watch("accounts_scope"),
        watch("accounts_apikey", without=("digest", "last_used_at")),
    ]
