"""The land area of every prefecture, municipality and ward, computed from the boundaries of the fixtures.

On the ellipsoid GRS80, from simplified lines: close to the 全国都道府県市区町村別面積調 (for the country within
0.03 %, for small islands less so), and good enough for a density that is compared as a logarithm.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from regions.geography import MUNICIPALITY, PREFECTURE, UNIT, read_topology
from regions.geometry.topology import Point
from regions.tables import RegionRow

FILENAME = "geo/land_areas.csv"
_FIELDS = ("code", "square_kilometres")


def write(folder: Path, regions: Sequence[RegionRow]) -> None:
    """Write `folder/geo/land_areas.csv` from the boundaries in `folder/geo/prefectures`, by code.

    A ward whose lines are not in the boundaries has no row; its city has.
    """
    found: dict[str, float] = {}
    for row in regions:
        if row.kind == "prefecture":
            found |= _areas(folder / "geo" / "prefectures" / f"{row.code}.json")
    with (folder / FILENAME).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_FIELDS)
        writer.writerows((code, f"{area:.4g}") for code, area in sorted(found.items()))


@lru_cache(maxsize=4)
def read(folder: Path) -> Mapping[str, float]:
    """Square kilometres by code; the file does not change while a process runs."""
    with (folder / FILENAME).open(encoding="utf-8", newline="") as file:
        return {row["code"]: float(row["square_kilometres"]) for row in csv.DictReader(file)}


def _areas(path: Path) -> dict[str, float]:
    topology = read_topology(path)
    return {
        code: land_area([topology.points(ring) for ring in rings])
        for layer in (PREFECTURE, MUNICIPALITY, UNIT)
        for code, rings in topology.layers.get(layer, {}).items()
    }


def land_area(rings: Sequence[Sequence[Point]]) -> float:
    """Square kilometres inside rings of longitudes and latitudes; outer rings run clockwise, holes the other way."""
    from pyproj import Geod  # only when fixtures are made and in tests: web pages read the table

    ellipsoid = Geod(ellps="GRS80")
    lines = (([x for x, _y in ring], [y for _x, y in ring]) for ring in rings)
    return -sum(ellipsoid.polygon_area_perimeter(longitudes, latitudes)[0] for longitudes, latitudes in lines) / 1e6
