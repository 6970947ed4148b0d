"""From numerator and denominator to the value: the formulas an indicator definition may name.

All take and give `Figures` of one shape. A division that is undefined has no number but a reason; the numerator
survives beside it. Official values (指標例) are raw counts; the denominators are this project's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import HIDDEN, Figures, Gap
from zaitaku.lib.statistics.intervals import poisson_interval, rate_interval, wilson_interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Lower and upper limit of the 95 % interval; NaN where there is none."""

    lower: Floats
    upper: Floats


def count(numerator: Figures) -> Figures:
    """The raw count."""
    return numerator


def rate(numerator: Figures, denominator: Figures, *, multiplier: float) -> Figures:
    """Numerator ÷ denominator × multiplier, e.g. institutions per 100,000 people of 75 and over."""
    return _divide(numerator, denominator, multiplier=multiplier)


def ratio(numerator: Figures, denominator: Figures, *, multiplier: float) -> Figures:
    """One item over another: patients per institution, supply over estimated demand, observed over expected."""
    return _divide(numerator, denominator, multiplier=multiplier)


def per_area(numerator: Figures, denominator: Figures, *, multiplier: float) -> Figures:
    """How many per area (圏域) of the region."""
    return _divide(numerator, denominator, multiplier=multiplier)


def proportion(numerator: Figures, denominator: Figures, *, multiplier: float) -> Figures:
    """A part of a whole. More than the whole contradicts itself and is not shown."""
    with np.errstate(invalid="ignore"):
        more_than_all = numerator.value > denominator.value
    flags = np.where(more_than_all, numerator.flags | np.uint16(Gap.CONTRADICTORY), numerator.flags)
    part = Figures(np.where(more_than_all, np.nan, numerator.value), flags)
    return _divide(part, denominator, multiplier=multiplier)


def units_with_none(units: Figures) -> Figures:
    """1 for each unit that has none, 0 for each that has some; a unit not known stays unknown."""
    none = np.where(units.has_number, (units.value == 0).astype(np.float64), np.nan)
    return Figures(none, units.flags)


def interval(
    kind: str, numerator: Figures, denominator: Figures | None, value: Figures, *, multiplier: float
) -> Limits | None:
    """The 95 % interval that the definition names (`none`, `poisson`, `wilson`), where there is a value."""
    if kind == "none":
        return None
    lower, upper = _limits(kind, numerator, denominator, multiplier=multiplier)
    return Limits(np.where(value.has_number, lower, np.nan), np.where(value.has_number, upper, np.nan))


def _limits(kind: str, numerator: Figures, denominator: Figures | None, *, multiplier: float) -> tuple[Floats, Floats]:
    if denominator is None:
        lower, upper = poisson_interval(numerator.value)
        return lower * multiplier, upper * multiplier
    if kind == "wilson":
        lower, upper = wilson_interval(numerator.value, denominator.value)
        return lower * multiplier, upper * multiplier
    return rate_interval(numerator.value, denominator.value, multiplier=multiplier)


def _divide(numerator: Figures, denominator: Figures, *, multiplier: float) -> Figures:
    without = ~denominator.has_number
    zero = denominator.value == 0
    flags = numerator.flags | np.where(without, _gap_of_denominator(denominator), np.uint16(0))
    flags = flags | np.where(zero, np.uint16(Gap.ZERO_DENOMINATOR), np.uint16(0))
    flags = flags | (denominator.flags & np.uint16(Gap.PROVISIONAL))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = numerator.value / denominator.value * multiplier
    figures = Figures(value, flags)
    return Figures(np.where(figures.has_number, value, np.nan), flags)


def _gap_of_denominator(denominator: Figures) -> NDArray[np.uint16]:
    """A hidden denominator hides the rate and says why; any other gap is simply "no denominator"."""
    hidden = denominator.flags & HIDDEN
    return np.where(hidden != 0, hidden, np.uint16(Gap.NO_DENOMINATOR))


Formula = Callable[..., Figures]
FORMULAS: dict[str, Formula] = {
    "proportion": proportion,
    "rate": rate,
    "ratio": ratio,
    "per_area": per_area,
    "coverage": ratio,
    "standardised_ratio": ratio,
    "share_of_units_with_none": proportion,
}
