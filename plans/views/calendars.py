"""Secret addresses of the 年間スケジュール: issued and revoked by officials, read without an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actions.report_links import digest_of, may_try, note_unknown
from plans.actions.schedule import issue_calendar_link, note_calendar_use, revoke_calendar_link
from plans.formulas.schedule import Audience, by_month, fiscal_year_days
from plans.models import CalendarLink
from plans.queries.discharge_rules import get_municipalities
from plans.queries.schedule import Reader, due_dates
from plans.schedule_forms import CalendarLinkForm
from plans.schedule_pages import calendar_response
from plans.views.topic_access import visit_plan
from zaitaku.accounts.visitors import client_address
from zaitaku.lib.fiscal_years import fiscal_year, format_fiscal_year

View = Callable[..., HttpResponse]
_REFUSALS = {
    "unknown": (404, "この予定表は開けません", "アドレスが途中で切れていないか確かめてください。"),
    "revoked": (410, "この予定表のアドレスは取り消されました", ""),
    "often": (
        429,
        "しばらく待ってから、もう一度開いてください",
        "短い時間に何度も試されたため、10分ほど止めています。",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def manage_links(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The addresses that were given out; POST makes one and shows it this one time."""
    seen = visit_plan(request, plan_id, to_change=True)
    data = request.POST if request.method == "POST" else None
    form = CalendarLinkForm(data, municipalities=get_municipalities(seen.plan.prefecture))
    context = {"visit": seen, "form": form}
    if form.is_bound and form.is_valid():
        link, token = issue_calendar_link(seen.plan, **form.cleaned_data, by=seen.user)
        context |= {
            "issued": link,
            "feed": request.build_absolute_uri(reverse("plans:calendar-feed", args=[token])),
            "page": request.build_absolute_uri(reverse("plans:calendar-page", args=[token])),
        }
    context["links"] = list(seen.plan.calendar_links.select_related("municipality", "created_by"))
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "plans/schedule/links.html", context, status=status)


@require_POST
@login_required
def revoke_link(request: HttpRequest, plan_id: int, link_id: int) -> HttpResponse:
    """Stop an address."""
    seen = visit_plan(request, plan_id, to_change=True)
    link = get_object_or_404(CalendarLink, pk=link_id, plan=seen.plan)
    revoke_calendar_link(link)
    messages.success(request, f"「{link.label}」のアドレスを取り消しました。もう読めません。")
    return redirect("plans:calendar-links", plan_id=plan_id)


def with_link(view: View) -> View:
    """Find the schedule by the token of the address, or say what to do; guessing is slowed down."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        address = client_address(request) or ""
        if not may_try(address):
            return _refuse(request, "often")
        related = CalendarLink.objects.select_related("plan__prefecture", "plan__scheme", "municipality")
        link = related.filter(token_hash=digest_of(token)).first()
        if link is None:
            note_unknown(address)
            return _refuse(request, "unknown")
        if link.revoked_at is not None:
            return _refuse(request, "revoked")
        note_calendar_use(link)
        response = view(request, link)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    status, title, text = _REFUSALS[reason]
    return render(request, "plans/schedule/refused.html", {"title": title, "text": text}, status=status)


@require_safe
@with_link
def feed(request: HttpRequest, link: CalendarLink) -> HttpResponse:
    """All shared entries as a calendar to subscribe to."""
    entries = due_dates(link.plan, reader=_reader(link))
    return calendar_response(request, link.plan, entries, filename="schedule.ics", has_pages=False)


@require_safe
@with_link
def show_shared(request: HttpRequest, link: CalendarLink) -> HttpResponse:
    """The same for whoever has no calendar program: this fiscal year and the next, to read and print."""
    year = fiscal_year(timezone.localdate())
    since, until = fiscal_year_days(year)[0], fiscal_year_days(year + 1)[1]
    entries = due_dates(link.plan, reader=_reader(link), since=since, until=until)
    years = [(format_fiscal_year(one), by_month(entries, year=one)) for one in (year, year + 1)]
    context = {"plan": link.plan, "link": link, "years": years, "entries": entries}
    return render(request, "plans/schedule/shared.html", context)


def _reader(link: CalendarLink) -> Reader:
    codes = frozenset({link.municipality.code}) if link.municipality else frozenset()
    return Reader(audience=Audience(link.audience), codes=codes)
