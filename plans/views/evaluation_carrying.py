"""次の取組 into the next year's roadmap, and what the plan of the period before leaves to this one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from plans.actions.evaluation_carrying import Pick, carry_designations, carry_into_roadmap, carry_policies
from plans.evaluation_forms import CarryForm
from plans.queries.evaluation_heritage import get_heritage
from plans.queries.evaluations import open_actions
from plans.results import PlanRefusal
from plans.views.evaluation_access import visit_year
from plans.views.plan_access import sent
from plans.views.topic_access import visit_plan
from zaitaku.lib.fiscal_years import format_fiscal_year


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def carry_actions(request: HttpRequest, plan_id: int, year: int) -> HttpResponse:
    """Choose which actions of a year become steps of the roadmap of the year after."""
    seen = visit_year(request, plan_id, year, to_change=request.method == "POST")
    every = [one for one in open_actions(seen.plan) if one.year == year]
    policies = [(one.pk, one.title) for one in seen.plan.policies.filter(removed_at=None)]
    form = CarryForm(sent(request), actions=[one for one in every if one.carried_at is None], policies=policies)
    is_last = year == seen.plan.years[-1]
    if form.is_bound and form.is_valid() and not is_last:
        given = form.cleaned_data
        picks = [
            Pick(
                subject=one.subject,
                evaluation_id=one.evaluation_id,
                policy_id=int(given[f"policy_{one.key}"]),
                text=given[f"text_{one.key}"],
            )
            for one in form.picked(given)
        ]
        number = carry_into_roadmap(seen.plan, year=year + 1, picks=picks)
        messages.success(request, f"{year + 1}年度のロードマップに{number}件を加えました。ロードマップで直せます。")
        return redirect("plans:roadmap", plan_id=plan_id)
    context = {
        "visit": seen,
        "form": form,
        "year": year,
        "year_label": format_fiscal_year(year),
        "next_label": format_fiscal_year(year + 1),
        "carried": [one for one in every if one.carried_at is not None],
        "is_last": is_last,
    }
    return render(request, "plans/evaluations/carry.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_heritage(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What the plan before leaves; POST makes drafts of what is ticked."""
    seen = visit_plan(request, plan_id, to_change=request.method == "POST")
    heritage = get_heritage(seen.plan)
    if heritage is None:
        raise Http404("前の期間の計画がないため、引き継ぐものはありません。")
    if request.method == "POST":
        try:
            policies = carry_policies(seen.plan, _numbers(request, "policy"))
            bodies, refused = carry_designations(seen.plan, _numbers(request, "body"), by=seen.user)
        except PlanRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"施策の下書きを{policies}件、位置付けの候補を{bodies}件加えました。")
            for one in refused:
                messages.warning(request, one)
        return redirect("plans:evaluation-heritage", plan_id=plan_id)
    return render(request, "plans/evaluations/heritage.html", {"visit": seen, "heritage": heritage})


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return {int(one) for one in request.POST.getlist(name) if one.isascii() and one.isdecimal() and len(one) < 15}
