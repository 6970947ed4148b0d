"""評価: the matrix of years, and the evaluation of one policy or one target for a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from plans.actions.evaluations import save_policy_evaluation, save_target_evaluation
from plans.actions.rows import RowConflict
from plans.evaluation_forms import PolicyEvaluationForm, TargetEvaluationForm
from plans.formulas.evaluation import POLICY, POLICY_RULES, TARGET, TARGET_RULES, label_of
from plans.models import Policy, PolicyEvaluation, Target, TargetEvaluation
from plans.queries.evaluation_desk import PolicyDesk, TargetDesk, earlier_plan, get_policy_desk, get_target_desk
from plans.queries.evaluation_sheets import actual_words, interval_words
from plans.queries.evaluations import YEARLY, evaluations_of, find_plan_evaluation
from plans.results import PlanRefusal
from plans.views.evaluation_access import visit_year
from plans.views.plan_access import sent
from plans.views.topic_access import PlanVisit, base_version, field_conflicts, visit_plan
from zaitaku.lib.fiscal_years import format_fiscal_year


@require_safe
@login_required
def show_overview(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Years × policies and targets: what is judged, what is missing, what is open."""
    seen = visit_plan(request, plan_id)
    files = {one: reverse("plans:evaluation-file", args=[plan_id, one]) for one in ("csv", "xlsx", "json")}
    context = {
        "visit": seen,
        "overview": evaluations_of(seen.plan),
        "before": earlier_plan(seen.plan),
        "files": files,
        "target_rules": TARGET_RULES,
        "policy_rules": POLICY_RULES,
    }
    return render(request, "plans/evaluations/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def evaluate_policy(request: HttpRequest, plan_id: int, year: int, policy_id: int) -> HttpResponse:
    """One policy in one year."""
    seen = visit_year(request, plan_id, year, to_change=request.method == "POST")
    related = Policy.objects.select_related("plan__prefecture", "carried_from").prefetch_related("steps")
    policy = get_object_or_404(related, pk=policy_id, plan=seen.plan, removed_at=None)
    desk = get_policy_desk(policy, year=year)
    form = PolicyEvaluationForm(sent(request), desk=desk)
    context = _context(seen, desk, form, year) | {"rules": POLICY_RULES, "subject": POLICY, "name": policy.title}
    if form.is_bound and form.is_valid():
        try:
            save_policy_evaluation(policy, year=year, base=base_version(request), changes=form.changes, by=seen.user)
        except (RowConflict, PlanRefusal) as trouble:
            return _refused(request, trouble, form, context)
        return _saved(request, plan_id, year, policy.title)
    return render(request, "plans/evaluations/policy.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def evaluate_target(request: HttpRequest, plan_id: int, year: int, target_id: int) -> HttpResponse:
    """One target in one year: the stored figure and what the rule makes of it."""
    seen = visit_year(request, plan_id, year, to_change=request.method == "POST")
    related = Target.objects.select_related("plan__prefecture", "region__scheme").prefetch_related("milestones")
    target = get_object_or_404(related, pk=target_id, plan=seen.plan, removed_at=None)
    desk = get_target_desk(target, year=year)
    form = TargetEvaluationForm(sent(request), desk=desk, year=year)
    context = _context(seen, desk, form, year) | {"rules": TARGET_RULES, "subject": TARGET, "name": desk.name}
    if form.is_bound and form.is_valid():
        try:
            save_target_evaluation(
                target,
                year=year,
                base=base_version(request),
                changes=form.changes,
                by=seen.user,
                manual=form.manual,
            )
        except (RowConflict, PlanRefusal) as trouble:
            return _refused(request, trouble, form, context)
        return _saved(request, plan_id, year, desk.name)
    return render(request, "plans/evaluations/target.html", context, status=422 if form.is_bound else 200)


def _context(seen: PlanVisit, desk: PolicyDesk | TargetDesk, form: Any, year: int) -> dict[str, Any]:
    sheet = find_plan_evaluation(seen.plan, kind=YEARLY, year=year)
    subject = TARGET if isinstance(desk, TargetDesk) else POLICY
    current = desk.current
    return {
        "visit": seen,
        "desk": desk,
        "form": form,
        "year": year,
        "year_label": format_fiscal_year(year),
        "is_confirmed": sheet is not None and sheet.confirmed_at is not None,
        "version": current.version if current else 0,
        "verdict_label": label_of(desk.verdict.judgement, subject),
        "saved_label": label_of(current.judgement, subject) if current else "",
        "saved_rule_label": label_of(current.rule_judgement, subject) if current else "",
        "saved_actual": actual_words(current) if isinstance(current, TargetEvaluation) else "",
        "saved_interval": interval_words(current) if isinstance(current, TargetEvaluation) else "",
        "conflicts": None,
    }


def _refused(
    request: HttpRequest, trouble: RowConflict | PlanRefusal, form: Any, context: dict[str, Any]
) -> HttpResponse:
    """The page with what was typed: beside a colleague's values, or with the reason why nothing can be saved."""
    template = f"plans/evaluations/{context['subject']}.html"
    if isinstance(trouble, PlanRefusal):
        form.add_error(None, str(trouble))
        return render(request, template, context, status=422)
    current = trouble.current
    assert isinstance(current, (PolicyEvaluation, TargetEvaluation))
    context |= {"conflicts": field_conflicts(form, current), "version": trouble.version}
    return render(request, template, context, status=409)


def _saved(request: HttpRequest, plan_id: int, year: int, name: str) -> HttpResponse:
    messages.success(request, f"「{name}」の{year}年度の評価を保存しました。")
    return redirect("plans:evaluation-year", plan_id=plan_id, year=year)
