"""Trends over years: the recent trend of an indicator, Mann–Kendall, Sen's slope.

Years lie on the last axis, oldest first; areas on the axes before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.comparison import Polarity
from zaitaku.lib.statistics.intervals import Floats, normal_quantile

POINTS_USED = 5
CHI2_THRESHOLD = 9.549535706083239
"""The 99.8 % quantile of χ² with one degree of freedom (9.5495): few false alarms among many areas and indicators."""
INTERVAL_WIDTH_IN_SE = 3.92
"""A 95 % interval is 2 × 1.96 standard errors wide, rounded as the published method rounds it."""


class Trend(IntEnum):
    """The direction of a recent trend."""

    DECREASING = -1
    NO_CHANGE = 0
    INCREASING = 1
    CANNOT_BE_CALCULATED = 9


class TrendReason(IntEnum):
    """Why there is no trend to report; carried beside the direction, never instead of it."""

    NONE = 0
    TOO_FEW_YEARS = 1
    YEAR_GAP = 2
    POOLED_YEARS = 3
    NO_INTERVALS = 4
    EVERYONE_OR_NOT_DEFINED = 5
    NOT_COMPARABLE_OVER_TIME = 6


class FigureKind(StrEnum):
    """How a figure was made, which decides whether its years may be compared."""

    PROPORTION = "proportion"
    CRUDE_RATE = "crude_rate"
    DIRECTLY_STANDARDISED = "directly_standardised"
    INDIRECTLY_STANDARDISED = "indirectly_standardised"


class TrendMarker(StrEnum):
    """A trend with its judgement, as it is shown."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no_change"
    CANNOT_BE_CALCULATED = "cannot_be_calculated"
    INCREASING_BETTER = "increasing_better"
    INCREASING_WORSE = "increasing_worse"
    DECREASING_BETTER = "decreasing_better"
    DECREASING_WORSE = "decreasing_worse"


@dataclass(frozen=True, slots=True)
class RecentTrend:
    """Per area: direction (`Trend`), χ² of the slope (1 degree of freedom), slope per year, reason (`TrendReason`)."""

    direction: NDArray[np.int8]
    chi2: Floats
    slope: Floats
    reason: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Per area: S, its variance under no trend (ties counted), the corrected z, two-sided p and Kendall's τ-b."""

    s: Floats
    variance: Floats
    z: Floats
    p: Floats
    tau: Floats


def recent_trend(
    values: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    years: ArrayLike,
    years_per_point: int = 1,
    kind: FigureKind = FigureKind.CRUDE_RATE,
) -> RecentTrend:
    """The trend of rates over the last five years by weighted least squares with SE = (upper − lower) ÷ 3.92.

    Real if χ² > 9.5495 and the slope keeps its sign when any one year is dropped. Years without an interval are left
    out; if they leave no slope, there is no change to report (reason `NO_INTERVALS`). Fewer than five years, gaps
    between them, or points that each pool several years cannot be calculated; nor can indirectly standardised
    figures, whose weights change from year to year. Fingertips technical guidance, "Recent trends".
    """
    v, low, high = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (values, lower, upper)))
    refused = _refusal(years, years_per_point=years_per_point)
    if kind is FigureKind.INDIRECTLY_STANDARDISED:
        refused = TrendReason.NOT_COMPARABLE_OVER_TIME
    if refused:
        return _not_calculated(v.shape[:-1], refused)
    v, low, high = (part[..., -POINTS_USED:] for part in (v, low, high))
    missing_value = np.isnan(v).any(axis=-1)
    t = _centred(years)
    se = (high - low) / INTERVAL_WIDTH_IN_SE
    weight = np.where(se > 0, 1 / np.where(se > 0, se, 1.0) ** 2, 0.0)
    slope, precision = _weighted_slope(t, np.where(np.isnan(v), 0.0, v), weight)
    chi2 = slope**2 * precision
    steady = np.ones(chi2.shape, dtype=bool)
    for dropped in range(POINTS_USED):
        kept = weight * (np.arange(POINTS_USED) != dropped)
        steady &= np.sign(_weighted_slope(t, np.where(np.isnan(v), 0.0, v), kept)[0]) == np.sign(slope)
    reason = np.where(np.isnan(chi2), TrendReason.NO_INTERVALS, TrendReason.NONE)
    reason = np.where(missing_value, TrendReason.TOO_FEW_YEARS, reason)
    return _decide(slope, chi2, steady, cannot=missing_value, reason=reason)


def recent_trend_of_proportions(
    counts: ArrayLike, denominators: ArrayLike, *, years: ArrayLike, years_per_point: int = 1
) -> RecentTrend:
    """The trend of shares over the last five years by the Cochran–Armitage test (variance with N, not N − 1).

    Cannot be calculated where in some year everyone counts, or a figure is missing. Same rules as `recent_trend`.
    The slope is that of the regression the test belongs to, in share per year.
    """
    o, n = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(denominators, dtype=np.float64))
    refused = _refusal(years, years_per_point=years_per_point)
    if refused:
        return _not_calculated(o.shape[:-1], refused)
    o, n = o[..., -POINTS_USED:], n[..., -POINTS_USED:]
    usable = np.asarray(((n > 0) & (o >= 0) & (o < n)).all(axis=-1))
    safe_o, safe_n = np.where(usable[..., None], o, 0.0), np.where(usable[..., None], n, 1.0)
    t = _centred(years)
    slope, chi2 = _cochran_armitage(t, safe_o, safe_n)
    steady = np.ones(chi2.shape, dtype=bool)
    for dropped in range(POINTS_USED):
        kept = np.arange(POINTS_USED) != dropped
        steady &= np.sign(_cochran_armitage(t[kept], safe_o[..., kept], safe_n[..., kept])[0]) == np.sign(slope)
    reason = np.where(usable, TrendReason.NONE, TrendReason.EVERYONE_OR_NOT_DEFINED)
    return _decide(slope, np.where(usable, chi2, 0.0), steady, cannot=~usable, reason=reason)


def trend_marker(trend: Trend | TrendMarker, *, polarity: Polarity) -> TrendMarker:
    """What is shown: a rise or fall becomes better or worse where the definition has a good direction."""
    marker = TrendMarker(trend.name.lower()) if isinstance(trend, Trend) else trend
    rising, falling = marker is TrendMarker.INCREASING, marker is TrendMarker.DECREASING
    if polarity is Polarity.NEUTRAL or not (rising or falling):
        return marker
    better = rising == (polarity is Polarity.HIGHER)
    return TrendMarker(f"{marker.value}_{'better' if better else 'worse'}")


def mann_kendall(values: ArrayLike) -> MannKendall:
    """The Mann–Kendall test for a monotonic trend, with ties; NaN years are left out; z with continuity correction.

    Var S = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] ÷ 18. Kendall, Rank Correlation Methods (1975); Gilbert (1987) §16.4.
    """
    from scipy import special

    x = np.asarray(values, dtype=np.float64)
    n = (~np.isnan(x)).sum(axis=-1).astype(np.float64)
    difference = _differences(x)
    s = np.asarray(np.nansum(np.sign(difference), axis=-1), dtype=np.float64)
    # Each of the t members of a tied group meets t equal values, so Σ over members of (t−1)(2t+5) is Σ t(t−1)(2t+5).
    size = (x[..., :, None] == x[..., None, :]).sum(axis=-1).astype(np.float64)
    tied = np.where(size > 0, (size - 1) * (2 * size + 5), 0.0).sum(axis=-1)
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    z = (s - np.sign(s)) / np.sqrt(np.where(variance > 0, variance, np.nan))
    pairs, tied_pairs = n * (n - 1) / 2, np.where(size > 0, size - 1, 0.0).sum(axis=-1) / 2
    root = np.sqrt(pairs * (pairs - tied_pairs))
    tau = s / np.where(root > 0, root, np.nan)
    return MannKendall(s=s, variance=variance, z=z, p=2 * special.ndtr(-np.abs(z)), tau=tau)


def sen_slope(values: ArrayLike, *, years: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Sen's slope per year with its limits: (slope, lower, upper); NaN with fewer than two years.

    The median of the slopes of all pairs of years; limits are the pairs' slopes at ranks (N ∓ z·√Var S) ÷ 2, rounded
    outwards. Sen, JASA 63 (1968) 1379–1389; Gilbert (1987) §16.5.
    """
    x = np.asarray(values, dtype=np.float64)
    gaps = _differences(np.asarray(years, dtype=np.float64))
    slopes = np.sort(_differences(x) / gaps, axis=-1)  # NaN last
    count = (~np.isnan(slopes)).sum(axis=-1)
    reach = normal_quantile(confidence) * np.sqrt(mann_kendall(x).variance)
    middle = (_at(slopes, (count - 1) // 2, count) + _at(slopes, count // 2, count)) / 2
    low = np.floor((count - reach) / 2).astype(np.int64) - 1
    high = np.ceil((count + reach) / 2).astype(np.int64)
    return middle, _at(slopes, low, count), _at(slopes, high, count)


def _refusal(years: ArrayLike, *, years_per_point: int) -> TrendReason:
    y = np.asarray(years, dtype=np.float64)
    if years_per_point != 1:
        return TrendReason.POOLED_YEARS
    if len(y) < POINTS_USED:
        return TrendReason.TOO_FEW_YEARS
    return TrendReason.NONE if (np.diff(y[-POINTS_USED:]) == 1).all() else TrendReason.YEAR_GAP


def _not_calculated(shape: tuple[int, ...], reason: TrendReason) -> RecentTrend:
    return RecentTrend(
        direction=np.full(shape, Trend.CANNOT_BE_CALCULATED, dtype=np.int8),
        chi2=np.full(shape, np.nan),
        slope=np.full(shape, np.nan),
        reason=np.full(shape, reason, dtype=np.int8),
    )


def _decide(
    slope: Floats, chi2: Floats, steady: NDArray[np.bool_], *, cannot: NDArray[np.bool_], reason: NDArray[np.int64]
) -> RecentTrend:
    real = steady & (chi2 > CHI2_THRESHOLD)
    direction = np.where(real, np.sign(np.nan_to_num(slope)), 0)
    direction = np.where(cannot, Trend.CANNOT_BE_CALCULATED, direction)
    return RecentTrend(direction=direction.astype(np.int8), chi2=chi2, slope=slope, reason=reason.astype(np.int8))


def _centred(years: ArrayLike) -> Floats:
    """The last years around their middle: numbers near 2026 squared would cost digits."""
    y = np.asarray(years, dtype=np.float64)[-POINTS_USED:]
    return np.asarray(y - y.mean(), dtype=np.float64)


def _weighted_slope(t: Floats, value: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """The weighted least squares slope and its precision Σw(t−t̄)²; NaN where fewer than two years carry weight."""
    total = weight.sum(axis=-1)
    centre = (weight * t).sum(axis=-1) / np.where(total > 0, total, np.nan)
    offset = t - centre[..., None]
    precision = (weight * offset**2).sum(axis=-1)
    several = np.where((weight > 0).sum(axis=-1) >= 2, precision, np.nan)
    return (weight * offset * value).sum(axis=-1) / several, several


def _cochran_armitage(t: Floats, o: Floats, n: Floats) -> tuple[Floats, Floats]:
    everyone = n.sum(axis=-1)
    share = o.sum(axis=-1) / everyone
    tendency = (t * (o - n * share[..., None])).sum(axis=-1)
    spread = (n * t**2).sum(axis=-1) - (n * t).sum(axis=-1) ** 2 / everyone
    variance = share * (1 - share) * spread
    return tendency / spread, np.where(variance > 0, tendency**2 / np.where(variance > 0, variance, 1.0), 0.0)


def _differences(x: Floats) -> Floats:
    """Later minus earlier for every pair of years, on the last axis."""
    earlier, later = np.triu_indices(x.shape[-1], k=1)
    return np.asarray(x[..., later] - x[..., earlier], dtype=np.float64)


def _at(ordered: Floats, rank: NDArray[np.int64], count: NDArray[np.int64]) -> Floats:
    if ordered.shape[-1] == 0:
        return np.full(count.shape, np.nan)
    place = np.clip(rank, 0, np.maximum(count - 1, 0))
    return np.asarray(np.take_along_axis(ordered, place[..., None], axis=-1)[..., 0], dtype=np.float64)
