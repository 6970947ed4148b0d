"""Inequality between the parts of an area. The parts lie on the last axis; NaN parts are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zaitaku.lib.statistics.intervals import Floats


@dataclass(frozen=True, slots=True)
class Gap:
    """The distance between the highest and the lowest part: `ratio` is NaN where the lowest is 0."""

    highest: Floats
    lowest: Floats
    difference: Floats
    ratio: Floats


def gini(rates: ArrayLike, population: ArrayLike) -> Floats:
    """The population-weighted Gini coefficient of rates: 0 all equal, towards 1 all in one place; NaN where all are 0.

    ΣΣ nᵢnⱼ|xᵢ−xⱼ| ÷ 2N²μ, computed along the Lorenz curve. Brown, Soc. Sci. Med. 38 (1994) 1243–1256.
    """
    x, n = np.broadcast_arrays(np.asarray(rates, dtype=np.float64), np.asarray(population, dtype=np.float64))
    usable = ~np.isnan(x) & (n > 0)
    x, n = np.where(usable, x, np.inf), np.where(usable, n, 0.0)
    order = np.argsort(x, axis=-1, kind="stable")
    x, n = np.take_along_axis(x, order, axis=-1), np.take_along_axis(n, order, axis=-1)
    amount = np.where(n > 0, x, 0.0) * n
    people, total = n.sum(axis=-1), amount.sum(axis=-1)
    reached = np.cumsum(amount, axis=-1)
    area_below = (n * (2 * reached - amount)).sum(axis=-1)
    return np.asarray(1 - area_below / np.where((people > 0) & (total > 0), people * total, np.nan), dtype=np.float64)


def gap(values: ArrayLike) -> Gap:
    """Highest, lowest, their difference and ratio; NaN where no part has a value."""
    x = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(x)
    none = ~known.any(axis=-1)
    highest = np.where(none, np.nan, np.where(known, x, -np.inf).max(axis=-1))
    lowest = np.where(none, np.nan, np.where(known, x, np.inf).min(axis=-1))
    ratio = highest / np.where(lowest > 0, lowest, np.nan)
    return Gap(highest=highest, lowest=lowest, difference=highest - lowest, ratio=ratio)


def share_with_none(counts: ArrayLike, *, population: ArrayLike | None = None) -> Floats:
    """The share of parts whose count is 0, of all parts with a known count; by people where `population` is given.

    A hidden or missing count is neither none nor some and is left out of both.
    """
    o = np.asarray(counts, dtype=np.float64)
    weight = np.ones_like(o) if population is None else np.asarray(population, dtype=np.float64)
    o, weight = np.broadcast_arrays(o, weight)
    weight = np.where(np.isnan(o) | np.isnan(weight), 0.0, weight)
    total = weight.sum(axis=-1)
    return np.asarray((weight * (o == 0)).sum(axis=-1) / np.where(total > 0, total, np.nan), dtype=np.float64)
