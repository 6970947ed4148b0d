"""What the tables of bodies and designations need beyond constraints: searching, remembered rows, rules across tables."""

from django.db import migrations

from zaitaku.sources.row_changes import note_changes_of

# Pairs of neighbouring characters find Japanese words of two characters, which trigrams cannot; no extension is needed.
_SEARCH = """
CREATE FUNCTION institutions_bigrams(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(pair.a || pair.b), '{}')
  FROM unnest(string_to_array(folded, NULL), (string_to_array(folded, NULL))[2:]) AS pair (a, b)
  WHERE pair.b IS NOT NULL
$$;

CREATE INDEX body_search ON institutions_body USING gin (institutions_bigrams(search_text))
  WITH (gin_pending_list_limit = 65536);
"""
_NO_SEARCH = """
DROP INDEX body_search;
DROP FUNCTION institutions_bigrams(text);
"""

_RULES = """
CREATE FUNCTION institutions_check_designation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.area_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM regions_region r WHERE r.id = NEW.area_id AND r.kind = 'area' AND r.parent_id = NEW.prefecture_id
  ) THEN
    RAISE EXCEPTION 'designation_area_of_prefecture' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'support' AND NOT EXISTS (
    SELECT FROM institutions_designationrule r WHERE r.prefecture_id = NEW.prefecture_id AND r.allows_support
  ) THEN
    RAISE EXCEPTION 'designation_support_is_allowed' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status
    AND (OLD.status, NEW.status) NOT IN (
      ('candidate', 'discussing'), ('discussing', 'designated'), ('discussing', 'candidate'),
      ('candidate', 'released'), ('discussing', 'released'), ('designated', 'released')
    )
    AND coalesce(current_setting('zaitaku.undoes_designation', true), '') <> NEW.id::text
  THEN
    RAISE EXCEPTION 'designation_status_in_order' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER designation_rules BEFORE INSERT OR UPDATE ON institutions_designation
  FOR EACH ROW EXECUTE FUNCTION institutions_check_designation();

CREATE FUNCTION institutions_check_catchment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM regions_region u JOIN institutions_designation d ON d.id = NEW.designation_id
    JOIN regions_region p ON p.id = d.prefecture_id
    WHERE u.id = NEW.unit_id AND u.is_base_unit AND left(u.code, 2) = p.code
  ) THEN
    RAISE EXCEPTION 'catchment_unit_of_prefecture' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER catchment_rules BEFORE INSERT OR UPDATE ON institutions_catchment
  FOR EACH ROW EXECUTE FUNCTION institutions_check_catchment();

CREATE FUNCTION institutions_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'designation_history_is_kept' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER designation_change_kept BEFORE UPDATE OR DELETE ON institutions_designationchange
  FOR EACH ROW EXECUTE FUNCTION institutions_keep_history();
"""
_NO_RULES = """
DROP TRIGGER designation_change_kept ON institutions_designationchange;
DROP FUNCTION institutions_keep_history();
DROP TRIGGER catchment_rules ON institutions_catchment;
DROP FUNCTION institutions_check_catchment();
DROP TRIGGER designation_rules ON institutions_designation;
DROP FUNCTION institutions_check_designation();
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0004_bodies_and_designations")]

    operations = [
        migrations.RunSQL(_SEARCH, _NO_SEARCH),
        migrations.RunSQL(_RULES, _NO_RULES),
        note_changes_of("institutions_body"),
    ]
