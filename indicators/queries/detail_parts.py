"""Reads what 指標詳細 shows beside its figures; only what the tab asked for needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.definitions.registry import all_definitions, get_definition
from indicators.definitions.schema import Visibility
from indicators.detail_parts import Around, DetailParts, Neighbour
from indicators.formulas.funnels import Counted, Funnel, make_funnel
from indicators.models import IndicatorYear
from indicators.queries.benchmark import get_figures, get_places, make_rows, no_figure
from indicators.queries.standings import get_level_standings, get_quantile_bands, get_similar_regions
from indicators.related import Related, find_related
from indicators.results import Figure, IndicatorQuery, IndicatorResult, Level, Measure, Series, Tab
from indicators.standings import Against, QuantileBand
from regions.queries.schemes import get_schemes
from zaitaku.lib.statistics.ranking import quantile_points

DEFAULT_SCHEME = "iryoken2-8"
_SHARES = np.linspace(0, 1, 11)


def get_detail_parts(result: IndicatorResult) -> DetailParts:
    """The parts of one view. A view of a past day has no standing: standings are kept for today's figures alone."""
    query = result.query
    if not result.years:
        return DetailParts(related=_related(query.code))
    standing, age = None, ""
    if query.prefecture and query.level == Level.PREFECTURE and query.measure == Measure.RATE and not query.as_at:
        standings = get_level_standings(query.code, level=Level.PREFECTURE, year=result.year)
        standing, age = standings.row(query.prefecture), standings.age
    return DetailParts(
        standing=standing,
        age=age,
        bands=_bands(result),
        funnel=_funnel(result) if query.tab == Tab.FUNNEL else None,
        around=_around(result) if query.tab == Tab.AROUND else None,
        related=_related(query.code),
    )


def _bands(result: IndicatorResult) -> tuple[QuantileBand, ...]:
    """Deciles of the peers over the years: of the 47 prefectures from the view's own series, of areas as stored."""
    query = result.query
    if query.tab != Tab.TREND or query.measure == Measure.COUNT:
        return ()
    if query.level == Level.PREFECTURE:
        return make_bands([series for series in result.series if series.code != "00"], years=result.years)
    if query.level == Level.AREA and not query.as_at:
        return get_quantile_bands(query.code, level=query.level, scheme=query.scheme)
    return ()


def make_bands(series: Sequence[Series], *, years: Sequence[int]) -> tuple[QuantileBand, ...]:
    """Minimum, deciles and maximum of each year in which at least ten regions have a figure."""
    bands = []
    for place, year in enumerate(years):
        figures = [one.points[place].figure.value for one in series]
        values = [value for value in figures if value is not None]
        if len(values) >= len(_SHARES) - 1:
            points = tuple(quantile_points(values, shares=_SHARES).tolist())
            bands.append(QuantileBand(year=year, count=len(values), points=points))
    return tuple(bands)


def _funnel(result: IndicatorResult) -> Funnel | None:
    counted = [found for row in result.rows if (found := _counted(row.code, row.figure))]
    nation = next((one.figure for one in result.comparators if one.code == "00"), None)
    return make_funnel(
        get_definition(result.query.code), counted, nation=_counted("00", nation) if nation is not None else None
    )


def _counted(code: str, figure: Figure) -> Counted | None:
    """The region's count and denominator; None where either is hidden or missing."""
    if figure.value is None or figure.numerator is None or not figure.denominator:
        return None
    return Counted(code=code, count=figure.numerator, denominator=figure.denominator)


def _around(result: IndicatorResult) -> Around:
    query = result.query
    scheme = query.scheme or DEFAULT_SCHEME
    names = {one.key: one.name for one in get_schemes()}
    areas = get_level_standings(
        query.code,
        level=Level.AREA,
        scheme=scheme,
        prefecture=query.prefecture,
        year=result.year,
        against=Against.PREFECTURE,
    )
    units = query.change(level=Level.MUNICIPALITY, scheme="", measure=Measure.RATE)
    places = get_places(units)
    figures = get_figures(query.code, region_ids=[place.id for place in places], measure=Measure.RATE, year=result.year)
    similar = get_similar_regions(query.prefecture, level=Level.PREFECTURE)
    by_code = _prefecture_figures(query, result.year)
    return Around(
        scheme=scheme,
        scheme_name=names.get(scheme, scheme),
        areas=areas.rows,
        municipalities=make_rows(places, figures, year=result.year, query=units),
        similar=tuple(
            Neighbour(region=region, figure=by_code.get(region.region_code) or no_figure())
            for region in similar.regions
        ),
        similarity_note=similar.note,
        prefecture=by_code.get(query.prefecture),
    )


def _prefecture_figures(query: IndicatorQuery, year: int | None) -> dict[str, Figure]:
    places = get_places(query.change(level=Level.PREFECTURE, scheme=""))
    figures = get_figures(query.code, region_ids=[place.id for place in places], measure=Measure.RATE, year=year)
    return {place.code: figure for place in places if (figure := figures.get((place.id, year or 0)))}


def _related(code: str) -> tuple[Related, ...]:
    available = frozenset(IndicatorYear.objects.values_list("indicator__code", flat=True).distinct())
    # For everybody: the page is kept, and may be sent to someone else.
    shown = [one for one in all_definitions() if one.visibility is Visibility.ALL]
    return find_related(get_definition(code), shown, available=available)
