"""Fewer points, same neighbours: each arc is simplified once, so what two shapes share they go on sharing.

Visvalingam and Whyatt's method: the point whose triangle with its two neighbours is smallest goes first ("Line
generalisation by repeated elimination of points", Cartographic Journal 30, 1993).
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from regions.geometry.projection import to_kilometres
from regions.geometry.topology import Arc, Point, Ring, Topology, join, signed_area

_RING_POINTS = 4  # a triangle and its first point again


def point_weights(points: Sequence[Point]) -> list[float]:
    """For each point the area (in the points' unit squared) of the triangle that goes when it does; ends never go.

    A point never weighs less than one that went before it, so "all points of at least w" is the line simplified to w.
    """
    weights = [float("inf")] * len(points)
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))

    def triangle(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[i]], points[i], points[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(triangle(i), i) for i in range(1, len(points) - 1)]
    latest = {i: area for area, i in heap}
    heapq.heapify(heap)
    largest = 0.0
    while heap:
        area, i = heapq.heappop(heap)
        if latest.get(i) != area:
            continue  # an older area of a point whose neighbour has gone since
        del latest[i]
        largest = max(largest, area)
        weights[i] = largest
        after[before[i]], before[after[i]] = after[i], before[i]
        for neighbour in (before[i], after[i]):
            if neighbour in latest:
                latest[neighbour] = triangle(neighbour)
                heapq.heappush(heap, (latest[neighbour], neighbour))
    return weights


def simplify(
    topology: Topology, layer: str, *, smallest_triangle: float, smallest_ring: float, step: float
) -> Topology:
    """The shapes of one layer with fewer points, on a grid of `step` degrees.

    Points whose triangle is under `smallest_triangle` km² go. So do separate rings (islands) under `smallest_ring` km²,
    but each shape keeps its largest ring, and no ring that stays collapses: its arcs get points back until it encloses
    an area.
    """
    flat = [[to_kilometres(point) for point in arc] for arc in topology.arcs]
    shared = _shared(topology, layer)
    shapes = {
        code: _large_rings(rings, flat, smallest_ring=smallest_ring, shared=shared)
        for code, rings in topology.layers[layer].items()
    }
    used = sorted(
        {number if number >= 0 else ~number for rings in shapes.values() for ring in rings for number in ring}
    )
    lines = {number: _Line(topology.arcs[number], flat[number], step=step) for number in used}
    for line in lines.values():
        line.keep_above(smallest_triangle)
    for rings in shapes.values():
        for ring in rings:
            _keep_open(ring, lines)
    arcs = tuple(lines[number].points() if number in lines else () for number in range(len(topology.arcs)))
    return drop_unused_arcs(Topology(arcs=arcs, layers={layer: shapes}))


def _shared(topology: Topology, layer: str) -> set[int]:
    """Arcs two rings of the layer run along."""
    rings = (ring for rings in topology.layers[layer].values() for ring in rings)
    uses = Counter(number if number >= 0 else ~number for ring in rings for number in ring)
    return {number for number, count in uses.items() if count > 1}


def _large_rings(
    rings: Sequence[Ring], flat: Sequence[Sequence[Point]], *, smallest_ring: float, shared: set[int]
) -> tuple[Ring, ...]:
    """The rings without small islands; a ring with a neighbour always stays, and so does the largest."""
    areas = [abs(signed_area(join(ring, flat))) for ring in rings]
    return tuple(
        ring
        for ring, area in zip(rings, areas, strict=True)
        if area >= smallest_ring
        or area == max(areas)
        or any((number if number >= 0 else ~number) in shared for number in ring)
    )


class _Line:
    """One arc on the grid while points are taken from it."""

    def __init__(self, arc: Arc, flat: Sequence[Point], *, step: float) -> None:
        self._grid = [(round(x / step), round(y / step)) for x, y in arc]
        self._step = step
        self._weights = point_weights(flat)
        self._order = sorted(range(1, len(arc) - 1), key=lambda i: (-self._weights[i], i))
        self._kept = 0

    def keep_above(self, weight: float) -> None:
        self._kept = sum(self._weights[i] >= weight for i in self._order)

    def keep_one_more(self) -> bool:
        """Give the weightiest lost point back; False if none is lost."""
        if self._kept >= len(self._order):
            return False
        self._kept += 1
        return True

    def grid_points(self) -> list[tuple[int, int]]:
        inner = sorted(self._order[: self._kept])
        chosen = [self._grid[0], *(self._grid[i] for i in inner), self._grid[-1]]
        return [point for i, point in enumerate(chosen) if i in (0, len(chosen) - 1) or point != chosen[i - 1]]

    def points(self) -> Arc:
        return tuple((x * self._step, y * self._step) for x, y in self.grid_points())


def _keep_open(ring: Ring, lines: Mapping[int, _Line]) -> None:
    """Give points back to the arcs of a ring until it encloses an area on the grid."""
    numbers = [number if number >= 0 else ~number for number in ring]
    while True:
        points = join(ring, _Grid(lines))
        if len(set(points)) >= _RING_POINTS - 1 and signed_area(points) != 0:
            return
        given = [lines[number].keep_one_more() for number in numbers]
        if not any(given):
            return


class _Grid(Sequence[Sequence[Point]]):
    """The lines as a sequence of arcs, for `join`."""

    def __init__(self, lines: Mapping[int, _Line]) -> None:
        self._lines = lines

    def __getitem__(self, number: Any) -> Any:
        return self._lines[number].grid_points()

    def __len__(self) -> int:
        return len(self._lines)


def encode(topology: Topology, *, step: float) -> str:
    """A TopoJSON document of the topology, quantised to `step` degrees; the same topology gives the same text."""
    objects = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "id": code, "arcs": [[list(ring)] for ring in rings]}
                for code, rings in sorted(shapes.items())
            ],
        }
        for name, shapes in topology.layers.items()
    }
    document = {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": [0, 0]},
        "objects": objects,
        "arcs": [_deltas(arc, step=step) for arc in topology.arcs],
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n"


def _deltas(arc: Arc, *, step: float) -> list[list[int]]:
    grid = [(round(x / step), round(y / step)) for x, y in arc]
    steps = zip(grid, [(0, 0), *grid], strict=False)
    return [[x - last_x, y - last_y] for (x, y), (last_x, last_y) in steps]


def drop_unused_arcs(topology: Topology) -> Topology:
    """The same shapes without the arcs none of them uses (borders of wards, where only cities are kept)."""
    rings = [ring for shapes in topology.layers.values() for of_shape in shapes.values() for ring in of_shape]
    used = sorted({number if number >= 0 else ~number for ring in rings for number in ring})
    place = {number: i for i, number in enumerate(used)}
    layers = {
        name: {
            code: tuple(tuple(place[n] if n >= 0 else ~place[~n] for n in ring) for ring in of_shape)
            for code, of_shape in shapes.items()
        }
        for name, shapes in topology.layers.items()
    }
    return Topology(arcs=tuple(topology.arcs[number] for number in used), layers=layers)
