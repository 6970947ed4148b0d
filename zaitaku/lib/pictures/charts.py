"""A Plotly figure drawn by matplotlib: the parts of Plotly that the project's charts use, and no others.

Bars (upright, lying, grouped, stacked) with error bars and patterns; lines, markers, texts and fills; shapes and
annotations; several axes with their domains. Hover texts, legends by colour scale and animations have no picture.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zaitaku.lib.figures import figure_data
from zaitaku.lib.pictures.axes import Frame, make_frames, set_axes
from zaitaku.lib.pictures.canvas import drawing, extent, make_sheet, pixels, save, write_block
from zaitaku.lib.pictures.captions import PADDING, WIDTH, Caption, footer, header
from zaitaku.lib.pictures.notes import add_annotations, add_shapes
from zaitaku.lib.pictures.traces import add_traces

_HEIGHT = 450
_AIR = 6


def draw_chart(figure: Any, *, caption: Caption) -> bytes:
    """The figure between the header and the footer of its caption, as SVG."""
    plain = figure_data(figure)
    layout = plain["layout"]
    above, below = header(caption), footer(caption)
    drawn = float(layout.get("height") or _HEIGHT)
    with drawing():
        sheet = make_sheet(height=above.height + drawn + below.height)
        write_block(sheet, above, top=0)
        write_block(sheet, below, top=above.height + drawn)
        box = (PADDING, WIDTH - PADDING, above.height + _AIR, above.height + drawn - _AIR)
        _draw_figure(sheet, plain["data"], layout, box=box)
        return save(sheet, caption=caption)


def _draw_figure(
    sheet: Figure, traces: list[dict[str, Any]], layout: dict[str, Any], *, box: tuple[float, float, float, float]
) -> None:
    """`box`: left, right, top, bottom of what the figure with its labels may take, in pixels from the upper left."""
    paper = sheet.add_axes((0.1, 0.1, 0.8, 0.8))
    paper.set_axis_off()
    paper.set_zorder(10)
    frames = make_frames(sheet, traces, layout)
    margin = layout.get("margin") or {}
    left, right, top, bottom = box
    plot = (
        left + min(margin.get("l", 60), 100),
        right - margin.get("r", 24),
        top + margin.get("t", 28),
        bottom - margin.get("b", 48),
    )
    _place(sheet, paper, frames, plot)
    add_traces(frames, traces, layout)
    set_axes(frames)
    add_shapes(frames, paper, layout)
    add_annotations(frames, paper, layout)
    _place(sheet, paper, frames, _fitted(sheet, paper, frames, plot=plot, box=box))


def _fitted(
    sheet: Figure,
    paper: Axes,
    frames: dict[tuple[str, str], Frame],
    *,
    plot: tuple[float, float, float, float],
    box: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """The plot area moved in, or out, so that its labels just fill the box (Plotly's `automargin`)."""
    extents = [found for axes in (paper, *(f.axes for f in frames.values())) if (found := extent(sheet, axes))]
    if not extents:
        return plot
    left = plot[0] + box[0] - min(e[0] for e in extents)
    right = plot[1] + box[1] - max(e[1] for e in extents)
    top = plot[2] + box[2] - min(e[2] for e in extents)
    bottom = plot[3] + box[3] - max(e[3] for e in extents)
    return left, max(right, left + 50), top, max(bottom, top + 50)


def _place(
    sheet: Figure, paper: Axes, frames: dict[tuple[str, str], Frame], plot: tuple[float, float, float, float]
) -> None:
    """Put the axes of each domain into the plot area."""
    width, height = pixels(sheet)
    left, right, top, bottom = plot

    def position(x: list[float], y: list[float]) -> tuple[float, float, float, float]:
        across, along = right - left, bottom - top
        return (
            (left + x[0] * across) / width,
            1 - (bottom - y[0] * along) / height,
            (x[1] - x[0]) * across / width,
            (y[1] - y[0]) * along / height,
        )

    paper.set_position(position([0, 1], [0, 1]))
    for frame in frames.values():
        frame.axes.set_position(position(*frame.domain))
