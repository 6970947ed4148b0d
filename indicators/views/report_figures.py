"""Making figures of confirmed 活動報告, on the word of an official of the prefecture."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from indicators.actions.report_figures import store_report_figures
from indicators.tasks import start_computation
from institutions.queries.reports import find_round
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_edit
from zaitaku.accounts.queries import get_actor


@require_POST
def report_figures(request: HttpRequest, round_id: int) -> HttpResponse:
    """Store the figures, have the indicators computed that depend on them, and go back to the round."""
    asked = find_round(round_id)
    if asked is None:
        raise Http404("この活動報告の回はありません。")
    if not may_edit(get_actor(request.user), asked.prefecture_code):
        raise PermissionDenied("活動報告を指標に反映できるのは、その都道府県の担当者だけです。")
    assert isinstance(request.user, User)
    figures = store_report_figures(round_id, by=request.user)
    if figures.stored:
        start_computation(if_needed=True, by=request.user)
        messages.success(request, f"{figures.stored:,}件の値を登録し、指標の計算を始めました。")
    else:
        messages.error(request, "登録する値がありません。デモの機関の報告は、指標に使いません。")
    if figures.left_out:
        messages.info(request, f"独自調査の値がある項目は反映していません：{'、'.join(figures.left_out)}")
    return redirect(f"{reverse('institutions:report-list')}?prefecture={asked.prefecture_code}&year={asked.year}")
