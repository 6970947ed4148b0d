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
from regions.geometry.layout import prefecture_layout
from regions.geometry.svg import border_lines, outlines

_RING = re.compile(r"M(-?\d+) (-?\d+)l([^zM]*)")
_NUMBER = re.compile(r"-?\d+")
_MARGIN = 12


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
    lines = _lines(settings.BASE_DIR / "fixtures", prefecture_code)
    return "".join(line for codes, line in lines if len({group_of.get(code) for code in codes}) > 1)


@lru_cache(maxsize=47)
def _lines(folder: Path, prefecture_code: str) -> list[tuple[frozenset[str], str]]:
    topology = geography.read_topology(folder / "geo" / "prefectures" / f"{prefecture_code}.json")
    rings = outlines(topology.layers[geography.MUNICIPALITY], topology)
    layout = prefecture_layout(rings, prefecture_code=prefecture_code, width=PREFECTURE_WIDTH)
    return border_lines(topology, UNIT, layout)


@lru_cache(maxsize=47)
def view_box(prefecture_code: str) -> str:
    """The part of the sheet that has anything on it, with a margin: `x y width height`."""
    spots = unit_boxes(prefecture_code)
    frames = [
        (frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
        for frame in unit_sheet(prefecture_code).frames
    ]
    boxes = [*(box for found in spots.values() for box in found), *frames]
    left, top = min(box[0] for box in boxes) - _MARGIN, min(box[1] for box in boxes) - _MARGIN
    right, bottom = max(box[2] for box in boxes) + _MARGIN, max(box[3] for box in boxes) + _MARGIN
    return f"{left} {top} {right - left} {bottom - top}"


@lru_cache(maxsize=47)
def unit_boxes(prefecture_code: str) -> Mapping[str, tuple[tuple[int, int, int, int], ...]]:
    """The boxes around the parts of each shape: left, top, right, bottom."""
    return {code: _boxes(path) for code, path in unit_sheet(prefecture_code).paths.items() if path}


@lru_cache(maxsize=47)
def unit_spots(prefecture_code: str) -> Mapping[str, Spot]:
    """Where each shape of the sheet is."""
    return {code: _spot(boxes) for code, boxes in unit_boxes(prefecture_code).items()}


def _boxes(path: str) -> tuple[tuple[int, int, int, int], ...]:
    boxes = []
    for x, y, steps in _RING.findall(path):
        xs, ys = [int(x)], [int(y)]
        numbers = [int(number) for number in _NUMBER.findall(steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=False):
            xs.append(xs[-1] + dx)
            ys.append(ys[-1] + dy)
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return tuple(boxes)


def _spot(boxes: tuple[tuple[int, int, int, int], ...]) -> Spot:
    left, top, right, bottom = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return Spot(x=(left + right) / 2, y=(top + bottom) / 2, width=right - left, height=bottom - top)
