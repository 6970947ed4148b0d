"""Ranks, rank intervals, quantiles, 偏差値 and many comparisons at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.lib.vectors import Row, column, read_rows
from zaitaku.lib.statistics.multiplicity import benjamini_hochberg, expected_false_signals, holm
from zaitaku.lib.statistics.ranking import deviation_scores, quantile_groups, quantile_points, rank_intervals, ranks

GROUPS = {"Quartile": 4, "Septile": 7, "Decile": 10}


def test_quantiles_match_the_published_ones(shared_vectors: Path) -> None:
    sets: dict[tuple[str, ...], list[Row]] = {}
    for row in read_rows(shared_vectors / "quantiles/phe_quantile.csv"):
        # Without grouping all rows were ranked together, the two test sets included.
        name = row["test_set"] if row["group_set"] != "None" else ""
        group = {"None": (), "IndSex": ("ind_sex_ref",), "IndSexReg": ("ind_sex_ref", "parent_code")}[row["group_set"]]
        key = (name, row["quantile_name"], row["group_set"], *(row[part] for part in group))
        sets.setdefault(key, []).append(row)
    assert len(sets) > 20
    for key, rows in sets.items():
        # Where a group mixes both directions, the first row's direction held for all of it.
        inverted = rows[0]["invert"].upper() == "TRUE"
        result = quantile_groups(column(rows, "value"), groups=GROUPS[key[1]], highest_first=inverted)
        np.testing.assert_array_equal(result, column(rows, "expected_quantile"), err_msg=str(key))


def test_equal_values_share_the_better_rank() -> None:
    assert ranks([30, 10, 30, np.nan, 20]).tolist()[:3] == [1, 4, 1]
    assert ranks([30, 10, 30, 20], highest_first=False).tolist() == [3, 1, 3, 2]
    assert np.isnan(ranks([30.0, np.nan])[1])


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40))
def test_ranks_count_how_many_are_better(values: list[int]) -> None:
    assert ranks(values).tolist() == [1 + sum(other > value for other in values) for value in values]


def test_a_certain_figure_has_a_certain_rank() -> None:
    values = np.array([5.0, 3.0, 1.0])
    lower, upper = rank_intervals(values, values, values)
    assert lower.tolist() == upper.tolist() == [1, 2, 3]


def test_areas_that_cannot_be_told_apart_share_all_ranks() -> None:
    values = np.full(20, 10.0)
    lower, upper = rank_intervals(values, values - 4, values + 4)
    assert (lower <= 2).all()
    assert (upper >= 19).all()


def test_two_areas_change_places_as_often_as_theory_says() -> None:
    # Difference 1 with standard error √2: the second is really first with probability Φ(−0.7071) = 0.24.
    values, z = np.array([1.0, 0.0]), 1.959963984540054
    lower, upper = rank_intervals(values, values - z, values + z, confidence=0.5, draws=4000)
    assert (lower.tolist(), upper.tolist()) == ([1, 2], [1, 2])
    lower, upper = rank_intervals(values, values - z, values + z, confidence=0.6, draws=4000)
    assert (lower.tolist(), upper.tolist()) == ([1, 1], [2, 2])


def test_rank_intervals_are_the_same_every_time_and_hold_the_rank() -> None:
    rng = np.random.default_rng(1)
    values = rng.gamma(20, 1, 335)
    values[7] = np.nan
    first = rank_intervals(values, values * 0.8, values * 1.3)
    second = rank_intervals(values, values * 0.8, values * 1.3)
    np.testing.assert_array_equal(first, second)
    own, known = ranks(values), ~np.isnan(values)
    assert ((first[0] <= own) & (own <= first[1]))[known].all()
    assert np.isnan(first[0][7])


def test_deviation_scores_by_hand() -> None:
    # μ = 5, σ = 2 (population): 3 → 40, 5 → 50, 9 → 70
    scores = deviation_scores([2, 4, 4, 4, 5, 5, 7, 9])
    assert scores.tolist() == pytest.approx([35, 45, 45, 45, 50, 50, 60, 70])


def test_without_spread_there_is_no_deviation_score() -> None:
    assert np.isnan(deviation_scores([0.1 + 0.2, 0.3, 0.3])).all()
    assert np.isnan(deviation_scores([np.nan, np.nan])).all()


def test_quantile_points_leave_missing_values_out() -> None:
    assert quantile_points([1, 2, np.nan, 3, 4], shares=[0.25, 0.5]).tolist() == [1.75, 2.5]
    assert np.isnan(quantile_points([np.nan], shares=[0.5])).all()


def test_expected_false_signals_by_hand() -> None:
    assert expected_false_signals(335) == pytest.approx(16.75)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_values_equal_the_step_by_step_definition(p_values: list[float]) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p_values), stats.false_discovery_control(p_values), atol=1e-12)
    order = np.argsort(p_values)
    worst, expected = 0.0, np.zeros(len(p_values))
    for step, place in enumerate(order):
        worst = max(worst, (len(p_values) - step) * p_values[place])
        expected[place] = min(1.0, worst)
    np.testing.assert_allclose(holm(p_values), expected)
    assert (holm(p_values) >= benjamini_hochberg(p_values) - 1e-12).all()


def test_a_missing_p_value_is_not_a_comparison() -> None:
    np.testing.assert_allclose(benjamini_hochberg([0.01, np.nan, 0.02]), [0.02, np.nan, 0.02])
