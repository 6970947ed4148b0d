"""Many comparisons at once: how many signals chance alone gives, and p-values that allow for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zaitaku.lib.statistics.intervals import Floats


def expected_false_signals(comparisons: int, *, confidence: float = 0.95) -> float:
    """How many of `comparisons` differ by chance alone: 335 areas at 95 % give 16.75, at 99.8 % 0.67."""
    return comparisons * (1 - confidence)


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted p: those below q hold at most a share q of false signals. NaN is left out and stays NaN.

    Benjamini & Hochberg, J. R. Statist. Soc. B 57 (1995) 289–300.
    """
    p = np.asarray(p_values, dtype=np.float64).ravel()
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(-p[known], kind="stable")]
    count = len(order)
    scaled = p[order] * count / np.arange(count, 0, -1)
    return _restored(p, order, np.minimum.accumulate(scaled), np.shape(p_values))


def holm(p_values: ArrayLike) -> Floats:
    """Adjusted p: the chance of any false signal at all stays below it. Holm, Scand. J. Statist. 6 (1979) 65–70."""
    p = np.asarray(p_values, dtype=np.float64).ravel()
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    count = len(order)
    scaled = p[order] * np.arange(count, 0, -1)
    return _restored(p, order, np.maximum.accumulate(scaled), np.shape(p_values))


def _restored(
    p: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]], adjusted: Floats, shape: tuple[int, ...]
) -> Floats:
    result = np.full(p.shape, np.nan)
    result[order] = np.minimum(adjusted, 1.0)
    return result.reshape(shape)
