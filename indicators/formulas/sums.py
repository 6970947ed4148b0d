"""Adding figures up: items of one region, and regions of one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import Figures, Gap

_NOT_APPLICABLE = np.uint16(Gap.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of positions, none empty: group g holds `order[starts[g] : starts[g + 1]]`."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts)


def make_groups(members: Sequence[NDArray[np.intp]]) -> Groups:
    """Groups from the positions of each. Raises ValueError for an empty group: its sum would pass for zero."""
    sizes = np.array([len(positions) for positions in members], dtype=np.intp)
    if (sizes == 0).any():
        raise ValueError("a group without members has no sum")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp) if len(sizes) else np.zeros(0, np.intp)
    order = np.concatenate(members).astype(np.intp) if len(sizes) else np.zeros(0, np.intp)
    return Groups(order, starts)


def roll_up(parts: Figures, groups: Groups) -> Figures:
    """The sum of each group along the last axis; a sum has a number only if every applicable part has one.

    Parts that are not applicable are left out; where all are, so is the sum.
    """
    if len(groups) == 0:
        return Figures.absent((*parts.value.shape[:-1], 0))
    ordered = parts.take(groups.order)
    number = np.add.reduceat(_or_zero(ordered.value), groups.starts, axis=-1)
    some = np.bitwise_or.reduceat(ordered.flags, groups.starts, axis=-1)
    if not (some & _NOT_APPLICABLE).any():
        return _settle(number, some)
    every = np.bitwise_and.reduceat(ordered.flags, groups.starts, axis=-1)
    return _settle(number, (some & ~_NOT_APPLICABLE) | (every & _NOT_APPLICABLE))


def total(items: Sequence[Figures]) -> Figures:
    """The sum of several items of the same regions, by the same rule as `roll_up`."""
    if len(items) == 1:
        return items[0]
    number = np.zeros(items[0].value.shape)
    some = np.zeros(items[0].flags.shape, np.uint16)
    every = np.full(items[0].flags.shape, 0xFFFF, np.uint16)
    for item in items:
        number += _or_zero(item.value)
        some |= item.flags
        every &= item.flags
    return _settle(number, (some & ~_NOT_APPLICABLE) | (every & _NOT_APPLICABLE))


def _settle(number: NDArray[np.float64], flags: NDArray[np.uint16]) -> Figures:
    """The number only where the flags allow one."""
    figures = Figures(number, flags)
    return Figures(np.where(figures.has_number, number, np.nan), flags)


def _or_zero(number: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero for no number; `nan_to_num`, which looks for infinities too, takes three times as long."""
    return np.where(np.isnan(number), 0.0, number)
