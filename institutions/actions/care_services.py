"""Storing 介護サービス情報公表システム: the offices of one service, each with the period the editions name it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from institutions.actions.bodies import follow_registers
from institutions.actions.notification_lists import search_name
from institutions.actions.registers import Register, bring_up_to_date
from institutions.parsers.care_services import CareService
from institutions.queries.unit_finder import UnitFinder
from zaitaku.sources.models import SourceFile

_REGISTER = Register(
    columns="""
  office_number text, name text, search_name text, kana text, address text, prefecture_code text, unit_code text,
  latitude float8, longitude float8, capacity int, corporation text, url text, source_row int
""",
    # Lines of one office number are told apart by their names, so that their order in the file does not matter.
    upsert="""
INSERT INTO institutions_careservice (
  service_code, service, office_number, part, name, search_name, kana, address, prefecture_id, unit_id,
  latitude, longitude, capacity, corporation, url, listed_from, listed_to, source_id, source_row
)
SELECT %(service_code)s, %(service)s, l.office_number,
       row_number() OVER (PARTITION BY l.office_number ORDER BY l.name COLLATE "C", l.source_row),
       l.name, l.search_name, l.kana, l.address, p.id, u.id,
       l.latitude, l.longitude, l.capacity, l.corporation, l.url, %(as_of)s, NULL, %(source)s, l.source_row
FROM listed l
JOIN unnest(%(prefecture_codes)s::text[], %(prefecture_ids)s::bigint[]) AS p (code, id) ON p.code = l.prefecture_code
LEFT JOIN unnest(%(unit_codes)s::text[], %(unit_ids)s::bigint[]) AS u (code, id) ON u.code = l.unit_code
ON CONFLICT (service_code, office_number, part) DO UPDATE SET
  service = excluded.service, name = excluded.name, search_name = excluded.search_name, kana = excluded.kana,
  address = excluded.address, prefecture_id = excluded.prefecture_id, unit_id = excluded.unit_id,
  latitude = excluded.latitude, longitude = excluded.longitude, capacity = excluded.capacity,
  corporation = excluded.corporation, url = excluded.url,
  listed_to = NULL, source_id = excluded.source_id, source_row = excluded.source_row
RETURNING (xmax = 0)
""",
    end="""
UPDATE institutions_careservice c SET listed_to = GREATEST(%(as_of)s::date, c.listed_from + 1)
FROM (SELECT DISTINCT prefecture_code FROM listed) l
JOIN unnest(%(prefecture_codes)s::text[], %(prefecture_ids)s::bigint[]) AS p (code, id) ON p.code = l.prefecture_code
WHERE c.prefecture_id = p.id AND c.service_code = %(service_code)s AND c.listed_to IS NULL AND c.source_id <> %(source)s
""",
)


@transaction.atomic
def store_care_services(
    services: Iterable[tuple[CareService, str]],
    *,
    service: tuple[str, str],
    as_of: dt.date,
    finder: UnitFinder,
    source: SourceFile,
) -> dict[str, int]:
    """Bring the offices of one service (code, name) to the state of the edition; each comes with its unit's code.

    The caller makes sure that no newer edition is stored. Raises `FileRefused` if a line cannot be read.
    """
    values = {"source": source.pk, "service_code": service[0], "service": service[1]}
    added, ended = bring_up_to_date(_REGISTER, _rows(services), finder=finder, as_of=as_of, values=values)
    follow_registers()
    counts = {"新しく載った事業所": added, "載らなくなった事業所": ended}
    return {name: count for name, count in counts.items() if count}


def _rows(services: Iterable[tuple[CareService, str]]) -> Iterator[tuple[object, ...]]:
    for one, unit_code in services:
        yield (
            one.office_number,
            one.name,
            search_name(one.name),
            one.kana,
            one.address,
            one.municipality_code[:2],
            unit_code or None,
            one.latitude,
            one.longitude,
            one.capacity,
            one.corporation,
            one.url,
            one.row,
        )
