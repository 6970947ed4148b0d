"""Linear and integer programmes over `matrix @ x = rhs`, `lower ≤ x ≤ upper`, solved by HiGHS (deterministic)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from zaitaku.lib.statistics.intervals import Floats

INFEASIBLE = 2

_linprog: Any = linprog
"""Typed as Any: its stubs do not know that it takes sparse matrices, which its documentation promises."""


def minimise(
    objective: Floats, matrix: sparse.csr_array, rhs: Floats, lower: Floats, upper: Floats, *, whole: bool
) -> Floats | None:
    """The solution with the least `objective @ x`, in whole numbers if asked; None if there is no solution at all."""
    # scipy's own front ends differ: `milp` builds a Python list of the kinds of all cells, slow for a plain programme.
    bounds = np.column_stack((lower, upper))
    some = matrix.shape[0] > 0
    result = _linprog(
        objective,
        A_eq=matrix if some else None,
        b_eq=rhs if some else None,
        bounds=bounds,
        method="highs" if whole else "highs-ds",
        integrality=np.ones(len(objective), dtype=np.int64) if whole else None,
    )
    if result.status == INFEASIBLE:
        return None
    if result.x is None:
        raise RuntimeError(f"a programme of {len(objective)} cells ended without an answer: {result.message}")
    return np.asarray(result.x, dtype=np.float64)


def binding_rows(
    objective: Floats, matrix: sparse.csr_array, rhs: Floats, lower: Floats, upper: Floats
) -> NDArray[np.bool_]:
    """Which rows hold the optimum where it is: those with a price. For one component only."""
    result = _linprog(objective, A_eq=matrix, b_eq=rhs, bounds=np.column_stack((lower, upper)), method="highs-ds")
    if result.status != 0:
        return np.zeros(len(rhs), dtype=bool)
    return np.asarray(np.abs(result.eqlin.marginals) > 1e-6)
