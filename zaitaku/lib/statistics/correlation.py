"""How closely two figures of the same regions go together, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 4
_Z = 1.959963984540054  # two-sided 95 % of the normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A coefficient over `pairs` regions; the limits are None at exactly ±1, where the transformation has none."""

    value: float
    lower: float | None
    upper: float | None
    pairs: int


def pearson(x: ArrayLike, y: ArrayLike) -> Correlation | None:
    """Pearson's r with the interval of Fisher's z (standard error 1/√(n − 3)).

    Pairs in which either is NaN are left out. None with fewer than four pairs, or where one does not vary.
    """
    return _coefficient(x, y, ranked=False)


def spearman(x: ArrayLike, y: ArrayLike) -> Correlation | None:
    """Spearman's ρ of the ranks, ties sharing the mean rank: a few far regions do not decide it.

    Interval by Bonett & Wright (Psychometrika 2000;65:23–28): standard error √((1 + ρ²/2)/(n − 3)) on Fisher's z.
    """
    return _coefficient(x, y, ranked=True)


def mean_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1 upwards, equal values sharing the mean of theirs. No value may be NaN."""
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return np.asarray((last - (size - 1) / 2)[place], dtype=np.float64)


def _coefficient(x: ArrayLike, y: ArrayLike, *, ranked: bool) -> Correlation | None:
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    pairs = int(both.sum())
    if pairs < FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    if ranked:
        first, second = mean_ranks(first), mean_ranks(second)
    value = min(1.0, max(-1.0, float(np.corrcoef(first, second)[0, 1])))
    if abs(value) > 1 - 1e-12:
        return Correlation(value=round(value), lower=None, upper=None, pairs=pairs)
    error = math.sqrt(((1 + value**2 / 2) if ranked else 1.0) / (pairs - 3))
    centre = math.atanh(value)
    return Correlation(
        value=value, lower=math.tanh(centre - _Z * error), upper=math.tanh(centre + _Z * error), pairs=pairs
    )
