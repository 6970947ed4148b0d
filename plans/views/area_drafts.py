"""圏域案: the list of a prefecture, new ones, settings, and the crossings over water."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.area_drafts import NameTaken, archive_draft, create_draft, rename_draft
from plans.actions.area_links import LinkRefused, assume_links, remove_link, save_link
from plans.area_forms import LinkForm, NewDraftForm
from plans.formulas.partition import Partition, coloured, from_groups
from plans.parsers.area_csv import parse_area_csv
from plans.queries.area_drafts import list_adopted, list_drafts
from plans.queries.area_frame import get_frame
from plans.queries.area_links import get_links
from plans.queries.area_starts import CSV, get_start, get_starts
from plans.views.area_access import Visit, find_draft, visit
from zaitaku.accounts.prefecture_choice import chosen_prefecture, own_prefecture
from zaitaku.lib.problems import FileRefused


def _prefecture_code(request: HttpRequest) -> str:
    place = chosen_prefecture(request) or own_prefecture(request)
    if place is None:
        raise Http404("都道府県を選んでから開いてください。")
    return place.code


@require_safe
@login_required
def show_drafts(request: HttpRequest) -> HttpResponse:
    """The drafts and the adopted areas of a prefecture."""
    seen = visit(request, _prefecture_code(request))
    code = seen.prefecture.code
    context = {"visit": seen, "drafts": list(list_drafts(code)), "adopted": list(list_adopted(code))}
    return render(request, "plans/areas/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_draft(request: HttpRequest) -> HttpResponse:
    """What to begin with, and beginning."""
    seen = visit(request, _prefecture_code(request), to_change=True)
    starts = get_starts(seen.prefecture.code)
    if request.method != "POST":
        first = next((start.key for start in starts if start.is_open), "")
        form = NewDraftForm(starts=starts, initial={"start": first, "name": f"{seen.prefecture.name}の案"})
        return _new_form(request, seen, form)
    form = NewDraftForm(request.POST, request.FILES, starts=starts)
    if not form.is_valid():
        return _new_form(request, seen, form, status=422)
    try:
        draft = _create(form, seen)
    except (FileRefused, NameTaken) as error:
        problems = error.problems if isinstance(error, FileRefused) else ()
        if not problems:
            form.add_error("name", str(error))
        return _new_form(request, seen, form, problems=problems, status=422)
    return redirect("plans:draft-detail", draft_id=draft)


def _create(form: NewDraftForm, seen: Visit) -> int:
    today = timezone.localdate()
    start, code = form.cleaned_data["start"], seen.prefecture.code
    if start == CSV:
        file = form.cleaned_data["file"]
        partition: Partition = from_groups(parse_area_csv(file.read(), get_frame(code, on=today).places))
        origin = f"CSV「{file.name[:80]}」"
    else:
        partition = get_start(start, prefecture_code=code, on=today)
        origin = next(one.label for one in get_starts(code) if one.key == start)
    assume_links(seen.prefecture, on=today)
    drawn = coloured(partition, get_frame(code, on=today).neighbours)
    return create_draft(
        seen.prefecture, name=form.cleaned_data["name"], origin=origin, partition=drawn, by=seen.user
    ).pk


def _new_form(
    request: HttpRequest, seen: Visit, form: NewDraftForm, *, problems: object = (), status: int = 200
) -> HttpResponse:
    closed = [start for start in get_starts(seen.prefecture.code) if not start.is_open]
    context = {"visit": seen, "form": form, "closed": closed, "problems": problems}
    return render(request, "plans/areas/new.html", context, status=status)


@require_POST
@login_required
def change_settings(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Rename a draft, or take it out of the list."""
    draft, seen = find_draft(request, draft_id, to_change=True)
    if request.POST.get("action") == "archive":
        archive_draft(draft.pk, by=seen.user)
        messages.success(request, f"「{draft.name}」を一覧から外しました。")
        return redirect(_list_url(seen))
    name = request.POST.get("name", "").strip()[:80]
    try:
        if not name:
            raise NameTaken("案の名称を入力してください。")
        rename_draft(draft.pk, name=name, note=request.POST.get("note", "")[:2000], by=seen.user)
    except NameTaken as error:
        messages.error(request, str(error))
    return redirect("plans:draft-detail", draft_id=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_links(request: HttpRequest) -> HttpResponse:
    """The crossings of a prefecture, and changing them."""
    code = _prefecture_code(request)
    seen = visit(request, code, to_change=request.method == "POST")
    units = [(unit.code, unit.name) for unit in get_frame(code, on=timezone.localdate()).units]
    form = LinkForm(request.POST or None, units=units)
    if request.method == "POST":
        if request.POST.get("remove", "").isdecimal():
            remove_link(seen.prefecture, link_id=int(request.POST["remove"]))
            return redirect(f"{reverse('plans:link-list')}?prefecture={code}")
        if form.is_valid():
            try:
                save_link(seen.prefecture, by=seen.user, **form.cleaned_data)
            except LinkRefused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "つながりを登録しました。")
                return redirect(f"{reverse('plans:link-list')}?prefecture={code}")
    status = 422 if form.is_bound else 200
    context = {"visit": seen, "form": form, "links": get_links(code)}
    return render(request, "plans/areas/links.html", context, status=status)


def _list_url(seen: Visit) -> str:
    return f"{reverse('plans:draft-list')}?prefecture={seen.prefecture.code}"
