"""都道府県の独自の指標: the list, making and changing one with a preview, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions import own_indicators as actions
from indicators.definitions.own_draft import DraftRefused, FieldProblem
from indicators.definitions.schema import Definition
from indicators.models import OwnIndicator
from indicators.own_form import OwnIndicatorForm, draft_of, empty_form, form_of
from indicators.own_page import editor_context
from indicators.queries.own_indicators import (
    OwnEntry,
    get_own_indicator,
    judge,
    list_own_indicators,
    owner_of,
)
from indicators.queries.own_preview import OwnPreview, get_preview
from indicators.tasks import start_own_computation
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_edit
from zaitaku.accounts.prefecture_choice import chosen_prefecture, own_prefecture
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.prefectures import Prefecture

_STEPS: dict[str, tuple[Callable[..., OwnIndicator], str]] = {
    "publish": (actions.publish, "公開しました。値を計算しています。"),
    "retire": (actions.retire, "廃止しました。値と履歴は残っています。「廃止を取り消す」で元に戻せます。"),
    "reinstate": (actions.reinstate, "廃止を取り消して、公開に戻しました。"),
}


@require_safe
def own_list(request: HttpRequest) -> HttpResponse:
    """The own indicators of one prefecture."""
    place = chosen_prefecture(request)
    actor = get_actor(request.user)
    entries = list_own_indicators(place.code, actor=actor) if place else ()
    context = {"place": place, "entries": entries, "may_create": place and may_edit(actor, place.code)}
    return render(request, "indicators/own_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_create(request: HttpRequest) -> HttpResponse:
    """A new indicator."""
    place = chosen_prefecture(request)
    if place is None or not may_edit(get_actor(request.user), place.code):
        place = own_prefecture(request)
    if place is None or not may_edit(get_actor(request.user), place.code):
        raise PermissionDenied("独自の指標を作れるのは、都道府県担当（担当する県）だけです。")
    if request.method != "POST":
        return _page(request, empty_form(today=timezone.localdate()), place=place)
    return _posted(request, OwnIndicatorForm(request.POST), place=place, entry=None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_edit(request: HttpRequest, code: str) -> HttpResponse:
    """An indicator that exists."""
    entry = _find(request, code)
    if request.method != "POST":
        return _page(request, form_of(entry.definition), place=owner_of(entry.own), entry=entry)
    return _posted(request, OwnIndicatorForm(request.POST), place=owner_of(entry.own), entry=entry)


@require_POST
@login_required
def own_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Publish, retire, take the retirement back, or delete a draft."""
    entry = _find(request, code)
    if step == "delete":
        return _delete(request, entry)
    if step not in _STEPS:
        raise Http404("その操作はありません。")
    act, said = _STEPS[step]
    try:
        if step == "publish":
            _check(entry.definition, owner_of(entry.own))
        act(code, by=_user(request))
    except (actions.NotNow, DraftRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("indicators:own-edit", code=code)
    messages.success(request, f"{code}「{entry.definition.name}」を{said}")
    if step == "retire":
        return redirect("indicators:own-list")
    return redirect("jobs:job-detail", job_id=start_own_computation(code, by=_user(request)).pk)


def _posted(request: HttpRequest, form: OwnIndicatorForm, *, place: Prefecture, entry: OwnEntry | None) -> HttpResponse:
    """A button of the editor: one of the lists, the preview, or saving."""
    do = request.POST.get("do", "preview")
    if do not in ("save", "preview"):
        form.change(do)
        return _page(request, form, place=place, entry=entry, is_unchecked=True)
    definition, preview = _judged(form, place=place, entry=entry)
    if definition is None or do == "preview":
        status = 422 if definition is None else 200
        return _page(request, form, place=place, entry=entry, preview=preview, status=status)
    try:
        return _save(request, definition, entry)
    except actions.NotNow as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, place=place, entry=entry, preview=preview, status=409)


def _judged(
    form: OwnIndicatorForm, *, place: Prefecture, entry: OwnEntry | None
) -> tuple[Definition | None, OwnPreview | None]:
    """The definition if everything holds, its figures too, and the preview as far as there is one."""
    if form.has_errors:
        form.require_formula()
        return None, None
    try:
        definition = judge(form.draft(), place=place, own=entry.own if entry else None)
    except DraftRefused as refusal:
        form.add_problems(refusal.problems)
        return None, None
    preview = get_preview(definition, prefecture_code=place.code)
    form.add_problems(FieldProblem(field=field, reason=reason) for field, reason in preview.impossible)
    return (None if preview.impossible else definition), preview


def _save(request: HttpRequest, definition: Definition, entry: OwnEntry | None) -> HttpResponse:
    user = _user(request)
    if entry is None:
        own = actions.create(definition, by=user)
        messages.success(request, f"下書き{own.code}を保存しました。「公開する」を押すまで、ほかの画面には出ません。")
        return redirect("indicators:own-edit", code=own.code)
    opened = request.POST.get("version", "")
    own = actions.save(definition, opened_version=int(opened) if opened.isdecimal() else 0, by=user)
    if own.version == entry.own.version:
        messages.info(request, "変更がないので、版はそのままです。")
    elif own.state == OwnIndicator.State.PUBLISHED:
        job = start_own_computation(own.code, by=user)
        messages.success(request, f"第{own.version}版を保存しました。値を計算し直しています。")
        return redirect("jobs:job-detail", job_id=job.pk)
    else:
        messages.success(request, f"第{own.version}版を下書きとして保存しました。")
    return redirect("indicators:own-edit", code=own.code)


def _check(definition: Definition, place: Prefecture) -> None:
    """What was right when it was saved may not be any more. Raises `DraftRefused`."""
    current = judge(draft_of(definition), place=place, own=OwnIndicator.objects.get(code=definition.code))
    preview = get_preview(current, prefecture_code=place.code)
    if preview.impossible:
        raise DraftRefused(FieldProblem(field=field, reason=reason) for field, reason in preview.impossible)


def _delete(request: HttpRequest, entry: OwnEntry) -> HttpResponse:
    try:
        actions.delete_draft(entry.own.code)
    except actions.NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect("indicators:own-edit", code=entry.own.code)
    messages.success(request, f"下書き{entry.own.code}「{entry.definition.name}」を削除しました。")
    return redirect("indicators:own-list")


def _page(
    request: HttpRequest,
    form: OwnIndicatorForm,
    *,
    place: Prefecture,
    entry: OwnEntry | None = None,
    preview: OwnPreview | None = None,
    is_unchecked: bool = False,
    status: int = 200,
) -> HttpResponse:
    words = request.POST.get("words", "")[:100]
    context = editor_context(form, place=place, entry=entry, words=words, is_unchecked=is_unchecked)
    return render(request, "indicators/own_edit.html", context | {"preview": preview}, status=status)


def _find(request: HttpRequest, code: str) -> OwnEntry:
    entry = get_own_indicator(code, actor=get_actor(request.user))
    if entry is None:
        raise Http404("この独自の指標はありません。一覧から選んでください。")
    if not entry.may_edit:
        raise PermissionDenied("独自の指標を変更できるのは、その県の都道府県担当だけです。")
    return entry


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
