"""Live sums from protected figures: hidden parts hide their area, blocks count only as a whole."""

from __future__ import annotations

import numpy as np

from indicators.formulas.draft import make_draft_inputs
from indicators.formulas.figures import Figures, Gap
from indicators.formulas.sums import make_groups, roll_up
from plans.formulas.area_live import change_cell, number_cell, spread
from plans.formulas.block_figures import BlockFigures, fill

# Four units; the source publishes the first two together (7), the third alone (5), and hides the fourth.
UNITS = Figures(np.array([np.nan, np.nan, 5.0, np.nan]), np.array([Gap.NOT_PUBLISHED] * 2 + [0, Gap.SMALL], np.uint16))
CITY = BlockFigures(
    rows=np.array([0]),
    units=(np.array([0, 1]),),
    figures=Figures(np.array([[7.0]]), np.zeros((1, 1), np.uint16)),
    usable=np.array([[True]]),
)


def sums(area_of_unit: list[int]) -> Figures:
    """The item in each area of a draft."""
    areas = np.array(area_of_unit)
    filled = fill(make_draft_inputs({"item": UNITS}), [CITY], area_of_unit=areas)
    groups = make_groups([np.flatnonzero(areas == area) for area in sorted(set(area_of_unit))])
    return roll_up(filled.units("item"), groups)


def test_a_block_that_lies_in_one_area_counts_there_once() -> None:
    assert sums([0, 0, 0, 1]).value[0] == 12.0


def test_a_block_that_a_draft_cuts_through_gives_a_figure_to_neither_side() -> None:
    found = sums([0, 1, 1, 2])
    assert not found.has_number.any()
    assert found.flags[0] & Gap.NOT_COVERED
    assert found.flags[1] & Gap.NOT_COVERED


def test_a_hidden_unit_hides_its_area_wherever_it_is_put() -> None:
    for area_of_unit, area in (([0, 0, 0, 0], 0), ([0, 0, 1, 1], 1), ([0, 0, 1, 2], 2)):
        found = sums(area_of_unit)
        assert found.flags[area] & Gap.SMALL
        assert np.isnan(found.value[area])


def test_the_inputs_themselves_stay_as_they_were_for_the_next_change() -> None:
    inputs = make_draft_inputs({"item": UNITS})
    fill(inputs, [CITY], area_of_unit=np.array([0, 0, 1, 1]))
    assert np.isnan(inputs.figures.value[0, 0])


def test_no_number_zero_and_no_change_stay_different() -> None:
    assert number_cell(0.0).text == "0"
    assert number_cell(float("nan")).state == "missing"
    assert change_cell(90.0, 100.0).text == "−10.0%"
    assert change_cell(1.0, 0.0).state == "not_applicable"
    assert spread([2.0, 0.0, 8.0]) == 4.0
    assert spread([2.0]) is None
