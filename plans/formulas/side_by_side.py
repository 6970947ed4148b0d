"""What of a public version is set beside those of others: plain facts told from its content. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.formulas.content import Content, Record, records
from plans.formulas.progress import Course

_DIRECTIONS = {"増やす": "raise", "減らす": "lower", "維持する": "keep"}
_MEASURES = {"人口等あたり": "rate", "実数": "count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFact:
    """One target as it was published. `region_code` has two digits for the prefecture as a whole."""

    record: int
    indicator: str
    region: str
    region_code: str
    measure: str
    direction: str
    baseline: float
    baseline_year: int
    baseline_text: str
    end: float
    end_year: int
    milestones: Mapping[int, float]
    reason: str

    @property
    def is_of_prefecture(self) -> bool:
        return len(self.region_code) == 2

    @property
    def course(self) -> Course:
        """The way of the target as the formulas take it."""
        return Course(
            direction=self.direction,
            baseline=self.baseline,
            baseline_year=self.baseline_year,
            end=self.end,
            end_year=self.end_year,
            milestones=self.milestones,
        )

    @property
    def change(self) -> float | None:
        """End over baseline, less one; None for a baseline of 0."""
        return self.end / self.baseline - 1 if self.baseline else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """How many bodies of one category there are, and the functions they meet of those asked for. `asked` 0: unknown."""

    bodies: int
    met: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the comparison takes of one version."""

    title: str
    scheme: str
    scheme_name: str
    active: Functions
    hub: Functions
    indicators: tuple[str, ...]
    targets: tuple[TargetFact, ...]
    policies: int
    themes: Mapping[str, int]
    scenes: Mapping[str, int]
    budget: int
    meetings: int


def facts_of(content: Content) -> PlanFacts:
    """The facts of a version; sections that an older version did not have count as empty."""
    head, policies = content["plan"], records(content, "policies")
    targets = tuple(_target(one) for one in records(content, "targets"))
    in_model = [one["indicator_code"] for one in records(content, "logic_nodes") if one["indicator_code"]]
    return PlanFacts(
        title=head["title"],
        scheme=head.get("scheme") or "",
        scheme_name=head.get("scheme_name") or "",
        active=_functions(content, "積極的"),
        hub=_functions(content, "拠点"),
        indicators=tuple(dict.fromkeys([*(one.indicator for one in targets), *in_model])),
        targets=targets,
        policies=len(policies),
        themes=_count(policies, "theme"),
        scenes=_count(policies, "scene"),
        budget=sum(one["budget"] or 0 for one in policies),
        meetings=len(records(content, "meetings")),
    )


def _functions(content: Content, word: str) -> Functions:
    found = [one for one in records(content, "designations") if word in one["kind"]]
    return Functions(
        bodies=len(found),
        met=sum(one.get("met") or 0 for one in found),
        asked=sum(one.get("asked") or 0 for one in found),
    )


def _target(one: Record) -> TargetFact:
    return TargetFact(
        record=one["id"],
        indicator=one["indicator_code"],
        region=one["region"],
        region_code=one["region_code"],
        measure=_MEASURES.get(one["measure"], "rate"),
        direction=_DIRECTIONS.get(one["direction"], "keep"),
        baseline=one["baseline_value"],
        baseline_year=one["baseline_year"],
        baseline_text=one["baseline_text"],
        end=one["end_value"],
        end_year=one["end_year"],
        milestones={int(year): value for year, value in one["milestones"].items()},
        reason=one["reason"],
    )


def _count(found: Sequence[Record], key: str) -> Mapping[str, int]:
    return dict(Counter(one[key] for one in found if one[key]))
