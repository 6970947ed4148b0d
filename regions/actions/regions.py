"""Storing the nation, prefectures, municipalities and wards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction

from regions.models import Region
from regions.queries.caching import forget_after_commit
from regions.tables import RegionRow

_FIELDS = (
    "name",
    "name_kana",
    "district",
    "parent_id",
    "is_base_unit",
    "is_designated_city",
    "is_out_of_scope",
    "valid_to",
)
_Key = tuple[str, str, dt.date | None]


@transaction.atomic
def store_regions(rows: Sequence[RegionRow]) -> dict[str, int]:
    """Create or amend regions; `rows` come parents first. Returns how many were created, changed and left alone.

    A region is recognised by kind, code and first day, so history is added to and never rewritten.
    """
    existing = {_key_of(region): region for region in Region.objects.filter(scheme=None)}
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for _kind, of_kind in groupby(rows, key=lambda row: row.kind):
        parents = {region.code: region.pk for region in _by_first_day(existing.values())}
        created, changed = [], []
        for row in of_kind:
            region = existing.get((row.kind, row.code, row.valid_from))
            if region is None:
                created.append(_fill(Region(kind=row.kind, code=row.code, valid_from=row.valid_from), row, parents))
            elif _differs(region, row, parents):
                changed.append(_fill(region, row, parents))
            else:
                counts["unchanged"] += 1
        Region.objects.bulk_create(created)
        if changed:
            Region.objects.bulk_update(changed, [field.removesuffix("_id") for field in _FIELDS])
        existing |= {_key_of(region): region for region in created}
        counts["created"] += len(created)
        counts["changed"] += len(changed)
    forget_after_commit()
    return counts


def _key_of(region: Region) -> _Key:
    return region.kind, region.code, region.valid_from


def _by_first_day(regions: Iterable[Region]) -> list[Region]:
    """Oldest first, so that a later region of the same code wins in a mapping by code."""
    return sorted(regions, key=lambda region: region.valid_from or dt.date.min)


def _values(row: RegionRow, parents: dict[str, int]) -> dict[str, object]:
    own = {field: getattr(row, field) for field in _FIELDS if field != "parent_id"}
    return own | {"parent_id": parents[row.parent_code] if row.parent_code else None}


def _differs(region: Region, row: RegionRow, parents: dict[str, int]) -> bool:
    return any(getattr(region, field) != value for field, value in _values(row, parents).items())


def _fill(region: Region, row: RegionRow, parents: dict[str, int]) -> Region:
    for field, value in _values(row, parents).items():
        setattr(region, field, value)
    return region
