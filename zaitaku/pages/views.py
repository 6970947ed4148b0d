"""The manual and the own profile."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zaitaku.pages.manual import get_topic, get_topics
from zaitaku.pages.profile import get_profile


@require_safe
def help_list(request: HttpRequest) -> HttpResponse:
    """手引き: the list of topics."""
    return render(request, "help/list.html", {"topics": get_topics()})


@require_safe
def help_detail(request: HttpRequest, topic: str) -> HttpResponse:
    """One topic of the manual."""
    found = get_topic(topic)
    if found is None:
        raise Http404("お探しの手引きのページはありません。")
    return render(request, "help/detail.html", {"topic": found, "topics": get_topics()})


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """所属・権限: one's own role and scope, and the latest sign-ins."""
    return render(request, "accounts/profile.html", {"profile": get_profile(request.user)})
