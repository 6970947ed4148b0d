"""Tables whose cells add up to one another: all published levels, categories and area schemes as one linear system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from zaitaku.lib.statistics.intervals import Floats

TOTAL = "計"


class Cell(IntEnum):
    """What happens to a cell when the table is published."""

    SHOWN = 0
    PRIMARY = 1
    SECONDARY = 2
    WITHHELD = 3
    """Hidden by its publisher already: we do not know it either."""


States = NDArray[np.int8]


class InconsistentTable(ValueError):
    """The figures given do not add up; `sums` names the totals concerned."""

    def __init__(self, sums: Sequence[str]) -> None:
        self.sums = tuple(sums)
        names = "、".join(self.sums[:5]) + (" など" if len(self.sums) > 5 else "")
        super().__init__(f"合計が内訳と一致しません：{names}。元の資料の数値を確かめてください。")


@dataclass(frozen=True, slots=True)
class LinkedTable:
    """Cells with their true values (NaN: withheld by the publisher) and every way in which they add up.

    `sums`: one row per known sum, +1 on the parts and −1 on the total, so that `sums @ values` is 0.
    """

    keys: tuple[str, ...]
    values: Floats
    sums: sparse.csr_array
    sum_names: tuple[str, ...]

    @classmethod
    def from_sums(cls, values: Mapping[str, float | None], sums: Iterable[tuple[str, Sequence[str]]]) -> LinkedTable:
        """A table from named cells (None: withheld by the publisher) and its sums (total, parts)."""
        place = {key: number for number, key in enumerate(values)}
        listed = list(sums)
        rows = [number for number, (_, parts) in enumerate(listed) for _ in range(len(parts) + 1)]
        columns = [place[key] for total, parts in listed for key in (*parts, total)]
        signs = [sign for _, parts in listed for sign in (*[1.0] * len(parts), -1.0)]
        matrix = sparse.csr_array((signs, (rows, columns)), shape=(len(listed), len(place)))
        return cls(
            keys=tuple(place),
            values=np.array([np.nan if value is None else float(value) for value in values.values()]),
            sums=matrix,
            sum_names=tuple(total for total, _ in listed),
        )


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What everyone knows of a hidden cell from the way it is hidden: its least and greatest possible value.

    With one mark for all hidden cells and zeros shown, every hidden cell is at least 1 and nothing more is known: the
    default. Where different marks are used, give each state its own bounds. Arrays (one value per cell) or numbers.
    """

    bounds: Mapping[Cell, tuple[ArrayLike, ArrayLike]] = field(
        default_factory=lambda: {cell: (1.0, np.inf) for cell in Cell if cell is not Cell.SHOWN}
    )

    def of(self, states: States) -> tuple[Floats, Floats]:
        """Least and greatest value of each cell in its state; a cell still shown as if it became secondary."""
        lower, upper = np.empty(states.shape), np.empty(states.shape)
        for state, (low, high) in self.bounds.items():
            chosen = (states == state) | ((states == Cell.SHOWN) & (state == Cell.SECONDARY))
            lower[chosen] = np.broadcast_to(np.asarray(low, dtype=np.float64), states.shape)[chosen]
            upper[chosen] = np.broadcast_to(np.asarray(high, dtype=np.float64), states.shape)[chosen]
        return lower, upper


@dataclass(frozen=True, slots=True)
class GeographicTable:
    """A linked table of places × categories with the coordinates of each cell.

    `level`: 0 for base units, then 1, 2 … for the groupings in the order given; `category` = number of categories is
    the total; `place`: the number of the place within its level.
    """

    table: LinkedTable
    level: NDArray[np.int64]
    place: NDArray[np.int64]
    category: NDArray[np.int64]


def geographic_table(
    counts: ArrayLike,
    *,
    units: Sequence[str],
    categories: Sequence[str],
    groupings: Mapping[str, Sequence[str]],
    nested: Mapping[str, str] | None = None,
) -> GeographicTable:
    """Every count of units × categories with the totals of all categories and of all groups of every grouping.

    `counts`: units × categories. `groupings`: name → the group's code of each unit ("" for none), such as two area
    schemes, prefectures, the nation. `nested`: finer → coarser grouping where the coarse is to be added up from the
    fine (prefectures to the nation) instead of from the units: the same information with far shorter sums.
    """
    base = np.asarray(counts, dtype=np.float64)
    across = nested or {}
    coarse = set(across.values())
    blocks, names, levels, places = [base], list(units), [np.zeros(len(units), int)], [np.arange(len(units))]
    links: list[sparse.coo_array] = []
    starts: dict[str, tuple[int, NDArray[np.int64]]] = {}
    for number, (grouping, codes) in enumerate(groupings.items(), start=1):
        labels, group = np.unique(np.asarray(codes, dtype=object).astype(str), return_inverse=True)
        keep = np.flatnonzero(labels != "")
        member = np.full(len(labels), -1)
        member[keep] = np.arange(len(keep))
        group = member[group]
        start = sum(len(block) for block in blocks)
        starts[grouping] = (start, group)
        summed = np.zeros((len(keep), base.shape[1]))
        np.add.at(summed, group[group >= 0], base[group >= 0])
        blocks.append(summed)
        names += [f"{grouping}:{labels[place]}" for place in keep]
        levels.append(np.full(len(keep), number))
        places.append(np.arange(len(keep)))
        if grouping not in coarse:
            units_in = np.flatnonzero(group >= 0)
            links.append(_membership(units_in, group[units_in], start=start, count=len(keep)))
    for fine, coarser in across.items():
        (fine_start, fine_group), (start, group) = starts[fine], starts[coarser]
        pairs = np.unique(np.column_stack((fine_group, group))[(fine_group >= 0) & (group >= 0)], axis=0)
        links.append(_membership(pairs[:, 0] + fine_start, pairs[:, 1], start=start, count=int(pairs[:, 1].max()) + 1))
    values = np.vstack(blocks)
    return _crossed(values, names, categories, links, np.concatenate(levels), np.concatenate(places))


def _membership(parts: NDArray[np.int64], groups: NDArray[np.int64], *, start: int, count: int) -> sparse.coo_array:
    """One row per group: +1 on its parts, −1 on the group itself, columns being places of all levels."""
    rows = np.concatenate((groups, np.arange(count)))
    columns = np.concatenate((parts, start + np.arange(count)))
    signs = np.concatenate((np.ones(len(parts)), -np.ones(count)))
    return sparse.coo_array((signs, (rows, columns)), shape=(count, int(columns.max()) + 1))


def _crossed(
    values: Floats,
    names: list[str],
    categories: Sequence[str],
    links: list[sparse.coo_array],
    level: NDArray[np.int64],
    place: NDArray[np.int64],
) -> GeographicTable:
    """Cells place × (categories + total), numbered place by place, with the sums along both directions."""
    width, count = len(categories) + 1, len(names)
    totals = np.column_stack((values, values.sum(axis=1)))
    along = sparse.csr_array(np.array([[1.0] * len(categories) + [-1.0]]))
    matrices = [sparse.kron(sparse.eye_array(count), along)]
    labels = [f"{name}|{TOTAL}" for name in names]
    for link in links:
        wide = sparse.coo_array((link.data, (link.row, link.col)), shape=(link.shape[0], count))
        matrices.append(sparse.kron(wide, sparse.eye_array(width)))
        own = wide.col[wide.data < 0][np.argsort(wide.row[wide.data < 0])]
        labels += [f"{names[group]}|{category}" for group in own for category in (*categories, TOTAL)]
    table = LinkedTable(
        keys=tuple(f"{name}|{category}" for name in names for category in (*categories, TOTAL)),
        values=totals.ravel(),
        sums=sparse.csr_array(sparse.vstack(matrices)),
        sum_names=tuple(labels),
    )
    return GeographicTable(
        table=table,
        level=np.repeat(level, width),
        place=np.repeat(place, width),
        category=np.tile(np.arange(width), count),
    )
