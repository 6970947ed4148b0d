"""Inequality between places, similar places and access to care."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lib.vectors import column, read_rows
from zaitaku.lib.statistics.accessibility import (
    balanced_two_step,
    binary_weights,
    distance_weights,
    opportunities_in_reach,
    people_in_reach,
    step_weights,
    two_step,
)
from zaitaku.lib.statistics.inequality import gap, gini, share_with_none
from zaitaku.lib.statistics.similarity import AreaType, classify, similar_areas


@given(
    rates=st.lists(st.floats(0, 50), min_size=2, max_size=9),
    people=st.lists(st.integers(1, 900), min_size=9, max_size=9),
)
def test_gini_equals_the_mean_difference_of_all_pairs(rates: list[float], people: list[int]) -> None:
    x, n = np.array(rates), np.array(people[: len(rates)], dtype=float)
    mean = (x * n).sum() / n.sum()
    if mean < 1e-6:
        return
    slow = (n[:, None] * n * np.abs(x[:, None] - x)).sum() / (2 * n.sum() ** 2 * mean)
    assert float(gini([*rates, np.nan], [*n, 100])) == pytest.approx(slow, abs=1e-9)


def test_gini_by_hand() -> None:
    # Half the people have everything: 0.5. Everyone the same: 0. Nobody anything: no value.
    assert gini([[0, 8], [3, 3], [0, 0]], [[10, 10]] * 3).tolist()[:2] == [0.5, 0]
    assert np.isnan(gini([0, 0], [10, 10]))


def test_a_gap_without_a_lowest_has_no_ratio() -> None:
    result = gap(np.array([[2, 6, np.nan], [0, 6, 3], [np.nan] * 3]))
    assert result.difference.tolist()[:2] == [4, 6]
    assert result.ratio.tolist()[0] == 3
    assert np.isnan(result.ratio[1])
    assert np.isnan(result.highest[2])


def test_a_hidden_count_is_neither_none_nor_some() -> None:
    assert float(share_with_none([0, 0, 5, np.nan])) == pytest.approx(2 / 3)
    assert float(share_with_none([0, 0, 5, np.nan], population=[10, 30, 60, 900])) == pytest.approx(0.4)


def test_similar_areas_show_their_distances() -> None:
    values = np.array([[0, 0], [1, 0], [3, 4], [np.nan, 0], [0, 4]])
    peers = similar_areas(values, 0, variables=["人口", "75歳以上割合"], count=2, fewest_shared=1)
    assert [peer.place for peer in peers] == [3, 1]
    assert peers[0].missing == ("人口",)
    assert peers[0].differences == {"75歳以上割合": 0.0}
    # 人口 (0, 1, 3, 0) has σ = √1.5, so one step is 0.8165 and the root mean square over two variables 0.5774.
    assert peers[1].differences["人口"] == pytest.approx(0.8164966)
    assert peers[1].distance == pytest.approx(0.5773503)


def test_an_area_sharing_too_few_variables_is_not_compared() -> None:
    peers = similar_areas(np.array([[0, 0], [np.nan, 0], [1, 1]]), 0, variables=["a", "b"])
    assert [peer.place for peer in peers] == [2]


def test_a_variable_that_does_not_vary_says_nothing() -> None:
    peers = similar_areas([[1, 5], [1, 6], [1, 9]], 0, variables=["a", "b"])
    assert [peer.place for peer in peers] == [1, 2]
    assert peers[0].differences["a"] == 0


def test_a_population_between_two_classes_has_none() -> None:
    types = [
        AreaType("大都市型", at_least=1_000_000),
        AreaType("地方都市型", at_least=400_000, below=600_000),
        AreaType("人口の少ない地域", below=300_000),
    ]
    labels = classify([1_000_000, 500_000, 350_000, 299_999, np.nan], types=types)
    assert labels == ["大都市型", "地方都市型", "", "人口の少ない地域", ""]


def test_catchments_match_the_published_ones(shared_vectors: Path) -> None:
    folder = shared_vectors / "accessibility"
    published = json.loads((folder / "ipea_expected.json").read_text(encoding="utf-8"))
    land = {row["id"]: row for row in read_rows(folder / "ipea_land_use_5.csv")}

    def matrix(order: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        costs = np.full((len(order), len(order)), np.nan)
        for row in read_rows(folder / published["travel_matrix"]):
            costs[order.index(row["from_id"]), order.index(row["to_id"])] = float(row["travel_time"])
        return costs

    order = published["order"]
    people, jobs = (column([land[code] for code in order], name) for name in ("population", "jobs"))
    weights = binary_weights(matrix(order), threshold=published["threshold_minutes"])
    expected = published["expected"]
    np.testing.assert_allclose(two_step(people, jobs, weights), expected["2sfca"], atol=5e-5)
    np.testing.assert_allclose(balanced_two_step(people, jobs, weights), expected["bfca"], atol=5e-5)
    everywhere = binary_weights(matrix(order), threshold=np.inf)
    np.testing.assert_allclose(two_step(people, jobs, everywhere), expected["2sfca_constant_weight_1"], atol=5e-5)

    order = published["cumulative_jobs_30min_order"]
    people, jobs = (column([land[code] for code in order], name) for name in ("population", "jobs"))
    near = binary_weights(matrix(order), threshold=30)
    assert opportunities_in_reach(jobs, near).tolist() == published["cumulative_jobs_30min"]
    nearer = binary_weights(matrix(order), threshold=45)
    assert people_in_reach(people, nearer).tolist() == published["cumulative_population_45min_passive"]


def test_sixteen_kilometres_are_in_reach_and_a_little_more_is_not() -> None:
    # One degree of latitude is 111.195 km on the mean sphere: 0.1438 ° = 15.99 km, 0.1440 ° = 16.01 km.
    weights = distance_weights([[35.0, 139.0], [35.0, 141.0]], [[35.1438, 139.0], [35.1440, 139.0]])
    assert weights.toarray().tolist() == [[1, 0], [0, 0]]


@given(seed=st.integers(0, 1000))
def test_all_capacity_that_is_reached_is_shared_out_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    costs, people, supply = rng.uniform(0, 90, (8, 5)), rng.integers(1, 500, 8), rng.integers(0, 20, 5)
    weights = step_weights(costs, steps=[(15, 1.0), (30, 0.5), (60, 0.2)])
    reached = (weights.toarray() > 0).any(axis=0)
    shared = (people * two_step(people, supply, weights)).sum()
    assert shared == pytest.approx((supply * reached).sum())


def test_a_missing_population_is_refused() -> None:
    with pytest.raises(ValueError, match="欠け"):
        two_step([1, np.nan], [1], binary_weights([[1], [1]], threshold=2))
