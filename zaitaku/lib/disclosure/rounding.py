"""Rounding to a base instead of hiding secondary cells: the options discussed for open data of long-term care."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from zaitaku.lib.statistics.intervals import Floats


class Rounding(StrEnum):
    """How a count is brought to a multiple of the base."""

    UP = "up"
    HALF_UP = "half_up"


def rounded(counts: ArrayLike, *, rounding: Rounding, base: float = 10, hide_below: float = 10) -> Floats:
    """Counts as multiples of `base`; NaN for 0 < n < `hide_below`, which stays hidden. A half goes up, not to even."""
    n = np.asarray(counts, dtype=np.float64)
    steps = np.ceil(n / base) if rounding is Rounding.UP else np.floor(n / base + 0.5)
    return np.where((n > 0) & (n < hide_below), np.nan, steps * base)


def totals_rounded(counts: ArrayLike, *, base: float = 10, hide_below: float = 10) -> Floats:
    """A table whose first row and first column are totals: totals rounded up, the inside as it is or hidden."""
    n = np.asarray(counts, dtype=np.float64)
    result = np.where((n > 0) & (n < hide_below), np.nan, n)
    up = rounded(n, rounding=Rounding.UP, base=base, hide_below=hide_below)
    result[0, :], result[:, 0] = up[0, :], up[:, 0]
    return result
