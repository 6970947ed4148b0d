"""Funnel limits and signals against published results and a slow reference implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats

from tests.lib.vectors import assert_column_prints, assert_prints_as, column, read_rows
from zaitaku.lib.statistics.funnels import (
    Overdispersion,
    Signal,
    adjusted_signals,
    crude_rate_signals,
    expected_at_limits,
    implied_denominators,
    overdispersion,
    poisson_signals,
    pooled_target,
    proportion_limits,
    proportion_signals,
    rate_limits,
    ratio_limits,
    standardised_rate_signals,
)

LEVELS = (("95", 0.95), ("998", 0.998))
PRINTED = {
    "High (0.001)": Signal.HIGH_ALARM,
    "High (0.025)": Signal.HIGH_WARNING,
    "Low (0.001)": Signal.LOW_ALARM,
    "Low (0.025)": Signal.LOW_WARNING,
    "Not significant": Signal.NOT_SIGNIFICANT,
    "Not applicable for events less than 10 for dsrs": Signal.NOT_APPLICABLE,
}
STEP = 2.0**-24
"""The published limits of rates and ratios were found by halving v = E/(1+O+E) until the step fell below 1e-7."""


def published_tail(observed: float, expected: float) -> tuple[float, float]:
    """P(≤ O) and P(≥ O) as summed by the publisher, who stops at terms below 1e-10 of the sum."""
    k = np.arange(0.0, expected + 40 * np.sqrt(expected) + 200)
    terms = np.exp(k * np.log(expected) - special.gammaln(k + 1) - expected)
    reached = np.cumsum(terms)
    kept = ~((k >= expected) & (terms <= reached * 1e-10))
    terms = terms[: int(np.argmin(kept))] if not kept.all() else terms
    k, total = k[: len(terms)], terms.sum()
    return float(terms[k <= observed].sum() / total), float(terms[k >= observed].sum() / total)


def as_published(observed: float, *, tail: float, upper_tail: bool) -> float:
    """The expected number as the published bisection found it: slow, and exact only to its last step."""
    v = step = 0.5
    while step > 1e-7:
        step /= 2
        expected = (1 + observed) * v / (1 - v)
        if upper_tail:  # is O or fewer still likely?  Then E may grow.
            grow = published_tail(observed, expected)[0] > tail
        else:
            grow = published_tail(observed, expected)[1] < tail
        v += step if grow else -step
    return (1 + observed) * v / (1 - v)


def within_a_step(actual: NDArray[np.float64], published: NDArray[np.float64], observed: NDArray[np.float64]) -> bool:
    """Whether two expected numbers are no further apart than the last step of the bisection and the printed digits."""
    v = actual / (1 + observed + actual), published / (1 + observed + published)
    return bool((np.abs(v[0] - v[1]) <= 1.02 * STEP).all())


def test_limits_of_proportions_match_the_published_ones(shared_vectors: Path) -> None:
    for name in ("phe_funnel_prop_limits", "phe_funnel_prop_limits_denominator_lt_31000"):
        rows = read_rows(shared_vectors / f"funnels/{name}.csv")
        inputs = read_rows(shared_vectors / "funnels/phe_funnel_prop_inputs.csv")
        n = column(inputs, "denominator")
        few = n < 31_000 if name.endswith("31000") else n > 0
        target = pooled_target(column(inputs, "numerator")[few], n[few])
        for suffix, confidence in LEVELS:
            lower, upper = proportion_limits(column(rows, "population"), target=target, confidence=confidence)
            assert_column_prints(lower * 100, rows, f"lower{suffix}")
            assert_column_prints(upper * 100, rows, f"upper{suffix}")
        assert_prints_as(target * 100, rows[0]["baseline"])


def test_limits_of_ratios_match_the_published_ones(shared_vectors: Path) -> None:
    rows = read_rows(shared_vectors / "funnels/phe_funnel_ratio_limits.csv")
    observed = column(rows, "observed_events")
    for suffix, confidence in LEVELS:
        for side, exact in zip(("lower", "upper"), expected_at_limits(observed, confidence=confidence), strict=True):
            assert within_a_step(exact, column(rows, f"{side}{suffix}_exp_events"), observed)
        low, high = ratio_limits(observed, confidence=confidence)
        assert np.allclose(low, column(rows, f"lower{suffix}_isr100"), rtol=5e-7)
        assert np.allclose(high, column(rows, f"upper{suffix}_isr100"), rtol=5e-5)


def test_the_published_bisection_reproduces_every_printed_digit_of_the_ratio_limits(shared_vectors: Path) -> None:
    for row in read_rows(shared_vectors / "funnels/phe_funnel_ratio_limits.csv"):
        observed = float(row["observed_events"])
        for suffix, tail in (("95", 0.025), ("998", 0.001)):
            low = as_published(observed, tail=tail, upper_tail=True)
            high = as_published(observed, tail=tail, upper_tail=False)
            assert_prints_as(low, row[f"lower{suffix}_exp_events"])
            assert_prints_as(high, row[f"upper{suffix}_exp_events"])
            assert_prints_as(observed / low * 100, row[f"lower{suffix}_isr100"])
            assert_prints_as(observed / high * 100, row[f"upper{suffix}_isr100"])


@pytest.mark.parametrize(
    "name",
    ["crude_per100000_years3_maxev_to_5", "crude_per100000_years3_zero_events_pop_gt_half", "dsr_per100000_years3"],
)
def test_limits_of_rates_match_the_published_ones(shared_vectors: Path, name: str) -> None:
    rows = read_rows(shared_vectors / f"funnels/phe_funnel_rate_limits_{name}.csv")
    events, target = column(rows, "events"), float(rows[0]["baseline"])
    for suffix, confidence in LEVELS:
        lines = rate_limits(events, target=target, years=3, confidence=confidence)
        for side, (population, height) in zip(("lower", "upper"), lines, strict=True):
            published = column(rows, f"{side}{suffix}_population_1_year")
            person_years = 3 * target / 100_000
            assert within_a_step(population * person_years, published * person_years, events)
            np.testing.assert_allclose(height, column(rows, f"{side}{suffix}_limit"), rtol=5e-5)
            np.testing.assert_allclose(
                height * population, column(rows, f"{side}{suffix}_limit") * published, rtol=1e-9
            )


def test_the_points_of_a_rate_funnel_match_the_published_ones(shared_vectors: Path) -> None:
    rows = read_rows(shared_vectors / "funnels/phe_funnel_rate_points.csv")
    events, rate, pop = (column(rows, name) for name in ("events", "rate_per_100000", "pop"))
    crude = implied_denominators(events, rate, years=3)
    assert_column_prints(crude, rows, "exp_denominator_derived_crude")
    # In the run with populations the one area that is not applicable as a standardised rate had no events.
    no_events = np.array([row["exp_rate_chart"] == "NA" for row in rows])
    assert no_events.sum() == 1
    with_population = implied_denominators(np.where(no_events, 0, events), rate, population=pop, years=5)
    assert_column_prints(with_population, rows, "exp_denominator_derived_crude_with_denom")
    standardised = np.where(no_events, np.nan, crude)
    assert_column_prints(standardised, rows, "exp_denominator_derived")


def test_signals_match_the_published_ones(shared_vectors: Path) -> None:
    rows = read_rows(shared_vectors / "funnels/phe_funnel_prop_inputs.csv")
    signals = proportion_signals(column(rows, "numerator"), column(rows, "denominator"))
    assert signals.tolist() == [PRINTED[row["expected_significance"]] for row in rows]
    rows = read_rows(shared_vectors / "funnels/phe_funnel_ratio_inputs.csv")
    signals = poisson_signals(column(rows, "observed"), column(rows, "expected"))
    assert signals.tolist() == [PRINTED[row["expected_significance"]] for row in rows]


@pytest.mark.parametrize("zero_row", ["with_0", "without_0"])
@pytest.mark.parametrize("multiplier", [100, 100_000])
def test_signals_of_rates_match_the_published_ones(shared_vectors: Path, zero_row: str, multiplier: int) -> None:
    rows = read_rows(shared_vectors / "funnels/phe_funnel_rate_significance_inputs.csv")
    rows = rows if zero_row == "with_0" else [row for row in rows if row["count"] != "0"]
    counts, pop = column(rows, "count"), column(rows, "pop")
    crude = crude_rate_signals(counts, pop)
    assert crude.tolist() == [PRINTED[row[f"exp_crude_per_{multiplier}_{zero_row}"]] for row in rows]
    scaled = column(rows, "rate_dsr") * multiplier / 100_000
    standardised = standardised_rate_signals(counts, scaled, multiplier=multiplier)
    assert standardised.tolist() == [PRINTED[row[f"exp_dsr_per_{multiplier}_{zero_row}"]] for row in rows]


def test_a_missing_figure_is_not_applicable() -> None:
    assert proportion_signals([1, np.nan], [10, 10]).tolist() == [Signal.NOT_SIGNIFICANT, Signal.NOT_APPLICABLE]
    assert poisson_signals([1, 5], [0, np.nan]).tolist() == [Signal.NOT_APPLICABLE] * 2


def test_overdispersion_by_hand() -> None:
    # Ten z-scores of ±2 and equal s = 0.5: φ = 4, nφ − (n−1) = 31, Σw − Σw²/Σw = 40 − 4 = 36, τ² = 31/36.
    result = overdispersion([2, -2] * 5, [0.5] * 10)
    assert result.phi == pytest.approx(4)
    assert result.tau2 == pytest.approx(31 / 36)
    assert result.is_present


def test_without_overdispersion_the_funnel_stays_as_it_is() -> None:
    calm = overdispersion([0.5, -0.5] * 5, [0.5] * 10)
    assert calm == Overdispersion(phi=0.25, tau2=0.0, areas=10)
    signals = adjusted_signals([10, 12.5, 15.0], 1.0, target=10, dispersion=calm)
    assert signals.tolist() == [Signal.NOT_SIGNIFICANT, Signal.HIGH_WARNING, Signal.HIGH_ALARM]


def test_an_outlier_does_not_widen_the_funnel_for_itself() -> None:
    z = [*([-1.0, -0.5, 0.0, 0.5, 1.0] * 4), 30.0]
    assert overdispersion(z, [1.0] * 21).phi < 1.5


@given(observed=st.integers(0, 300), expected=st.floats(0.5, 300))
def test_a_signal_is_what_the_poisson_tails_say(observed: int, expected: float) -> None:
    many, few = stats.poisson.sf(observed - 1, expected), stats.poisson.cdf(observed, expected)
    signal = Signal(int(poisson_signals(observed, expected)))
    if min(abs(p - tail) for p in (many, few) for tail in (0.025, 0.001)) > 1e-6:
        if many < 0.001:
            assert signal is Signal.HIGH_ALARM
        elif many < 0.025:
            assert signal is Signal.HIGH_WARNING
        elif few < 0.001:
            assert signal is Signal.LOW_ALARM
        elif few < 0.025:
            assert signal is Signal.LOW_WARNING
        else:
            assert signal is Signal.NOT_SIGNIFICANT
