"""Everything the editor shows about a draft, computed at every change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.schema import BETWEEN_UNITS, Definition, Method
from indicators.formulas.draft import DraftFigures, compute_draft
from indicators.models import IndicatorValue
from plans.formulas.area_checks import Finding, Severity, check_draft
from plans.formulas.area_live import Cell, change_cell, decimals_for, figure_cells, number_cell, spread
from plans.formulas.block_figures import fill
from plans.formulas.partition import Area, Partition
from plans.queries.area_designations import UnitDesignations, count_in, get_unit_designations
from plans.queries.area_inputs import RESOURCES, AreaInputs, get_area_inputs, get_data_version
from plans.queries.area_links import get_joined_neighbours
from plans.queries.area_population import FIRST_YEAR, LAST_YEAR, People, get_people
from zaitaku.lib.fiscal_years import format_fiscal_year

_REASONS = {int(reason.value): str(reason.label) for reason in IndicatorValue.Reason}
_SUPPORT = ("clinics", "hospitals")
_OF_UNITS = (Method.SHARE_OF_UNITS_WITH_NONE, *BETWEEN_UNITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the overview: a heading in two parts, and one cell per area."""

    key: str
    group: str
    label: str
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """One indicator: its place in the catalogue, one cell per area, and how unequal the areas are."""

    code: str
    name: str
    phase: str
    unit: str
    year_label: str
    direction: str
    cells: tuple[Cell, ...]
    whole: Cell
    spread: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area: how many units it has and what the checks say."""

    area: Area
    units: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDraft:
    """The whole state of the results. `names`, `aged` (75 and over) and `candidates` are by the code of the unit."""

    areas: tuple[AreaRow, ...]
    columns: tuple[Column, ...]
    indicators: tuple[IndicatorRow, ...]
    findings: tuple[Finding, ...]
    unassigned: tuple[str, ...]
    names: Mapping[str, str]
    data_version: str
    register_year: int | None
    has_designations: bool
    has_demo: bool
    aged: Mapping[str, float]
    candidates: Mapping[str, int] | None

    @property
    def errors(self) -> int:
        """How many findings must be mended."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings should be looked at."""
        return sum(finding.severity is Severity.WARNING for finding in self.findings)

    @property
    def pieces_apart(self) -> int:
        """How many pieces are cut off from their area."""
        return sum(finding.key == "apart" for finding in self.findings)


def get_live(partition: Partition, *, prefecture_code: str, on: dt.date) -> LiveDraft:
    """The results of a draft as of the present data."""
    version = get_data_version()
    inputs = get_area_inputs(prefecture_code, on=on, version=version)
    people = get_people(inputs.units, version=version)
    designated = get_unit_designations(prefecture_code)
    numbers = sorted(partition.areas)
    place = {number: at for at, number in enumerate(numbers)}
    area_of_unit = np.array([place.get(partition.area_of.get(u.code, 0), -1) for u in inputs.units], dtype=np.int64)
    areas = len(numbers)
    figures, whole = _compute(inputs, area_of_unit, areas), _whole(inputs)
    names = {unit.code: unit.name for unit in inputs.units}
    candidates = count_candidates(inputs)
    findings = check_draft(
        partition,
        units=names,
        neighbours=get_joined_neighbours(prefecture_code, on=on),
        active=designated.active_counts,
        hubs=designated.hub_counts,
        candidates=candidates,
    )
    members = partition.members
    return LiveDraft(
        areas=tuple(
            AreaRow(
                area=partition.areas[number],
                units=members[number],
                findings=tuple(finding for finding in findings if finding.area == number),
            )
            for number in numbers
        ),
        columns=(
            *_people_columns(people, area_of_unit, areas),
            *_resource_columns(inputs, figures, whole),
            *_designation_columns(designated, [members[number] for number in numbers]),
        ),
        indicators=tuple(
            _indicator_row(definition, inputs, figures)
            for definition in inputs.definitions
            if definition.code in figures and definition.code not in {resource.key for resource in RESOURCES}
        ),
        findings=findings,
        unassigned=tuple(sorted(set(names) - set(partition.area_of))),
        names=names,
        data_version=version,
        register_year=people.register_year,
        aged=people.by_unit("aged75", inputs.units),
        candidates=candidates,
        has_demo=designated.has_demo,
        has_designations=designated.active is not None or designated.hubs is not None,
    )


def _compute(inputs: AreaInputs, area_of_unit: NDArray[np.int64], areas: int) -> dict[str, DraftFigures]:
    filled = fill(inputs.figures, inputs.blocks, area_of_unit=area_of_unit)
    return compute_draft(inputs.definitions, filled, area_of_unit=area_of_unit, areas=areas)


@lru_cache(maxsize=64)
def _whole_cells(inputs: AreaInputs) -> dict[str, tuple[int, Cell]]:
    """The decimals each indicator is written with, and the prefecture's cell."""
    decimals = {code: decimals_for(found.value.value) for code, found in _whole(inputs).items()}
    return {
        code: (decimals[code], figure_cells(found, _REASONS, decimals=decimals[code])[0])
        for code, found in _whole(inputs).items()
    }


@lru_cache(maxsize=64)
def _whole(inputs: AreaInputs) -> dict[str, DraftFigures]:
    """The prefecture, as it is published; how unequal its units are, from them. The same for every draft."""
    by_units = _compute(inputs, np.zeros(len(inputs.units), dtype=np.int64), 1)
    published = compute_draft(inputs.definitions, inputs.whole, area_of_unit=np.zeros(1, dtype=np.int64), areas=1)
    return by_units | {
        definition.code: published[definition.code]
        for definition in inputs.definitions
        if definition.method not in _OF_UNITS and definition.code in published
    }


def count_candidates(inputs: AreaInputs) -> dict[str, int] | None:
    """Support clinics and hospitals by unit; None where no list of the prefecture is there."""
    found = np.zeros(len(inputs.units))
    for key in _SUPPORT:
        if f"{key}/over" not in inputs.figures.row_of:
            return None
        figures = inputs.figures.units(f"{key}/over")
        if not figures.has_number.any():
            return None
        found += np.nan_to_num(figures.value)
    return {unit.code: int(count) for unit, count in zip(inputs.units, found, strict=True)}


def _people_columns(people: People, area_of_unit: NDArray[np.int64], areas: int) -> list[Column]:
    by_area = people.by_area(area_of_unit, areas)
    whole = people.by_area(np.zeros(len(area_of_unit), dtype=np.int64), 1)
    now = f"人口（{people.register_year}年1月1日）" if people.register_year else "人口"
    later = f"将来推計（{FIRST_YEAR}→{LAST_YEAR}年）"
    found = [
        Column(
            key=key,
            group=now,
            label=label,
            cells=tuple(number_cell(value) for value in by_area[key]),
            whole=number_cell(whole[key][0]),
        )
        for key, label in (("total", "総数"), ("aged65", "65歳以上"), ("aged75", "75歳以上"), ("aged85", "85歳以上"))
    ]
    for age, label in (("aged65", "65歳以上の増減"), ("aged75", "75歳以上の増減")):
        first, last = f"{age}_first", f"{age}_last"
        cells = tuple(change_cell(b, a) for a, b in zip(by_area[first], by_area[last], strict=True))
        total = change_cell(whole[last][0], whole[first][0])
        found.append(Column(key=f"{age}_change", group=later, label=label, cells=cells, whole=total))
    return found


def _resource_columns(
    inputs: AreaInputs, figures: Mapping[str, DraftFigures], whole: Mapping[str, DraftFigures]
) -> list[Column]:
    found = []
    for resource in RESOURCES:
        year = inputs.years.get(resource.key)
        if year is None or resource.key not in figures:
            continue
        is_demand = resource.key.startswith("demand")
        found.append(
            Column(
                key=resource.key,
                group="需要（件/月）" if is_demand else "医療資源",
                label=f"{year}年" if is_demand else f"{resource.label}（{year}年）",
                cells=figure_cells(figures[resource.key], _REASONS, decimals=0),
                whole=figure_cells(whole[resource.key], _REASONS, decimals=0)[0],
            )
        )
    return found


def _designation_columns(designated: UnitDesignations, members: list[tuple[str, ...]]) -> list[Column]:
    found = []
    for key, label, counts in (("active", "積極的", designated.active), ("hubs", "拠点", designated.hubs)):
        if counts is not None:
            cells = tuple(number_cell(count_in(counts, units)) for units in members)
            whole = number_cell(count_in(counts, counts))
            found.append(Column(key=key, group="位置付け", label=label, cells=cells, whole=whole))
    return found


def _indicator_row(
    definition: Definition,
    inputs: AreaInputs,
    figures: Mapping[str, DraftFigures],
) -> IndicatorRow:
    found = figures[definition.code]
    decimals, whole = _whole_cells(inputs)[definition.code]
    cells = figure_cells(found, _REASONS, decimals=decimals)
    return IndicatorRow(
        code=definition.code,
        name=definition.name,
        phase=definition.phase.label,
        unit=definition.unit,
        year_label=format_fiscal_year(inputs.years[definition.code]),
        direction=definition.direction.value,
        cells=cells,
        whole=whole,
        spread=spread([cell.value for cell in cells if cell.value is not None]),
    )
