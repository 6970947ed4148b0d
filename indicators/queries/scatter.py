"""散布図: two indicators, each in its newest year, for the regions of a level."""

from __future__ import annotations

from indicators.cards import make_card, notices
from indicators.definitions.registry import get_definition
from indicators.queries.benchmark import get_figures, get_places, no_figure
from indicators.queries.comparison import get_sources
from indicators.results import IndicatorQuery, Level, Measure
from indicators.scatters import (
    ScatterPoint,
    ScatterQuery,
    ScatterResult,
    correlate,
    count_quadrants,
    find_cautions,
    find_means,
    make_finding,
)
from regions.queries.schemes import get_schemes
from zaitaku.lib.prefectures import prefecture as find_prefecture


def make_scatter(query: ScatterQuery) -> ScatterResult:
    """The scatter that `query` asks for."""
    definitions = get_definition(query.x), get_definition(query.y)
    inside = query.prefecture if query.is_inside else ""
    listed = IndicatorQuery(code=query.x, level=query.level, scheme=query.scheme, prefecture=inside)
    places = get_places(listed)
    ids = [place.id for place in places]
    by_axis = [get_figures(one.code, region_ids=ids, measure=Measure.RATE) for one in definitions]
    years = [max((year for _, year in figures), default=None) for figures in by_axis]
    points = tuple(
        ScatterPoint(
            code=place.code,
            name=place.name,
            prefecture_name=place.prefecture_name,
            x=by_axis[0].get((place.id, years[0] or 0)) or no_figure(),
            y=by_axis[1].get((place.id, years[1] or 0)) or no_figure(),
            is_own=bool(query.prefecture) and not query.is_inside and place.prefecture_code == query.prefecture,
        )
        for place in places
    )
    x, y = (make_card(one) for one in definitions)
    x_mean, y_mean = find_means(points)
    correlation, by_rank = correlate(points)
    place = _place(query)
    missing = sum(not point.is_drawn for point in points)
    known = {one.code: year for one, year in zip(definitions, years, strict=True) if year is not None}
    return ScatterResult(
        query=query,
        x=x,
        y=y,
        x_year=years[0],
        y_year=years[1],
        points=points,
        x_mean=x_mean,
        y_mean=y_mean,
        quadrants=count_quadrants(points, x_mean, y_mean),
        correlation=correlation,
        rank_correlation=by_rank,
        finding=make_finding(x, y, correlation, place=place, missing=missing),
        cautions=(*notices((x, y)), *find_cautions(*definitions)),
        sources=get_sources(known),
        place=place,
    )


def _place(query: ScatterQuery) -> str:
    """`全国の二次医療圏（第8次医療計画）`, `三重県の市区町村`, `都道府県`."""
    if query.level is Level.PREFECTURE:
        return "都道府県"
    found = find_prefecture(query.prefecture) if query.is_inside else None
    noun = query.level.label
    if query.level is Level.AREA:
        noun = next((scheme.name for scheme in get_schemes() if scheme.key == query.scheme), noun)
    return f"{found.name if found else '全国'}の{noun}"
