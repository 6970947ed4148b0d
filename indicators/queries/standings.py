"""Where regions stand, read for pages: one region × all indicators, a prefecture × all indicators, one indicator.

Figures are the stored, protected ones: a hidden figure stands nowhere and takes part in nobody else's standing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.definitions.registry import get_definition
from indicators.models import IndicatorValue
from indicators.queries.benchmark import get_places
from indicators.queries.benchmarks import Benchmark, BenchmarkTable, get_benchmarks
from indicators.queries.similar import SimilarArea, get_likeness
from indicators.results import IndicatorQuery, Level
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
from zaitaku.lib.statistics.ranking import quantile_points

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
    """
    found = []
    for code in _codes(codes):
        standings = get_level_standings(code, level=level, scheme=scheme, against=against)
        row = standings.row(region_code)
        if row is not None and standings.spread is not None:
            found.append((row, standings.spread))
    return tuple(found)


def get_standing_matrix(
    *,
    level: Level,
    prefecture: str = "",
    scheme: str = "",
    codes: Sequence[str] | None = None,
    against: Against = Against.NATION,
) -> StandingMatrix:
    """All regions of a level in a prefecture (or the 47 prefectures) × the indicators that have figures there."""
    places = get_places(IndicatorQuery(code="", level=level, scheme=scheme, prefecture=prefecture))
    places = tuple(place for place in places if prefecture in ("", place.prefecture_code))
    tables = [get_level_standings(code, level=level, scheme=scheme, against=against) for code in _codes(codes)]
    tables = [table for table in tables if table.spread is not None]
    by_code = [{row.region_code: row for row in table.rows} for table in tables]
    return StandingMatrix(
        level=level,
        scheme=scheme,
        prefecture=prefecture,
        regions=tuple((place.code, place.name) for place in places),
        codes=tuple(table.code for table in tables),
        rows=tuple(tuple(rows.get(place.code) for rows in by_code) for place in places),
        spreads={table.code: table.spread for table in tables if table.spread is not None},
        years={table.code: table.year for table in tables if table.year is not None},
    )


def get_level_standings(
    code: str,
    *,
    level: Level,
    scheme: str = "",
    prefecture: str = "",
    year: int | None = None,
    against: Against = Against.NATION,
) -> LevelStandings:
    """All regions of a level (of one prefecture, if its code is given) in one year of an indicator, None the newest.

    Ranks, deciles and spread are those of the whole country in any case. Raises `UnknownIndicator`.
    """
    query = IndicatorQuery(code=code, level=level, scheme=scheme, year=year)
    table = get_benchmarks(query)
    values = [row.figure.value for row in table.rows if row.figure.value is not None]
    ranked = [row for row in table.rows if row.rank is not None]
    by_prefecture: dict[str, list[int]] = {}
    for row in ranked:
        by_prefecture.setdefault(row.prefecture_code, []).append(row.rank or 0)
    rows = tuple(
        _row(row, table, by_prefecture.get(row.prefecture_code, []), against)
        for row in table.rows
        if prefecture in ("", row.prefecture_code)
    )
    return LevelStandings(
        code=code,
        level=level,
        scheme=scheme,
        prefecture=prefecture,
        year=table.year,
        years=table.years,
        rows=rows,
        spread=_spread(values),
        nation=table.comparators.get("00"),
        compared=table.compared,
        multiple_testing=table.multiple_testing,
        age=table.age,
    )


def get_quantile_bands(
    code: str, *, level: Level, scheme: str = "", years: Sequence[int] | None = None
) -> tuple[QuantileBand, ...]:
    """Minimum, deciles and maximum of the peers in each year (of `years`, or all) that has figures, oldest first."""
    newest = get_level_standings(code, level=level, scheme=scheme)
    bands = []
    for year in sorted(set(newest.years) & set(newest.years if years is None else years)):
        rows = get_level_standings(code, level=level, scheme=scheme, year=year).rows
        values = [row.figure.value for row in rows if row.figure.value is not None]
        if values:
            points = quantile_points(values, shares=np.linspace(0, 1, 11))
            bands.append(QuantileBand(year=year, count=len(values), points=tuple(points.tolist())))
    return tuple(bands)


def get_similar_regions(region_code: str, *, level: Level, scheme: str = "", count: int = 5) -> SimilarRegions:
    """The regions of the same level (and scheme) most like one, with the distances and why."""
    places = get_places(IndicatorQuery(code="", level=level, scheme=scheme))
    by_id = {place.id: place for place in places}
    likeness = get_likeness([place.id for place in places])
    own = next(number for number, place in enumerate(places) if place.code == region_code)
    types = dict(zip(by_id, likeness.types, strict=True))

    def region(similar: SimilarArea) -> SimilarRegion:
        place = by_id[similar.region_id]
        return SimilarRegion(
            region_id=place.id,
            region_code=place.code,
            region_name=place.name,
            prefecture_code=place.prefecture_code,
            prefecture_name=place.prefecture_name,
            area_type=types[place.id],
            distance=similar.distance,
            differences=tuple(
                Difference(name=name, own="", other="", deviations=number)
                for name, number in similar.differences.items()
            ),
        )

    return SimilarRegions(
        region_code=region_code,
        area_type=likeness.types[own],
        note=likeness.note,
        regions=tuple(region(similar) for similar in likeness.similar[own][:count]),
    )


def _row(row: Benchmark, table: BenchmarkTable, ranks_inside: list[int], against: Against) -> StandingRow:
    inside = against is Against.PREFECTURE and table.level != Level.PREFECTURE
    nation = table.comparators.get("00")
    return StandingRow(
        indicator_code=table.code,
        region_id=row.region_id,
        region_code=row.code,
        region_name=row.name,
        prefecture_code=row.prefecture_code,
        prefecture_name=row.prefecture_code,
        level=table.level,
        scheme=table.scheme,
        year=table.year or 0,
        figure=row.figure,
        nation=nation,
        comparator=table.comparators.get(row.prefecture_code) if inside else nation,
        comparator_name=row.prefecture_code if inside else "全国",
        position=row.position,
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        ranked=table.ranked,
        prefecture_rank=None if row.rank is None else 1 + sum(rank < row.rank for rank in ranks_inside),
        prefecture_ranked=len(ranks_inside),
        decile=row.decile,
        score=row.score,
        trend=row.trend,
        trend_reason=row.trend_reason,
    )


def _spread(values: Sequence[float]) -> Spread | None:
    if not values:
        return None
    points = quantile_points(values, shares=(0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)).tolist()
    names = ("minimum", "p10", "p25", "median", "p75", "p90", "maximum")
    return Spread(count=len(values), **dict(zip(names, points, strict=True)))


def _codes(codes: Sequence[str] | None) -> list[str]:
    """The indicators asked for, or all that were computed."""
    wanted = None if codes is None else [get_definition(code).code for code in codes]
    found = IndicatorValue.objects.order_by("indicator__code").values_list("indicator__code", flat=True).distinct()
    return [code for code in found if wanted is None or code in wanted]
