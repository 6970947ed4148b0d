"""Where regions stand, read for pages: one region × all indicators, a prefecture × all indicators, one indicator.

The engine stores standings with the values they follow from (docs/decisions/0025), so that each of these is a few
indexed reads. Years that pages do not open with, and the view of a past day, are worked out when they are asked for.
Figures are the stored, protected ones: a hidden figure stands nowhere and takes part in nobody else's standing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from indicators.benchmark_words import data_age, multiple_testing_note
from indicators.definitions.registry import all_definitions, get_definition
from indicators.formulas.peers import SHARES
from indicators.queries.benchmark import Place, get_country, get_places, make_figure, no_figure
from indicators.queries.live_standings import LiveStanding, find_as_at, find_live
from indicators.queries.similar import get_similar_regions
from indicators.queries.stored_standings import (
    StoredStanding,
    Value,
    read_of_region,
    read_of_regions,
    read_spreads,
    read_values,
)
from indicators.queries.versions import get_as_of
from indicators.results import Figure, IndicatorQuery, Level, Measure
from indicators.standings import (
    Against,
    Difference,
    LevelStandings,
    QuantileBand,
    SimilarRegion,
    SimilarRegions,
    Spread,
    StandingMatrix,
    StandingRow,
)
from regions.models import Region
from zaitaku.lib.statistics.comparison import Position
from zaitaku.lib.statistics.trends import Trend, TrendReason

__all__ = [
    "Against",
    "Difference",
    "LevelStandings",
    "QuantileBand",
    "SimilarRegion",
    "SimilarRegions",
    "Spread",
    "StandingMatrix",
    "StandingRow",
    "get_level_standings",
    "get_quantile_bands",
    "get_region_standings",
    "get_similar_regions",
    "get_standing_matrix",
]
_NATION = "00"
# Looked up thousands of times for one page; calling an enumeration takes ten times as long.
_POSITIONS = {int(one): one for one in Position}
_TRENDS = {int(one): one for one in Trend}
_TREND_REASONS = {int(one): one for one in TrendReason}
_SPREAD = {"minimum": 0.0, "p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9, "maximum": 1.0}
_BAND = tuple(SHARES.index(tenth / 10) for tenth in range(11))
# A deviation that is rounding noise makes no score, as `zaitaku.lib.statistics.ranking.deviation_scores` has it.
_NOISE = 1e-12


def get_region_standings(
    region_code: str,
    *,
    level: Level,
    scheme: str = "",
    codes: Sequence[str] | None = None,
    against: Against = Against.NATION,
) -> tuple[tuple[StandingRow, Spread], ...]:
    """One region in every indicator (or those of `codes`) that has figures at its level, each in its newest year.

    In the order of the codes. A region without a number is there, with its reason; its peers' spread stands beside it.
    Raises `Region.DoesNotExist`.
    """
    place = find_place(region_code, level=level, scheme=scheme)
    found = read_of_region(place.id, level=level, scheme=scheme, codes=_codes(codes))
    above = [one for one in get_country() if one.code in (_NATION, place.prefecture_code)]
    values = read_values(
        [(one.indicator_id, one.year) for one in found], region_ids=[place.id, *(one.id for one in above)]
    )
    table = _Table(level, scheme, against, {one.code: one for one in above}, values)
    return tuple((table.row(one, 0, place), make_spread(one)) for one in found)


def get_standing_matrix(
    *,
    level: Level,
    prefecture: str = "",
    scheme: str = "",
    codes: Sequence[str] | None = None,
    against: Against = Against.NATION,
) -> StandingMatrix:
    """All regions of a level in a prefecture (or all of the country) × the indicators that have figures there."""
    places = _places(level, scheme, prefecture)
    found = read_of_regions([place.id for place in places], level=level, scheme=scheme, codes=_codes(codes))
    table = _table(found, places, level=level, scheme=scheme, against=against)
    return StandingMatrix(
        level=level,
        scheme=scheme,
        prefecture=prefecture,
        regions=tuple((place.code, place.name) for place in places),
        codes=tuple(one.code for one in found),
        rows=tuple(tuple(table.row(one, number, place) for one in found) for number, place in enumerate(places)),
        spreads={one.code: make_spread(one) for one in found},
        years={one.code: one.year for one in found},
    )


def get_level_standings(
    code: str,
    *,
    level: Level,
    scheme: str = "",
    prefecture: str = "",
    year: int | None = None,
    against: Against = Against.NATION,
    as_at: dt.date | None = None,
) -> LevelStandings:
    """All regions of a level (of one prefecture, if its code is given) in one year of an indicator, None the newest.

    Ranks, deciles and spread are those of the whole country in any case. Of past years and for a past day `as_at` they
    are worked out: slower. Raises `UnknownIndicator`.
    """
    definition = get_definition(code)
    places = _places(level, scheme, "")
    live = _find(code, places, level=level, scheme=scheme, year=year, as_at=as_at)
    standing = live.standing
    chosen = year if standing is None else standing.year
    rows: tuple[StandingRow, ...] = ()
    nation = None
    if standing is not None:
        table = _Table(level, scheme, against, {one.code: one for one in get_country()}, live.values)
        shown = [pair for pair in enumerate(places) if prefecture in ("", pair[1].prefecture_code)]
        rows = tuple(table.row(standing, number, place) for number, place in shown)
        nation = table.figure(standing, _NATION)
    number = 0 if standing is None else standing.compared
    return LevelStandings(
        code=definition.code,
        level=level,
        scheme=scheme,
        prefecture=prefecture,
        year=chosen,
        years=live.years,
        rows=rows,
        spread=None if standing is None else make_spread(standing),
        nation=nation,
        compared=number,
        multiple_testing=multiple_testing_note(number),
        age=data_age(get_as_of(code, chosen), today=timezone.localdate()),
    )


def get_quantile_bands(
    code: str, *, level: Level, scheme: str = "", years: Sequence[int] | None = None
) -> tuple[QuantileBand, ...]:
    """Minimum, deciles and maximum of the peers in each year (of `years`, or all) that has figures, oldest first."""
    return tuple(
        QuantileBand(year=year, count=counted, points=tuple(points[number] for number in _BAND))
        for year, counted, _mean, _deviation, points in read_spreads(code, level=level, scheme=scheme, years=years)
    )


def make_spread(standing: StoredStanding) -> Spread:
    """The spread in the words of pages."""
    points = {name: standing.points[SHARES.index(share)] for name, share in _SPREAD.items()}
    return Spread(count=standing.counted, **points)


def find_place(region_code: str, *, level: Level, scheme: str = "") -> Place:
    """A region of a level by its code. Raises `Region.DoesNotExist`."""
    for place in _places(level, scheme, ""):
        if place.code == region_code:
            return place
    raise Region.DoesNotExist(region_code)


def _places(level: Level, scheme: str, prefecture: str) -> tuple[Place, ...]:
    """The regions of a level in order of code; all prefectures, or the one named."""
    found = get_places(IndicatorQuery(code="", level=level, scheme=scheme, prefecture=prefecture))
    return tuple(place for place in found if prefecture in ("", place.prefecture_code))


def _find(
    code: str, places: Sequence[Place], *, level: Level, scheme: str, year: int | None, as_at: dt.date | None
) -> LiveStanding:
    """As stored, if that is what is asked for, else worked out."""
    if as_at is not None:
        return find_as_at(get_definition(code), places, get_country(), year=year, as_at=as_at)
    years = tuple(one[0] for one in read_spreads(code, level=level, scheme=scheme))
    if years and year not in (None, years[-1]):
        live = find_live(get_definition(code), places, get_country(), year=year or 0)
        return LiveStanding(live.standing, live.values, years)
    found = read_of_regions([place.id for place in places], level=level, scheme=scheme, codes=[code])
    if not found:
        return LiveStanding(None, {}, years)
    values = _read_values(found, places)
    return LiveStanding(found[0], values, years)


def _read_values(found: Iterable[StoredStanding], places: Sequence[Place]) -> Mapping[tuple[int, int, int], Value]:
    ids = {place.id for place in (*get_country(), *places)}
    return read_values([(one.indicator_id, one.year) for one in found], region_ids=ids)


def _table(
    found: Sequence[StoredStanding], places: Sequence[Place], *, level: Level, scheme: str, against: Against
) -> _Table:
    above = {one.code: one for one in get_country()}
    return _Table(level, scheme, against, above, _read_values(found, places))


@dataclass(frozen=True, slots=True)
class _Table:
    """Puts rows together from standings and values."""

    level: Level
    scheme: str
    against: Against
    above: Mapping[str, Place]
    values: Mapping[tuple[int, int, int], Value]
    _figures: dict[tuple[int, str], Figure | None] = field(default_factory=dict)

    def row(self, standing: StoredStanding, number: int, place: Place) -> StandingRow:
        """The row of the place whose record has this number."""
        rank, low, high, inside, ranked_inside, decile, nation, prefecture, trend, reason = standing.places[number]
        value = self.values.get((standing.indicator_id, standing.year, place.id))
        is_inside = self._is_inside
        above = self.figure(standing, _NATION)
        return StandingRow(
            indicator_code=standing.code,
            region_id=place.id,
            region_code=place.code,
            region_name=place.name,
            prefecture_code=place.prefecture_code,
            prefecture_name=place.prefecture_name,
            level=self.level,
            scheme=self.scheme,
            year=standing.year,
            figure=no_figure() if value is None else make_figure(*value, measure=Measure.RATE),
            nation=above,
            comparator=self.figure(standing, place.prefecture_code) if is_inside else above,
            comparator_name=place.prefecture_name if is_inside else "全国",
            position=_POSITIONS[prefecture if is_inside else nation],
            rank=rank or None,
            rank_low=low or None,
            rank_high=high or None,
            ranked=standing.counted,
            prefecture_rank=inside or None,
            prefecture_ranked=ranked_inside,
            decile=decile or None,
            score=_score(value, standing),
            trend=_TRENDS[trend],
            trend_reason=_TREND_REASONS[reason],
        )

    def figure(self, standing: StoredStanding, code: str) -> Figure | None:
        """The figure of the nation or a prefecture in the same year."""
        key = (standing.indicator_id, code)
        if key not in self._figures:
            place = self.above.get(code)
            value = None if place is None else self.values.get((standing.indicator_id, standing.year, place.id))
            self._figures[key] = None if value is None else make_figure(*value, measure=Measure.RATE)
        return self._figures[key]

    @property
    def _is_inside(self) -> bool:
        return self.against is Against.PREFECTURE and self.level != Level.PREFECTURE


def _score(value: Value | None, standing: StoredStanding) -> float | None:
    if value is None or value[0] is None or standing.deviation <= _NOISE * abs(standing.mean):
        return None
    return round(50 + 10 * (value[0] - standing.mean) / standing.deviation, 1)


def _codes(codes: Sequence[str] | None) -> list[str]:
    """The indicators asked for, or all that may be seen here."""
    return [one.code for one in (all_definitions() if codes is None else map(get_definition, codes))]
