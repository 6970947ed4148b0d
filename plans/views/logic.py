"""ロジックモデル: the drawing, the same as tables, and changing boxes and arrows with plain forms."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.logic import add_edge, add_node, explain_edge, move_node, remove_edge, remove_node
from plans.actions.rows import RowConflict, change_row
from plans.exports.logic_picture import caption_of
from plans.logic_forms import EdgeForm, NodeForm
from plans.models import LogicEdge, LogicNode
from plans.queries.logic import get_logic_model, make_drawing
from plans.results import PlanRefusal
from plans.views.topic_access import PlanVisit, base_version, field_conflicts, visit_plan
from zaitaku.lib.pictures import draw_svg


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_model(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The model; POST adds a box."""
    seen = visit_plan(request, plan_id, to_change=request.method == "POST")
    form = NodeForm(request.POST if request.method == "POST" else None, plan=seen.plan)
    if form.is_bound and form.is_valid():
        node = add_node(seen.plan, changes=form.cleaned_data)
        messages.success(request, f"「{node.title}」を加えました。")
        return redirect("plans:logic-model", plan_id=plan_id)
    return _show(request, seen, node_form=form)


def _show(
    request: HttpRequest, seen: PlanVisit, *, node_form: NodeForm | None = None, edge_form: EdgeForm | None = None
) -> HttpResponse:
    model = get_logic_model(seen.plan)
    form = next((one for one in (node_form, edge_form) if one is not None and one.is_bound), None)
    context = {
        "visit": seen,
        "model": model,
        "drawing": mark_safe(make_drawing(model, title="ロジックモデル", with_links=True)),  # noqa: S308 - escaped there
        "node_form": node_form or NodeForm(plan=seen.plan),
        "edge_form": edge_form or EdgeForm(plan=seen.plan),
        "form": form,
    }
    return render(request, "plans/logic/model.html", context, status=200 if form is None else 422)


@require_safe
@login_required
def download_drawing(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The drawing as a file, with caption and source."""
    seen = visit_plan(request, plan_id)
    svg = make_drawing(get_logic_model(seen.plan), title="ロジックモデル", with_links=False)
    content = draw_svg(svg, caption=caption_of(seen.plan), file_format="svg")
    headers = {"Content-Disposition": f'attachment; filename="logic-model-{seen.plan.pk}.svg"'}
    return HttpResponse(content, content_type="image/svg+xml", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_node(request: HttpRequest, plan_id: int, node_id: int) -> HttpResponse:
    """Change, move (`move` is up or down) or delete (`remove`) a box."""
    seen = visit_plan(request, plan_id, to_change=True)
    node = get_object_or_404(LogicNode, pk=node_id, plan=seen.plan)
    if "remove" in request.POST:
        remove_node(node)
        messages.success(request, f"「{node.title}」とそのつながりを削除しました。")
        return redirect("plans:logic-model", plan_id=plan_id)
    if request.POST.get("move") in ("up", "down"):
        move_node(node, up=request.POST["move"] == "up")
        return redirect("plans:logic-model", plan_id=plan_id)
    form = NodeForm(request.POST if request.method == "POST" else None, instance=node, plan=seen.plan)
    version, conflicts = node.version, None
    if form.is_bound and form.is_valid():
        try:
            change_row(node, base=base_version(request), changes=form.cleaned_data)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, "項目を保存しました。")
            return redirect("plans:logic-model", plan_id=plan_id)
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    context = {"visit": seen, "form": form, "node": node, "version": version, "conflicts": conflicts}
    return render(request, "plans/logic/node.html", context, status=status)


@require_POST
@login_required
def new_edge(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Add an arrow."""
    seen = visit_plan(request, plan_id, to_change=True)
    form = EdgeForm(request.POST, plan=seen.plan)
    if form.is_valid():
        try:
            add_edge(seen.plan, **form.cleaned_data)
        except PlanRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "つながりを加えました。")
            return redirect("plans:logic-model", plan_id=plan_id)
    return _show(request, seen, edge_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_edge(request: HttpRequest, plan_id: int, edge_id: int) -> HttpResponse:
    """Say why an arrow is there, or delete it (`remove`)."""
    seen = visit_plan(request, plan_id, to_change=True)
    edge = get_object_or_404(LogicEdge.objects.select_related("source", "target"), pk=edge_id, plan=seen.plan)
    if "remove" in request.POST:
        remove_edge(edge)
        messages.success(request, "つながりを削除しました。")
        return redirect("plans:logic-model", plan_id=plan_id)
    start = {"reason": edge.reason, "evidence": edge.evidence}
    form = EdgeForm(request.POST if request.method == "POST" else None, plan=seen.plan, edge=edge, initial=start)
    if form.is_bound and form.is_valid():
        explain_edge(edge, **form.cleaned_data)
        messages.success(request, "理由と根拠を保存しました。")
        return redirect("plans:logic-model", plan_id=plan_id)
    return render(request, "plans/logic/edge.html", {"visit": seen, "form": form, "edge": edge})
