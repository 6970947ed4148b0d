"""The migration operation that puts a table under watch, for the migrations of the apps that own tables."""

from __future__ import annotations

from django.db import migrations


def watch(table: str, *, without: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Every insert, update and delete in `table` is noted from now on; columns in `without` are left out.

    The migration depends on `("audit", "0001_initial")`. What may not be read back, like a password's hash, and what
    cannot change, like the content of a version, is left out.
    """
    arguments = ", ".join(f"'{column}'" for column in without)
    return migrations.RunSQL(
        f"CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION audit_note({arguments})",
        f"DROP TRIGGER audited ON {table}",
    )
