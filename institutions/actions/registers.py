"""What bringing a register to the state of a newer edition has in common, whichever register it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from institutions.queries.unit_finder import UnitFinder


@dataclass(frozen=True, slots=True)
class Register:
    """The statements of one register, over the temporary table `listed` its lines are copied into.

    `upsert` returns for each line whether it is new; `end` closes what the edition no longer names, in the prefectures
    it has lines of: an excerpt of one prefecture says nothing about the others.
    """

    columns: str
    upsert: str
    end: str


def bring_up_to_date(
    register: Register,
    rows: Iterable[tuple[object, ...]],
    *,
    finder: UnitFinder,
    as_of: dt.date,
    values: Mapping[str, Any],
) -> tuple[int, int]:
    """Copy the lines in and apply the statements; returns how many are new and how many ended."""
    given: dict[str, Any] = {
        **values,
        "as_of": as_of,
        "unit_codes": list(finder.unit_ids),
        "unit_ids": list(finder.unit_ids.values()),
        "prefecture_codes": list(finder.prefecture_ids),
        "prefecture_ids": list(finder.prefecture_ids.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE listed ({register.columns}) ON COMMIT DROP")
        with cursor.copy("COPY listed FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE listed")
        cursor.execute(register.upsert, given)
        added = _count_new(cursor)
        cursor.execute(register.end, given)
        ended = int(cursor.rowcount)
        cursor.execute("DROP TABLE listed")
    return added, ended


def _count_new(cursor: Any) -> int:
    return sum(is_new for (is_new,) in cursor.fetchall())
