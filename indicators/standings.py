"""Where regions stand, as pages, charts and exports get it: frozen results that need no further query. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from indicators.benchmark_words import VERDICTS, Words, make_sentence
from indicators.definitions.registry import get_definition
from indicators.definitions.schema import Method
from indicators.results import Figure, Level
from zaitaku.lib.statistics.comparison import Polarity, Position, Verdict, judge
from zaitaku.lib.statistics.trends import Trend, TrendReason

# All the judgements there are: a matrix asks for hundreds, one at a time.
_VERDICTS = {
    (position, polarity): Verdict(int(judge(np.array([position], dtype=np.int8), polarity=polarity)[0]))
    for position in Position
    for polarity in Polarity
}


class Against(enum.StrEnum):
    """What a region is compared with. A prefecture has no prefecture above it and is compared with the nation."""

    NATION = "nation"
    PREFECTURE = "prefecture"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """One region's figure of one indicator and year, with its standing among the regions of its level (and scheme).

    `position` and `verdict` are against `comparator`. Ranks count from the highest value, among `ranked` regions of the
    country; `prefecture_rank` among `prefecture_ranked` of the same prefecture; `decile` 1 is the lowest tenth; `score`
    is the 偏差値. None is "there is none": a figure without a number has no rank, no decile, no score, no trend.
    """

    indicator_code: str
    region_id: int
    region_code: str
    region_name: str
    prefecture_code: str
    prefecture_name: str
    level: Level
    scheme: str
    year: int
    figure: Figure
    nation: Figure | None
    comparator: Figure | None
    comparator_name: str
    position: Position
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    ranked: int
    prefecture_rank: int | None
    prefecture_ranked: int
    decile: int | None
    score: float | None
    trend: Trend
    trend_reason: TrendReason

    @property
    def verdict(self) -> Verdict:
        """Better or worse, where the definition has a good direction."""
        return _VERDICTS[self.position, Polarity(get_definition(self.indicator_code).direction.value)]

    @property
    def verdict_label(self) -> str:
        """The verdict in Japanese."""
        return VERDICTS[self.verdict]

    @property
    def sentence(self) -> str:
        """All of it in plain Japanese; made when it is asked for, since a matrix asks for few of thousands."""
        definition = get_definition(self.indicator_code)
        if self.rank is None:
            why = self.figure.reason or self.figure.text
            return f"{self.region_name}の{definition.name}（{self.year}年度）は表示できません：{why}。"
        is_index = definition.method is Method.STANDARDISED_RATIO  # 全国＝100 is its own unit
        unit, _, base = ("", "", "") if is_index else definition.unit.partition("/")
        figure, comparator = self.figure, self.comparator
        return make_sentence(
            Words(
                region=self.region_name,
                subject=f"{definition.name}{f'（{base}あたり）' if base else ''}",
                year=self.year,
                value=figure.text,
                unit=unit,
                comparator=self.comparator_name,
                comparator_value="" if comparator is None or comparator.value is None else comparator.text,
                interval=f"{figure.lower:,.1f}–{figure.upper:,.1f}" if figure.lower is not None else "",
                position=self.position,
                verdict=self.verdict,
                rank=self.rank,
                rank_low=self.rank_low,
                rank_high=self.rank_high,
                ranked=self.ranked,
                trend=self.trend,
                trend_reason=self.trend_reason,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the figures of the peers are spread, NaN-free: only regions with a number count (`count`)."""

    count: int
    minimum: float
    p10: float
    p25: float
    median: float
    p75: float
    p90: float
    maximum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileBand:
    """The peers of one year: `points` holds the minimum, the nine deciles and the maximum (11 numbers)."""

    year: int
    count: int
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingMatrix:
    """Regions × indicators. A cell is None where nothing was computed; one without a number says why in its figure.

    `regions`: (code, name) in order of code; `rows[region][indicator]`; `spreads` by indicator code; `years` likewise.
    """

    level: Level
    scheme: str
    prefecture: str
    regions: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    rows: tuple[tuple[StandingRow | None, ...], ...]
    spreads: Mapping[str, Spread]
    years: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStandings:
    """All regions of a level, or those of one prefecture, in one year of one indicator; in order of code.

    `compared`: how many of all regions of the country were compared; `multiple_testing` says what follows from that.
    """

    code: str
    level: Level
    scheme: str
    prefecture: str
    year: int | None
    years: tuple[int, ...]
    rows: tuple[StandingRow, ...]
    spread: Spread | None
    nation: Figure | None
    compared: int
    multiple_testing: str
    age: str

    def row(self, region_code: str) -> StandingRow | None:
        """The row of one region."""
        return next((row for row in self.rows if row.region_code == region_code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Why a region is similar, in one variable: both values as shown and the difference in standard deviations."""

    name: str
    own: str
    other: str
    deviations: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRegion:
    """A region like another one, with its distance (root mean square of the differences) and why."""

    region_id: int
    region_code: str
    region_name: str
    prefecture_code: str
    prefecture_name: str
    area_type: str
    distance: float
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRegions:
    """The regions most like one, nearest first; its own type (空 in a gap between types) and what was compared."""

    region_code: str
    area_type: str
    note: str
    regions: tuple[SimilarRegion, ...] = field(default=())
