"""From figures as published to figures of every region: the roll-up rule.

A region has the figure its source publishes for it; else the sum of its parts, if they cover it exactly at a level that
the source publishes; else none, with the reason (docs/decisions/0020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import Figures, Flags, Gap
from indicators.formulas.structure import Blocks, Structure
from indicators.formulas.sums import Groups, roll_up


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One item in one year: figures for every row of the structure, and the ids of the sources they come from."""

    figures: Figures
    sources: tuple[int, ...]


def comes_by_prefecture(item: str) -> bool:
    """Whether every prefecture has a file of its own, which may not be imported yet."""
    return item.startswith(("notification.", "survey.", "report.", "access."))


def counts_whole_ones(item: str) -> bool:
    """Whether an item counts persons or bodies one by one, so that a part of one is an error of the file.

    Projections and estimates (`demand.`, interpolated population) have parts by their nature, and are not among them.
    """
    return item.startswith(("notification.", "survey.", "vital.", "hospital.")) or ".patients." in item


def resolve(published: Figures, structure: Structure, *, by_prefecture: bool = False) -> Figures:
    """Figures of every region from those published.

    `by_prefecture` is given for items of which every prefecture has a file of its own: where nothing of a prefecture is
    there, its regions are "not imported".
    """
    if by_prefecture:
        published = _mark_missing_files(published, structure)
    units = Figures(published.value[structure.units], published.flags[structure.units])
    at_units = bool((~units.is_absent).any())
    sums = roll_up(units, structure.members)
    if sums.is_absent.any():
        sums = sums.where_absent(_sums_of_blocks(units, published, structure, sums))
    figures = published.where_absent(_placed(units, sums, structure))
    return _explained(_with_nation(figures, structure), structure, at_units=at_units)


def add_up(units: Figures, structure: Structure) -> Figures:
    """Figures of every region from those of the units alone; the nation is the sum of all prefectures."""
    placed = _placed(units, roll_up(units, structure.members), structure)
    return _explained(_with_nation(placed, structure), structure, at_units=True)


def _mark_missing_files(published: Figures, structure: Structure) -> Figures:
    """Units and prefectures without any figure of their prefecture are not imported; sums of them follow from that."""
    imported = np.zeros(len(structure), dtype=np.bool_)
    imported[structure.prefecture_of_row[~published.is_absent]] = True
    missing = ~imported[structure.prefecture_of_row]
    missing[0] = False
    missing[structure.areas] = missing[structure.cities] = False
    return Figures(published.value, np.where(missing, np.uint16(Gap.NOT_IMPORTED), published.flags))


def _sums_of_blocks(units: Figures, published: Figures, structure: Structure, sums: Figures) -> Figures:
    """Sums of areas from blocks (cities, areas of another scheme) that are published instead of their units.

    Prefectures are never added up from areas: what a source cannot assign to an area (判別不可) would be lost.
    """
    replaced, whole = units, np.ones(len(structure.members), dtype=np.bool_)
    for blocks in structure.blocks:
        replaced, used = _replace_by_blocks(replaced, published.take(blocks.rows), blocks)
        if used:
            whole &= ~blocks.splits
    if replaced is units:
        return sums
    by_blocks = roll_up(replaced, structure.members)
    flags = np.where(whole, by_blocks.flags, np.uint16(Gap.NOT_COVERED))
    flags = np.where(_only_absent(flags), np.uint16(Gap.NOT_COVERED), flags)
    is_area = structure.targets >= structure.areas.start
    value = np.where(whole & is_area, by_blocks.value, np.nan)
    return Figures(value, np.where(is_area, flags, sums.flags))


def _replace_by_blocks(units: Figures, figures: Figures, blocks: Blocks) -> tuple[Figures, bool]:
    """Put the figure of a block whose units all have none on its first unit and zero on the others.

    The sum over the whole block is then right; a region that holds only a part of it must not be summed this way.
    """
    order, starts = blocks.units.order, blocks.units.starts
    use = np.logical_and.reduceat(units.is_absent[order], starts) & ~figures.is_absent
    if not use.any():
        return units, False
    value, flags = units.value.copy(), units.flags.copy()
    members = order[np.repeat(use, np.diff(np.append(starts, len(order))))]
    value[members], flags[members] = 0.0, 0
    first = order[starts[use]]
    value[first], flags[first] = figures.value[use], figures.flags[use]
    return Figures(value, flags), True


def _placed(units: Figures, sums: Figures, structure: Structure) -> Figures:
    """Units and sums at their rows; what has neither stays absent."""
    figures = Figures.absent(len(structure))
    figures.value[structure.units], figures.flags[structure.units] = units.value, units.flags
    figures.value[structure.targets], figures.flags[structure.targets] = sums.value, sums.flags
    return figures


def _with_nation(figures: Figures, structure: Structure) -> Figures:
    """The sum of all prefectures for the nation (row 0), where it has no figure of its own."""
    span = structure.prefectures
    if not figures.is_absent[0] or span.start == span.stop:
        return figures
    everything = Groups(np.arange(span.stop - span.start), np.zeros(1, np.intp))
    nation = roll_up(Figures(figures.value[span], figures.flags[span]), everything)
    return Figures(np.append(nation.value, figures.value[1:]), np.append(nation.flags, figures.flags[1:]))


def _explained(figures: Figures, structure: Structure, *, at_units: bool) -> Figures:
    """The reason for everything that still has no figure; a known reason of a part goes before."""
    gaps = np.full(len(structure), Gap.NOT_COVERED if at_units else Gap.NOT_PUBLISHED, np.uint16)
    gaps[structure.units] = Gap.NO_SOURCE if at_units else Gap.NOT_PUBLISHED
    if not at_units:
        gaps[0 : structure.prefectures.stop] = Gap.NO_SOURCE
    flags = np.where(_only_absent(figures.flags), gaps, figures.flags)
    return Figures(figures.value, flags & np.uint16(~Gap.ABSENT & 0xFFFF))


def _only_absent(flags: Flags) -> NDArray[np.bool_]:
    """Where nothing is known and no part tells why; that another part is provisional explains nothing."""
    return np.asarray((flags & np.uint16(~Gap.PROVISIONAL & 0xFFFF)) == np.uint16(Gap.ABSENT))
