"""The sign-in log is only added to, keeps networks instead of machines, and is forgotten after a year."""

from django.db import migrations

_SHORTEN = """
UPDATE accounts_signinevent
   SET address = host(network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END)))::inet
 WHERE address IS NOT NULL AND NOT address <<= inet '127.0.0.0/8' AND address <> inet '::1';
"""
# The year is a rule of the database: nobody who may ask for the removal decides what is old.
_STAYS = """
CREATE FUNCTION accounts_keep_sign_ins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the sign-in log is never changed, and kept for a year' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sign_ins_stay BEFORE UPDATE OR DELETE ON accounts_signinevent
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_sign_ins();

CREATE FUNCTION accounts_forget_sign_ins() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM accounts_signinevent WHERE at < now() - interval '1 year' RETURNING 1)
  SELECT count(*) FROM gone;
$$;
"""
_NOTHING = """
DROP FUNCTION accounts_forget_sign_ins();
DROP TRIGGER sign_ins_stay ON accounts_signinevent;
DROP FUNCTION accounts_keep_sign_ins();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factor_and_sessions")]

    operations = [
        migrations.RunSQL(_SHORTEN, migrations.RunSQL.noop),
        migrations.RunSQL(_STAYS, _NOTHING),
    ]
