"""Keeping the 機関台帳 in step with the registers, entering bodies no register has, and merging duplicates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from institutions.formulas.folding import search_text
from institutions.models import Body, BodyMerge
from regions.models import Region
from regions.queries.points import get_points
from zaitaku.accounts.models import User
from zaitaku.lib.problems import refuse

HOME_NURSING_SERVICE = "130"
_MANY = 500


@dataclass(frozen=True, slots=True)
class _Register:
    """Where bodies of one register come from: the column that ties a body to it, and a SELECT of what it says."""

    key: str
    select: str


# A facility of 医療情報ネット that is the institution of a list gives it its kana and its place on the map.
_REGISTERS = (
    _Register(
        "institution_id",
        """
SELECT i.id AS key, f.id AS facility_record_id, i.kind, i.name, coalesce(f.kana, '') AS kana, i.code, i.address,
       i.prefecture_id, i.unit_id, f.latitude, f.longitude, i.listed_from, i.listed_to
FROM institutions_institution i
LEFT JOIN LATERAL (
  SELECT * FROM institutions_facilityrecord f WHERE f.institution_id = i.id
  ORDER BY f.listed_to NULLS FIRST, f.id LIMIT 1
) f ON true
""",
    ),
    _Register(
        "facility_record_id",
        """
SELECT f.id AS key, f.kind, f.name, f.kana, '' AS code, f.address, f.prefecture_id, f.unit_id, f.latitude, f.longitude,
       f.listed_from, f.listed_to
FROM institutions_facilityrecord f WHERE f.institution_id IS NULL
""",
    ),
    _Register(
        "care_service_id",
        f"""
SELECT c.id AS key, CASE c.service_code WHEN '{HOME_NURSING_SERVICE}' THEN 'home_nursing' ELSE 'care' END AS kind,
       c.name, c.kana, c.office_number AS code, c.address, c.prefecture_id, c.unit_id, c.latitude, c.longitude,
       c.listed_from, c.listed_to
FROM institutions_careservice c
""",  # noqa: S608 - a constant of this module
    ),
    _Register(
        "region_id",
        """
SELECT m.id AS key, 'municipality' AS kind, m.name, m.name_kana AS kana, m.code, p.name || m.name AS address,
       m.parent_id AS prefecture_id, CASE WHEN m.is_base_unit THEN m.id END AS unit_id, NULL::float8 AS latitude,
       NULL::float8 AS longitude, NULL::date AS listed_from, NULL::date AS listed_to
FROM regions_region m JOIN regions_region p ON p.id = m.parent_id
WHERE m.kind = 'municipality' AND NOT m.is_out_of_scope AND m.valid_to IS NULL
""",
    ),
)
_COLUMNS = (
    "kind", "name", "kana", "code", "address", "search_text", "prefecture_id", "unit_id", "latitude", "longitude",
    "position", "listed_from", "listed_to",
)  # fmt: skip
# A hospital known from 医療情報ネット alone keeps its row when a list names it: designations go on referring to it.
_ADOPT = """
UPDATE institutions_body b SET institution_id = f.institution_id
FROM institutions_facilityrecord f
WHERE b.facility_record_id = f.id AND b.institution_id IS NULL AND f.institution_id IS NOT NULL
  AND f.prefecture_id = ANY(%(prefectures)s)
  AND NOT EXISTS (SELECT FROM institutions_body o WHERE o.institution_id = f.institution_id)
"""
# One row a facility: where the institution has a row of its own already, it takes the facility over.
_GIVE_UP = """
DELETE FROM institutions_body b USING institutions_facilityrecord f
WHERE b.facility_record_id = f.id AND b.institution_id IS DISTINCT FROM f.institution_id
  AND f.prefecture_id = ANY(%(prefectures)s)
  AND NOT EXISTS (SELECT FROM institutions_designation d WHERE b.id IN (d.body_id, d.programme_body_id))
  AND NOT EXISTS (SELECT FROM institutions_bodymerge m WHERE b.id IN (m.duplicate_id, m.kept_id))
"""


_CREATE = """
CREATE TEMPORARY TABLE changed_body (
  key bigint, facility_record_id bigint, kind text, name text, kana text, code text, address text, search_text text,
  prefecture_id bigint, unit_id bigint, latitude float8, longitude float8, position text, listed_from date,
  listed_to date
) ON COMMIT DROP
"""
_COPIED = ("key", "facility_record_id", *_COLUMNS)


def _changed(register: _Register) -> str:
    """What of a register differs from the bodies: everything but the folded text, which follows from it."""
    has_facility = register.key == "institution_id"
    shown = [name for name in _COPIED if name not in {"key", "search_text"}]
    compared = [name for name in shown if has_facility or name != "facility_record_id"]
    return f"""
WITH wanted AS (
  SELECT w.key, {"w.facility_record_id" if has_facility else "NULL::bigint AS facility_record_id"},
         w.kind, w.name, w.kana, w.code, w.address, w.prefecture_id, w.unit_id,
         coalesce(w.latitude, p.latitude) AS latitude, coalesce(w.longitude, p.longitude) AS longitude,
         CASE WHEN w.latitude IS NOT NULL THEN 'published' WHEN p.latitude IS NOT NULL THEN 'approximate'
              ELSE 'none' END AS position,
         w.listed_from, w.listed_to
  FROM ({register.select}) w
  LEFT JOIN unnest(%(units)s::bigint[], %(latitudes)s::float8[], %(longitudes)s::float8[])
    AS p (unit_id, latitude, longitude)
    ON p.unit_id = coalesce(w.unit_id, CASE WHEN w.kind = 'municipality' THEN w.key END)
  WHERE w.prefecture_id = ANY(%(prefectures)s)
)
SELECT w.key, {", ".join(f"w.{name}" for name in shown)}
FROM wanted w LEFT JOIN institutions_body b ON b.{register.key} = w.key
WHERE b.id IS NULL
  OR ({", ".join(f"b.{name}" for name in compared)}) IS DISTINCT FROM ({", ".join(f"w.{name}" for name in compared)})
ORDER BY w.key
"""  # noqa: S608 - names of columns are constants of this module


def _upsert(register: _Register) -> str:
    columns = [register.key, *_COLUMNS]
    taken = ["key", *_COLUMNS]
    if register.key == "institution_id":
        columns.append("facility_record_id")
        taken.append("facility_record_id")
    return f"""
INSERT INTO institutions_body ({", ".join(columns)}, is_entered, is_demo, note)
SELECT {", ".join(taken)}, false, false, '' FROM changed_body ORDER BY key
ON CONFLICT ({register.key}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in columns[1:])}
"""  # noqa: S608 - names of columns are constants of this module


def _follow(cursor: Any, register: _Register, values: dict[str, Any]) -> int:
    """Write what differs; only that is folded anew, which costs most."""
    cursor.execute(_changed(register), values)
    rows = cursor.fetchall()
    if not rows:
        return 0
    cursor.execute(_CREATE)
    with cursor.copy(f"COPY changed_body ({', '.join(_COPIED)}) FROM STDIN") as copy:
        for key, facility, kind, name, kana, code, address, *rest in rows:
            text = search_text(name=name, kana=kana, code=code, address=address)
            copy.write_row((key, facility, kind, name, kana, code, address, text, *rest))
    cursor.execute(_upsert(register))
    cursor.execute("DROP TABLE changed_body")
    return len(rows)


@transaction.atomic
def follow_registers(*, prefecture_ids: Collection[int] = ()) -> int:
    """Bring the bodies of the given prefectures (or of all) to the state of the registers; returns rows written.

    Run inside the transaction of every import, so that undoing the import takes the bodies back too.
    """
    points = get_points(on=timezone.localdate()).values()
    values: dict[str, Any] = {
        "prefectures": list(prefecture_ids)
        or list(Region.objects.filter(kind=Region.Kind.PREFECTURE).values_list("pk", flat=True)),
        "units": [point.id for point in points],
        "latitudes": [point.latitude for point in points],
        "longitudes": [point.longitude for point in points],
    }
    written = 0
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, values)
        cursor.execute(_GIVE_UP, values)
        for register in _REGISTERS:
            written += _follow(cursor, register, values)
        if written > _MANY:
            # What was added waits in a list that every search reads through, until it is sorted into the index.
            cursor.execute("SELECT institutions_settle_search()")
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredBody:
    """What a prefecture enters about a body that no official register has."""

    kind: str
    name: str
    kana: str = ""
    code: str = ""
    address: str = ""
    unit_id: int | None = None
    note: str = ""


@transaction.atomic
def enter_body(entered: EnteredBody, *, prefecture: Region, by: User | None, is_demo: bool = False) -> Body:
    """Add a body with the source 「県の登録」; it stands at the representative point of its municipality."""
    point = get_points(on=timezone.localdate(), prefecture_code=prefecture.code).get(entered.unit_id or 0)
    body = Body(
        kind=entered.kind,
        name=entered.name,
        kana=entered.kana,
        code=entered.code,
        address=entered.address,
        unit_id=entered.unit_id,
        note=entered.note,
        prefecture=prefecture,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        position=Body.Position.APPROXIMATE if point else Body.Position.NONE,
        is_entered=True,
        is_demo=is_demo,
        created_by=by,
    )
    body.search_text = search_text(name=body.name, kana=body.kana, code=body.code, address=body.address)
    body.save()
    return body


@transaction.atomic
def merge_bodies(duplicate: Body, *, kept: Body, reason: str, by: User, at: dt.datetime | None = None) -> BodyMerge:
    """Note that two rows are one body: the duplicate leaves the lists, its designations and facts stay its own.

    Raises `FileRefused` if one of the two is merged already, or the duplicate still stands for others.
    """
    standing = BodyMerge.objects.filter(undone_at=None)
    if duplicate == kept or duplicate.prefecture_id != kept.prefecture_id:
        raise refuse("同じ都道府県の2つの機関を選んでください。")
    if standing.filter(duplicate__in=[duplicate, kept]).exists() or standing.filter(kept=duplicate).exists():
        raise refuse("どちらかの機関は、すでに統合されています。先にその統合を取り消してください。")
    return BodyMerge.objects.create(duplicate=duplicate, kept=kept, reason=reason, by=by, at=at or timezone.now())


@transaction.atomic
def undo_merge(merge: BodyMerge, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a merge back: both rows stand in the lists again. Undoing twice changes nothing."""
    BodyMerge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=at or timezone.now(), undone_by=by)
