"""The base of every chart: colours, type, margins, and the JSON a page carries.

Colours, line styles and the rule that bars start at 0 follow 「ダッシュボードデザインの実践ガイドブック」
(デジタル庁). Every fill has at least 3:1 against white and the worst ΔE2000 between them under simulated
colour-vision deficiency is 22.8.
"""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

OWN = "#0017C1"
OTHER = "#767676"
FURTHER = ("#008BF2", "#B78F00", "#541E00")
INK = "#1A1A1C"
GRID = "#D9D9D9"
NO_VALUE = "#F2F2F2"
FONT = '"Noto Sans JP","BIZ UDPGothic","Yu Gothic UI",Meiryo,sans-serif'

# `12,000` on an axis of numbers; Plotly would write `12k`.
PLAIN_NUMBERS = {"separatethousands": True, "exponentformat": "none"}

# `<`, `>` and `&` would let text end the script element that carries the data.
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def base_figure(*, height: int, y_title: str = "", x_title: str = "") -> go.Figure:
    """An empty figure in the project's style; `height` in pixels, the width is the page's."""
    axis = {"gridcolor": GRID, "zerolinecolor": INK, "linecolor": INK, "automargin": True, "fixedrange": True}
    return go.Figure(
        layout={
            # The default template would add 7 kB of colours that are overridden here anyway.
            "template": go.layout.Template(),
            "height": height,
            "margin": {"l": 56, "r": 24, "t": 28, "b": 48},
            "font": {"family": FONT, "size": 14, "color": INK},
            "paper_bgcolor": "#FFFFFF",
            "plot_bgcolor": "#FFFFFF",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": {**axis, "title": {"text": x_title}, "showgrid": False},
            "yaxis": {**axis, "title": {"text": y_title, "font": {"size": 13}}, "rangemode": "tozero"},
        }
    )


def figure_data(figure: go.Figure) -> dict[str, Any]:
    """The figure as plain lists and dicts (`data` and `layout`), as the browser takes it."""
    plain = figure.to_plotly_json()
    return {"data": plain["data"], "layout": plain["layout"]}


def figure_script(figure: go.Figure) -> str:
    """The figure as JSON that is safe inside `<script type="application/json">`."""
    return json.dumps(figure_data(figure), ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(
        _UNSAFE
    )
