"""機関台帳: list, map, one body, entering a body, duplicates."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actions import bodies as actions
from institutions.forms import BodySearchForm, EnterBodyForm, read_prefecture
from institutions.models import Body, BodyMerge
from institutions.point_map import OTHER, MapPoint, render_points
from institutions.queries.bodies import MOST_ON_MAP, PAGE_SIZE, find_bodies, search_bodies
from institutions.queries.body_detail import get_body, list_duplicates
from institutions.queries.designations import get_designation_areas
from institutions.results import DesignationAreas
from institutions.views.access import find_prefecture, get_page, require_editor, sign_in_first, unit_names
from zaitaku.accounts.permissions import may_edit
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.problems import FileRefused

_NO_AREAS = DesignationAreas(scheme_key="", scheme_name="", is_home_care=False, areas=())


def make_search(request: HttpRequest) -> BodySearchForm:
    """The search of the address; areas and municipalities are those of its prefecture."""
    code = read_prefecture(request.GET)
    areas = get_designation_areas(code) if code else _NO_AREAS
    return BodySearchForm(request.GET, areas=areas, units=unit_names(code) if code else ())


@require_safe
def institution_list(request: HttpRequest) -> HttpResponse:
    """The bodies that pass the filters, as a list or on the map of the prefecture."""
    form = make_search(request)
    query = form.query
    result = search_bodies(query)
    # The paginator only counts pages: the rows are those of the query.
    pages = Paginator(range(result.total), PAGE_SIZE).page(result.number)
    is_map = request.GET.get("tab") == "map" and bool(query.prefecture)
    context = {
        "form": form,
        "query": query,
        "result": result,
        "page": pages,
        "tab": "map" if is_map else "list",
        "map": _map(form) if is_map else "",
        "most_on_map": MOST_ON_MAP,
        "may_edit": bool(query.prefecture) and may_edit(get_actor(request.user), query.prefecture),
    }
    return render(request, "institutions/list.html", context)


def _map(form: BodySearchForm) -> str:
    query = form.query
    placed = find_bodies(query).exclude(position=Body.Position.NONE)
    rows = placed.values_list("name", "latitude", "longitude", "position")[:MOST_ON_MAP]
    points = [
        MapPoint(name=name, latitude=lat, longitude=lon, mark=OTHER, is_approximate=position == "approximate")
        for name, lat, lon, position in rows
        if lat is not None and lon is not None
    ]
    areas = get_designation_areas(query.prefecture)
    return render_points(query.prefecture, points, title="見つかった機関の位置", areas=areas)


@require_safe
def institution_detail(request: HttpRequest, body_id: int) -> HttpResponse:
    """Everything known about one body."""
    detail = get_body(body_id)
    if detail is None:
        raise Http404("この番号の機関はありません。機関台帳で探してください。")
    actor = get_actor(request.user)
    context = {
        "detail": detail,
        "may_edit": may_edit(actor, detail.prefecture_code),
        "shown": [
            one for one in detail.designations if one.status == "designated" or actor.works_in(one.prefecture_code)
        ],
    }
    return render(request, "institutions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def body_create(request: HttpRequest) -> HttpResponse:
    """Enter a body that no register has."""
    if answer := sign_in_first(request):
        return answer
    page = get_page(request)
    if page is None:
        return redirect("institutions:institution-list")
    user = require_editor(request, page.prefecture.code)
    form = EnterBodyForm(request.POST or None, units=unit_names(page.prefecture.code))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entered = actions.EnteredBody(
            kind=given["kind"],
            name=given["name"],
            kana=given["kana"],
            address=given["address"],
            unit_id=given["unit"],
            note=given["note"],
        )
        body = actions.enter_body(entered, prefecture=find_prefecture(page.prefecture.code), by=user)
        messages.success(request, f"「{body.name}」を登録しました。")
        return redirect("institutions:institution-detail", body.pk)
    status = 422 if form.errors else 200
    return render(request, "institutions/body_create.html", {"form": form, "page_of": page}, status=status)


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one body, for the official to decide."""
    if answer := sign_in_first(request):
        return answer
    page = get_page(request)
    if page is None:
        return redirect("institutions:institution-list")
    require_editor(request, page.prefecture.code)
    standing = BodyMerge.objects.filter(undone_at=None, kept__prefecture__code=page.prefecture.code)
    context = {
        "page_of": page,
        "pairs": list_duplicates(page.prefecture.code),
        "merges": standing.select_related("duplicate", "kept", "by").order_by("-at"),
    }
    return render(request, "institutions/duplicates.html", context)


@require_POST
def body_merge(request: HttpRequest) -> HttpResponse:
    """Note that two rows are one body."""
    duplicate = get_object_or_404(Body, pk=_number(request, "duplicate"))
    kept = get_object_or_404(Body, pk=_number(request, "kept"))
    user = require_editor(request, duplicate.prefecture.code)
    try:
        actions.merge_bodies(duplicate, kept=kept, reason=request.POST.get("reason", "")[:500], by=user)
    except FileRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"「{duplicate.name}」を「{kept.name}」に統合しました。取り消せます。")
    return redirect("institutions:institution-detail", kept.pk)


@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    merge = get_object_or_404(BodyMerge.objects.select_related("kept__prefecture"), pk=merge_id)
    user = require_editor(request, merge.kept.prefecture.code)
    actions.undo_merge(merge, by=user)
    messages.success(request, "統合を取り消しました。2つの機関が、それぞれ台帳に戻りました。")
    return redirect("institutions:institution-detail", merge.duplicate_id)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Http404("機関の番号を読み取れません。")
    return int(text)
