"""Births and deaths of the residents' register as observations."""

from __future__ import annotations

from indicators.actions.observations import edition_of, store_observations
from indicators.parsers.observations import NATION, OBSERVED, Place, PublishedItem, TableBuilder
from regions.models import Region
from regions.parsers.population_movement import MovementTable
from zaitaku.sources.models import SourceFile

BIRTHS = PublishedItem(code="vital.births", name="出生者数（住民基本台帳）", unit="人", basis="resident")
DEATHS = PublishedItem(code="vital.deaths", name="死亡者数（住民基本台帳）", unit="人", basis="resident")


def store_movement(table: MovementTable, *, source: SourceFile) -> dict[str, int]:
    """Store births and deaths of a calendar year for the nation, prefectures, municipalities and wards."""
    wards = set(Region.objects.filter(kind=Region.Kind.WARD).values_list("code", flat=True))
    builder = TableBuilder()
    for row in table.rows:
        place = _place(row.code, wards)
        for item, value, column in (
            (BIRTHS, row.births, table.births_column),
            (DEATHS, row.deaths, table.deaths_column),
        ):
            builder.add(item, place, year=table.year, value=value, status=OBSERVED, at=(0, row.row, column))
    return store_observations(builder.build(edition_of(source)), source=source)


def _place(code: str, wards: set[str]) -> Place:
    if code == NATION.code:
        return NATION
    if len(code) == 2:
        return Place(kind="prefecture", code=code)
    return Place(kind="ward" if code in wards else "municipality", code=code)
