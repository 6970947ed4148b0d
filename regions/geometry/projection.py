"""From degrees to kilometres on a flat map of Japan."""

from __future__ import annotations

import math

from regions.geometry.topology import Point

# Lambert's conformal conic projection on the sphere (Snyder, Map Projections, USGS Professional Paper 1395, p. 106 f.)
# with standard parallels that halve the distortion between Kyushu and Hokkaido.
_RADIUS = 6371.0
_SOUTH, _NORTH = math.radians(33.0), math.radians(43.0)
_MIDDLE_LONGITUDE, _MIDDLE_LATITUDE = math.radians(137.0), math.radians(37.0)


def _half(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_CONE = math.log(math.cos(_SOUTH) / math.cos(_NORTH)) / math.log(_half(_NORTH) / _half(_SOUTH))
_SIZE = _RADIUS * math.cos(_SOUTH) * _half(_SOUTH) ** _CONE / _CONE
_MIDDLE_RHO = _SIZE / _half(_MIDDLE_LATITUDE) ** _CONE


def to_kilometres(point: Point) -> Point:
    """Kilometres east and south of 137°E 37°N for a point in degrees (longitude, latitude): y grows downwards."""
    longitude, latitude = map(math.radians, point)
    rho = _SIZE / _half(latitude) ** _CONE
    angle = _CONE * (longitude - _MIDDLE_LONGITUDE)
    return rho * math.sin(angle), rho * math.cos(angle) - _MIDDLE_RHO
