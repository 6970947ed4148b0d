"""ホーム（わが県）."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.home_panels import make_home_panels
from indicators.queries.home import get_home
from zaitaku.accounts.prefecture_choice import PARAMETER, chosen_prefecture
from zaitaku.lib.prefectures import BLOCKS, prefecture
from zaitaku.navigation import next_steps
from zaitaku.sources.queries import get_coverage


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The chosen prefecture at a glance, or the list to choose one from."""
    wanted = request.GET.get(PARAMETER, "")
    unknown = wanted[:20] if wanted and prefecture(wanted) is None else ""
    chosen = None if unknown else chosen_prefecture(request)
    coverage = get_coverage(today=timezone.localdate())
    if chosen is None:
        context = {"blocks": BLOCKS, "coverage": coverage, "unknown": unknown}
        return render(request, "indicators/choose_prefecture.html", context)
    context = {
        "home": get_home(chosen, coverage=coverage, today=timezone.localdate()),
        "panels": make_home_panels(request, chosen),
        "steps": next_steps(getattr(request.user, "role", ""), prefecture_query=f"?{PARAMETER}={chosen.code}"),
    }
    return render(request, "indicators/home.html", context)
