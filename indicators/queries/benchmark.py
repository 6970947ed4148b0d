"""Values of one indicator for many regions, as figures ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from django.db import connection
from django.utils import timezone

from indicators.models import IndicatorValue, Status
from indicators.results import Figure, IndicatorQuery, Level, Measure, Order, RegionRow, State
from regions.models import Region
from regions.queries.regions import get_base_units, get_nation, get_prefectures, get_regions
from regions.queries.schemes import get_areas
from regions.results import RegionInfo
from zaitaku.lib.statistics.ranking import rank_intervals

# What every page shows of a rate; counts are whole numbers. One rounding, here, for every output.
RATE_DECIMALS = 1
_NO_VALUE_YET = "まだ計算されていません"
_STATES = {
    Status.OBSERVED: State.OBSERVED,
    Status.PROVISIONAL: State.PROVISIONAL,
    Status.SUPPRESSED: State.SUPPRESSED,
    Status.MISSING: State.MISSING,
    Status.NOT_APPLICABLE: State.NOT_APPLICABLE,
}
_VALUES = """
SELECT region_id, year, value, numerator, denominator, lower, upper, status, reason
FROM indicators_indicatorvalue
WHERE indicator_id = (SELECT id FROM indicators_indicator WHERE code = %s)
  AND region_id = ANY(%s) AND (%s::int IS NULL OR year = %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region as the rows name it."""

    id: int
    code: str
    name: str
    prefecture_code: str
    prefecture_name: str


def get_figures(
    indicator_code: str, *, region_ids: Iterable[int], measure: Measure, year: int | None = None
) -> dict[tuple[int, int], Figure]:
    """Figures by (region id, year), of one year or of all."""
    with connection.cursor() as cursor:
        # One array instead of a list of up to 1,892 parameters, which takes Django and the driver 50 ms to write down.
        cursor.execute(_VALUES, [indicator_code, list(region_ids), year, year])
        return {row[:2]: make_figure(*row[2:], measure=measure) for row in cursor}


def make_figure(
    value: float | None,
    numerator: float | None,
    denominator: float | None,
    lower: float | None,
    upper: float | None,
    status: int,
    reason: int,
    *,
    measure: Measure,
) -> Figure:
    """One stored value as shown. As a count it is its numerator, which may exist where the rate does not."""
    state, explanation = _state(status, reason)
    if measure == Measure.COUNT:
        value, lower, upper = numerator, None, None
        if numerator is not None and state not in (State.OBSERVED, State.PROVISIONAL):
            state, explanation = State.OBSERVED, ""
        elif numerator is None and state in (State.OBSERVED, State.PROVISIONAL):
            state, explanation = State.MISSING, "実数は公表されていません"
    decimals = RATE_DECIMALS if measure == Measure.RATE else 0
    return Figure(
        state=state,
        value=_round(value, decimals),
        numerator=_round(numerator, 2),
        denominator=_round(denominator, 2),
        lower=_round(lower, decimals),
        upper=_round(upper, decimals),
        reason=explanation,
        text=state.label if value is None else f"{_round(value, decimals):,.{decimals}f}",
    )


def no_figure() -> Figure:
    """The figure of a region nothing was computed for."""
    return Figure(state=State.MISSING, reason=_NO_VALUE_YET, text=State.MISSING.label)


def get_places(query: IndicatorQuery) -> tuple[Place, ...]:
    """The regions that the view lists, in order of code, each with the prefecture it lies in."""
    if query.level == Level.PREFECTURE:
        return tuple(_prefecture_place(region) for region in get_prefectures())
    if query.level == Level.AREA:
        return _area_places(query)
    return _unit_places(query)


def get_country() -> tuple[Place, ...]:
    """The nation and the 47 prefectures: comparator, series and years come from their values at once."""
    nation = get_nation()
    place = Place(id=nation.id, code=nation.code, name=nation.name, prefecture_code="", prefecture_name="")
    return (place, *(_prefecture_place(region) for region in get_prefectures()))


def get_designated_cities(query: IndicatorQuery) -> tuple[Place, ...]:
    """The designated cities (of the prefecture), as a whole."""
    names = {region.code: region.name for region in get_prefectures()}
    regions = get_regions(Region.Kind.MUNICIPALITY.value, on=timezone.localdate(), prefecture_code=query.prefecture)
    return tuple(
        Place(
            id=region.id,
            code=region.code,
            name=region.name,
            prefecture_code=region.code[:2],
            prefecture_name=names[region.code[:2]],
        )
        for region in regions
        if region.is_designated_city
    )


def make_rows(
    places: Iterable[Place], figures: dict[tuple[int, int], Figure], *, year: int | None, query: IndicatorQuery
) -> tuple[RegionRow, ...]:
    """The places with their figures, ranked from the highest and in the order asked for."""
    rows = [
        RegionRow(
            code=place.code,
            name=place.name,
            figure=figures.get((place.id, year or 0)) or no_figure(),
            prefecture_code=place.prefecture_code,
            prefecture_name=place.prefecture_name,
            is_own=query.level == Level.PREFECTURE and place.code == query.prefecture,
        )
        for place in places
    ]
    return tuple(sorted(_ranked(rows), key=_order_key(query.order)))


def _ranked(rows: Sequence[RegionRow]) -> list[RegionRow]:
    """The rows with their ranks, and where there are intervals with the ranks each may hold. In order of code: the
    draws behind a rank interval belong to places of the list, and must not change with the order of a view."""
    ranks = _ranks([row.figure.value for row in rows if row.figure.value is not None])
    known = [row for row in rows if row.figure.value is not None]
    lows: list[int | None] = [None] * len(known)
    highs = list(lows)
    if any(row.figure.lower is not None for row in known):
        limits = ([getattr(row.figure, name) for row in known] for name in ("value", "lower", "upper"))
        low, high = rank_intervals(*(np.array(part, dtype=np.float64) for part in limits))
        lows, highs = low.astype(int).tolist(), high.astype(int).tolist()
    found = iter(zip(lows, highs, strict=True))
    return [
        replace(row, rank=ranks[row.figure.value], rank_low=pair[0], rank_high=pair[1])
        if row.figure.value is not None and (pair := next(found))
        else row
        for row in rows
    ]


def _prefecture_place(region: RegionInfo) -> Place:
    return Place(
        id=region.id, code=region.code, name=region.name, prefecture_code=region.code, prefecture_name=region.name
    )


def _area_places(query: IndicatorQuery) -> tuple[Place, ...]:
    prefectures = {region.id: region for region in get_prefectures()}
    return tuple(
        Place(
            id=area.id,
            code=area.code,
            name=area.name,
            prefecture_code=prefectures[area.parent_id].code,
            prefecture_name=prefectures[area.parent_id].name,
        )
        for area in get_areas(query.scheme, prefecture_code=query.prefecture)
        if area.parent_id in prefectures
    )


def _unit_places(query: IndicatorQuery) -> tuple[Place, ...]:
    """Base units: a designated city stands in the list through its wards, as in every sum."""
    prefectures = {region.code: region.name for region in get_prefectures()}
    return tuple(
        Place(
            id=unit.id,
            code=unit.code,
            name=unit.name,
            prefecture_code=unit.prefecture_code,
            prefecture_name=prefectures[unit.prefecture_code],
        )
        for unit in get_base_units(timezone.localdate())
        if query.prefecture in ("", unit.prefecture_code)
    )


@cache
def _state(status: int, reason: int) -> tuple[State, str]:
    known = IndicatorValue.Reason(reason)
    if known == IndicatorValue.Reason.NOT_IMPORTED:
        return State.NOT_IMPORTED, str(known.label)
    return _STATES[Status(status)], str(known.label)


def _round(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals) + 0.0


def _ranks(values: list[float]) -> dict[float | None, int]:
    """Rank of each value from the highest; equal values share the better rank (1, 2, 2, 4)."""
    ranks: dict[float | None, int] = {}
    for position, value in enumerate(sorted(values, reverse=True), start=1):
        ranks.setdefault(value, position)
    return ranks


def _order_key(order: Order) -> Callable[[RegionRow], tuple[bool, float, str]]:
    """Sort key of the rows; by value the regions without one come last."""
    if order == Order.JIS:
        return lambda row: (False, 0.0, row.code)
    return lambda row: (row.figure.value is None, -(row.figure.value or 0.0), row.code)
