"""Live figures of a draft of areas: the engine's own formulas over the units of one prefecture, nothing stored.

A draft is a partition that changes with every click, so only what depends on it is done again: sums over areas, then
the formulas and intervals, for all areas of the draft and all indicators. Ratios are recomputed from sums, never
averaged; a hidden or missing unit hides or empties its area, as in stored values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.schema import BETWEEN_UNITS, Definition, Method
from indicators.formulas import methods
from indicators.formulas.between_units import gap_within, gini_within
from indicators.formulas.figures import Figures
from indicators.formulas.sums import Groups, make_groups, roll_up, total


@dataclass(frozen=True, slots=True, eq=False)
class DraftInputs:
    """What every unit has, in one order: figures of items × units, protected as stored values are.

    `row_of`: the row of each item by its code (population and demand too), and of each standardised ratio's expected
    numbers by the code of the indicator. Made once for a draft by `make_draft_inputs`.
    """

    row_of: Mapping[str, int]
    figures: Figures

    def units(self, code: str) -> Figures:
        """One item for every unit."""
        return _row(self.figures, self.row_of[code])


def make_draft_inputs(by_code: Mapping[str, Figures]) -> DraftInputs:
    """The figures of every unit by code, put together so that one pass adds all of them up."""
    values = np.stack([figures.value for figures in by_code.values()])
    flags = np.stack([figures.flags for figures in by_code.values()])
    return DraftInputs({code: row for row, code in enumerate(by_code)}, Figures(values, flags))


@dataclass(frozen=True, slots=True, eq=False)
class DraftFigures:
    """One indicator for every area of the draft; areas without a unit have no figure."""

    numerator: Figures
    denominator: Figures | None
    value: Figures
    limits: methods.Limits | None


def compute_draft(
    definitions: Sequence[Definition],
    inputs: DraftInputs,
    *,
    area_of_unit: NDArray[np.int64],
    areas: int,
    year: int | None = None,
) -> dict[str, DraftFigures]:
    """Every indicator for every area. `area_of_unit`: the number of each unit's area, −1 for none yet.

    Indicators that name an item the inputs lack are left out, and composites, which need peers to be scored among.
    """
    filled, groups = _groups(area_of_unit, areas)
    sums = roll_up(inputs.figures, groups)
    found = {}
    for definition in definitions:
        items = definition.numerator.items
        codes = tuple(item.code for item in items) if year is None else definition.numerator.codes_in(year)
        needed = (*codes, *_below(definition))
        if needed and all(code in inputs.row_of for code in needed):
            found[definition.code] = _spread(_compute(definition, codes, inputs, groups, sums), filled, areas)
    return found


def _compute(
    definition: Definition, codes: Sequence[str], inputs: DraftInputs, groups: Groups, sums: Figures
) -> DraftFigures:
    below = [_row(sums, inputs.row_of[code]) for code in _below(definition)]
    if definition.method is Method.SHARE_OF_UNITS_WITH_NONE:
        none = methods.units_with_none(total([inputs.units(code) for code in codes]))
        units = np.diff(np.append(groups.starts, len(groups.order))).astype(np.float64)
        return _finish(definition, roll_up(none, groups), Figures.known(units))
    numerator = total([_row(sums, inputs.row_of[code]) for code in codes])
    if definition.method in BETWEEN_UNITS:
        within = gini_within if definition.method is Method.GINI_BETWEEN_UNITS else gap_within
        over, under = total([inputs.units(code) for code in codes]), inputs.units(_below(definition)[0])
        value = within(over, under, groups, multiplier=definition.multiplier)
        return DraftFigures(numerator, below[0], value, None)
    return _finish(definition, numerator, below[0] if below else None)


def _finish(definition: Definition, numerator: Figures, denominator: Figures | None) -> DraftFigures:
    if denominator is None:
        value = methods.count(numerator)
    else:
        formula = methods.FORMULAS[definition.method.value]
        value = formula(numerator, denominator, multiplier=definition.multiplier)
    kind = definition.interval.value
    limits = methods.interval(kind, numerator, denominator, value, multiplier=definition.multiplier)
    return DraftFigures(numerator, denominator, value, limits)


def _below(definition: Definition) -> tuple[str, ...]:
    """Under which code the denominator is among the inputs; the number of units needs none."""
    if definition.method is Method.STANDARDISED_RATIO:
        return (definition.code,)
    item = definition.denominator.item if definition.denominator else None
    return () if item is None or item == "units.count" else (item,)


def _row(figures: Figures, row: int) -> Figures:
    return Figures(figures.value[row], figures.flags[row])


def _groups(area_of_unit: NDArray[np.int64], areas: int) -> tuple[NDArray[np.intp], Groups]:
    """Areas that have units, and their units."""
    members = [np.flatnonzero(area_of_unit == area) for area in range(areas)]
    filled = np.array([area for area, units in enumerate(members) if len(units)], dtype=np.intp)
    return filled, make_groups([units for units in members if len(units)])


def _spread(one: DraftFigures, filled: NDArray[np.intp], areas: int) -> DraftFigures:
    """From areas with units to all areas."""
    if len(filled) == areas:
        return one

    def over_all(figures: Figures) -> Figures:
        spread = Figures.absent(areas)
        spread.value[filled], spread.flags[filled] = figures.value, figures.flags
        return spread

    limits = None
    if one.limits is not None:
        lower, upper = np.full(areas, np.nan), np.full(areas, np.nan)
        lower[filled], upper[filled] = one.limits.lower, one.limits.upper
        limits = methods.Limits(lower, upper)
    denominator = None if one.denominator is None else over_all(one.denominator)
    return DraftFigures(over_all(one.numerator), denominator, over_all(one.value), limits)
