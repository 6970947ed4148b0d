"""TopoJSON as arcs and rings: decoding, and dissolving units into areas by dropping the arcs they share.

A ring is a tuple of arc numbers; a negative number `~i` is arc `i` run backwards (TopoJSON specification, 2.1.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Arc = tuple[Point, ...]
Ring = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Arcs in degrees (longitude, latitude) and, for each layer, the rings of each shape by its code."""

    arcs: tuple[Arc, ...]
    layers: Mapping[str, Mapping[str, tuple[Ring, ...]]]

    def points(self, ring: Ring) -> list[Point]:
        """The closed line of a ring: first and last point are the same."""
        return join(ring, self.arcs)


def join(ring: Ring, arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of a ring's arcs in order, the point two arcs meet in once."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def decode(document: Mapping[str, Any], *, code_property: str = "") -> Topology:
    """A TopoJSON document, quantised (delta-encoded) or not. Shapes are named by `code_property`, else by their id.

    Shapes without a code are left out (所属未定地 of the 国土数値情報).
    """
    layers = {}
    for name, collection in document["objects"].items():
        shapes: dict[str, tuple[Ring, ...]] = {}
        for geometry in collection["geometries"]:
            code = geometry["properties"].get(code_property) if code_property else geometry.get("id")
            if code:
                shapes[code] = (*shapes.get(code, ()), *_rings(geometry))
        layers[name] = shapes
    return Topology(arcs=tuple(_decode_arcs(document)), layers=layers)


def _decode_arcs(document: Mapping[str, Any]) -> Iterable[Arc]:
    transform = document.get("transform")
    if transform is None:
        yield from (tuple((x, y) for x, y, *_ in arc) for arc in document["arcs"])
        return
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    for arc in document["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y, *_ in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        yield tuple(points)


def _rings(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    if geometry["type"] == "Polygon":
        return tuple(tuple(ring) for ring in geometry["arcs"])
    if geometry["type"] == "MultiPolygon":
        return tuple(tuple(ring) for polygon in geometry["arcs"] for ring in polygon)
    return ()


def dissolve(shapes: Iterable[Sequence[Ring]], arcs: Sequence[Sequence[Point]]) -> tuple[Ring, ...]:
    """The outline of several shapes together: arcs that two of them share lie inside and are dropped.

    The arcs left over keep their direction and are linked end to end into rings.
    """
    numbers = [number for rings in shapes for ring in rings for number in ring]
    uses = Counter(number if number >= 0 else ~number for number in numbers)
    outline = [number for number in numbers if uses[number if number >= 0 else ~number] == 1]
    return _link(outline, arcs)


def _ends(number: int, arcs: Sequence[Sequence[Point]]) -> tuple[Point, Point]:
    arc = arcs[number if number >= 0 else ~number]
    return (arc[0], arc[-1]) if number >= 0 else (arc[-1], arc[0])


def _link(numbers: Sequence[int], arcs: Sequence[Sequence[Point]]) -> tuple[Ring, ...]:
    """Rings made of directed arcs, each used once. Where several go on from a point, the first listed is taken."""
    starting: dict[Point, list[int]] = {}
    for number in reversed(numbers):
        starting.setdefault(_ends(number, arcs)[0], []).append(number)
    rings: list[Ring] = []
    used: set[int] = set()
    for first in numbers:
        if first in used:
            continue
        ring = [first]
        used.add(first)
        starting[_ends(first, arcs)[0]].remove(first)
        begin, end = _ends(first, arcs)
        while end != begin and starting.get(end):
            following = starting[end].pop()
            used.add(following)
            ring.append(following)
            end = _ends(following, arcs)[1]
        rings.append(tuple(ring))
    return tuple(rings)


def signed_area(points: Sequence[Point]) -> float:
    """Area within a closed line by the shoelace formula; the sign tells the direction it is run in."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points)) / 2
