"""Sums over areas, checked against the slow obvious way."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regions.covering import cover_sums

NAN = float("nan")


def slow_sum(values: list[float], group: list[int], block: list[int], block_value: float) -> float:
    """Add up a group's units; if one is unknown and the block lies inside, the block stands for its units."""
    if not group:
        return NAN
    if set(block) <= set(group) and any(math.isnan(values[u]) for u in block) and not math.isnan(block_value):
        return sum(values[u] for u in group if u not in block) + block_value
    return sum(values[u] for u in group)


@given(
    values=st.lists(st.one_of(st.integers(0, 1000).map(float), st.just(NAN)), min_size=4, max_size=8),
    data=st.data(),
    block_value=st.one_of(st.integers(0, 5000).map(float), st.just(NAN)),
)
def test_sums_are_those_of_the_slow_way(values: list[float], data: st.DataObject, block_value: float) -> None:
    groups = data.draw(st.lists(st.integers(-1, 2), min_size=len(values), max_size=len(values)))
    block = data.draw(st.lists(st.integers(0, len(values) - 1), min_size=2, max_size=3, unique=True))
    found = cover_sums(np.array(values)[:, None], np.array(groups), 3, [(np.array(block), np.array([block_value]))])[
        :, 0
    ]
    for group in range(3):
        expected = slow_sum(values, [u for u, g in enumerate(groups) if g == group], block, block_value)
        assert found[group] == expected or (math.isnan(found[group]) and math.isnan(expected))


def test_an_area_with_an_unknown_part_is_unknown() -> None:
    assert np.isnan(cover_sums(np.array([1.0, NAN]), np.array([0, 0]), 1)).all()


def test_a_block_split_between_areas_helps_neither() -> None:
    sums = cover_sums(np.array([NAN, NAN]), np.array([0, 1]), 2, [(np.array([0, 1]), np.array(9.0))])
    assert np.isnan(sums).all()
