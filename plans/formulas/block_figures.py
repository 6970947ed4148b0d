"""Figures that are published for groups of units only (cities, areas of a scheme), put into a draft where they fit.

An area of a draft that holds a block as a whole may use its published figure; a block that the draft cuts through gives
a figure to neither side. Only published, protected figures are added, so no sum tells more than its parts do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.draft import DraftInputs
from indicators.formulas.figures import Figures, Gap


@dataclass(frozen=True, slots=True, eq=False)
class BlockFigures:
    """Rows of the inputs that are published for these blocks: `figures` is rows × blocks, `units` their members.

    `usable` (rows × blocks): the block stands for units that have no figure of their own.
    """

    rows: NDArray[np.intp]
    units: tuple[NDArray[np.intp], ...]
    figures: Figures
    usable: NDArray[np.bool_]


def fill(inputs: DraftInputs, blocks: Sequence[BlockFigures], *, area_of_unit: NDArray[np.int64]) -> DraftInputs:
    """The inputs with every block that lies in one area on its first unit, and nothing on its others."""
    if not blocks:
        return inputs
    value, flags = inputs.figures.value.copy(), inputs.figures.flags.copy()
    for one in blocks:
        for number, units in enumerate(one.units):
            rows = one.rows[one.usable[:, number]]
            members = np.ix_(rows, units)
            if len(np.unique(area_of_unit[units])) == 1:
                value[members], flags[members] = 0.0, 0
                value[rows, units[0]] = one.figures.value[one.usable[:, number], number]
                flags[rows, units[0]] = one.figures.flags[one.usable[:, number], number]
            else:
                flags[members] = np.uint16(Gap.NOT_COVERED)
    return DraftInputs(inputs.row_of, Figures(value, flags))
