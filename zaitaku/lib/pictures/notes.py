"""Shapes (lines, bands) and annotations, placed by values of an axis, by the plot area, or by the whole paper."""

from __future__ import annotations

from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from zaitaku.lib.figures import INK, OTHER
from zaitaku.lib.pictures.axes import Frame
from zaitaku.lib.pictures.canvas import DPI, POINTS
from zaitaku.lib.pictures.values import colour, dash, plain_text

_TEXT_SIZE = 12
_Frames = dict[tuple[str, str], Frame]
_ACROSS: dict[str, Literal["left", "center", "right"]] = {"left": "left", "center": "center", "right": "right"}
_ALONG: dict[str, Literal["top", "center", "bottom"]] = {"top": "top", "middle": "center", "bottom": "bottom"}


def add_shapes(frames: _Frames, paper: Axes, layout: dict[str, Any]) -> None:
    """Lines and rectangles; above the traces unless the shape says below."""
    for shape in layout.get("shapes") or ():
        frame = _frame(frames, shape)
        across, along = _transforms(frame, paper, shape)
        x = [_place(frame, "x", shape, shape.get(name)) for name in ("x0", "x1")]
        y = [_place(frame, "y", shape, shape.get(name)) for name in ("y0", "y1")]
        order = 1.7 if shape.get("layer") in ("below", "between") else 6
        transform = blended_transform_factory(across, along)
        line = shape.get("line") or {}
        edge, alpha = colour(line.get("color"), INK)
        style: dict[str, Any] = {
            "linewidth": line.get("width", 2) * POINTS,
            "linestyle": dash(line.get("dash")),
            "alpha": alpha * (shape.get("opacity") or 1),
        }
        if shape.get("type") == "line":
            frame.axes.plot(
                x, y, color=edge, transform=transform, zorder=order, clip_on=False, scalex=False, scaley=False, **style
            )
        elif shape.get("type", "rect") == "rect":
            fill, opacity = colour(shape.get("fillcolor"), "none")
            band = Rectangle(
                (x[0], y[0]), x[1] - x[0], y[1] - y[0], transform=transform, zorder=order, edgecolor="none"
            )
            band.set_facecolor((fill, opacity * (shape.get("opacity") or 1)) if fill != "none" else "none")
            if line.get("width"):
                band.set(edgecolor=edge, linewidth=style["linewidth"], linestyle=style["linestyle"])
            frame.axes.add_artist(band)


def add_annotations(frames: _Frames, paper: Axes, layout: dict[str, Any]) -> None:
    """Texts, with an arrow where there is one."""
    for note in layout.get("annotations") or ():
        frame = _frame(frames, note)
        across, along = _transforms(frame, paper, note)
        x, y = (_place(frame, way, note, note.get(way)) for way in ("x", "y"))
        arrow = note.get("showarrow", True)
        shift = (note.get("xshift") or 0, note.get("yshift") or 0)
        if arrow:
            shift = (shift[0] + (note.get("ax") or 0), shift[1] - (note.get("ay") or 0))
        base = blended_transform_factory(across, along)
        moved = base + ScaledTranslation(shift[0] / DPI, shift[1] / DPI, paper.figure.dpi_scale_trans)
        font = note.get("font") or {}
        ground, opacity = colour(note.get("bgcolor"), "none")
        paper.text(
            x,
            y,
            plain_text(str(note.get("text") or "")),
            transform=moved,
            ha=_across(note, arrow=arrow),
            va=_along(note, arrow=arrow),
            fontsize=(font.get("size") or _TEXT_SIZE) * POINTS,
            color=colour(font.get("color"), INK)[0],
            rotation=-(note.get("textangle") or 0),
            bbox={"facecolor": (ground, opacity), "edgecolor": "none", "pad": 1} if ground != "none" else None,
            parse_math=False,
            clip_on=False,
            zorder=7,
        )
        if arrow and (note.get("ax") or note.get("ay")):
            paper.annotate(
                "",
                (x, y),
                xycoords=base,
                xytext=(x, y),
                textcoords=moved,
                arrowprops={"arrowstyle": "->", "color": colour(note.get("arrowcolor"), OTHER)[0]},
                annotation_clip=False,
            )


def _frame(frames: _Frames, thing: dict[str, Any]) -> Frame:
    """The pair of axes a shape or annotation refers to; the first where it refers to the paper."""
    x, y = (str(thing.get(f"{way}ref") or way).split(" ")[0] for way in ("x", "y"))
    for key, frame in frames.items():
        if (x in ("paper", key[0])) and (y in ("paper", key[1])):
            return frame
    return next(iter(frames.values()))


def _transforms(frame: Frame, paper: Axes, thing: dict[str, Any]) -> tuple[Transform, Transform]:
    found: list[Transform] = []
    for way in ("x", "y"):
        reference = str(thing.get(f"{way}ref") or way)
        if reference == "paper":
            found.append(paper.transAxes)
        else:
            found.append(frame.axes.transAxes if reference.endswith("domain") else frame.axes.transData)
    return found[0], found[1]


def _place(frame: Frame, way: str, thing: dict[str, Any], value: Any) -> float:
    reference = str(thing.get(f"{way}ref") or way)
    if reference == "paper" or reference.endswith("domain"):
        return float(value or 0)
    scale = frame.x if way == "x" else frame.y
    found = scale.place(value) or 0.0
    # On a logarithmic axis Plotly places a note by its logarithm, a shape by its value.
    return float(10**found) if "text" in thing and scale.settings.get("type") == "log" else found


def _across(note: dict[str, Any], *, arrow: bool) -> Literal["left", "center", "right"]:
    anchor = note.get("xanchor") or "auto"
    if anchor == "auto" and str(note.get("xref")) == "paper" and not arrow:
        anchor = _third(note.get("x") or 0, "left", "right")
    return _ACROSS.get(anchor, "center")


def _along(note: dict[str, Any], *, arrow: bool) -> Literal["top", "center", "bottom"]:
    anchor = note.get("yanchor") or "auto"
    if anchor == "auto" and str(note.get("yref")) == "paper" and not arrow:
        anchor = _third(note.get("y") or 0, "bottom", "top")
    return _ALONG.get(anchor, "center")


def _third(share: float, low: str, high: str) -> str:
    """Plotly anchors a note of the paper at the side of the third it lies in."""
    return low if share < 1 / 3 else high if share > 2 / 3 else "auto"
