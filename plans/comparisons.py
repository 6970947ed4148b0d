"""計画の比較: the question (an address) and the finished answer; pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from plans.definitions.guidelines import Guideline
from plans.formulas.findings import Finding, Weight
from plans.formulas.guideline import Answer, Held
from plans.formulas.side_by_side import Functions, PlanFacts, TargetFact

NOT_PUBLIC = "未公表"
JUDGED = {"reached": "A 達成", "on_course": "B 順調", "behind": "C 遅れ", "worse": "D 悪化", "unknown": "値なし"}


class Tab(enum.StrEnum):
    """The parts of the page."""

    OVERVIEW = "overview"
    TARGETS = "targets"
    GUIDELINE = "guideline"
    PAIR = "pair"

    @property
    def label(self) -> str:
        return {
            "overview": "47都道府県の計画",
            "targets": "数値目標を比べる",
            "guideline": "指針の項目と比べる",
            "pair": "2つの計画を比べる",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparisonQuery:
    """Which period and part; for targets the indicator, for a pair the two prefectures."""

    period: int
    usual_period: int
    tab: Tab = Tab.OVERVIEW
    public_only: bool = False
    with_demo: bool = False
    indicator: str = ""
    one: str = ""
    other: str = ""
    sort: str = ""
    is_ascending: bool = False

    def parameters(self) -> dict[str, str]:
        """The GET parameters that differ from the default."""
        given = {
            "tab": "" if self.tab is Tab.OVERVIEW else self.tab.value,
            "period": "" if self.period == self.usual_period else str(self.period),
            "public": "1" if self.public_only else "",
            "demo": "1" if self.with_demo else "",
            "indicator": self.indicator,
            "one": self.one,
            "other": self.other,
            "sort": self.sort,
            "order": "asc" if self.is_ascending and self.sort else "",
        }
        return {name: value for name, value in given.items() if value}

    def querystring(self) -> str:
        """`?tab=targets&indicator=DAY_S22`; `?` alone for the default."""
        return f"?{urlencode(self.parameters())}"

    def change(self, **changes: Any) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """A published target against today's figures. `judgement` is a key of `JUDGED`."""

    fact: TargetFact
    actual_text: str
    actual_year: int | None
    progress: float | None
    judgement: str
    findings: tuple[Finding, ...] = ()

    @property
    def end_text(self) -> str:
        """The end value as it is shown."""
        return f"{self.fact.end:,.1f}".removesuffix(".0")

    @property
    def change_text(self) -> str:
        """How far the end lies from the baseline, in parts of it; empty for a baseline of 0."""
        return "" if self.fact.change is None else f"{self.fact.change:+.1%}"

    @property
    def judged(self) -> str:
        """The judgement in words."""
        return JUDGED[self.judgement]

    @property
    def weight(self) -> Weight | None:
        """The gravest of the findings; None where nothing was compared."""
        order = (Weight.ERROR, Weight.WARNING, Weight.NOTE, Weight.GOOD)
        return next((one for one in order if any(found.weight is one for found in self.findings)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One prefecture. What is not public has a state and nothing else: `facts` is None."""

    code: str
    name: str
    state: str
    is_demo: bool = False
    version_id: int | None = None
    version_number: int | None = None
    published_on: dt.date | None = None
    facts: PlanFacts | None = None
    areas: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    targets: tuple[TargetLine, ...] = ()

    @property
    def held(self) -> int | None:
        """How many items of the 指針 the plan holds."""
        return sum(one.held is Held.YES for one in self.answers.values()) if self.facts else None

    @property
    def judged(self) -> Mapping[str, int]:
        """How many targets stand where, by key of `JUDGED`."""
        return {key: sum(one.judgement == key for one in self.targets) for key in JUDGED}

    @property
    def judged_text(self) -> str:
        """The same in words; what nobody stands at is left out."""
        return "、".join(f"{JUDGED[key]} {number}" for key, number in self.judged.items() if number) or "目標なし"

    @property
    def chosen(self) -> TargetLine | None:
        """The target whose plausibility was looked at."""
        return next((one for one in self.targets if one.findings), None)

    def target(self, indicator: str) -> TargetLine | None:
        """The target of the prefecture as a whole for an indicator."""
        return next((one for one in self.targets if one.fact.indicator == indicator), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """Everything the page shows. `indicators`: code and name of all that some public plan has a target for."""

    query: PlanComparisonQuery
    period: str
    rows: tuple[PlanRow, ...]
    guideline: Guideline
    indicators: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    public: int

    def row(self, code: str) -> PlanRow | None:
        """The row of a prefecture (`99`: the demo)."""
        return next((one for one in self.rows if one.code == code), None)


def share_met(functions: Functions) -> float | None:
    """Met of asked functions; None where nothing was asked."""
    return functions.met / functions.asked if functions.asked else None
