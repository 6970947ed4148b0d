"""Confidence intervals of single figures: proportions, counts, rates and means.

Conventions of the English public health technical guides (Eayrs & Aspinall, APHO Technical Briefing 3, 2008), which
the project follows because their worked results are published: the normal quantile is never rounded to 1.96.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]

EXACT_BELOW = 10
"""Counts below this get exact Poisson limits, others Byar's approximation."""


def normal_quantile(confidence: float) -> float:
    """The two-sided standard normal quantile: 1.959964 for 0.95; infinite for 1."""
    from scipy import special

    _check_confidence(confidence)
    return float(special.ndtri(0.5 + confidence / 2))


def wilson_interval(count: ArrayLike, denominator: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Wilson score limits of count/denominator as shares between 0 and 1, without continuity correction.

    NaN where a value is missing, the denominator is not positive or the count lies outside 0..denominator.
    Wilson, JASA 22 (1927) 209–212; Newcombe, Statist. Med. 17 (1998) 857–872, method 3.
    """
    z = normal_quantile(confidence)
    o, n = _pair(count, denominator)
    defined = (n > 0) & (o >= 0) & (o <= n)
    if np.isinf(z):
        return np.where(defined, 0.0, np.nan), np.where(defined, 1.0, np.nan)
    safe_n = np.where(defined, n, np.nan)
    centre = 2 * o + z * z
    with np.errstate(invalid="ignore"):
        half = z * np.sqrt(z * z + 4 * o * (1 - o / safe_n))
    scale = 2 * (safe_n + z * z)
    return np.clip((centre - half) / scale, 0.0, 1.0), np.clip((centre + half) / scale, 0.0, 1.0)


def exact_poisson_interval(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Exact limits of a Poisson mean: χ²(α/2, 2O)/2 and χ²(1−α/2, 2O+2)/2; the lower limit of 0 is 0.

    Counts may be fractional (weighted or pooled); negative ones give NaN. Garwood, Biometrika 28 (1936) 437–442.
    """
    from scipy import special

    _check_confidence(confidence)
    o = _counts(count)
    # χ²(p, 2k)/2 is the quantile of a Gamma(k, 1) distribution. Few distinct counts occur: each is inverted once.
    distinct, place = np.unique(o, return_inverse=True)
    lower = np.where(
        distinct == 0, 0.0, special.gammaincinv(np.where(distinct == 0, 1.0, distinct), 0.5 - confidence / 2)
    )
    upper = np.asarray(special.gammaincinv(distinct + 1, 0.5 + confidence / 2), dtype=np.float64)
    shape = np.shape(o)
    return lower[place].reshape(shape), upper[place].reshape(shape)


def byar_interval(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Byar's approximation to the exact Poisson limits: O(1−1/9O−z/3√O)³ and, with O+1 and +z, above.

    A lower limit that the approximation would put below 0 is 0. Breslow & Day, Statistical Methods in Cancer
    Research II (IARC 1987), p. 69.
    """
    z = normal_quantile(confidence)
    o = _counts(count)
    lower = np.where(o == 0, 0.0, np.maximum(_byar(np.where(o == 0, 1.0, o), -z), 0.0))
    return lower, _byar(o + 1, z)


def poisson_interval(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of a Poisson mean as published rates use them: exact below ten cases, Byar from ten on."""
    o = _counts(count)
    lower, upper = byar_interval(o, confidence=confidence)
    few = o < EXACT_BELOW
    if few.any():
        exact = exact_poisson_interval(o[few], confidence=confidence)
        lower, upper = np.array(lower), np.array(upper)
        lower[few], upper[few] = exact
    return lower, upper


def rate_interval(
    count: ArrayLike, denominator: ArrayLike, *, multiplier: float = 1.0, confidence: float = 0.95
) -> Limits:
    """Limits of count/denominator × multiplier where the denominator (people, person-years) is known exactly.

    Unlike a proportion a rate may exceed one. NaN where the denominator is not positive or the count negative.
    """
    return scaled_interval(poisson_interval, count, denominator, multiplier=multiplier, confidence=confidence)


def scaled_interval(
    interval: Callable[..., Limits],
    count: ArrayLike,
    denominator: ArrayLike,
    *,
    multiplier: float = 1.0,
    confidence: float = 0.95,
) -> Limits:
    """The limits of a count by `interval`, divided by a known denominator and multiplied."""
    o, n = _pair(count, denominator)
    scale = multiplier / np.where(n > 0, n, np.nan)
    lower, upper = interval(o, confidence=confidence)
    return lower * scale, upper * scale


def mean_interval(mean: ArrayLike, sd: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Student's t limits of a mean of `n` values with sample standard deviation `sd` (n−1); NaN for n < 2."""
    from scipy import special

    _check_confidence(confidence)
    m, s, size = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (mean, sd, n)))
    enough = np.where(size >= 2, size, np.nan)
    half = np.asarray(special.stdtrit(enough - 1, 0.5 + confidence / 2)) * s / np.sqrt(enough)
    return m - half, m + half


def _byar(o: Floats, z: float) -> Floats:
    root = 1 - 1 / (9 * o) + z / (3 * np.sqrt(o))
    # Multiplied out: `** 3` may differ in the last digit between one value and many, and jobs are compared bit by bit.
    return np.asarray(o * (root * root * root), dtype=np.float64)


def _counts(count: ArrayLike) -> Floats:
    o = np.asarray(count, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(o >= 0, o, np.nan)


def _pair(count: ArrayLike, denominator: ArrayLike) -> Limits:
    o, n = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(denominator, dtype=np.float64))
    return o, n


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence <= 1:
        raise ValueError(f"信頼水準は0より大きく1以下で指定してください（指定値：{confidence}）。例：0.95")
