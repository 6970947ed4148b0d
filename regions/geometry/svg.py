"""Rings and lines as SVG path data with whole numbers, as short as the grammar allows (SVG 2, 9.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from regions.geometry.layout import Layout
from regions.geometry.topology import Point, Ring, Topology, signed_area

Cell = tuple[int, int]
# A shape that would vanish at the scale of the sheet is drawn as a diamond of this half width.
_SMALLEST = 2


def svg_paths(topology: Topology, layer: str, layout: Layout) -> dict[str, str]:
    """Path data of every shape of a layer by code; even a shape smaller than a unit of the sheet has a path."""
    return {
        code: _path([topology.points(ring) for ring in rings], layout) for code, rings in topology.layers[layer].items()
    }


def _path(rings: Sequence[Sequence[Point]], layout: Layout) -> str:
    placed: list[list[Point]] = []
    for ring in rings:
        placement = layout.placement(ring[0])
        if placement is not None:
            placed.append([placement.place(point) for point in ring])
    drawn = [cells for cells in map(_cells, placed) if signed_area(cells) != 0]
    if drawn:
        return "".join(_closed(cells) for cells in drawn)
    if not placed:
        return ""
    largest = max(placed, key=lambda points: abs(signed_area(points)))
    x, y = (round(sum(values) / len(largest)) for values in zip(*largest, strict=True))
    return f"M{x - _SMALLEST} {y}l{_SMALLEST}-{_SMALLEST} {_SMALLEST} {_SMALLEST}-{_SMALLEST} {_SMALLEST}z"


def _cells(points: Iterable[Point]) -> list[Cell]:
    """Whole units, without repeating a point and without the points in the middle of a straight step."""
    cells: list[Cell] = []
    for x, y in points:
        cell = round(x), round(y)
        if cells and cell == cells[-1]:
            continue
        if len(cells) >= 2 and _goes_on(cells[-2], cells[-1], cell):
            cells.pop()
        cells.append(cell)
    return cells


def _goes_on(first: Cell, middle: Cell, last: Cell) -> bool:
    ahead = (middle[0] - first[0], middle[1] - first[1])
    then = (last[0] - middle[0], last[1] - middle[1])
    return ahead[0] * then[1] == ahead[1] * then[0] and ahead[0] * then[0] + ahead[1] * then[1] > 0


def _steps(cells: Sequence[Cell]) -> str:
    """Relative line commands; a minus sign separates as well as a space does."""
    written = "".join(
        f"{'' if dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}"
        for dx, dy in ((x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(cells))
    )
    return written.removeprefix(" ")


def _closed(cells: Sequence[Cell]) -> str:
    return f"M{cells[0][0]} {cells[0][1]}l{_steps(cells[:-1])}z"


def border_path(topology: Topology, layer: str, layout: Layout, group_of: Callable[[str], str]) -> str:
    """The lines between shapes of different groups (borders of prefectures), without coasts."""
    return "".join(
        line for codes, line in border_lines(topology, layer, layout) if len({group_of(code) for code in codes}) > 1
    )


def border_lines(topology: Topology, layer: str, layout: Layout) -> list[tuple[frozenset[str], str]]:
    """Every line between shapes of a layer as path data, with the shapes on its sides."""
    sides: dict[int, set[str]] = {}
    for code, rings in topology.layers[layer].items():
        for number in _numbers(rings):
            sides.setdefault(number, set()).add(code)
    found = []
    for number in sorted(number for number, codes in sides.items() if len(codes) > 1):
        placement = layout.placement(topology.arcs[number][0])
        if placement is None:
            continue
        cells = _cells(placement.place(point) for point in topology.arcs[number])
        if len(cells) > 1:
            found.append((frozenset(sides[number]), f"M{cells[0][0]} {cells[0][1]}l{_steps(cells)}"))
    return found


def _numbers(rings: Iterable[Ring]) -> Iterable[int]:
    return (number if number >= 0 else ~number for ring in rings for number in ring)


def outlines(shapes: Mapping[str, tuple[Ring, ...]], topology: Topology) -> list[list[Point]]:
    """All rings of a layer as points in degrees, to lay out a sheet for them."""
    return [topology.points(ring) for rings in shapes.values() for ring in rings]
