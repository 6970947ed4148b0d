"""Deciding on a draft, and taking a decision back that nothing uses yet."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.tasks import start_computation
from plans.actions.area_adoption import AdoptionRefused, adopt_draft, withdraw_adoption
from plans.area_forms import AdoptForm
from plans.queries.area_drafts import get_state
from plans.queries.area_live import get_live
from plans.views.area_access import find_draft, visit
from regions.models import AreaScheme


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def adopt(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What the decision means, and making it; the indicators of the new areas are then computed."""
    draft, seen = find_draft(request, draft_id, to_change=True)
    initial = {"version": draft.version, "name": f"{seen.prefecture.name}在宅医療圏"}
    form = AdoptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            adopt_draft(
                draft.pk,
                version=data["version"],
                effective_from=data["effective_from"],
                name=data["name"],
                by=seen.user,
            )
        except AdoptionRefused as error:
            form.add_error(None, str(error))
        else:
            start_computation(if_needed=True, by=seen.user)
            messages.success(request, "在宅医療圏として決定しました。新しい圏域の指標を計算しています。")
            return redirect(f"{reverse('plans:draft-list')}?prefecture={seen.prefecture.code}")
    state = get_state(draft)
    live = get_live(state.partition, prefecture_code=state.prefecture_code, on=timezone.localdate())
    context = {"draft": draft, "visit": seen, "form": form, "live": live}
    return render(request, "plans/areas/adopt.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """Ask, then take the decision back."""
    found = AreaScheme.objects.select_related("prefecture").filter(
        pk=scheme_id, kind=AreaScheme.Kind.HOME_CARE_AREA, adopted_at__isnull=False
    )
    scheme = found.first()
    if scheme is None or scheme.prefecture is None:
        raise Http404("この番号の在宅医療圏はありません。一覧から選んでください。")
    seen = visit(request, scheme.prefecture.code, to_change=True)
    if request.method != "POST":
        return render(request, "plans/areas/withdraw.html", {"scheme": scheme, "visit": seen})
    try:
        withdraw_adoption(scheme.pk, prefecture_code=seen.prefecture.code)
    except AdoptionRefused as error:
        messages.error(request, str(error))
    else:
        start_computation(if_needed=True, by=seen.user)
        messages.success(request, f"「{scheme.name}」の決定を取り消しました。もとの案は残っています。")
    return redirect(f"{reverse('plans:draft-list')}?prefecture={seen.prefecture.code}")
