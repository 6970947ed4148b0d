"""Where regions stand: against a comparator, among one another, and over the years. Pure, for a whole level at once.

Arrays hold one entry a region, NaN where there is no number: a hidden figure takes part in nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.schema import Comparison, Definition, Interval, Method
from indicators.formulas.figures import Floats
from zaitaku.lib.statistics.comparison import Polarity, Position, Positions, compare_funnel, compare_interval, judge
from zaitaku.lib.statistics.funnels import crude_rate_signals, poisson_signals, proportion_signals
from zaitaku.lib.statistics.ranking import deviation_scores, quantile_groups, rank_intervals, ranks
from zaitaku.lib.statistics.trends import FigureKind, RecentTrend, mann_kendall, recent_trend

DECILES = 10
_FEWEST_FOR_KENDALL = 4
_KINDS = {
    Method.PROPORTION: FigureKind.PROPORTION,
    Method.STANDARDISED_RATIO: FigureKind.INDIRECTLY_STANDARDISED,
    Method.STANDARDISED_RATE: FigureKind.DIRECTLY_STANDARDISED,
}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The figures of all regions in one year."""

    value: Floats
    numerator: Floats
    denominator: Floats
    lower: Floats
    upper: Floats

    def take(self, rows: NDArray[np.intp]) -> Column:
        """The figures of some regions."""
        return Column(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Per region: `position` against the comparator, `verdict`, rank from the highest with its interval, decile (1 the
    lowest tenth) and 偏差値. NaN where there is none; a rank interval needs the figures' intervals."""

    position: Positions
    verdict: NDArray[np.int8]
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    decile: Floats
    score: Floats

    @property
    def ranked(self) -> int:
        """How many regions have a rank."""
        return int((~np.isnan(self.rank)).sum())

    @property
    def compared(self) -> int:
        """How many comparisons were made."""
        return int((self.position != Position.NOT_COMPARED).sum())


def find_standing(definition: Definition, column: Column, *, comparator: Floats) -> Standing:
    """The standing of each region. `comparator`: the value each is compared with, of the nation or its prefecture."""
    position = compare(definition, column, comparator=comparator)
    low = high = np.full(column.value.shape, np.nan)
    if definition.interval is not Interval.NONE:
        low, high = rank_intervals(column.value, column.lower, column.upper)
    return Standing(
        position=position,
        verdict=judge(position, polarity=Polarity(definition.direction.value)),
        rank=ranks(column.value),
        rank_low=low,
        rank_high=high,
        decile=quantile_groups(column.value, groups=DECILES),
        score=deviation_scores(column.value),
    )


def compare(definition: Definition, column: Column, *, comparator: Floats) -> Positions:
    """Higher or lower, as the definition says it is decided; not compared where chance cannot be told from difference.

    Claims have no interval (one patient makes many), and complete counts of institutions only a funnel or the interval
    their definition names.
    """
    if definition.interval is Interval.NONE:
        return np.full(column.value.shape, np.int8(Position.NOT_COMPARED))
    if definition.comparison is Comparison.INTERVAL:
        return compare_interval(column.lower, column.upper, comparator)
    return _compare_by_funnel(definition, column, comparator=comparator)


def _compare_by_funnel(definition: Definition, column: Column, *, comparator: Floats) -> Positions:
    """Regions of one comparator share a funnel."""
    position = np.full(column.value.shape, np.int8(Position.NOT_COMPARED))
    for target in np.unique(comparator[~np.isnan(comparator)]):
        inside = comparator == target
        counts, base = column.numerator[inside], column.denominator[inside]
        share = float(target) / definition.multiplier
        if definition.method is Method.PROPORTION:
            signals = proportion_signals(counts, base, target=share)
        elif definition.method is Method.STANDARDISED_RATIO:
            signals = poisson_signals(counts, base * share)
        else:
            signals = crude_rate_signals(counts, base, target=share)
        position[inside] = np.where(np.isnan(column.value[inside]), Position.NOT_COMPARED, compare_funnel(signals))
    return position


@dataclass(frozen=True, slots=True, eq=False)
class Development:
    """Per region over the years: the recent trend, and the Mann–Kendall p of all years with a value."""

    recent: RecentTrend
    p: Floats


def find_development(definition: Definition, columns: Sequence[Column], *, years: Sequence[int]) -> Development:
    """How the regions moved. The recent trend needs five years in a row, Mann–Kendall four of any."""
    value = np.stack([column.value for column in columns], axis=-1)
    enough = (~np.isnan(value)).sum(axis=-1) >= _FEWEST_FOR_KENDALL
    recent = find_recent_trend(definition, columns, years=years)
    return Development(recent, np.where(enough, mann_kendall(value).p, np.nan))


def find_recent_trend(definition: Definition, columns: Sequence[Column], *, years: Sequence[int]) -> RecentTrend:
    """The trend of the last five years; only those are looked at."""
    value, lower, upper = (
        np.stack([getattr(column, name) for column in columns], axis=-1) for name in ("value", "lower", "upper")
    )
    kind = _KINDS.get(definition.method, FigureKind.CRUDE_RATE)
    return recent_trend(value, lower, upper, years=years, years_per_point=definition.pool_years, kind=kind)
