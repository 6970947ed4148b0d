"""What a page lists under a figure is what the engine added up to it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.formulas.figures import Figures, Status
from indicators.formulas.makeup import How, find_makeup
from indicators.formulas.resolve import resolve
from indicators.formulas.structure import Structure, make_structure
from tests.indicators.test_roll_up import (
    A1,
    A2,
    AREA_0101,
    AREA_0102,
    AREA_0201,
    AREA_X,
    AREA_Y,
    CITY,
    MEMBERS,
    NATION,
    P1,
    P2,
    REGIONS,
    STATES,
    UNITS,
    B,
    C,
    D,
    E,
    published,
)


@pytest.fixture(scope="module")
def country() -> Structure:
    return make_structure(REGIONS, MEMBERS)


def regions(country: Structure, figures: Figures, region: int) -> tuple[How, set[int], set[int]]:
    made = find_makeup(figures, country, int(country.row_of_id[region]))
    return made.how, {int(country.ids[row]) for row in made.rows}, {int(country.ids[row]) for row in made.missing}


def test_a_published_figure_is_made_of_itself(country: Structure) -> None:
    figures = published(country, {**UNITS, P1: 17.0})
    assert regions(country, figures, P1) == (How.PUBLISHED, {P1}, set())
    assert regions(country, figures, NATION) == (How.PREFECTURES, {P1, D, E}, set())


def test_an_area_is_made_of_its_municipalities_and_wards(country: Structure) -> None:
    assert regions(country, published(country, UNITS), AREA_0101) == (How.UNITS, {A1, A2, B}, set())


def test_an_area_of_another_edition_is_made_of_whole_published_areas(country: Structure) -> None:
    areas: dict[int, float | Status] = {AREA_0101: 7.0, AREA_0102: 8.0, AREA_0201: 48.0}
    figures = published(country, areas)
    assert regions(country, figures, AREA_X) == (How.BLOCKS, {AREA_0101, AREA_0102}, set())
    made = find_makeup(figures, country, int(country.row_of_id[AREA_Y]))
    assert (made.how, made.split) == (How.NONE, True)


def test_a_city_stands_for_wards_that_were_redrawn(country: Structure) -> None:
    figures: dict[int, float | Status] = {CITY: 3.0, B: 4.0, C: 8.0, D: 16.0, E: 32.0}
    assert regions(country, published(country, figures), AREA_0101) == (How.BLOCKS, {CITY, B}, set())


def test_what_is_missing_is_named(country: Structure) -> None:
    figures: dict[int, float | Status] = {A1: 1.0, A2: 2.0, B: 4.0, C: 8.0}
    assert regions(country, published(country, figures), NATION) == (How.NONE, {A1, A2, B, C}, {P2})
    assert regions(country, published(country, figures), AREA_0201) == (How.NONE, set(), {AREA_0201})


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from([row[0] for row in REGIONS]), STATES))
def test_the_parts_listed_add_up_to_the_figure_of_the_engine(
    country: Structure, states: dict[int, float | Status]
) -> None:
    figures = published(country, states)
    resolved = resolve(figures, country)
    for row in range(len(country)):
        made = find_makeup(figures, country, row)
        if made.how is How.NONE:
            assert math.isnan(resolved.value[row])
        elif not math.isnan(resolved.value[row]):
            numbers = figures.value[list(made.rows)]
            assert resolved.value[row] == sum(number for number in numbers if not math.isnan(number))
