"""Bars, lines, markers, texts and fills."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from zaitaku.lib.figures import INK, OTHER
from zaitaku.lib.pictures.axes import Frame
from zaitaku.lib.pictures.canvas import POINTS
from zaitaku.lib.pictures.values import colour, dash, each, plain_text, symbol

_GAP = 0.2
_TEXT_SIZE = 12
_POINT_SIZE = 6
_STROKES = "|_"


def add_traces(frames: dict[tuple[str, str], Frame], traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> None:
    """Draw the traces in their order. Traces of a kind that has no picture are refused."""
    for key, frame in frames.items():
        mine = [trace for trace in traces if (trace.get("xaxis") or "x", trace.get("yaxis") or "y") == key]
        mine = [trace for trace in mine if trace.get("visible", True) is True]
        _add_bars(frame, [trace for trace in mine if trace.get("type") == "bar"], layout)
        before: dict[str, Any] | None = None
        for order, trace in enumerate(mine):
            if trace.get("type", "scatter") in ("scatter", "scattergl"):
                _add_scatter(frame, trace, before=before, order=3 + order * 0.01)
                before = trace
            elif trace.get("type") != "bar":
                raise ValueError(f"There is no picture of a trace of type {trace.get('type')!r}.")


def _add_bars(frame: Frame, traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> None:
    """Side by side where several stand at one place, stacked or over one another as the layout says."""
    mode = layout.get("barmode") or "group"
    room = 1 - (_GAP if layout.get("bargap") is None else layout["bargap"])
    places = [[_places(frame, trace)[0]] for trace in traces]
    used = [place for one in places for place in one[0]]
    split = len(traces) if mode == "group" and len(used) != len(set(used)) else 1
    reached: dict[tuple[float | None, bool], float] = {}
    for number, trace in enumerate(traces):
        width = trace.get("width") or room / split
        shift = (number - (split - 1) / 2) * room / split if split > 1 else 0.0
        _add_bar(frame, trace, width=width, shift=shift, reached=reached if mode in ("stack", "relative") else None)


def _places(frame: Frame, trace: dict[str, Any]) -> tuple[list[float | None], list[float]]:
    """Where the bars of a trace stand, and how far they reach."""
    lying = trace.get("orientation") == "h"
    stand, reach = (frame.y, frame.x) if lying else (frame.x, frame.y)
    at, lengths = (trace.get("y"), trace.get("x")) if lying else (trace.get("x"), trace.get("y"))
    return [stand.place(one) for one in at or ()], [reach.place(one) or 0.0 for one in lengths or ()]


def _add_bar(
    frame: Frame,
    trace: dict[str, Any],
    *,
    width: float,
    shift: float,
    reached: dict[tuple[float | None, bool], float] | None,
) -> None:
    places, lengths = _places(frame, trace)
    lying = trace.get("orientation") == "h"
    starts = each(trace.get("base"), len(places), 0.0)
    if reached is not None:
        starts = [reached.get((place, length < 0), 0.0) for place, length in zip(places, lengths, strict=True)]
        for place, start, length in zip(places, starts, lengths, strict=True):
            reached[place, length < 0] = start + length
    kept = [number for number, place in enumerate(places) if place is not None]
    marker, line = trace.get("marker") or {}, (trace.get("marker") or {}).get("line") or {}
    pattern = marker.get("pattern") or {}
    fills = [colour(one, OTHER) for one in each(marker.get("color"), len(places), OTHER)]
    hatches = each(pattern.get("shape"), len(places), "")
    draw = frame.axes.barh if lying else frame.axes.bar
    drawn = draw(
        [(places[n] or 0.0) + shift for n in kept],
        [lengths[n] for n in kept],
        width,
        [starts[n] for n in kept],
        color=[(fills[n][0], fills[n][1] * (trace.get("opacity") or 1)) for n in kept],
        linewidth=(line.get("width") or 0) * POINTS if not isinstance(line.get("width"), list) else 0,
        edgecolor=colour(pattern.get("fgcolor") or line.get("color"), INK)[0],
        zorder=2,
    )
    for bar, n in zip(drawn, kept, strict=True):
        if hatches[n]:
            bar.set_hatch(hatches[n] * 3)
    ends = [(places[n], starts[n] + lengths[n], n) for n in kept]
    _add_errors(frame.axes, trace, [(place or 0.0) + shift for place, _, _ in ends], ends, lying=lying)
    _add_bar_texts(frame.axes, trace, ends, shift=shift, lying=lying)


def _add_errors(
    axes: Axes, trace: dict[str, Any], at: list[float], ends: list[tuple[float | None, float, int]], *, lying: bool
) -> None:
    error = trace.get("error_x" if lying else "error_y") or {}
    if not error.get("array") or not ends:
        return
    up = [error["array"][n] or 0.0 for _, _, n in ends]
    down = [(error.get("arrayminus") or error["array"])[n] or 0.0 for _, _, n in ends]
    values = [end for _, end, _ in ends]
    x, y = (values, at) if lying else (at, values)
    axes.errorbar(
        x,
        y,
        fmt="none",
        ecolor=colour(error.get("color"), INK)[0],
        elinewidth=(error.get("thickness") or 1) * POINTS,
        capsize=(error.get("width") or 0) * POINTS,
        capthick=(error.get("thickness") or 1) * POINTS,
        zorder=2.5,
        xerr=[down, up] if lying else None,
        yerr=None if lying else [down, up],
    )


def _add_bar_texts(
    axes: Axes, trace: dict[str, Any], ends: list[tuple[float | None, float, int]], *, shift: float, lying: bool
) -> None:
    if trace.get("text") is None or trace.get("textposition") == "none":
        return
    texts = each(trace.get("text"), len(trace.get("x") or ()), "")
    font = trace.get("textfont") or {}
    inside = trace.get("textposition") == "inside"
    for place, end, number in ends:
        text = plain_text(str(texts[number] or ""))
        if not text or place is None:
            continue
        away = (-4 if inside else 4) * (1 if end >= 0 else -1)
        along: dict[str, Any] = {"ha": "left" if away > 0 else "right", "va": "center"}
        up: dict[str, Any] = {"ha": "center", "va": "bottom" if away > 0 else "top"}
        axes.annotate(
            text,
            (end, place + shift) if lying else (place + shift, end),
            xytext=(away, 0) if lying else (0, away),
            textcoords="offset points",
            fontsize=(font.get("size") or _TEXT_SIZE) * POINTS,
            color=colour(font.get("color"), INK)[0],
            rotation=-(trace.get("textangle") or 0),
            annotation_clip=False,
            parse_math=False,
            zorder=4,
            **(along if lying else up),
        )


def _add_scatter(frame: Frame, trace: dict[str, Any], *, before: dict[str, Any] | None, order: float) -> None:
    x = [_or_gap(frame.x.place(one)) for one in trace.get("x") or ()]
    y = [_or_gap(frame.y.place(one)) for one in trace.get("y") or ()]
    mode = trace.get("mode") or "lines+markers"
    opacity = trace.get("opacity") or 1.0
    _add_fill(frame, trace, x, y, before=before)
    line = trace.get("line") or {}
    width = line.get("width", 2)
    if "lines" in mode and width:
        style = {"hv": "steps-post", "vh": "steps-pre", "hvh": "steps-mid"}.get(line.get("shape") or "", "default")
        shown, alpha = colour(line.get("color") or (trace.get("marker") or {}).get("color"), OTHER)
        points = _joined(x, y) if trace.get("connectgaps") else (x, y)
        frame.axes.plot(
            *points,
            color=shown,
            alpha=alpha * opacity,
            linewidth=width * POINTS,
            linestyle=dash(line.get("dash")),
            drawstyle=style,
            zorder=order,
        )
    if "markers" in mode:
        _add_markers(frame.axes, trace, x, y, opacity=opacity, order=order)
    if "text" in mode:
        _add_point_texts(frame.axes, trace, x, y)
    _add_point_errors(frame.axes, trace, x, y, order=order)


def _or_gap(value: float | None) -> float:
    return math.nan if value is None else value


def _joined(x: list[float], y: list[float]) -> tuple[list[float], list[float]]:
    known = [(a, b) for a, b in zip(x, y, strict=True) if not math.isnan(a + b)]
    return [a for a, _ in known], [b for _, b in known]


def _add_fill(
    frame: Frame, trace: dict[str, Any], x: list[float], y: list[float], *, before: dict[str, Any] | None
) -> None:
    fill = trace.get("fill") or "none"
    if fill == "none":
        return
    shown, alpha = colour(trace.get("fillcolor"), OTHER)
    style: dict[str, Any] = {"color": shown, "alpha": alpha, "linewidth": 0, "zorder": 1.8}
    if fill == "toself":
        frame.axes.fill(x, y, **style)
    elif fill == "tonexty" and before is not None:
        low = dict(zip(before.get("x") or (), before.get("y") or (), strict=False))
        base = [_or_gap(frame.y.place(low.get(one))) for one in trace.get("x") or ()]
        frame.axes.fill_between(x, base, y, **style)
    else:
        frame.axes.fill_between(x, [0.0] * len(x), y, **style)


def _add_markers(
    axes: Axes, trace: dict[str, Any], x: list[float], y: list[float], *, opacity: float, order: float
) -> None:
    """One call a symbol: matplotlib draws points of one shape together."""
    marker = trace.get("marker") or {}
    line = marker.get("line") or {}
    count = len(x)
    otherwise = (trace.get("line") or {}).get("color") or OTHER
    fills = [colour(one, otherwise) for one in each(marker.get("color"), count, otherwise)]
    sizes = [_diameter(one, marker) for one in each(marker.get("size"), count, _POINT_SIZE)]
    symbols = each(marker.get("symbol"), count, "circle")
    edges = [colour(one, "none")[0] for one in each(line.get("color"), count, "none")]
    alpha = opacity * (marker.get("opacity") or 1.0)
    for name in dict.fromkeys(symbols):
        shape, filled = symbol(name)
        chosen = [n for n in range(count) if symbols[n] == name]
        faces = [(fills[n][0], fills[n][1] * alpha) for n in chosen]
        edges_of = [edges[n] if edges[n] != "none" else fills[n][0] for n in chosen]
        # A stroke has no inside: its colour is its face.
        look = (
            {"facecolors": faces}
            if shape in _STROKES
            else {
                "facecolors": faces if filled else "none",
                "edgecolors": edges_of,
            }
        )
        axes.scatter(
            [x[n] for n in chosen],
            [y[n] for n in chosen],
            s=[(sizes[n] * POINTS) ** 2 for n in chosen],
            marker=shape,
            linewidths=(_scalar(line.get("width")) or (0.0 if filled and shape not in _STROKES else 1.5)) * POINTS,
            zorder=order + 0.005,
            **look,
        )


def _scalar(given: Any) -> float:
    return float(given) if isinstance(given, int | float) else 0.0


def _diameter(size: Any, marker: dict[str, Any]) -> float:
    """A marker's width in pixels; `sizeref` scales, by area or by width (Plotly: `marker.sizemode`)."""
    scaled = float(size or 0) / float(marker.get("sizeref") or 1)
    return 2 * math.sqrt(scaled / 2) if marker.get("sizemode") == "area" else scaled


def _add_point_texts(axes: Axes, trace: dict[str, Any], x: list[float], y: list[float]) -> None:
    font = trace.get("textfont") or {}
    texts, places = each(trace.get("text"), len(x), ""), each(trace.get("textposition"), len(x), "middle center")
    for at_x, at_y, text, place in zip(x, y, texts, places, strict=True):
        if not text or math.isnan(at_x + at_y):
            continue
        up, _, side = str(place or "middle center").partition(" ")
        axes.annotate(
            plain_text(str(text)),
            (at_x, at_y),
            xytext=({"left": -6, "right": 6}.get(side, 0), {"top": 6, "bottom": -6}.get(up, 0)),
            textcoords="offset points",
            # The text lies on the side that its position names, so it is anchored at the other.
            ha={"left": "right", "right": "left"}.get(side, "center"),
            va={"top": "bottom", "bottom": "top"}.get(up, "center"),
            fontsize=(_scalar(font.get("size")) or _TEXT_SIZE) * POINTS,
            color=colour(font.get("color"), INK)[0],
            annotation_clip=False,
            parse_math=False,
            zorder=5,
        )


def _add_point_errors(axes: Axes, trace: dict[str, Any], x: list[float], y: list[float], *, order: float) -> None:
    for name in ("error_x", "error_y"):
        error = trace.get(name) or {}
        if not error.get("array"):
            continue
        up = [one or 0.0 for one in error["array"]]
        down = [one or 0.0 for one in error.get("arrayminus") or error["array"]]
        axes.errorbar(
            x,
            y,
            fmt="none",
            ecolor=colour(error.get("color"), INK)[0],
            elinewidth=(error.get("thickness") or 1) * POINTS,
            capsize=(error.get("width") or 0) * POINTS,
            zorder=order - 0.005,
            xerr=[down, up] if name == "error_x" else None,
            yerr=[down, up] if name == "error_y" else None,
        )
