"""What the template of 指標詳細 needs beside the result: controls as links, finished charts, words. Reads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.basket import Basket
from indicators.basket_links import make_bar
from indicators.benchmark_words import POSITIONS, TRENDS, no_trend
from indicators.charts.bars import NAMED_BARS
from indicators.charts.maps import make_map, unmatched
from indicators.charts.trend import breaks_within, decile_name
from indicators.definitions.registry import get_definition
from indicators.detail_parts import DetailParts
from indicators.formulas.funnels import allows_funnel
from indicators.funnel_words import funnel_notes, make_funnel_finding, target_name
from indicators.pictures import has_picture, make_figure
from indicators.results import IndicatorQuery, IndicatorResult, Level, Measure, Order, Tab
from indicators.standings import StandingRow
from indicators.table_pages import find_table_page
from zaitaku.lib.figures import figure_script
from zaitaku.lib.statistics.comparison import Position
from zaitaku.lib.statistics.trends import Trend

_SEPARATE = "比べられない"


def make_context(result: IndicatorResult, parts: DetailParts, basket: Basket) -> dict[str, Any]:
    """The context of `indicators/detail_body.html`."""
    query = result.query
    return {
        "result": result,
        "query": query,
        "parts": parts,
        "finding": make_funnel_finding(parts.funnel, result) if parts.funnel else result.finding,
        "controls": _controls(result),
        "bar": make_bar(
            basket,
            lambda changed: query.change(basket=changed.text).querystring(),
            prefecture=query.prefecture,
            code=query.code,
        ),
        "has_picture": has_picture(result, parts),
        "cite_query": query.change(tab=Tab.CHART, basket="", year=result.year, page=1).querystring(),
        "table_page": find_table_page(query, result.rows),
        "file_query": query.change(page=1).querystring(),
        "related_query": _elsewhere(query).querystring(),
        **_standing(parts.standing),
        **_presentation(result, parts),
    }


def _elsewhere(query: IndicatorQuery) -> IndicatorQuery:
    """The same place for another indicator, whose years, areas and presentations may differ."""
    return IndicatorQuery(code=query.code, prefecture=query.prefecture, basket=query.basket)


def _standing(standing: StandingRow | None) -> dict[str, Any]:
    if standing is None:
        return {}
    known = standing.trend is not Trend.CANNOT_BE_CALCULATED
    return {
        "position_label": _position(standing.position),
        "trend_label": TRENDS[standing.trend] if known else "判定できません",
        "trend_reason": "" if known else no_trend(standing.trend_reason),
    }


def _position(position: Position) -> str:
    return POSITIONS.get(position, _SEPARATE)


def _presentation(result: IndicatorResult, parts: DetailParts) -> dict[str, Any]:
    """What the current tab shows. Without a single number there is nothing to draw."""
    tab = result.query.tab
    if tab == Tab.AROUND and parts.around is not None:
        return _around(result, parts)
    if tab == Tab.TREND and result.years:
        return {**_scripts(result, parts), "breaks": breaks_within(result), "deciles": _deciles(result, parts)}
    if not result.has_values:
        return {}
    if tab == Tab.MAP:
        return {"map": make_map(result), "unmatched": unmatched(result)}
    if tab == Tab.FUNNEL and parts.funnel is not None:
        words = {"funnel_notes": funnel_notes(parts.funnel), "funnel_target": target_name(parts.funnel)}
        return {**_scripts(result, parts), **words}
    return _scripts(result, parts) if tab == Tab.CHART else {}


def _scripts(result: IndicatorResult, parts: DetailParts) -> dict[str, Any]:
    wide = make_figure(result, parts)
    # Bars without names are the same at every width, and there may be 1,892 of them.
    is_same = result.query.tab == Tab.CHART and len(result.rows) > NAMED_BARS
    narrow = "" if is_same else figure_script(make_figure(result, parts, is_narrow=True))
    return {"figures": {"wide": figure_script(wide), "narrow": narrow, "height": wide.height}}


def _deciles(result: IndicatorResult, parts: DetailParts) -> list[tuple[str, list[str]]]:
    """The rows that the lines of the deciles show: highest first, one text a year."""
    by_year = {band.year: band.points for band in parts.bands}
    if not by_year:
        return []
    return [
        (decile_name(place), [f"{by_year[year][place]:,.1f}" if year in by_year else "" for year in result.years])
        for place in range(9, 0, -1)
    ]


def _around(result: IndicatorResult, parts: DetailParts) -> dict[str, Any]:
    assert parts.around is not None
    query, around = result.query, parts.around
    shown = query.change(tab=Tab.CHART, measure=Measure.RATE)
    return {
        "around_areas": [(row, _position(row.position)) for row in around.areas],
        "rate_unit": result.definition.unit,
        "areas_query": shown.change(level=Level.AREA, scheme=around.scheme).querystring(),
        "units_query": shown.change(level=Level.MUNICIPALITY, scheme="").querystring(),
    }


def _controls(result: IndicatorResult) -> dict[str, Any]:
    """The neighbouring views, as links that need no JavaScript."""
    query = result.query
    return {
        "tabs": [(tab.label, query.change(tab=tab, page=1).querystring(), tab == query.tab) for tab in _tabs(query)],
        "levels": [
            (level.value, level.label, level == query.level)
            for level in Level
            if level in result.definition.levels or level == query.level
        ],
        "orders": [(order.value, order.label, order == query.order) for order in Order],
        "measures": [
            (measure.value, measure.label, measure == query.measure)
            for measure in Measure
            if result.definition.has_rate or measure == query.measure
        ],
        "years": [(year, year == result.year) for year in reversed(result.years)],
    }


def _tabs(query: IndicatorQuery) -> Sequence[Tab]:
    """The presentations that this indicator and this choice can have."""
    missing = set()
    if not allows_funnel(get_definition(query.code)) or query.measure == Measure.COUNT:
        missing.add(Tab.FUNNEL)
    if not query.prefecture or query.as_at:
        missing.add(Tab.AROUND)
    return [tab for tab in Tab if tab not in missing or tab == query.tab]
