"""Maps that the server makes as SVG, as files of their own: legend and caption around them, texts as outlines.

The vocabulary is that of our own maps: groups that hand on `fill` and `stroke`, paths of straight steps, rectangles,
texts, and patterns of one line that stand for a hatch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from zaitaku.lib.figures import INK
from zaitaku.lib.pictures.canvas import FONTS, POINTS, drawing, make_sheet, pixels, save, write_block
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
_STEP = re.compile(r"[MLHVZmlhvz]|-?\d*\.?\d+")
_TURN = re.compile(r"rotate\((-?\d+)")
_HATCHES = {45: "////", 135: "\\\\\\\\", 0: "||||", 90: "----"}
_BOX = 28, 16
_DECIMALS = 2
_MOVE, _LINE, _CLOSE = int(Path.MOVETO), int(Path.LINETO), int(Path.CLOSEPOLY)


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


def draw_drawing(svg: str, *, caption: Caption, legend: Sequence[LegendEntry] = ()) -> bytes:
    """The same as PNG."""
    root = _parse(svg)
    above, below = header(caption), footer(caption)
    scale, drawn, rows = _measure(root, legend)
    end = above.height + drawn + _legend_height(rows)
    with drawing():
        sheet = make_sheet(height=end + below.height)
        write_block(sheet, above, top=0)
        write_block(sheet, below, top=end)
        width, height = pixels(sheet)
        axes = sheet.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        hatches = _hatches(root)
        _draw(axes, sorted(_walk(root, {}), key=_order), hatches=hatches, scale=scale, top=above.height)
        for entry, x, y in rows:
            box = Rectangle((x, y + above.height + drawn), *_BOX, edgecolor="#595959", linewidth=POINTS)
            axes.add_patch(_filled(box, entry.fill, hatches))
            axes.text(x + _BOX[0] + 6, y + above.height + drawn + 13, entry.label, fontsize=TEXT_SIZE * POINTS)
        return save(sheet, caption=caption, file_format="png")


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


def _walk(
    element: ElementTree.Element, inherited: dict[str, str]
) -> Iterator[tuple[ElementTree.Element, dict[str, str]]]:
    """The shapes of the drawing with what their groups hand on."""
    for child in element:
        style = {**inherited, **child.attrib}
        if child.tag == f"{_SVG}g":
            handed_on = {name: value for name, value in style.items() if name.startswith(("fill", "stroke"))}
            yield from _walk(child, handed_on)
        elif child.tag != f"{_SVG}defs":
            yield child, style


def _hatches(root: ElementTree.Element) -> dict[str, str]:
    """Id of a pattern → matplotlib's hatch."""
    found = {}
    for pattern in root.iter(f"{_SVG}pattern"):
        turn = _TURN.search(pattern.get("patternTransform", "")) or ["", "0"]
        found[f"url(#{pattern.get('id')})"] = _HATCHES.get(int(turn[1]), "////")
    return found


def _draw(
    axes: Axes, shapes: Sequence[tuple[ElementTree.Element, dict[str, str]]], *, hatches: dict[str, str], **place: float
) -> None:
    """Draw the shapes in their order; neighbours of one look become one patch, since each hatch costs milliseconds."""
    for look, group in groupby(shapes, key=lambda shape: _look(*shape)):
        if look is None:
            for text, style in group:
                _write(axes, text, style, **place)
            continue
        fill, stroke, width = look
        outlines = [found for element, style in group if (found := _outline(element, style, **place)) is not None]
        if outlines:
            whole = Path.make_compound_path(*outlines)
            line = width * place["scale"] * POINTS if stroke != "none" else 0
            axes.add_patch(_filled(PathPatch(whole, edgecolor=stroke, linewidth=line), fill, hatches))


def _look(element: ElementTree.Element, style: dict[str, str]) -> tuple[str, str, float] | None:
    """Fill, stroke and width of a shape; None for a text."""
    if element.tag == f"{_SVG}text":
        return None
    stroke = style.get("stroke", "none")
    return style.get("fill", "#000000"), stroke, float(style.get("stroke-width", 1))


def _order(shape: tuple[ElementTree.Element, dict[str, str]]) -> tuple[int, str]:
    """Areas of one fill together, then lines and frames, then texts: nothing in our maps covers another area."""
    look = _look(*shape)
    return (2, "") if look is None else (1, "") if look[0] == "none" else (0, look[0])


def _write(axes: Axes, text: ElementTree.Element, style: dict[str, str], *, scale: float, top: float) -> None:
    x, y = (float(style.get(name, 0)) + float(style.get(f"d{name}", 0)) for name in ("x", "y"))
    size = float(style.get("font-size", TEXT_SIZE)) * scale * POINTS
    axes.text(PADDING + x * scale, top + y * scale, text.text or "", fontsize=size, color=style.get("fill", INK))


def _outline(element: ElementTree.Element, style: dict[str, str], *, scale: float, top: float) -> Path | None:
    """The path of a shape on the sheet."""
    if element.tag not in (f"{_SVG}path", f"{_SVG}rect"):
        return None
    vertices, codes = _rectangle(style) if element.tag == f"{_SVG}rect" else _steps(style.get("d", ""))
    return Path([(PADDING + x * scale, top + y * scale) for x, y in vertices], codes) if vertices else None


def _filled(patch: PathPatch | Rectangle, fill: str, hatches: dict[str, str]) -> PathPatch | Rectangle:
    if fill.startswith("url("):
        patch.set(facecolor="#FFFFFF", hatch=hatches.get(fill, "////"), hatchcolor="#767676")
    else:
        patch.set_facecolor(fill)
    return patch


def _rectangle(style: dict[str, str]) -> tuple[list[tuple[float, float]], list[int]]:
    x, y, width, height = (float(style.get(name, 0)) for name in ("x", "y", "width", "height"))
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return corners, [_MOVE, *[_LINE] * 3, _CLOSE]


def _steps(data: str) -> tuple[list[tuple[float, float]], list[int]]:
    """Vertices and codes of path data made of straight steps (M, L, H, V, Z, absolute and relative)."""
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    x = y = 0.0
    start, command = (0.0, 0.0), "M"
    parts = _STEP.findall(data)
    place = 0
    while place < len(parts):
        if parts[place].isalpha():
            command, place = parts[place], place + 1
        if command in "Zz":
            x, y = start
            vertices.append(start)
            codes.append(_CLOSE)
            continue
        count = 1 if command in "HhVv" else 2
        numbers = [float(part) for part in parts[place : place + count]]
        place += count
        x, y = _moved(command, numbers, x, y)
        vertices.append((x, y))
        codes.append(_MOVE if command in "Mm" else _LINE)
        if command in "Mm":
            # Further pairs after a move are lines (SVG 2, 9.3.3).
            start, command = (x, y), "L" if command == "M" else "l"
    return vertices, codes


def _moved(command: str, numbers: Sequence[float], x: float, y: float) -> tuple[float, float]:
    """The point a step leads to; small letters count from where the pen is."""
    from_x, from_y = (x, y) if command.islower() else (0.0, 0.0)
    if command in "Hh":
        return from_x + numbers[0], y
    if command in "Vv":
        return x, from_y + numbers[0]
    return from_x + numbers[0], from_y + numbers[1]
