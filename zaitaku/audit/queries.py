"""Reads of the audit log: lines that somebody may see, with what changed field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from zaitaku.accounts.permissions import Actor
from zaitaku.audit.models import AuditEntry
from zaitaku.audit.scope import visible_to
from zaitaku.audit.words import Names, column_label, names_of, shown, table_label

_SHORT = 60


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of a line: its name, and what stood there before and after, in words."""

    column: str
    label: str
    before: str
    after: str

    @property
    def short_before(self) -> str:
        """For a list."""
        return _shortened(self.before)

    @property
    def short_after(self) -> str:
        """For a list."""
        return _shortened(self.after)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log, ready to be read."""

    entry: AuditEntry
    table_label: str
    changes: tuple[FieldChange, ...]

    @property
    def who(self) -> str:
        """The person, or that nobody of the site did it."""
        before_sign_in = "ログイン前の操作" if self.entry.address else "サイトの外（コマンド・処理）"
        return self.entry.actor_name or before_sign_in


def find_entries(
    actor: Actor,
    *,
    table: str = "",
    row: str = "",
    person: str = "",
    action: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEntry]:
    """Lines the actor may read that meet all that is given, newest first."""
    wanted = {
        "row": row,
        "actor_name__icontains": person,
        "action": action,
        "at__date__gte": since,
        "at__date__lte": until,
    }
    given = {name: value for name, value in wanted.items() if value}
    return AuditEntry.objects.filter(visible_to(actor, table=table), **given).order_by("-id")


def get_lines(entries: Iterable[AuditEntry]) -> list[AuditLine]:
    """The lines in words; two queries for the names in all of them."""
    found = list(entries)
    names = names_of((entry.table, side) for entry in found for side in (entry.before, entry.after) if side)
    return [AuditLine(entry, table_label(entry.table), _changes(entry, names)) for entry in found]


def _changes(entry: AuditEntry, names: Names) -> tuple[FieldChange, ...]:
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    columns = [column for column in (before or after) if _says_something(entry, column, before, after)]
    return tuple(
        FieldChange(
            column,
            column_label(entry.table, column),
            shown(entry.table, column, before[column], names=names) if column in before else "",
            shown(entry.table, column, after[column], names=names) if column in after else "",
        )
        for column in columns
    )


def _says_something(entry: AuditEntry, column: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Of a new or removed row, what was empty is left out."""
    if entry.action == AuditEntry.Action.UPDATE:
        return True
    return (before or after).get(column) not in (None, "", [], {})


def get_watched_tables() -> list[tuple[str, str]]:
    """Tables under watch with their names, in the order of these."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audited'")
        tables = [name for (name,) in cursor.fetchall()]
    return sorted(((table, table_label(table)) for table in tables), key=lambda pair: pair[1])


def _shortened(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHORT else f"{one_line[:_SHORT]}…"
