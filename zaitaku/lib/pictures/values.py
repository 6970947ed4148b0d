"""Plotly's ways of writing colours, dashes, symbols and texts, in matplotlib's."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

Colour = tuple[str, float]
Dash = str | tuple[float, tuple[float, ...]]

_TAG = re.compile(r"<[^>]*>")
_RGBA = re.compile(r"rgba?\(([^)]*)\)")
_DASHES: dict[str, Dash] = {
    "solid": "solid",
    "dash": (0, (5, 2.5)),
    "dot": (0, (1.2, 2)),
    "dashdot": (0, (5, 2, 1.2, 2)),
    "longdash": (0, (9, 3)),
    "longdashdot": (0, (9, 3, 1.2, 3)),
}
_SYMBOLS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "cross": "P",
    "x": "X",
    "triangle-up": "^",
    "triangle-down": "v",
    "triangle-left": "<",
    "triangle-right": ">",
    "star": "*",
    "line-ns": "|",
    "line-ew": "_",
    "hexagon": "h",
    "pentagon": "p",
}


def colour(given: Any, otherwise: str) -> Colour:
    """`#rrggbb` or a name as it is, `rgba(r,g,b,a)` as its hex form; the second part is the opacity."""
    if not isinstance(given, str) or not given:
        return otherwise, 1.0
    found = _RGBA.fullmatch(given.replace(" ", ""))
    if found is None:
        return ("none", 0.0) if given == "transparent" else (given, 1.0)
    red, green, blue, *opacity = (float(part) for part in found.group(1).split(","))
    return f"#{round(red):02x}{round(green):02x}{round(blue):02x}", opacity[0] if opacity else 1.0


def each(given: Any, count: int, otherwise: Any) -> list[Any]:
    """A value for each of `count` points: a list as it is, anything else repeated."""
    if given is None:
        return [otherwise] * count
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [*given, *([otherwise] * (count - len(given)))][:count]
    return [given] * count


def dash(given: Any) -> Dash:
    """The pattern of a line."""
    return _DASHES.get(str(given or "solid"), "solid")


def symbol(given: Any) -> tuple[str, bool]:
    """The shape of a marker, and whether it is filled."""
    name = str(given or "circle")
    return _SYMBOLS.get(name.removesuffix("-open"), "o"), not name.endswith("-open")


def plain_text(text: str) -> str:
    """Plotly's text without its tags: `<br>` is a new line."""
    return html.unescape(_TAG.sub("", re.sub(r"<br\s*/?>", "\n", text)))
