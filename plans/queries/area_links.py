"""Crossings over water that make units neighbours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from plans.formulas.contiguity import with_links
from plans.models import UnitLink
from plans.queries.area_frame import get_frame
from regions.queries.points import get_points
from zaitaku.lib.geodesics import distances_km


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One crossing as pages show it."""

    id: int
    one: str
    other: str
    one_name: str
    other_name: str
    kind: str
    kind_label: str
    note: str


def get_links(prefecture_code: str) -> tuple[LinkRow, ...]:
    """The crossings of a prefecture."""
    found = UnitLink.objects.filter(prefecture__code=prefecture_code).select_related("one", "other")
    return tuple(
        LinkRow(
            id=link.pk,
            one=link.one.code,
            other=link.other.code,
            one_name=link.one.name,
            other_name=link.other.name,
            kind=link.kind,
            kind_label=link.get_kind_display(),
            note=link.note,
        )
        for link in found.order_by("one__code", "other__code")
    )


def get_joined_neighbours(prefecture_code: str, *, on: dt.date) -> dict[str, frozenset[str]]:
    """The neighbours of each unit by land and by the prefecture's crossings."""
    links = UnitLink.objects.filter(prefecture__code=prefecture_code).values_list("one__code", "other__code")
    return with_links(get_frame(prefecture_code, on=on).neighbours, links)


def get_distances(prefecture_code: str, *, on: dt.date) -> Mapping[tuple[str, str], float]:
    """Km between the representative points of every two units, by their codes in order."""
    points = sorted(get_points(on=on, prefecture_code=prefecture_code).values(), key=lambda point: point.code)
    latitude = np.array([point.latitude for point in points])
    longitude = np.array([point.longitude for point in points])
    km = distances_km(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :])
    return {
        (one.code, other.code): float(km[i, j])
        for i, one in enumerate(points)
        for j, other in enumerate(points)
        if i < j
    }
