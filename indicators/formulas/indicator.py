"""One indicator, one year, all regions: numerator, denominator, value and interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.disclosure import disclosure_rules
from indicators.definitions.registry import get_definition
from indicators.definitions.schema import BETWEEN_UNITS, Definition, Interval, Level, Method
from indicators.formulas import methods
from indicators.formulas.between_units import gap_between_units, gini_between_units
from indicators.formulas.composite import composite
from indicators.formulas.figures import Figures, Gap, mask
from indicators.formulas.resolve import Column, add_up, comes_by_prefecture, resolve
from indicators.formulas.strata import Strata, expected_counts, standardised_rate
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
    strata: Strata = field(default_factory=Strata)
    _resolved: dict[tuple[str, int], Figures] = field(default_factory=dict)
    _denominators: dict[tuple[str, int], tuple[Figures, str, tuple[int, ...]]] = field(default_factory=dict)

    def years(self, definition: Definition) -> list[int]:
        """The years for which any item of the numerator that existed then is published.

        Pooled years need every one of them: a gap would pass for a year without events. A composite needs all parts.
        """
        if definition.components:
            parts = [set(self.years(get_definition(component.code))) for component in definition.components]
            return sorted(set.intersection(*parts))
        items = {item.code: item for item in definition.numerator.items}
        known = {year for code, year in self.observed if code in items and items[code].exists_in(year)}
        return sorted(year for year in known if known.issuperset(range(year - definition.pool_years + 1, year)))

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

    def between_years(self, item: str, year: int) -> tuple[Figures, str, tuple[int, ...]]:
        """A projected item on the straight line between the two years around; none outside the years projected."""
        known = sorted(other for code, other in self.observed if code == item)
        before = max((other for other in known if other <= year), default=None)
        after = min((other for other in known if other >= year), default=None)
        if before is None or after is None:
            span = f"（推計は{known[0]}〜{known[-1]}年度）" if known else ""
            return Figures.absent(len(self.structure)), f"{year}年度の推計がありません{span}", ()
        share = 0.0 if before == after else (year - before) / (after - before)
        figures = between(self.figures(item, before), self.figures(item, after), share=share)
        note = f"{year}年度の推計" if before == after else f"{before}年度と{after}年度の推計の間を直線で補間"
        return figures, note, tuple(dict.fromkeys((*self.sources(item, before), *self.sources(item, after))))

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
    if definition.components:
        return _composite_year(definition, year, inputs)
    pooled = range(year - definition.pool_years + 1, year + 1)
    numerator = total([_numerator(definition, one, inputs) for one in pooled])
    denominator, note, more = _denominator(definition, year, inputs)
    if len(pooled) > 1 and denominator is not None:
        denominator = total([_known(_denominator(definition, one, inputs)[0]) for one in pooled])
        note = f"{note}。{pooled[0]}〜{pooled[-1]}年度の合算"
    sources = (*_sources(definition, pooled, inputs), *more)
    outside = outside_levels(definition, inputs.structure)
    # Before the levels are cut down: an inequality is that of units, which have no value of their own here.
    unequal = _inequality(definition, numerator, denominator, inputs.structure)
    numerator = _without(numerator, outside)
    denominator = None if denominator is None else _without(denominator, outside)
    if definition.method is Method.STANDARDISED_RATE:
        found = standardised_rate(
            inputs.strata,
            definition.numerator.codes_in(year),
            inputs.structure,
            year=year,
            multiplier=definition.multiplier,
        )
        value, limits = _without(found[0], outside), found[1] if definition.interval is not Interval.NONE else None
    else:
        value = _value(definition, numerator, denominator) if unequal is None else _without(unequal, outside)
        kind = definition.interval.value
        limits = methods.interval(kind, numerator, denominator, value, multiplier=definition.multiplier)
    return YearOfIndicator(year, numerator, denominator, value, limits, note, tuple(dict.fromkeys(sources)))


def _composite_year(definition: Definition, year: int, inputs: Inputs) -> YearOfIndicator:
    """The weighted mean of the scores of its components, each computed in the same year."""
    parts = [compute_year(get_definition(component.code), year, inputs) for component in definition.components]
    value = composite(
        [part.value for part in parts],
        [component.weight for component in definition.components],
        [component.is_reversed for component in definition.components],
        inputs.structure,
    )
    value = _without(value, outside_levels(definition, inputs.structure))
    names = "、".join(f"{get_definition(c.code).name}×{c.weight:g}" for c in definition.components)
    sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
    nothing = Figures(np.full(len(inputs.structure), np.nan), value.flags)
    return YearOfIndicator(year, nothing, None, value, None, f"構成：{names}（偏差値の加重平均）", sources)


def _numerator(definition: Definition, year: int, inputs: Inputs) -> Figures:
    numerator = total([inputs.figures(item, year) for item in definition.numerator.codes_in(year)])
    if definition.method is not Method.SHARE_OF_UNITS_WITH_NONE:
        return numerator
    units = inputs.structure.units
    none = methods.units_with_none(Figures(numerator.value[units], numerator.flags[units]))
    return add_up(none, inputs.structure)


def _denominator(definition: Definition, year: int, inputs: Inputs) -> tuple[Figures | None, str, tuple[int, ...]]:
    """The denominator that the definition's rule names, in words which it is, and its sources."""
    if definition.denominator is None:
        return None, "", ()
    if definition.denominator.rule == "expected":
        totals = {item: float(inputs.figures(item, year).value[0]) for item in definition.numerator.codes_in(year)}
        return expected_counts(inputs.strata, totals, inputs.structure, year=year)
    if definition.denominator.rule == "by_age":
        items = definition.numerator.codes_in(year)
        found = standardised_rate(inputs.strata, items, inputs.structure, year=year, multiplier=definition.multiplier)
        return found[2], found[3], ()
    if definition.denominator.item is None:
        return None, "", ()
    if definition.denominator.rule == "between_years":
        return inputs.between_years(definition.denominator.item, year)
    return inputs.denominator(definition.denominator.item, year)


def _known(figures: Figures | None) -> Figures:
    assert figures is not None
    return figures


def _sources(definition: Definition, years: Iterable[int], inputs: Inputs) -> tuple[int, ...]:
    return tuple(
        source
        for year in years
        for item in definition.numerator.codes_in(year)
        for source in inputs.sources(item, year)
    )


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


def _inequality(
    definition: Definition, numerator: Figures, denominator: Figures | None, structure: Structure
) -> Figures | None:
    """How unequal the units of each region are, where the definition asks for that."""
    if definition.method not in BETWEEN_UNITS or denominator is None:
        return None
    is_gini = definition.method is Method.GINI_BETWEEN_UNITS
    measure = gini_between_units if is_gini else gap_between_units
    return measure(numerator, denominator, structure, multiplier=definition.multiplier)


def _value(definition: Definition, numerator: Figures, denominator: Figures | None) -> Figures:
    if denominator is None:
        return methods.count(numerator)
    return methods.FORMULAS[definition.method.value](numerator, denominator, multiplier=definition.multiplier)
