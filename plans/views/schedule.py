"""年間スケジュール: what was gathered as months and as a year, its own entries, and files for calendars."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.rows import RowConflict, change_row
from plans.actions.schedule import add_item, remove_item
from plans.formulas.schedule import EntryKind, by_month, fiscal_year_days
from plans.models import Plan, ScheduleItem
from plans.queries.schedule import OWN_PEOPLE, due_dates, find_entry, get_years, reader_of
from plans.schedule_forms import ItemForm, ScheduleFilter
from plans.schedule_pages import calendar_response
from plans.views.topic_access import base_version, field_conflicts, visit_plan
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.fiscal_years import fiscal_year, format_fiscal_year


@require_safe
@login_required
def show_schedule(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The entries of a fiscal year as whoever reads them sees them; everything is chosen in the address."""
    seen = visit_plan(request, plan_id)
    today = timezone.localdate()
    reader = reader_of(get_actor(request.user), seen.plan.prefecture.code)
    form = _filter(request, seen.plan, is_whole=reader == OWN_PEOPLE)
    chosen = form.chosen
    since, until = fiscal_year_days(chosen["year"])
    kinds = [chosen["kind"]] if chosen["kind"] else []
    entries = due_dates(seen.plan, reader=reader, since=since, until=until, kinds=kinds)
    if chosen["audience"]:
        entries = tuple(one for one in entries if chosen["audience"] in one.audiences)
    context = {
        "visit": seen,
        "filter": form,
        "chosen": chosen,
        "year": format_fiscal_year(chosen["year"]),
        "months": by_month(entries, year=chosen["year"]),
        "later": [one for one in entries if one.last > until],
        "entries": entries,
        "late": {one.key for one in entries if one.is_late(today)},
        "sees_all": reader == OWN_PEOPLE,
        "query": request.GET.urlencode(),
    }
    return render(request, "plans/schedule/show.html", context)


def _filter(request: HttpRequest, plan: Plan, *, is_whole: bool) -> ScheduleFilter:
    today = timezone.localdate()
    years = get_years(plan, today=today)
    return ScheduleFilter(request.GET or None, years=years, current=fiscal_year(today), whole=is_whole)


@require_safe
@login_required
def download_schedule(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every entry of all years as one calendar file, to be taken in once."""
    seen = visit_plan(request, plan_id)
    reader = reader_of(get_actor(request.user), seen.plan.prefecture.code)
    entries = due_dates(seen.plan, reader=reader)
    return calendar_response(request, seen.plan, entries, filename=f"schedule_{seen.plan.pk}.ics")


@require_safe
@login_required
def download_entry(request: HttpRequest, plan_id: int, kind: str, record: int) -> HttpResponse:
    """One entry as a calendar file."""
    seen = visit_plan(request, plan_id)
    reader = reader_of(get_actor(request.user), seen.plan.prefecture.code)
    known = kind in set(EntryKind)
    entry = find_entry(seen.plan, EntryKind(kind), record, reader=reader) if known else None
    if entry is None:
        raise Http404("この予定はありません。「年間スケジュール」から選んでください。")
    return calendar_response(request, seen.plan, [entry], filename=f"{entry.key}.ics")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_item(request: HttpRequest, plan_id: int, item_id: int | None = None) -> HttpResponse:
    """A new entry of the plan's own, or one that is there; readers see it without the form."""
    seen = visit_plan(request, plan_id, to_change=item_id is None or request.method == "POST")
    item = None if item_id is None else get_object_or_404(ScheduleItem, pk=item_id, plan=seen.plan)
    reader = reader_of(get_actor(request.user), seen.plan.prefecture.code)
    entry = find_entry(seen.plan, EntryKind.OWN, item.pk, reader=reader) if item is not None else None
    if item is not None and entry is None:
        raise Http404("この予定はありません。「年間スケジュール」から選んでください。")
    form = ItemForm(request.POST if request.method == "POST" else None, instance=item)
    version, conflicts = 0 if item is None else item.version, None
    if form.is_bound and form.is_valid():
        try:
            if item is None:
                saved = add_item(seen.plan, changes=form.cleaned_data)
            else:
                saved = change_row(item, base=base_version(request), changes=form.cleaned_data)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, f"「{saved.title}」を保存しました。")
            return _to_year_of(plan_id, saved)
    context = {"visit": seen, "form": form, "entry": entry, "version": version, "conflicts": conflicts}
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/schedule/item.html", context, status=status)


@require_POST
@login_required
def delete_item(request: HttpRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Delete an entry of the plan's own."""
    seen = visit_plan(request, plan_id, to_change=True)
    item = get_object_or_404(ScheduleItem, pk=item_id, plan=seen.plan)
    remove_item(item)
    messages.success(request, f"「{item.title}」を削除しました。")
    return _to_year_of(plan_id, item)


def _to_year_of(plan_id: int, item: ScheduleItem) -> HttpResponse:
    """Back to the schedule of the year in which the entry stands."""
    page = redirect("plans:schedule", plan_id=plan_id)
    page["Location"] += f"?year={fiscal_year(item.ends_on or item.starts_on)}"
    return page
