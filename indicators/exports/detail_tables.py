"""Rows and columns that single presentations of 指標詳細 add: funnel limits, deciles, surroundings."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.charts.trend import decile_name
from indicators.detail_parts import DetailParts
from indicators.formulas.funnels import Funnel
from indicators.funnel_words import SIGNALS, target_name
from indicators.results import Figure, IndicatorResult, Level, State
from zaitaku.lib.tables import Column, Value

FUNNEL_COLUMNS = (
    Column(name="ファンネルの中心", key="target", is_number=True, description="全国値。ないときは表示中の地域の合計"),
    Column(name="95%限界下限", key="warning_low", is_number=True, description="この分母での管理限界"),
    Column(name="95%限界上限", key="warning_high", is_number=True, description="この分母での管理限界"),
    Column(name="99.8%限界下限", key="alarm_low", is_number=True, description="この分母での管理限界"),
    Column(name="99.8%限界上限", key="alarm_high", is_number=True, description="この分母での管理限界"),
    Column(name="限界に対する位置", key="signal", description="・".join(SIGNALS.values())),
    Column(
        name="過分散を見込む位置", key="adjusted_signal", description="地域に共通のばらつきを見込んだ限界に対する位置"
    ),
)


def funnel_cells(funnel: Funnel, code: str) -> tuple[Value, ...]:
    """The cells of one region under `FUNNEL_COLUMNS`."""
    point = funnel.point(code)
    if point is None:
        return (round(funnel.target, 1), None, None, None, None, "", "")
    limits = (point.warning_low, point.warning_high, point.alarm_low, point.alarm_high)
    return (
        round(funnel.target, 1),
        *(round(limit, 1) for limit in limits),
        SIGNALS[point.signal],
        SIGNALS[point.adjusted],
    )


def decile_figures(parts: DetailParts) -> Iterator[tuple[int, str, Figure]]:
    """Year, name and figure of every decile shown beside a trend."""
    for band in parts.bands:
        for place in range(1, 10):
            value = round(band.points[place], 1)
            yield band.year, decile_name(place), Figure(state=State.OBSERVED, value=value, text=f"{value:,.1f}")


def funnel_about(parts: DetailParts) -> list[tuple[str, str]]:
    """What the funnel stands around."""
    return [("ファンネルの中心", target_name(parts.funnel))] if parts.funnel else []


def around_rows(
    result: IndicatorResult, parts: DetailParts
) -> Iterator[tuple[str, str, str, str, tuple[str, str], Figure, tuple[int | None, int | None, int | None], str]]:
    """Level, scheme, code, name, prefecture, figure, ranks and note of every region shown around the own prefecture."""
    around, own = parts.around, (result.query.prefecture, result.own_name)
    if around is None:
        return
    nothing = (None, None, None)
    if around.prefecture is not None:
        yield Level.PREFECTURE.label, "", own[0], own[1], own, around.prefecture, nothing, "自県"
    for area in around.areas:
        ranks = (area.rank, area.rank_low, area.rank_high)
        figure = area.figure
        yield Level.AREA.label, around.scheme, area.region_code, area.region_name, own, figure, ranks, "県内の圏域"
    for row in around.municipalities:
        unit = Level.MUNICIPALITY.label
        yield unit, "", row.code, row.name, own, row.figure, nothing, "県内の市区町村"
    for neighbour in around.similar:
        region = neighbour.region
        place = (region.prefecture_code, region.prefecture_name)
        why = f"似た県（距離{region.distance}）"
        yield Level.PREFECTURE.label, "", region.region_code, region.region_name, place, neighbour.figure, nothing, why
