"""The regions as the engine sees them: one row each, and which base units each of them is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.sums import Groups, make_groups

Ints = NDArray[np.int64]
Index = NDArray[np.intp]
CITIES = "cities"


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Regions above the base unit that a source may publish instead of its units: cities, or the areas of one scheme.

    `rows` are their rows, `units` their members; `splits[t]` says whether target t cuts through one of them.
    """

    name: str
    rows: Index
    units: Groups
    splits: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """All regions in rows: nation, prefectures, cities, base units, areas. Units also have their own numbers, from 0.

    Targets are the rows that can be added up from units: prefectures, cities and areas, in this order.
    """

    ids: Ints
    row_of_id: Index
    units: slice
    prefectures: slice
    cities: slice
    areas: slice
    targets: Index
    members: Groups
    blocks: tuple[Blocks, ...]
    prefecture_of_row: Index
    unit_counts: NDArray[np.float64]
    digest: str

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def peers(self) -> tuple[Index, ...]:
        """Rows of regions that may be compared with one another: prefectures, units, the areas of each scheme."""
        schemes = (blocks.rows for blocks in self.blocks if blocks.name != CITIES)
        return (*(np.arange(span.start, span.stop) for span in (self.prefectures, self.units)), *schemes)

    def rows_of(self, region_ids: Ints) -> Index:
        """The row of each region id, −1 for regions that are not current."""
        known = np.where((region_ids >= 0) & (region_ids < len(self.row_of_id)), region_ids, 0)
        return np.where(known == region_ids, self.row_of_id[known], -1)


Row = tuple[int, str, str, int | None, int | None, bool, bool]  # id, kind, code, parent, scheme, base unit, city


def make_structure(regions: Sequence[Row], memberships: Sequence[tuple[int, int, int]]) -> Structure:
    """The same from rows already read."""
    nation = [row for row in regions if row[1] == "nation"]
    prefectures = [row for row in regions if row[1] == "prefecture"]
    cities = [row for row in regions if row[6] and not row[5]]
    units = [row for row in regions if row[5]]
    unit_of_id = {row[0]: position for position, row in enumerate(units)}
    by_area: dict[int, list[int]] = {}
    for _scheme, area, unit in memberships:
        if unit in unit_of_id:
            by_area.setdefault(area, []).append(unit_of_id[unit])
    areas = [row for row in regions if row[1] == "area" and row[0] in by_area]

    ordered = [*nation, *prefectures, *cities, *units, *areas]
    ids = np.array([row[0] for row in ordered], dtype=np.int64)
    first = np.cumsum([0, len(nation), len(prefectures), len(cities), len(units), len(areas)])
    row_of_id = np.full(int(ids.max(initial=0)) + 1, -1, dtype=np.intp)
    row_of_id[ids] = np.arange(len(ids))

    unit_prefectures = np.array([row[2][:2] for row in units])
    unit_parents = np.array([row[3] or 0 for row in units], dtype=np.int64)
    members = (
        [np.flatnonzero(unit_prefectures == row[2]) for row in prefectures]
        + [np.flatnonzero(unit_parents == row[0]) for row in cities]
        + [np.array(by_area[row[0]], dtype=np.intp) for row in areas]
    )
    target_rows = np.concatenate([np.arange(first[1], first[3]), np.arange(first[4], first[5])]).astype(np.intp)
    filled = [position for position, units_of in enumerate(members) if len(units_of)]
    targets, members = target_rows[filled], [members[position] for position in filled]

    counts = np.zeros(len(ids))
    counts[: first[1]] = len(units)
    counts[first[3] : first[4]] = 1
    counts[targets] = [len(units_of) for units_of in members]
    return Structure(
        ids=ids,
        row_of_id=row_of_id,
        units=slice(int(first[3]), int(first[4])),
        prefectures=slice(int(first[1]), int(first[2])),
        cities=slice(int(first[2]), int(first[3])),
        areas=slice(int(first[4]), int(first[5])),
        targets=targets,
        members=make_groups(members),
        blocks=tuple(_blocks(cities, areas, targets, members, row_of_id=row_of_id, unit_count=len(units))),
        prefecture_of_row=_prefecture_rows(ordered, prefectures, row_of_id),
        unit_counts=counts,
        digest=_digest(ordered, memberships),
    )


def _blocks(
    cities: Sequence[Row],
    areas: Sequence[Row],
    targets: Index,
    members: Sequence[Index],
    *,
    row_of_id: Index,
    unit_count: int,
) -> Iterable[Blocks]:
    """One set of blocks for the cities and one for each scheme: within a set no unit is in two blocks."""
    units_of_row = dict(zip(targets.tolist(), members, strict=True))
    schemes = sorted({row[4] for row in areas if row[4] is not None})
    sets = [(CITIES, [row[0] for row in cities])]
    sets += [(f"scheme {scheme}", [row[0] for row in areas if row[4] == scheme]) for scheme in schemes]
    for name, region_ids in sets:
        rows = [row for row in row_of_id[region_ids].tolist() if row in units_of_row] if region_ids else []
        if rows:
            blocks = [units_of_row[row] for row in rows]
            splits = _splits(blocks, members, unit_count=unit_count)
            yield Blocks(name, np.array(rows, dtype=np.intp), make_groups(blocks), splits)


def _splits(blocks: Sequence[Index], targets: Sequence[Index], *, unit_count: int) -> NDArray[np.bool_]:
    """Whether each target holds some but not all units of a block."""
    block_of_unit = np.full(unit_count, -1, dtype=np.int64)
    for number, units in enumerate(blocks):
        block_of_unit[units] = number
    sizes = np.array([len(units) for units in blocks])
    target = np.repeat(np.arange(len(targets)), [len(units) for units in targets])
    block = block_of_unit[np.concatenate(targets)]
    pairs, held = np.unique((target * len(blocks) + block)[block >= 0], return_counts=True)
    split = np.zeros(len(targets), dtype=np.bool_)
    split[(pairs // len(blocks))[held < sizes[pairs % len(blocks)]]] = True
    return split


def _prefecture_rows(ordered: Sequence[Row], prefectures: Sequence[Row], row_of_id: Index) -> Index:
    """The row of the prefecture each region lies in, −1 for the nation. An area names it, other codes begin with it."""
    by_code = {row[2]: int(row_of_id[row[0]]) for row in prefectures}
    code_of_id = {row[0]: row[2] for row in prefectures}
    codes = [code_of_id.get(row[3] or 0, "") if row[1] == "area" else row[2][:2] for row in ordered]
    return np.array([by_code.get(code, -1) for code in codes], dtype=np.intp)


def _digest(ordered: Sequence[Row], memberships: Sequence[tuple[int, int, int]]) -> str:
    return hashlib.sha256(repr((ordered, memberships)).encode()).hexdigest()
