"""Targets, policies and the logic model of the demo plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from indicators.models import IndicatorValue
from plans.actions.logic import add_edge, add_node
from plans.actions.policies import Step, add_policy
from plans.actions.targets import add_target
from plans.demo.script import Stage, demo_script
from plans.models import LogicNode, Policy
from plans.queries.targets import find_baseline
from regions.models import Region

_DONE = " 済"
# A target is looked at again after three and six years; the demo's run over two periods.
_END_AFTER = 5


def fill_topics(stage: Stage) -> None:
    """What the plan aims at and does."""
    policies = {one["title"]: _policy(stage, one) for one in demo_script()["policies"]}
    for one in demo_script()["targets"]:
        _target(stage, one)
    _logic_model(stage, policies)


def _policy(stage: Stage, line: Mapping[str, Any]) -> Policy:
    kept = ("title", "scene", "theme", "text", "owner", "budget", "uses_fund", "status", "evidence")
    years = stage.plan.years
    steps = [
        Step(year=year, text=text.removesuffix(_DONE), is_done=text.endswith(_DONE))
        for year, text in zip(years, line["steps"], strict=True)
    ]
    changes = {**{name: line[name] for name in kept}, "starts": years[0], "ends": years[-1]}
    return add_policy(stage.plan, changes=changes, steps=steps)


def _target(stage: Stage, line: Mapping[str, Any]) -> None:
    """A target that begins from a stored figure; none where the indicator was not computed."""
    region = stage.areas[line["area"]] if "area" in line else stage.plan.prefecture
    code, measure = line["indicator"], line["measure"]
    year = _year(code, region, back=line.get("back", 0))
    found = find_baseline(region, indicator_code=code, measure=measure, year=year)
    if found is None or found.figure.value is None:
        return
    decimals = 0 if measure == "count" else 1
    changes = {
        "direction": line["direction"],
        "end_value": round(found.figure.value * line["factor"], decimals),
        "end_year": stage.plan.period + _END_AFTER,
        "responsible": line["responsible"],
        "reason": line["reason"],
    }
    add_target(stage.plan, region=region, indicator_code=code, measure=measure, changes=changes, year=year)


def _year(code: str, region: Region, *, back: int) -> int | None:
    """The `back`-th year before the newest that has a figure: a plan that runs began from an older one."""
    stored: QuerySet[IndicatorValue] = IndicatorValue.objects.filter(
        indicator__code=code, region=region, value__isnull=False
    )
    years = list(stored.order_by("-year").values_list("year", flat=True))
    return years[min(back, len(years) - 1)] if years else None


def _logic_model(stage: Stage, policies: Mapping[str, Policy]) -> None:
    nodes: dict[str, LogicNode] = {
        f"policy:{title}": add_node(stage.plan, changes={"kind": "policy", "title": title, "policy": policy})
        for title, policy in policies.items()
        if any(edge["from"] == f"policy:{title}" for edge in demo_script()["edges"])
    }
    for one in demo_script()["nodes"]:
        changes = {"kind": one["kind"], "title": one["title"], "indicator_code": one.get("indicator", "")}
        nodes[one["key"]] = add_node(stage.plan, changes=changes)
    for one in demo_script()["edges"]:
        add_edge(
            stage.plan,
            source=nodes[one["from"]],
            target=nodes[one["to"]],
            reason=one["reason"],
            evidence=one["evidence"],
        )
