"""What stands beside the text of a plan: pictures of its core indicators by area, and 別表 of all indicators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from indicators.captions import make_caption
from indicators.charts.bars import make_bars
from indicators.definitions.registry import official_definitions
from indicators.exports.selected_values import Download, write_xlsx
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.queries.selected_values import count_rows, get_codes_with_values, get_selected_indicators
from indicators.results import IndicatorQuery, IndicatorResult, Level
from indicators.selections import Scope, Selection
from plans.exports.area_picture import make_area_picture
from plans.exports.document import Picture, make_picture
from plans.exports.logic_picture import make_logic_picture
from plans.formulas.content import Content, records
from plans.models import Plan
from plans.queries.content import get_content
from regions.models import AreaScheme
from zaitaku.lib.pictures import draw_picture

DEFAULT_SCHEME = "iryoken2-8"
Report = Callable[[str], None]


def scheme_of(content: Content) -> AreaScheme | None:
    """The areas a plan is written on; 二次医療圏 while it names none."""
    return AreaScheme.objects.filter(key=content["plan"].get("scheme") or DEFAULT_SCHEME).first()


def annex_selection(content: Content) -> Selection:
    """Every official indicator with data, all years, for the nation, the prefecture and its areas."""
    scheme = scheme_of(content)
    known = get_codes_with_values()
    scopes = (Scope.NATION, Scope.PREFECTURE, *([Scope.AREA] if scheme else []))
    return Selection(
        indicators=tuple(one.code for one in official_definitions() if one.code in known),
        scopes=scopes,
        prefectures=(content["plan"]["prefecture"],),
        scheme=scheme.key if scheme else "",
    )


def write_annex(content: Content, path: Path) -> None:
    """別表 as .xlsx: long form, intervals, reasons of hidden cells, codes as text, codebook and sources."""
    selection = annex_selection(content)
    indicators = get_selected_indicators(selection)
    rows = count_rows(selection, indicators)
    download = Download(
        selection=selection, indicators=indicators, rows=rows, address=f"/download/{selection.querystring()}"
    )
    write_xlsx(download, path, report=lambda _: None)


def core_results(content: Content) -> Iterator[IndicatorResult]:
    """The core indicators, and those of targets and the logic model, that have values for the areas; one view each."""
    scheme, known = scheme_of(content), get_codes_with_values()
    named = {one.get("indicator_code") for key in ("targets", "logic_nodes") for one in records(content, key)}
    for definition in official_definitions() if scheme else ():
        if definition.code not in known or not (definition.core or definition.code in named):
            continue
        query = IndicatorQuery(
            code=definition.code,
            level=Level.AREA,
            prefecture=content["plan"]["prefecture"],
            scheme=scheme.key if scheme else "",
        )
        try:
            result = get_indicator_result(query)
        except NoSuchView:
            continue
        if result.has_values:
            yield result


def make_pictures(
    plan: Plan, content: Content, *, on: dt.date, report: Report
) -> tuple[dict[str, list[Picture]], tuple[str, ...]]:
    """Pictures by the chapter they stand in, and where their figures come from; `report` hears what is drawn."""
    found: dict[str, list[Picture]] = {"present-state": [], "areas": [], "logic-model": []}
    sources: dict[str, None] = {}
    for result in core_results(content):
        report(f"図を描いています：{result.title}")
        found["present-state"].append(_bars(result))
        sources |= dict.fromkeys(one.citation for one in result.sources)
    scheme = scheme_of(content)
    report("地図を描いています")
    if scheme is not None and (area_map := make_area_picture(plan, scheme, content, on=on)) is not None:
        found["areas"].append(area_map)
    if (drawn := _logic(plan, content)) is not None:
        found["logic-model"].append(drawn)
    return found, tuple(sources)


def _bars(result: IndicatorResult) -> Picture:
    figure, caption = make_bars(result), make_caption(result)
    rows = "、".join(f"{row.name} {row.figure.text}" for row in result.rows)
    drawn = draw_picture(figure, caption=caption, file_format="svg")
    alt = f"{result.title}（{result.unit}）の棒グラフ。{rows}"
    return make_picture(f"indicator-{result.definition.code.lower()}", drawn, caption=caption, alt=alt)


def _logic(plan: Plan, content: Content) -> Picture | None:
    """The drawing of the logic model, if the model is still the one that the version holds."""
    now = get_content(plan)
    same = all(_plain(content, key) == _plain(now, key) for key in ("logic_nodes", "logic_edges"))
    return make_logic_picture(plan) if same else None


def _plain(content: Content, key: str) -> list[Mapping[str, object]]:
    return [dict(one) for one in records(content, key)]
