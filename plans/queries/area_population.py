"""Residents of the areas of a draft, now and projected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from regions.covering import cover_sums
from regions.models import Population
from regions.queries.population import get_population_matrix
from regions.results import AGED_65, AGED_75, AGED_85, TOTAL, PopulationMatrix, UnitRow

FIRST_YEAR, LAST_YEAR = 2025, 2050
Floats = NDArray[np.float64]
# (key, basis, year, age); a year of None is the newest of the basis.
_COLUMNS = (
    ("total", Population.Basis.RESIDENT_REGISTER, None, TOTAL),
    ("aged65", Population.Basis.RESIDENT_REGISTER, None, AGED_65),
    ("aged75", Population.Basis.RESIDENT_REGISTER, None, AGED_75),
    ("aged85", Population.Basis.RESIDENT_REGISTER, None, AGED_85),
    ("aged65_first", Population.Basis.PROJECTION, FIRST_YEAR, AGED_65),
    ("aged65_last", Population.Basis.PROJECTION, LAST_YEAR, AGED_65),
    ("aged75_first", Population.Basis.PROJECTION, FIRST_YEAR, AGED_75),
    ("aged75_last", Population.Basis.PROJECTION, LAST_YEAR, AGED_75),
)
KEYS = tuple(column[0] for column in _COLUMNS)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Persons by unit and column of `KEYS`, and the figures of groups of units that have none of their own."""

    units: Floats
    blocks: tuple[tuple[NDArray[np.int64], Floats], ...]
    register_year: int | None

    def by_area(self, area_of_unit: NDArray[np.int64], areas: int) -> dict[str, Floats]:
        """Persons of every area; NaN where a part of it is not published."""
        sums = cover_sums(self.units, area_of_unit, areas, self.blocks)
        return {key: sums[:, number] for number, key in enumerate(KEYS)}

    def by_unit(self, key: str, units: Sequence[UnitRow]) -> dict[str, float]:
        """Persons of the units that have a figure of their own, by code."""
        column = self.units[:, KEYS.index(key)]
        return {unit.code: float(count) for unit, count in zip(units, column, strict=True) if not np.isnan(count)}


def get_people(units: Sequence[UnitRow], *, version: str) -> People:
    """The residents of the units; kept in this process as long as the data are the same."""
    return _people(tuple(units), version)


@lru_cache(maxsize=64)
def _people(units: tuple[UnitRow, ...], version: str) -> People:  # noqa: ARG001 - part of the key
    matrices = {basis: get_population_matrix(basis) for basis in {column[1] for column in _COLUMNS}}
    ids = [unit.id for unit in units]
    at = {unit.id: number for number, unit in enumerate(units)}
    register = matrices[Population.Basis.RESIDENT_REGISTER]
    blocks = [block for block in register.blocks if all(unit in at for unit in block.unit_ids)]
    stand_in = _table(matrices, [block.region_id for block in blocks])
    return People(
        units=_table(matrices, ids),
        blocks=tuple(
            (np.array([at[unit] for unit in block.unit_ids], dtype=np.int64), stand_in[number])
            for number, block in enumerate(blocks)
        ),
        register_year=max(register.years, default=None),
    )


def _table(matrices: dict[Population.Basis, PopulationMatrix], ids: Sequence[int]) -> Floats:
    columns = []
    for _key, basis, year, age in _COLUMNS:
        matrix = matrices[basis]
        wanted = year if year is not None else max(matrix.years, default=0)
        columns.append(matrix.of(ids, year=wanted, age=age))
    return np.stack(columns, axis=1) if len(ids) else np.zeros((0, len(_COLUMNS)))
