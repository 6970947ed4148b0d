"""Keeping every row an import touches as it was before, by triggers, so that the import can be undone as a whole.

A register that is brought to the state of a new list (institutions, notifications) overwrites its rows. While a source
is being stored, the setting `zaitaku.import_source` names it, and triggers on those tables write each touched row into
`RowChange`. Published figures need none of this: they are only ever added, and a withdrawn source is passed over.
"""

from __future__ import annotations

from django.db import connection
from django.db.migrations import RunSQL

from zaitaku.sources.models import SourceFile

# Statement triggers with transition tables: one set-based insert for a statement, however many rows it touches.
CREATE_FUNCTIONS = """
CREATE FUNCTION sources_note_row_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source bigint := nullif(current_setting('zaitaku.import_source', true), '')::bigint;
BEGIN
  IF source IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sources_rowchange (source_id, table_name, row_id, operation, before)
    SELECT source, TG_TABLE_NAME, n.id, 'insert', NULL FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO sources_rowchange (source_id, table_name, row_id, operation, before)
    SELECT source, TG_TABLE_NAME, o.id, 'update', to_jsonb(o) FROM old_rows o;
  ELSE
    INSERT INTO sources_rowchange (source_id, table_name, row_id, operation, before)
    SELECT source, TG_TABLE_NAME, o.id, 'delete', to_jsonb(o) FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION sources_undo_row_changes(undone bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  change record;
  columns text;
  done bigint := 0;
BEGIN
  FOR change IN SELECT * FROM sources_rowchange WHERE source_id = undone ORDER BY id DESC LOOP
    IF change.operation <> 'delete' THEN
      EXECUTE format('DELETE FROM %I WHERE id = $1', change.table_name) USING change.row_id;
    END IF;
    IF change.operation <> 'insert' THEN
      EXECUTE format('INSERT INTO %1$I SELECT * FROM jsonb_populate_record(NULL::%1$I, $1)', change.table_name)
      USING change.before;
    END IF;
    done := done + 1;
  END LOOP;
  DELETE FROM sources_rowchange WHERE source_id = undone;
  RETURN done;
END $$;
"""
DROP_FUNCTIONS = "DROP FUNCTION sources_note_row_changes(); DROP FUNCTION sources_undo_row_changes(bigint);"

_TRIGGERS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def note_changes_of(table: str) -> RunSQL:
    """The migration operation that puts the triggers on a table; its primary key must be `id`."""
    create = "".join(
        f"CREATE TRIGGER {table}_note_{name} {event.format(table=table)} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sources_note_row_changes();"
        for name, event in _TRIGGERS.items()
    )
    drop = "".join(f"DROP TRIGGER {table}_note_{name} ON {table};" for name in _TRIGGERS)
    return RunSQL(create, drop)


def note_changes_for(source: SourceFile) -> None:
    """From here to the end of the transaction, whatever is written to a register is noted as done for `source`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zaitaku.import_source', %s, true)", [str(source.pk)])


def undo_changes_of(source: SourceFile) -> int:
    """Put every row `source` touched back as it was, last change first; returns how many changes were undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zaitaku.import_source', '', true)")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT sources_undo_row_changes(%s)", [source.pk])
        return int(cursor.fetchone()[0])
