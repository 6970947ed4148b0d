"""Confidence intervals against published results, hand calculation and slow reference implementations."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from tests.lib.vectors import assert_column_prints, assert_prints_as, column, number, read_rows
from zaitaku.lib.statistics.intervals import (
    byar_interval,
    exact_poisson_interval,
    mean_interval,
    normal_quantile,
    poisson_interval,
    rate_interval,
    wilson_interval,
)

COUNTS = st.integers(min_value=0, max_value=5000)
CONFIDENCES = st.sampled_from([0.8, 0.95, 0.998])


def test_limits_of_counts_and_shares_match_the_published_ones(shared_vectors: Path) -> None:
    for row in read_rows(shared_vectors / "counts/phe_byars_wilson_limits.csv"):
        confidence, x = float(row["confidence"]), float(row["x"])
        if row["method"] == "wilson":
            lower, upper = wilson_interval(x, float(row["n"]), confidence=confidence)
        else:
            lower, upper = byar_interval(x, confidence=confidence)
        if row["lower"]:
            assert_prints_as(float(lower), row["lower"])
        assert_prints_as(float(upper), row["upper"])


@pytest.mark.parametrize("name", ["phe_proportion_wilson", "phe_proportion_wilson_grouped"])
def test_proportions_match_the_published_ones(shared_vectors: Path, name: str) -> None:
    rows = read_rows(shared_vectors / f"proportions/{name}.csv")
    scale = column(rows, "multiplier")
    for suffix, confidence in (("95", 0.95), ("998", 0.998)):
        if f"lower{suffix}" in rows[0]:
            lower, upper = wilson_interval(column(rows, "x"), column(rows, "n"), confidence=confidence)
            assert_column_prints(lower * scale, rows, f"lower{suffix}")
            assert_column_prints(upper * scale, rows, f"upper{suffix}")


@pytest.mark.parametrize("name", ["phe_rate_exact_byars", "phe_rate_grouped"])
def test_rates_match_the_published_ones(shared_vectors: Path, name: str) -> None:
    for row in read_rows(shared_vectors / f"rates/{name}.csv"):
        for suffix, confidence in (("95", 0.95), ("998", 0.998)):
            if f"lower{suffix}" in row:
                multiplier = float(row["multiplier"])
                x, n = number(row["x"]), number(row["n"])
                lower, upper = rate_interval(x, n, multiplier=multiplier, confidence=confidence)
                assert_prints_as(float(lower), row[f"lower{suffix}"])
                assert_prints_as(float(upper), row[f"upper{suffix}"])


def test_means_match_the_published_ones(shared_vectors: Path) -> None:
    for row in read_rows(shared_vectors / "means/phe_mean_t_expected.csv"):
        for suffix, confidence in (("95", 0.95), ("998", 0.998)):
            lower, upper = mean_interval(float(row["mean"]), float(row["sd"]), float(row["n"]), confidence=confidence)
            assert_prints_as(float(lower), row[f"lower{suffix}"])
            assert_prints_as(float(upper), row[f"upper{suffix}"])


def test_a_proportion_by_hand() -> None:
    # 20 of 100 with z² = 3.8414588: centre (40 + 3.8414588) / 207.6829176 = 0.211098,
    # half width 1.959964·√(3.8414588 + 4·20·0.8) / 207.6829176 = 0.077731.
    lower, upper = wilson_interval(20, 100)
    assert round(float(lower), 4) == 0.1334
    assert round(float(upper), 4) == 0.2888


def test_no_cases_have_a_lower_limit_of_zero_and_the_rule_of_three_above() -> None:
    lower, upper = poisson_interval(0)
    assert float(lower) == 0
    assert float(upper) == pytest.approx(-math.log(0.025))


def test_an_undefined_interval_is_no_value() -> None:
    assert np.isnan(wilson_interval([1, -1, 5, np.nan], [0, 10, 4, 10])).all()
    assert np.isnan(rate_interval([1, -1, 1, np.nan], [0, 10, -3, 10])).all()
    assert np.isnan(mean_interval(3.0, 1.0, 1)).all()


def test_a_confidence_outside_its_range_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="信頼水準"):
        normal_quantile(95)


def test_arrays_keep_their_shape() -> None:
    counts = np.arange(24.0).reshape(2, 3, 4)
    for lower, upper in (poisson_interval(counts), rate_interval(counts, 100), wilson_interval(counts, 100)):
        assert lower.shape == upper.shape == (2, 3, 4)


@given(count=st.integers(0, 200), confidence=CONFIDENCES)
def test_exact_limits_are_where_the_poisson_tail_holds_half_the_error(count: int, confidence: float) -> None:
    tail = (1 - confidence) / 2
    lower, upper = exact_poisson_interval(count, confidence=confidence)
    assert stats.poisson.cdf(count, float(upper)) == pytest.approx(tail, rel=1e-7)
    if count:
        assert stats.poisson.sf(count - 1, float(lower)) == pytest.approx(tail, rel=1e-7)


@given(count=st.integers(10, 5000), confidence=CONFIDENCES)
def test_byar_stays_close_to_the_exact_limits_from_ten_cases_on(count: int, confidence: float) -> None:
    exact, approximate = (
        exact_poisson_interval(count, confidence=confidence),
        byar_interval(count, confidence=confidence),
    )
    np.testing.assert_allclose(approximate, exact, rtol=0.04)


@given(count=st.integers(1, 400), extra=st.integers(1, 5000), confidence=CONFIDENCES)
def test_wilson_limits_are_the_shares_whose_score_test_just_rejects(count: int, extra: int, confidence: float) -> None:
    n, z = count + extra, normal_quantile(confidence)
    share = count / n

    def score(p: float) -> float:
        return (share - p) ** 2 - z * z * p * (1 - p) / n

    lower, upper = wilson_interval(count, n, confidence=confidence)
    assert float(lower) == pytest.approx(optimize.brentq(score, 1e-12, share, xtol=1e-14), rel=1e-6, abs=1e-9)
    assert float(upper) == pytest.approx(optimize.brentq(score, share, 1 - 1e-15, xtol=1e-14), rel=1e-6, abs=1e-9)


@given(counts=st.lists(COUNTS, min_size=1, max_size=30), confidence=CONFIDENCES)
def test_many_counts_at_once_equal_each_alone(counts: list[int], confidence: float) -> None:
    lower, upper = poisson_interval(counts, confidence=confidence)
    for place, count in enumerate(counts):
        one = (
            exact_poisson_interval(count, confidence=confidence)
            if count < 10
            else byar_interval(count, confidence=confidence)
        )
        assert (lower[place], upper[place]) == (float(one[0]), float(one[1]))
        assert lower[place] <= count <= upper[place]
