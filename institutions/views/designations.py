"""位置付け: the register, one designation, and what is decided about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actions import designations as actions
from institutions.definitions.requirements import requirement_set
from institutions.exports.designations import register_table, table_response
from institutions.forms import CommentForm, EditDesignationForm, NewDesignationForm, StatusForm
from institutions.models import Body, Designation, DesignationBatch
from institutions.point_map import MARKS, OTHER, MapPoint, render_points
from institutions.queries.designations import (
    allows_support,
    get_designation,
    get_designation_areas,
    get_designations,
    get_history,
)
from institutions.results import DESIGNATED, DesignationAreas, DesignationRow
from institutions.views.access import (
    PageContext,
    find_designation,
    find_prefecture,
    get_page,
    require_editor,
    sign_in_first,
    unit_names,
)
from zaitaku.accounts.permissions import may_comment, may_edit, may_see_drafts

KINDS = [("", "すべて"), *Designation.Kind.choices]
STATUSES = [("", "解除を除くすべて"), *Designation.Status.choices]


def choose_prefecture(request: HttpRequest, title: str, text: str) -> HttpResponse:
    """A page that asks for a prefecture first."""
    return render(request, "institutions/choose_prefecture.html", {"title": title, "text": text})


@require_safe
def designation_list(request: HttpRequest) -> HttpResponse:
    """The register of one prefecture and period; others than its own people see what is 位置付け."""
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "位置付けの登録", "都道府県を選ぶと、位置付けた機関を圏域ごとに表示します。")
    areas = get_designation_areas(page.prefecture.code)
    rows = _chosen(request, page)
    batches = DesignationBatch.objects.filter(
        prefecture__code=page.prefecture.code, period=page.period.start, state=DesignationBatch.State.APPLIED
    )
    context = {
        "page_of": page,
        "areas": areas,
        "groups": group_by_area(rows, areas),
        "total": len(rows),
        "kinds": KINDS if allows_support(page.prefecture.code) else KINDS[:-1],
        "statuses": STATUSES,
        "chosen": request.GET,
        "form": StatusForm(initial={"on": timezone.localdate()}, auto_id="bulk_%s"),
        "batches": batches.select_related("by").order_by("-pk")[:5] if page.may_edit else (),
        "map": draw(rows, page, areas) if rows and request.GET.get("tab") == "map" else "",
    }
    return render(request, "institutions/designations.html", context)


def _chosen(request: HttpRequest, page: PageContext) -> tuple[DesignationRow, ...]:
    kind, area, status = (request.GET.get(name, "") for name in ("kind", "area", "status"))
    statuses = (status,) if status in Designation.Status.values else ()
    if not page.may_see_drafts:
        statuses = (DESIGNATED,)
    rows = get_designations(page.prefecture.code, page.period.start, statuses=statuses)
    return tuple(
        row
        for row in rows
        if (not kind or row.kind == kind) and (not area or (row.area is not None and str(row.area.id) == area))
    )


def group_by_area(rows: tuple[DesignationRow, ...], areas: DesignationAreas) -> list[tuple[str, list[DesignationRow]]]:
    """Rows under the names of their areas, in the order of the areas; without an area last."""
    groups: dict[int | None, list[DesignationRow]] = {area.id: [] for area in areas.areas}
    names: dict[int | None, str] = {area.id: area.name for area in areas.areas}
    for row in rows:
        key = row.area.id if row.area else None
        names.setdefault(key, row.area.name if row.area else "圏域未定")
        groups.setdefault(key, []).append(row)
    return [(names[key], found) for key, found in groups.items() if found]


def draw(rows: tuple[DesignationRow, ...], page: PageContext, areas: DesignationAreas) -> str:
    """The map of designated bodies."""
    points = [
        MapPoint(
            name=f"{row.body_name}（{row.kind_label}）",
            latitude=row.latitude,
            longitude=row.longitude,
            mark=MARKS.get(row.kind, OTHER),
            is_approximate=row.position == "approximate",
        )
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]
    return render_points(page.prefecture.code, points, title="位置付けた機関の位置", areas=areas)


@require_safe
def designation_file(request: HttpRequest, extension: str) -> HttpResponse:
    """The register as CSV or XLSX: exactly the rows of the page."""
    page = get_page(request)
    if page is None:
        raise Http404("都道府県を選んでください。")
    table = register_table(_chosen(request, page), title=f"{page.prefecture.name} 位置付けの登録", period=page.period)
    return table_response(table, extension=extension, name=f"zaitaku-designations-{page.prefecture.code}")


@require_safe
def designation_detail(request: HttpRequest, designation_id: int) -> HttpResponse:
    """One designation: facts, forms for those who may, comments and history."""
    designation, actor = find_designation(request, designation_id)
    return render(request, "institutions/designation.html", _detail(designation, actor))


def _detail(designation: Designation, actor: Any, **forms: Any) -> dict[str, Any]:
    code = designation.prefecture.code
    areas = get_designation_areas(code)
    row = get_designation(designation.pk)
    assert row is not None  # `find_designation` found it
    sees_drafts = may_see_drafts(actor, code)
    initial = {
        "version": designation.version,
        "area": designation.area_id,
        "evidence": designation.evidence,
        "recheck_on": designation.recheck_on,
    }
    served = {unit.id for unit in row.catchment}
    own = areas.of_unit(row.unit.id if row.unit else None)
    chosen = next((area for area in areas.areas if row.area is not None and area.id == row.area.id), own)
    near = set(chosen.unit_ids) if chosen else set()
    units = unit_names(code)
    return {
        "row": row,
        "may_edit": may_edit(actor, code),
        "may_comment": may_comment(actor, code),
        "sees_drafts": sees_drafts,
        "requirements": requirement_set(row.kind, period=row.period),
        "history": get_history(row.id) if sees_drafts else (),
        "comments": designation.comments.select_related("by").order_by("pk") if sees_drafts else (),
        "units_near": [(unit, unit.id in served) for unit in units if unit.id in near],
        "units_far": [(unit, unit.id in served) for unit in units if unit.id not in near],
        "status_form": StatusForm(initial={"on": timezone.localdate()}, after=row.status),
        "statuses": Designation.Status.choices,
        "edit_form": EditDesignationForm(None, areas=areas, initial=initial),
        "comment_form": CommentForm(),
        **forms,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def designation_create(request: HttpRequest) -> HttpResponse:
    """Enter a body of the 機関台帳 as 候補."""
    if answer := sign_in_first(request):
        return answer
    body = get_object_or_404(Body.objects.select_related("prefecture", "unit"), pk=_body_number(request))
    code = body.prefecture.code
    user = require_editor(request, code)
    page = get_page(request)
    assert page is not None  # somebody who edits has a prefecture
    areas = get_designation_areas(code)
    own = areas.of_unit(body.unit_id)
    initial = {"body": body.pk, "area": own.id if own else None, "kind": "active" if body.institution_id else "hub"}
    form = NewDesignationForm(request.POST or None, areas=areas, with_support=allows_support(code), initial=initial)
    if request.method == "POST" and form.is_valid():
        new = actions.NewDesignation(
            prefecture_id=body.prefecture_id,
            period=page.period.start,
            kind=form.cleaned_data["kind"],
            body=body,
            area_id=form.cleaned_data["area"],
            reason=form.cleaned_data["reason"],
            decided_on=timezone.localdate(),
        )
        try:
            designation = actions.create_designation(new, by=user)
        except actions.DesignationRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"「{body.name}」を候補に登録しました。")
            return redirect("institutions:designation-detail", designation.pk)
    context = {"form": form, "body": body, "page_of": page}
    return render(request, "institutions/designation_create.html", context, status=422 if form.errors else 200)


def _body_number(request: HttpRequest) -> int:
    text = request.POST.get("body") or request.GET.get("body", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_POST
def designation_status(request: HttpRequest, designation_id: int) -> HttpResponse:
    """One step on, or why not."""
    designation, actor = find_designation(request, designation_id)
    user = require_editor(request, designation.prefecture.code)
    form = StatusForm(request.POST, after=designation.status)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_status(designation, given["status"], on=given["on"], reason=given["reason"], by=user)
        except actions.DesignationRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"状態を「{Designation.Status(given['status']).label}」にしました。")
            return redirect("institutions:designation-detail", designation_id)
    context = _detail(designation, actor, status_form=form)
    return render(request, "institutions/designation.html", context, status=422)


@require_POST
def designation_edit(request: HttpRequest, designation_id: int) -> HttpResponse:
    """Area, evidence, re-check date, programme body; a conflict shows both sides."""
    designation, actor = find_designation(request, designation_id)
    user = require_editor(request, designation.prefecture.code)
    form = EditDesignationForm(request.POST, areas=get_designation_areas(designation.prefecture.code))
    if form.is_valid():
        given = form.cleaned_data
        values = {
            "area_id": given["area"],
            "evidence": given["evidence"],
            "recheck_on": given["recheck_on"],
        }
        try:
            actions.edit_designation(designation, values, version=given["version"], by=user)
        except actions.EditConflict as error:
            designation.refresh_from_db()
            typed = request.POST.copy()
            typed["version"] = str(designation.version)
            form = EditDesignationForm(typed, areas=get_designation_areas(designation.prefecture.code))
            form.add_error(None, f"{error}下の欄はあなたの入力、上の表はいまの内容です。")
        except actions.DesignationRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "内容を保存しました。")
            return redirect("institutions:designation-detail", designation_id)
    context = _detail(designation, actor, edit_form=form)
    return render(request, "institutions/designation.html", context, status=422)


@require_POST
def designation_catchment(request: HttpRequest, designation_id: int) -> HttpResponse:
    """The municipalities a body serves."""
    designation, _ = find_designation(request, designation_id)
    user = require_editor(request, designation.prefecture.code)
    known = {str(unit.id): unit.id for unit in unit_names(designation.prefecture.code)}
    chosen = [known[value] for value in request.POST.getlist("unit") if value in known]
    actions.set_catchment(designation, chosen, by=user)
    messages.success(request, f"担当する市区町村を保存しました（{len(chosen)}市区町村）。")
    return redirect("institutions:designation-detail", designation_id)


@require_POST
def designation_comment(request: HttpRequest, designation_id: int) -> HttpResponse:
    """An opinion of the prefecture or one of its municipalities."""
    designation, actor = find_designation(request, designation_id)
    if not may_comment(actor, designation.prefecture.code):
        raise Http404("この番号の位置付けはありません。")
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = _detail(designation, actor, comment_form=form)
        return render(request, "institutions/designation.html", context, status=422)
    actions.comment(designation, form.cleaned_data["text"], by=request.user)  # type: ignore[arg-type]  # signed in
    messages.success(request, "意見を記録しました。")
    return redirect("institutions:designation-detail", designation_id)


@require_POST
def designation_undo(request: HttpRequest, designation_id: int) -> HttpResponse:
    """Take the last change back."""
    designation, _ = find_designation(request, designation_id)
    user = require_editor(request, designation.prefecture.code)
    try:
        messages.success(request, f"「{actions.undo_last_change(designation, by=user)}」を取り消しました。")
    except actions.DesignationRefused as error:
        messages.error(request, str(error))
    return redirect("institutions:designation-detail", designation_id)


@require_POST
def designation_bulk(request: HttpRequest) -> HttpResponse:
    """Take the chosen designations a step on."""
    page = get_page(request)
    if page is None:
        raise Http404("都道府県を選んでください。")
    user = require_editor(request, page.prefecture.code)
    form = StatusForm(request.POST)
    ids = [int(value) for value in request.POST.getlist("chosen") if value.isascii() and value.isdecimal()]
    rows = Designation.objects.filter(pk__in=ids, prefecture=find_prefecture(page.prefecture.code), voided_at=None)
    if not ids or not form.is_valid():
        messages.error(request, "機関と、新しい状態・日付（解除なら理由も）を選んでください。何も変えていません。")
    else:
        given = form.cleaned_data
        batch, refused = actions.change_many(
            rows.select_related("body"), given["status"], on=given["on"], reason=given["reason"], by=user
        )
        if batch is not None:
            messages.success(request, f"{batch.changes.count()}件の状態を変えました。まとめて取り消せます。")
        for sentence in refused[:10]:
            messages.error(request, sentence)
    return redirect(_register_address(page.prefecture.code, page.period.start))


@require_POST
def batch_undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch back."""
    batch = get_object_or_404(DesignationBatch.objects.select_related("prefecture"), pk=batch_id)
    user = require_editor(request, batch.prefecture.code)
    try:
        messages.success(request, f"{actions.undo_batch(batch, by=user)}件の変更を取り消しました。")
    except actions.DesignationRefused as error:
        messages.error(request, str(error))
    return redirect(_register_address(batch.prefecture.code, batch.period))


def _register_address(code: str, period: int) -> str:
    return f"{reverse('institutions:designation-list')}?prefecture={code}&period={period}"
