"""Municipalities without 在支診・在支病 by population class; 圏域数 × 拠点数; one indicator of the 47."""

from __future__ import annotations

from indicators.nationals import MANY, NationalResult
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, bar, base_figure, scatter

_ROW = 44
# Told apart by pattern where colour is not there.
_PARTS = (
    (
        "none",
        "なし",
        {"color": OWN, "pattern": {"shape": "/", "fgcolor": "#FFFFFF", "bgcolor": OWN, "size": 6, "solidity": 0.2}},
    ),
    ("some", f"1～{MANY - 1}か所", {"color": "#BDBDBD"}),
    ("many", f"{MANY}か所以上", {"color": OTHER}),
)
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")
_COLOURS = (OWN, "#008BF2", "#B78F00", "#541E00", OTHER)


def make_class_chart(result: NationalResult, *, is_narrow: bool = False) -> Chart:
    """Shares of the municipalities of each class, as bars of 100 %, with the numbers inside."""
    classes = [one for one in result.classes if one.known]
    figure = base_figure(height=120 + _ROW * len(classes))
    for name, label, marker in _PARTS:
        numbers = [getattr(one, name) for one in classes]
        shares = [round(number / one.known * 100, 1) for number, one in zip(numbers, classes, strict=True)]
        figure.add_trace(
            bar(
                x=shares,
                y=[one.label for one in classes],
                orientation="h",
                name=label,
                marker={**marker, "line": {"color": "#FFFFFF", "width": 1}},
                hovertext=[f"{label} {number}（{share}％）" for number, share in zip(numbers, shares, strict=True)],
                hoverinfo="text",
            )
        )
    for one in classes:
        figure.add_annotation(
            x=100, y=one.label, xanchor="left", showarrow=False, font={"size": 12, "color": INK},
            text=f"{one.none}／{one.known}" if is_narrow else f"なし {one.none}／{one.known}（{one.share:.1f}％）",
        )  # fmt: skip
    figure.update_layout(
        barmode="stack", bargap=0.3, showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        margin={"l": 8, "r": 70 if is_narrow else 150, "t": 44, "b": 48},
    )  # fmt: skip
    figure.update_xaxes(range=[0, 100], ticksuffix="％", title={"text": "市区町村の割合", "font": {"size": 13}})
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def make_area_scatter(result: NationalResult, *, is_narrow: bool = False) -> Chart:
    """One point a prefecture: areas and hubs; shape and colour say by which unit the areas are drawn."""
    figure = base_figure(height=400 if is_narrow else 480)
    units = list(dict.fromkeys(one.unit for one in result.registered))
    for place, unit in enumerate(units):
        points = [one for one in result.registered if one.unit == unit]
        figure.add_trace(
            scatter(
                x=[one.areas for one in points],
                y=[one.hubs for one in points],
                mode="markers+text",
                name=unit,
                marker={"symbol": _SYMBOLS[place % 5], "color": _COLOURS[place % 5], "size": 11},
                text=[one.name for one in points],
                textposition="top center",
                textfont={"size": 11, "color": INK},
                hovertext=[f"{one.name}<br>圏域 {one.areas}・拠点 {one.hubs}" for one in points],
                hoverinfo="text",
            )
        )
    figure.update_layout(showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(title={"text": "在宅医療圏の数"}, rangemode="tozero", showgrid=True, **PLAIN_NUMBERS)
    figure.update_yaxes(title={"text": "連携の拠点の数"}, **PLAIN_NUMBERS)
    return figure
