"""Which base units border on each other, from the stored boundaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from regions import geography
from regions.geometry.adjacency import adjacency
from regions.queries.regions import get_base_units, get_region_by_id
from regions.results import UnitRow


def get_neighbours(*, on: dt.date, prefecture_code: str) -> Mapping[str, frozenset[str]]:
    """The neighbours by land of each base unit of a prefecture, within it, by code.

    Wards whose new borders are not in the boundaries (浜松市) border on each other and on all neighbours of their city.
    A unit without a boundary has no neighbour.
    """
    units = [unit for unit in get_base_units(on) if unit.prefecture_code == prefecture_code]
    drawn = get_drawn_units(units, prefecture_code=prefecture_code)
    shapes = _adjacency(settings.BASE_DIR / "fixtures", prefecture_code)
    found = {unit.code: set[str]() for unit in units}
    for shape, members in drawn.items():
        beside = {unit for other in shapes.get(shape, ()) for unit in drawn.get(other, ())}
        for unit in members:
            found[unit] |= beside | (set(members) - {unit})
    return {unit: frozenset(others) for unit, others in found.items()}


def get_drawn_units(units: Sequence[UnitRow], *, prefecture_code: str) -> Mapping[str, tuple[str, ...]]:
    """The base units that each shape of the prefecture's map stands for: itself, or the wards of a city drawn whole."""
    shapes = _adjacency(settings.BASE_DIR / "fixtures", prefecture_code)
    city_codes = {unit.code: get_region_by_id(unit.city_id).code for unit in units if unit.city_id is not None}
    found: dict[str, list[str]] = {}
    for unit in units:
        shape = unit.code if unit.code in shapes else city_codes.get(unit.code, "")
        if shape in shapes:
            found.setdefault(shape, []).append(unit.code)
    return {shape: tuple(members) for shape, members in found.items()}


@lru_cache(maxsize=47)
def _adjacency(folder: Path, prefecture_code: str) -> Mapping[str, frozenset[str]]:
    topology = geography.read_topology(folder / "geo" / "prefectures" / f"{prefecture_code}.json")
    return adjacency(topology, geography.UNIT)
