"""Maps that the server makes as SVG, as files of their own: legend and caption around them, texts as outlines.

The vocabulary is that of our own maps: groups that hand on `fill` and `stroke`, paths of straight steps, rectangles,
texts, and patterns of one line that stand for a hatch.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from zaitaku.lib.figures import INK
from zaitaku.lib.pictures.canvas import FONTS, drawing
from zaitaku.lib.pictures.captions import (
    LEGEND_ROW,
    PADDING,
    TEXT_SIZE,
    WIDTH,
    Block,
    Caption,
    LegendEntry,
    footer,
    header,
    text_width,
)

_SVG = "{http://www.w3.org/2000/svg}"
_BOX = 28, 16
_DECIMALS = 2


def frame_svg(svg: str, caption: Caption, *, legend: Sequence[LegendEntry] = ()) -> str:
    """The drawing scaled to the width of a picture, between header, legend and footer; no font is needed to show it."""
    root = _parse(svg)
    with drawing():
        _outline_texts(root)
        above, below = header(caption), footer(caption)
        scale, drawn, rows = _measure(root, legend)
        parts = [_written(above, top=0.0)]
        parts += [f'<g transform="translate({PADDING} {above.height:g}) scale({scale:.5g})">{_inner(root)}</g>']
        parts += [
            f'<rect x="{x:g}" y="{y + above.height + drawn:g}" width="{_BOX[0]}" height="{_BOX[1]}"'
            f' fill="{escape(entry.fill)}" stroke="#595959"/>'
            + _outlines(entry.label, x=x + _BOX[0] + 6, y=y + above.height + drawn + 13, size=TEXT_SIZE)
            for entry, x, y in rows
        ]
        end = above.height + drawn + _legend_height(rows)
        parts.append(_written(below, top=end))
    height = end + below.height
    title, words = escape(caption.title), escape(caption.metadata["Description"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}"'
        f' role="img"><title>{title}</title><desc>{words}</desc>'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(parts)}</svg>'
    )


def _parse(svg: str) -> ElementTree.Element:
    start = svg.index("<svg")
    end = svg.index("</svg>", start) + len("</svg>")
    return ElementTree.fromstring(svg[start:end])  # noqa: S314 - the server's own drawing, never what a visitor sends


def _measure(
    root: ElementTree.Element, legend: Sequence[LegendEntry]
) -> tuple[float, float, list[tuple[LegendEntry, float, float]]]:
    """Scale of the drawing, its height, and where each line of the legend begins below it."""
    _left, _top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    scale = (WIDTH - 2 * PADDING) / width
    rows, x, y = [], float(PADDING), 8.0
    for entry in legend:
        needed = _BOX[0] + 6 + text_width(entry.label, size=TEXT_SIZE) + 20
        if x > PADDING and x + needed > WIDTH - PADDING:
            x, y = float(PADDING), y + LEGEND_ROW
        rows.append((entry, x, y))
        x += needed
    return scale, height * scale, rows


def _legend_height(rows: Sequence[tuple[LegendEntry, float, float]]) -> float:
    return rows[-1][2] + LEGEND_ROW if rows else 0.0


def _written(block: Block, *, top: float) -> str:
    return "".join(_outlines(line.text, x=PADDING, y=top + line.baseline, size=line.size) for line in block.lines)


def _outlines(text: str, *, x: float, y: float, size: float) -> str:
    """A text as one path."""
    return f'<path transform="translate({x:g} {y:g})" fill="{INK}" d="{_letters(text, size=size)}"/>'


def _letters(text: str, *, size: float) -> str:
    path = TextPath((0, 0), text, size=size, prop=FontProperties(family=FONTS), usetex=False)
    signs = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    steps = []
    for points, code in path.iter_segments():
        numbers = [] if code == Path.CLOSEPOLY else [f"{v * (-1) ** n:.{_DECIMALS}f}" for n, v in enumerate(points)]
        steps.append(signs[code] + " ".join(numbers))
    return "".join(steps)


def _outline_texts(root: ElementTree.Element) -> None:
    """Every `<text>` becomes the path of its letters."""
    for text in root.iter(f"{_SVG}text"):
        x, y = (float(text.get(name, 0)) + float(text.get(f"d{name}", 0)) for name in ("x", "y"))
        letters = _letters(text.text or "", size=float(text.get("font-size", TEXT_SIZE)))
        fill = text.get("fill", INK)
        text.clear()
        text.tag = f"{_SVG}path"
        text.attrib.update({"transform": f"translate({x:g} {y:g})", "fill": fill, "stroke": "none", "d": letters})


def _inner(root: ElementTree.Element) -> str:
    """What the drawing holds besides its own title."""
    ElementTree.register_namespace("", _SVG.strip("{}"))
    parts = [child for child in root if child.tag != f"{_SVG}title"]
    return "".join(ElementTree.tostring(child, encoding="unicode") for child in parts)
