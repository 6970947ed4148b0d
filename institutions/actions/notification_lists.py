"""Storing a prefecture's 届出受理医療機関名簿: institutions and notifications, each with the period the lists name it.

A list is the whole truth about its prefecture on its day. What a newer list no longer names gets an end; nothing is
deleted, except a notification that only a withdrawn edition of the same day had named.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from institutions.actions.bodies import follow_registers
from institutions.parsers.notification_list import ListedInstitution, ListedNotification
from institutions.placement import PlacedList
from regions.models import Region
from zaitaku.sources.models import SourceFile

_CREATE = """
CREATE TEMPORARY TABLE listed_institution (
  code text, name text, search_name text, kind text, postcode text, address text, telephone text, beds jsonb,
  unit_code text, source_row int
) ON COMMIT DROP;
CREATE TEMPORARY TABLE listed_notification (
  code text, symbol text, number text, started_on date, effective_on date, source_row int
) ON COMMIT DROP;
"""
_DROP = "DROP TABLE listed_institution, listed_notification"

_UPSERT_INSTITUTIONS = """
INSERT INTO institutions_institution AS i (
  prefecture_id, code, kind, name, search_name, postcode, address, telephone, beds, unit_id,
  listed_from, listed_to, source_id, source_row
)
SELECT %(prefecture)s, l.code, l.kind, l.name, l.search_name, l.postcode, l.address, l.telephone, l.beds, u.id,
       %(as_of)s, NULL, %(source)s, l.source_row
FROM listed_institution l LEFT JOIN unnest(%(unit_codes)s::text[], %(unit_ids)s::bigint[]) AS u (code, id)
  ON u.code = l.unit_code
ON CONFLICT (code) DO UPDATE SET
  kind = excluded.kind, name = excluded.name, search_name = excluded.search_name, postcode = excluded.postcode,
  address = excluded.address, telephone = excluded.telephone, beds = excluded.beds, unit_id = excluded.unit_id,
  listed_to = NULL, source_id = excluded.source_id, source_row = excluded.source_row
RETURNING (xmax = 0)
"""

# After the upsert every institution the list names carries its source, so the others are those it no longer names.
# One that only a withdrawn edition of the same day had named keeps its row (others may refer to it) for that one day.
_END_INSTITUTIONS = """
UPDATE institutions_institution SET listed_to = GREATEST(%(as_of)s::date, listed_from + 1)
WHERE prefecture_id = %(prefecture)s AND listed_to IS NULL AND source_id <> %(source)s AND substr(code, 3, 1) = '1'
"""

_KEEP_NOTIFICATIONS = """
UPDATE institutions_notification n
SET effective_on = l.effective_on, listed_to = NULL, source_id = %(source)s, source_row = l.source_row
FROM listed_notification l JOIN institutions_institution i ON i.code = l.code
WHERE n.institution_id = i.id AND n.symbol = l.symbol AND n.number = l.number
  AND n.started_on IS NOT DISTINCT FROM l.started_on
  AND (n.listed_to IS NULL OR n.listed_to = %(as_of)s)
"""

_ADD_NOTIFICATIONS = """
INSERT INTO institutions_notification (
  institution_id, symbol, number, started_on, effective_on, listed_from, listed_to, source_id, source_row
)
SELECT i.id, l.symbol, l.number, l.started_on, l.effective_on, %(as_of)s, NULL, %(source)s, l.source_row
FROM listed_notification l JOIN institutions_institution i ON i.code = l.code
WHERE NOT EXISTS (
  SELECT FROM institutions_notification n
  WHERE n.institution_id = i.id AND n.symbol = l.symbol AND n.number = l.number
    AND n.started_on IS NOT DISTINCT FROM l.started_on AND n.listed_to IS NULL
)
"""

_END_NOTIFICATIONS = """
UPDATE institutions_notification n SET listed_to = %(as_of)s
FROM institutions_institution i
WHERE i.id = n.institution_id AND i.prefecture_id = %(prefecture)s AND substr(i.code, 3, 1) = '1'
  AND n.listed_to IS NULL AND n.source_id <> %(source)s AND n.listed_from < %(as_of)s
"""

_WITHDRAW_NOTIFICATIONS = """
DELETE FROM institutions_notification n USING institutions_institution i
WHERE i.id = n.institution_id AND i.prefecture_id = %(prefecture)s AND substr(i.code, 3, 1) = '1'
  AND n.listed_to IS NULL AND n.source_id <> %(source)s AND n.listed_from = %(as_of)s
"""


@transaction.atomic
def store_notification_list(placed: PlacedList, *, source: SourceFile) -> dict[str, int]:
    """Bring the institutions and notifications of the list's prefecture to the state of the list.

    The caller makes sure that no newer list of the prefecture is stored (`is_newest_list`); with an older one only the
    counts of its day may be taken.
    """
    table = placed.table
    prefecture = Region.objects.get(kind=Region.Kind.PREFECTURE, code=table.prefecture_code)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        _copy(cursor, "listed_institution", (_institution_row(one, placed) for one in table.institutions))
        _copy(cursor, "listed_notification", map(_notification_row, table.notifications))
        cursor.execute("ANALYZE listed_institution, listed_notification")
        values = {
            "prefecture": prefecture.pk,
            "as_of": table.as_of,
            "source": source.pk,
            **_units(placed, day=table.as_of),
        }
        counts = _apply(cursor, values)
        cursor.execute(_DROP)
    follow_registers(prefecture_ids=[prefecture.pk])
    return {
        "医療機関": len(table.institutions),
        "市区町村を判定できない医療機関": len(placed.problems),
        "在宅医療の届出": len(table.notifications),
        **counts,
    }


def _units(placed: PlacedList, *, day: dt.date) -> dict[str, list[Any]]:
    """Codes and ids of the base units that occur, as two parallel arrays."""
    codes = sorted(set(placed.unit_codes.values()))
    known = Region.objects.base_units().valid_on(day).filter(code__in=codes).values_list("code", "id")
    return {"unit_codes": [code for code, _ in known], "unit_ids": [pk for _, pk in known]}


def _apply(cursor: Any, values: dict[str, Any]) -> dict[str, int]:
    cursor.execute(_UPSERT_INSTITUTIONS, values)
    added = sum(is_new for (is_new,) in cursor.fetchall())
    counts = {"新しく載った医療機関": added} if added else {}
    for name, statement in (
        ("載らなくなった医療機関", _END_INSTITUTIONS),
        ("変わらない届出", _KEEP_NOTIFICATIONS),
        ("新しい届出", _ADD_NOTIFICATIONS),
        ("載らなくなった届出", _END_NOTIFICATIONS),
        ("同じ時点の旧版だけにあった届出", _WITHDRAW_NOTIFICATIONS),
    ):
        cursor.execute(statement, values)
        if cursor.rowcount:
            counts[name] = cursor.rowcount
    return counts


def _copy(cursor: Any, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _institution_row(one: ListedInstitution, placed: PlacedList) -> tuple[object, ...]:
    return (
        one.code,
        one.name,
        search_name(one.name),
        one.kind,
        one.postcode,
        one.address,
        one.telephone,
        json.dumps(dict(one.beds), ensure_ascii=False),
        placed.unit_codes.get(one.code),
        one.row,
    )


def _notification_row(one: ListedNotification) -> tuple[object, ...]:
    return one.code, one.symbol, one.number, one.started_on, one.effective_on, one.row


def search_name(name: str) -> str:
    """A name as it is searched for: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", name).split())
