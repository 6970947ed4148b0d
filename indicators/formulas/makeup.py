"""Which published figures one region's figure is made of: the roll-up rule of `resolve` told for a single region.

It follows the rule anew, region by region, rather than reusing its arrays: a test holds the two against each other, so
that what a page lists under a figure always adds up to that figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from indicators.formulas.figures import Figures
from indicators.formulas.structure import Blocks, Structure
from indicators.formulas.sums import Groups


class How(StrEnum):
    """How a region comes to its figure."""

    PUBLISHED = "published"
    UNITS = "units"
    BLOCKS = "blocks"
    PREFECTURES = "prefectures"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Makeup:
    """Rows of the structure whose published figures add up to the region's; `missing` are those that would be needed.

    Units that a block (a city, 福島県浜通り地域) stands for are in neither; `split` says that such a block reaches over
    the border of the area, which therefore has no sum.
    """

    how: How
    rows: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    split: bool = False


@dataclass(slots=True)
class _Units:
    """Positions of units still without a figure, and the rows of blocks that stand for others."""

    absent: set[int]
    blocks: list[int] = field(default_factory=list)
    split: bool = False


def find_makeup(published: Figures, structure: Structure, row: int) -> Makeup:
    """What the figure of `row` is made of. A figure that is hidden or missing as published counts as published."""
    if not published.is_absent[row]:
        return Makeup(how=How.PUBLISHED, rows=(row,))
    if row == 0:
        return _of_nation(published, structure)
    units = units_of(structure, row)
    if not units:
        return Makeup(how=How.NONE, missing=(row,))
    first = structure.units.start
    absent = {unit for unit in units if published.is_absent[first + unit]}
    if not absent:
        return Makeup(how=How.UNITS, rows=tuple(first + unit for unit in units))
    if row < structure.areas.start:
        return _incomplete(structure, row, units, absent)
    return _of_blocks(published, structure, row, units)


def units_of(structure: Structure, row: int) -> tuple[int, ...]:
    """Positions of the base units of a prefecture, city or area; none for a unit itself."""
    found = [place for place, target in enumerate(structure.targets.tolist()) if target == row]
    return _group(structure.members, found[0]) if found else ()


def _of_nation(published: Figures, structure: Structure) -> Makeup:
    """All prefectures, each by what it is made of itself."""
    span = range(structure.prefectures.start, structure.prefectures.stop)
    parts = [(row, find_makeup(published, structure, row)) for row in span]
    rows = tuple(part for _, makeup in parts for part in makeup.rows)
    missing = tuple(row for row, makeup in parts if makeup.how is How.NONE)
    return Makeup(how=How.PREFECTURES if rows and not missing else How.NONE, rows=rows, missing=missing)


def _of_blocks(published: Figures, structure: Structure, row: int, units: tuple[int, ...]) -> Makeup:
    """An area whose units are not all published: blocks published instead stand for theirs, if none reaches outside."""
    first = structure.units.start
    everywhere = _Units({unit for unit in range(structure.units.stop - first) if published.is_absent[first + unit]})
    place = structure.targets.tolist().index(row)
    for blocks in structure.blocks:
        if _stand_in(blocks, published, everywhere) and bool(blocks.splits[place]):
            everywhere.split = True
    absent = everywhere.absent & set(units)
    if absent or everywhere.split:
        makeup = _incomplete(structure, row, units, {u for u in units if published.is_absent[first + u]})
        return Makeup(how=How.NONE, rows=makeup.rows, missing=makeup.missing, split=everywhere.split)
    inside = [block for block in everywhere.blocks if set(units_of(structure, block)) <= set(units)]
    covered = {unit for block in inside for unit in units_of(structure, block)}
    return Makeup(how=How.BLOCKS, rows=(*inside, *(first + unit for unit in units if unit not in covered)))


def _stand_in(blocks: Blocks, published: Figures, units: _Units) -> bool:
    """Take the blocks that have a figure and whose units all have none; says whether any was taken."""
    used = False
    for number, row in enumerate(blocks.rows.tolist()):
        members = set(_group(blocks.units, number))
        if members <= units.absent and not published.is_absent[row]:
            units.absent -= members
            units.blocks.append(row)
            used = True
    return used


def _incomplete(structure: Structure, row: int, units: tuple[int, ...], absent: set[int]) -> Makeup:
    """No sum: some units are missing, or, where all are, the region as a whole."""
    if len(absent) == len(units):
        return Makeup(how=How.NONE, missing=(row,))
    first = structure.units.start
    return Makeup(
        how=How.NONE,
        rows=tuple(first + unit for unit in units if unit not in absent),
        missing=tuple(first + unit for unit in units if unit in absent),
    )


def _group(groups: Groups, number: int) -> tuple[int, ...]:
    ends = [*groups.starts.tolist(), len(groups.order)]
    return tuple(groups.order[ends[number] : ends[number + 1]].tolist())
