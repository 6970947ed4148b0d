"""Figures, sums and formulas: by hand, and against a slow reference that works figure by figure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formulas import methods
from indicators.formulas.figures import Figures, Gap, Reason, Status
from indicators.formulas.sums import make_groups, roll_up, total
from indicators.formulas.years import between, population_year
from indicators.models import IndicatorValue
from indicators.models import Status as StoredStatus

One = tuple[float | None, Status]

SEEN, EARLY, HIDDEN, UNKNOWN, OUTSIDE = (
    Status.OBSERVED,
    Status.PROVISIONAL,
    Status.SUPPRESSED,
    Status.MISSING,
    Status.NOT_APPLICABLE,
)
FIGURES = st.one_of(
    st.tuples(st.integers(0, 999).map(float), st.sampled_from([SEEN, EARLY])),
    st.tuples(st.none(), st.sampled_from([HIDDEN, UNKNOWN, OUTSIDE])),
)


def published(*figures: One) -> Figures:
    return Figures.published([math.nan if v is None else v for v, _ in figures], [int(s) for _, s in figures])


def spelled_out(figures: Figures) -> list[One]:
    return [
        (None if math.isnan(value) else float(value), Status(int(status)))
        for value, status in zip(figures.value, figures.status, strict=True)
    ]


def add_slowly(parts: list[One]) -> One:
    """The rule, one figure at a time: hidden before missing; what is not applicable is left out unless all is."""
    statuses = {status for _, status in parts}
    if HIDDEN in statuses:
        return None, HIDDEN
    if UNKNOWN in statuses:
        return None, UNKNOWN
    if statuses == {OUTSIDE}:
        return None, OUTSIDE
    return sum(value for value, _ in parts if value is not None), EARLY if EARLY in statuses else SEEN


def rate_slowly(numerator: One, denominator: One, multiplier: float) -> One:
    for hidden in (numerator, denominator):
        if hidden[1] == HIDDEN:
            return None, HIDDEN
    if numerator[1] == UNKNOWN or denominator[0] is None:
        return None, UNKNOWN
    if denominator[0] == 0 or numerator[0] is None:
        return None, OUTSIDE
    status = EARLY if EARLY in (numerator[1], denominator[1]) else SEEN
    return numerator[0] / denominator[0] * multiplier, status


def test_the_statuses_and_reasons_are_those_of_the_database() -> None:
    assert {s.name: int(s) for s in Status} == {s.name: int(s) for s in StoredStatus}
    assert {r.name: int(r) for r in Reason} == {r.name: int(r) for r in IndicatorValue.Reason}


@given(st.lists(st.lists(FIGURES, min_size=1, max_size=5), min_size=1, max_size=6))
def test_a_roll_up_is_what_adding_one_by_one_gives(groups: list[list[One]]) -> None:
    flat = [figure for group in groups for figure in group]
    ends = np.cumsum([len(group) for group in groups])
    members = [np.arange(end - len(group), end) for group, end in zip(groups, ends, strict=True)]
    assert spelled_out(roll_up(published(*flat), make_groups(members))) == [add_slowly(group) for group in groups]


@given(st.lists(FIGURES, min_size=1, max_size=5))
def test_items_add_up_by_the_same_rule_as_regions(items: list[One]) -> None:
    assert spelled_out(total([published(item) for item in items])) == [add_slowly(items)]


@given(FIGURES, FIGURES)
def test_a_rate_is_what_dividing_one_by_one_gives(numerator: One, denominator: One) -> None:
    result = methods.rate(published(numerator), published(denominator), multiplier=1000)
    [(value, status)] = spelled_out(result)
    expected, expected_status = rate_slowly(numerator, denominator, 1000)
    assert status == expected_status
    assert value == expected if expected is None else value == pytest.approx(expected)


@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=8))
def test_a_value_has_a_number_exactly_if_it_has_no_reason(pairs: list[tuple[One, One]]) -> None:
    """What the database's CHECK demands of every row."""
    result = methods.rate(published(*(n for n, _ in pairs)), published(*(d for _, d in pairs)), multiplier=100_000)
    without = np.isnan(result.value)
    assert ((result.reason == 0) == ~without).all()
    assert (np.isin(result.status, [1, 2]) == ~without).all()


def test_366_clinics_among_940913_people_are_38_9_per_100000() -> None:
    """北海道: 366 / 940,913 × 100,000 = 38.898…"""
    result = methods.rate(published((366, SEEN)), published((940_913, SEEN)), multiplier=100_000)
    assert result.value[0] == pytest.approx(38.898, abs=0.001)


def test_no_institution_is_a_rate_of_zero_and_not_a_gap() -> None:
    result = methods.rate(published((0, SEEN)), published((500, SEEN)), multiplier=100_000)
    assert spelled_out(result) == [(0.0, SEEN)]


def test_nobody_to_divide_by_is_no_number_and_no_infinity() -> None:
    result = methods.rate(published((3, SEEN), (0, SEEN)), published((0, SEEN), (0, SEEN)), multiplier=100_000)
    assert spelled_out(result) == [(None, OUTSIDE), (None, OUTSIDE)]
    assert result.reason.tolist() == [Reason.ZERO_DENOMINATOR] * 2


def test_a_hidden_numerator_is_told_before_a_missing_denominator() -> None:
    result = methods.rate(published((None, HIDDEN)), Figures.absent(1), multiplier=1)
    assert result.reason.tolist() == [Reason.NUMERATOR_SUPPRESSED]


def test_a_part_larger_than_the_whole_contradicts_itself() -> None:
    result = methods.proportion(published((11, SEEN)), published((10, SEEN)), multiplier=100)
    assert (result.status[0], result.reason[0]) == (Status.MISSING, Reason.CONTRADICTORY)


def test_a_negative_count_contradicts_itself() -> None:
    assert Figures.published([-1.0], [1]).reason.tolist() == [Reason.CONTRADICTORY]


def test_a_group_without_members_is_refused() -> None:
    with pytest.raises(ValueError, match="without members"):
        make_groups([np.array([0]), np.array([], dtype=np.intp)])


def test_units_with_none_are_counted_and_hidden_ones_are_not_taken_for_none() -> None:
    none = methods.units_with_none(published((0, SEEN), (4, SEEN), (None, HIDDEN)))
    assert spelled_out(none) == [(1.0, SEEN), (0.0, SEEN), (None, HIDDEN)]


def test_the_interval_of_ten_cases_is_byars() -> None:
    """O = 10: lower 10 (1 − 1/90 − 1.95996/(3√10))³ = 4.79, upper 11 (1 − 1/99 + 1.95996/(3√11))³ = 18.39."""
    count, people = published((10, SEEN)), published((1000, SEEN))
    value = methods.rate(count, people, multiplier=1000)
    limits = methods.interval("poisson", count, people, value, multiplier=1000)
    assert limits is not None
    assert limits.lower[0] == pytest.approx(4.79, abs=0.01)
    assert limits.upper[0] == pytest.approx(18.39, abs=0.01)


def test_there_is_no_interval_where_there_is_no_value() -> None:
    count, people = published((10, SEEN)), Figures.absent(1)
    value = methods.rate(count, people, multiplier=1000)
    limits = methods.interval("poisson", count, people, value, multiplier=1000)
    assert limits is not None
    assert math.isnan(limits.lower[0])


def test_the_register_of_january_2025_serves_the_fiscal_years_2024_and_2025() -> None:
    for year in (2024, 2025):
        stands = population_year(year, registers={2025}, projections={2020, 2025, 2030})
        assert stands is not None
        assert (stands.basis, stands.earlier) == ("resident_register", 2025)


def test_2022_lies_two_fifths_of_the_way_from_2020_to_2025() -> None:
    stands = population_year(2022, registers={2025}, projections={2020, 2025, 2030})
    assert stands is not None
    assert (stands.basis, stands.earlier, stands.later, stands.share) == ("projection", 2020, 2025, 0.4)
    assert "2020年と2025年" in stands.note
    people = between(published((1000, SEEN)), published((1100, SEEN)), share=stands.share)
    assert people.value[0] == pytest.approx(1040)


def test_2019_takes_2020_and_2017_has_no_population() -> None:
    stands = population_year(2019, registers={2025}, projections={2020, 2025})
    assert stands is not None
    assert (stands.earlier, stands.share) == (2020, 0.0)
    assert "代用" in stands.note
    assert population_year(2017, registers={2025}, projections={2020, 2025}) is None


def test_between_two_years_one_of_which_is_missing_there_is_nothing() -> None:
    assert not between(published((1000, SEEN)), Figures.absent(1), share=0.5).has_number.any()


def test_every_combination_of_gaps_is_explained() -> None:
    """No flags may pass for a number without one, or for a gap without a reason."""
    flags = np.arange(2 * int(Gap.ABSENT), dtype=np.uint16)
    figures = Figures(np.zeros(len(flags)), flags)
    has_reason = figures.reason > 0
    assert (has_reason == ~figures.has_number).all()
