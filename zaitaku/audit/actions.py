"""Telling the database who acts, and giving the site's own database role what it needs and no more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from zaitaku.accounts.models import User

_SETTINGS = ("zaitaku.actor", "zaitaku.actor_name", "zaitaku.address", "zaitaku.reason")
_TELL = "SELECT " + ", ".join(f"set_config('{name}', %s, false)" for name in _SETTINGS)
# The site's role reads these; only triggers (as their owner) and migrations write them.
_READ_ONLY = ("audit_auditentry", "django_migrations")
# The site's role adds to these; nobody changes or removes a line.
_ADD_ONLY = ("accounts_signinevent",)


@contextlib.contextmanager
def acting_as(user: User | None, *, address: str = "", reason: str = "") -> Iterator[None]:
    """Changes made inside are noted as this person's. Holds for this connection, whatever transactions it makes."""
    _tell(str(user.pk) if user else "", str(user) if user else "", address, reason)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _tell("", "", "", "")


def _tell(*values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)


def grant_to_site(role: str) -> None:
    """What the role of web server and workers may do: read and write rows, but neither change tables nor the audit."""
    name = sql.Identifier(role)
    schema = sql.SQL(" IN SCHEMA public TO {}").format(name)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES") + schema,
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES") + schema,
        *(_revoke("INSERT, UPDATE, DELETE, TRUNCATE", table, name) for table in _READ_ONLY),
        *(_revoke("UPDATE, DELETE, TRUNCATE", table, name) for table in _ADD_ONLY),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        if int(cursor.fetchone()[0]) >= 170000:  # before, only an owner could refresh a table's statistics
            statements.append(sql.SQL("GRANT MAINTAIN ON ALL TABLES") + schema)
        for statement in statements:
            cursor.execute(statement)


def _revoke(what: str, table: str, name: sql.Identifier) -> sql.Composed:
    return sql.SQL("REVOKE {} ON {} FROM {}").format(sql.SQL(what), sql.Identifier(table), name)
