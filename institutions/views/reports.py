"""活動報告 for officials: rounds, who has reported, links, verification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.actions import reports as actions
from institutions.actions.report_links import IssuedLink, issue_links, revoke_link
from institutions.definitions.periods import current_period, plan_periods
from institutions.exports.designations import table_response
from institutions.exports.reports import answers_table, links_table, status_table
from institutions.models import BodyReport, ReportRound
from institutions.queries.reports import (
    ReportRow,
    RoundFacts,
    compare_answers,
    count_completeness,
    get_last_year,
    get_report_rows,
    get_round,
    get_rounds,
    get_versions,
)
from institutions.report_forms import OpenRoundForm
from institutions.tasks import start_report_figures
from institutions.views.access import find_prefecture, may_read_reports, require_editor, sign_in_first
from institutions.views.designations import choose_prefecture
from zaitaku.accounts.permissions import Actor, may_edit, may_see_drafts
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.fiscal_years import fiscal_year

_FIRST_YEAR = 2024
_TEXT = "都道府県を選ぶと、位置付けた機関の活動報告の状況を表示します。"
STATES = [("", "すべて"), ("late", "締切を過ぎた未提出"), *BodyReport.State.choices]


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """One round: completeness, bodies, and what the official does next; without a round, the form to open one."""
    prefecture = chosen_prefecture(request)
    if prefecture is None:
        return choose_prefecture(request, "活動報告", _TEXT)
    actor = get_actor(request.user)
    if not may_see_drafts(actor, prefecture.code):
        if answer := sign_in_first(request):
            return answer
        raise Http404("活動報告の状況は、その都道府県の担当者と市町村だけが見られます。")
    rounds = get_rounds(prefecture.code)
    asked = next((one for one in rounds if str(one.year) == request.GET.get("year")), rounds[0] if rounds else None)
    return render(request, "institutions/reports.html", _list(request, actor, prefecture.code, rounds, asked))


def _list(
    request: HttpRequest, actor: Actor, code: str, rounds: tuple[RoundFacts, ...], asked: RoundFacts | None
) -> dict[str, object]:
    every = get_report_rows(asked.id) if asked else ()
    return {
        "prefecture": find_prefecture(code),
        "rounds": rounds,
        "asked": asked,
        "completeness": count_completeness(every),
        "rows": _chosen(request, every),
        "total": len(every),
        "submitted": sum(row.state == BodyReport.State.SUBMITTED for row in every),
        "confirmed": sum(row.state == BodyReport.State.CONFIRMED for row in every),
        "overdue": sum(row.is_overdue for row in every),
        "without_link": sum(row.link != "open" and row.state != BodyReport.State.CONFIRMED for row in every),
        "states": STATES,
        "chosen_state": request.GET.get("state", ""),
        "may_edit": may_edit(actor, code),
        "may_read": may_read_reports(actor, code),
        "form": _open_form(rounds),
    }


def _chosen(request: HttpRequest, rows: tuple[ReportRow, ...]) -> tuple[ReportRow, ...]:
    state = request.GET.get("state", "")
    if state == "late":
        return tuple(row for row in rows if row.is_overdue)
    return tuple(row for row in rows if row.state == state) if state in BodyReport.State.values else rows


def _open_form(rounds: tuple[RoundFacts, ...], data: object = None) -> OpenRoundForm:
    today = timezone.localdate()
    running = fiscal_year(today)
    known = {one.year for one in rounds}
    years = [year for year in range(running, _FIRST_YEAR - 1, -1) if year not in known]
    periods = [(one.start, one.label) for one in plan_periods(today=today)]
    initial = {
        "year": next(iter(years), None),
        "period": current_period(today=today).start,
        "due_on": today + dt.timedelta(days=60),
    }
    return OpenRoundForm(data, years=years, periods=periods, initial=initial)


@require_POST
def report_open(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    prefecture = find_prefecture(request.GET.get("prefecture", ""))
    user = require_editor(request, prefecture.code)
    rounds = get_rounds(prefecture.code)
    form = _open_form(rounds, request.POST)
    if form.is_valid():
        try:
            opened = actions.open_round(prefecture, **form.cleaned_data, opened_on=timezone.localdate(), by=user)
        except actions.ReportRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{opened.reports.count()}機関の受付を始めました。次にリンクを発行してください。")
            return _to_list(opened)
    context = _list(request, get_actor(request.user), prefecture.code, rounds, None) | {"form": form}
    return render(request, "institutions/reports.html", context, status=422)


def _to_list(asked: ReportRound) -> HttpResponse:
    return redirect(f"{reverse('institutions:report-list')}?prefecture={asked.prefecture.code}&year={asked.year}")


def _round(request: HttpRequest, round_id: int) -> ReportRound:
    """The round an official of its prefecture acts on."""
    asked = get_object_or_404(ReportRound.objects.select_related("prefecture"), pk=round_id)
    require_editor(request, asked.prefecture.code)
    return asked


@require_POST
def round_change(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close, open again, ask bodies designated since, move the due day, confirm what is sound."""
    asked = _round(request, round_id)
    steps: dict[str, Callable[[], str]] = {
        "close": lambda: _close(asked, closed=True),
        "reopen": lambda: _close(asked, closed=False),
        "add": lambda: _add(request, asked),
        "due": lambda: _move_due_day(asked, request.POST.get("due_on", "")),
        "confirm": lambda: _confirm_all(request, asked),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404("この操作はありません。")
    try:
        messages.success(request, step())
    except actions.ReportRefused as error:
        messages.error(request, str(error))
    return _to_list(asked)


def _add(request: HttpRequest, asked: ReportRound) -> str:
    user = require_editor(request, asked.prefecture.code)
    count = actions.add_bodies(asked, by=user)
    if count:  # a place with a body more may be incomplete now
        start_report_figures(asked, by=user)
    return f"{count}機関を加えました。" if count else "新しく位置付けた機関はありません。"


def _close(asked: ReportRound, *, closed: bool) -> str:
    actions.set_closed(asked, closed=closed)
    return "受付を終了しました。リンクからは提出できません。" if closed else "受付を再開しました。"


def _move_due_day(asked: ReportRound, text: str) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise actions.ReportRefused("締切を読み取れません。2027-06-30のように入力してください。") from None
    actions.change_due_day(asked, due_on=day)
    return "締切を変えました。発行済のリンクの期限は変わりません。延ばすときは、リンクを発行し直してください。"


def _confirm_all(request: HttpRequest, asked: ReportRound) -> str:
    user = require_editor(request, asked.prefecture.code)
    confirmed, waiting = actions.confirm_all_sound(asked, by=user)
    if confirmed:
        start_report_figures(asked, by=user)
    rest = f"補足や確かめることのある{waiting}件は、1件ずつ確認してください。" if waiting else ""
    return f"{confirmed}件を確認済にしました。{rest}"


@never_cache
@require_POST
def report_links(request: HttpRequest, round_id: int) -> HttpResponse:
    """Issue links and answer with them, this one time: to print, or as a list for mailing."""
    asked = _round(request, round_id)
    rows = get_report_rows(asked.pk)
    chosen = {int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal()}
    if request.POST.get("which") == "without":
        chosen = {row.id for row in rows if row.link != "open" and row.state != BodyReport.State.CONFIRMED}
    elif request.POST.get("which") == "missing":
        chosen = {row.id for row in rows if row.state in (BodyReport.State.WAITING, BodyReport.State.RETURNED)}
    reports = asked.reports.filter(pk__in=chosen).select_related("round", "body", "area").order_by("area__code", "pk")
    if not reports:
        messages.error(request, "リンクを発行する機関がありません。一覧で機関を選ぶか、対象を変えてください。")
        return _to_list(asked)
    issued = issue_links(reports, by=require_editor(request, asked.prefecture.code))
    letters = [_letter(request, one) for one in issued]
    form = request.POST.get("form", "")
    if form in ("csv", "xlsx"):
        table = links_table([row for row, *_ in letters], title=f"{asked} 活動報告のリンク")
        return table_response(table, extension=form, name=f"zaitaku-report-links-{asked.year}")
    context = {"asked": get_round(asked.pk), "prefecture": asked.prefecture, "letters": letters}
    return render(request, "institutions/report_links.html", context)


def _letter(request: HttpRequest, issued: IssuedLink) -> tuple[tuple[str | None, ...], str, str]:
    """The line of the list, the address alone, and its QR code."""
    import segno

    report = issued.report
    url = request.build_absolute_uri(reverse("institutions:report-form", args=[issued.token]))
    ends = timezone.localtime(issued.expires_at).date().isoformat()
    area = report.area.name if report.area else None
    address = report.body.address or None
    line = (area, report.get_kind_display(), report.body.name, address, url, report.round.due_on.isoformat(), ends)
    code = segno.make(url, error="m").svg_inline(scale=3, title="報告用リンクのQRコード")
    return line, url, mark_safe(code)  # noqa: S308 - drawn from our own address


@require_safe
def report_file(request: HttpRequest, round_id: int, name: str, extension: str) -> HttpResponse:
    """`status`: who has reported, for reminders. `answers`: everything handed in, for the prefecture's officials."""
    asked = get_object_or_404(ReportRound.objects.select_related("prefecture"), pk=round_id)
    actor = get_actor(request.user)
    allowed = may_see_drafts if name == "status" else may_read_reports
    if not allowed(actor, asked.prefecture.code):
        raise Http404("このファイルは、その都道府県の担当者だけが入手できます。")
    rows, facts = get_report_rows(asked.pk), get_round(asked.pk)
    title = f"{asked.prefecture.name} 活動報告 {facts.label}"
    if name == "status":
        table = status_table(_chosen(request, rows), title=f"{title} 提出の状況")
    else:
        table = answers_table(rows, asked=facts, title=title)
    return table_response(table, extension=extension, name=f"zaitaku-reports-{name}-{asked.year}")


def _report(request: HttpRequest, report_id: int) -> tuple[BodyReport, Actor]:
    """A report this visitor may read."""
    related = ("round__prefecture", "body", "area")
    report = BodyReport.objects.select_related(*related).filter(pk=report_id).first()
    actor = get_actor(request.user)
    if report is None or not may_read_reports(actor, report.round.prefecture.code):
        raise Http404("この番号の活動報告はありません。一覧から選んでください。")
    return report, actor


@require_safe
def report_detail(request: HttpRequest, report_id: int) -> HttpResponse:
    """What a body handed in beside last year and the others of its category; then confirm or return."""
    report, actor = _report(request, report_id)
    rows = get_report_rows(report.round_id)
    row = next(one for one in rows if one.id == report.pk)
    last_year = get_last_year(report)
    context = {
        "report": report,
        "row": row,
        "asked": get_round(report.round_id),
        "prefecture": report.round.prefecture,
        "lines": compare_answers(row, rows, last_year=last_year),
        "has_last_year": last_year is not None,
        "versions": get_versions(report.pk),
        "events": report.events.select_related("by").order_by("-pk"),
        "link": report.links.filter(revoked_at=None).first(),
        "may_edit": may_edit(actor, report.round.prefecture.code),
    }
    return render(request, "institutions/report.html", context)


@require_POST
def report_decide(request: HttpRequest, report_id: int) -> HttpResponse:
    """Confirm, return, or stop the link of one report."""
    report, actor = _report(request, report_id)
    if not may_edit(actor, report.round.prefecture.code):
        raise PermissionDenied("活動報告を確認できるのは、その都道府県の担当者だけです。")
    user = require_editor(request, report.round.prefecture.code)
    step = request.POST.get("step", "")
    try:
        if step == "confirm":
            version = request.POST.get("version", "")
            actions.confirm(report, version=int(version) if version.isdecimal() else 0, by=user)
            start_report_figures(report.round, by=user)
            messages.success(request, "確認済にしました。市区町村ごとの集計と指標に、まもなく反映します。")
        elif step == "return":
            actions.return_report(report, remark=request.POST.get("remark", ""), by=user)
            if report.state == BodyReport.State.CONFIRMED:  # as it was before: its figures count no more
                start_report_figures(report.round, by=user)
            messages.success(request, "差し戻しました。理由は報告のページに表示されます。")
        elif revoke_link(report, by=user):
            messages.success(request, "リンクを取り消しました。")
    except actions.ReportRefused as error:
        messages.error(request, str(error))
    return redirect("institutions:report-detail", report.pk)
