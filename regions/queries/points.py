"""Where a municipality or ward is, if one point has to stand for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from regions import points
from regions.queries.regions import get_base_units


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPoint:
    """The representative point of a base unit in degrees: approximate, never an address."""

    id: int
    code: str
    latitude: float
    longitude: float


def get_points(*, on: dt.date, prefecture_code: str = "") -> Mapping[int, UnitPoint]:
    """The points of the base units of a day (of one prefecture, if its code is given) by region id.

    A unit without a boundary is absent.
    """
    known = points.read(settings.BASE_DIR / "fixtures")
    return {
        unit.id: UnitPoint(id=unit.id, code=unit.code, latitude=known[unit.code][0], longitude=known[unit.code][1])
        for unit in get_base_units(on)
        if unit.code in known and unit.code.startswith(prefecture_code)
    }
