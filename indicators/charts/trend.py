"""Lines of the own prefecture, the country and the other regions over the years, cut where the rules changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from indicators.results import IndicatorResult, Series, SeriesBreak
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, base_figure


def make_trend(result: IndicatorResult, *, is_narrow: bool = False) -> go.Figure:
    """One line a series. A year without a number leaves a gap; a change of rules cuts the line and is marked."""
    figure = base_figure(height=420)
    for series in sorted(result.series, key=_weight):
        figure.add_trace(_line(series, result))
    for series in result.series:
        if _weight(series) > 0:
            _name_at_end(figure, series)
    years = list(result.years)
    figure.update_xaxes(tickvals=years, ticktext=[f"{year}年度" for year in years], tickangle=-60 if is_narrow else 0)
    figure.update_yaxes(title={"text": f"単位：{result.unit}", "font": {"size": 13}}, **PLAIN_NUMBERS)
    figure.update_layout(margin={"l": 56, "r": 96, "t": 36, "b": 56})
    for change in breaks_within(result):
        figure.add_shape(
            type="line",
            x0=change.position,
            x1=change.position,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": INK, "width": 1, "dash": "dot"},
        )
        figure.add_annotation(
            x=change.position,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=change.label,
            showarrow=False,
            font={"size": 12},
        )
    return figure


def breaks_within(result: IndicatorResult) -> tuple[SeriesBreak, ...]:
    """The changes of rules that lie between the first and the last year shown."""
    if len(result.years) < 2:
        return ()
    return tuple(b for b in result.breaks if result.years[0] < b.position <= result.years[-1] + 1)


def _weight(series: Series) -> int:
    """Drawing order: other regions below, the country, the own prefecture on top."""
    return 2 if series.is_own else 1 if series.code == "00" else 0


def _line(series: Series, result: IndicatorResult) -> go.Scatter:
    years, values, hovers = _points(series, breaks_within(result))
    weight = _weight(series)
    style: dict[str, Any] = [
        {"color": OTHER, "width": 1},
        {"color": INK, "width": 2, "dash": "dash"},
        {"color": OWN, "width": 4},
    ][weight]
    return go.Scatter(
        x=years,
        y=values,
        mode="lines+markers",
        line=style,
        marker={"size": (4, 7, 9)[weight], "symbol": ("circle", "square", "diamond")[weight]},
        opacity=0.45 if weight == 0 else 1,
        connectgaps=False,
        hovertext=hovers,
        hoverinfo="text",
        name=series.label,
    )


def _points(series: Series, breaks: Sequence[SeriesBreak]) -> tuple[list[float], list[float | None], list[str]]:
    """Years, values and hover texts, with an empty point at each change of rules so that no line crosses it."""
    rows: list[tuple[float, float | None, str]] = [
        (point.year, point.figure.value, f"{series.label} {point.year}年度<br>{point.figure.text}")
        for point in series.points
    ]
    rows += [(change.position, None, "") for change in breaks]
    rows.sort(key=lambda row: row[0])
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _name_at_end(figure: go.Figure, series: Series) -> None:
    last = next((p for p in reversed(series.points) if p.figure.value is not None), None)
    if last is None:
        return
    figure.add_annotation(
        x=last.year,
        y=last.figure.value,
        xanchor="left",
        xshift=10,
        text=series.label,
        showarrow=False,
        font={"size": 13, "color": OWN if series.is_own else INK, "weight": "bold"},
    )
