"""The map of a draft: fills, borders and names of its areas as inline SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from plans.formulas.partition import Partition
from plans.queries.area_frame import Frame
from regions import area_maps
from regions.geography import Sheet

# Light enough for black names on them; borders and names tell areas apart where colours repeat or are not seen.
PALETTE = (
    "#A6CEE3", "#FDBF6F", "#B2DF8A", "#FB9A99", "#CAB2D6", "#FFF59D",
    "#8DD3C7", "#FCCDE5", "#D9D9D9", "#80B1D3", "#E5C494", "#C5E86C",
)  # fmt: skip
PALETTE_NAMES = ("水色", "橙", "緑", "赤", "紫", "黄", "青緑", "桃", "灰", "青", "茶", "黄緑")
_LETTER, _LINE = 12, 13  # of a name on the map, in units of the sheet
UNASSIGNED = "url(#unassigned)"
MIXED = "url(#mixed)"
OUT_OF_SCOPE = "url(#out-of-scope)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape: the units it stands for (none: 対象外), its fill, and what a pointer or a screen reader is told."""

    code: str
    units: tuple[str, ...]
    path: str
    fill: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The name of an area, where it may stand."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMap:
    """Everything the template or the page's script draws."""

    sheet: Sheet
    view_box: str
    shapes: tuple[Shape, ...]
    borders: str
    labels: tuple[Label, ...]


def make_area_map(partition: Partition, frame: Frame, *, prefecture_code: str) -> AreaMap:
    """The map of a draft."""
    sheet = area_maps.unit_sheet(prefecture_code)
    drawn, names = frame.drawn, {unit.code: unit.name for unit in frame.units}
    area_of_shape = {shape: _area_of(members, partition) for shape, members in drawn.items()}
    return AreaMap(
        sheet=sheet,
        view_box=area_maps.view_box(prefecture_code),
        shapes=tuple(
            Shape(
                code=shape,
                units=drawn.get(shape, ()),
                path=path,
                fill=_fill(area_of_shape[shape], partition) if shape in drawn else OUT_OF_SCOPE,
                text=_text(drawn[shape], names, partition) if shape in drawn else "対象外",
            )
            for shape, path in sheet.paths.items()
            if path
        ),
        borders=area_maps.area_borders(prefecture_code, area_of_shape),
        labels=_labels(partition, area_of_shape, prefecture_code),
    )


def _area_of(units: Sequence[str], partition: Partition) -> int | str:
    """The area of a shape: a number, 0 where it is in none, `mixed` where its units are in several."""
    found = {partition.area_of.get(unit, 0) for unit in units}
    return found.pop() if len(found) == 1 else "mixed"


def _fill(area: int | str, partition: Partition) -> str:
    if area == "mixed":
        return MIXED
    known = partition.areas.get(int(area))
    return PALETTE[known.colour % len(PALETTE)] if known else UNASSIGNED


def _text(units: Sequence[str], names: Mapping[str, str], partition: Partition) -> str:
    """`函館市：南渡島`; of a city drawn whole, each ward."""
    return "、".join(f"{names[unit]}：{_area_name(unit, partition)}" for unit in units)


def _area_name(unit: str, partition: Partition) -> str:
    number = partition.area_of.get(unit)
    return partition.areas[number].name if number is not None else "未割当"


def _labels(partition: Partition, area_of_shape: Mapping[str, int | str], prefecture_code: str) -> tuple[Label, ...]:
    """Each name in the middle of the member that is nearest to the middle of all."""
    spots = area_maps.unit_spots(prefecture_code)
    spots_of: dict[int | str, list[area_maps.Spot]] = defaultdict(list)
    for shape, number in area_of_shape.items():
        if shape in spots:
            spots_of[number].append(spots[shape])
    found: list[Label] = []
    for area in partition.areas.values():
        members = spots_of[area.number]
        if not members:
            continue
        weights = [max(spot.width * spot.height, 1.0) for spot in members]
        x = sum(spot.x * weight for spot, weight in zip(members, weights, strict=True)) / sum(weights)
        y = sum(spot.y * weight for spot, weight in zip(members, weights, strict=True)) / sum(weights)
        at = min(members, key=lambda spot: (spot.x - x) ** 2 + (spot.y - y) ** 2)
        found.append(_beside(Label(text=area.name, x=round((at.x + x) / 2, 1), y=round((at.y + y) / 2, 1)), found))
    return tuple(found)


def _beside(label: Label, placed: Sequence[Label]) -> Label:
    """The label, moved down or up until it covers no other; a name is as wide as its letters."""
    for shift in (0, _LINE, -_LINE, 2 * _LINE, -2 * _LINE):
        moved = replace(label, y=label.y + shift)
        if not any(_covers(moved, other) for other in placed):
            return moved
    return label


def _covers(one: Label, other: Label) -> bool:
    width = (len(one.text) + len(other.text)) / 2 * _LETTER
    return abs(one.x - other.x) < width and abs(one.y - other.y) < _LINE


def map_json(drawn: AreaMap) -> dict[str, object]:
    """What the page's script changes on the map after a step."""
    return {
        "fills": {shape.code: shape.fill for shape in drawn.shapes},
        "texts": {shape.code: shape.text for shape in drawn.shapes},
        "borders": drawn.borders,
        "labels": [[label.text, label.x, label.y] for label in drawn.labels],
    }
