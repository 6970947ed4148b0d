"""How published counts of one item add up over regions: every way in which a reader could take one from another.

Used by disclosure control, which must know each sum that the public can form: base units to cities, areas of every
scheme, prefectures and the nation, whether we add them up ourselves or a source publishes the total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import HIDDEN, Figures
from indicators.formulas.structure import Blocks, Structure

Index = NDArray[np.intp]
_NONE, _WITHIN = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """The count of the region in row `total` is that of the rows `parts`; not `complete`: some part is unknown."""

    total: int
    parts: Index
    complete: bool = True


def sums_over_regions(published: Figures, figures: Figures, structure: Structure) -> list[Sum]:
    """Every sum among the regions that have a count, shown or hidden.

    `published` are the counts as sources give them, `figures` the same after roll-up. The parts of a region are its
    base units; where a source publishes cities or areas instead of units, those stand for their units. Prefectures
    make the nation. A region that is added up from itself alone is left out.
    """
    carrier, whole = _carriers(published, structure)
    return [
        *_sums_of_targets(figures, structure, carrier, whole),
        *_sum_of_nation(figures, structure),
    ]


def has_count(figures: Figures) -> NDArray[np.bool_]:
    """Where there is a count, shown or hidden by its publisher."""
    return np.asarray(figures.has_number | ((figures.flags & HIDDEN) != 0))


def _carriers(published: Figures, structure: Structure) -> tuple[Index, NDArray[np.bool_]]:
    """The row that carries each unit's count, and which targets no carrier cuts through.

    The count of a block stands at its first unit; its other units lie within it.
    """
    known = has_count(published)
    carrier = np.where(known[structure.units], np.arange(structure.units.start, structure.units.stop), _NONE)
    carrier = carrier.astype(np.intp)
    whole = np.ones(len(structure.members), dtype=np.bool_)
    for blocks in structure.blocks:
        if _carry_blocks(carrier, blocks, known):
            whole &= ~blocks.splits
    return carrier, whole


def _carry_blocks(carrier: Index, blocks: Blocks, known: NDArray[np.bool_]) -> bool:
    """Put blocks whose units all have no count on their first unit. Returns whether there was any."""
    order, starts = blocks.units.order, blocks.units.starts
    use = np.logical_and.reduceat(carrier[order] == _NONE, starts) & known[blocks.rows]
    if not use.any():
        return False
    members = order[np.repeat(use, np.diff(np.append(starts, len(order))))]
    carrier[members] = _WITHIN
    carrier[order[starts[use]]] = blocks.rows[use]
    return True


def _sums_of_targets(figures: Figures, structure: Structure, carrier: Index, whole: NDArray[np.bool_]) -> Iterator[Sum]:
    known = has_count(figures)
    starts = np.append(structure.members.starts, len(structure.members.order))
    for number, row in enumerate(structure.targets.tolist()):
        if not known[row] or not whole[number]:
            continue
        held = carrier[structure.members.order[starts[number] : starts[number + 1]]]
        parts = np.unique(held[held >= 0])
        if len(parts) and not (len(parts) == 1 and parts[0] == row):
            yield Sum(row, parts[parts != row], complete=bool((held != _NONE).all()))


def _sum_of_nation(figures: Figures, structure: Structure) -> Iterator[Sum]:
    known = has_count(figures)
    prefectures = np.arange(structure.prefectures.start, structure.prefectures.stop)
    parts = prefectures[known[prefectures]]
    if known[0] and len(parts):
        yield Sum(0, parts, complete=len(parts) == len(prefectures))
