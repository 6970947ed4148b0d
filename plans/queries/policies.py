"""Policies of a plan by 場面, and the roadmap as a grid of years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plans.models import Plan, Policy, RoadmapStep, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneGroup:
    """The policies of one 場面."""

    label: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCell:
    """What happens in one year of a policy; `is_inside` False: before it begins or after it ends."""

    is_inside: bool
    steps: tuple[RoadmapStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapRow:
    """A policy with one cell for each year of the grid."""

    policy: Policy
    cells: tuple[YearCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roadmap:
    """The grid. `scenes` in the order of the 指針."""

    years: tuple[int, ...]
    scenes: tuple[tuple[str, tuple[RoadmapRow, ...]], ...]


def list_policies(plan: Plan, *, scene: str = "", theme: str = "") -> tuple[SceneGroup, ...]:
    """The policies that are in the plan, by 場面 in the order of the 指針 (two queries)."""
    found = plan.policies.filter(removed_at=None).prefetch_related("steps")
    if scene:
        found = found.filter(scene=scene)
    if theme:
        found = found.filter(theme=theme)
    policies = list(found)
    groups = (
        SceneGroup(label=str(label), policies=tuple(one for one in policies if one.scene == key))
        for key, label in Scene.choices
    )
    return tuple(group for group in groups if group.policies)


def list_removed_policies(plan: Plan) -> list[Policy]:
    """The policies that were taken out and can be brought back."""
    return list(plan.policies.exclude(removed_at=None))


def get_roadmap(plan: Plan) -> Roadmap:
    """Every policy × every year of the period, and years beyond it in which a step stands (two queries)."""
    groups = list_policies(plan)
    steps = {step.year for group in groups for policy in group.policies for step in policy.steps.all()}
    years = tuple(sorted({*plan.years, *steps}))
    return Roadmap(years=years, scenes=tuple((group.label, tuple(_rows(group.policies, years))) for group in groups))


def _rows(policies: Iterable[Policy], years: tuple[int, ...]) -> Iterable[RoadmapRow]:
    for policy in policies:
        steps = list(policy.steps.all())
        yield RoadmapRow(
            policy=policy,
            cells=tuple(
                YearCell(
                    is_inside=policy.starts <= year <= policy.ends,
                    steps=tuple(step for step in steps if step.year == year),
                )
                for year in years
            ),
        )
