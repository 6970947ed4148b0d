"""Milestones, judgement and plausibility of targets, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.formulas.demand_shares import Need, check_needs, sum_by_year
from plans.formulas.findings import Finding, Weight
from plans.formulas.plausibility import Evidence, find_plausibility, needed_pace, past_pace, share_below, value_at
from plans.formulas.progress import Course, judge, linear_milestones

# 100 in 2024, 130 wanted in 2029; straight: 106, 112, 118, 124.
UP = Course(direction="raise", baseline=100, baseline_year=2024, end=130, end_year=2029, milestones={})
DOWN = Course(direction="lower", baseline=50, baseline_year=2024, end=40, end_year=2029, milestones={})
KEPT = Course(direction="keep", baseline=200, baseline_year=2024, end=200, end_year=2029, milestones={})


def test_the_proposal_goes_in_equal_steps() -> None:
    found = linear_milestones(100, baseline_year=2024, end=130, end_year=2029, years=range(2027, 2030), decimals=0)
    assert found == {2027: 118, 2028: 124}


def test_the_course_runs_straight_from_point_to_point() -> None:
    bent = Course(
        direction="raise", baseline=100, baseline_year=2024, end=130, end_year=2029, milestones={2027: 103, 2028: 120}
    )
    assert [bent.expected(year) for year in range(2023, 2031)] == [100, 100, 101, 102, 103, 120, 130, 130]
    assert UP.progress(115) == 0.5
    assert KEPT.progress(210) is None


@pytest.mark.parametrize(
    ("course", "year", "actual", "expected"),
    [
        (UP, 2026, 130, "reached"),
        (UP, 2026, 112, "on_course"),
        (UP, 2026, 111.9, "behind"),
        (UP, 2026, 100, "behind"),
        (UP, 2026, 99.9, "worse"),
        (UP, 2024, 140, "unknown"),
        (UP, 2026, None, "unknown"),
        (DOWN, 2029, 40, "reached"),
        (DOWN, 2026, 46, "on_course"),
        (DOWN, 2026, 46.1, "behind"),
        (DOWN, 2026, 50.1, "worse"),
        (KEPT, 2026, 190, "reached"),
        (KEPT, 2026, 220, "behind"),
        (KEPT, 2026, 221, "worse"),
    ],
)
def test_the_declared_rule_judges(course: Course, year: int, actual: float | None, expected: str) -> None:
    assert judge(course, actual=actual, year=year) == expected


def test_equal_values_count_half_in_the_place_among_peers() -> None:
    assert share_below([10, 20, 20, 30], 20) == 0.5
    assert share_below([10, 20, 30, 40], 40) == 0.875
    assert share_below([], 1) is None


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(0, 50))
def test_the_place_is_the_mean_of_below_and_not_above(values: list[int], value: int) -> None:
    below, not_above = (sum(test) / len(values) for test in ([v < value for v in values], [v <= value for v in values]))
    assert share_below(values, value) == pytest.approx((below + not_above) / 2)


def test_the_past_pace_looks_back_five_years_and_needs_two_figures() -> None:
    pace = past_pace({2015: 0, 2019: 10, 2024: 16})
    assert pace is not None
    assert (pace.from_year, pace.to_year, pace.per_year) == (2019, 2024, 1.2)
    assert past_pace({2024: 16}) is None
    assert past_pace({}) is None
    assert needed_pace(UP) == 6


def test_a_series_is_read_between_its_years_and_never_outside() -> None:
    assert value_at({2025: 100, 2030: 150}, 2027) == 120
    assert value_at({2025: 100}, 2025) == 100
    assert value_at({2025: 100, 2030: 150}, 2031) is None


def evidence(**changes: object) -> Evidence:
    """Ten peers that rise by 1 to 10 a year, from 90 each; own figures rise by 1.2 a year."""
    peers = [{2019: 90.0, 2024: 90.0 + 5 * pace} for pace in range(1, 11)]
    given = {
        "own": {2019: 94.0, 2024: 100.0},
        "peers": peers,
        "peer_baseline": 100.0,
        "peer_target": 130.0,
        "demand": {},
        "is_count": False,
        "good_direction": "higher",
        **changes,
    }
    return Evidence(**given)  # type: ignore[arg-type]  # the fields by name


def texts(found: tuple[Finding, ...]) -> dict[str, tuple[Weight, str]]:
    return {one.check: (one.weight, one.text) for one in found}


def test_a_target_is_held_against_peers_and_past() -> None:
    found = texts(find_plausibility(UP, evidence()))
    # Peers stand at 95, 100, …, 140: 100 has one below and one equal, 130 seven below and one equal.
    weight, text = found["ほかの地域との比較"]
    assert weight is Weight.GOOD
    assert text == "値のある10地域の最新の分布で、現状は下から15%の位置、目標値は下から75%の位置です。"
    weight, text = found["変化の速さ"]
    assert weight is Weight.WARNING
    assert text.startswith("過去5年（2019–2024年度）の変化は年+1.2；目標には年+6.0が必要です。")
    assert found["ほかの地域の速さ"][1].endswith("変わったのは10地域のうち5です。")
    assert "方向" not in found


def test_a_target_beyond_every_peer_or_against_the_good_direction_is_named() -> None:
    found = texts(find_plausibility(DOWN, evidence(peer_target=500.0)))
    assert found["方向"][0] is Weight.ERROR
    assert "いまどの地域も達していない" in found["ほかの地域との比較"][1]


def test_a_count_is_compared_with_the_growth_of_demand() -> None:
    found = texts(find_plausibility(UP, evidence(is_count=True, demand={2024: 1000.0, 2030: 1600.0})))
    # Demand 1000 → 1500 (+50 %), target 100 → 130 (+30 %).
    weight, text = found["需要推計との整合"]
    assert weight is Weight.WARNING
    assert "2024年から2029年に+50.0%、目標は+30.0%です。" in text
    assert "需要推計との整合" not in texts(find_plausibility(UP, evidence(demand={2024: 1000.0, 2030: 1600.0})))


def test_home_care_takes_its_share_and_care_services_the_rest() -> None:
    needs = [
        Need(area="東部", year=2028, natural=10, transferred=40, share=0.25),
        Need(area="西部", year=2028, natural=5, transferred=60, share=0.5, is_agreed=False),
        Need(area="東部", year=2029, natural=1, transferred=0, share=0.5, is_agreed=False),
    ]
    assert [(one.home, one.care) for one in needs] == [(20, 30), (35, 30), (1, 0)]
    first, second = sum_by_year(needs)
    assert (first.year, first.natural, first.transferred, first.home, first.care) == (2028, 15, 100, 55, 60)
    assert first.share == pytest.approx(0.4)  # (40 × 25 % + 60 × 50 %) ÷ 100
    assert second.share is None
    found = [one.text for one in check_needs(needs, areas=["東部", "西部"])]
    assert found == [
        "西部（2028年度）の按分率に、合意した協議の場が記録されていません。",
        "2029年度は、西部がまだです。合計は入力のある圏域だけの値です。",
    ]
