"""The boundaries of the fixtures: written from the 国土数値情報, read as topologies and as sheets ready to be drawn.

`geo/national.json` has the municipalities, prefectures and the areas of each scheme as layers of one topology, coarse
enough for one sheet of the country; `geo/prefectures/NN.json` has the same of one prefecture in finer lines, and the
wards of its designated cities (layer `unit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from regions.geometry.layout import InsetFrame, national_layout, prefecture_layout
from regions.geometry.simplification import drop_unused_arcs, encode, simplify
from regions.geometry.svg import border_path, outlines, svg_paths
from regions.geometry.topology import Ring, Topology, decode, dissolve
from regions.tables import RegionRow, SchemeTable
from zaitaku.lib.editions import Edition
from zaitaku.sources.fixtures import record_source

BOUNDARIES = "geo/N03-21_210101_s0010.topojson"
EDITION = Edition(
    kind="boundaries",
    key="boundaries/N03-2021",
    publisher="国土交通省",
    title="国土数値情報 行政区域データ（N03-2021）",
    edition="2021年1月1日現在",
    as_of=None,
    licence="国土数値情報利用約款（CC BY 4.0 互換）",
)
PAGE = "https://nlftp.mlit.go.jp/ksj/gml/datalist/KsjTmplt-N03-2021.html"
MUNICIPALITY, PREFECTURE, UNIT = "municipality", "prefecture", "unit"
NATIONAL_WIDTH, PREFECTURE_WIDTH = 900, 640
_CODE_PROPERTY = "N03_007"
_SCHEMES = ("iryoken2-8", "iryoken2-7", "kosoiki")
_Shapes = dict[str, tuple[Ring, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A map ready to be drawn: path data by code, borders of the level above, frames of insets; `0 0 width height`."""

    width: int
    height: int
    paths: Mapping[str, str]
    borders: str
    frames: tuple[InsetFrame, ...]


def write(folder: Path, boundaries: Path, regions: Sequence[RegionRow], schemes: Sequence[SchemeTable]) -> None:
    """Write `folder/geo/**.json` and list the source. The same boundaries always give the same bytes."""
    with boundaries.open(encoding="utf-8") as file:
        whole = decode(json.load(file), code_property=_CODE_PROPERTY)
    (shapes,) = whole.layers.values()
    record_source(folder, EDITION, boundaries, url=PAGE)
    whole = Topology(arcs=whole.arcs, layers={UNIT: shapes})
    # On a sheet of 900 units one unit is about 2 km: what is smaller cannot be seen.
    national = simplify(whole, UNIT, smallest_triangle=5.0, smallest_ring=30.0, step=0.001)
    layers = _layers(national, regions, schemes)
    del layers[UNIT]
    _write(folder / "geo" / "national.json", Topology(arcs=national.arcs, layers=layers), step=0.001)
    for prefecture in (row.code for row in regions if row.kind == "prefecture"):
        part = {code: rings for code, rings in shapes.items() if code.startswith(prefecture)}
        fine = _fine(drop_unused_arcs(Topology(arcs=whole.arcs, layers={UNIT: part})), prefecture)
        own = Topology(arcs=fine.arcs, layers=_layers(fine, regions, schemes))
        _write(folder / "geo" / "prefectures" / f"{prefecture}.json", own, step=0.0005)


def _fine(topology: Topology, prefecture: str) -> Topology:
    """One prefecture with as much detail as its own sheet can show."""
    rings = outlines(topology.layers[UNIT], topology)
    unit = 1 / prefecture_layout(rings, prefecture_code=prefecture, width=PREFECTURE_WIDTH).main.scale
    triangle, ring = 1.5 * unit**2, 4 * unit**2
    return simplify(topology, UNIT, smallest_triangle=triangle, smallest_ring=ring, step=0.0005)


def _layers(topology: Topology, regions: Sequence[RegionRow], schemes: Sequence[SchemeTable]) -> dict[str, _Shapes]:
    """Municipalities, prefectures, areas and drawable base units, all made of the arcs of the topology's units."""
    units = topology.layers[UNIT]
    city_of = {row.code: row.parent_code for row in regions if row.kind == "ward"}
    city_by_unit = {code: city_of.get(code, code) for code in units}
    layers: dict[str, _Shapes] = {
        MUNICIPALITY: _dissolve_by(topology, city_by_unit),
        PREFECTURE: _dissolve_by(topology, {code: code[:2] for code in units}),
        UNIT: _dissolve_by(topology, {code: _drawable(code, city_of, regions) for code in units}),
    }
    for table in schemes:
        if table.definition.key in _SCHEMES:
            layers[table.definition.key] = _dissolve_by(topology, _area_of_units(table, units, city_of))
    return layers


def _drawable(code: str, city_of: Mapping[str, str], regions: Sequence[RegionRow]) -> str:
    """The unit itself, or its city where the wards have changed since: the new lines are not in these boundaries."""
    changed = {row.parent_code for row in regions if row.kind == "ward" and row.valid_to is not None}
    return city_of[code] if city_of.get(code) in changed else code


def _area_of_units(table: SchemeTable, units: Mapping[str, object], city_of: Mapping[str, str]) -> dict[str, str]:
    """Area by drawn unit; wards that have gone lie in the area all wards of their city lie in."""
    area_of = {unit: area.code for area in table.areas for unit in area.unit_codes}
    of_city: dict[str, set[str]] = {}
    for unit, area in area_of.items():
        of_city.setdefault(city_of.get(unit, unit), set()).add(area)
    found = {}
    for code in units:
        areas = of_city.get(city_of.get(code, code), set())
        if code in area_of:
            found[code] = area_of[code]
        elif len(areas) == 1:
            found[code] = next(iter(areas))
    return found


def _dissolve_by(topology: Topology, group_of: Mapping[str, str]) -> _Shapes:
    members: dict[str, list[tuple[Ring, ...]]] = {}
    for code, group in group_of.items():
        members.setdefault(group, []).append(topology.layers[UNIT][code])
    return {
        group: shapes[0] if len(shapes) == 1 else dissolve(shapes, topology.arcs)
        for group, shapes in sorted(members.items())
    }


def _write(path: Path, topology: Topology, *, step: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(encode(drop_unused_arcs(topology), step=step), encoding="utf-8", newline="\n")


@lru_cache(maxsize=64)
def read_topology(path: Path) -> Topology:
    """The topology of one file; the files do not change while a process runs."""
    with path.open(encoding="utf-8") as file:
        return decode(json.load(file))


@lru_cache(maxsize=128)
def national_sheet(folder: Path, layer: str) -> Sheet:
    """The country with the shapes of a layer (`municipality`, `prefecture`, a scheme key)."""
    topology = read_topology(folder / "geo" / "national.json")
    layout = national_layout(outlines(topology.layers[MUNICIPALITY], topology), width=NATIONAL_WIDTH)
    borders = border_path(topology, MUNICIPALITY, layout, lambda code: code[:2]) if layer != PREFECTURE else ""
    return Sheet(
        width=layout.width,
        height=layout.height,
        paths=svg_paths(topology, layer, layout),
        borders=borders,
        frames=layout.frames,
    )


@lru_cache(maxsize=128)
def prefecture_sheet(folder: Path, prefecture_code: str, layer: str, borders_of: str = "") -> Sheet:
    """One prefecture with the shapes of a layer; `borders_of` (a scheme key) draws the lines between its areas too."""
    topology = read_topology(folder / "geo" / "prefectures" / f"{prefecture_code}.json")
    rings = outlines(topology.layers[MUNICIPALITY], topology)
    layout = prefecture_layout(rings, prefecture_code=prefecture_code, width=PREFECTURE_WIDTH)
    return Sheet(
        width=layout.width,
        height=layout.height,
        paths=svg_paths(topology, layer, layout),
        borders=border_path(topology, borders_of, layout, lambda code: code) if borders_of else "",
        frames=layout.frames,
    )
