"""自己完結率 from flows, against the sentence that defines it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formulas.figures import Figures, Gap, Reason
from indicators.formulas.self_sufficiency import Flows, self_sufficiency
from indicators.formulas.sums import make_groups

_OUTSIDE = -1


def _flows(table: dict[tuple[int, int], float | None]) -> Flows:
    """None is a hidden flow."""
    value = np.array([np.nan if number is None else number for number in table.values()])
    flags = np.where(np.isnan(value), np.uint16(Gap.SMALL), np.uint16(0)).astype(np.uint16)
    return Flows(np.array([home for home, _ in table]), np.array([place for _, place in table]), Figures(value, flags))


def test_care_in_the_next_municipality_is_inside_the_area() -> None:
    """0: 60 at home, 30 in 1, 10 outside; 1: all 50 at home. 0 alone 60 %, 1 alone 100 %, both together 140 of 150."""
    flows = _flows({(0, 0): 60, (0, 1): 30, (0, _OUTSIDE): 10, (1, 1): 50})
    regions = make_groups([np.array([0]), np.array([1]), np.array([0, 1])])
    found = self_sufficiency(flows, regions, units=2)
    assert found.value.tolist() == pytest.approx([60, 100, 100 * 140 / 150])


def test_hidden_flows_nobody_treated_and_units_without_a_report_have_no_share() -> None:
    flows = _flows({(0, 0): 60, (0, 1): None, (1, 1): 0})
    regions = make_groups([np.array([0]), np.array([1]), np.array([2]), np.array([0, 2])])
    found = self_sufficiency(flows, regions, units=3)
    assert np.isnan(found.value).all()
    assert found.reason.tolist() == [
        Reason.SMALL_NUMBER,
        Reason.ZERO_DENOMINATOR,
        Reason.NO_SOURCE,
        Reason.NO_SOURCE,
    ]


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4), st.sets(st.integers(0, 3))
)
def test_every_group_is_inside_over_all(matrix: list[list[int]], members: set[int]) -> None:
    if not members:
        return
    flows = _flows({(home, place): float(n) for home, row in enumerate(matrix) for place, n in enumerate(row)})
    found = self_sufficiency(flows, make_groups([np.array(sorted(members))]), units=4).value[0]
    everybody = sum(sum(matrix[home]) for home in members)
    inside = sum(matrix[home][place] for home in members for place in members)
    assert np.isnan(found) if everybody == 0 else found == pytest.approx(100 * inside / everybody)
