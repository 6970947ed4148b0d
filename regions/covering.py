"""Adding parts up to areas: only if the parts cover the area exactly. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def cover_sums(
    values: NDArray[np.float64],
    groups: NDArray[np.int64],
    group_count: int,
    blocks: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]] = (),
) -> NDArray[np.float64]:
    """Sums of `values` (units, …) by group (0 … `group_count` − 1; −1 belongs to none); shape (groups, …).

    NaN means that nothing is published for the unit, and so for every group it lies in — unless it is one of a block of
    units (their positions, and the value published for all of them together) that lies in the group as a whole: the
    block's value then takes the place of its units. Blocks do not share units. A group without units is NaN.
    """
    filled = values.copy()
    for units, value in blocks:
        if len(set(groups[units].tolist())) != 1:
            continue  # the block is split between groups: its value belongs to neither
        usable = np.isnan(values[units]).any(axis=0) & ~np.isnan(value)
        for rank, unit in enumerate(units):
            filled[unit] = np.where(usable, value if rank == 0 else 0.0, values[unit])
    sums = np.zeros((group_count, *values.shape[1:]))
    inside = groups >= 0
    np.add.at(sums, groups[inside], filled[inside])
    empty = np.bincount(groups[inside], minlength=group_count) == 0
    sums[empty] = np.nan
    return sums
