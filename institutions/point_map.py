"""Bodies as points on the map of their prefecture: inline SVG from the server, beside the list that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from institutions.results import DesignationAreas
from regions.area_maps import area_borders, unit_sheet
from regions.geography import MUNICIPALITY, PREFECTURE_WIDTH, read_topology
from regions.geometry.layout import Layout, prefecture_layout
from regions.geometry.svg import outlines
from regions.queries.neighbours import get_drawn_units
from regions.queries.regions import get_base_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A kind of point: shape and colour, so that neither alone tells them apart."""

    key: str
    label: str
    fill: str


ACTIVE = Mark(key="circle", label="積極的役割を担う医療機関", fill="#0017C1")
HUB = Mark(key="square", label="連携を担う拠点", fill="#B78F00")
OTHER = Mark(key="triangle", label="機関", fill="#541E00")
MARKS = {"active": ACTIVE, "hub": HUB}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A body to be drawn; an approximate one is drawn hollow."""

    name: str
    latitude: float
    longitude: float
    mark: Mark
    is_approximate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    x: float
    y: float
    text: str
    mark: Mark
    is_approximate: bool


@lru_cache(maxsize=64)
def _layout(folder: Path, prefecture_code: str) -> Layout:
    topology = read_topology(folder / "geo" / "prefectures" / f"{prefecture_code}.json")
    rings = outlines(topology.layers[MUNICIPALITY], topology)
    return prefecture_layout(rings, prefecture_code=prefecture_code, width=PREFECTURE_WIDTH)


def render_points(
    prefecture_code: str, points: Iterable[MapPoint], *, title: str, areas: DesignationAreas
) -> SafeString:
    """The prefecture with its municipalities, the lines between its areas, and the points.

    Many bodies share a representative point: they are drawn once, with how many there are.
    """
    layout = _layout(settings.BASE_DIR / "fixtures", prefecture_code)
    drawn = _draw(points, layout)
    marks = [mark for mark in (ACTIVE, HUB, OTHER) if any(one.mark == mark for one in drawn)]
    context = {
        "sheet": unit_sheet(prefecture_code),
        "borders": _borders(prefecture_code, areas),
        "points": drawn,
        "marks": marks,
        "has_approximate": any(one.is_approximate for one in drawn),
        "title": title,
    }
    return render_to_string("institutions/point_map.html", context)


def _borders(prefecture_code: str, areas: DesignationAreas) -> str:
    """The lines between areas of either kind; a city that is drawn whole lies in the areas of its wards."""
    area_of = {unit: area.id for area in areas.areas for unit in area.unit_ids}
    units = [unit for unit in get_base_units(timezone.localdate()) if unit.prefecture_code == prefecture_code]
    area_of_code = {unit.code: area_of.get(unit.id) for unit in units}
    drawn = get_drawn_units(units, prefecture_code=prefecture_code)
    groups = {shape: frozenset(area_of_code[code] for code in members) for shape, members in drawn.items()}
    return area_borders(prefecture_code, groups)


def _draw(points: Iterable[MapPoint], layout: Layout) -> Sequence[_Drawn]:
    groups: dict[tuple[float, float, Mark, bool], list[str]] = {}
    for point in points:
        placement = layout.placement((point.longitude, point.latitude))
        if placement is None:
            continue
        x, y = placement.place((point.longitude, point.latitude))
        if 0 <= x <= layout.width and 0 <= y <= layout.height:
            key = (round(x, 1), round(y, 1), point.mark, point.is_approximate)
            groups.setdefault(key, []).append(point.name)
    return [
        _Drawn(x=x, y=y, text=_text(names, is_approximate), mark=mark, is_approximate=is_approximate)
        for (x, y, mark, is_approximate), names in groups.items()
    ]


def _text(names: Sequence[str], is_approximate: bool) -> str:
    shown = "、".join(names[:5]) + (f" ほか{len(names) - 5}件" if len(names) > 5 else "")
    return f"{shown}（位置は概略）" if is_approximate else shown
