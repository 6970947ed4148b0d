"""What stays the same for every draft of a prefecture: its units, cities, borders, and shapes on the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from plans.parsers.area_csv import Place
from regions.models import Region
from regions.queries.caching import remembered
from regions.queries.neighbours import get_drawn_units, get_neighbours
from regions.queries.regions import get_base_units, get_regions
from regions.results import UnitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A designated city and its wards."""

    code: str
    name: str
    wards: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`units` by code; `cities` by the code of each of their wards; `neighbours` by land; `drawn`: units by shape."""

    units: tuple[UnitRow, ...]
    cities: Mapping[str, City]
    neighbours: Mapping[str, frozenset[str]]
    drawn: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> dict[str, str]:
        """Names of units and of designated cities by code."""
        return {place.code: place.name for place in self.places}

    @property
    def places(self) -> tuple[Place, ...]:
        """Units, and designated cities that stand for all their wards."""
        cities = {city.code: city for city in self.cities.values()}
        return (
            *(Place(code=unit.code, name=unit.name, units=(unit.code,)) for unit in self.units),
            *(Place(code=city.code, name=city.name, units=city.wards) for city in cities.values()),
        )


@remembered
def get_frame(prefecture_code: str, *, on: dt.date) -> Frame:
    """The frame of a prefecture on a day."""
    units = tuple(unit for unit in get_base_units(on) if unit.prefecture_code == prefecture_code)
    known = {
        region.id: region for region in get_regions(Region.Kind.MUNICIPALITY, on=on, prefecture_code=prefecture_code)
    }
    wards: dict[int, list[str]] = {}
    for unit in units:
        if unit.city_id is not None:
            wards.setdefault(unit.city_id, []).append(unit.code)
    cities = [City(code=known[pk].code, name=known[pk].name, wards=tuple(codes)) for pk, codes in wards.items()]
    return Frame(
        units=units,
        cities={ward: city for city in cities for ward in city.wards},
        neighbours=get_neighbours(on=on, prefecture_code=prefecture_code),
        drawn=get_drawn_units(units, prefecture_code=prefecture_code),
    )
