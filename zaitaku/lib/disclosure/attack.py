"""The attacker: everything that can be worked out about hidden cells from all that is public.

The attacker knows every published figure, every way in which figures add up, that counts are whole numbers, and the
bounds that the way of hiding gives away. Each hidden cell then has a least and a greatest possible value; where they
are equal the cell is pinned down, and the publication must be refused.

Finding both for thousands of cells takes two integer programmes each, so most are avoided:
1. Cells that no open sum connects are independent: the system falls apart into components, solved as blocks.
2. Two different whole-number solutions prove every cell in which they differ safe at once. Linear programmes with
   random directions over all components together give such solutions for most cells in a few rounds.
3. Only cells that never moved are suspicious, and get their own exact programmes (HiGHS), component by component.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from zaitaku.lib.disclosure.programmes import binding_rows, minimise
from zaitaku.lib.disclosure.tables import Cell, InconsistentTable, Knowledge, LinkedTable, States
from zaitaku.lib.statistics.intervals import Floats

SEED = 20270401
ROUNDS = 12
IDLE_ROUNDS = 3
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Publication:
    """What the public sees: shown values (NaN for every hidden cell), states, sums and what hiding itself tells."""

    keys: tuple[str, ...]
    values: Floats
    states: States
    sums: sparse.csr_array
    sum_names: tuple[str, ...]
    knowledge: Knowledge

    @classmethod
    def of(cls, table: LinkedTable, states: States, *, knowledge: Knowledge | None = None) -> Publication:
        """The public side of a table: the hidden values do not come along."""
        return cls(
            keys=table.keys,
            values=np.where(states == Cell.SHOWN, table.values, np.nan),
            states=states,
            sums=table.sums,
            sum_names=table.sum_names,
            knowledge=knowledge or Knowledge(),
        )


@dataclass(frozen=True, slots=True)
class PinnedCell:
    """A hidden cell that can be worked out: all it can be is `low`..`high`, because of the sums named."""

    key: str
    state: Cell
    low: int
    high: int
    because: tuple[str, ...]

    def __str__(self) -> str:
        value = f"{self.low}" if self.low == self.high else f"{self.low}〜{self.high}"
        return f"「{self.key}」は{value}と分かってしまいます（手がかり：{'、'.join(self.because[:6]) or '秘匿の記号'}）"


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an attack. `programmes`: how many optimisations it took; `hidden`: how many cells were tried."""

    pinned: tuple[PinnedCell, ...]
    hidden: int
    programmes: int

    @property
    def passed(self) -> bool:
        return not self.pinned

    def require(self) -> None:
        """Refuse the publication unless it passed."""
        if self.pinned:
            raise PublicationRefused(self.pinned)


class PublicationRefused(Exception):
    """The table may not be published: hidden cells could be worked out. `pinned` names them."""

    def __init__(self, pinned: tuple[PinnedCell, ...]) -> None:
        self.pinned = pinned
        shown = "\n".join(str(cell) for cell in pinned[:10])
        more = f"\nほか{len(pinned) - 10}セル" if len(pinned) > 10 else ""
        super().__init__(f"秘匿したセルが計算で分かるため公表できません。\n{shown}{more}")


@dataclass(slots=True)
class Region:
    """All whole-number solutions `matrix @ x = rhs`, `lower ≤ x ≤ upper` for the hidden cells `cells`.

    `component` numbers the independent parts of cells and `row_component` those of rows. `programmes` counts the work.
    """

    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    matrix: sparse.csr_array
    rhs: Floats
    lower: Floats
    upper: Floats
    component: NDArray[np.int64]
    row_component: NDArray[np.int64]
    sum_names: tuple[str, ...]
    programmes: int = 0

    def names_of(self, rows: NDArray[np.int64]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.sum_names[self.rows[row]] for row in rows))


@dataclass(frozen=True, slots=True)
class Reach:
    """The least and greatest value seen for each hidden cell among whole-number solutions; empty at first."""

    low: Floats
    high: Floats

    def see(self, places: NDArray[np.int64], solution: Floats) -> None:
        self.low[places] = np.minimum(self.low[places], solution)
        self.high[places] = np.maximum(self.high[places], solution)

    def narrower_than(self, width: Floats) -> NDArray[np.bool_]:
        return ~(self.high - self.low >= width)


def audit(publication: Publication, *, width: int = 1) -> Audit:
    """Attack a publication: name every hidden cell whose possible values span less than `width` (1: pinned down)."""
    region = open_region(publication)
    reach = Reach(np.full(len(region.cells), np.inf), np.full(len(region.cells), -np.inf))
    required = np.where(publication.states[region.cells] == Cell.SECONDARY, 1.0, float(width))
    explore(region, reach, required=required)
    for place in np.flatnonzero(reach.narrower_than(required)):
        _measure(region, reach, int(place), required=float(required[place]))
    pinned = tuple(
        _explain(publication, region, reach, int(place)) for place in np.flatnonzero(reach.narrower_than(required))
    )
    return Audit(pinned=pinned, hidden=len(region.cells), programmes=region.programmes)


def possible_range(publication: Publication, key: str) -> tuple[int, int | None]:
    """What one hidden cell can be at the least and at the most; None where nothing bounds it."""
    region = open_region(publication)
    place = int(np.flatnonzero(region.cells == publication.keys.index(key))[0])
    reach = Reach(np.full(len(region.cells), np.inf), np.full(len(region.cells), -np.inf))
    _measure(region, reach, place, required=np.inf)
    _, upper = publication.knowledge.of(publication.states)
    free = np.isinf(upper[region.cells[place]]) and reach.high[place] >= region.upper[place]
    return round(reach.low[place]), None if free else round(reach.high[place])


def open_region(publication: Publication) -> Region:
    """The system of the hidden cells once every published figure has been put in."""
    hidden = publication.states != Cell.SHOWN
    if np.isnan(publication.values[~hidden]).any():
        raise ValueError("公表する値に欠けがあります。欠けた値は秘匿（WITHHELD）として渡してください。")
    known = np.where(hidden, 0.0, publication.values)
    rhs = -(publication.sums @ known)
    matrix = publication.sums[:, np.flatnonzero(hidden)]
    open_rows = np.diff(matrix.indptr) > 0
    wrong = ~open_rows & (np.abs(rhs) > WHOLE)
    if wrong.any():
        raise InconsistentTable([publication.sum_names[row] for row in np.flatnonzero(wrong)])
    cells, rows = np.flatnonzero(hidden), np.flatnonzero(open_rows)
    matrix = sparse.csr_array(matrix[rows])
    lower, upper = publication.knowledge.of(publication.states)
    row_component, component = components(matrix)
    return Region(
        cells=cells,
        rows=rows,
        matrix=matrix,
        rhs=rhs[rows],
        lower=lower[cells],
        upper=np.minimum(upper[cells], _far(known, lower, upper)),
        component=component,
        row_component=row_component,
        sum_names=publication.sum_names,
    )


def components(matrix: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The independent part each row, and each column, of a system belongs to."""
    rows, _ = matrix.shape
    links = matrix.tocoo()
    size = sum(matrix.shape)
    graph = sparse.csr_matrix((np.ones(links.nnz), (links.row, links.col + rows)), shape=(size, size))
    _, label = csgraph.connected_components(graph, directed=False)
    return np.asarray(label[:rows], dtype=np.int64), np.asarray(label[rows:], dtype=np.int64)


def explore(region: Region, reach: Reach, *, required: Floats, rounds: int = ROUNDS) -> None:
    """Move the cells that have not moved enough yet into random directions, all components in one programme.

    Ends when every cell moved, after `rounds`, or when `IDLE_ROUNDS` in a row proved no further cell safe.
    """
    random = np.random.Generator(np.random.PCG64(SEED))
    left, idle = len(region.cells), 0
    for _ in range(rounds if len(region.cells) else 0):
        suspicious = reach.narrower_than(required)
        idle = 0 if suspicious.sum() < left else idle + 1
        left = int(suspicious.sum())
        if not left or idle > IDLE_ROUNDS:
            return
        direction = random.choice([-1.0, 1.0], size=len(region.cells)) * suspicious
        region.programmes += 1
        solution = minimise(direction, region.matrix, region.rhs, region.lower, region.upper, whole=False)
        if solution is None:
            return  # the exact programmes name the part without a solution
        see_whole_parts(region, reach, solution)


def see_whole_parts(region: Region, reach: Reach, solution: Floats) -> None:
    """Take a solution over, component by component, where it is made of whole numbers that really add up."""
    rounded = np.round(solution)
    off_cells = region.component[np.abs(solution - rounded) > WHOLE]
    off_rows = region.row_component[np.abs(region.matrix @ rounded - region.rhs) > WHOLE]
    whole = ~np.isin(region.component, np.union1d(off_cells, off_rows))
    whole &= (rounded >= region.lower) & (rounded <= region.upper)
    places = np.flatnonzero(whole)
    reach.see(places, rounded[places])


def _measure(region: Region, reach: Reach, place: int, *, required: float) -> None:
    """Exact least and greatest value of one cell; every solution met on the way serves the other cells too."""
    part = np.flatnonzero(region.component == region.component[place])
    rows = np.flatnonzero(region.row_component == region.component[place])
    matrix = region.matrix[rows][:, part]
    for sign in (1.0, -1.0):
        if reach.high[place] - reach.low[place] >= required:
            return
        region.programmes += 1
        solution = minimise(
            sign * (part == place), matrix, region.rhs[rows], region.lower[part], region.upper[part], whole=True
        )
        if solution is None:
            raise InconsistentTable(region.names_of(rows))
        reach.see(part, np.round(solution))


def _explain(publication: Publication, region: Region, reach: Reach, place: int) -> PinnedCell:
    cell = int(region.cells[place])
    return PinnedCell(
        key=publication.keys[cell],
        state=Cell(int(publication.states[cell])),
        low=round(float(reach.low[place])),
        high=round(float(reach.high[place])),
        because=region.names_of(_clues(region, place)),
    )


def _clues(region: Region, place: int) -> NDArray[np.int64]:
    """The sums that bound a cell: those with a price in the linear programmes for its least and greatest value."""
    part = np.flatnonzero(region.component == region.component[place])
    rows = np.flatnonzero(region.row_component == region.component[place])
    if not len(rows):
        return rows
    system = region.matrix[rows][:, part], region.rhs[rows], region.lower[part], region.upper[part]
    used = [binding_rows(sign * (part == place), *system) for sign in (1.0, -1.0)]
    return rows[used[0] | used[1]]


def _far(known: Floats, lower: Floats, upper: Floats) -> float:
    """A bound no published figure can reach, in place of infinity: programmes stay bounded, ranges stay true."""
    finite = [array[np.isfinite(array)].max(initial=0.0) for array in (known, lower, upper)]
    return 4 * float(max(finite)) + 1_000
