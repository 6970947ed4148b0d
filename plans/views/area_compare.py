"""Two drafts side by side: which units differ, and what that does to the areas."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.area_pages import make_comparison
from plans.queries.area_drafts import get_state
from plans.views.area_access import find_draft


@require_safe
@login_required
def compare_drafts(request: HttpRequest) -> HttpResponse:
    """The two drafts in `?draft=…&draft=…`, of one prefecture."""
    chosen = [int(text) for text in request.GET.getlist("draft") if text.isdecimal() and len(text) < 10]
    if len(set(chosen)) != 2:
        raise Http404("比べる案を2つ選んでください。一覧に戻り、2つの案に印を付けます。")
    one, seen = find_draft(request, chosen[0])
    other, _seen = find_draft(request, chosen[1])
    if one.prefecture_id != other.prefecture_id:
        raise PermissionDenied("比べられるのは、同じ都道府県の案どうしです。")
    comparison = make_comparison(get_state(one), get_state(other), on=timezone.localdate())
    return render(request, "plans/areas/compare.html", {"visit": seen, "comparison": comparison})
