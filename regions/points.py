"""A representative point of every municipality and ward, made from the boundaries of the fixtures.

For what is published without a position: the point stands for the whole municipality and is shown as 概略. It is the
centre of the largest part of the shape, or, where that lies outside of it, a point that surely lies inside.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from regions.geography import MUNICIPALITY, UNIT, read_topology
from regions.geometry.topology import Point, signed_area
from regions.tables import RegionRow

FILENAME = "geo/points.csv"
_FIELDS = ("code", "latitude", "longitude")
# A hundred metres: the boundaries are no finer.
_DECIMALS = 3


def write(folder: Path, regions: Sequence[RegionRow]) -> None:
    """Write `folder/geo/points.csv` from the boundaries in `folder/geo/prefectures`, by code.

    Wards whose lines are not in the boundaries have the point of their city.
    """
    found: dict[str, Point] = {}
    for row in regions:
        if row.kind == "prefecture":
            found |= _points(folder / "geo" / "prefectures" / f"{row.code}.json")
    for row in regions:
        if row.kind == "ward" and row.valid_to is None and row.code not in found and row.parent_code in found:
            found[row.code] = found[row.parent_code]
    with (folder / FILENAME).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_FIELDS)
        for code, (longitude, latitude) in sorted(found.items()):
            writer.writerow((code, f"{latitude:.{_DECIMALS}f}", f"{longitude:.{_DECIMALS}f}"))


@lru_cache(maxsize=4)
def read(folder: Path) -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude in degrees by code; the file does not change while a process runs."""
    with (folder / FILENAME).open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def _points(path: Path) -> dict[str, Point]:
    topology = read_topology(path)
    return {
        code: inner_point([topology.points(ring) for ring in rings])
        for layer in (MUNICIPALITY, UNIT)
        for code, rings in topology.layers[layer].items()
    }


def inner_point(rings: Sequence[Sequence[Point]]) -> Point:
    """The centre of the largest ring (longitude, latitude), moved inside where the ring is bent around it."""
    from shapely import Polygon  # only when fixtures are made and in tests: web pages read the table

    outline = Polygon(max(rings, key=lambda points: abs(signed_area(points))))
    centre = outline.centroid
    inside = centre if outline.contains(centre) else outline.buffer(0).representative_point()
    return inside.x, inside.y
