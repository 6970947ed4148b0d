"""Distances on the ellipsoid GRS 80, which Japan's geodetic datum JGD2011 uses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEMI_MAJOR_KM = 6378.137
FLATTENING = 1 / 298.257222101


def distances_km(
    latitude: ArrayLike, longitude: ArrayLike, other_latitude: ArrayLike, other_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Length in km of the shortest line between points in degrees; arrays are broadcast.

    Lambert's formula for long lines on the reduced latitudes (Andoyer–Lambert), within 10 m over thousands of km.
    """
    one, other = (np.arctan((1 - FLATTENING) * np.tan(np.radians(np.asarray(at)))) for at in (latitude, other_latitude))
    turn = np.radians(np.asarray(other_longitude)) - np.radians(np.asarray(longitude))
    half = np.sin((other - one) / 2) ** 2 + np.cos(one) * np.cos(other) * np.sin(turn / 2) ** 2
    angle = 2 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    middle, apart = (one + other) / 2, (other - one) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (angle - np.sin(angle)) * np.sin(middle) ** 2 * np.cos(apart) ** 2 / np.cos(angle / 2) ** 2
        y = (angle + np.sin(angle)) * np.cos(middle) ** 2 * np.sin(apart) ** 2 / np.sin(angle / 2) ** 2
    correction = np.where(angle == 0, 0.0, FLATTENING / 2 * (x + y))
    return np.asarray(SEMI_MAJOR_KM * (angle - correction), dtype=np.float64)


def positions_km(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """Points of the ellipsoid's surface in km from its centre; shape (points, 3).

    The straight line between two of them runs through the earth, so it is never longer than the line on the surface:
    whatever lies within a distance is found among those within the same straight distance.
    """
    phi, lam = np.radians(np.asarray(latitude, dtype=np.float64)), np.radians(np.asarray(longitude, dtype=np.float64))
    squeeze = (1 - FLATTENING) ** 2
    normal = SEMI_MAJOR_KM / np.sqrt(1 - (1 - squeeze) * np.sin(phi) ** 2)
    return np.column_stack(
        (normal * np.cos(phi) * np.cos(lam), normal * np.cos(phi) * np.sin(lam), squeeze * normal * np.sin(phi))
    )
