"""Where the regions of a group stand, as it is stored: how their figures are spread in each year, and one small record
a region for the newest. Pure; by the conventions of `indicators.formulas.standing`, for many years and groups at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.schema import Definition, Interval
from indicators.formulas.figures import Floats
from indicators.formulas.standing import Column, compare, find_recent_trend, find_standing
from indicators.formulas.structure import CITIES, Structure
from zaitaku.lib.statistics.comparison import Position
from zaitaku.lib.statistics.ranking import ranks_within
from zaitaku.lib.statistics.trends import POINTS_USED, Trend, TrendReason

Index = NDArray[np.intp]
Records = NDArray[np.void]

SHARES = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0)
"""The quantiles that are kept of every year: minimum, deciles, quartiles, maximum."""

PLACE = np.dtype(
    [
        ("rank", "<u2"), ("rank_low", "<u2"), ("rank_high", "<u2"),
        ("prefecture_rank", "<u2"), ("prefecture_ranked", "<u2"), ("decile", "u1"),
        ("against_nation", "i1"), ("against_prefecture", "i1"), ("trend", "i1"), ("trend_reason", "i1"),
        ("spare", "u1"),
    ]
)  # fmt: skip
"""One region among its peers, 16 bytes. Ranks and deciles begin with 1: 0 is "there is none"."""
NOWHERE = np.zeros((), dtype=PLACE)
"""The record of a region that is not among the peers, or has no number."""
for _name, _none in (
    ("against_nation", Position.NOT_COMPARED),
    ("against_prefecture", Position.NOT_COMPARED),
    ("trend", Trend.CANNOT_BE_CALCULATED),
    ("trend_reason", TrendReason.TOO_FEW_YEARS),
):
    NOWHERE[_name] = _none


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """Regions compared with one another, in order of code: rows of the structure, and the row of each's prefecture."""

    kind: str
    scheme: int | None
    rows: Index
    prefectures: Index
    region_ids: NDArray[np.int64]

    @property
    def digest(self) -> str:
        """The same for the same regions in the same order."""
        return hashlib.sha256(self.region_ids.astype("<i8").tobytes()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Spreads:
    """The figures of a group over the years, one entry a year: how many have a number, mean and standard deviation of
    these, and their quantiles (years × `SHARES`); NaN where there is none."""

    counted: NDArray[np.int64]
    mean: Floats
    deviation: Floats
    points: Floats


def find_peers(structure: Structure) -> tuple[Peers, ...]:
    """The groups of a structure: prefectures, units, and the areas of each scheme."""
    spans = (("prefecture", structure.prefectures), ("municipality", structure.units))
    groups: list[tuple[str, int | None, Index]] = [(kind, None, np.arange(at.start, at.stop)) for kind, at in spans]
    groups += [
        ("area", int(blocks.name.removeprefix("scheme ")), blocks.rows)
        for blocks in structure.blocks
        if blocks.name != CITIES
    ]
    return tuple(
        Peers(kind, scheme, rows, structure.prefecture_of_row[rows], structure.ids[rows])
        for kind, scheme, rows in groups
        if len(rows) > 1
    )


def find_spreads(values: Floats) -> Spreads:
    """The spread of each year; `values` are years × peers."""
    ordered = np.sort(values, axis=1)  # NaN last
    known = ~np.isnan(ordered)
    counted = known.sum(axis=1)
    size = np.where(counted > 0, counted, np.nan)
    zeroed = np.where(known, ordered, 0.0)
    mean = zeroed.sum(axis=1) / size
    deviation = np.sqrt((np.where(known, zeroed - mean[:, None], 0.0) ** 2).sum(axis=1) / size)
    return Spreads(counted, mean, deviation, _quantiles(ordered, counted))


def _quantiles(ordered: Floats, counted: NDArray[np.int64]) -> Floats:
    """Type 7 (linear interpolation), as `zaitaku.lib.statistics.ranking.quantile_points`, for every year at once."""
    last = np.maximum(counted - 1, 0)
    place = last[:, None] * np.array(SHARES)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, last[:, None])
    low, high = np.take_along_axis(ordered, below, 1), np.take_along_axis(ordered, above, 1)
    return np.asarray(low + (high - low) * (place - below))


def needs_years_before(definition: Definition) -> bool:
    """Whether a trend can be told at all: it weighs each year by its interval."""
    return definition.interval is not Interval.NONE and definition.pool_years == 1


def find_places(
    definition: Definition, columns: Mapping[int, Column], year: int, peers: Peers, *, nation: int = 0
) -> Records:
    """The records of a group in a year. `columns`: of every row of the structure, by year; those before `year` for the
    trend, as far as there are any."""
    now = columns[year].take(peers.rows)
    values = columns[year].value
    standing = find_standing(definition, now, comparator=np.full(len(peers.rows), values[nation]))
    has_prefecture = peers.kind != "prefecture"
    above = values[peers.prefectures] if has_prefecture else np.full(len(peers.rows), np.nan)
    inside, ranked = ranks_within(now.value, peers.prefectures)
    direction, reason = _trend(definition, columns, year, peers)
    unknown = np.isnan(now.value)
    records = np.zeros(len(peers.rows), dtype=PLACE)
    for name, numbers in (
        ("rank", standing.rank),
        ("rank_low", standing.rank_low),
        ("rank_high", standing.rank_high),
        ("prefecture_rank", inside),
        ("decile", standing.decile),
    ):
        records[name] = np.where(np.isnan(numbers), 0, numbers)
    records["prefecture_ranked"] = ranked
    records["against_nation"] = standing.position
    records["against_prefecture"] = compare(definition, now, comparator=above)
    records["trend"] = np.where(unknown, Trend.CANNOT_BE_CALCULATED, direction)
    records["trend_reason"] = np.where(unknown, TrendReason.TOO_FEW_YEARS, reason)
    return records


def compared(records: Records) -> int:
    """How many of them were compared with the nation."""
    return int((records["against_nation"] != Position.NOT_COMPARED).sum())


def _trend(
    definition: Definition, columns: Mapping[int, Column], year: int, peers: Peers
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    years = sorted(one for one in columns if one <= year)[-POINTS_USED:]
    recent = find_recent_trend(definition, [columns[one].take(peers.rows) for one in years], years=years)
    return recent.direction, recent.reason


def read_places(packed: bytes | memoryview) -> Records:
    """The stored records of a group, or of one region."""
    return np.frombuffer(packed, dtype=PLACE)
