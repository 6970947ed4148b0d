"""Benchmarks, judgements and trends against published results, by hand and by slow reference implementations."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.lib.vectors import read_rows
from zaitaku.lib.statistics.comparison import Polarity, Position, Verdict, compare_funnel, compare_interval, judge
from zaitaku.lib.statistics.trends import (
    CHI2_THRESHOLD,
    FigureKind,
    Trend,
    TrendMarker,
    TrendReason,
    mann_kendall,
    recent_trend,
    recent_trend_of_proportions,
    sen_slope,
    trend_marker,
)

POLARITY = {"none": Polarity.NEUTRAL, "high_is_good": Polarity.HIGHER, "low_is_good": Polarity.LOWER}
KIND = {
    "Proportion": FigureKind.PROPORTION,
    "Crude rate": FigureKind.CRUDE_RATE,
    "Directly standardised rate": FigureKind.DIRECTLY_STANDARDISED,
    "Indirectly standardised proportion": FigureKind.INDIRECTLY_STANDARDISED,
}


def _published_trends(folder: Path) -> list[dict[str, Any]]:
    document = json.loads((folder / "trend/fingertips_trend.json").read_text(encoding="utf-8"))
    assert document["chi2_threshold"] == pytest.approx(CHI2_THRESHOLD)
    return list(document["cases"])


def test_recent_trends_match_the_published_ones(shared_vectors: Path) -> None:
    for case in _published_trends(shared_vectors):
        points = np.array(
            [[np.nan if cell is None else cell for cell in point] for point in case["points"]], dtype=float
        )
        years, counts, denominators, values, lower, upper = points.T
        per_point = case.get("year_range", 1)
        if case["method"] == "wls_slope_chi2":
            result = recent_trend(
                values,
                lower,
                upper,
                years=years,
                years_per_point=per_point,
                kind=KIND[case.get("value_type", "Proportion")],
            )
        else:
            result = recent_trend_of_proportions(counts, denominators, years=years, years_per_point=per_point)
        expected, direction = case["expected"], Trend(int(result.direction))
        if "chi2_2dp" in expected:
            assert round(float(result.chi2), 2) == expected["chi2_2dp"]
        if "significant" in expected:
            assert (direction in (Trend.INCREASING, Trend.DECREASING)) is expected["significant"]
        if "marker" in expected:
            assert trend_marker(direction, polarity=Polarity.NEUTRAL) == expected["marker"]
        if "trend" in expected:
            assert trend_marker(direction, polarity=POLARITY[case["polarity"]]) == expected["trend"], case["id"]


def test_judgements_of_trends_match_the_published_ones(shared_vectors: Path) -> None:
    for row in read_rows(shared_vectors / "trend/fingertips_polarity.csv"):
        marker = trend_marker(TrendMarker(row["trend"]), polarity=POLARITY[row["polarity"]])
        assert marker == row["expected"]


def test_a_gap_between_years_is_named_and_never_bridged() -> None:
    result = recent_trend([1, 2, 3, 4, 5], [0.9] * 5, [5.1] * 5, years=[2018, 2019, 2020, 2022, 2023])
    assert Trend(int(result.direction)) is Trend.CANNOT_BE_CALCULATED
    assert TrendReason(int(result.reason)) is TrendReason.YEAR_GAP


def test_one_year_alone_makes_no_trend() -> None:
    # Without 2024 there is no slope at all, so dropping it loses the sign.
    values = np.array([10.0, 10.0, 10.0, 10.0, 20.0])
    result = recent_trend(values, values - 0.5, values + 0.5, years=range(2020, 2025))
    assert float(result.chi2) > CHI2_THRESHOLD
    assert Trend(int(result.direction)) is Trend.NO_CHANGE


def test_many_areas_at_once_equal_each_alone() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(10, 1, (40, 6)).cumsum(axis=1)
    lower, upper, years = values - 1, values + 1.5, np.arange(2019, 2025)
    together = recent_trend(values, lower, upper, years=years)
    for place in range(40):
        alone = recent_trend(values[place], lower[place], upper[place], years=years)
        assert int(alone.direction) == int(together.direction[place])
        assert float(alone.chi2) == pytest.approx(float(together.chi2[place]))


def test_a_benchmark_on_a_limit_counts_as_the_same() -> None:
    positions = compare_interval([1.0, 1.0, 1.0, 1.0, np.nan], 2.0, [1.0, 2.0, 0.9, 2.1, 1.0])
    assert positions.tolist() == [
        Position.SAME,
        Position.SAME,
        Position.HIGHER,
        Position.LOWER,
        Position.NOT_COMPARED,
    ]


def test_a_neutral_indicator_is_never_judged() -> None:
    positions = compare_interval([3, 1, 1, np.nan], [4, 2, 3, 1], 2.5)
    assert judge(positions, polarity=Polarity.NEUTRAL).tolist() == [Verdict.NO_JUDGEMENT] * 3 + [Verdict.NOT_COMPARED]
    assert judge(positions, polarity=Polarity.HIGHER).tolist() == [
        Verdict.BETTER,
        Verdict.WORSE,
        Verdict.SAME,
        Verdict.NOT_COMPARED,
    ]
    assert judge(positions, polarity=Polarity.LOWER).tolist() == [
        Verdict.WORSE,
        Verdict.BETTER,
        Verdict.SAME,
        Verdict.NOT_COMPARED,
    ]


def test_a_funnel_compares_from_the_level_the_definition_says() -> None:
    signals = np.array([-2, -1, 0, 1, 2, 9], dtype=np.int8)
    assert compare_funnel(signals).tolist() == [-1, -1, 0, 1, 1, 9]
    assert compare_funnel(signals, alarms_only=True).tolist() == [-1, 0, 0, 0, 1, 9]


@given(values=st.lists(st.integers(0, 6), min_size=3, max_size=12))
def test_mann_kendall_equals_counting_pairs_one_by_one(values: list[int]) -> None:
    n = len(values)
    s = sum(np.sign(later - earlier) for earlier, later in itertools.combinations(values, 2))
    ties = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    result = mann_kendall([*values, np.nan])
    assert float(result.s) == s
    assert float(result.variance) == pytest.approx(variance)
    if len(ties) > 1:
        assert float(result.tau) == pytest.approx(stats.kendalltau(range(n), values).statistic)


@given(values=st.lists(st.floats(-100, 100), min_size=2, max_size=9), start=st.integers(2000, 2020))
def test_sen_slope_is_the_median_of_all_pairs(values: list[float], start: int) -> None:
    years = [start + 2 * place for place in range(len(values))]
    pairs = itertools.combinations(zip(years, values, strict=True), 2)
    expected = np.median([(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairs])
    slope, lower, upper = sen_slope(values, years=years)
    assert float(slope) == pytest.approx(float(expected))
    assert float(lower) <= float(slope) <= float(upper)


def test_a_series_without_change_has_no_p_value() -> None:
    assert np.isnan(mann_kendall([3, 3, 3, 3]).p)
    assert float(mann_kendall([1, 2, 3, 4, 5, 6]).p) == pytest.approx(2 * stats.norm.sf(14 / np.sqrt(6 * 5 * 17 / 18)))
