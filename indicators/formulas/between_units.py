"""How unequal a region is inside: its base units' rates against one another.

Rates of units are formed from the same numerator and denominator as the region's own. A unit without a rate (hidden,
missing) leaves the region without a value: an inequality of the rest would look like one of the whole, and the hidden
rate could be worked out from it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from indicators.formulas.figures import Figures, Floats, Gap
from indicators.formulas.methods import rate
from indicators.formulas.structure import Structure
from indicators.formulas.sums import Groups
from zaitaku.lib.statistics.inequality import gap, gini

_Within = Callable[..., Figures]


def gini_between_units(numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float) -> Figures:
    """The population-weighted Gini coefficient of the units' rates × multiplier, 0 where all are equal."""
    return _over_regions(gini_within, numerator, denominator, structure, multiplier=multiplier)


def gap_between_units(numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float) -> Figures:
    """The highest rate of the units minus the lowest."""
    return _over_regions(gap_within, numerator, denominator, structure, multiplier=multiplier)


def gini_within(numerator: Figures, denominator: Figures, groups: Groups, *, multiplier: float) -> Figures:
    """The Gini coefficient × multiplier of each group of units; not applicable where all their rates are 0."""
    rates = rate(numerator, denominator, multiplier=1)
    found = gini(_padded(rates.value, groups), _padded(denominator.value, groups)) * multiplier
    return _where_all_known(found, rates, groups)


def gap_within(numerator: Figures, denominator: Figures, groups: Groups, *, multiplier: float) -> Figures:
    """The gap between the highest and the lowest rate of each group of units."""
    rates = rate(numerator, denominator, multiplier=multiplier)
    return _where_all_known(gap(_padded(rates.value, groups)).difference, rates, groups)


def _over_regions(
    within: _Within, numerator: Figures, denominator: Figures, structure: Structure, *, multiplier: float
) -> Figures:
    """Of each row over its units, of the nation over all; a unit has nothing inside."""
    units = structure.units
    over, below = (Figures(part.value[units], part.flags[units]) for part in (numerator, denominator))
    found = Figures(np.full(len(structure), np.nan), np.full(len(structure), Gap.NOT_PUBLISHED, np.uint16))
    everyone = Groups(np.arange(units.stop - units.start), np.zeros(1, np.intp))
    for rows, groups in ((structure.targets, structure.members), (np.zeros(1, np.intp), everyone)):
        if len(groups) and len(groups.order):
            part = within(over, below, groups, multiplier=multiplier)
            found.value[rows], found.flags[rows] = part.value, part.flags
    return found


def _padded(values: Floats, groups: Groups) -> Floats:
    """Groups × the most units a group has, NaN beyond a group's end."""
    sizes = np.diff(np.append(groups.starts, len(groups.order)))
    table = np.full((len(groups), int(sizes.max(initial=1))), np.nan)
    table[np.arange(table.shape[1]) < sizes[:, None]] = values[groups.order]
    return table


def _where_all_known(found: Floats, rates: Figures, groups: Groups) -> Figures:
    """The measure only where every unit has a rate, else why a unit has none."""
    flags = np.bitwise_or.reduceat(rates.flags[groups.order], groups.starts)
    undefined = Figures(found, flags).has_number & np.isnan(found)
    flags = np.where(undefined, np.uint16(Gap.NOT_APPLICABLE), flags)
    return Figures(np.where(Figures(found, flags).has_number, found, np.nan), flags)
