"""地域の種類: the bounds between the types of areas, shown to everybody, changed by administrators after a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from indicators.actions.area_types import BoundsChangedMeanwhile, change_bounds
from indicators.area_type_forms import BoundsForm, ChangeForm, fill, mark_of
from indicators.area_types import Bounds, default_bounds
from indicators.queries.area_type_preview import preview_bounds
from indicators.queries.area_types import get_bounds, get_history
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_set_area_types
from zaitaku.accounts.queries import get_actor

_MEANWHILE = "確かめている間に、ほかの人が区切りを変更しました。いまの区切りを見て、もう一度確かめてください。"


@require_http_methods(["GET", "HEAD", "POST"])
def area_types(request: HttpRequest) -> HttpResponse:
    """The bounds in force with their history; with bounds in the address, what these would change."""
    may_edit = may_set_area_types(get_actor(request.user))
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied("地域の種類の区切りを変更できるのは、管理者だけです。")
        return _save(request)
    asked = any(name in request.GET for name in BoundsForm.base_fields)
    bounds = get_bounds()
    form = BoundsForm(request.GET) if asked else BoundsForm(initial=fill(bounds))
    if not asked or not form.is_valid():
        return _page(request, bounds, form=form)
    return _page(request, bounds, form=form, wanted=form.bounds)


def _save(request: HttpRequest) -> HttpResponse:
    bounds, form = get_bounds(), ChangeForm(request.POST)
    if not form.is_valid():
        shown = BoundsForm(request.POST)
        return _page(request, bounds, form=shown, wanted=shown.bounds if shown.is_valid() else None, change=form)
    if form.bounds == bounds or form.cleaned_data["replaced"] != mark_of(bounds):
        return _meanwhile(request, form.bounds)
    assert isinstance(request.user, User)
    told = {"reason": form.cleaned_data["reason"], "source": form.cleaned_data["source"]}
    try:
        change_bounds(form.bounds, instead_of=bounds, by=request.user, **told)
    except BoundsChangedMeanwhile:
        return _meanwhile(request, form.bounds)
    messages.success(request, "地域の種類の区切りを変更しました。似た地域の表示に、いまから使われます。")
    return redirect("indicators:area-types")


def _meanwhile(request: HttpRequest, wanted: Bounds) -> HttpResponse:
    messages.error(request, _MEANWHILE)
    return redirect(f"{request.path}{wanted.querystring}")


def _page(
    request: HttpRequest,
    bounds: Bounds,
    *,
    form: BoundsForm,
    wanted: Bounds | None = None,
    change: ChangeForm | None = None,
) -> HttpResponse:
    changes = wanted is not None and wanted != bounds
    if changes and change is None:
        change = ChangeForm(initial={**fill(wanted), "replaced": mark_of(bounds)}) if wanted else None
    context: dict[str, Any] = {
        "bounds": bounds,
        "standard": default_bounds(),
        "history": get_history(),
        "form": form,
        "wanted": wanted,
        "preview": preview_bounds(wanted) if changes and wanted else (),
        "change": change,
        "may_edit": may_set_area_types(get_actor(request.user)),
    }
    return render(request, "indicators/area_types.html", context, status=400 if form.errors or _wrong(change) else 200)


def _wrong(change: ChangeForm | None) -> bool:
    return change is not None and bool(change.is_bound and change.errors)
