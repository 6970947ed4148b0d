"""Storing 医療情報ネット: facilities with the period the editions name them, matched to the lists' institutions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from institutions.actions.bodies import follow_registers
from institutions.actions.notification_lists import search_name
from institutions.actions.registers import Register, bring_up_to_date
from institutions.formulas.matching import Found, Known, match_facilities
from institutions.models import FacilityRecord, Institution
from institutions.parsers.facility_information import Hospital
from institutions.queries.unit_finder import UnitFinder
from zaitaku.sources.models import SourceFile

_REGISTER = Register(
    columns="""
  identifier text, name text, search_name text, kana text, address text, prefecture_code text, unit_code text,
  latitude float8, longitude float8, beds jsonb, url text, source_row int
""",
    upsert="""
INSERT INTO institutions_facilityrecord (
  kind, identifier, name, search_name, kana, address, prefecture_id, unit_id, latitude, longitude, beds, url,
  match, listed_from, listed_to, source_id, source_row
)
SELECT %(kind)s, l.identifier, l.name, l.search_name, l.kana, l.address, p.id, u.id, l.latitude, l.longitude, l.beds,
       l.url, 'none', %(as_of)s, NULL, %(source)s, l.source_row
FROM listed l
JOIN unnest(%(prefecture_codes)s::text[], %(prefecture_ids)s::bigint[]) AS p (code, id) ON p.code = l.prefecture_code
LEFT JOIN unnest(%(unit_codes)s::text[], %(unit_ids)s::bigint[]) AS u (code, id) ON u.code = l.unit_code
ON CONFLICT (kind, identifier) DO UPDATE SET
  name = excluded.name, search_name = excluded.search_name, kana = excluded.kana, address = excluded.address,
  prefecture_id = excluded.prefecture_id, unit_id = excluded.unit_id, latitude = excluded.latitude,
  longitude = excluded.longitude, beds = excluded.beds, url = excluded.url,
  listed_to = NULL, source_id = excluded.source_id, source_row = excluded.source_row
RETURNING (xmax = 0)
""",
    end="""
UPDATE institutions_facilityrecord f SET listed_to = GREATEST(%(as_of)s::date, f.listed_from + 1)
FROM (SELECT DISTINCT prefecture_code FROM listed) l
JOIN unnest(%(prefecture_codes)s::text[], %(prefecture_ids)s::bigint[]) AS p (code, id) ON p.code = l.prefecture_code
WHERE f.prefecture_id = p.id AND f.kind = %(kind)s AND f.listed_to IS NULL AND f.source_id <> %(source)s
""",
)
_MATCH = """
UPDATE institutions_facilityrecord f SET institution_id = m.institution_id, match = coalesce(m.by, 'none')
FROM institutions_facilityrecord g
LEFT JOIN unnest(%s::text[], %s::bigint[], %s::text[]) AS m (identifier, institution_id, by)
  ON m.identifier = g.identifier
WHERE f.id = g.id AND f.kind = 'hospital'
  AND (f.institution_id, f.match) IS DISTINCT FROM (m.institution_id, coalesce(m.by, 'none'))
"""


@transaction.atomic
def store_hospitals(
    hospitals: Iterable[tuple[Hospital, str]], *, as_of: dt.date, finder: UnitFinder, source: SourceFile
) -> dict[str, int]:
    """Bring the hospitals to the state of the edition; each comes with its unit's code, then all are matched.

    The caller makes sure that no newer edition is stored. Raises `FileRefused` if a line cannot be read.
    """
    values = {"source": source.pk, "kind": FacilityRecord.Kind.HOSPITAL}
    added, ended = bring_up_to_date(_REGISTER, _rows(hospitals), finder=finder, as_of=as_of, values=values)
    counts = {"新しく載った病院": added, "載らなくなった病院": ended, **match_hospitals()}
    follow_registers()
    return {name: count for name, count in counts.items() if count}


@transaction.atomic
def match_hospitals() -> dict[str, int]:
    """Match every listed hospital to the listed institutions anew; returns how many are matched in which way."""
    found = match_facilities(_facilities(), _institutions())
    keys, institutions, ways = [], [], []
    for identifier, match in found.items():
        keys.append(identifier)
        institutions.append(int(match.key))
        ways.append(match.by)
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, [keys, institutions, ways])
    return _tally(found.values())


def _tally(found: Iterable[Found]) -> dict[str, int]:
    tally = {FacilityRecord.Match.ADDRESS: 0, FacilityRecord.Match.NAME: 0}
    for match in found:
        tally[FacilityRecord.Match(match.by)] += 1
    return {f"届出名簿と{way.label}": count for way, count in tally.items()}


def _facilities() -> Iterator[Known]:
    listed = FacilityRecord.objects.filter(kind=FacilityRecord.Kind.HOSPITAL, listed_to__isnull=True)
    for row in listed.values_list("identifier", "name", "address", "unit__code").iterator():
        yield Known(row[0], row[1], row[2], row[3] or "")


def _institutions() -> Iterator[Known]:
    listed = Institution.objects.filter(listed_to__isnull=True)
    hospitals = listed.filter(kind__in=[Institution.Kind.HOSPITAL, Institution.Kind.UNKNOWN])
    for pk, *rest in hospitals.values_list("pk", "name", "address", "unit__code").iterator():
        name, address, unit_code = rest
        yield Known(str(pk), name, address, unit_code or "")


def _rows(hospitals: Iterable[tuple[Hospital, str]]) -> Iterator[tuple[object, ...]]:
    for one, unit_code in hospitals:
        yield (
            one.identifier,
            one.name,
            search_name(one.name),
            one.kana,
            one.address,
            one.municipality_code[:2],
            unit_code or None,
            one.latitude,
            one.longitude,
            json.dumps(dict(one.beds), ensure_ascii=False),
            one.url,
            one.row,
        )
