"""One indicator, one year, all regions: numerator, denominator, value and interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.disclosure import disclosure_rules
from indicators.definitions.schema import Definition, Level, Method
from indicators.formulas import methods
from indicators.formulas.figures import Figures, Gap, mask
from indicators.formulas.resolve import Column, add_up, comes_by_prefecture, resolve
from indicators.formulas.structure import Structure
from indicators.formulas.sums import total
from indicators.formulas.years import between, population_year

_UNITS_COUNT = "units.count"
ObservedColumns = Mapping[tuple[str, int], Column]
PopulationColumns = Mapping[tuple[str, str, int], Column]
HiddenCounts = Mapping[tuple[str, int], NDArray[np.uint16]]


@dataclass(frozen=True, slots=True, eq=False)
class YearOfIndicator:
    """An indicator in one year, for every row of the structure. `note` says which denominator stands behind it."""

    year: int
    numerator: Figures
    denominator: Figures | None
    value: Figures
    limits: methods.Limits | None
    note: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Published figures by (item, year) and population by (measure, basis, year), with what was resolved so far.

    `hidden`: what disclosure control hides of each count of people (`formulas.protection`). Of a count of people
    that is not in it every figure is hidden: nothing gets out because somebody forgot to protect it.
    """

    structure: Structure
    observed: ObservedColumns
    population: PopulationColumns = field(default_factory=dict)
    hidden: HiddenCounts = field(default_factory=dict)
    _resolved: dict[tuple[str, int], Figures] = field(default_factory=dict)
    _denominators: dict[tuple[str, int], tuple[Figures, str, tuple[int, ...]]] = field(default_factory=dict)

    def years(self, definition: Definition) -> list[int]:
        """The years for which any item of the numerator that existed then is published."""
        items = {item.code: item for item in definition.numerator.items}
        return sorted({year for code, year in self.observed if code in items and items[code].exists_in(year)})

    def figures(self, item: str, year: int) -> Figures:
        """The item for every region."""
        key = (item, year)
        if key not in self._resolved:
            column = self.observed.get(key)
            published = column.figures if column else Figures.absent(len(self.structure))
            resolved = resolve(published, self.structure, by_prefecture=comes_by_prefecture(item))
            self._resolved[key] = self._protected(key, resolved)
        return self._resolved[key]

    def _protected(self, key: tuple[str, int], figures: Figures) -> Figures:
        if not disclosure_rules().apply_to(key[0]):
            return figures
        everything = np.where(figures.has_number, np.uint16(Gap.SMALL), np.uint16(0))
        return mask(figures, self.hidden.get(key, everything))

    def denominator(self, item: str, year: int) -> tuple[Figures, str, tuple[int, ...]]:
        """The denominator for every region, in words which it is, and its sources."""
        key = (item, year)
        if key not in self._denominators:
            self._denominators[key] = self._make_denominator(item, year)
        return self._denominators[key]

    def sources(self, item: str, year: int) -> tuple[int, ...]:
        """The sources of an item in a year, oldest edition first."""
        column = self.observed.get((item, year))
        return column.sources if column else ()

    def _make_denominator(self, item: str, year: int) -> tuple[Figures, str, tuple[int, ...]]:
        if item == _UNITS_COUNT:
            return Figures.known(self.structure.unit_counts), "市区町村数（政令指定都市は区）", ()
        if not item.startswith("population."):
            note = "" if (item, year) in self.observed else f"{year}年の分母の資料がありません"
            return self.figures(item, year), note, self.sources(item, year)
        return self._population(item, year)

    def _population(self, measure: str, year: int) -> tuple[Figures, str, tuple[int, ...]]:
        stands = population_year(
            year,
            registers=self._population_years(measure, "resident_register"),
            projections=self._population_years(measure, "projection"),
        )
        if stands is None:
            return Figures.absent(len(self.structure)), f"{year}年の人口の資料がありません", ()
        earlier = self.population[measure, stands.basis, stands.earlier]
        later = self.population[measure, stands.basis, stands.later]
        ends = [resolve(column.figures, self.structure) for column in (earlier, later)]
        figures = between(*ends, share=stands.share)
        return figures, stands.note, tuple(dict.fromkeys((*earlier.sources, *later.sources)))

    def _population_years(self, measure: str, basis: str) -> set[int]:
        return {year for name, kind, year in self.population if (name, kind) == (measure, basis)}


def compute_year(definition: Definition, year: int, inputs: Inputs) -> YearOfIndicator:
    """The indicator in one year. Items whose code did not exist in that year are left out."""
    items = definition.numerator.codes_in(year)
    numerator = total([inputs.figures(item, year) for item in items])
    if definition.method is Method.SHARE_OF_UNITS_WITH_NONE:
        units = inputs.structure.units
        numerator = add_up(
            methods.units_with_none(Figures(numerator.value[units], numerator.flags[units])), inputs.structure
        )
    sources = [source for item in items for source in inputs.sources(item, year)]
    denominator, note = None, ""
    if definition.denominator is not None and definition.denominator.item is not None:
        denominator, note, more = inputs.denominator(definition.denominator.item, year)
        sources += more
    outside = outside_levels(definition, inputs.structure)
    numerator = _without(numerator, outside)
    denominator = None if denominator is None else _without(denominator, outside)
    value = _value(definition, numerator, denominator)
    limits = methods.interval(
        definition.interval.value, numerator, denominator, value, multiplier=definition.multiplier
    )
    return YearOfIndicator(year, numerator, denominator, value, limits, note, tuple(dict.fromkeys(sources)))


def outside_levels(definition: Definition, structure: Structure) -> NDArray[np.bool_]:
    """The rows of levels that the definition does not name."""
    outside = np.ones(len(structure), dtype=np.bool_)
    spans = {
        Level.NATION: (slice(0, structure.prefectures.start),),
        Level.PREFECTURE: (structure.prefectures,),
        Level.AREA: (structure.areas,),
        Level.UNIT: (structure.cities, structure.units),
    }
    for level in definition.levels:
        for span in spans[level]:
            outside[span] = False
    return outside


def _without(figures: Figures, rows: NDArray[np.bool_]) -> Figures:
    if not rows.any():
        return figures
    flags = np.where(rows, np.uint16(Gap.NOT_PUBLISHED), figures.flags)
    return Figures(np.where(rows, np.nan, figures.value), flags)


def _value(definition: Definition, numerator: Figures, denominator: Figures | None) -> Figures:
    if denominator is None:
        return methods.count(numerator)
    return methods.FORMULAS[definition.method.value](numerator, denominator, multiplier=definition.multiplier)
