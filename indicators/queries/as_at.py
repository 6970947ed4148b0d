"""Indicators as they were on a day: computed anew from the editions that counted then, by the engine's own formulas."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.registry import get_definition
from indicators.definitions.schema import Definition
from indicators.formulas.indicator import Inputs, YearOfIndicator, compute_year
from indicators.formulas.structure import Structure
from indicators.models import IndicatorYear
from indicators.queries.benchmark import get_figures, make_figure
from indicators.queries.complete import read_complete_inputs
from indicators.queries.structure import read_structure
from indicators.results import Figure, IndicatorQuery, Measure
from zaitaku.sources.queries import get_known_on, get_sources_known_on


@dataclass(frozen=True, eq=False)
class Recomputation:
    """One indicator in some years, with all that it was computed from. The definition and the regions are today's."""

    structure: Structure
    inputs: Inputs
    years: dict[int, YearOfIndicator]

    def row_of(self, region_id: int) -> int | None:
        """The row of a region, None for one that is not current."""
        if not 0 <= region_id < len(self.structure.row_of_id):
            return None
        row = int(self.structure.row_of_id[region_id])
        return row if row >= 0 and int(self.structure.ids[row]) == region_id else None


def recompute(
    definition: Definition, *, as_at: dt.date | None = None, years: Iterable[int] | None = None
) -> Recomputation:
    """The indicator from all that counts now, or that counted on the day `as_at`; all its years or those asked for."""
    structure = read_structure()
    sources = None if as_at is None else get_sources_known_on(as_at)
    inputs = read_complete_inputs([definition], structure, sources=sources)
    wanted = [year for year in inputs.years(definition) if years is None or year in set(years)]
    return Recomputation(structure, inputs, {year: compute_year(definition, year, inputs) for year in wanted})


class FigureReader:
    """Figures of one view's indicator: as stored, or computed anew as they were on the day the view asks for."""

    def __init__(self, query: IndicatorQuery) -> None:
        self._query = query
        self._again = recompute(get_definition(query.code), as_at=query.as_at) if query.as_at else None

    def figures(
        self, region_ids: Iterable[int], *, measure: Measure, year: int | None = None
    ) -> dict[tuple[int, int], Figure]:
        """Figures by (region id, year), of one year or of all."""
        if self._again is None:
            return get_figures(self._query.code, region_ids=region_ids, measure=measure, year=year)
        rows = {pk: self._again.row_of(pk) for pk in region_ids}
        return {
            (pk, result.year): figure_at(result, row, measure=measure)
            for result in self._again.years.values()
            if year in (None, result.year)
            for pk, row in rows.items()
            if row is not None
        }

    def behind(self, year: int | None) -> tuple[list[int], str]:
        """Ids of the sources behind a year, and the denominator in words."""
        if year is None:
            return [], ""
        if self._again is not None:
            result = self._again.years.get(year)
            return (list(result.sources), result.note) if result else ([], "")
        found = IndicatorYear.objects.filter(indicator__code=self._query.code, year=year).first()
        return (found.source_ids, found.denominator_note) if found else ([], "")


def figure_at(result: YearOfIndicator, row: int, *, measure: Measure = Measure.RATE) -> Figure:
    """The figure of one row of a computed year, rounded as everywhere."""

    def at(values: NDArray[np.float64] | None) -> float | None:
        found = math.nan if values is None else float(values[row])
        return None if math.isnan(found) else found

    return make_figure(
        at(result.value.value),
        at(result.numerator.value),
        at(result.denominator.value if result.denominator else None),
        at(result.limits.lower if result.limits else None),
        at(result.limits.upper if result.limits else None),
        int(result.value.status[row]),
        int(result.value.reason[row]),
        measure=measure,
    )


def get_known_days(indicator_code: str) -> tuple[dt.date, ...]:
    """The days on which editions behind an indicator were taken in, newest first: from each of them it may differ."""
    behind = IndicatorYear.objects.filter(indicator__code=indicator_code).values_list("source_ids", flat=True)
    sources = {source for ids in behind for source in ids}
    return tuple(sorted(set(get_known_on(sources).values()), reverse=True))
