"""Small multiples: one panel an indicator, the areas one below the other on one axis, with their intervals."""

from __future__ import annotations

from typing import Any

from indicators.comparisons import ComparedFigure, ComparedIndicator, ComparisonResult
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, Trace, base_figure, scatter

_ROW = 30
_PANEL_HEAD = 46
_PANEL_FOOT = 34
_GAP = 0.06
# A long name would leave the panel no room; the table has it in full.
# Beyond this share of an axis a text to the right of a line would leave the chart.
_RIGHT_PART = 0.6
_LONGEST_NAME = 22
_LONGEST_TITLE = {False: 36, True: 20}


def make_comparison(result: ComparisonResult, *, is_narrow: bool = False) -> Chart:
    """One panel an indicator: two beside each other on a wide page, one on a narrow one. Every axis begins at 0."""
    columns = 1 if is_narrow else 2
    panels = result.indicators
    lines = -(-len(panels) // columns)
    panel = _PANEL_HEAD + _ROW * (len(result.areas) + 1) + _PANEL_FOOT
    height = max(panel * lines, 160)
    figure = base_figure(height=height)
    figure.update_layout(margin={"l": 8, "r": 24, "t": 8, "b": 8})
    for number, one in enumerate(panels):
        line, column = divmod(number, columns)
        across, top = _across(column, columns), 1 - line * panel / height
        _add_panel(figure, one, number + 1, x=across, top=top, height=height)
        _add_title(figure, one, longest=_LONGEST_TITLE[is_narrow], x=across[0], y=top - _PANEL_HEAD / height)
    return figure


def _across(column: int, columns: int) -> tuple[float, float]:
    width = (1 - _GAP * (columns - 1)) / columns
    return column * (width + _GAP), column * (width + _GAP) + width


def _add_panel(
    figure: Chart, one: ComparedIndicator, number: int, *, x: tuple[float, float], top: float, height: int
) -> None:
    """Points, intervals, the nation's dashed line, and the name of the indicator above."""
    name = "" if number == 1 else str(number)
    upper = top - _PANEL_HEAD / height
    lower = upper - _ROW * (len(one.figures) + 1) / height
    for place, compared in enumerate(one.figures):
        figure.add_trace(_point(compared, one, is_first=place == 0, axes=name))
    axes = {f"xaxis{name}": _value_axis(one, x, name), f"yaxis{name}": _name_axis(one, (lower, upper), name)}
    figure.update_layout(**axes)
    if one.nation.value is not None:
        _add_nation(figure, one, name)


def _add_title(figure: Chart, one: ComparedIndicator, *, longest: int, x: float, y: float) -> None:
    """The indicator's name, and below it unit and year."""
    name = one.card.name if len(one.card.name) <= longest else f"{one.card.name[:longest]}…"
    unit = one.card.unit.strip("（）")
    figure.add_annotation(
        text=f"{name}<br>{unit}・{one.year}年度" if one.year else name,
        x=x,
        y=y,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        align="left",
        showarrow=False,
        font={"size": 13, "color": INK},
    )


def _point(compared: ComparedFigure, one: ComparedIndicator, *, is_first: bool, axes: str) -> Trace:
    """A filled diamond for the first area, a circle for the others: told apart without colour."""
    figure = compared.figure
    colour = OWN if is_first else OTHER
    error: dict[str, Any] = {}
    if figure.value is not None and figure.lower is not None and figure.upper is not None:
        error = {
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [max(0.0, round(figure.upper - figure.value, 6))],
                "arrayminus": [max(0.0, round(figure.value - figure.lower, 6))],
                "color": INK,
                "thickness": 1,
                "width": 4,
            }
        }
    text = figure.text if figure.value is not None else f"　{figure.text}"
    return scatter(
        x=[figure.value if figure.value is not None else 0],
        y=[compared.area.reference],
        mode="markers+text" if figure.value is not None else "text",
        marker={"color": colour, "size": 11 if is_first else 9, "symbol": "diamond" if is_first else "circle"},
        text=[text],
        textposition="top center" if figure.value is not None else "middle right",
        textfont={"size": 11, "color": INK},
        cliponaxis=False,
        hovertext=[_hover(compared, one)],
        hoverinfo="text",
        xaxis=f"x{axes}",
        yaxis=f"y{axes}",
        **error,
    )


def _value_axis(one: ComparedIndicator, domain: tuple[float, float], name: str) -> dict[str, Any]:
    return {
        "domain": list(domain),
        "anchor": f"y{name}",
        "rangemode": "tozero",
        "showgrid": True,
        "gridcolor": "#D9D9D9",
        "zerolinecolor": INK,
        "fixedrange": True,
        "nticks": 5,
        "tickfont": {"size": 11},
        "range": [0, _end_of_axis(one)],
        **PLAIN_NUMBERS,
    }


def _end_of_axis(one: ComparedIndicator) -> float:
    """Room for the widest interval, the nation and the text beside."""
    known = [one.nation.value or 0.0]
    known += [max(c.figure.upper or 0.0, c.figure.value or 0.0) for c in one.figures]
    return round(max(known) * 1.12, 6) or 1.0


def _name_axis(one: ComparedIndicator, domain: tuple[float, float], name: str) -> dict[str, Any]:
    references = [compared.area.reference for compared in one.figures]
    return {
        "domain": [max(0.0, domain[0]), min(1.0, domain[1])],
        "anchor": f"x{name}",
        "type": "category",
        "categoryorder": "array",
        "categoryarray": references,
        "tickmode": "array",
        "tickvals": references,
        "ticktext": [_short(compared, is_first=place == 0) for place, compared in enumerate(one.figures)],
        "tickfont": {"size": 12},
        # Below the last area a line is left for what the nation's value is called.
        "range": [len(references) + 0.1, -0.75],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def _short(compared: ComparedFigure, *, is_first: bool) -> str:
    name = compared.area.name
    name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"▶{name}" if is_first else name


def _add_nation(figure: Chart, one: ComparedIndicator, name: str) -> None:
    line = {"color": INK, "width": 1.5, "dash": "dash"}
    # Beside the line on the side that has room for it.
    is_far = (one.nation.value or 0.0) > _RIGHT_PART * _end_of_axis(one)
    figure.add_shape(
        type="line", x0=one.nation.value, x1=one.nation.value, y0=0, y1=1, line=line,
        xref=f"x{name}", yref=f"y{name} domain",
    )  # fmt: skip
    figure.add_annotation(
        text=f"全国 {one.nation.text}",
        x=one.nation.value,
        y=0,
        xref=f"x{name}",
        yref=f"y{name} domain",
        yanchor="bottom",
        xanchor="right" if is_far else "left",
        showarrow=False,
        font={"size": 11, "color": INK},
        bgcolor="rgba(255,255,255,0.85)",
    )


def _hover(compared: ComparedFigure, one: ComparedIndicator) -> str:
    figure = compared.figure
    if figure.value is None:
        return f"{compared.area.label}<br>{figure.text}：{figure.reason}"
    lines = [compared.area.label, f"{figure.text} {one.card.unit}"]
    if figure.lower is not None and figure.upper is not None:
        lines.append(f"95％信頼区間 {figure.lower:,.1f}～{figure.upper:,.1f}")
    if compared.gap_text:
        lines.append(f"基準との差 {compared.gap_text}")
    return "<br>".join(lines)
