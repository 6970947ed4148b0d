"""Where an area stands among others: ranks with an interval, quantiles, 偏差値."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.intervals import Floats, Limits, normal_quantile

SEED = 20270401
"""Fixed for ever: the same figures give the same rank interval on every machine and every day."""
_DRAWS_AT_ONCE = 50


def ranks(values: ArrayLike, *, highest_first: bool = True) -> Floats:
    """Competition ranks 1, 2, 2, 4 along the last axis; equal values share the better rank; NaN has none."""
    x = np.asarray(values, dtype=np.float64)
    flat = (-x if highest_first else x).reshape(-1, x.shape[-1])
    result = np.stack([_ranks_of_row(row) for row in flat]) if len(flat) else flat
    return result.reshape(x.shape)


def rank_intervals(
    values: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    highest_first: bool = True,
    confidence: float = 0.95,
    interval_confidence: float = 0.95,
    draws: int = 1000,
) -> Limits:
    """The ranks an area may hold, given the intervals of all: for 「12位、95%区間 7–19位」. One-dimensional input.

    Each draw moves every area by a normal deviation with its own standard error, (value − lower)/z below the value and
    (upper − value)/z above it, ranks all areas, and the interval holds the middle `confidence` of an area's ranks,
    widened where needed to hold its own rank. An area without interval counts as certain, one without value has no
    rank. Goldstein & Spiegelhalter, J. R. Statist. Soc. A 159 (1996) 385–443, §3.4. Reproducible: the deviations
    depend on the place in the array only, so callers keep one order (region code).
    """
    x, low, high = (np.asarray(part, dtype=np.float64) for part in (values, lower, upper))
    known = ~np.isnan(x)
    count = int(known.sum())
    result = np.full((2, len(x)), np.nan)
    if count:
        z = normal_quantile(interval_confidence)
        below = np.nan_to_num((x - low)[known] / z).clip(0)
        above = np.nan_to_num((high - x)[known] / z).clip(0)
        held = np.empty((count, draws), dtype=np.int32)
        for some, noise in _deviations(draws, count):
            drawn = x[known] + np.where(noise < 0, below, above) * noise
            held[:, some] = _ranks_of_rows(-drawn if highest_first else drawn).T
        first, last = (round((0.5 + side * confidence / 2) * (draws - 1)) for side in (-1, 1))
        held.partition([first, last], axis=1)
        own = ranks(x[known], highest_first=highest_first)
        result[:, known] = np.minimum(held[:, first], own), np.maximum(held[:, last], own)
    return result[0], result[1]


def ranks_within(values: ArrayLike, groups: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    """Rank of each value from the highest among those of its group, equal values sharing the better rank, and how many
    of the group have a value. NaN has no rank. One-dimensional input; groups are numbers."""
    x, group = np.asarray(values, dtype=np.float64), np.asarray(groups)
    order = np.lexsort((-x, group))  # within a group highest first, NaN last
    held, ordered = group[order], x[order]
    place = np.arange(len(x))
    begins = np.ones(len(x), dtype=bool)
    begins[1:] = held[1:] != held[:-1]
    differs = begins.copy()
    differs[1:] |= ordered[1:] != ordered[:-1]
    first_of_group = np.maximum.accumulate(np.where(begins, place, 0))
    first_of_equals = np.maximum.accumulate(np.where(differs, place, 0))
    rank = np.empty(len(x))
    rank[order] = first_of_equals - first_of_group + 1.0
    known = ~np.isnan(x)
    (
        _,
        number,
    ) = np.unique(group, return_inverse=True)
    counts = np.bincount(number, weights=known, minlength=1).astype(np.int64)
    return np.where(known, rank, np.nan), counts[number]


def quantile_groups(values: ArrayLike, *, groups: int, highest_first: bool = False) -> Floats:
    """The quantile 1..`groups` of each value: ⌊(rank − 1)·groups ÷ n⌋ + 1 with tied values sharing the lower rank.

    Fewer values than groups give none. Convention of the published deciles of English public health profiles.
    """
    x = np.asarray(values, dtype=np.float64)
    count = int((~np.isnan(x)).sum())
    if count < groups:
        return np.full(x.shape, np.nan)
    place = ranks(x, highest_first=highest_first)
    return np.floor((place - 1) * groups / count) + 1


def quantile_points(values: ArrayLike, *, shares: ArrayLike) -> Floats:
    """The values below which the given shares lie (linear interpolation, type 7), NaN left out; NaN if none is left."""
    x = np.asarray(values, dtype=np.float64)
    known = x[~np.isnan(x)]
    wanted = np.asarray(shares, dtype=np.float64)
    return np.quantile(known, wanted) if known.size else np.full(wanted.shape, np.nan)


def deviation_scores(values: ArrayLike) -> Floats:
    """偏差値 50 + 10(x − μ)/σ along the last axis, σ of all the values; no score for anyone where σ = 0."""
    x = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(x)
    count = known.sum(axis=-1, keepdims=True)
    filled = np.where(known, x, 0.0)
    mean = filled.sum(axis=-1, keepdims=True) / np.where(count > 0, count, 1)
    sigma = np.sqrt((np.where(known, x - mean, 0.0) ** 2).sum(axis=-1, keepdims=True) / np.where(count > 0, count, 1))
    # Equal values may leave a σ of rounding noise, which would blow differences of 1e-16 up to scores.
    real = sigma > 1e-12 * np.maximum(np.abs(mean), np.finfo(np.float64).tiny)
    return np.asarray(50 + 10 * (x - mean) / np.where(real, sigma, np.nan), dtype=np.float64)


def _ranks_of_row(row: Floats) -> Floats:
    """1 + the number of smaller values; NaN stays NaN."""
    ordered = np.sort(row)  # NaN last
    place = np.searchsorted(ordered, row, side="left") + 1.0
    return np.where(np.isnan(row), np.nan, place)


def _ranks_of_rows(rows: Floats) -> NDArray[np.int32]:
    """The same for many rows without NaN: sorted together, then each place handed back."""
    order = np.argsort(rows, axis=1)
    ordered = np.take_along_axis(rows, order, axis=1)
    place = np.broadcast_to(np.arange(1, rows.shape[1] + 1, dtype=np.int32), rows.shape).copy()
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    held = np.empty_like(place)
    np.put_along_axis(held, order, np.maximum.accumulate(place, axis=1), axis=1)
    return held


def _deviations(draws: int, count: int) -> Iterator[tuple[slice, Floats]]:
    """The draws a few at a time, so that they stay in the processor's cache."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    for start in range(0, draws, _DRAWS_AT_ONCE):
        some = slice(start, min(start + _DRAWS_AT_ONCE, draws))
        yield some, generator.standard_normal((some.stop - some.start, count))
