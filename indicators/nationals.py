"""全国ビュー: the question (an address) and the finished answer; pure."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from indicators.cards import notices
from indicators.definitions.national_facts import NationalFacts
from indicators.results import DefinitionCard, Figure, SourceLine
from zaitaku.lib.statistics.comparison import Position, Verdict

# Upper bounds of residents: the smallest communities apart, since that is where nobody is to be found.
CLASSES = (("5千人未満", 0, 5_000), ("5千～1万人", 5_000, 10_000), ("1万～3万人", 10_000, 30_000),
           ("3万～5万人", 30_000, 50_000), ("5万～10万人", 50_000, 100_000), ("10万人以上", 100_000, None))  # fmt: skip
MANY = 10
_SYMBOLS = {Position.HIGHER: "▲", Position.LOWER: "▼", Position.SAME: "＝", Position.NOT_COMPARED: "・"}
_SAID = {Position.HIGHER: "全国より高い", Position.LOWER: "全国より低い", Position.SAME: "全国と差があるとは言えない",
         Position.NOT_COMPARED: "判定なし"}  # fmt: skip


class Tab(enum.StrEnum):
    """The parts of the page."""

    INDICATORS = "indicators"
    AREAS = "areas"
    MUNICIPALITIES = "municipalities"

    @property
    def label(self) -> str:
        return {
            "indicators": "47都道府県の指標",
            "areas": "圏域・位置付け・計画",
            "municipalities": "在支診・在支病のない市区町村",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalQuery:
    """Which part, which set of indicators, by what it is sorted; and for the list of municipalities what is left."""

    tab: Tab = Tab.INDICATORS
    chosen_set: str = "main"
    sort: str = ""
    is_ascending: bool = False
    people: str = ""
    prefecture: str = ""

    def parameters(self) -> dict[str, str]:
        """The GET parameters that differ from the default."""
        standard = NationalQuery()
        given = {
            "tab": self.tab.value,
            "set": self.chosen_set,
            "sort": self.sort,
            "people": self.people,
            "prefecture": self.prefecture,
        }
        usual = {"tab": standard.tab.value, "set": standard.chosen_set}
        shown = {name: value for name, value in given.items() if value and value != usual.get(name)}
        return shown | ({"order": "asc"} if self.is_ascending and self.sort else {})

    def querystring(self) -> str:
        """`?sort=DAY_S22`; `?` alone for the default, so that a link leaves other parameters behind."""
        return f"?{urlencode(self.parameters())}"

    def change(self, **changes: Any) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalCell:
    """One indicator of one prefecture with its standing against the nation."""

    figure: Figure
    position: Position = Position.NOT_COMPARED
    verdict: Verdict = Verdict.NOT_COMPARED

    @property
    def symbol(self) -> str:
        return "" if self.figure.value is None else _SYMBOLS[self.position]

    @property
    def said(self) -> str:
        """The symbol in words."""
        return "" if self.figure.value is None else _SAID[self.position]

    @property
    def css(self) -> str:
        return {Verdict.BETTER: "standing--better", Verdict.WORSE: "standing--worse"}.get(self.verdict, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalColumn:
    """One indicator. `nation` is its national figure."""

    card: DefinitionCard
    year: int
    nation: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalRow:
    """One prefecture; cells in the order of the columns."""

    code: str
    name: str
    cells: tuple[NationalCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureAreas:
    """What is registered in this system for one prefecture; None is 未登録, never zero."""

    code: str
    name: str
    areas: int | None
    unit: str
    since: str
    active: int | None
    active_other: int | None
    hubs: int | None
    plan: str

    @property
    def other_share(self) -> float | None:
        """Per cent of the designated bodies that are neither hospital nor clinic."""
        return None if not self.active or self.active_other is None else round(self.active_other / self.active * 100, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSupport:
    """One municipality or ward with its number of 在支診 and 在支病; None where the list is not imported."""

    code: str
    name: str
    prefecture_code: str
    prefecture_name: str
    population: int | None
    clinics: int | None
    hospitals: int | None
    note: str = ""

    @property
    def total(self) -> int | None:
        return None if self.clinics is None or self.hospitals is None else self.clinics + self.hospitals


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportClass:
    """The municipalities of one population class."""

    label: str
    none: int
    some: int
    many: int
    unknown: int

    @property
    def known(self) -> int:
        return self.none + self.some + self.many

    @property
    def share(self) -> float | None:
        """Per cent of the known ones that have none."""
        return round(self.none / self.known * 100, 1) if self.known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalResult:
    """Everything the tab shows; the parts of other tabs are empty."""

    query: NationalQuery
    facts: NationalFacts
    columns: tuple[NationalColumn, ...] = ()
    rows: tuple[NationalRow, ...] = ()
    without_data: tuple[DefinitionCard, ...] = ()
    prefectures: tuple[PrefectureAreas, ...] = ()
    period: str = ""
    classes: tuple[SupportClass, ...] = ()
    units: tuple[UnitSupport, ...] = ()
    year: int | None = None
    population_year: int | None = None
    finding: str = ""
    sources: tuple[SourceLine, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """Which columns show the values of an older definition."""
        return notices(column.card for column in self.columns)

    @property
    def registered(self) -> tuple[PrefectureAreas, ...]:
        """The prefectures with both areas and hubs: the points of the scatter."""
        return tuple(one for one in self.prefectures if one.areas is not None and one.hubs is not None)


def class_of(population: int) -> str:
    """The label of the class a number of residents lies in."""
    return next(label for label, low, below in CLASSES if population >= low and (below is None or population < below))


def sort_rows(rows: tuple[NationalRow, ...], place: int, *, is_ascending: bool) -> tuple[NationalRow, ...]:
    """The rows by one column; those without a value at the end, ties in order of code."""
    known = [row for row in rows if row.cells[place].figure.value is not None]
    rest = [row for row in rows if row.cells[place].figure.value is None]
    sign = 1 if is_ascending else -1
    known.sort(key=lambda row: (sign * (row.cells[place].figure.value or 0.0), row.code))
    return (*known, *rest)


# Apps above this one (plans) say here how far each prefecture's plan is; nothing is known until one does.
PlanStatus = Callable[[], Mapping[str, str]]
_plan_status: list[PlanStatus] = []


def register_plan_status(read: PlanStatus) -> None:
    """Name the function that gives the status of the plan by prefecture code, in words. Called once, at start-up."""
    _plan_status[:] = [read]


def plan_status() -> Mapping[str, str]:
    """The status of each plan in words, by prefecture code; a prefecture without a plan in the system is absent."""
    return _plan_status[0]() if _plan_status else {}
