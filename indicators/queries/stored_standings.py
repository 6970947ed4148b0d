"""Reading the stored standings (`indicators.peer_models`) and the figures beside them, a few indexed reads each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.peers import NOWHERE, PLACE, Records, read_places
from indicators.models import PeerGroup, PeerStanding
from indicators.queries.packed import packed_rows
from indicators.results import Level

Value = tuple[float | None, float | None, float | None, float | None, float | None, int, int]
"""value, numerator, denominator, lower, upper, status, reason"""
_SIZE = PLACE.itemsize
_FACTS = "s.indicator_id, i.code, s.year, s.counted, s.compared, s.mean, s.deviation, s.points"
_FROM = """
FROM mine JOIN indicators_peerstanding s ON s.group_id = mine.id AND s.places IS NOT NULL
JOIN indicators_indicator i ON i.id = s.indicator_id AND i.code = ANY(%s)
ORDER BY i.code
"""
_OF_GROUP = """
  FROM indicators_peergroup g LEFT JOIN regions_areascheme scheme ON scheme.id = g.scheme_id
  WHERE g.kind = %s AND coalesce(scheme.key, '') = %s
"""
_ONE_REGION = f"""
WITH mine AS (SELECT g.id, array_position(g.region_ids, %s::bigint) AS place {_OF_GROUP})
SELECT {_FACTS}, substring(s.places FROM {_SIZE} * (mine.place - 1) + 1 FOR {_SIZE}) {_FROM}
"""  # noqa: S608 - constants only
_ALL_REGIONS = f"""
WITH mine AS (SELECT g.id, g.region_ids {_OF_GROUP})
SELECT {_FACTS}, s.places, s.group_id {_FROM}
"""
_VALUES = """
SELECT v.indicator_id, v.year, v.region_id, value, numerator, denominator, lower, upper, status::int, reason::int
FROM unnest(%s::bigint[], %s::int[]) AS wanted (indicator, year)
JOIN indicators_indicatorvalue v
  ON v.indicator_id = wanted.indicator AND v.year = wanted.year AND v.region_id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, eq=False)
class StoredStanding:
    """One indicator in its newest year with figures, and the records of the regions asked for, in their order."""

    indicator_id: int
    code: str
    year: int
    counted: int
    compared: int
    mean: float
    deviation: float
    points: tuple[float, ...]
    records: Records

    @cached_property
    def places(self) -> list[tuple[int, ...]]:
        """The records as plain numbers, in the order of the fields of `PLACE`."""
        return [record[:-1] for record in self.records.tolist()]


def read_of_region(region_id: int, *, level: Level, scheme: str, codes: Sequence[str]) -> list[StoredStanding]:
    """One region in the indicators (one query). A region that is not among the peers has no standing, but they do."""
    found = packed_rows(_ONE_REGION, [region_id, level.value, scheme, list(codes)])
    nowhere = NOWHERE.reshape(1)
    return [_standing(row, nowhere if row[-1] is None else read_places(row[-1])) for row in found]


def read_of_regions(
    region_ids: Sequence[int], *, level: Level, scheme: str, codes: Sequence[str]
) -> list[StoredStanding]:
    """Some regions in the indicators (two queries)."""
    groups = PeerGroup.objects.filter(kind=level.value)
    groups = groups.filter(scheme__key=scheme) if scheme else groups.filter(scheme=None)
    rows = {pk: _rows_in(ids, region_ids) for pk, ids in groups.values_list("pk", "region_ids")}
    found = packed_rows(_ALL_REGIONS, [level.value, scheme, list(codes)])
    return [_standing(row, _taken(read_places(row[-2]), rows[row[-1]])) for row in found if row[-1] in rows]


def read_spreads(
    code: str, *, level: Level, scheme: str, years: Collection[int] | None = None
) -> list[tuple[int, int, float, float, list[float]]]:
    """Year, number of regions, mean, standard deviation and quantiles of one indicator, oldest first (one query)."""
    found = PeerStanding.objects.filter(indicator__code=code, group__kind=level.value).order_by("year")
    found = found.filter(group__scheme__key=scheme) if scheme else found.filter(group__scheme=None)
    if years is not None:
        found = found.filter(year__in=list(years))
    return list(found.values_list("year", "counted", "mean", "deviation", "points"))


def read_values(
    wanted: Iterable[tuple[int, int]], *, region_ids: Collection[int]
) -> Mapping[tuple[int, int, int], Value]:
    """Stored values by (indicator, year, region) for pairs of indicator and year (one query)."""
    pairs = list(wanted)
    indicators, years = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return {row[:3]: row[3:] for row in packed_rows(_VALUES, [indicators, years, list(region_ids)])}


def _standing(row: Sequence[Any], records: Records) -> StoredStanding:
    indicator, code, year, counted, compared, mean, deviation, points = row[:8]
    return StoredStanding(indicator, code, year, counted, compared, mean, deviation, tuple(points), records)


def _rows_in(group: Sequence[int], region_ids: Sequence[int]) -> NDArray[np.intp]:
    """The place of each region in a group, −1 for one that is not in it."""
    place = {region: number for number, region in enumerate(group)}
    return np.array([place.get(region, -1) for region in region_ids], dtype=np.intp)


def _taken(records: Records, rows: NDArray[np.intp]) -> Records:
    taken = records[rows]
    taken[rows < 0] = NOWHERE
    return taken
