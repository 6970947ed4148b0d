"""在宅の整備目標: the table of areas and years with sums and checks, and one row."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from plans.actions.demand import add_agreement, remove_agreement
from plans.actions.rows import RowConflict, change_row
from plans.demand_forms import AgreementForm
from plans.models import DemandAgreement
from plans.queries.demand import get_demand_table, get_estimate
from plans.results import PlanRefusal
from plans.views.topic_access import base_version, field_conflicts, visit_plan


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_demand(request: HttpRequest, plan_id: int) -> HttpResponse:
    """All rows; POST adds one."""
    seen = visit_plan(request, plan_id, to_change=request.method == "POST")
    form = AgreementForm(request.POST if request.method == "POST" else None, plan=seen.plan)
    if form.is_bound and form.is_valid():
        try:
            add_agreement(seen.plan, changes=form.changes)
        except PlanRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "行を加えました。")
            return redirect("plans:demand", plan_id=plan_id)
    context = {"visit": seen, "table": get_demand_table(seen.plan), "form": form}
    return render(request, "plans/demand/table.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_demand(request: HttpRequest, plan_id: int, agreement_id: int) -> HttpResponse:
    """Change a row, or delete it (`remove`)."""
    seen = visit_plan(request, plan_id, to_change=True)
    rows = DemandAgreement.objects.select_related("area__scheme", "meeting")
    row = get_object_or_404(rows, pk=agreement_id, plan=seen.plan)
    if "remove" in request.POST:
        remove_agreement(row)
        messages.success(request, f"{row.area.name}（{row.year}年度）の行を削除しました。")
        return redirect("plans:demand", plan_id=plan_id)
    form = AgreementForm(request.POST if request.method == "POST" else None, plan=seen.plan, agreement=row)
    version, conflicts = row.version, None
    if form.is_bound and form.is_valid():
        try:
            change_row(row, base=base_version(request), changes=form.changes)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, "保存しました。")
            return redirect("plans:demand", plan_id=plan_id)
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    context = {"visit": seen, "form": form, "row": row, "version": version, "conflicts": conflicts}
    context["estimate"] = get_estimate(seen.plan, row.area, year=row.year)
    return render(request, "plans/demand/row.html", context, status=status)
