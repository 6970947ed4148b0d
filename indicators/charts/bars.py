"""Sorted bars of the regions of one view, with interval, own prefecture and comparators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.results import Figure, IndicatorResult, RegionRow
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, Trace, bar, base_figure

# Beyond this many bars names no longer fit: the chart shows the shape, the table the names.
NAMED_BARS = 80
# Up to this many bars their names fit lying flat; beyond, they stand upright.
FLAT_NAMES = 10
_ROW_HEIGHT = 22
_LINE_NAME_HEIGHT = 16


def make_bars(result: IndicatorResult, *, is_narrow: bool = False) -> Chart:
    """Bars upright for a wide page, lying (one row of 22 px each) for a narrow one. All start at 0."""
    named = len(result.rows) <= NAMED_BARS
    under = _LINE_NAME_HEIGHT * len(result.comparators)
    height = 90 + _ROW_HEIGHT * len(result.rows) + under if is_narrow and named else 460
    lying = is_narrow and named
    figure = base_figure(height=height)
    for rows, style in _groups(result.rows):
        figure.add_trace(_bars(rows, style, result=result, lying=lying, named=named))
    _set_axes(figure, result, lying=lying, named=named)
    for row in result.rows:
        if row.is_own and row.figure.value is not None:
            _name_own(figure, row, lying=lying)
    for comparator in result.comparators:
        if comparator.figure.value is not None:
            place = len(figure.layout.get("shapes", ()))
            _add_line(figure, comparator.label, comparator.figure, lying=lying, place=place)
    return figure


def _groups(rows: Sequence[RegionRow]) -> list[tuple[list[RegionRow], dict[str, Any]]]:
    """Other regions, the own one (told apart in monochrome by its pattern), and those without a number."""
    with_value = [row for row in rows if row.figure.value is not None]
    own_pattern = {"shape": "/", "size": 6, "solidity": 0.2, "bgcolor": OWN, "fgcolor": "#FFFFFF"}
    return [
        ([row for row in with_value if not row.is_own], {"color": OTHER}),
        ([row for row in with_value if row.is_own], {"color": OWN, "pattern": own_pattern}),
        ([row for row in rows if row.figure.value is None], {"color": "#FFFFFF"}),
    ]


def _bars(
    rows: Sequence[RegionRow], marker: dict[str, Any], *, result: IndicatorResult, lying: bool, named: bool
) -> Trace:
    names = [_key(row) for row in rows]
    values = [row.figure.value or 0 for row in rows]
    has_number = any(row.figure.value is not None for row in rows)
    text = [row.figure.text if row.figure.value is None else "" for row in rows] if named else None
    return bar(
        x=values if lying else names,
        y=names if lying else values,
        orientation="h" if lying else "v",
        marker=marker,
        text=text,
        textangle=0 if lying else -90,
        textposition="outside",
        textfont={"size": 11, "color": INK},
        constraintext="none",
        cliponaxis=False,
        hovertext=[_hover(row, result) for row in rows],
        hoverinfo="text",
        **(_interval(rows, lying=lying) if has_number and named else {}),
    )


def _interval(rows: Sequence[RegionRow], *, lying: bool) -> dict[str, Any]:
    """The 95 % interval as asymmetric error bars, where there is one."""
    if all(row.figure.lower is None or row.figure.upper is None for row in rows):
        return {}
    up = [_distance(row.figure.upper, row.figure.value) for row in rows]
    down = [_distance(row.figure.value, row.figure.lower) for row in rows]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": INK,
        "thickness": 1,
        "width": 2,
    }
    return {"error_x" if lying else "error_y": bars}


def _distance(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else max(0.0, round(high - low, 6))


def _set_axes(figure: Chart, result: IndicatorResult, *, lying: bool, named: bool) -> None:
    order = [_key(row) for row in result.rows]
    names: dict[str, Any] = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": order,
        "tickmode": "array",
        "tickvals": order if named else [],
        "ticktext": [_tick(row) for row in result.rows] if named else [],
        "tickfont": {"size": 12},
    }
    unit = {"text": f"単位：{result.unit}", "font": {"size": 13}}
    if lying:
        under = _LINE_NAME_HEIGHT * len(result.comparators)
        figure.update_yaxes(**names, autorange="reversed", showgrid=False)
        figure.update_xaxes(title=unit, rangemode="tozero", showgrid=True, side="top", **PLAIN_NUMBERS)
        figure.update_layout(margin={"l": 8, "r": 40, "t": 60, "b": 16 + under}, bargap=0.25)
    else:
        figure.update_xaxes(**names, tickangle=0 if len(order) <= FLAT_NAMES else -90)
        figure.update_yaxes(title=unit, **PLAIN_NUMBERS)
        figure.update_layout(bargap=0.25 if named else 0)


def _add_line(figure: Chart, label: str, value: Figure, *, lying: bool, place: int) -> None:
    """A dashed line across all bars, named at its end."""
    line = {"color": INK, "width": 2, "dash": "dash" if place == 0 else "dot"}
    text = f"{label} {value.text}"
    note = {"text": text, "showarrow": False, "font": {"size": 13, "color": INK}, "bgcolor": "rgba(255,255,255,0.85)"}
    if lying:
        figure.add_shape(type="line", x0=value.value, x1=value.value, y0=0, y1=1, yref="paper", line=line)
        figure.add_annotation(
            x=value.value,
            y=0,
            yref="paper",
            yanchor="top",
            xanchor="center",
            yshift=-2 - _LINE_NAME_HEIGHT * place,
            **note,
        )
    else:
        figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=value.value, y1=value.value, line=line)
        figure.add_annotation(x=1, xref="paper", xanchor="right", y=value.value, yanchor="bottom", **note)


def _name_own(figure: Chart, row: RegionRow, *, lying: bool) -> None:
    """The own value beyond the end of its interval, so that it is read without a pointer and in monochrome."""
    end = row.figure.upper if row.figure.upper is not None else row.figure.value
    place = {"x": end, "y": _key(row), "xanchor": "left"} if lying else {"x": _key(row), "y": end, "yanchor": "bottom"}
    font = {"size": 13, "color": OWN, "weight": "bold"}
    figure.add_annotation(text=row.figure.text, showarrow=False, font=font, **place)


def _key(row: RegionRow) -> str:
    """The category: names are not unique (府中市 is in 東京都 and 広島県), codes are."""
    return f"r{row.code}"


def _tick(row: RegionRow) -> str:
    """A tag like `<b>` would become an inline style, which the Content-Security-Policy refuses; a mark does as well."""
    return f"▶{row.name}" if row.is_own else row.name


def _hover(row: RegionRow, result: IndicatorResult) -> str:
    figure = row.figure
    if figure.value is None:
        return f"{row.name}<br>{figure.text}：{figure.reason}"
    lines = [row.name, f"{figure.text} {result.unit}"]
    if figure.lower is not None and figure.upper is not None:
        lines.append(f"95％信頼区間 {figure.lower:,.1f}～{figure.upper:,.1f}")
    if figure.numerator is not None and figure.denominator is not None:
        lines.append(f"分子 {figure.numerator:,.0f} ／ 分母 {figure.denominator:,.0f}")
    return "<br>".join(lines)
