"""圏域エディタ: one draft, changing it, and what to do when two people changed the same."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from plans.actions.area_drafts import (
    Done,
    DraftConflict,
    NothingToMove,
    change_draft,
    fork_draft,
    note_data,
    redo,
    undo,
)
from plans.area_exports import draft_table
from plans.area_forms import ACTIONS, ChangeForm
from plans.area_pages import editor_json, make_editor
from plans.formulas.partition import ChangeRefused, ChangeStale
from plans.models import AreaDraft, DraftMove
from plans.queries.area_drafts import get_history, get_state
from plans.queries.area_frame import get_frame
from plans.views.area_access import Visit, find_again, find_draft
from zaitaku.lib.tables import csv_bytes

_STALE = "選んだ市区町村か圏域が、ほかの操作で変わっていました。最新の状態を表示しています。もう一度操作してください。"
MINE, THEIRS, BOTH = "mine", "theirs", "both"


@require_safe
@login_required
def show_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The editor."""
    draft, seen = find_draft(request, draft_id)
    chosen = request.GET.get("area", "")
    editor = make_editor(get_state(draft), on=timezone.localdate(), chosen=int(chosen) if chosen.isdecimal() else None)
    context = {
        "draft": draft,
        "visit": seen,
        "editor": editor,
        "live": editor.live,
        "state": editor.state,
        "history": get_history(draft),
        "others": AreaDraft.objects.filter(prefecture=draft.prefecture, archived_at=None).exclude(pk=draft.pk),
    }
    response = render(request, "plans/areas/editor.html", context)
    if seen.may_change:
        note_data(draft.pk, version=editor.live.data_version)
    return response


@require_POST
@login_required
def change(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One step. The script gets JSON; a plain form is sent back to the editor."""
    draft, seen = find_draft(request, draft_id, to_change=True)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _answer(
            request, draft_id, error="操作を読み取れませんでした。画面を読み直して、もう一度操作してください。"
        )
    try:
        done = _do(form, draft, seen, units=_units(request, draft))
    except DraftConflict as conflict:
        return _conflict(request, draft, seen, conflict)
    except (ChangeRefused, NothingToMove) as error:
        return _answer(request, draft_id, error=str(error))
    except (ChangeStale, DraftMove.DoesNotExist):
        return _answer(request, draft_id, error=_STALE)
    return _answer(request, draft_id, done=done)


def _do(form: ChangeForm, draft: AreaDraft, seen: Visit, *, units: tuple[str, ...]) -> Done:
    version, action = form.cleaned_data["version"], form.cleaned_data["action"]
    moves: dict[str, Callable[..., Done]] = {"undo": undo, "redo": redo}
    if action in moves:
        return moves[action](draft.pk, version=version, by=seen.user)
    command, text = form.command(units=units, names=_names(draft))
    return change_draft(draft.pk, command, version=version, text=text, by=seen.user)


def _units(request: HttpRequest, draft: AreaDraft) -> tuple[str, ...]:
    """The chosen units; a designated city stands for its wards. Codes that are none are left out."""
    frame = get_frame(draft.prefecture.code, on=timezone.localdate())
    places = {place.code: place.units for place in frame.places}
    return tuple(dict.fromkeys(unit for code in request.POST.getlist("units") for unit in places.get(code, ())))


def _names(draft: AreaDraft) -> dict[str, str]:
    return get_frame(draft.prefecture.code, on=timezone.localdate()).names


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _answer(request: HttpRequest, draft_id: int, *, done: Done | None = None, error: str = "") -> HttpResponse:
    merged = "ほかの人の変更に、あなたの変更を重ねて保存しました。" if done is not None and done.was_merged else ""
    if _is_script(request):
        chosen = request.POST.get("to", "")
        state = get_state(done.draft, partition=done.partition) if done is not None else get_state(find_again(draft_id))
        editor = make_editor(state, on=timezone.localdate(), chosen=int(chosen) if chosen.isdecimal() else None)
        return JsonResponse(editor_json(editor, message=error or merged) | {"isError": bool(error)})
    if error:
        messages.error(request, error)
    elif merged:
        messages.success(request, merged)
    to = request.POST.get("to", "")
    query = f"?area={to}" if to.isdecimal() else ""
    return redirect(f"{reverse('plans:draft-detail', kwargs={'draft_id': draft_id})}{query}#editor")


def _conflict(request: HttpRequest, draft: AreaDraft, seen: Visit, conflict: DraftConflict) -> HttpResponse:
    """Say what others did and let the person choose; the script sends the form the plain way to see this page."""
    if _is_script(request):
        return JsonResponse({"conflict": True}, status=409)
    fields = [(name, value) for name in ("version", "action", "to", "into", "name", "colour") for value in
              request.POST.getlist(name)] + [("units", value) for value in request.POST.getlist("units")]  # fmt: skip
    form = ChangeForm(request.POST)
    form.is_valid()
    is_move = form.cleaned_data.get("action") in ("undo", "redo")
    text = ACTIONS[form.cleaned_data["action"]] if is_move else _text(form, draft, units=_units(request, draft))
    context = {"draft": draft, "visit": seen, "others": conflict.others, "fields": fields, "text": text}
    return render(request, "plans/areas/conflict.html", context | {"is_move": is_move}, status=409)


def _text(form: ChangeForm, draft: AreaDraft, *, units: tuple[str, ...]) -> str:
    return form.command(units=units, names=_names(draft))[1]


@require_POST
@login_required
def resolve(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Mine on top of theirs, theirs only, or both as two drafts."""
    draft, seen = find_draft(request, draft_id, to_change=True)
    form = ChangeForm(request.POST)
    choice = request.POST.get("choice")
    if choice == THEIRS or not form.is_valid():
        messages.success(request, "ほかの人の変更を残しました。あなたの変更は保存していません。")
        return redirect("plans:draft-detail", draft_id=draft_id)
    version = form.cleaned_data["version"]
    try:
        command, text = form.command(units=_units(request, draft), names=_names(draft))
        if choice == BOTH:
            copy = fork_draft(draft_id, command, version=version, text=text, by=seen.user)
            messages.success(
                request, f"あなたの変更を、別の案「{copy.name}」に保存しました。もとの案もそのまま残っています。"
            )
            return redirect("plans:draft-detail", draft_id=copy.pk)
        change_draft(draft_id, command, version=version, text=text, by=seen.user, is_forced=True)
        messages.success(request, "ほかの人の変更の上に、あなたの変更を保存しました。")
    except ChangeRefused as error:
        messages.error(request, str(error))
    except (ChangeStale, DraftMove.DoesNotExist):
        messages.error(request, _STALE)
    return redirect("plans:draft-detail", draft_id=draft_id)


@require_safe
@login_required
def download_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft as a CSV that can be handed in again."""
    draft, _seen = find_draft(request, draft_id)
    table = draft_table(get_state(draft), on=timezone.localdate())
    response = HttpResponse(csv_bytes(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="zaitaku-areas-{draft.pk}.csv"'
    return response
