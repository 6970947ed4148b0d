"""A prefecture's units as a map that areas are drawn on: shapes, the lines between areas, and where names may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from regions import geography
from regions.geography import PREFECTURE_WIDTH, UNIT, Sheet
from regions.geometry.layout import Layout, prefecture_layout
from regions.geometry.svg import border_path, outlines

_RING = re.compile(r"M(-?\d+) (-?\d+)l([^zM]*)")
_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The middle of the largest part of a shape on the sheet, and the box around that part."""

    x: float
    y: float
    width: float
    height: float


def unit_sheet(prefecture_code: str) -> Sheet:
    """The shapes of the base units of a prefecture."""
    return geography.prefecture_sheet(settings.BASE_DIR / "fixtures", prefecture_code, UNIT)


def area_borders(prefecture_code: str, group_of: Mapping[str, object]) -> str:
    """Path data of the lines between shapes of different groups; shapes in no group are one group."""
    path = settings.BASE_DIR / "fixtures" / "geo" / "prefectures" / f"{prefecture_code}.json"
    topology = geography.read_topology(path)
    return border_path(topology, UNIT, _layout(path, prefecture_code), lambda code: str(group_of.get(code, "")))


@lru_cache(maxsize=47)
def _layout(path: Path, prefecture_code: str) -> Layout:
    topology = geography.read_topology(path)
    rings = outlines(topology.layers[geography.MUNICIPALITY], topology)
    return prefecture_layout(rings, prefecture_code=prefecture_code, width=PREFECTURE_WIDTH)


@lru_cache(maxsize=47)
def unit_spots(prefecture_code: str) -> Mapping[str, Spot]:
    """Where each shape of the sheet is."""
    return {code: _spot(path) for code, path in unit_sheet(prefecture_code).paths.items() if path}


def _spot(path: str) -> Spot:
    boxes = []
    for x, y, steps in _RING.findall(path):
        xs, ys = [int(x)], [int(y)]
        numbers = [int(number) for number in _NUMBER.findall(steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=False):
            xs.append(xs[-1] + dx)
            ys.append(ys[-1] + dy)
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    left, top, right, bottom = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return Spot(x=(left + right) / 2, y=(top + bottom) / 2, width=right - left, height=bottom - top)
