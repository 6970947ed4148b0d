"""数値目標: the list with what has been reached, a new one from a stored figure, and one with its plausibility."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.citations import CitedFigure
from indicators.definitions.registry import get_definition
from plans.actions.rows import RowConflict, remove_row
from plans.actions.targets import add_target, bring_target_back, change_target, check_baseline
from plans.models import Target
from plans.queries.evaluations import evaluations_of_subject
from plans.queries.meetings import decisions_of
from plans.queries.practices import suggest_for_target
from plans.queries.targets import (
    find_baseline,
    find_gaps,
    get_plausibility,
    get_target,
    get_target_regions,
    list_targets,
    unit_of,
)
from plans.results import PlanRefusal
from plans.topic_forms import BaselineForm, MilestonesForm, TargetForm
from plans.views.topic_access import PlanVisit, base_version, field_conflicts, visit_plan
from zaitaku.accounts.queries import get_actor


@require_safe
@login_required
def show_targets(request: HttpRequest, plan_id: int) -> HttpResponse:
    """All targets of a plan, those taken out below."""
    seen = visit_plan(request, plan_id)
    rows = list_targets(seen.plan)
    removed = list_targets(seen.plan, is_removed=True) if seen.may_change else ()
    context = {"visit": seen, "rows": rows, "removed": removed, "gaps": find_gaps(rows)}
    return render(request, "plans/targets/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_target(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Choose the figure (in the address), then say where it shall stand."""
    seen = visit_plan(request, plan_id, to_change=True)
    regions = get_target_regions(seen.plan)
    choice = BaselineForm(request.GET if "indicator" in request.GET else None, regions=regions)
    context: dict[str, Any] = {"visit": seen, "choice": choice}
    if not choice.is_valid():
        return render(request, "plans/targets/new.html", context, status=422 if choice.is_bound else 200)
    chosen = choice.cleaned_data
    region = next(one for one in regions if str(one.pk) == chosen["region"])
    code, measure = chosen["indicator"], chosen["measure"]
    try:
        cited = check_baseline(find_baseline(region, indicator_code=code, measure=measure))
        form = _form_for(cited, request, seen)
        if form.is_bound and form.is_valid():
            target = add_target(
                seen.plan, region=region, indicator_code=code, measure=measure, changes=form.cleaned_data
            )
            messages.success(request, "目標を加えました。各年の目標は直線で置いてあります。下で直せます。")
            return redirect("plans:target-detail", plan_id=plan_id, target_id=target.pk)
    except PlanRefusal as refusal:
        return render(request, "plans/targets/new.html", {**context, "refusal": str(refusal)}, status=422)
    context |= {"cited": cited, "form": form, "definition": get_definition(code)}
    context["unit"] = unit_of(context["definition"], measure)
    return render(request, "plans/targets/new.html", context, status=422 if form.is_bound else 200)


def _form_for(cited: CitedFigure, request: HttpRequest, seen: PlanVisit) -> TargetForm:
    good = get_definition(cited.query.code).direction.value
    direction = {"higher": Target.Direction.RAISE, "lower": Target.Direction.LOWER}.get(good, Target.Direction.KEEP)
    baseline = cited.figure.value
    assert baseline is not None  # `check_baseline` has looked
    return TargetForm(
        request.POST if request.method == "POST" else None,
        baseline=baseline,
        baseline_year=cited.year,
        initial={"direction": direction, "end_year": seen.plan.years[-1]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_target(request: HttpRequest, plan_id: int, target_id: int) -> HttpResponse:
    """One target: figures, plausibility, and changing it."""
    seen = visit_plan(request, plan_id, to_change=request.method == "POST")
    target = get_object_or_404(Target.objects.select_related("region__scheme", "plan"), pk=target_id, plan=seen.plan)
    data = request.POST if request.method == "POST" else None
    form = TargetForm(data, instance=target, baseline=target.baseline_value, baseline_year=target.baseline_year)
    values = {one.year: one.value for one in target.milestones.all()}
    years = sorted({*values, *range(seen.plan.period, target.end_year)})
    way = MilestonesForm(data, years=years, values=values)
    version, conflicts = target.version, None
    if data is not None and form.is_valid() and way.is_valid():
        milestones = None if "linear" in data else way.milestones
        try:
            change_target(target, base=base_version(request), changes=form.cleaned_data, milestones=milestones)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, "目標を保存しました。")
            return redirect("plans:target-detail", plan_id=plan_id, target_id=target_id)
    saved = Target.objects.select_related("region__scheme", "plan__prefecture").get(pk=target_id)
    context = {"visit": seen, "row": get_target(saved), "findings": get_plausibility(saved), "form": form, "way": way}
    context |= {"version": version, "conflicts": conflicts, "practices": suggest_for_target(saved)}
    context["evaluated"] = evaluations_of_subject(saved)
    actor = get_actor(request.user)
    context["decided"] = decisions_of(seen.plan, actor=actor, section="targets", record=target_id)
    status = 409 if conflicts is not None else 422 if data is not None else 200
    return render(request, "plans/targets/detail.html", context, status=status)


@require_POST
@login_required
def remove_target(request: HttpRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Take a target out, or bring it back (`undo`)."""
    seen = visit_plan(request, plan_id, to_change=True)
    target = get_object_or_404(Target, pk=target_id, plan=seen.plan)
    try:
        if "undo" in request.POST:
            bring_target_back(target)
            messages.success(request, "目標を元に戻しました。")
        else:
            remove_row(target)
            messages.success(request, "目標を外しました。一覧の下の「外した目標」から元に戻せます。")
    except PlanRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("plans:target-list", plan_id=plan_id)
