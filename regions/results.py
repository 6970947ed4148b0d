"""What the queries of this app give back. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOTAL, CHILDREN, AGED_65, AGED_75, AGED_85 = "total", "0_14", "65plus", "75plus", "85plus"
AGES = (TOTAL, CHILDREN, AGED_65, AGED_75, AGED_85)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionInfo:
    """One region as pages show it. `scheme_key` is empty unless it is an area."""

    id: int
    kind: str
    code: str
    name: str
    name_kana: str
    parent_id: int | None
    scheme_key: str
    is_base_unit: bool
    is_designated_city: bool
    is_out_of_scope: bool
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A base unit: a municipality, or a ward of a designated city.

    `municipality_id` is the unit itself or the ward's city; `city_id` is the designated city of a ward, else None.
    `district` is the 郡 written in addresses.
    """

    id: int
    code: str
    name: str
    name_kana: str
    district: str
    city_id: int | None
    municipality_id: int
    prefecture_id: int
    prefecture_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeInfo:
    """A dated partition of the country into areas."""

    id: int
    key: str
    kind: str
    name: str
    note: str
    effective_from: dt.date
    effective_to: dt.date | None
    to_be_confirmed: bool
    area_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeMembership:
    """The areas of a scheme in the order of their codes, and the area each base unit lies in."""

    scheme: SchemeInfo
    areas: tuple[RegionInfo, ...]
    area_of: Mapping[int, int]

    def areas_of(self, unit_ids: Iterable[int]) -> NDArray[np.int64]:
        """Area of each unit, −1 for a unit in none; shape (units,)."""
        return np.array([self.area_of.get(unit, -1) for unit in unit_ids], dtype=np.int64)

    def units_of(self, area_id: int) -> tuple[int, ...]:
        """Base units of an area."""
        return tuple(unit for unit, area in self.area_of.items() if area == area_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Base units for which a source may publish one figure only: the wards of a city, or 福島県浜通り地域."""

    region_id: int
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PopulationMatrix:
    """Persons of every base unit, designated city, prefecture, the nation and every block, by year and age group.

    `values` has the shape (regions, years, ages); NaN where the source publishes nothing. The nation is the sum of the
    prefectures where the source does not print it.
    """

    basis: str
    region_ids: NDArray[np.int64]
    years: tuple[int, ...]
    ages: tuple[str, ...]
    values: NDArray[np.float64]
    blocks: tuple[Block, ...]

    def of(self, region_ids: Iterable[int], *, year: int, age: str) -> NDArray[np.float64]:
        """Persons of the given regions in one year and age group; NaN where unknown; shape (regions,)."""
        position = {int(region): i for i, region in enumerate(self.region_ids)}
        if year not in self.years or age not in self.ages:
            return np.full(len(list(region_ids)), np.nan)
        column = self.values[:, self.years.index(year), self.ages.index(age)]
        return np.array([column[position[r]] if r in position else np.nan for r in region_ids], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgePyramidRow:
    """Residents of one age class; `age_to` is None for "and over"."""

    age_from: int
    age_to: int | None
    male: int
    female: int
    both: int
