"""Where on the sheet each part of the country stands: the main map, and distant islands in framed insets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from regions.geometry.projection import to_kilometres
from regions.geometry.topology import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Islands whose first point lies in this box of degrees are drawn apart. Without a name they are not drawn."""

    name: str
    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether a point (longitude, latitude) lies in the box."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


# As is customary, the islands south of 屋久島 stand in the Sea of Japan and 小笠原 nearer to the coast; the two far
# reefs and islets without residents (南鳥島, 沖ノ鳥島) would halve the scale and are left out.
SOUTH_WEST = Box(name="奄美・沖縄", west=122.0, south=23.5, east=132.0, north=28.75)
OGASAWARA = Box(name="小笠原", west=139.9, south=24.0, east=143.0, north=28.0)
FAR_ISLETS = (
    Box(name="", west=153.0, south=24.0, east=155.0, north=25.0),
    Box(name="", west=135.5, south=20.0, east=137.0, north=21.0),
)
NATIONAL_INSETS = (SOUTH_WEST, OGASAWARA, *FAR_ISLETS)
PREFECTURE_INSETS = {
    "13": (Box(name="伊豆諸島", west=138.5, south=31.0, east=140.6, north=34.95), OGASAWARA, *FAR_ISLETS),
    "46": (Box(name="トカラ・奄美", west=128.0, south=26.9, east=131.0, north=30.1),),
    "47": (
        Box(name="先島諸島", west=122.0, south=23.5, east=125.9, north=26.5),
        Box(name="大東諸島", west=130.5, south=24.0, east=132.0, north=26.5),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Kilometres to units of the sheet: x·scale + dx, y·scale + dy."""

    scale: float
    dx: float
    dy: float

    def place(self, point: Point) -> Point:
        """The place on the sheet of a point in degrees."""
        x, y = to_kilometres(point)
        return x * self.scale + self.dx, y * self.scale + self.dy


@dataclass(frozen=True, slots=True, kw_only=True)
class InsetFrame:
    """The frame around an inset on the sheet and whether its scale is that of the main map."""

    name: str
    x: int
    y: int
    width: int
    height: int
    same_scale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A sheet of `width` × `height` units."""

    width: int
    height: int
    main: Placement
    insets: tuple[tuple[Box, Placement | None], ...]
    frames: tuple[InsetFrame, ...]

    def placement(self, point: Point) -> Placement | None:
        """How the ring or line that begins at a point (degrees) is placed; None if it is not drawn."""
        for box, placement in self.insets:
            if box.holds(point):
                return placement
        return self.main


_Extent = tuple[float, float, float, float]
MARGIN = 6
SMALLEST_INSET = 72


def _extent(points: Iterable[Point]) -> _Extent:
    """Left, top, right, bottom in kilometres."""
    flat = [to_kilometres(point) for point in points]
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    return min(xs), min(ys), max(xs), max(ys)


def _sort(rings: Sequence[Sequence[Point]], boxes: Sequence[Box]) -> dict[Box | None, list[Point]]:
    """The points of the main map (None) and of each box that holds something."""
    sorted_points: dict[Box | None, list[Point]] = {}
    for ring in rings:
        box = next((box for box in boxes if box.holds(ring[0])), None)
        sorted_points.setdefault(box, []).extend(ring)
    return sorted_points


def _at(extent: _Extent, *, scale: float, x: float, y: float) -> Placement:
    """Placement that puts the left upper corner of an extent at (x, y)."""
    return Placement(scale=scale, dx=x - extent[0] * scale, dy=y - extent[1] * scale)


def national_layout(rings: Sequence[Sequence[Point]], *, width: int) -> Layout:
    """The country on a sheet of a given width, every part at the same scale."""
    parts = _sort(rings, NATIONAL_INSETS)
    main = _extent(parts[None])
    scale = (width - 2 * MARGIN) / (main[2] - main[0])
    height = round((main[3] - main[1]) * scale) + 2 * MARGIN
    insets: list[tuple[Box, Placement | None]] = [(box, None) for box in FAR_ISLETS]
    frames = []
    for box in (SOUTH_WEST, OGASAWARA):
        if box not in parts:
            continue
        left, top, right, bottom = _extent(parts[box])
        across, down = (right - left) * scale, (bottom - top) * scale
        wide, high = (max(round(size) + 2 * MARGIN, SMALLEST_INSET) for size in (across, down))
        # 沖縄 in the upper left corner, 小笠原 off the Pacific coast.
        x, y = (1, 1) if box is SOUTH_WEST else (round(width * 0.68), height - high - 1)
        frames.append(InsetFrame(name=box.name, x=x, y=y, width=wide, height=high, same_scale=True))
        corner = (x + (wide - across) / 2, y + (high - down) / 2)
        insets.append((box, _at((left, top, right, bottom), scale=scale, x=corner[0], y=corner[1])))
    return Layout(
        width=width,
        height=height,
        main=_at(main, scale=scale, x=MARGIN, y=MARGIN),
        insets=tuple(insets),
        frames=tuple(frames),
    )


def prefecture_layout(rings: Sequence[Sequence[Point]], *, prefecture_code: str, width: int) -> Layout:
    """One prefecture; distant islands stand in a row below, each in a frame and at a scale of its own."""
    boxes = PREFECTURE_INSETS.get(prefecture_code, ())
    parts = _sort(rings, boxes)
    main = _extent(parts[None])
    scale = (width - 2 * MARGIN) / max(main[2] - main[0], main[3] - main[1])
    height = round((main[3] - main[1]) * scale) + 2 * MARGIN
    drawn = [box for box in boxes if box.name and box in parts]
    insets: list[tuple[Box, Placement | None]] = [(box, None) for box in boxes if not box.name]
    frames = []
    row = round(width / 3)
    for i, box in enumerate(drawn):
        extent = _extent(parts[box])
        wide = round(width / len(drawn)) - MARGIN
        own = min((wide - 2 * MARGIN) / (extent[2] - extent[0]), (row - 2 * MARGIN) / (extent[3] - extent[1]), scale)
        x, y = 1 + i * (wide + MARGIN), height + MARGIN
        frames.append(InsetFrame(name=box.name, x=x, y=y, width=wide, height=row, same_scale=own == scale))
        centred = x + (wide - (extent[2] - extent[0]) * own) / 2, y + (row - (extent[3] - extent[1]) * own) / 2
        insets.append((box, _at(extent, scale=own, x=centred[0], y=centred[1])))
    taken = (main[2] - main[0]) * scale + 2 * MARGIN
    return Layout(
        width=width,
        height=height + (row + 2 * MARGIN if drawn else 0),
        main=_at(main, scale=scale, x=MARGIN + (width - taken) / 2, y=MARGIN),
        insets=tuple(insets),
        frames=tuple(frames),
    )
