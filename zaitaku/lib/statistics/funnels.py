"""Funnel plots: what chance alone would do around a target, and who lies outside.

Spiegelhalter, Statist. Med. 24 (2005) 1185–1202. Limits at 95 % (2.5 % each side) and 99.8 % (0.1 % each side).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.intervals import Floats, Limits, exact_poisson_interval, normal_quantile

WARNING = 0.95
ALARM = 0.998
FEWEST_EVENTS_DSR = 10


class Signal(IntEnum):
    """Where a figure lies in a funnel. High and low say nothing about good and bad: see `comparison`."""

    LOW_ALARM = -2
    LOW_WARNING = -1
    NOT_SIGNIFICANT = 0
    HIGH_WARNING = 1
    HIGH_ALARM = 2
    NOT_APPLICABLE = 9


Signals = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more areas differ than chance allows: `phi` (1 = chance alone) and the between-area variance `tau2`."""

    phi: float
    tau2: float
    areas: int

    @property
    def is_present(self) -> bool:
        return self.tau2 > 0


def pooled_target(counts: ArrayLike, denominators: ArrayLike) -> float:
    """The target all areas give together: Σ counts ÷ Σ denominators over areas that have both; NaN if none has."""
    o, n = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(denominators, dtype=np.float64))
    both = ~(np.isnan(o) | np.isnan(n))
    total = float(n[both].sum())
    return float(o[both].sum()) / total if total > 0 else float("nan")


def proportion_limits(denominators: ArrayLike, *, target: float, confidence: float = WARNING) -> Limits:
    """p₀ ± z·√(p₀(1−p₀)/n) as shares, clipped to 0..1."""
    n = np.asarray(denominators, dtype=np.float64)
    half = normal_quantile(confidence) * np.sqrt(target * (1 - target) / np.where(n > 0, n, np.nan))
    return np.clip(target - half, 0.0, 1.0), np.clip(target + half, 0.0, 1.0)


def expected_at_limits(observed: ArrayLike, *, confidence: float = WARNING) -> Limits:
    """The expected numbers at which an observed number lies exactly on the lower, and on the upper, funnel line.

    An observed O is on the lower line where O is the most improbable small count allowed: the exact upper Poisson
    limit of O; and on the upper line at its exact lower limit. The lines of ratios and rates are drawn from these.
    """
    low, high = exact_poisson_interval(observed, confidence=confidence)
    return high, low


def ratio_limits(observed: ArrayLike, *, multiplier: float = 100, confidence: float = WARNING) -> Limits:
    """Heights O/E × multiplier of the lower and upper line where the observed number is O (target: `multiplier`)."""
    o = np.asarray(observed, dtype=np.float64)
    at_lower, at_upper = expected_at_limits(o, confidence=confidence)
    return o / at_lower * multiplier, o / np.where(at_upper > 0, at_upper, np.nan) * multiplier


def rate_limits(
    events: ArrayLike, *, target: float, multiplier: float = 100_000, years: float = 1, confidence: float = WARNING
) -> tuple[Limits, Limits]:
    """The funnel of a rate at given event counts: ((lower population, lower rate), (upper population, upper rate)).

    `target`: rate per `multiplier` person-years; populations are those of one year when events cover `years`.
    """
    o = np.asarray(events, dtype=np.float64)
    lower, upper = (expected / target * multiplier / years for expected in expected_at_limits(o, confidence=confidence))
    return (lower, o / (lower * years) * multiplier), (upper, o / (upper * years) * multiplier)


def implied_denominators(
    events: ArrayLike,
    rates: ArrayLike,
    *,
    population: ArrayLike | None = None,
    multiplier: float = 100_000,
    years: float = 1,
) -> Floats:
    """The population of one year at which a rate is plotted: events ÷ rate × multiplier ÷ years.

    For a crude rate that is the population itself, for a standardised one the population that would give the same
    precision. Without events the rate says nothing and `population` ÷ years is taken where it is given.
    """
    o, r = np.broadcast_arrays(np.asarray(events, dtype=np.float64), np.asarray(rates, dtype=np.float64))
    implied = o / np.where((r > 0) & (o > 0), r, np.nan) * multiplier / years
    if population is None:
        return implied
    return np.where(o == 0, np.asarray(population, dtype=np.float64) / years, implied)


def proportion_signals(counts: ArrayLike, denominators: ArrayLike, *, target: float | None = None) -> Signals:
    """Which shares lie outside the funnel of proportions; the target is the pooled share unless given."""
    o, n = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(denominators, dtype=np.float64))
    p0 = pooled_target(o, n) if target is None else target
    share = o / np.where(n > 0, n, np.nan)
    return _signals_outside(
        share, proportion_limits(n, target=p0, confidence=WARNING), proportion_limits(n, target=p0, confidence=ALARM)
    )


def poisson_signals(observed: ArrayLike, expected: ArrayLike) -> Signals:
    """Which observed numbers are too far from what was expected, by exact Poisson limits."""
    o, e = np.broadcast_arrays(np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64))
    known = np.where(e > 0, e, np.nan)
    return _signals_around(
        known, exact_poisson_interval(o, confidence=WARNING), exact_poisson_interval(o, confidence=ALARM)
    )


def crude_rate_signals(counts: ArrayLike, population: ArrayLike, *, target: float | None = None) -> Signals:
    """Which crude rates lie outside the funnel; `target` is events per person, the pooled one unless given."""
    o, n = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(population, dtype=np.float64))
    return poisson_signals(o, n * (pooled_target(o, n) if target is None else target))


def standardised_rate_signals(
    counts: ArrayLike, rates: ArrayLike, *, multiplier: float = 100_000, target: float | None = None
) -> Signals:
    """Which directly standardised rates lie outside; not applicable below ten events. `target` in the rates' unit."""
    o, r = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(rates, dtype=np.float64))
    n = implied_denominators(o, r, multiplier=multiplier)
    signals = crude_rate_signals(o, n, target=None if target is None else target / multiplier)
    return np.where(o < FEWEST_EVENTS_DSR, np.int8(Signal.NOT_APPLICABLE), signals).astype(np.int8)


def overdispersion(z_scores: ArrayLike, standard_errors: ArrayLike, *, winsorised_share: float = 0.1) -> Overdispersion:
    """Winsorised φ = Σz²/n and, where φ exceeds its chance value, τ² of the additive random effects model.

    z-scores beyond the `winsorised_share` quantile on either side are drawn in to it, so that true outliers do not
    widen the funnel. τ² = (nφ − (n−1)) ÷ (Σw − Σw²/Σw) with w = 1/s², and 0 when nφ < n−1.
    Spiegelhalter, Qual. Saf. Health Care 14 (2005) 347–351; DerSimonian & Laird 1986.
    """
    z, s = np.broadcast_arrays(np.asarray(z_scores, dtype=np.float64), np.asarray(standard_errors, dtype=np.float64))
    usable = np.isfinite(z) & np.isfinite(s) & (s > 0)
    z, w = z[usable], 1 / s[usable] ** 2
    if len(z) < 2:
        return Overdispersion(phi=float("nan"), tau2=0.0, areas=len(z))
    low, high = np.quantile(z, [winsorised_share, 1 - winsorised_share])
    phi = float((np.clip(z, low, high) ** 2).mean())
    excess = len(z) * phi - (len(z) - 1)
    tau2 = max(0.0, excess / float(w.sum() - (w**2).sum() / w.sum()))
    return Overdispersion(phi=phi, tau2=tau2, areas=len(z))


def adjusted_limits(
    standard_errors: ArrayLike, *, target: float, dispersion: Overdispersion, confidence: float = WARNING
) -> Limits:
    """target ± z·√(s² + τ²): funnel lines that allow for the variation all areas share (unit: that of `target`)."""
    spread = np.sqrt(np.asarray(standard_errors, dtype=np.float64) ** 2 + dispersion.tau2)
    half = normal_quantile(confidence) * spread
    return target - half, target + half


def adjusted_signals(
    values: ArrayLike, standard_errors: ArrayLike, *, target: float, dispersion: Overdispersion
) -> Signals:
    """Which values lie outside the funnel that allows for overdispersion."""
    warning, alarm = (
        adjusted_limits(standard_errors, target=target, dispersion=dispersion, confidence=level)
        for level in (WARNING, ALARM)
    )
    return _signals_outside(np.asarray(values, dtype=np.float64), warning, alarm)


def _signals_outside(value: Floats, warning: Limits, alarm: Limits) -> Signals:
    """A value against funnel lines: outside means strictly beyond."""
    conditions = [
        np.isnan(value + warning[0]),
        value > alarm[1],
        value < alarm[0],
        value > warning[1],
        value < warning[0],
    ]
    return _choose(conditions)


def _signals_around(target: Floats, warning: Limits, alarm: Limits) -> Signals:
    """A target against the limits of what was observed: high when even the lower limit is above the target."""
    conditions = [
        np.isnan(target + warning[1]),
        alarm[0] > target,
        alarm[1] < target,
        warning[0] > target,
        warning[1] < target,
    ]
    return _choose(conditions)


def _choose(conditions: list[NDArray[np.bool_]]) -> Signals:
    kinds = [Signal.NOT_APPLICABLE, Signal.HIGH_ALARM, Signal.LOW_ALARM, Signal.HIGH_WARNING, Signal.LOW_WARNING]
    return np.asarray(np.select(conditions, [np.int8(kind) for kind in kinds], default=np.int8(0)), dtype=np.int8)
