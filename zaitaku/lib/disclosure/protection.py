"""Complementary suppression: what else must be hidden so that no hidden cell can be worked out.

A hidden cell is safe when the public figures allow a second whole-number table in which it differs. Such a table is
the true one plus a *shift*: whole numbers y with `sums @ y = 0`, nothing outside the bounds that hiding gives away,
y ≠ 0 in the cell. Every shown cell the shift touches has to be hidden too, and is then safe by the same shift. So for
each cell not yet safe the cheapest shift is found by a linear programme (Kelly, Golden & Assad 1992; Fischetti &
Salazar 2000 solve the same programme exactly), and because hiding more never narrows what an attacker must consider
possible, one pass over the cells is enough. The programme is solved in the independent block a cell lies in: one area
while the totals of areas stay shown, one prefecture while those of prefectures do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from zaitaku.lib.disclosure.attack import WHOLE, Publication, Reach, components, explore, open_region
from zaitaku.lib.disclosure.programmes import minimise
from zaitaku.lib.disclosure.tables import Cell, InconsistentTable, Knowledge, LinkedTable, States
from zaitaku.lib.statistics.intervals import Floats

NEVER = 1_000_000
"""The reluctance of a cell that is shown whatever happens."""

REWARD = 10_000.0
"""What moving a target is worth: more than the price of any sensible shift."""

ALREADY_HIDDEN = 0.01
"""The price of touching a cell that is hidden anyway: small, so that shifts stay short."""


class Unprotectable(Exception):
    """No hiding of other cells protects those in `keys`: the table needs fewer totals or coarser categories."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        names = "、".join(f"「{key}」" for key in self.keys[:10])
        super().__init__(
            f"{names}は、ほかのセルを秘匿しても合計から分かってしまいます。合計を公表しないか、区分をまとめてください。"
        )


@dataclass(frozen=True, slots=True)
class Protected:
    """A table ready for publication: the state of every cell, and how many programmes it took."""

    table: LinkedTable
    states: States
    knowledge: Knowledge
    programmes: int

    @property
    def publication(self) -> Publication:
        return Publication.of(self.table, self.states, knowledge=self.knowledge)

    def count(self, state: Cell) -> int:
        return int((self.states == state).sum())


@dataclass(slots=True)
class _Work:
    """The state of one run. `base`: a complete whole-number table (withheld cells filled in consistently)."""

    table: LinkedTable
    base: Floats
    states: States
    price: Floats
    down: Floats
    up: Floats
    required: Floats
    safe: NDArray[np.bool_]
    programmes: int = 0


def protect(
    table: LinkedTable,
    primary: NDArray[np.bool_],
    *,
    knowledge: Knowledge | None = None,
    price: ArrayLike | None = None,
    reluctance: ArrayLike = 0,
    width: int = 1,
) -> Protected:
    """Hide what must be hidden besides `primary` so that every hidden cell keeps at least `width` + 1 values.

    `price` of hiding a cell (default: 1 + log(1 + value), so that little information is lost). `reluctance` holds
    cells back in stages: those at 0 are tried first, those at 1 only where that does not help, and so on; `NEVER` is
    not touched at all. Besides keeping totals visible this keeps the blocks small. Withheld cells (NaN) are hidden from
    the start. `width` is required of primary and withheld cells; secondary ones only must not be pinned down.
    Raises `Unprotectable`, naming the cells, where no choice helps. Deterministic.
    """
    known = knowledge or Knowledge()
    states = np.where(np.isnan(table.values), Cell.WITHHELD, np.where(primary, Cell.PRIMARY, Cell.SHOWN))
    work = _begin(table, states.astype(np.int8), known, price=price, width=width)
    stage = np.broadcast_to(np.asarray(reluctance, dtype=np.int64), states.shape)
    left = [int(cell) for cell in np.flatnonzero(~work.safe)]
    for level in np.unique(stage[stage != NEVER]):
        if left:
            left = _protect_blocks(work, closed=(stage > level) & (states == Cell.SHOWN))
    if left:
        raise Unprotectable([table.keys[cell] for cell in left])
    return Protected(table=table, states=work.states, knowledge=known, programmes=work.programmes)


def _begin(table: LinkedTable, states: States, knowledge: Knowledge, *, price: ArrayLike | None, width: int) -> _Work:
    publication = Publication.of(table, states, knowledge=knowledge)
    region = open_region(publication)
    base = table.values.copy()
    if np.isnan(base).any():
        completed = minimise(
            np.zeros(len(region.cells)), region.matrix, region.rhs, region.lower, region.upper, whole=True
        )
        if completed is None:
            raise InconsistentTable(region.names_of(np.arange(len(region.rows))))
        base[region.cells] = np.round(completed)
    lower, upper = knowledge.of(states)
    value = np.log1p(np.maximum(base, 0)) + 1 if price is None else np.asarray(price, dtype=np.float64)
    required = np.where((states == Cell.SHOWN) | (states == Cell.SECONDARY), 1.0, float(width))
    work = _Work(
        table=table,
        base=base,
        states=states,
        price=np.where(states == Cell.SHOWN, value, ALREADY_HIDDEN),
        down=np.maximum(base - lower, -1.0),
        up=np.maximum(upper - base, -1.0),
        required=required,
        safe=states == Cell.SHOWN,
    )
    reach = Reach(base[region.cells].copy(), base[region.cells].copy())
    explore(region, reach, required=required[region.cells])
    work.safe[region.cells] = ~reach.narrower_than(required[region.cells])
    work.programmes += region.programmes
    return work


def _protect_blocks(work: _Work, *, closed: NDArray[np.bool_]) -> list[int]:
    """Make every unsafe cell safe without touching `closed` cells; returns those that could not be.

    In each round every block that still has unsafe cells gets targets, no two in the same sum, and one programme finds
    the shifts of all blocks together. Where a block's first target is not reached in whole numbers, it is solved alone.
    """
    # A shown cell outside the bounds of hidden ones (a zero, where zeros are shown) can never be hidden.
    movable = ~closed & (work.down >= 0) & (work.up >= 0) & (work.down + work.up > 0)
    movable |= work.states != Cell.SHOWN
    columns = np.flatnonzero(movable)
    matrix = sparse.csr_array(work.table.sums[:, columns])
    row_block, block = components(matrix)
    waiting = ~work.safe[columns]
    while waiting.any():
        unsafe = np.flatnonzero(waiting)
        active = np.unique(block[unsafe])
        inside, rows = np.flatnonzero(np.isin(block, active)), np.flatnonzero(np.isin(row_block, active))
        system = _Blocks(columns[inside], sparse.csr_array(matrix[rows][:, inside]), block[inside], row_block[rows])
        failed = _shift_blocks(work, system, _targets(system, np.searchsorted(inside, unsafe)))
        waiting &= ~work.safe[columns]
        waiting[inside[failed]] = False
    return [int(cell) for cell in columns[~work.safe[columns]]]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """A part of the system that falls apart into blocks: its cells, its rows, and the block each belongs to."""

    cells: NDArray[np.int64]
    matrix: sparse.csr_array
    block: NDArray[np.int64]
    row_block: NDArray[np.int64]

    def one(self, number: int) -> tuple[NDArray[np.int64], _Blocks]:
        inside, rows = np.flatnonzero(self.block == number), np.flatnonzero(self.row_block == number)
        part = sparse.csr_array(self.matrix[rows][:, inside])
        return inside, _Blocks(self.cells[inside], part, self.block[inside], self.row_block[rows])


def _targets(system: _Blocks, unsafe: NDArray[np.int64]) -> NDArray[np.int64]:
    """Unsafe cells to be moved together, in order: those that share no sum with an earlier one."""
    by_cell = sparse.csc_array(system.matrix)
    taken = np.zeros(system.matrix.shape[0], dtype=bool)
    chosen = []
    for cell in unsafe:
        rows = by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]]
        if not taken[rows].any():
            taken[rows] = True
            chosen.append(cell)
    return np.array(chosen, dtype=np.int64)


def _shift_blocks(work: _Work, system: _Blocks, targets: NDArray[np.int64]) -> list[int]:
    """Apply the cheapest shifts of the targets; returns the targets that cannot be moved at all.

    Targets that miss are left for another round, except the first of a block: it is tried alone, so that every round
    settles at least one cell of every block.
    """
    shift = _shifts_together(work, system, targets)
    whole = np.round(shift)
    broken = np.union1d(
        system.block[np.abs(shift - whole) > WHOLE], system.row_block[np.abs(system.matrix @ whole) > WHOLE]
    )
    reached = (np.abs(whole[targets]) >= work.required[system.cells[targets]]) & ~np.isin(system.block[targets], broken)
    _apply(work, system.cells, np.where(np.isin(system.block, broken), 0.0, whole))
    _, first = np.unique(system.block[targets], return_index=True)
    failed = []
    for target in targets[first[~reached[first]]]:
        inside, part = system.one(int(system.block[target]))
        alone = _shift_alone(work, part, int(np.searchsorted(inside, target)))
        if alone is None:
            failed.append(int(target))
        else:
            _apply(work, part.cells, alone)
    return failed


def _shifts_together(work: _Work, system: _Blocks, targets: NDArray[np.int64]) -> Floats:
    """The cheapest shifts of all targets at once: moving a target is rewarded instead of demanded, so that one block
    without a shift does not spoil the others."""
    count, cells = len(system.cells), system.cells
    upper = np.concatenate((work.up[cells], work.down[cells]))
    price = np.tile(work.price[cells], 2)
    needed = work.required[cells[targets]]
    own = np.where(work.up[cells[targets]] >= needed, targets, count + targets)
    upper[own], upper[(own + count) % (2 * count)] = np.minimum(upper[own], needed), 0
    price[own] = -REWARD
    shift = _solve_shift(work, system.matrix, price, np.zeros(2 * count), upper, whole=False)
    return np.zeros(count) if shift is None else shift


def _shift_alone(work: _Work, system: _Blocks, target: int) -> Floats | None:
    """The cheapest whole-number shift that moves one cell by what is required, upwards if it can, else downwards."""
    count, cells = len(system.cells), system.cells
    needed = work.required[cells[target]]
    limit = np.concatenate((work.up[cells], work.down[cells]))
    for own, opposite in ((target, count + target), (count + target, target)):
        lower, upper = np.zeros(2 * count), limit.copy()
        lower[own], upper[opposite] = needed, 0
        if upper[own] >= needed:
            shift = _solve_shift(work, system.matrix, np.tile(work.price[cells], 2), lower, upper, whole=True)
            if shift is not None:
                return np.asarray(np.round(shift), dtype=np.float64)
    return None


def _solve_shift(
    work: _Work, matrix: sparse.csr_array, price: Floats, lower: Floats, upper: Floats, *, whole: bool
) -> Floats | None:
    """One programme over movements up and movements down; the shift is their difference."""
    work.programmes += 1
    double = sparse.csr_array(sparse.hstack([matrix, -matrix]))
    solution = minimise(price, double, np.zeros(matrix.shape[0]), lower, upper, whole=whole)
    return None if solution is None else solution[: len(solution) // 2] - solution[len(solution) // 2 :]


def _apply(work: _Work, cells: NDArray[np.int64], shift: Floats) -> None:
    """Hide what a shift touches; everything it moves far enough is safe from now on."""
    touched = cells[shift != 0]
    fresh = touched[work.states[touched] == Cell.SHOWN]
    work.states[fresh] = Cell.SECONDARY
    work.price[fresh] = ALREADY_HIDDEN
    moved = np.abs(shift[shift != 0]) >= work.required[touched]
    work.safe[touched[moved]] = True
