"""Boundaries: dissolving, simplifying with shared lines, and paths for the sheet."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions import geography
from regions.fixture_tables import read_regions, read_schemes
from regions.geometry.layout import Layout, Placement
from regions.geometry.projection import to_kilometres
from regions.geometry.simplification import point_weights, simplify
from regions.geometry.svg import svg_paths
from regions.geometry.topology import Topology, decode, dissolve, signed_area
from regions.maps import MapShape, class_breaks, class_labels, class_of, national_sheet, render_map
from tests.regions.conftest import FIXTURES

# Two unit squares side by side: arc 1 is the line they share.
SQUARES: dict[str, Any] = {
    "arcs": [[[1, 0], [0, 0], [0, 1], [1, 1]], [[1, 1], [1, 0]], [[1, 1], [2, 1], [2, 0], [1, 0]]],
    "objects": {
        "squares": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "a", "properties": {"name": "A"}, "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "b", "properties": {"name": None}, "arcs": [[2, -2]]},
            ],
        }
    },
}
FLAT = Layout(width=9, height=9, main=Placement(scale=1, dx=0, dy=0), insets=(), frames=())


def test_a_shared_line_is_one_arc_run_both_ways() -> None:
    squares = decode(SQUARES)
    assert squares.points((0, 1)) == [(1, 0), (0, 0), (0, 1), (1, 1), (1, 0)]
    assert squares.points((2, -2)) == [(1, 1), (2, 1), (2, 0), (1, 0), (1, 1)]


def test_delta_encoded_arcs_are_scaled_and_moved() -> None:
    document = SQUARES | {"transform": {"scale": [0.5, 2], "translate": [100, 10]}, "arcs": [[[1, 1], [2, 3]]] * 3}
    assert decode(document).arcs[0] == ((100.5, 12.0), (101.5, 18.0))


def test_a_shape_without_a_code_is_left_out() -> None:
    assert set(decode(SQUARES, code_property="name").layers["squares"]) == {"A"}


def test_dissolving_drops_the_line_between_two_shapes() -> None:
    squares = decode(SQUARES)
    (ring,) = dissolve(squares.layers["squares"].values(), squares.arcs)
    assert set(ring) == {0, 2}
    assert abs(signed_area(squares.points(ring))) == 2


def test_an_enclave_stays_a_hole_of_the_dissolved_shape() -> None:
    outer, inner = (
        ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)),
        ((3.0, 3.0), (3.0, 6.0), (6.0, 6.0), (3.0, 3.0)),
    )
    assert dissolve([((0,), (1,))], (outer, inner)) == ((0,), (1,))
    assert dissolve([((0,), (1,)), ((-2,),)], (outer, inner)) == ((0,),)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=12))
def test_ends_outweigh_everything_and_something_goes_first(points: list[tuple[float, float]]) -> None:
    weights = point_weights(points)
    assert weights[0] == weights[-1] == float("inf")
    assert all(weight < float("inf") for weight in weights[1:-1])


def test_simplifying_keeps_neighbours_together_and_every_shape_open() -> None:
    squares = decode(SQUARES)
    coarse = simplify(squares, "squares", smallest_triangle=1e9, smallest_ring=1e9, step=0.1)
    a, b = coarse.layers["squares"]["a"][0], coarse.layers["squares"]["b"][0]
    assert {n if n >= 0 else ~n for n in a} & {n if n >= 0 else ~n for n in b}
    assert all(signed_area(coarse.points(ring)) != 0 for ring in (a, b))


def test_the_middle_of_the_projection_is_the_origin_and_scale_is_right_near_it() -> None:
    assert to_kilometres((137.0, 37.0)) == pytest.approx((0, 0), abs=1e-9)
    east, _ = to_kilometres((138.0, 37.0))
    # One degree of longitude at 37°N is 6371 km · π/180 · cos 37° = 88.8 km; the cone shrinks it by about 0.4 %.
    assert east == pytest.approx(88.8, rel=0.006)
    assert to_kilometres((137.0, 38.0))[1] == pytest.approx(-111.2, rel=0.006)


def test_a_shape_too_small_to_see_is_drawn_as_a_diamond() -> None:
    islet = Topology(
        arcs=(((137.0, 37.0), (137.001, 37.0), (137.0, 37.001), (137.0, 37.0)),), layers={"x": {"i": ((0,),)}}
    )
    assert svg_paths(islet, "x", FLAT) == {"i": "M-2 0l2-2 2 2-2 2z"}


def test_every_municipality_is_on_the_national_map() -> None:
    codes = {row.code for row in read_regions(FIXTURES) if row.kind == "municipality"}
    sheet = national_sheet("municipality")
    assert len(codes) == 1747
    assert set(sheet.paths) == codes
    assert all(path.startswith("M") and path.endswith("z") for path in sheet.paths.values())


@pytest.mark.parametrize(("key", "count"), [("iryoken2-7", 335), ("iryoken2-8", 330), ("kosoiki", 339)])
def test_every_area_of_a_scheme_is_on_the_national_map(key: str, count: int) -> None:
    areas = next(table.areas for table, _ in read_schemes(FIXTURES) if table.definition.key == key)
    assert len(areas) == count
    assert set(national_sheet(key).paths) == {area.code for area in areas}
    assert all(national_sheet(key).paths.values())


def test_an_area_has_the_size_of_its_municipalities_together() -> None:
    topology = geography.read_topology(FIXTURES / "geo" / "national.json")

    def size(layer: str, start: str) -> float:
        shapes = topology.layers[layer]
        return sum(
            signed_area(topology.points(ring)) for code in shapes if code.startswith(start) for ring in shapes[code]
        )

    for prefecture in (f"{number:02d}" for number in range(1, 48)):
        whole = size("prefecture", prefecture)
        assert size("municipality", prefecture) == pytest.approx(whole, rel=1e-9)
        if prefecture != "01":  # 北方領土 lie in no area
            assert size("iryoken2-8", prefecture) == pytest.approx(whole, rel=1e-9)


def test_wards_of_a_split_city_are_on_the_prefecture_map() -> None:
    units = geography.prefecture_sheet(FIXTURES, "14", "unit").paths
    assert {"14131", "14137", "14101"} <= set(units)
    assert "14130" not in units


def test_hamamatsu_is_drawn_whole_because_its_wards_changed() -> None:
    assert {code for code in geography.prefecture_sheet(FIXTURES, "22", "unit").paths if code.startswith("2213")} == {
        "22130"
    }


def test_the_national_map_is_small_enough_to_serve() -> None:
    names = {row.code: row.name for row in read_regions(FIXTURES)}
    sheet = national_sheet("municipality")
    shapes = {
        code: MapShape(code=code, text=f"{names[code]} {(i * 7919) % 997 / 10:.1f}件", class_index=i % 5)
        for i, code in enumerate(sheet.paths)
        if not "01695" <= code <= "01700"
    }
    page = render_map(
        sheet, shapes, ident="m", title="試験", class_labels=class_labels((1.0, 2.0, 3.0, 4.0), unit="件")
    )
    assert len(gzip.compress(page.encode(), 6)) <= 60 * 1024
    assert page.count("<title>") == 1747
    assert "<title>対象外</title>" in page
    assert "style=" not in page


def test_classes_hold_about_as_many_places_each_and_their_bounds_are_said() -> None:
    breaks = class_breaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], count=5)
    assert breaks == (3, 5, 7, 9)
    assert [class_of(value, breaks) for value in (1, 3, 10)] == [0, 1, 4]
    assert class_labels((3.0, 5.0), unit="件", decimals=0) == ("3件未満", "3以上 5未満", "5件以上")
    assert class_breaks([4.0] * 9) == ()
