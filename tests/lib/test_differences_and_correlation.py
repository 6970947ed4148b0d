from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from zaitaku.lib.statistics.correlation import mean_ranks, pearson, spearman
from zaitaku.lib.statistics.differences import Estimate, difference

figures = st.floats(min_value=0, max_value=1000).map(lambda value: round(value, 1))


def test_the_limits_of_a_difference_come_from_the_limits_of_both() -> None:
    # 50 (45–55) − 25 (21–29): 25 ± √(5² + 4²) = 25 ± 6.403
    found = difference(Estimate(value=50, lower=45, upper=55), Estimate(value=25, lower=21, upper=29))
    assert found.value == 25
    assert found.lower == pytest.approx(25 - math.sqrt(41))
    assert found.upper == pytest.approx(25 + math.sqrt(41))
    assert found.is_certain is True


def test_intervals_that_overlap_can_still_show_a_certain_difference() -> None:
    # 10 (8–12) and 7 (5.2–8.8) overlap, but the limits of the difference, 3 ± √(2² + 1.8²) = 3 ± 2.69, leave out 0.
    found = difference(Estimate(value=10, lower=8, upper=12), Estimate(value=7, lower=5.2, upper=8.8))
    assert found.is_certain is True


def test_skewed_limits_are_kept_on_their_own_side() -> None:
    found = difference(Estimate(value=2, lower=1, upper=6), Estimate(value=1, lower=0.5, upper=4))
    assert found.lower == pytest.approx(1 - math.hypot(1, 3))
    assert found.upper == pytest.approx(1 + math.hypot(4, 0.5))
    assert found.is_certain is False


def test_without_an_interval_nothing_is_said_about_chance() -> None:
    found = difference(Estimate(value=5), Estimate(value=3, lower=2, upper=4))
    assert (found.value, found.lower, found.is_certain) == (2, None, None)


@given(figures, figures, figures, figures)
def test_a_difference_the_other_way_round_has_the_opposite_limits(a: float, b: float, down: float, up: float) -> None:
    one = Estimate(value=a, lower=a - down, upper=a + up)
    other = Estimate(value=b, lower=b - up, upper=b + down)
    there, back = difference(one, other), difference(other, one)
    assert there.lower == pytest.approx(-(back.upper or 0))
    assert there.upper == pytest.approx(-(back.lower or 0))


def test_pearson_and_its_interval_by_hand() -> None:
    # x = 1…5, y = 2, 1, 4, 3, 5: Σ(x−3)(y−3) = 8, Σ² = 10 each: r = 0.8; z = 1.0986 ± 1.95996/√2
    found = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert found is not None
    assert found.value == pytest.approx(0.8)
    assert found.pairs == 5
    assert found.lower == pytest.approx(math.tanh(math.atanh(0.8) - 1.959963985 / math.sqrt(2)))
    assert found.upper == pytest.approx(math.tanh(math.atanh(0.8) + 1.959963985 / math.sqrt(2)))


def test_spearman_looks_at_ranks_only() -> None:
    found = spearman([1, 2, 3, 4, 500], [2, 1, 4, 3, 900])
    assert found is not None
    assert found.value == pytest.approx(0.8)
    # √((1 + 0.32)/2) on the scale of z
    assert found.lower == pytest.approx(math.tanh(math.atanh(0.8) - 1.959963985 * math.sqrt(1.32 / 2)))


@given(st.lists(figures, min_size=1, max_size=30))
def test_equal_values_share_the_mean_of_their_ranks(values: list[float]) -> None:
    assert mean_ranks(np.array(values)).tolist() == rankdata(values).tolist()


def test_pairs_without_a_number_are_left_out_and_too_few_give_none() -> None:
    nan = math.nan
    whole = pearson([1, 2, 3, 4, 5, nan], [2, 1, 4, 3, 5, 9])
    assert whole is not None
    assert whole.pairs == 5
    assert pearson([1, 2, 3, nan], [1, 2, 4, 5]) is None
    assert pearson([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]) is None


def test_a_straight_line_has_no_interval() -> None:
    found = pearson([1, 2, 3, 4], [2, 4, 6, 8])
    assert found is not None
    assert (found.value, found.lower, found.upper) == (1, None, None)


@given(st.lists(st.tuples(figures, figures), min_size=5, max_size=30))
def test_a_correlation_lies_between_minus_one_and_one_and_inside_its_interval(pairs: list[tuple[float, float]]) -> None:
    x, y = (np.array(column) for column in zip(*pairs, strict=True))
    for found in (pearson(x, y), spearman(x, y)):
        if found is not None:
            assert -1 <= found.value <= 1
            if found.lower is not None and found.upper is not None:
                assert found.lower <= found.value <= found.upper
