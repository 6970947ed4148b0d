"""The representative points: they lie in their municipality, and the table is what the boundaries give."""

from __future__ import annotations

from pathlib import Path

from shapely import Point, Polygon

from regions import points
from regions.fixture_tables import read_regions
from regions.geography import MUNICIPALITY, read_topology
from regions.points import inner_point

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_the_point_of_a_square_is_its_centre() -> None:
    assert inner_point([[(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)], [(9, 9), (9.1, 9), (9, 9.1), (9, 9)]]) == (1, 1)


def test_the_point_of_a_bent_shape_lies_inside() -> None:
    horseshoe = [(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 10), (0, 10), (0, 0)]
    assert Polygon(horseshoe).contains(Point(inner_point([horseshoe])))


def test_every_present_unit_but_those_without_boundary_has_a_point() -> None:
    known = points.read(FIXTURES)
    units = [row for row in read_regions(FIXTURES) if row.is_base_unit and row.valid_to is None]
    assert len(units) == 1892
    assert [row.name for row in units if row.code not in known] == []


def test_the_points_of_a_prefecture_lie_in_their_shapes() -> None:
    known = points.read(FIXTURES)
    topology = read_topology(FIXTURES / "geo" / "prefectures" / "24.json")
    for code, rings in topology.layers[MUNICIPALITY].items():
        latitude, longitude = known[code]
        shapes = [Polygon(topology.points(ring)).buffer(0.002) for ring in rings]  # rounded to 0.001°
        assert any(shape.contains(Point(longitude, latitude)) for shape in shapes), code
