"""Benchmark results: one frozen row a region with everything that may be said about its figure.

Read by pages, exports and plans alike, so that none of them judges on its own. Worked out for a whole level at once and
kept until the indicator's data change. Figures are the stored, protected ones: a hidden figure has no verdict, no rank
and no trend, and takes part in nobody else's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from django.utils import timezone

from indicators.benchmark_words import VERDICTS, Words, data_age, make_sentence, multiple_testing_note, whole
from indicators.definitions import get_definition
from indicators.definitions.schema import Definition, Method
from indicators.formulas.standing import Column, Development, Standing, find_development, find_standing
from indicators.models import IndicatorValue, IndicatorYear
from indicators.queries.benchmark import Place, get_country, get_places, make_figure, no_figure
from indicators.queries.similar import Likeness, SimilarArea, get_likeness
from indicators.queries.versions import get_data_version
from indicators.results import Figure, IndicatorQuery, Level, Measure
from zaitaku.lib.statistics.comparison import Position, Verdict
from zaitaku.lib.statistics.trends import Trend, TrendReason
from zaitaku.sources.models import SourceFile

NATION = "00"
_KEPT_SECONDS = 12 * 3600
_NUMBERS = ("value", "numerator", "denominator", "lower", "upper")
_Stored = dict[tuple[int, int], tuple[float | None, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One region's figure with its standing. `rank` counts from the highest; None is "there is none"."""

    region_id: int
    code: str
    name: str
    prefecture_code: str
    figure: Figure
    position: Position
    verdict: Verdict
    verdict_label: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    decile: int | None
    score: float | None
    trend: Trend
    trend_reason: TrendReason
    trend_p: float | None
    area_type: str
    similar: tuple[SimilarArea, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkTable:
    """All regions of a level in one year. `comparators`: 2-digit code → figure, the nation's and the prefectures'."""

    code: str
    level: Level
    scheme: str
    year: int | None
    years: tuple[int, ...]
    rows: tuple[Benchmark, ...]
    comparators: dict[str, Figure]
    ranked: int
    compared: int
    multiple_testing: str
    similarity_note: str
    as_of: dt.date | None
    age: str

    def row(self, region_code: str) -> Benchmark | None:
        """The row of one region."""
        return next((row for row in self.rows if row.code == region_code), None)


def get_benchmarks(query: IndicatorQuery) -> BenchmarkTable:
    """The benchmark of the view's level, scheme and year, for all regions of the country.

    Regions are compared with the nation; areas and municipalities of a view inside a prefecture with that prefecture.
    Ranks are among all regions of the level, or of the prefecture where the view names one. Raises `UnknownIndicator`.
    """
    parts = (
        get_data_version(query.code),
        query.level,
        query.scheme,
        query.prefecture,
        query.year,
        timezone.localdate(),
    )
    key = "benchmarks:" + hashlib.sha256("|".join(map(str, (query.code, *parts))).encode()).hexdigest()
    table: BenchmarkTable | None = cache.get(key)
    if table is None:
        table = make_benchmarks(query, today=timezone.localdate())
        cache.set(key, table, _KEPT_SECONDS)
    return table


def make_benchmarks(query: IndicatorQuery, *, today: dt.date) -> BenchmarkTable:
    """The same, worked out anew."""
    definition = get_definition(query.code)
    places, country = get_places(query), get_country()
    stored = _read(query.code, [place.id for place in (*places, *country)])
    years = sorted({year for _region, year in stored})
    year = query.year if query.year is not None else max(years, default=None)
    ids = [place.id for place in places]
    columns = [_column(stored, ids, one) for one in years]
    current = _column(stored, ids, year or 0)
    standing = find_standing(definition, current, comparator=_comparators(query, places, country, stored, year or 0))
    development = find_development(definition, columns, years=years) if columns else None
    likeness = get_likeness(ids) if ids else Likeness(similar=(), types=(), note="")
    figures = {place.code: _figure(stored.get((place.id, year or 0))) for place in country}
    as_of = _as_of(query.code, year)
    maker = _Maker(definition, query, year or 0, standing, development, likeness, figures)
    return BenchmarkTable(
        code=query.code,
        level=query.level,
        scheme=query.scheme,
        year=year,
        years=tuple(years),
        rows=tuple(maker.row(number, place, stored) for number, place in enumerate(places)),
        comparators=figures,
        ranked=standing.ranked,
        compared=standing.compared,
        multiple_testing=multiple_testing_note(standing.compared),
        similarity_note=likeness.note,
        as_of=as_of,
        age=data_age(as_of, today=today),
    )


def _read(code: str, region_ids: Sequence[int]) -> _Stored:
    """Stored values by (region, year), with status and reason at the end (one query)."""
    found = IndicatorValue.objects.filter(indicator__code=code, region_id__in=region_ids)
    return {row[:2]: row[2:] for row in found.values_list("region_id", "year", *_NUMBERS, "status", "reason")}


def _column(stored: _Stored, ids: Sequence[int], year: int) -> Column:
    nothing = (None,) * len(_NUMBERS)
    rows = [stored.get((region, year), nothing)[: len(_NUMBERS)] for region in ids]
    table = np.array(rows, dtype=np.float64).reshape(len(ids), len(_NUMBERS))
    return Column(*table.T)


def _comparators(
    query: IndicatorQuery, places: Sequence[Place], country: Sequence[Place], stored: _Stored, year: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The value each region is compared with."""
    by_code = {place.code: _value(stored.get((place.id, year))) for place in country}
    inside = query.level != Level.PREFECTURE and bool(query.prefecture)
    return np.array([by_code.get(place.prefecture_code if inside else NATION, np.nan) for place in places])


def _value(row: tuple[float | None, ...] | None) -> float:
    return math.nan if row is None or row[0] is None else row[0]


def _figure(row: tuple[float | None, ...] | None) -> Figure:
    if row is None:
        return no_figure()
    value, numerator, denominator, lower, upper, status, reason = row
    return make_figure(
        value, numerator, denominator, lower, upper, int(status or 0), int(reason or 0), measure=Measure.RATE
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Puts the rows together."""

    definition: Definition
    query: IndicatorQuery
    year: int
    standing: Standing
    development: Development | None
    likeness: Likeness
    comparators: dict[str, Figure]

    def row(self, number: int, place: Place, stored: _Stored) -> Benchmark:
        standing = self.standing
        figure = _figure(stored.get((place.id, self.year)))
        verdict = Verdict(int(standing.verdict[number]))
        trend, reason, p = self._trend(number)
        rank = whole(standing.rank[number])
        position = Position(int(standing.position[number]))
        return Benchmark(
            region_id=place.id,
            code=place.code,
            name=place.name,
            prefecture_code=place.prefecture_code,
            figure=figure,
            position=position,
            verdict=verdict,
            verdict_label=VERDICTS[verdict],
            rank=rank,
            rank_low=whole(standing.rank_low[number]),
            rank_high=whole(standing.rank_high[number]),
            decile=whole(standing.decile[number]),
            score=None if math.isnan(standing.score[number]) else round(float(standing.score[number]), 1),
            trend=trend,
            trend_reason=reason,
            trend_p=p,
            area_type=self.likeness.types[number] if self.query.level == Level.AREA else "",
            similar=self.likeness.similar[number],
            sentence=self._sentence(number, place, figure, rank, trend, reason),
        )

    def _trend(self, number: int) -> tuple[Trend, TrendReason, float | None]:
        if self.development is None or math.isnan(self.standing.rank[number]):
            return Trend.CANNOT_BE_CALCULATED, TrendReason.TOO_FEW_YEARS, None
        recent, p = self.development.recent, float(self.development.p[number])
        direction, reason = Trend(int(recent.direction[number])), TrendReason(int(recent.reason[number]))
        return direction, reason, None if math.isnan(p) else p

    def _sentence(
        self, number: int, place: Place, figure: Figure, rank: int | None, trend: Trend, reason: TrendReason
    ) -> str:
        if rank is None:
            why = figure.reason or figure.text
            return f"{place.name}の{self.definition.name}（{self.year}年度）は表示できません：{why}。"
        inside = self.query.level != Level.PREFECTURE and bool(self.query.prefecture)
        comparator = self.comparators[place.prefecture_code if inside else NATION]
        is_index = self.definition.method is Method.STANDARDISED_RATIO  # 全国＝100 is its own unit
        unit, _, base = ("", "", "") if is_index else self.definition.unit.partition("/")
        return make_sentence(
            Words(
                region=place.name,
                subject=f"{self.definition.name}{f'（{base}あたり）' if base else ''}",
                year=self.year,
                value=figure.text,
                unit=unit,
                comparator=place.prefecture_name if inside else "全国",
                comparator_value="" if comparator.value is None else comparator.text,
                interval=f"{figure.lower:,.1f}–{figure.upper:,.1f}" if figure.lower is not None else "",
                position=Position(int(self.standing.position[number])),
                verdict=Verdict(int(self.standing.verdict[number])),
                rank=rank,
                rank_low=whole(self.standing.rank_low[number]),
                rank_high=whole(self.standing.rank_high[number]),
                ranked=self.standing.ranked,
                trend=trend,
                trend_reason=reason,
            )
        )


def _as_of(code: str, year: int | None) -> dt.date | None:
    """The date of what is counted: of the first source, since those of the denominator come after."""
    behind = IndicatorYear.objects.filter(indicator__code=code, year=year or 0).values_list("source_ids", flat=True)
    first = (behind.first() or [0])[0]
    return SourceFile.objects.filter(id=first).values_list("as_of", flat=True).first()
