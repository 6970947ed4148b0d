"""What the benchmark pages ask for and what they get: frozen values that need no further query.

An `IndicatorQuery` is the address of a view; an `IndicatorResult` holds everything that view, its chart, its table, its
CSV, XLSX and JSON show, already rounded, so that no output can differ from another.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import asdict, dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode


class Level(enum.StrEnum):
    """The kind of region a view lists."""

    PREFECTURE = "prefecture"
    AREA = "area"
    MUNICIPALITY = "municipality"

    @property
    def label(self) -> str:
        return {"prefecture": "都道府県", "area": "圏域", "municipality": "市区町村"}[self.value]


class Order(enum.StrEnum):
    """The order of the rows."""

    JIS = "jis"
    VALUE = "value"

    @property
    def label(self) -> str:
        return {"jis": "都道府県コード順", "value": "値の大きい順"}[self.value]


class Measure(enum.StrEnum):
    """Rate: numerator over denominator, with its interval. Count: the numerator alone."""

    RATE = "rate"
    COUNT = "count"

    @property
    def label(self) -> str:
        return {"rate": "人口等あたり", "count": "実数"}[self.value]


class Tab(enum.StrEnum):
    """Which of the presentations stands in front."""

    CHART = "chart"
    TREND = "trend"
    FUNNEL = "funnel"
    MAP = "map"
    AROUND = "around"
    TABLE = "table"

    @property
    def label(self) -> str:
        return {
            "chart": "棒グラフ",
            "trend": "推移",
            "funnel": "ばらつき（ファンネル）",
            "map": "地図",
            "around": "県内・似た県",
            "table": "表",
        }[self.value]


class State(enum.StrEnum):
    """What a figure is. Only the first two have a number; zero is `OBSERVED`."""

    OBSERVED = "observed"
    PROVISIONAL = "provisional"
    SUPPRESSED = "suppressed"
    NOT_IMPORTED = "not_imported"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return {
            "observed": "値あり",
            "provisional": "暫定値",
            "suppressed": "秘匿",
            "not_imported": "未取込",
            "missing": "データなし",
            "not_applicable": "対象外",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorQuery:
    """One view of one indicator. `prefecture` is a 2-digit code, or empty for all; `year` None means the newest.

    `as_at` is the day it is looked at from: only editions taken in by then count. None means now. `basket` is handed
    on in every link and changes nothing else (`indicators.basket`). `page`: of a long table, 0 for all rows
    (`indicators.table_pages`).
    """

    code: str
    level: Level = Level.PREFECTURE
    prefecture: str = ""
    scheme: str = ""
    year: int | None = None
    order: Order = Order.VALUE
    measure: Measure = Measure.RATE
    tab: Tab = Tab.CHART
    as_at: dt.date | None = None
    basket: str = ""
    page: int = 1

    def parameters(self) -> dict[str, str]:
        """The GET parameters of this view in a fixed order; what is default is left out, so one view has one address.

        `prefecture` is always there, even empty: without it a page falls back to the visitor's own prefecture, and the
        address would not open the same for someone else.
        """
        standard = IndicatorQuery(code=self.code)
        given = {name: value for name, value in asdict(self).items() if name != "code"}
        shown = {k: v for k, v in given.items() if k == "prefecture" or v != getattr(standard, k)}
        return {name: str(value) for name, value in shown.items()}

    def querystring(self) -> str:
        """`?level=area&prefecture=01`."""
        return f"?{urlencode(self.parameters())}"

    def change(self, **changes: Any) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as shown, or why there is none. `value` is None exactly if the state has no number."""

    state: State
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""
    text: str = ""

    @property
    def is_provisional(self) -> bool:
        return self.state == State.PROVISIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """One region of the list. `code` is text with its leading zeros; `rank` counts from the highest, ties share one.

    `rank_low` and `rank_high` are the ranks it may hold given all intervals (95 %); None without intervals.
    """

    code: str
    name: str
    figure: Figure
    prefecture_code: str = ""
    prefecture_name: str = ""
    is_own: bool = False
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """A figure to compare with (全国, the prefecture); `note` says why there is none."""

    code: str
    label: str
    figure: Figure
    note: str = ""

    @property
    def kind(self) -> str:
        """The kind of region in the address of the figure."""
        return "nation" if self.code == "00" else Level.PREFECTURE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One year of a series."""

    year: int
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One region over the years that the indicator has."""

    code: str
    label: str
    points: tuple[Point, ...]
    prefecture_code: str = ""
    prefecture_name: str = ""
    is_own: bool = False
    kind: str = Level.PREFECTURE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBreak:
    """A change of rules that a comparison over time must not cross. `position` is a year with its fraction."""

    position: float
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One publication behind the figures; `files` counts its files (e.g. one a prefecture)."""

    publisher: str
    title: str
    edition: str
    as_of: dt.date | None
    licence: str
    url: str
    files: int = 1

    @property
    def citation(self) -> str:
        """「出典：」 as the licence asks for it."""
        name = f"{self.publisher}「{self.title}」"
        return f"{name}（{self.edition}）" if self.edition else name


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionCard:
    """What the definition drawer and the catalogue say about an indicator, in the words of its definition file."""

    code: str
    name: str
    name_kana: str
    version: int
    phase: str
    phase_label: str
    kind: str
    kind_label: str
    kind_letter: str
    why: str
    numerator: str
    denominator: str
    formula: str
    unit: str
    count_unit: str
    rate_phrase: str
    has_rate: bool
    has_interval: bool
    direction: str
    direction_label: str
    basis: str
    basis_label: str
    sources: tuple[str, ...]
    levels: tuple[Level, ...]
    core_label: str
    is_official: bool
    evidence_label: str
    next_review: dt.date
    caveats: tuple[str, ...] = ()
    to_fill: str = ""
    checked_by: str = ""
    owner: str = ""
    owner_label: str = ""
    visibility_label: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a control: the neighbouring view it leads to is `querystring`."""

    value: str
    label: str
    querystring: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    """Everything one view of one indicator shows.

    `cities` are designated cities as a whole, for maps whose sheet does not part them into wards; they are no rows of
    the list, where their wards stand.
    """

    query: IndicatorQuery
    definition: DefinitionCard
    year: int | None
    years: tuple[int, ...]
    year_label: str
    unit: str
    title: str
    finding: str
    rows: tuple[RegionRow, ...]
    comparators: tuple[Comparator, ...]
    series: tuple[Series, ...]
    breaks: tuple[SeriesBreak, ...]
    cities: tuple[RegionRow, ...]
    sources: tuple[SourceLine, ...]
    prefectures: tuple[Choice, ...]
    schemes: tuple[Choice, ...]
    own_name: str = ""
    notes: tuple[str, ...] = ()
    as_of: dt.date | None = None

    @property
    def region_kind(self) -> str:
        """The kind of the listed regions in the address of a figure; for areas the key of their scheme."""
        return self.query.scheme if self.query.level == Level.AREA else self.query.level.value

    @property
    def counts(self) -> dict[State, int]:
        """How many rows are in each state, in the order of `State`, absent ones left out."""
        found = {state: sum(row.figure.state == state for row in self.rows) for state in State}
        return {state: number for state, number in found.items() if number}

    @property
    def has_values(self) -> bool:
        """Whether any row has a number."""
        return any(row.figure.value is not None for row in self.rows)
