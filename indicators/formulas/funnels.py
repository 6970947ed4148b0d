"""The funnel of one view: each region's value against what chance alone does around a target. Pure.

Spiegelhalter, Statist. Med. 24 (2005) 1185–1202. Counts over a population are Poisson, shares binomial; the lines stand
at 95 % and 99.8 %. Where regions differ more than chance allows (overdispersion) that is said, and each region is also
held against limits that allow for it. docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.definitions.schema import Definition, Interval, Method
from zaitaku.lib.statistics.funnels import (
    ALARM,
    WARNING,
    Overdispersion,
    Signal,
    adjusted_signals,
    crude_rate_signals,
    overdispersion,
    poisson_signals,
    pooled_target,
    proportion_limits,
    proportion_signals,
    ratio_limits,
)
from zaitaku.lib.statistics.intervals import Floats, Limits

METHODS = (Method.PROPORTION, Method.RATE, Method.STANDARDISED_RATIO)
FEWEST = 5
_LINE_POINTS = 60
_EVENT_STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a funnel needs of a region that has a figure: its key, count and denominator."""

    code: str
    count: float
    denominator: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint:
    """One region: the limits at its denominator, where it lies, and where once overdispersion is allowed for."""

    code: str
    denominator: float
    value: float
    warning_low: float
    warning_high: float
    alarm_low: float
    alarm_high: float
    signal: Signal
    adjusted: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """The limits over the denominators (`x`), to be drawn."""

    x: tuple[float, ...]
    warning_low: tuple[float, ...]
    warning_high: tuple[float, ...]
    alarm_low: tuple[float, ...]
    alarm_high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """`target` in the unit of the values; `is_pooled`: that of the regions shown, for want of a national one."""

    target: float
    is_pooled: bool
    points: tuple[FunnelPoint, ...]
    line: FunnelLine
    dispersion: Overdispersion

    @property
    def is_overdispersed(self) -> bool:
        return self.dispersion.is_present

    def point(self, code: str) -> FunnelPoint | None:
        """The point of a region, None for one without a figure."""
        return next((point for point in self.points if point.code == code), None)

    def outside(self, level: int) -> int:
        """How many regions lie outside the 95 % (1) or the 99.8 % (2) limits."""
        return sum(abs(point.signal) >= level for point in self.points if point.signal != Signal.NOT_APPLICABLE)

    @property
    def outside_adjusted(self) -> int:
        """How many lie outside 99.8 % once overdispersion is allowed for."""
        return sum(abs(point.adjusted) == 2 for point in self.points)


def allows_funnel(definition: Definition) -> bool:
    """Whether chance is known: independent counts over a population, of single years."""
    return definition.interval is not Interval.NONE and definition.method in METHODS and definition.pool_years == 1


def make_funnel(definition: Definition, regions: Sequence[Counted], *, nation: Counted | None) -> Funnel | None:
    """The funnel around the nation's rate, else around that of all regions given; None for too few regions."""
    if not allows_funnel(definition) or len(regions) < FEWEST:
        return None
    counts, base = (
        np.array([getattr(r, name) for r in regions], dtype=np.float64) for name in ("count", "denominator")
    )
    given = pooled_target([nation.count], [nation.denominator]) if nation else float("nan")
    share = pooled_target(counts, base) if np.isnan(given) else given
    if np.isnan(share) or share <= 0:
        return None
    scale = definition.multiplier
    values = counts / base * scale
    errors = _standard_errors(definition, base, share) * scale
    dispersion = overdispersion((values - share * scale) / errors, errors)
    adjusted = adjusted_signals(values, errors, target=share * scale, dispersion=dispersion)
    at_points = _limits(definition, base, share)
    signals = _signals(definition, counts, base, share)
    return Funnel(
        target=share * scale,
        is_pooled=bool(np.isnan(given)),
        points=tuple(
            FunnelPoint(
                code=region.code,
                denominator=region.denominator,
                value=float(values[n]),
                warning_low=float(at_points[0][0][n]),
                warning_high=float(at_points[0][1][n]),
                alarm_low=float(at_points[1][0][n]),
                alarm_high=float(at_points[1][1][n]),
                signal=Signal(int(signals[n])),
                adjusted=Signal(int(adjusted[n])),
            )
            for n, region in enumerate(regions)
        ),
        line=_line(definition, base, share),
        dispersion=dispersion,
    )


def _line(definition: Definition, base: Floats, share: float) -> FunnelLine:
    x = np.geomspace(max(base.min() * 0.8, 1.0), base.max() * 1.05, _LINE_POINTS)
    warning, alarm = _limits(definition, x, share)
    parts = (x, *warning, *alarm)
    names = ("x", "warning_low", "warning_high", "alarm_low", "alarm_high")
    return FunnelLine(**{name: tuple(part.tolist()) for name, part in zip(names, parts, strict=True)})


def _standard_errors(definition: Definition, base: Floats, share: float) -> Floats:
    """Of a share (binomial), or of events per head (Poisson), under the target."""
    variance = share * (1 - share) if definition.method is Method.PROPORTION else share
    return np.asarray(np.sqrt(variance / base), dtype=np.float64)


def _signals(
    definition: Definition, counts: Floats, base: Floats, share: float
) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    if definition.method is Method.PROPORTION:
        return np.asarray(proportion_signals(counts, base, target=share))
    if definition.method is Method.STANDARDISED_RATIO:
        return np.asarray(poisson_signals(counts, base * share))
    return np.asarray(crude_rate_signals(counts, base, target=share))


def _limits(definition: Definition, base: Floats, share: float) -> tuple[Limits, Limits]:
    """The 95 % and the 99.8 % limits at given denominators, in the unit of the values."""
    scale = definition.multiplier
    if definition.method is Method.PROPORTION:
        warning, alarm = (proportion_limits(base, target=share, confidence=one) for one in (WARNING, ALARM))
        return (warning[0] * scale, warning[1] * scale), (alarm[0] * scale, alarm[1] * scale)
    warning, alarm = (_poisson_limits(base * share, share * scale, confidence=one) for one in (WARNING, ALARM))
    return warning, alarm


def _poisson_limits(expected: Floats, target: float, *, confidence: float) -> Limits:
    """Heights of the two lines at given expected numbers, between the points that whole numbers of events give."""
    most = expected.max() + 10 * np.sqrt(expected.max()) + 20
    events = np.unique(np.geomspace(1, most, _EVENT_STEPS).round())
    low, high = ratio_limits(events, multiplier=1, confidence=confidence)  # observed ÷ expected on each line
    at_low, at_high = events / low, events / high
    # Below the first point of the lower line no count is improbably small.
    below = np.interp(expected, at_low, low, left=0.0)
    above = np.interp(expected, at_high, high)
    return below * target, above * target
