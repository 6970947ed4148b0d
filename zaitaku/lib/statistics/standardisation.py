"""Direct and indirect standardisation by age (and sex) with their intervals.

Every array has its strata (age bands, or age × sex) on the last axis and areas on the axes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.intervals import Floats, Limits, byar_interval, poisson_interval, scaled_interval

FEWEST_EVENTS = 10
"""Below this many events a directly standardised rate is not shown: its weights make it meaningless."""


class AgeBandMissing(ValueError):
    """A stratum has no figure; `bands` names which, so that the official can supply it."""

    def __init__(self, bands: Sequence[str], *, what: str) -> None:
        self.bands = tuple(bands)
        names = "、".join(f"「{band}」" for band in self.bands)
        super().__init__(
            f"年齢階級{names}の{what}がありません。年齢調整はすべての年齢階級がそろっている場合だけ計算できます。"
        )


@dataclass(frozen=True, slots=True)
class Standardised:
    """A standardised figure per area with what it was made of; NaN means no value.

    `observed`: events; `base`: total population (direct) or expected events (indirect).
    """

    value: Floats
    lower: Floats
    upper: Floats
    observed: Floats
    base: Floats


def require_bands(given: Sequence[str], *, needed: Sequence[str], what: str = "値") -> None:
    """Refuse, naming them, when age bands that are needed are not among those given."""
    missing = [band for band in needed if band not in set(given)]
    if missing:
        raise AgeBandMissing(missing, what=what)


def direct_rate(
    counts: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    bands: Sequence[str],
    multiplier: float = 100_000,
    confidence: float = 0.95,
    event_variance: ArrayLike | None = None,
    method: Literal["dobson", "gamma"] = "dobson",
    missing: Literal["refuse", "carry"] = "refuse",
) -> Standardised:
    """The directly standardised rate Σ w·(o/n) ÷ Σ w × multiplier, NaN below ten events.

    Intervals: Dobson et al., Statist. Med. 10 (1991) 457–462 (Byar's limits of the total, rescaled by the ratio of
    standard errors), or the gamma interval of Fay & Feuer, Statist. Med. 16 (1997) 791–801, given for few events too.
    `event_variance` (same shape as `counts`): variance of each stratum's count where one person may have several
    events, see `repeated_event_variance`; without it the count itself (Poisson).
    A stratum without figures raises `AgeBandMissing`, or with missing="carry" leaves the area without value.
    """
    o, n, w = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (counts, population, standard)))
    _check_bands((o, "件数"), (n, "人口"), (w, "基準人口"), bands=bands, carry=missing == "carry")
    weight = w / w.sum(axis=-1, keepdims=True) / np.where(n > 0, n, np.nan)
    rate = (weight * o).sum(axis=-1)
    variance = (weight**2 * (o if event_variance is None else np.asarray(event_variance, dtype=np.float64))).sum(
        axis=-1
    )
    total = o.sum(axis=-1)
    if method == "gamma":
        lower, upper = _gamma_limits(rate, variance, weight.max(axis=-1), confidence=confidence)
        shown = total >= 0
    else:
        lower, upper = _dobson_limits(rate, variance, total, confidence=confidence)
        shown = total >= FEWEST_EVENTS
    value, low, high = (np.where(shown, part, np.nan) * multiplier for part in (rate, lower, upper))
    return Standardised(value=value, lower=low, upper=high, observed=total, base=n.sum(axis=-1))


def repeated_event_variance(persons_by_frequency: ArrayLike) -> Floats:
    """Σ f²·(persons with f events) for the last axis f = 1, 2, 3 …: the variance of a count of repeatable events."""
    persons = np.nan_to_num(np.asarray(persons_by_frequency, dtype=np.float64))
    frequency = np.arange(1, persons.shape[-1] + 1, dtype=np.float64)
    return np.asarray((persons * frequency**2).sum(axis=-1), dtype=np.float64)


def indirect_ratio(
    observed: ArrayLike,
    population: ArrayLike,
    reference_rates: ArrayLike,
    *,
    bands: Sequence[str],
    multiplier: float = 100,
    confidence: float = 0.95,
    missing: Literal["refuse", "carry"] = "refuse",
) -> Standardised:
    """SCR (標準化レセプト出現比), SMR: observed ÷ Σ reference rate × local population × 100.

    `observed`: total events per area (no strata needed). Exact Poisson limits below ten events, Byar from ten on;
    the expected number counts as known. NaN where nothing is expected. Breslow & Day II (1987) p. 65.
    """
    n, r = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (population, reference_rates)))
    _check_bands((n, "人口"), (r, "基準の率"), bands=bands, carry=missing == "carry")
    o = np.asarray(observed, dtype=np.float64)
    expected = np.asarray((n * r).sum(axis=-1), dtype=np.float64)
    known = np.where((expected > 0) & (o >= 0), expected, np.nan)
    lower, upper = scaled_interval(poisson_interval, o, known, multiplier=multiplier, confidence=confidence)
    return Standardised(value=o / known * multiplier, lower=lower, upper=upper, observed=o, base=expected)


def indirect_rate(ratio: Standardised, *, reference_rate: float, ratio_multiplier: float = 100) -> Standardised:
    """The indirectly standardised rate: the ratio times the crude rate of the reference (in the unit wanted)."""
    scale = reference_rate / ratio_multiplier
    return Standardised(
        value=ratio.value * scale,
        lower=ratio.lower * scale,
        upper=ratio.upper * scale,
        observed=ratio.observed,
        base=ratio.base,
    )


def _dobson_limits(rate: Floats, variance: Floats, total: Floats, *, confidence: float) -> Limits:
    lower, upper = byar_interval(total, confidence=confidence)
    stretch = np.sqrt(variance / np.where(total > 0, total, np.nan))
    return rate + stretch * (lower - total), rate + stretch * (upper - total)


def _gamma_limits(rate: Floats, variance: Floats, largest: Floats, *, confidence: float) -> Limits:
    from scipy import special

    tail = 0.5 - confidence / 2
    some = np.where(rate > 0, rate, np.nan)
    low = special.gammaincinv(some**2 / variance, tail) * variance / some
    above, spread = rate + largest, variance + largest**2
    high = special.gammaincinv(above**2 / spread, 1 - tail) * spread / above
    return np.where(rate == 0, 0.0, low), np.asarray(high, dtype=np.float64)


def _check_bands(*parts: tuple[NDArray[np.float64], str], bands: Sequence[str], carry: bool) -> None:
    for values, what in parts:
        if values.shape[-1] != len(bands):
            raise ValueError(f"年齢階級は{len(bands)}区分ですが、{what}は{values.shape[-1]}区分です。")
        gaps = np.flatnonzero(np.any(np.isnan(values).reshape(-1, len(bands)), axis=0))
        if gaps.size and not carry:
            raise AgeBandMissing([bands[int(place)] for place in gaps], what=what)
