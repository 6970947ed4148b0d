"""好事例: the nationwide list, one case, and writing and publishing one's own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.practices import (
    add_practice,
    change_practice,
    publish_practice,
    remove_practice,
    withdraw_practice,
)
from plans.actions.rows import RowConflict, bring_row_back
from plans.models import GoodPractice
from plans.practice_forms import PracticeFilter, PracticeForm
from plans.queries.area_drafts import find_prefecture
from plans.queries.practices import indicator_names, list_drafts, list_practices, render_text
from plans.results import PlanRefusal
from plans.views.topic_access import base_version, field_conflicts
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_edit, may_read_practice
from zaitaku.accounts.prefecture_choice import own_prefecture
from zaitaku.accounts.queries import get_actor

_A_PAGE = 30
_REFUSAL = "好事例を書けるのは、その都道府県の担当者だけです。公開された好事例は、だれでも読めます。"
_NONE = "この番号の好事例はありません。「好事例」の一覧から選んでください。"


@require_safe
def show_practices(request: HttpRequest) -> HttpResponse:
    """Public cases of the country; those not yet public are listed for their own prefecture."""
    form = PracticeFilter(request.GET)
    chosen = form.chosen
    own, actor = own_prefecture(request), get_actor(request.user)
    page = Paginator(list_practices(**chosen), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "is_filtered": any(chosen.values()),
        "page": page,
        "own": own,
        "may_write": own is not None and may_edit(actor, own.code),
        "drafts": list_drafts(actor, own.code) if own else [],
    }
    return render(request, "plans/practices/list.html", context)


@require_safe
def show_practice(request: HttpRequest, practice_id: int) -> HttpResponse:
    """One case. The contact is shown to whoever is signed in."""
    practice, actor = _find(practice_id), get_actor(request.user)
    code = practice.prefecture.code
    if not may_read_practice(actor, code, is_published=practice.published_at is not None):
        raise Http404(_NONE)
    texts = {name: render_text(getattr(practice, name), practice) for name in ("situation", "text", "result")}
    context = {
        "practice": practice,
        "texts": texts,
        "indicators": indicator_names(practice.indicator_codes),
        "may_write": may_edit(actor, code),
    }
    return render(request, "plans/practices/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_practice(request: HttpRequest, practice_id: int | None = None) -> HttpResponse:
    """A new case of one's own prefecture, or one that is there."""
    practice = None if practice_id is None else _find_own(request, practice_id)
    own = own_prefecture(request)
    code = practice.prefecture.code if practice else own.code if own else ""
    if not may_edit(get_actor(request.user), code):
        raise PermissionDenied(_REFUSAL)
    form = PracticeForm(request.POST if request.method == "POST" else None, instance=practice)
    version, conflicts = 0 if practice is None else practice.version, None
    if form.is_bound and form.is_valid():
        assert isinstance(request.user, User)
        try:
            if practice is None:
                practice = add_practice(find_prefecture(code), changes=form.changes, by=request.user)
            else:
                change_practice(practice, base=base_version(request), changes=form.changes)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, "好事例を保存しました。")
            return redirect("plans:practice-detail", practice_id=practice.pk)
    context = {"form": form, "practice": practice, "version": version, "conflicts": conflicts}
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/practices/edit.html", context, status=status)


@require_POST
@login_required
def settle_practice(request: HttpRequest, practice_id: int) -> HttpResponse:
    """Publish a case, withdraw it, take it away or bring it back, as `action` says."""
    practice = _find_own(request, practice_id)
    step = request.POST.get("action", "")
    if step not in _STEPS:
        return redirect("plans:practice-detail", practice_id=practice_id)
    act, said = _STEPS[step]
    try:
        act(practice)
        messages.success(request, said)
    except PlanRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("plans:practice-detail", practice_id=practice_id)


_STEPS = {
    "publish": (publish_practice, "公開しました。全国の一覧に載ります。"),
    "withdraw": (withdraw_practice, "公開を取りやめました。下書きに戻っています。"),
    "remove": (remove_practice, "削除しました。ここから元に戻せます。"),
    "undo": (bring_row_back, "下書きとして元に戻しました。"),
}


def _find(practice_id: int) -> GoodPractice:
    found = GoodPractice.objects.select_related("prefecture").filter(pk=practice_id).first()
    if found is None:
        raise Http404(_NONE)
    return found


def _find_own(request: HttpRequest, practice_id: int) -> GoodPractice:
    practice = _find(practice_id)
    if not may_edit(get_actor(request.user), practice.prefecture.code):
        raise PermissionDenied(_REFUSAL)
    return practice
