"""One point a region, the means as lines, the own prefecture by shape and name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.scatters import ScatterPoint, ScatterResult
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, Trace, base_figure, scatter

# Beyond this many points names would cover each other: the own ones and the table have them.
NAMED_POINTS = 60


def make_scatter_chart(result: ScatterResult, *, is_narrow: bool = False) -> Chart:
    """Circles for the others, diamonds for the own prefecture, dashed lines at the means."""
    figure = base_figure(height=420 if is_narrow else 560)
    drawn = result.drawn
    others, own = ([p for p in drawn if p.is_own is wanted] for wanted in (False, True))
    names_others = len(drawn) <= NAMED_POINTS and not is_narrow
    figure.add_trace(
        _points(others, result, {"color": OTHER, "size": 8, "symbol": "circle", "opacity": 0.75}, names_others)
    )
    marker = {"color": OWN, "size": 11, "symbol": "diamond", "line": {"color": "#FFFFFF", "width": 1}}
    figure.add_trace(_points(own, result, marker, names=len(own) <= NAMED_POINTS))
    figure.update_xaxes(title=_title(result.x.name, result.x.unit, result.x_year, is_narrow), showgrid=True,
                        range=_range([p.x.value or 0.0 for p in drawn]), **PLAIN_NUMBERS)  # fmt: skip
    figure.update_yaxes(title=_title(result.y.name, result.y.unit, result.y_year, is_narrow),
                        range=_range([p.y.value or 0.0 for p in drawn]), **PLAIN_NUMBERS)  # fmt: skip
    figure.update_layout(margin={"l": 64, "r": 24, "t": 28, "b": 64})
    _add_means(figure, result)
    return figure


def _points(points: Sequence[ScatterPoint], result: ScatterResult, marker: dict[str, Any], names: bool) -> Trace:
    return scatter(
        x=[point.x.value for point in points],
        y=[point.y.value for point in points],
        mode="markers+text" if names else "markers",
        marker=marker,
        text=[point.name for point in points] if names else None,
        textposition="top center",
        textfont={"size": 11, "color": INK},
        hovertext=[_hover(point, result) for point in points],
        hoverinfo="text",
    )


def _range(values: Sequence[float]) -> list[float]:
    """From 0 unless all values lie far from it; with room for names."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low or abs(high) or 1.0) * 0.08
    start = low - room if low > (high - low) else min(0.0, low - room)
    return [round(start, 4), round(high + room, 4)]


def _title(name: str, unit: str, year: int | None, is_narrow: bool) -> dict[str, Any]:
    short = name if len(name) <= 16 or not is_narrow else f"{name[:15]}…"
    return {"text": f"{short}（{unit}、{year}年度）", "font": {"size": 12 if is_narrow else 13}}


def _add_means(figure: Chart, result: ScatterResult) -> None:
    if result.x_mean is None or result.y_mean is None:
        return
    line = {"color": INK, "width": 1.5, "dash": "dash"}
    figure.add_shape(type="line", x0=result.x_mean, x1=result.x_mean, y0=0, y1=1, yref="paper", line=line)
    figure.add_shape(type="line", y0=result.y_mean, y1=result.y_mean, x0=0, x1=1, xref="paper", line=line)
    font, back = {"size": 12, "color": INK}, "rgba(255,255,255,0.85)"
    figure.add_annotation(
        text=f"平均 {result.x_mean:,.1f}", x=result.x_mean, y=1, yref="paper", yanchor="bottom",
        showarrow=False, font=font, bgcolor=back,
    )  # fmt: skip
    figure.add_annotation(
        text=f"平均 {result.y_mean:,.1f}", y=result.y_mean, x=1, xref="paper", xanchor="right", yanchor="bottom",
        showarrow=False, font=font, bgcolor=back,
    )  # fmt: skip


def _hover(point: ScatterPoint, result: ScatterResult) -> str:
    inside = f"（{point.prefecture_name}）" if point.prefecture_name != point.name else ""
    return f"{point.name}{inside}<br>横 {point.x.text} {result.x.unit}<br>縦 {point.y.text} {result.y.unit}"
