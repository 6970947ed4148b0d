"""What 県・圏域プロファイル asks for and gets: frozen values that page, charts, files and print share. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from indicators.results import DefinitionCard, Figure, Level, SourceLine
from indicators.standings import Spread
from zaitaku.lib.statistics.comparison import Position, Verdict
from zaitaku.lib.statistics.trends import Trend

DEFAULT_SCHEME = "iryoken2-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileQuery:
    """The place a profile is of: a prefecture (2 digits), an area of `scheme` in it, or a municipality (or ward) in it.

    For a prefecture `scheme` says into which areas it is parted.
    """

    prefecture: str
    scheme: str = DEFAULT_SCHEME
    area: str = ""
    municipality: str = ""

    @property
    def level(self) -> Level:
        if self.area:
            return Level.AREA
        return Level.MUNICIPALITY if self.municipality else Level.PREFECTURE

    @property
    def code(self) -> str:
        """The code of the region itself."""
        return self.area or self.municipality or self.prefecture

    @property
    def peer_scheme(self) -> str:
        """The scheme of the region's peers, empty unless it is an area."""
        return self.scheme if self.area else ""

    def parameters(self) -> dict[str, str]:
        """The GET parameters in a fixed order; one view has one address."""
        given = {"prefecture": self.prefecture}
        if self.area or self.scheme != DEFAULT_SCHEME:
            given["scheme"] = self.scheme
        given |= {"area": self.area, "municipality": self.municipality}
        return {name: value for name, value in given.items() if value}

    def querystring(self) -> str:
        """`?prefecture=28&scheme=iryoken2-8&area=2801`."""
        return f"?{urlencode(self.parameters())}"

    def change(self, **changes: str) -> Self:
        """The profile of another place."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another place with the address of its profile; `note` says what it has in common."""

    name: str
    querystring: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """The place in words: `sentences` on people now and to come, places like it, the places above and inside it."""

    sentences: tuple[str, ...]
    similar: tuple[Neighbour, ...]
    similar_note: str
    above: tuple[Neighbour, ...]
    inside: tuple[Neighbour, ...]
    inside_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a verdict is shown: a symbol that survives monochrome print, a word, and a class of colour."""

    symbol: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What figures are compared with: 全国, the prefecture, or all prefectures that have a figure taken together."""

    label: str
    value: float | None
    text: str

    @property
    def is_known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineRow:
    """One indicator of the place among its peers. `gap` is value ÷ reference, None where that says nothing."""

    card: DefinitionCard
    year: int
    figure: Figure
    reference: Reference
    spread: Spread
    position: Position
    verdict: Verdict
    mark: Mark
    trend: Trend
    trend_text: str
    gap: float | None
    querystring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineGroup:
    """The indicators of one 場面."""

    phase: str
    label: str
    rows: tuple[SpineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One certain gap or change: rank from the greatest, the sentence, and where to look further."""

    order: int
    card: DefinitionCard
    year: int
    mark: Mark
    sentence: str
    querystring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """まず見るところ. `compared` and `developed`: of how many indicators a gap or a change could be told at all."""

    gaps: tuple[Attention, ...]
    changes: tuple[Attention, ...]
    certain_gaps: int
    compared: int
    developed: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One figure of a part of the place; `fifth` is 1 (lowest) to 5 among all regions of that level in the country.

    `mark.symbol` is ▲ or ▽, ◆ for a certain difference of a neutral indicator, else empty: a matrix shows what stands
    out.
    """

    figure: Figure
    position: Position
    mark: Mark
    fifth: int | None

    @property
    def bar(self) -> str:
        """`▁` to `█`, as high as the fifth."""
        return "" if self.fifth is None else "▁▂▄▆█"[self.fifth - 1]

    @property
    def spoken(self) -> str:
        """The symbols in words, for whoever does not see them."""
        fifth = "" if self.fifth is None else f"全国の5区分で低いほうから{self.fifth}番目"
        return "、".join(part for part in (self.mark.word if self.mark.symbol else "", fifth) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One indicator in every part of the place."""

    card: DefinitionCard
    year: int
    reference: Reference
    cells: tuple[MatrixCell, ...]
    querystring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A region inside the place."""

    code: str
    name: str
    querystring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Parts × indicators. `level` and `scheme` name the parts; no rows mean that there is nothing inside."""

    title: str
    level: Level
    scheme: str
    parts: tuple[Part, ...]
    rows: tuple[MatrixRow, ...]
    compared: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookLine:
    """People or demand over the years: `values` beside `years`, None where nothing is published; `change` in words."""

    key: str
    label: str
    unit: str
    years: tuple[int, ...]
    values: tuple[float | None, ...]
    source: str
    change: str

    def at(self, year: int) -> float | None:
        """The figure of one year."""
        return dict(zip(self.years, self.values, strict=True)).get(year)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLine:
    """What there is today to meet the demand."""

    label: str
    figure: Figure
    text: str
    year: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """人口と需要の見通し beside supply. `finding` states what it comes to; `notes` what must be known beside it."""

    years: tuple[int, ...]
    lines: tuple[OutlookLine, ...]
    supply: tuple[SupplyLine, ...]
    finding: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of inequality; `sentence` names the municipalities it is about."""

    key: str
    label: str
    figure: Figure
    unit: str
    year: int | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inequality:
    """How unequal the place is inside; `without` are its municipalities that have none."""

    measures: tuple[Measure, ...]
    without: tuple[Part, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileResult:
    """Everything one profile shows."""

    query: ProfileQuery
    name: str
    prefecture_name: str
    peers_label: str
    introduction: Introduction
    first_look: FirstLook
    spine: tuple[SpineGroup, ...]
    without_values: tuple[str, ...]
    matrix: Matrix
    outlook: Outlook
    inequality: Inequality
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...]
    as_of: dt.date | None

    @property
    def title(self) -> str:
        return f"{self.name}のプロファイル"

    @property
    def rows(self) -> tuple[SpineRow, ...]:
        """The indicators of all phases."""
        return tuple(row for group in self.spine for row in group.rows)
