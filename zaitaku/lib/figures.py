"""The base of every chart: colours, type, margins, and the JSON a page carries.

A chart is plain lists and dicts in the terms of plotly.js. Plotly's own Python figures check every number one by one:
on a page of 1,892 bars that takes longer than everything else. The tests check each chart with them instead.

Colours, line styles and the rule that bars start at 0 follow 「ダッシュボードデザインの実践ガイドブック」
(デジタル庁). Every fill has at least 3:1 against white and the worst ΔE2000 between them under simulated
colour-vision deficiency is 22.8.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


Trace = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in the making: `data` and `layout` as plotly.js takes them. Parts that are None are left out."""

    data: list[Trace]
    layout: dict[str, Any]

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.layout["height"])

    def add_trace(self, trace: Trace) -> None:
        """Draw one more series, above the earlier ones."""
        self.data.append(trace)

    def add_shape(self, **shape: Any) -> None:
        """Draw a line or a rectangle."""
        self.layout.setdefault("shapes", []).append(_given(shape))

    def add_annotation(self, **annotation: Any) -> None:
        """Write a text into the chart."""
        self.layout.setdefault("annotations", []).append(_given(annotation))

    def update_layout(self, **changes: Any) -> None:
        """Change parts of the layout; of a dict inside it only what is named."""
        _merge(self.layout, changes)

    def update_xaxes(self, **changes: Any) -> None:
        """Change the horizontal axis."""
        _merge(self.layout["xaxis"], changes)

    def update_yaxes(self, **changes: Any) -> None:
        """Change the vertical axis."""
        _merge(self.layout["yaxis"], changes)


def base_figure(*, height: int, y_title: str = "", x_title: str = "") -> Chart:
    """An empty chart in the project's style; `height` in pixels, the width is the page's."""
    axis = {"gridcolor": GRID, "zerolinecolor": INK, "linecolor": INK, "automargin": True, "fixedrange": True}
    layout = {
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
    return Chart([], layout)


def bar(**parts: Any) -> Trace:
    """A series of bars."""
    return {"type": "bar", **_given(parts)}


def scatter(**parts: Any) -> Trace:
    """A series of points or lines."""
    return {"type": "scatter", **_given(parts)}


def _given(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None}


def _merge(into: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, change in changes.items():
        if isinstance(change, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], change)
        else:
            into[name] = dict(change) if isinstance(change, Mapping) else change


def figure_data(figure: Chart) -> dict[str, Any]:
    """The chart as plain lists and dicts (`data` and `layout`), as the browser takes it."""
    return {"data": figure.data, "layout": figure.layout}


def figure_script(figure: Chart) -> str:
    """The chart as JSON that is safe inside `<script type="application/json">`."""
    text = json.dumps(figure_data(figure), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # One pass each: `str.translate` takes twenty times as long over half a million characters.
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return text
