"""Proposed areas against every possible answer, on graphs small enough to try all of them."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.formulas.districting import plainly_impossible, propose
from plans.formulas.districting_bounds import lower_bound
from plans.formulas.districting_problem import Answer, Problem, Rule, Status
from zaitaku.lib.geodesics import distances_km


def best_by_trying(problem: Problem) -> float | None:
    """The least travel over all assignments of units to seats; None if no assignment keeps the rules."""
    n = len(problem)
    travels = [
        problem.travel(seats)
        for chosen in itertools.product(range(n), repeat=n)
        if problem.fewest <= len(set(chosen)) <= problem.most and problem.holds(seats := np.array(chosen))
    ]
    return min(travels, default=None)


def searched(problem: Problem, *, seconds: float = 20.0) -> Answer:
    return propose(problem, seconds=seconds, clock=time.monotonic, report=lambda _message: None)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to five places with random borders, counts and bounds."""
    n = draw(st.integers(2, 5))
    x = np.array(draw(st.lists(st.integers(0, 50), min_size=n, max_size=n)), dtype=np.float64)
    y = np.array(draw(st.lists(st.integers(0, 50), min_size=n, max_size=n)), dtype=np.float64)
    weight = np.array(draw(st.lists(st.integers(1, 40), min_size=n, max_size=n)), dtype=np.float64)
    pairs = draw(st.sets(st.sampled_from(list(itertools.combinations(range(n), 2)))))
    beside = [frozenset({a for pair in pairs if i in pair for a in pair} - {i}) for i in range(n)]
    fewest = draw(st.integers(1, n))
    counts = st.none() | st.lists(st.integers(0, 1), min_size=n, max_size=n).map(np.array)
    return Problem(
        distance=np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]),
        weight=weight,
        population=weight * 10,
        neighbours=tuple(beside),
        fewest=fewest,
        most=draw(st.integers(fewest, n)),
        active=draw(counts),
        hubs=draw(counts),
        least_people=draw(st.none() | st.floats(0, 300)),
        most_people=draw(st.none() | st.floats(200, 1500)),
        farthest=draw(st.none() | st.floats(5, 70)),
        is_contiguous=draw(st.booleans()),
    )


@settings(max_examples=40)
@given(problems())
def test_the_proposal_is_the_best_of_all_answers_or_there_is_none(problem: Problem) -> None:
    best, answer = best_by_trying(problem), searched(problem)
    if best is None:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.seat_of is not None
    assert problem.holds(answer.seat_of)
    assert answer.travel == pytest.approx(best, rel=1e-4, abs=1e-6)
    assert lower_bound(problem).value <= best + 1e-6


def line(n: int, **wishes: Any) -> Problem:
    """Places one km apart in a row, ten people each."""
    at = np.arange(n, dtype=np.float64)
    return replace(
        Problem(
            distance=np.abs(at[:, None] - at[None, :]),
            weight=np.full(n, 10.0),
            population=np.full(n, 100.0),
            neighbours=tuple(frozenset(j for j in (i - 1, i + 1) if 0 <= j < n) for i in range(n)),
            fewest=2,
            most=2,
        ),
        **wishes,
    )


def test_six_places_in_a_row_fall_into_two_halves() -> None:
    answer = searched(line(6))
    assert answer.seat_of is not None
    assert answer.seat_of.tolist() == [1, 1, 1, 4, 4, 4]
    assert answer.travel == 40.0
    assert answer.gap == 0.0


def test_a_near_seat_across_the_water_is_not_taken_without_a_crossing() -> None:
    # 0 and 1 stand side by side on two shores; the way between them leads around through 2.
    distance = np.array([[0.0, 1.0, 9.0, 9.0], [1.0, 0.0, 9.0, 9.0], [9.0, 9.0, 0.0, 2.0], [9.0, 9.0, 2.0, 0.0]])
    shores = (frozenset({2}), frozenset({3}), frozenset({0, 3}), frozenset({1, 2}))
    problem = Problem(distance=distance, weight=np.ones(4), population=np.ones(4), neighbours=shores, fewest=2, most=2)
    answer = searched(problem)
    assert answer.seat_of is not None
    assert problem.holds(answer.seat_of)
    assert answer.travel == best_by_trying(problem)
    assert searched(replace(problem, is_contiguous=False)).travel == 3.0


@pytest.mark.parametrize(
    ("wishes", "rule"),
    [
        ({"active": np.array([1, 0, 0, 0, 0, 0])}, Rule.ACTIVE),
        ({"hubs": np.zeros(6, dtype=np.int64)}, Rule.HUB),
        ({"least_people": 400.0}, Rule.POPULATION),
        ({"neighbours": (frozenset(),) * 6}, Rule.CONTIGUITY),
        ({"farthest": 0.5}, Rule.DISTANCE),
    ],
)
def test_an_impossible_wish_is_named(wishes: dict[str, Any], rule: Rule) -> None:
    answer = searched(line(6, **wishes))
    assert answer.status is Status.INFEASIBLE
    assert rule in answer.broken


def test_what_is_found_when_time_runs_out_says_how_far_it_may_be_from_the_best() -> None:
    problem = line(30, fewest=5, most=5, least_people=450.0, most_people=750.0)
    answer = searched(problem, seconds=0.0)
    assert answer.status in (Status.UNKNOWN, Status.STOPPED)
    assert plainly_impossible(problem) == ()


def test_a_degree_is_as_long_as_on_the_ellipsoid() -> None:
    # One degree of latitude and of longitude at the equator on GRS 80: 110.574 km and 111.319 km.
    assert float(distances_km(0, 0, 1, 0)) == pytest.approx(110.574, abs=0.005)
    assert float(distances_km(0, 0, 0, 1)) == pytest.approx(111.319, abs=0.005)
    assert float(distances_km(35, 135, 35, 135)) == 0.0
