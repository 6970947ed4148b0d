"""Funnel plot of one view: value over denominator, the limits of chance, and who lies outside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from indicators.formulas.funnels import Funnel, FunnelPoint
from indicators.funnel_words import SIGNALS, target_label
from indicators.results import IndicatorResult, RegionRow
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, base_figure, scatter

# Denominators that span more than this are shown on a logarithmic axis, else the small ones are one heap.
_WIDE = 40
_NAMED = 8
_LIMITS = (("warning", "95％限界", "solid", 1.5), ("alarm", "99.8％限界", "dash", 1.5))


def make_funnel_chart(result: IndicatorResult, funnel: Funnel, *, is_narrow: bool = False) -> Chart:
    """One point a region; beyond the 99.8 % limits it is a filled triangle, so that colour is not the only sign."""
    figure = base_figure(height=420 if is_narrow else 480)
    rows = {row.code: row for row in result.rows}
    for name, label, dash, width in _LIMITS:
        _add_limits(figure, funnel, name, label, dash=dash, width=width)
    _add_target(figure, funnel)
    is_log = funnel.line.x[-1] / funnel.line.x[0] > _WIDE
    inside = [point for point in funnel.points if abs(point.signal) != 2 and not rows[point.code].is_own]
    outside = [point for point in funnel.points if abs(point.signal) == 2 and not rows[point.code].is_own]
    own = [point for point in funnel.points if rows[point.code].is_own]
    _add_points(figure, inside, rows, result, {"color": OTHER, "size": 7, "symbol": "circle-open"})
    symbols = ["triangle-up" if point.signal > 0 else "triangle-down" for point in outside]
    _add_points(figure, outside, rows, result, {"color": INK, "size": 9, "symbol": symbols})
    _add_points(figure, own, rows, result, {"color": OWN, "size": 14, "symbol": "diamond"})
    _name(figure, own, rows, is_log=is_log, colour=OWN)
    if not is_narrow:
        furthest = sorted(outside, key=lambda point: -abs(_distance(point, funnel)))[:_NAMED]
        _name(figure, furthest, rows, is_log=is_log, colour=INK)
    base = f"分母：{result.definition.denominator}"
    figure.update_xaxes(title={"text": base, "font": {"size": 13}}, **PLAIN_NUMBERS)
    if is_log:
        ticks = _log_ticks(funnel.line.x[0], funnel.line.x[-1])
        figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,.0f}" for tick in ticks])
    figure.update_yaxes(title={"text": f"単位：{result.unit}", "font": {"size": 13}}, **PLAIN_NUMBERS)
    figure.update_layout(margin={"l": 56, "r": 40 if is_narrow else 96, "t": 28, "b": 56})
    return figure


def _add_limits(figure: Chart, funnel: Funnel, name: str, label: str, *, dash: str, width: float) -> None:
    """The lower and the upper line as one trace with a gap between them."""
    low, high = (getattr(funnel.line, f"{name}_{side}") for side in ("low", "high"))
    most = 1.15 * max(max(point.value for point in funnel.points), funnel.target)
    x = _short(funnel.line.x)
    figure.add_trace(
        scatter(
            x=[*x, None, *x],
            # Far up at tiny denominators the lines would press all points flat.
            y=[*_short(low), None, *(None if height > most else height for height in _short(high))],
            mode="lines",
            line={"color": OTHER, "width": width, "dash": dash},
            hoverinfo="skip",
        )
    )
    # The lines run close together at the right end: one name above its line, one beside, the target's below.
    _note_at_end(figure, funnel, high[-1], label, anchor="bottom" if name == "alarm" else "middle")


def _add_target(figure: Chart, funnel: Funnel) -> None:
    figure.add_trace(
        scatter(
            x=[funnel.line.x[0], funnel.line.x[-1]],
            y=[round(funnel.target, 3)] * 2,
            mode="lines",
            line={"color": INK, "width": 2, "dash": "dashdot"},
            hoverinfo="skip",
        )
    )
    _note_at_end(figure, funnel, funnel.target, target_label(funnel), anchor="top")


def _note_at_end(figure: Chart, funnel: Funnel, height: float, text: str, *, anchor: str = "middle") -> None:
    is_log = funnel.line.x[-1] / funnel.line.x[0] > _WIDE
    figure.add_annotation(
        x=math.log10(funnel.line.x[-1]) if is_log else funnel.line.x[-1],
        y=height,
        text=text,
        xanchor="left",
        yanchor=anchor,
        xshift=4,
        showarrow=False,
        font={"size": 12, "color": INK},
    )


def _add_points(
    figure: Chart,
    points: Sequence[FunnelPoint],
    rows: Mapping[str, RegionRow],
    result: IndicatorResult,
    marker: dict[str, Any],
) -> None:
    figure.add_trace(
        scatter(
            x=[point.denominator for point in points],
            y=[rows[point.code].figure.value for point in points],
            mode="markers",
            marker=marker,
            hovertext=[
                f"{rows[point.code].name}<br>{rows[point.code].figure.text} {result.unit}<br>{SIGNALS[point.signal]}"
                for point in points
            ],
            hoverinfo="text",
        )
    )


def _name(
    figure: Chart, points: Sequence[FunnelPoint], rows: Mapping[str, RegionRow], *, is_log: bool, colour: str
) -> None:
    for point in points:
        figure.add_annotation(
            x=math.log10(point.denominator) if is_log else point.denominator,
            y=rows[point.code].figure.value,
            text=rows[point.code].name,
            yanchor="bottom",
            yshift=6,
            showarrow=False,
            font={"size": 12, "color": colour},
        )


def _distance(point: FunnelPoint, funnel: Funnel) -> float:
    """How far outside a point lies, in widths of its own limits."""
    limit = point.alarm_high if point.value > funnel.target else point.alarm_low
    return (point.value - limit) / max(abs(limit - funnel.target), 1e-9)


def _short(numbers: Sequence[float]) -> list[float]:
    """Five figures are more than a screen shows; the page carries every digit."""
    return [float(f"{number:.5g}") for number in numbers]


def _log_ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [tick for power in powers for tick in (10.0**power, 3 * 10.0**power) if low <= tick <= high]
