"""The exact model: Hess's assignment of units to seats as a mixed integer program for HiGHS.

Contiguity is added where an answer breaks it: if a piece of an area does not hold its seat, each unit of the piece may
belong to that seat only together with a unit that borders on the piece. Every contiguous answer keeps these cuts, and
an answer that needs no further cut is contiguous, so the last optimum is the optimum (Hess et al., Nonpartisan
political redistricting by computer, Operations Research 13, 1965; cuts as in Oehrlein, Haunert, Journal of Spatial
Information Science 15, 2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from plans.formulas.districting_problem import Floats, Ints, Problem, components

_TIME_LIMIT, _INFEASIBLE = 1, 2
_GAP = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """`seat_of` is the optimum if the search was finished (`is_exact`), `best` the best answer met on the way.

    `bound`: no answer among the pairs searched travels less.
    """

    seat_of: Ints | None
    bound: float
    is_exact: bool
    best: Ints | None = None


@dataclass(slots=True)
class _Rows:
    """Constraints as they are collected: entries of a sparse matrix with lower and upper bounds per row."""

    rows: list[NDArray[np.int64]]
    columns: list[NDArray[np.int64]]
    values: list[Floats]
    lower: list[float]
    upper: list[float]

    def add(self, columns: NDArray[np.int64], values: Floats, lower: float, upper: float) -> None:
        """One constraint."""
        self.rows.append(np.full(len(columns), len(self.lower), dtype=np.int64))
        self.columns.append(columns)
        self.values.append(values)
        self.lower.append(lower)
        self.upper.append(upper)

    def constraint(self, width: int) -> LinearConstraint:
        """All of them for `milp`."""
        entries = (np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.columns)))
        matrix = coo_array(entries, shape=(len(self.lower), width)).tocsc()
        return LinearConstraint(matrix, np.array(self.lower), np.array(self.upper))


class Model:
    """One problem with the pairs of unit and seat that may be used."""

    def __init__(self, problem: Problem, allowed: NDArray[np.bool_]) -> None:
        self._problem = problem
        cost = problem.cost
        allowed = allowed & np.isfinite(cost)
        allowed &= np.diag(allowed)[None, :]  # a seat that may not hold itself holds nobody
        self._units, self._seats = np.nonzero(allowed)
        self._at = np.full(allowed.shape, -1, dtype=np.int64)
        self._at[self._units, self._seats] = np.arange(len(self._units))
        self._cost = cost[self._units, self._seats]
        self._scale = max(1.0, float(self._cost.max(initial=1.0)) / 1e4)  # HiGHS' tolerances are absolute
        self._rows = _Rows([], [], [], [], [])
        self._is_open = bool(allowed.any(axis=1).all())
        if self._is_open:
            self._build()

    def solve(self, *, ends: float, clock: Callable[[], float]) -> Solution:
        """Search until the time `ends` of the clock; cuts are added until the answer is contiguous."""
        bound, best = 0.0, None
        while self._is_open and (seconds := ends - clock()) > 0:
            found = milp(
                self._cost / self._scale,
                integrality=np.ones(len(self._cost), dtype=np.int64),
                bounds=Bounds(0, 1),
                constraints=self._rows.constraint(len(self._cost)),
                options={"time_limit": seconds, "mip_rel_gap": _GAP},
            )
            if found.status == _INFEASIBLE:
                return Solution(None, np.inf, is_exact=True, best=best)
            dual = getattr(found, "mip_dual_bound", None)
            bound = max(bound, float(dual) * self._scale if dual is not None and np.isfinite(dual) else 0.0)
            if found.x is None:
                return Solution(None, bound, is_exact=False, best=best)
            seat_of = self._read(found.x)
            cuts = self._cut(seat_of)
            best = self._better(best, seat_of if not cuts else repaired(self._problem, seat_of))
            if not cuts:
                return Solution(seat_of, bound, is_exact=found.status == 0, best=best)
            if found.status == _TIME_LIMIT:
                break
        return Solution(None, bound if self._is_open else np.inf, is_exact=not self._is_open, best=best)

    def _better(self, best: Ints | None, seat_of: Ints | None) -> Ints | None:
        if seat_of is None or not self._problem.holds(seat_of):
            return best
        if best is None or self._problem.travel(seat_of) < self._problem.travel(best):
            return seat_of
        return best

    def _read(self, x: Floats) -> Ints:
        seat_of = np.full(len(self._problem), -1, dtype=np.int64)
        taken = x > 0.5
        seat_of[self._units[taken]] = self._seats[taken]
        return seat_of

    def _build(self) -> None:
        problem, n = self._problem, len(self._problem)
        for one in range(n):
            columns = np.flatnonzero(self._units == one)
            self._rows.add(columns, np.ones(len(columns)), 1, 1)
        seats = np.unique(self._seats)
        own = self._at[seats, seats]
        self._rows.add(own, np.ones(len(own)), problem.fewest, problem.most)
        one_each = np.array([1.0, -1.0])
        for column, (unit, seat) in enumerate(zip(self._units, self._seats, strict=True)):
            if unit != seat:
                self._rows.add(np.array([column, self._at[seat, seat]]), one_each, -np.inf, 0)
        for seat in seats:
            self._build_seat(int(seat))

    def _build_seat(self, seat: int) -> None:
        problem = self._problem
        columns = np.flatnonzero(self._seats == seat)
        members = self._units[columns]
        own = members == seat
        for counts in (problem.active, problem.hubs):
            if counts is not None:
                self._rows.add(columns, counts[members].astype(np.float64) - own, 0, np.inf)
        people = problem.population[members]
        # In thousands: coefficients of very different size make the solver's tolerance a matter of people.
        if problem.least_people is not None:
            self._rows.add(columns, (people - own * problem.least_people) / 1000, 0, np.inf)
        if problem.most_people is not None:
            self._rows.add(columns, (people - own * problem.most_people) / 1000, -np.inf, 0)

    def _cut(self, seat_of: Ints) -> int:
        """Forbid every piece of an area that does not hold its seat. Returns how many pieces there were."""
        if not self._problem.is_contiguous:
            return 0
        cuts = 0
        for seat in np.unique(seat_of):
            for piece in components(np.flatnonzero(seat_of == seat).tolist(), self._problem.neighbours):
                if seat not in piece:
                    self._cut_piece(piece)
                    cuts += 1
        return cuts

    def _cut_piece(self, piece: set[int]) -> None:
        """For every seat outside the piece: whoever lies beyond one seat's reach lies beyond its neighbours' too."""
        border = np.array(sorted(set().union(*(self._problem.neighbours[unit] for unit in piece)) - piece), np.int64)
        for seat in np.unique(self._seats):
            if int(seat) in piece:
                continue
            gates = self._at[border, seat] if len(border) else border
            gates = gates[gates >= 0]
            for unit in piece:
                column = self._at[unit, seat]
                if column >= 0:
                    values = np.concatenate([[1.0], -np.ones(len(gates))])
                    self._rows.add(np.concatenate([[column], gates]), values, -np.inf, 0)


def repaired(problem: Problem, seat_of: Ints) -> Ints | None:
    """Pieces apart from their seat are given to the cheapest area next to them; None where there is none."""
    seat_of, cost = seat_of.copy(), problem.cost
    for _ in range(len(problem)):
        apart = [
            piece
            for seat in np.unique(seat_of)
            for piece in components(np.flatnonzero(seat_of == seat).tolist(), problem.neighbours)
            if seat not in piece
        ]
        if not apart:
            return seat_of
        piece = min(apart, key=lambda units: (len(units), min(units)))
        members = sorted(piece)
        beside = {int(seat_of[other]) for unit in members for other in problem.neighbours[unit]} - {
            int(seat_of[members[0]])
        }
        if not beside:
            return None
        seat_of[members] = min(sorted(beside), key=lambda seat: float(cost[members, seat].sum()))
    return None
