"""Axes of a Plotly figure: categories, ranges, ticks, titles, and the part of the plot each pair takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from zaitaku.lib.figures import GRID, INK
from zaitaku.lib.pictures.canvas import POINTS
from zaitaku.lib.pictures.values import colour, plain_text

Way = Literal["x", "y"]
_TICK_SIZE = 12
_TITLE_SIZE = 13
_ROOM = 0.05


@dataclass(slots=True)
class Scale:
    """One axis of the layout: where a value of a trace lies on it."""

    way: Way
    settings: dict[str, Any]
    categories: dict[str, int] | None = None
    has_bars: bool = False
    noted: tuple[Any, ...] = ()

    def place(self, value: Any) -> float | None:
        """The coordinate of a value; None for a gap, or for a category that is not there."""
        if value is None:
            return None
        if self.categories is not None:
            return float(value) if isinstance(value, int | float) else self.categories.get(str(value))
        return float(value)


@dataclass(slots=True)
class Frame:
    """A pair of axes: where it is drawn, its two scales, its share of the plot area."""

    axes: Axes
    x: Scale
    y: Scale
    domain: tuple[list[float], list[float]] = field(default_factory=lambda: ([0.0, 1.0], [0.0, 1.0]))


def axis_key(name: str) -> str:
    """`x2` → `xaxis2`, as the layout names it."""
    return f"{name[0]}axis{name[1:]}"


def make_frames(sheet: Figure, traces: list[dict[str, Any]], layout: dict[str, Any]) -> dict[tuple[str, str], Frame]:
    """The pairs of axes that the traces use; an empty figure has one."""
    pairs = list(dict.fromkeys((t.get("xaxis") or "x", t.get("yaxis") or "y") for t in traces)) or [("x", "y")]
    scales: dict[str, Scale] = {}
    frames = {}
    for x, y in pairs:
        for name in (x, y):
            scales.setdefault(name, _make_scale(name, traces, layout))
        axes = sheet.add_axes((0.1, 0.1, 0.8, 0.8), label=f"{x}{y}")
        axes.patch.set_visible(False)
        domain = (scales[x].settings.get("domain") or [0, 1], scales[y].settings.get("domain") or [0, 1])
        frames[x, y] = Frame(axes, scales[x], scales[y], (list(domain[0]), list(domain[1])))
    return frames


def _make_scale(name: str, traces: list[dict[str, Any]], layout: dict[str, Any]) -> Scale:
    way: Way = "x" if name[0] == "x" else "y"
    settings = layout.get(axis_key(name)) or {}
    mine = [trace for trace in traces if (trace.get(f"{way}axis") or way) == name]
    values = [value for trace in mine for value in trace.get(way) or () if value is not None]
    bars = any(t.get("type") == "bar" and (t.get("orientation") == "h") == (way == "x") for t in mine)
    is_category = settings.get("type") == "category" or any(isinstance(value, str) for value in values)
    if not is_category:
        return Scale(way, settings, has_bars=bars, noted=_noted(name, layout))
    order = [*(settings.get("categoryarray") or ()), *values]
    return Scale(way, settings, {str(one): place for place, one in enumerate(dict.fromkeys(order))}, has_bars=bars)


def _noted(name: str, layout: dict[str, Any]) -> tuple[Any, ...]:
    """Where lines and notes stand on an axis: they belong to its range, as the figures do."""
    way = name[0]
    things = [*(layout.get("shapes") or ()), *(layout.get("annotations") or ())]
    mine = [thing for thing in things if str(thing.get(f"{way}ref") or way) == name]
    return tuple(thing[key] for thing in mine for key in (way, f"{way}0", f"{way}1") if thing.get(key) is not None)


def set_axes(frames: dict[tuple[str, str], Frame]) -> None:
    """Ranges, ticks and titles, once the traces are drawn."""
    for frame in frames.values():
        axes = frame.axes
        axes.set_axisbelow(True)
        for spine in axes.spines.values():
            spine.set_visible(False)
        _set_axis(axes, axes.xaxis, frame.x)
        _set_axis(axes, axes.yaxis, frame.y)


def _set_axis(axes: Axes, axis: Axis, scale: Scale) -> None:
    settings = scale.settings
    if settings.get("type") == "log":
        (axes.set_xscale if scale.way == "x" else axes.set_yscale)("log")
    low, high = _limits(axes, scale)
    (axes.set_xlim if scale.way == "x" else axes.set_ylim)(low, high)
    is_top = settings.get("side") in ("top", "right")
    title = plain_text((settings.get("title") or {}).get("text") or "")
    axis.set_label_text(title, fontsize=_TITLE_SIZE * POINTS, color=INK)
    if is_top:
        axis.set_ticks_position("top" if scale.way == "x" else "right")  # type: ignore[attr-defined] # both kinds of axis have it
        axis.set_label_position("top" if scale.way == "x" else "right")
    _set_ticks(axis, scale)
    # Plotly's default is a grid; the base of our figures turns it off where it only disturbs.
    if settings.get("showgrid", True):
        axis.grid(visible=True, color=colour(settings.get("gridcolor"), GRID)[0], linewidth=0.8)
    if scale.categories is None and settings.get("zeroline", True) and settings.get("type") != "log":
        _zero_line(axes, scale, low, high)
    if settings.get("showline"):
        side = ("top" if is_top else "bottom") if scale.way == "x" else ("right" if is_top else "left")
        axes.spines[side].set_visible(True)
    if settings.get("visible") is False:
        axis.set_visible(False)


def _limits(axes: Axes, scale: Scale) -> tuple[float, float]:
    settings = scale.settings
    is_log = settings.get("type") == "log"
    given = settings.get("range")
    if given is not None and None not in given:
        low, high = (scale.place(bound) or 0.0 for bound in given)
        return (10**low, 10**high) if is_log else (low, high)
    if scale.categories is not None:
        low, high = -0.5, max(len(scale.categories), 1) - 0.5
    else:
        low, high = (float(limit) for limit in getattr(axes.dataLim, f"interval{scale.way}"))
        low, high = (low, high) if low <= high else (0.0, 1.0)
        noted = [place for value in scale.noted if (place := scale.place(value)) is not None] if not is_log else []
        low, high = min([low, *noted]), max([high, *noted])
        if not is_log:
            low, high = _with_room(low, high, to_zero=scale.has_bars or settings.get("rangemode") == "tozero")
    return (high, low) if settings.get("autorange") == "reversed" else (low, high)


def _with_room(low: float, high: float, *, to_zero: bool) -> tuple[float, float]:
    if to_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = ((high - low) or abs(high) or 1.0) * _ROOM
    return (low if to_zero and low == 0 else low - room), (high if to_zero and high == 0 else high + room)


def _set_ticks(axis: Axis, scale: Scale) -> None:
    settings = scale.settings
    font = settings.get("tickfont") or {}
    if settings.get("tickvals") is not None:
        places = [scale.place(value) for value in settings["tickvals"]]
        texts = settings.get("ticktext") or [str(value) for value in settings["tickvals"]]
        known = [
            (place, plain_text(str(text))) for place, text in zip(places, texts, strict=False) if place is not None
        ]
        axis.set_ticks([place for place, _ in known], [text for _, text in known])
    elif scale.categories is not None:
        axis.set_ticks(list(scale.categories.values()), list(scale.categories))
    elif settings.get("type") != "log":
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_number(settings)))
    axis.set_minor_locator(NullLocator())
    axis.set_tick_params(
        length=0,
        labelsize=(font.get("size") or _TICK_SIZE) * POINTS,
        labelcolor=colour(font.get("color"), INK)[0],
        labelrotation=-(settings.get("tickangle") or 0),
    )
    if settings.get("showticklabels") is False:
        axis.set_ticklabels([])


def _number(settings: dict[str, Any]) -> Any:
    before, after = settings.get("tickprefix") or "", settings.get("ticksuffix") or ""
    return lambda value, _place: f"{before}{value:,.10g}{after}"


def _zero_line(axes: Axes, scale: Scale, low: float, high: float) -> None:
    if min(low, high) <= 0 <= max(low, high):
        line = axes.axvline if scale.way == "x" else axes.axhline
        line(0, color=colour(scale.settings.get("zerolinecolor"), INK)[0], linewidth=0.8, zorder=1.5)
