"""The protected figures that live sums are made of: the newest year of every item an indicator names, for all regions.

Saved groups and drafts of areas are computed from these alone (`indicators.formulas.draft`): a figure that is hidden
here hides every sum it would be part of, so nothing can be worked out from a sum that its parts do not show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from indicators.definitions.own import definition_scope, definitions_state, everybody
from indicators.definitions.registry import all_definitions
from indicators.definitions.schema import BETWEEN_UNITS, Definition, Lifecycle, Method
from indicators.formulas.draft import DraftFigures, DraftInputs, compute_draft, make_draft_inputs
from indicators.formulas.figures import Figures, Gap
from indicators.formulas.indicator import Inputs
from indicators.formulas.strata import expected_counts
from indicators.formulas.structure import CITIES, Structure
from indicators.models import Indicator
from indicators.queries.complete import read_complete_inputs
from indicators.queries.structure import read_structure

_KEPT_SECONDS = 12 * 3600
# What needs the units themselves, however the rest of the group is published.
_OF_UNITS = (Method.SHARE_OF_UNITS_WITH_NONE, *BETWEEN_UNITS)


@dataclass(frozen=True, slots=True, eq=False)
class UnitFigures:
    """`inputs[year]`: items × all rows of `structure`, protected; `years`: of each indicator; `notes`: denominators."""

    structure: Structure
    inputs: Mapping[int, DraftInputs]
    years: Mapping[str, int]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class GroupFigure:
    """One indicator of one group: arrays of one element each, and the year."""

    definition: Definition
    year: int
    figures: DraftFigures


@definition_scope(everybody)
def get_unit_figures() -> UnitFigures:
    """The figures of the present values; read anew after every computation (some seconds), else kept.

    They hold what every indicator needs, whoever asks: reading takes seconds, and what is kept must not depend on who
    came first. Whoever uses them goes by the definitions that may be seen (`compute_group`, area drafts).
    """
    key = f"unit-figures:{get_values_version()}:{definitions_state()}"
    found: UnitFigures | None = cache.get(key)
    if found is None:
        found = read_unit_figures()
        cache.set(key, found, _KEPT_SECONDS)
    return found


def read_unit_figures() -> UnitFigures:
    """The same, from the database."""
    definitions = _summable()
    structure = read_structure()
    inputs = read_complete_inputs(definitions, structure)
    years = {one.code: known[-1] for one in definitions if (known := inputs.years(one))}
    by_year: dict[int, dict[str, Figures]] = {}
    notes = {}
    for definition in definitions:
        if (year := years.get(definition.code)) is not None:
            columns = by_year.setdefault(year, {})
            columns |= {item: inputs.figures(item, year) for item in definition.numerator.codes_in(year)}
            below, notes[definition.code] = _below(definition, year, inputs)
            columns |= below
    return UnitFigures(structure, {year: make_draft_inputs(columns) for year, columns in by_year.items()}, years, notes)


def compute_group(unit_ids: Collection[int], *, known: UnitFigures | None = None) -> dict[str, GroupFigure]:
    """Every indicator for one group of base units, by its code; without values nothing is left out but composites.

    Where a source publishes areas only, the group has a figure if whole areas of one scheme make it up exactly.
    """
    known = known or get_unit_figures()
    found: dict[str, GroupFigure] = {}
    for number, rows in enumerate(_covers(unit_ids, known.structure)):
        for year, inputs in known.inputs.items():
            parts = DraftInputs(inputs.row_of, inputs.figures.take(rows))
            wanted = [one for one in _summable() if _is_open(one, year, found, known) and _fits(one, cover=number)]
            together = np.zeros(len(rows), dtype=np.int64)
            computed = compute_draft(wanted, parts, area_of_unit=together, areas=1, year=year)
            for one in wanted:
                figure = computed.get(one.code)
                if figure is not None and (number == 0 or not is_published_by_area_only(figure.value)):
                    found[one.code] = GroupFigure(one, year, figure)
    return found


def is_published_by_area_only(figures: Figures) -> bool:
    """Whether a missing figure could be had for a group that keeps to the borders of areas."""
    return bool(figures.flags[0] & np.uint16(Gap.NOT_PUBLISHED))


def get_values_version() -> str:
    """A text that changes with every computation and every definition (one query)."""
    rows = Indicator.objects.order_by("code").values_list("code", "digest", "input_digest", "computed_at")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def _summable() -> list[Definition]:
    """What sums of units can give: no composites (they need peers), no direct standardisation, no pooled years."""
    return [
        one
        for one in all_definitions()
        if one.lifecycle is Lifecycle.ACTIVE
        and not one.components
        and one.method is not Method.STANDARDISED_RATE
        and one.pool_years == 1
    ]


def _below(definition: Definition, year: int, inputs: Inputs) -> tuple[dict[str, Figures], str]:
    """The denominator under the code `compute_draft` looks for, and in words."""
    denominator = definition.denominator
    if denominator is None or denominator.item == "units.count":
        return {}, ""
    if denominator.rule == "expected":
        totals = {item: float(inputs.figures(item, year).value[0]) for item in definition.numerator.codes_in(year)}
        figures, note, _sources = expected_counts(inputs.strata, totals, inputs.structure, year=year)
        return {definition.code: figures}, note
    if denominator.item is None:
        return {}, ""
    read = inputs.between_years if denominator.rule == "between_years" else inputs.denominator
    figures, note, _sources = read(denominator.item, year)
    return {denominator.item: figures}, note


def _is_open(definition: Definition, year: int, found: Mapping[str, GroupFigure], known: UnitFigures) -> bool:
    """Whether the indicator is of this year and still without a number."""
    if known.years.get(definition.code) != year:
        return False
    before = found.get(definition.code)
    return before is None or is_published_by_area_only(before.figures.value)


def _fits(definition: Definition, *, cover: int) -> bool:
    return cover == 0 or definition.method not in _OF_UNITS


def _covers(unit_ids: Collection[int], structure: Structure) -> Iterable[NDArray[np.intp]]:
    """Rows that add up to the group exactly: its units, cities in their wards' stead, areas of each scheme."""
    rows = structure.rows_of(np.array(sorted(unit_ids), dtype=np.int64))
    rows = rows[(rows >= structure.units.start) & (rows < structure.units.stop)]
    yield rows
    units = rows - structure.units.start
    for blocks in structure.blocks:
        inside, covered = _whole_blocks(blocks.units.order, blocks.units.starts, units)
        left = np.setdiff1d(units, covered)
        if len(inside) and (blocks.name == CITIES or len(left) == 0):
            yield np.concatenate([blocks.rows[inside], left + structure.units.start]).astype(np.intp)


def _whole_blocks(
    order: NDArray[np.intp], starts: NDArray[np.intp], units: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Sequence[int]]:
    """The blocks that lie wholly among the units, and the units they hold."""
    is_member = np.isin(order, units)
    whole = np.logical_and.reduceat(is_member, starts)
    held = np.repeat(whole, np.diff(np.append(starts, len(order))))
    return np.flatnonzero(whole), order[held].tolist()
