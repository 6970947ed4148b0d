"""施策 by 場面 and theme, one of them, and the roadmap as a grid of years."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.policies import add_policy, change_policy
from plans.actions.rows import RowConflict, bring_row_back, remove_row
from plans.models import Policy
from plans.policy_forms import PolicyFilter, PolicyForm
from plans.queries.evaluations import evaluations_of_subject
from plans.queries.meetings import decisions_of
from plans.queries.policies import get_roadmap, list_policies, list_removed_policies
from plans.queries.practices import suggest_for_policy
from plans.views.topic_access import base_version, field_conflicts, visit_plan
from zaitaku.accounts.queries import get_actor


@require_safe
@login_required
def show_policies(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The policies of a plan; 場面 and theme are chosen in the address."""
    seen = visit_plan(request, plan_id)
    chosen = PolicyFilter(request.GET)
    wanted = chosen.cleaned_data if chosen.is_valid() else {}
    context = {
        "visit": seen,
        "filter": chosen,
        "is_filtered": any(wanted.values()),
        "groups": list_policies(seen.plan, **wanted),
        "removed": list_removed_policies(seen.plan) if seen.may_change else (),
    }
    return render(request, "plans/policies/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_policy(request: HttpRequest, plan_id: int, policy_id: int | None = None) -> HttpResponse:
    """A new policy, or one that is there; readers see the same without the form."""
    seen = visit_plan(request, plan_id, to_change=policy_id is None or request.method == "POST")
    policy = None if policy_id is None else get_object_or_404(Policy, pk=policy_id, plan=seen.plan)
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=policy, plan=seen.plan)
    version, conflicts = 0 if policy is None else policy.version, None
    if form.is_bound and form.is_valid():
        try:
            if policy is None:
                add_policy(seen.plan, changes=form.changes, steps=form.steps)
            else:
                change_policy(policy, base=base_version(request), changes=form.changes, steps=form.steps)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, f"「{form.changes['title']}」を保存しました。")
            return redirect("plans:policy-list", plan_id=plan_id)
    stored = Policy.objects.select_related("plan__prefecture").prefetch_related("steps")
    saved = None if policy is None else stored.get(pk=policy.pk)
    context = {"visit": seen, "form": form, "policy": saved, "version": version, "conflicts": conflicts}
    if saved is not None:
        actor = get_actor(request.user)
        context["decided"] = decisions_of(seen.plan, actor=actor, section="policies", record=saved.pk)
        context["practices"] = suggest_for_policy(saved)
        context["evaluated"] = evaluations_of_subject(saved)
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/policies/edit.html", context, status=status)


@require_POST
@login_required
def remove_policy(request: HttpRequest, plan_id: int, policy_id: int) -> HttpResponse:
    """Take a policy out, or bring it back (`undo`)."""
    seen = visit_plan(request, plan_id, to_change=True)
    policy = get_object_or_404(Policy, pk=policy_id, plan=seen.plan)
    if "undo" in request.POST:
        bring_row_back(policy)
        messages.success(request, "施策を元に戻しました。")
    else:
        remove_row(policy)
        messages.success(request, "施策を外しました。一覧の下の「外した施策」から元に戻せます。")
    return redirect("plans:policy-list", plan_id=plan_id)


@require_safe
@login_required
def show_roadmap(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Policies × years."""
    seen = visit_plan(request, plan_id)
    return render(request, "plans/policies/roadmap.html", {"visit": seen, "roadmap": get_roadmap(seen.plan)})
