"""Storing a scheme of areas with its members."""

from __future__ import annotations

from django.db import transaction

from regions.models import AreaMembership, AreaScheme, Region
from regions.queries.caching import forget_after_commit
from regions.tables import SchemeTable
from zaitaku.sources.models import SourceFile


@transaction.atomic
def store_scheme(table: SchemeTable, *, source: SourceFile) -> dict[str, int]:
    """Create or amend a scheme, its areas and the area of each base unit. Returns counts of areas and members."""
    definition = table.definition
    scheme, _created = AreaScheme.objects.update_or_create(
        key=definition.key,
        defaults={
            "kind": definition.kind,
            "name": definition.name,
            "note": definition.note,
            "effective_from": definition.effective_from,
            "effective_to": definition.effective_to,
            "to_be_confirmed": definition.to_be_confirmed,
            "source": source,
        },
    )
    areas = _store_areas(scheme, table)
    units = _unit_ids()
    memberships = [
        AreaMembership(scheme=scheme, area=areas[area.code], unit_id=units[unit])
        for area in table.areas
        for unit in area.unit_codes
    ]
    AreaMembership.objects.bulk_create(
        memberships, update_conflicts=True, unique_fields=["scheme", "unit"], update_fields=["area"]
    )
    forget_after_commit()
    return {"areas": len(areas), "memberships": len(memberships)}


def _store_areas(scheme: AreaScheme, table: SchemeTable) -> dict[str, Region]:
    """The areas of the scheme by code, created or amended."""
    prefectures = dict(Region.objects.filter(kind=Region.Kind.PREFECTURE).values_list("code", "pk"))
    areas = {region.code: region for region in Region.objects.filter(scheme=scheme)}
    created, changed = [], []
    for row in table.areas:
        region = areas.get(row.code)
        if region is None:
            region = Region(kind=Region.Kind.AREA, scheme=scheme, code=row.code)
            created.append(region)
        elif (region.name, region.parent_id) != (row.name, prefectures[row.prefecture_code]):
            changed.append(region)
        region.name, region.parent_id = row.name, prefectures[row.prefecture_code]
        areas[row.code] = region
    Region.objects.bulk_create(created)
    Region.objects.bulk_update(changed, ["name", "parent"])
    return {row.code: areas[row.code] for row in table.areas}


def _unit_ids() -> dict[str, int]:
    """Base units that still exist, by code."""
    return dict(Region.objects.base_units().filter(valid_to=None).values_list("code", "pk"))
