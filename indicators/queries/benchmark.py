"""Values of one indicator for many regions, as figures ready to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from indicators.models import IndicatorValue, Status
from indicators.queries.packed import packed_rows
from indicators.results import Figure, IndicatorQuery, Level, Measure, Order, RegionRow, State
from regions.queries.caching import remembered
from regions.queries.regions import get_base_units, get_nation, get_prefectures
from regions.queries.regions import get_designated_cities as designated_cities
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
_WITH_NUMBER = (State.OBSERVED, State.PROVISIONAL)
_VALUES = """
SELECT region_id, year::int, value, numerator, denominator, lower, upper, status::int, reason::int
FROM indicators_indicatorvalue
WHERE indicator_id = (SELECT id FROM indicators_indicator WHERE code = %s)
  AND region_id = ANY(%s::bigint[]) AND (%s::int IS NULL OR year = %s::int)
"""


RankInterval = tuple[int | None, int | None]
"""Lowest and highest rank a region may hold, counted from the highest value."""
_NO_RANKS: RankInterval = (None, None)


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
    # The ids are one array instead of up to 1,892 parameters, which take Django and the driver 50 ms to write down.
    rows = packed_rows(_VALUES, [indicator_code, list(region_ids), year, year])
    return {row[:2]: make_figure(*row[2:], measure=measure) for row in rows}


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
    decimals = RATE_DECIMALS
    if measure == Measure.COUNT:
        decimals, value, lower, upper = 0, numerator, None, None
        if numerator is not None and state not in _WITH_NUMBER:
            state, explanation = State.OBSERVED, ""
        elif numerator is None and state in _WITH_NUMBER:
            state, explanation = State.MISSING, "実数は公表されていません"
    rounded = None if value is None else round(value, decimals) + 0.0
    return Figure(
        state=state,
        value=rounded,
        numerator=None if numerator is None else round(numerator, 2) + 0.0,
        denominator=None if denominator is None else round(denominator, 2) + 0.0,
        lower=None if lower is None else round(lower, decimals) + 0.0,
        upper=None if upper is None else round(upper, decimals) + 0.0,
        reason=explanation,
        text=state.label if rounded is None else f"{rounded:,.{decimals}f}",
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
    return tuple(
        Place(
            id=region.id,
            code=region.code,
            name=region.name,
            prefecture_code=region.code[:2],
            prefecture_name=names[region.code[:2]],
        )
        for region in designated_cities(timezone.localdate())
        if query.prefecture in ("", region.code[:2])
    )


def make_rows(
    places: Sequence[Place],
    figures: Mapping[tuple[int, int], Figure],
    *,
    year: int | None,
    query: IndicatorQuery,
    held: Sequence[RankInterval] = (),
) -> tuple[RegionRow, ...]:
    """The places with their figures, ranked from the highest and in the order asked for. Places come in order of code:
    the draws behind a rank interval belong to places of the list, and must not change with the order of a view.

    `held`: the rank interval of each place where it is stored; else they are worked out.
    """
    nothing = no_figure()
    shown = [figures.get((place.id, year or 0)) or nothing for place in places]
    ranks = _ranks([figure.value for figure in shown if figure.value is not None])
    is_prefecture = query.level == Level.PREFECTURE
    rows = [
        RegionRow(
            code=place.code,
            name=place.name,
            figure=figure,
            prefecture_code=place.prefecture_code,
            prefecture_name=place.prefecture_name,
            is_own=is_prefecture and place.code == query.prefecture,
            rank=ranks.get(figure.value),
            rank_low=low,
            rank_high=high,
        )
        for place, figure, (low, high) in zip(places, shown, _rank_intervals(shown, ranks, held), strict=True)
    ]
    return tuple(sorted(rows, key=_order_key(query.order)))


def _rank_intervals(
    shown: Sequence[Figure], ranks: Mapping[float | None, int], held: Sequence[RankInterval]
) -> Sequence[RankInterval]:
    """The ranks each may hold, none without intervals. Stored ones follow from values before they were rounded: they
    are widened where they would not hold the rank of the value shown."""
    if all(figure.lower is None for figure in shown):
        return [_NO_RANKS] * len(shown)
    if not held:
        limits = ([getattr(figure, name) for figure in shown] for name in ("value", "lower", "upper"))
        low, high = rank_intervals(*(np.array(part, dtype=np.float64) for part in limits))
        held = list(zip(_whole(low), _whole(high), strict=True))
    return [
        _NO_RANKS if (rank := ranks.get(figure.value)) is None else (min(low or rank, rank), max(high or rank, rank))
        for figure, (low, high) in zip(shown, held, strict=True)
    ]


def _whole(numbers: NDArray[np.float64]) -> list[int]:
    """NaN is 0: no rank."""
    return [int(number) for number in np.nan_to_num(numbers).tolist()]


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
    return _units_of(timezone.localdate(), query.prefecture)


@remembered
def _units_of(on: dt.date, prefecture: str) -> tuple[Place, ...]:
    names = {region.code: region.name for region in get_prefectures()}
    return tuple(
        Place(
            id=unit.id,
            code=unit.code,
            name=unit.name,
            prefecture_code=unit.prefecture_code,
            prefecture_name=names[unit.prefecture_code],
        )
        for unit in get_base_units(on)
        if prefecture in ("", unit.prefecture_code)
    )


@cache
def _state(status: int, reason: int) -> tuple[State, str]:
    known = IndicatorValue.Reason(reason)
    if known == IndicatorValue.Reason.NOT_IMPORTED:
        return State.NOT_IMPORTED, str(known.label)
    return _STATES[Status(status)], str(known.label)


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
