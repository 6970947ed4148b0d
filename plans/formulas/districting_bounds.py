"""A lower bound by Lagrangian relaxation, and what it proves can be left out of the search.

"Every unit belongs to one area" is priced by one multiplier per unit (Cornuéjols, Fisher, Nemhauser: Location of bank
accounts, Management Science 23, 1977); the rest falls apart into one decision per seat. Rules that are left out here
only make the best answer dearer, so the bound holds with them too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plans.formulas.districting_problem import Floats, Problem

_ROUNDS = 600
_PATIENCE = 25


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """No answer travels less than `value`. `with_pair[i, j]`: none that puts unit i to seat j does."""

    value: float
    with_pair: Floats
    price: Floats

    def within(self, limit: float) -> NDArray[np.bool_]:
        """The pairs that an answer of at most `limit` may use."""
        return np.asarray(self.with_pair <= limit * (1 + 1e-9) + 1e-6)


def lower_bound(problem: Problem) -> Bound:
    """The best bound that a fixed number of subgradient steps finds."""
    cost = problem.cost
    finite = np.where(np.isfinite(cost), cost, 0.0).max(axis=1)
    nearest = np.sort(np.where(np.isfinite(cost), cost, finite[:, None]), axis=1)
    multipliers = nearest[:, min(len(problem) - 1, max(1, len(problem) // max(problem.most, 1) // 2))].copy()
    best, kept, scale, since = -np.inf, multipliers.copy(), 2.0, 0
    target = _some_travel(problem, cost)
    for _ in range(_ROUNDS):
        value, slack = _relaxed(problem, cost, multipliers)
        if value > best + 1e-9 * abs(value):
            best, kept, since = value, multipliers.copy(), 0
        else:
            since += 1
            if since == _PATIENCE:
                scale, since, multipliers = scale / 2, 0, kept.copy()
                continue
        norm = float((slack**2).sum())
        if norm == 0 or scale < 1e-5:
            break
        multipliers = multipliers + scale * max(target - value, 1e-6 * abs(target)) / norm * slack
    return _bound(problem, cost, kept)


def _some_travel(problem: Problem, cost: Floats) -> float:
    """The travel to seats chosen greedily: only the length of a step depends on it."""
    capped = np.where(np.isfinite(cost), cost, 1e3 * max(1.0, float(cost[np.isfinite(cost)].max(initial=1.0))))
    reached = np.full(len(problem), np.inf)
    for _ in range(min(problem.most, len(problem))):
        totals = np.minimum(reached[:, None], capped).sum(axis=0)
        reached = np.minimum(reached, capped[:, int(totals.argmin())])
    return float(reached.sum())


def _gains(cost: Floats, multipliers: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """What opening each seat adds, and which units it would then take; a seat always takes itself."""
    reduced = cost - multipliers[:, None]
    takes = reduced < 0
    np.fill_diagonal(takes, val=True)
    return np.where(takes, reduced, 0.0).sum(axis=0), takes


def _chosen(problem: Problem, gains: Floats) -> NDArray[np.intp]:
    """The seats that the relaxed problem opens."""
    order = np.argsort(gains, kind="stable")
    wanted = int((gains < 0).sum())
    return order[: min(max(wanted, problem.fewest), problem.most, len(problem))]


def _relaxed(problem: Problem, cost: Floats, multipliers: Floats) -> tuple[float, Floats]:
    gains, takes = _gains(cost, multipliers)
    chosen = _chosen(problem, gains)
    value = float(multipliers.sum() + gains[chosen].sum())
    return value, 1.0 - takes[:, chosen].sum(axis=1).astype(np.float64)


def _bound(problem: Problem, cost: Floats, multipliers: Floats) -> Bound:
    """What the value becomes if a seat, or a unit's way to a seat, is forced."""
    gains, _takes = _gains(cost, multipliers)
    chosen = _chosen(problem, gains)
    value = float(multipliers.sum() + gains[chosen].sum())
    dearest = float(gains[chosen].max(initial=-np.inf))
    # A further seat takes the place of the dearest one if no more may be opened, or if that one was opened unwillingly.
    limit = dearest if len(chosen) == problem.most or dearest > 0 else 0.0
    opening = np.maximum(gains - limit, 0.0)
    opening[chosen] = 0.0
    using = np.maximum(cost - multipliers[:, None], 0.0)
    np.fill_diagonal(using, 0.0)
    return Bound(value, value + opening[None, :] + using, gains)
