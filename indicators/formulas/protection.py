"""Disclosure control of counts of people: which regions' counts are hidden, for items that belong together.

One linear system holds everything the public can see of a family of items (a whole and its parts) in one year: all
regions of all area schemes, every sum among them, and the rest of each whole, which anyone can work out. See
`zaitaku.lib.disclosure` for the method and docs/decisions/0023 for the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from indicators.formulas.figures import Figures, Floats, Gap
from indicators.formulas.links import has_count, sums_over_regions
from indicators.formulas.structure import Structure
from zaitaku.lib.disclosure.attack import Audit, PublicationRefused, audit
from zaitaku.lib.disclosure.protection import NEVER, Protected, protect
from zaitaku.lib.disclosure.rules import Tier, must_be_hidden
from zaitaku.lib.disclosure.tables import Cell, Knowledge, LinkedTable

_OPEN = -1
REST = "ほか"
"""Ends the name of the rest of a whole: 回答者のうち満足以外."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """One item of people in one year for every row of the structure: as published, and after roll-up."""

    item: str
    published: Figures
    figures: Figures


@dataclass(frozen=True, slots=True, eq=False)
class ProtectedCounts:
    """What is hidden of each item: `Gap` flags a row (`SMALL`, `COMPLEMENTARY` or none), and how it was proved."""

    flags: Mapping[str, NDArray[np.uint16]]
    protected: Protected
    audit: Audit

    @property
    def cells(self) -> int:
        """How many cells the system holds, derived ones included."""
        return len(self.protected.table.keys)

    def count(self, gap: Gap) -> int:
        """How many counts are hidden for the reason `gap`."""
        return sum(int((flags == gap).sum()) for flags in self.flags.values())


def protect_counts(
    family: Sequence[Counts],
    structure: Structure,
    *,
    population: Floats,
    tiers: Sequence[Tier],
    general: Tier,
    complements: bool = True,
    names: Sequence[str] = (),
    published: Mapping[str, NDArray[np.uint16]] | None = None,
) -> ProtectedCounts:
    """Hide what must be hidden of a family (the whole first, then its parts), and prove it by an attack.

    `population`: people in each row, NaN where unknown (the strictest tier applies to such a municipality). `names`: of
    the rows, for messages. `published`: flags of each item that are public already and stay as they are, for the first
    rows of the structure; what comes after them, the areas of a draft or a user's own group, is all that may still be
    hidden. Raises `Unprotectable` or `PublicationRefused`, which name the cells.
    """
    system = _make_system(family, structure, complements=complements, names=names)
    smallest = _thresholds(structure, population=population, tiers=tiers, general=general)
    fixed = _fixed_flags(system, family, published or {})
    primary, knowledge = _primary(
        system, structure, smallest, population=population, tiers=tiers, general=general, fixed=fixed
    )
    reluctance = np.where(fixed == 0, NEVER, _reluctance(system, structure))
    protected = protect(system.table, primary, knowledge=knowledge, reluctance=reluctance, width=1)
    found = audit(protected.publication)
    if not found.passed:
        raise PublicationRefused(found.pinned)
    flags = {
        counts.item: _flags(system, protected.states, fixed, item=number, rows=len(structure))
        for number, counts in enumerate(family)
    }
    return ProtectedCounts(flags=flags, protected=protected, audit=found)


@dataclass(frozen=True, slots=True, eq=False)
class _System:
    """The cells of a family. `row`: region of a cell; `item`: its number, beyond the family for rests; −1 for slack."""

    table: LinkedTable
    row: NDArray[np.int64]
    item: NDArray[np.int64]
    items: int


@dataclass(slots=True)
class _Builder:
    """Collects cells and sums."""

    names: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    item: list[int] = field(default_factory=list)
    sums: list[tuple[int, list[int]]] = field(default_factory=list)

    def cell(self, name: str, value: float, *, row: int = -1, item: int = -1) -> int:
        self.names.append(name)
        self.values.append(value)
        self.row.append(row)
        self.item.append(item)
        return len(self.names) - 1

    def add_sum(self, total: int, parts: list[int], *, complete: bool) -> None:
        """Parts make the total. What they leave over where all are known is a constant that everyone can see: people
        who could not be placed, or regions without a figure. Where a part is unknown so may be the rest."""
        known = [self.values[part] for part in parts]
        left = self.values[total] - sum(known)
        if self.values[total] < np.nansum(known) and np.isnan(left):
            return  # contradicts itself: nothing can be worked out from it
        if not np.isnan(left):
            rest = [self.cell(f"{self.names[total]}（{REST}）", left)] if left else []
        else:
            rest = [] if complete else [self.cell(f"{self.names[total]}（{REST}）", np.nan)]
        self.sums.append((total, [*parts, *rest]))

    def table(self) -> LinkedTable:
        rows = [number for number, (_, parts) in enumerate(self.sums) for _ in range(len(parts) + 1)]
        columns = [cell for total, parts in self.sums for cell in (*parts, total)]
        signs = [sign for _, parts in self.sums for sign in (*[1.0] * len(parts), -1.0)]
        shape = (len(self.sums), len(self.names))
        return LinkedTable(
            keys=tuple(self.names),
            values=np.array(self.values, dtype=np.float64),
            sums=sparse.csr_array((signs, (rows, columns)), shape=shape),
            sum_names=tuple(self.names[total] for total, _ in self.sums),
        )


def _make_system(family: Sequence[Counts], structure: Structure, *, complements: bool, names: Sequence[str]) -> _System:
    called = list(names) or [str(region) for region in structure.ids]
    builder = _Builder()
    cells = [_add_counts(builder, counts, structure, called, item=n) for n, counts in enumerate(family)]
    if complements:
        for number, part in enumerate(cells[1:], start=1):
            _add_rests(builder, cells[0], part, family[number], called, item=len(family) + number)
    return _System(builder.table(), np.array(builder.row), np.array(builder.item), len(family))


def _add_counts(
    builder: _Builder, counts: Counts, structure: Structure, called: Sequence[str], *, item: int
) -> dict[int, int]:
    """The cells of an item by row, with every sum among them. Averages are taken as the next whole number above: a
    shift that is possible there is possible for the average too."""
    cells = {
        int(row): builder.cell(
            f"{called[int(row)]}・{counts.item}", float(np.ceil(counts.figures.value[row])), row=int(row), item=item
        )
        for row in np.flatnonzero(has_count(counts.figures))
    }
    for found in sums_over_regions(counts.published, counts.figures, structure):
        parts = [cells[int(row)] for row in found.parts]
        builder.add_sum(cells[found.total], parts, complete=found.complete)
    return cells


def _add_rests(
    builder: _Builder,
    whole: Mapping[int, int],
    part: Mapping[int, int],
    counts: Counts,
    called: Sequence[str],
    *,
    item: int,
) -> None:
    """The rest of the whole, which nobody publishes and everyone can work out, wherever both counts are there."""
    for row in whole.keys() & part.keys():
        rest = builder.values[whole[row]] - builder.values[part[row]]
        cell = builder.cell(f"{called[row]}・{counts.item}以外", rest, row=row, item=item)
        builder.sums.append((whole[row], [part[row], cell]))


def _thresholds(structure: Structure, *, population: Floats, tiers: Sequence[Tier], general: Tier) -> Floats:
    """Below which number a count is small, a row; infinite where no number at all may be shown."""
    limit = np.full(len(structure), float(general.hide_below))
    for span in (structure.cities, structure.units):
        people = population[span]
        own = np.zeros(people.shape)
        for tier in tiers:
            inside = np.isnan(people) | ((people >= tier.population_from) & (people < tier.population_below))
            own = np.where(inside, np.maximum(own, np.inf if tier.always else tier.hide_below), own)
        limit[span] = own
    return limit


def _primary(
    system: _System,
    structure: Structure,
    smallest: Floats,
    *,
    population: Floats,
    tiers: Sequence[Tier],
    general: Tier,
    fixed: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], Knowledge]:
    """The cells that the rules hide, and what everybody knows of each hidden cell from the reason shown beside it.

    秘匿（小さい数） tells 1 ≤ n < limit, 秘匿（他から計算できるため） tells n ≥ limit; where no number may be shown at
    all, n ≥ 0. Of what a publisher hides, and of rests, which are not shown, nothing is known but that they are not
    negative.
    """
    own = system.item >= 0
    limit = np.where(own, smallest[system.row], np.inf)
    is_unit = np.zeros(len(structure), dtype=np.bool_)
    is_unit[structure.cities] = is_unit[structure.units] = True
    people = np.where(own & is_unit[system.row], population[system.row], np.inf)
    by_tier = must_be_hidden(system.table.values, people, tiers=tiers)
    by_rule = must_be_hidden(system.table.values, np.inf, tiers=(general,))
    primary = own & np.where(is_unit[system.row], by_tier, by_rule)
    primary = np.where(fixed == _OPEN, primary, fixed > 0)
    shown_item = own & (system.item < system.items)
    always = np.isinf(limit)
    large = fixed == Gap.COMPLEMENTARY  # hidden before for the second reason, and known to be so
    bounds: dict[Cell, tuple[ArrayLike, ArrayLike]] = {
        Cell.PRIMARY: (
            np.where(shown_item & ~always, np.where(large, limit, 1.0), 0.0),
            np.where(shown_item & ~always & ~large, limit - 1, np.inf),
        ),
        Cell.SECONDARY: (np.where(shown_item & ~always, limit, 0.0), np.inf),
        Cell.WITHHELD: (0.0, np.inf),
    }
    return primary, Knowledge(bounds)


def _reluctance(system: _System, structure: Structure) -> NDArray[np.int64]:
    """Units are hidden first, then cities and areas, then prefectures, the nation last; slack is not ours to hide."""
    stage = np.zeros(len(structure), dtype=np.int64)
    stage[structure.cities] = stage[structure.areas] = 1
    stage[structure.prefectures] = 2
    stage[0] = 3
    return np.where(system.item >= 0, stage[system.row], NEVER)


def _fixed_flags(
    system: _System, family: Sequence[Counts], published: Mapping[str, NDArray[np.uint16]]
) -> NDArray[np.int64]:
    """The flags of every cell that is public already, `_OPEN` for those still to be decided."""
    fixed = np.full(len(system.row), _OPEN, dtype=np.int64)
    for number, counts in enumerate(family):
        flags = published.get(counts.item)
        if flags is not None:
            cells = np.flatnonzero((system.item == number) & (system.row < len(flags)))
            fixed[cells] = flags[system.row[cells]]
    return fixed


def _flags(
    system: _System, states: NDArray[np.int8], fixed: NDArray[np.int64], *, item: int, rows: int
) -> NDArray[np.uint16]:
    flags = np.zeros(rows, np.uint16)
    of_item = system.item == item
    for state, gap in ((Cell.PRIMARY, Gap.SMALL), (Cell.SECONDARY, Gap.COMPLEMENTARY)):
        flags[system.row[of_item & (states == state)]] = gap
    kept = of_item & (fixed > 0)
    flags[system.row[kept]] = fixed[kept]
    return flags
