"""入退院支援ルール: the table of areas with what is missing, and the rule of one area."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.discharge_rules import add_rule, change_rule, remove_rule
from plans.actions.rows import RowConflict
from plans.models import DischargeRule
from plans.queries.discharge_rules import get_municipalities, get_rule_areas, get_rule_row, list_rules
from plans.queries.meetings import decisions_of
from plans.results import PlanRefusal
from plans.rule_forms import RuleForm
from plans.views.topic_access import base_version, field_conflicts, visit_plan
from zaitaku.accounts.queries import get_actor


@require_safe
@login_required
def show_rules(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every area of the plan with its rule."""
    seen = visit_plan(request, plan_id)
    table = list_rules(seen.plan, today=timezone.localdate())
    return render(request, "plans/discharge/list.html", {"visit": seen, "table": table})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_rule(request: HttpRequest, plan_id: int, area_code: str) -> HttpResponse:
    """The rule of an area that has none."""
    seen = visit_plan(request, plan_id, to_change=True)
    area = next((one for one in get_rule_areas(seen.plan) if one.code == area_code), None)
    if area is None:
        raise Http404("この計画に、このコードの圏域はありません。一覧から選んでください。")
    form = RuleForm(request.POST if request.method == "POST" else None, municipalities=get_municipalities(area))
    if form.is_bound and form.is_valid():
        try:
            add_rule(seen.plan, area=area, changes=form.changes, municipalities=form.municipalities)
        except PlanRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{area.name}のルールを登録しました。")
            return redirect("plans:discharge-list", plan_id=plan_id)
    context = {"visit": seen, "area": area, "form": form, "version": 0}
    return render(request, "plans/discharge/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_rule(request: HttpRequest, plan_id: int, rule_id: int) -> HttpResponse:
    """The rule of an area: read by all who see the plan, changed by its officials."""
    seen = visit_plan(request, plan_id, to_change=request.method == "POST")
    related = DischargeRule.objects.select_related("area", "plan").prefetch_related("municipalities")
    rule = get_object_or_404(related, pk=rule_id, plan=seen.plan)
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, instance=rule, municipalities=get_municipalities(rule.area))
    version, conflicts = rule.version, None
    if form.is_bound and form.is_valid():
        try:
            change_rule(rule, base=base_version(request), changes=form.changes, municipalities=form.municipalities)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, f"{rule.area.name}のルールを保存しました。")
            return redirect("plans:discharge-list", plan_id=plan_id)
    saved = related.get(pk=rule_id)
    context = {"visit": seen, "area": rule.area, "form": form, "version": version, "conflicts": conflicts}
    context |= {
        "row": get_rule_row(saved, today=timezone.localdate()),
        "decided": decisions_of(seen.plan, actor=get_actor(request.user), section="discharge_rules", record=rule_id),
    }
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/discharge/edit.html", context, status=status)


@require_POST
@login_required
def delete_rule(request: HttpRequest, plan_id: int, rule_id: int) -> HttpResponse:
    """Delete the rule of an area."""
    seen = visit_plan(request, plan_id, to_change=True)
    rule = get_object_or_404(DischargeRule.objects.select_related("area"), pk=rule_id, plan=seen.plan)
    remove_rule(rule)
    messages.success(request, f"{rule.area.name}のルールを削除しました。")
    return redirect("plans:discharge-list", plan_id=plan_id)
