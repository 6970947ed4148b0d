"""Which population stands for which year (docs/decisions/0021)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from indicators.formulas.figures import Figures


@dataclass(frozen=True, slots=True)
class PopulationYear:
    """The population that stands for a year: one column, or a point on the line between two."""

    basis: str
    earlier: int
    later: int
    share: float
    note: str


def population_year(year: int, *, registers: Collection[int], projections: Collection[int]) -> PopulationYear | None:
    """What stands for `year`, or None.

    The residents register (1 January) of the same year, else of the next (1 January lies in the fiscal year that began
    in the April before); else the projection (1 October) of the year, or linearly between the two around it; the year
    before the first takes the first (2019 takes 2020, the census the projection starts from).
    """
    for register in (year, year + 1):
        if register in registers:
            return PopulationYear(
                "resident_register", register, register, 0.0, f"住民基本台帳人口（{register}年1月1日）"
            )
    if year in projections:
        return PopulationYear("projection", year, year, 0.0, f"社人研 地域別将来推計人口（{year}年10月1日）")
    before, after = (
        max((y for y in projections if y < year), default=None),
        min((y for y in projections if y > year), default=None),
    )
    if after is None:
        return None
    if before is None:
        if after - year > 1:
            return None
        return PopulationYear(
            "projection", after, after, 0.0, f"社人研 地域別将来推計人口（{after}年10月1日の値で代用）"
        )
    share = (year - before) / (after - before)
    note = f"社人研 地域別将来推計人口（{before}年と{after}年の間を直線で補間）"
    return PopulationYear("projection", before, after, share, note)


def between(earlier: Figures, later: Figures, *, share: float) -> Figures:
    """The point at `share` of the way from `earlier` (0) to `later` (1)."""
    if share == 0:
        return earlier
    flags = earlier.flags | later.flags
    return Figures(np.asarray(earlier.value + (later.value - earlier.value) * share), flags)
