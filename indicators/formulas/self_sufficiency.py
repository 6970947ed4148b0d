"""自己完結率: the share of residents' care that is given inside the region they live in, from flows between units.

It cannot be added up from the rates or counts of municipalities: a resident treated in the next municipality is
outside the municipality and inside the area. So it is worked out from the flows themselves (residence × place of
treatment), for every region and every scheme at once. No national source with such flows is public; 指標 X_P03 says
which file would fill it (KDBの住所地と医療機関所在地の組合せの集計).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import Figures, Gap
from indicators.formulas.methods import proportion
from indicators.formulas.sums import Groups, roll_up


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Residents of unit `home` treated in unit `place` (−1: outside all units, or not known), with their number.

    Each pair is there once. `figures` may hold hidden flows: every sum with one of them has no number.
    """

    home: NDArray[np.intp]
    place: NDArray[np.intp]
    figures: Figures


def self_sufficiency(flows: Flows, regions: Groups, *, units: int, multiplier: float = 100) -> Figures:
    """Treated inside ÷ all treated residents × multiplier, for every group of units.

    A group in which a unit reports nothing has no value: its residents would pass for untreated.
    """
    starts = [int(start) for start in regions.starts]
    found = [
        _of_one(flows, regions.order[start:end], units=units)
        for start, end in zip(starts, [*starts[1:], len(regions.order)], strict=True)
    ]
    inside, everybody = (_stacked([pair[number] for pair in found]) for number in (0, 1))
    return proportion(inside, everybody, multiplier=multiplier)


def _of_one(flows: Flows, members: NDArray[np.intp], *, units: int) -> tuple[Figures, Figures]:
    belongs = np.zeros(units + 1, dtype=np.bool_)  # the last place is that of −1, which belongs to no region
    belongs[members] = True
    residents = np.flatnonzero(belongs[flows.home])
    stay = residents[belongs[flows.place[residents]]]
    unreported = np.setdiff1d(members, flows.home[residents]).size > 0
    return _sum(flows.figures, stay, is_gap=unreported), _sum(flows.figures, residents, is_gap=unreported)


def _sum(figures: Figures, rows: NDArray[np.intp], *, is_gap: bool) -> Figures:
    if is_gap:
        return Figures(np.array([np.nan]), np.array([Gap.NO_SOURCE], np.uint16))
    if not rows.size:
        return Figures.known([0.0])
    return roll_up(figures, Groups(rows, np.zeros(1, np.intp)))


def _stacked(parts: list[Figures]) -> Figures:
    return Figures(np.concatenate([part.value for part in parts]), np.concatenate([part.flags for part in parts]))
