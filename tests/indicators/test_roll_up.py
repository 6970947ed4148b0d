"""Which regions get a figure from which parts: a country of two prefectures, drawn by hand.

Prefecture 01: 政令市 A (wards a1, a2), towns b, c. Prefecture 02: towns d, e.
Scheme 1: areas 0101 = {a1, a2, b}, 0102 = {c}, 0201 = {d, e}.
Scheme 2: 01X = {a1, a2, b, c} (0101 and 0102 together), 02Y = {d}, 02Z = {e} (0201 cut in two).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formulas.figures import Figures, Reason, Status
from indicators.formulas.resolve import add_up, resolve
from indicators.formulas.structure import Row, Structure, make_structure

NATION, P1, P2, CITY, A1, A2, B, C, D, E = 1, 11, 12, 20, 21, 22, 23, 24, 25, 26
AREA_0101, AREA_0102, AREA_0201, AREA_X, AREA_Y, AREA_Z = 31, 32, 33, 41, 42, 43
REGIONS: list[Row] = [
    (NATION, "nation", "00", None, None, False, False),
    (P1, "prefecture", "01", NATION, None, False, False),
    (P2, "prefecture", "02", NATION, None, False, False),
    (CITY, "municipality", "01100", P1, None, False, True),
    (A1, "ward", "01101", CITY, None, True, False),
    (A2, "ward", "01102", CITY, None, True, False),
    (B, "municipality", "01201", P1, None, True, False),
    (C, "municipality", "01202", P1, None, True, False),
    (D, "municipality", "02201", P2, None, True, False),
    (E, "municipality", "02202", P2, None, True, False),
    (AREA_0101, "area", "0101", P1, 1, False, False),
    (AREA_0102, "area", "0102", P1, 1, False, False),
    (AREA_0201, "area", "0201", P2, 1, False, False),
    (AREA_X, "area", "01X", P1, 2, False, False),
    (AREA_Y, "area", "02Y", P2, 2, False, False),
    (AREA_Z, "area", "02Z", P2, 2, False, False),
]
MEMBERS = [
    (1, AREA_0101, A1), (1, AREA_0101, A2), (1, AREA_0101, B), (1, AREA_0102, C), (1, AREA_0201, D), (1, AREA_0201, E),
    (2, AREA_X, A1), (2, AREA_X, A2), (2, AREA_X, B), (2, AREA_X, C), (2, AREA_Y, D), (2, AREA_Z, E),
]  # fmt: skip
HIDDEN = Status.SUPPRESSED
Told = dict[int, float | Reason]
STATES = st.one_of(st.integers(0, 99).map(float), st.sampled_from([s for s in Status if s != Status.OBSERVED]))


@pytest.fixture(scope="module")
def country() -> Structure:
    return make_structure(REGIONS, MEMBERS)


def published(country: Structure, figures: dict[int, float | Status]) -> Figures:
    column = Figures.absent(len(country))
    for region, figure in figures.items():
        status = figure if isinstance(figure, Status) else Status.OBSERVED
        value = 7.0 if status == Status.PROVISIONAL else math.nan if status != Status.OBSERVED else figure
        one = Figures.published([value], [int(status)])
        row = country.row_of_id[region]
        column.value[row], column.flags[row] = one.value[0], one.flags[0]
    return column


def told(country: Structure, figures: Figures) -> Told:
    return {
        int(region): Reason(int(reason)) if math.isnan(value) else float(value)
        for region, value, reason in zip(country.ids, figures.value, figures.reason, strict=True)
    }


UNITS = {A1: 1.0, A2: 2.0, B: 4.0, C: 8.0, D: 16.0, E: 32.0}


def test_units_add_up_to_city_prefectures_areas_and_nation(country: Structure) -> None:
    result = told(country, resolve(published(country, UNITS), country))
    assert result[CITY] == 3
    assert (result[P1], result[P2], result[NATION]) == (15, 48, 63)
    assert (result[AREA_0101], result[AREA_X], result[AREA_Y]) == (7, 15, 16)


def test_a_ward_is_never_counted_with_its_city(country: Structure) -> None:
    """The source publishes the city too: the prefecture stays 15 and does not become 18."""
    result = told(country, resolve(published(country, {**UNITS, CITY: 3.0}), country))
    assert (result[CITY], result[P1], result[NATION]) == (3, 15, 63)


def test_a_published_total_goes_before_the_sum_of_its_parts(country: Structure) -> None:
    """A prefecture's own count holds institutions that could not be placed in a municipality."""
    result = told(country, resolve(published(country, {**UNITS, P1: 17.0}), country))
    assert (result[P1], result[NATION]) == (17, 65)


def test_one_hidden_part_hides_every_sum_it_is_in(country: Structure) -> None:
    result = told(country, resolve(published(country, {**UNITS, C: HIDDEN}), country))
    for region in (C, AREA_0102, AREA_X, P1, NATION):
        assert result[region] == Reason.NUMERATOR_SUPPRESSED
    assert (result[AREA_0101], result[P2]) == (7, 48)


def test_a_hidden_total_is_not_undone_by_adding_its_parts(country: Structure) -> None:
    result = told(country, resolve(published(country, {**UNITS, P1: HIDDEN}), country))
    assert result[P1] == Reason.NUMERATOR_SUPPRESSED


def test_areas_of_another_scheme_are_exact_unions_or_not_covered(country: Structure) -> None:
    """NDB publishes the areas of scheme 1 alone: 01X = 0101 + 0102; 02Y and 02Z cut 0201 in two."""
    areas: dict[int, float | Status] = {
        AREA_0101: 7.0,
        AREA_0102: 8.0,
        AREA_0201: 48.0,
        P1: 15.0,
        P2: 48.0,
        NATION: 63.0,
    }
    result = told(country, resolve(published(country, areas), country))
    assert result[AREA_X] == 15
    assert (result[AREA_Y], result[AREA_Z]) == (Reason.NOT_COVERED, Reason.NOT_COVERED)
    assert (result[A1], result[CITY]) == (Reason.NOT_PUBLISHED_AT_LEVEL, Reason.NOT_PUBLISHED_AT_LEVEL)


def test_a_union_with_a_hidden_area_is_hidden(country: Structure) -> None:
    result = told(country, resolve(published(country, {AREA_0101: HIDDEN, AREA_0102: 8.0}), country))
    assert result[AREA_X] == Reason.NUMERATOR_SUPPRESSED


def test_prefectures_are_never_added_up_from_areas(country: Structure) -> None:
    """What the source could not assign to an area (判別不可) would be lost."""
    areas: dict[int, float | Status] = {AREA_0101: 7.0, AREA_0102: 8.0, AREA_0201: 48.0}
    result = told(country, resolve(published(country, areas), country))
    assert (result[P1], result[NATION]) == (Reason.NO_SOURCE, Reason.NO_SOURCE)


def test_a_city_stands_for_its_wards_where_the_wards_are_not_published(country: Structure) -> None:
    """浜松: projections know the city, but its wards were redrawn."""
    figures: dict[int, float | Status] = {CITY: 3.0, B: 4.0, C: 8.0, D: 16.0, E: 32.0}
    result = told(country, resolve(published(country, figures), country))
    assert result[AREA_0101] == 7
    assert result[A1] == Reason.NO_SOURCE


def test_a_municipality_without_a_figure_leaves_its_areas_not_covered(country: Structure) -> None:
    figures: dict[int, float | Status] = {unit: value for unit, value in UNITS.items() if unit != C}
    result = told(country, resolve(published(country, figures), country))
    assert result[C] == Reason.NO_SOURCE
    assert (result[AREA_0102], result[AREA_X], result[P1]) == (Reason.NOT_COVERED,) * 3
    assert result[AREA_0101] == 7


def test_the_nation_has_no_partial_sum_while_a_prefecture_is_not_imported(country: Structure) -> None:
    figures: dict[int, float | Status] = {A1: 1.0, A2: 0.0, B: 4.0, C: 0.0, P1: 5.0}
    result = told(country, resolve(published(country, figures), country, by_prefecture=True))
    assert (result[P1], result[AREA_X], result[A2]) == (5, 5, 0)
    for region in (P2, D, E, AREA_0201, AREA_Y, NATION):
        assert result[region] == Reason.NOT_IMPORTED


def test_nothing_published_at_all_is_no_zero_anywhere(country: Structure) -> None:
    figures = resolve(published(country, {}), country)
    assert not figures.has_number.any()


@given(st.dictionaries(st.sampled_from([row[0] for row in REGIONS]), STATES), st.booleans())
def test_whatever_is_published_every_region_has_either_a_number_or_a_reason(
    country: Structure, states: dict[int, float | Status], by_prefecture: bool
) -> None:
    figures = resolve(published(country, states), country, by_prefecture=by_prefecture)
    assert (np.isnan(figures.value) == (figures.reason > 0)).all()
    assert (np.isin(figures.status, [1, 2]) == (figures.reason == 0)).all()


@given(st.fixed_dictionaries({unit: st.integers(0, 99).map(float) for unit in UNITS}))
def test_the_nation_is_the_sum_of_every_unit_once(country: Structure, units: dict[int, float]) -> None:
    result = told(country, resolve(published(country, dict(units)), country))
    assert result[NATION] == sum(units.values())
    assert result[AREA_X] == units[A1] + units[A2] + units[B] + units[C]


def test_units_with_none_add_up_like_any_count(country: Structure) -> None:
    units = Figures.known([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])
    result = told(country, add_up(units, country))
    assert (result[P1], result[P2], result[NATION]) == (2, 1, 3)


def test_counts_of_units_take_wards_for_their_city(country: Structure) -> None:
    counts = dict(zip(country.ids.tolist(), country.unit_counts.tolist(), strict=True))
    assert (counts[NATION], counts[P1], counts[CITY], counts[AREA_X], counts[A1]) == (6, 4, 2, 4, 1)


def test_regions_that_are_gone_have_no_row(country: Structure) -> None:
    assert country.rows_of(np.array([A1, 999, 27])).tolist() == [int(country.row_of_id[A1]), -1, -1]
