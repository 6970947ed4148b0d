"""How unequal a region is inside: its base units' rates against one another.

Rates of units are formed from the same numerator and denominator as the region's own. A unit without a rate (hidden,
missing) leaves the region without a value: an inequality of the rest would look like one of the whole, and the hidden
rate could be worked out from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from indicators.formulas.figures import Figures, Flags, Floats, Gap
from indicators.formulas.methods import rate
from indicators.formulas.structure import Structure
from indicators.formulas.sums import Groups
from zaitaku.lib.statistics.inequality import gap, gini

_CHUNK = 256
_Measure = Callable[[Groups], Floats]


def gini_between_units(numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float) -> Figures:
    """The population-weighted Gini coefficient of the units' rates × multiplier, 0 where all are equal."""
    rates, people = _unit_rates(numerator, denominator, structure)
    found = _over_regions(
        structure, lambda groups: gini(_padded(rates.value, groups), _padded(people, groups)) * multiplier
    )
    return _explained(found, rates.flags, structure)


def gap_between_units(numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float) -> Figures:
    """The highest rate of the units minus the lowest."""
    rates, _people = _unit_rates(numerator, denominator, structure, multiplier=multiplier)
    found = _over_regions(structure, lambda groups: gap(_padded(rates.value, groups)).difference)
    return _explained(found, rates.flags, structure)


def _unit_rates(
    numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float = 1
) -> tuple[Figures, Floats]:
    units = structure.units
    over, below = (Figures(part.value[units], part.flags[units]) for part in (numerator, denominator))
    return rate(over, below, multiplier=multiplier), below.value


def _over_regions(structure: Structure, measure: _Measure) -> Floats:
    """A measure of each row: over its units, over all units for the nation; NaN for units themselves."""
    found = np.full(len(structure), np.nan)
    for place, groups in _chunks(structure.members):
        found[structure.targets[place]] = measure(groups)
    everyone = Groups(np.arange(structure.units.stop - structure.units.start), np.zeros(1, np.intp))
    found[0] = measure(everyone)[0]
    return found


def _chunks(groups: Groups) -> Iterator[tuple[slice, Groups]]:
    """Groups of similar numbers of units would pad less; regions are few enough to take them as they come."""
    ends = np.append(groups.starts, len(groups.order))
    for start in range(0, len(groups), _CHUNK):
        stop = min(start + _CHUNK, len(groups))
        order = groups.order[ends[start] : ends[stop]]
        yield slice(start, stop), Groups(order, groups.starts[start:stop] - ends[start])


def _padded(values: Floats, groups: Groups) -> Floats:
    """Groups × the most units a group has, NaN beyond a group's end."""
    sizes = np.diff(np.append(groups.starts, len(groups.order)))
    table = np.full((len(groups), int(sizes.max(initial=1))), np.nan)
    table[np.arange(table.shape[1]) < sizes[:, None]] = values[groups.order]
    return table


def _explained(found: Floats, unit_flags: Flags, structure: Structure) -> Figures:
    """The measure only where every unit has a rate, else why a unit has none."""
    flags = np.zeros(len(structure), np.uint16)
    flags[structure.targets] = np.bitwise_or.reduceat(unit_flags[structure.members.order], structure.members.starts)
    flags[0] = np.bitwise_or.reduce(unit_flags)
    figures = Figures(found, flags)
    # All rates 0: nothing is distributed, and there is no inequality to measure.
    undefined = figures.has_number & np.isnan(found)
    flags = np.where(undefined, np.uint16(Gap.NOT_APPLICABLE), flags)
    return Figures(np.where(Figures(found, flags).has_number, found, np.nan), flags)
