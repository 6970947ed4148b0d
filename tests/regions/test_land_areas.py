"""Land areas from boundaries, against the ellipsoid and the 全国都道府県市区町村別面積調 (国土地理院, 2021年1月1日)."""

from __future__ import annotations

import pytest
from django.conf import settings

from regions.land_areas import land_area, read

CELL = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]  # clockwise


def test_a_degree_by_a_degree_at_the_equator_has_12_309_square_kilometres_and_a_hole_takes_away() -> None:
    assert land_area([CELL]) == pytest.approx(12_308.8, rel=1e-4)
    assert land_area([CELL, CELL[::-1]]) == pytest.approx(0, abs=1e-6)


def test_the_country_and_a_city_have_the_published_area() -> None:
    areas = read(settings.BASE_DIR / "fixtures")
    country = sum(area for code, area in areas.items() if len(code) == 2)
    assert country == pytest.approx(377_975.63, rel=0.002)
    assert areas["01100"] == pytest.approx(1_121.26, rel=0.01)
