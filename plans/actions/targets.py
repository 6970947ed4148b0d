"""Setting targets from stored figures, their milestones, and changing them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from indicators.citations import CitedFigure
from indicators.definitions.registry import get_definition
from plans.actions.rows import bring_row_back, change_row
from plans.formulas.progress import linear_milestones
from plans.models import Milestone, Plan, Target
from plans.queries.targets import baseline_source, find_baseline, unit_of
from plans.results import PlanRefusal
from regions.models import Region


def check_baseline(cited: CitedFigure | None) -> CitedFigure:
    """The cited figure, if a target can begin from it. Raises `PlanRefusal`: a hidden or missing figure cannot."""
    if cited is None:
        raise PlanRefusal("この地域の値は未計算のため、現状値にできません。別の指標か地域を選んでください。")
    if cited.figure.value is None:
        why = f"（{cited.figure.reason}）" if cited.figure.reason else ""
        raise PlanRefusal(
            f"{cited.region_name}の{cited.year}年度の値は「{cited.figure.text}」{why}のため、現状値にできません。"
            "県全体など、値のある地域か、別の指標を選んでください。"
        )
    return cited


@transaction.atomic
def add_target(
    plan: Plan,
    *,
    region: Region,
    indicator_code: str,
    measure: str,
    changes: Mapping[str, Any],
    year: int | None = None,
) -> Target:
    """A target from a stored figure (the newest, or that of `year`), with linear milestones.

    Raises `PlanRefusal` with the reason.
    """
    if plan.targets.filter(indicator_code=indicator_code, region=region, removed_at=None).exists():
        raise PlanRefusal("この指標と地域の目標は、すでにあります。一覧から開いて直してください。")
    cited = check_baseline(find_baseline(region, indicator_code=indicator_code, measure=measure, year=year))
    baseline = cited.figure.value
    assert baseline is not None  # `check_baseline` has looked
    last = plan.targets.aggregate(last=Max("position"))["last"] or 0
    target = Target.objects.create(
        plan=plan,
        position=last + 1,
        indicator_code=indicator_code,
        region=region,
        measure=measure,
        baseline_value=baseline,
        baseline_year=cited.year,
        baseline_text=f"{cited.figure.text}{unit_of(get_definition(indicator_code), measure)}"[:60],
        baseline_source=baseline_source(cited),
        **changes,
    )
    propose_milestones(target)
    return target


def propose_milestones(target: Target) -> None:
    """Equal steps for the years of the period before the end year, in place of what stands there."""
    values = linear_milestones(
        target.baseline_value,
        baseline_year=target.baseline_year,
        end=target.end_value,
        end_year=target.end_year,
        years=range(target.plan.period, target.end_year),
        decimals=0 if target.measure == Target.Measure.COUNT else 1,
    )
    _set_milestones(target, values)


@transaction.atomic
def change_target(
    target: Target, *, base: int, changes: Mapping[str, Any], milestones: Mapping[int, float] | None
) -> None:
    """Save a target and its milestones (None: propose them anew). Raises `RowConflict`."""
    saved = change_row(target, base=base, changes=changes)
    if milestones is None:
        propose_milestones(saved)
    else:
        _set_milestones(saved, milestones)


def _set_milestones(target: Target, values: Mapping[int, float]) -> None:
    target.milestones.exclude(year__in=values).delete()
    for year, value in values.items():
        Milestone.objects.update_or_create(target=target, year=year, defaults={"value": value})


def bring_target_back(target: Target) -> None:
    """Undo a removal. Raises `PlanRefusal` if another target has taken its place."""
    same = Target.objects.filter(plan=target.plan, indicator_code=target.indicator_code, region=target.region)
    if same.filter(removed_at=None).exclude(pk=target.pk).exists():
        raise PlanRefusal("同じ指標と地域の目標がすでにあるため、元に戻せません。")
    bring_row_back(target)
