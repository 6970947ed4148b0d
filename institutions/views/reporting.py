"""活動報告 for the bodies themselves: no account, one personal link, one report."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actions.report_links import digest_of, may_post, may_try, note_unknown, note_use
from institutions.actions.reports import ReportRefused, save_draft, submit
from institutions.definitions.reports import format_named
from institutions.exports.designations import table_response
from institutions.exports.reports import form_table, report_number
from institutions.models import BodyReport, ReportLink, ReportVersion
from institutions.parsers.report_form import parse
from institutions.queries.reports import get_last_year, get_versions
from institutions.report_forms import COMMENT, REPORTER, ReportForm, typed_from
from zaitaku.accounts.visitors import client_address
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.lib.workbooks import read_workbook

View = Callable[..., HttpResponse]
MAX_BYTES = 1_000_000
_CONTACT = "都道府県の担当者に連絡してください。"
_REFUSALS = {
    "unknown": (
        404,
        "このリンクでは報告できません",
        f"アドレスが途中で切れていないか確かめてください。直らないときは、{_CONTACT}",
    ),
    "revoked": (
        410,
        "このリンクは使えなくなりました",
        f"新しいリンクが発行されたか、取り消されました。最後に届いた案内を開くか、{_CONTACT}",
    ),
    "expired": (
        410,
        "このリンクは期限が切れました",
        f"新しいリンクの発行が必要です。{_CONTACT}提出した内容は残っています。",
    ),
    "often": (
        429,
        "しばらく待ってから、もう一度開いてください",
        "短い時間に何度も試されたため、10分ほど受付を止めています。",
    ),
}


def with_link(view: View) -> Callable[..., HttpResponse]:
    """Find the report by the token of the address, or say what to do."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, token: str, **rest: str) -> HttpResponse:
        address = client_address(request) or ""
        if not may_try(address):
            return _refuse(request, "often")
        related = ("report__round__prefecture", "report__body", "report__area")
        link = ReportLink.objects.select_related(*related).filter(token_hash=digest_of(token)).first()
        if link is None:
            note_unknown(address)
            return _refuse(request, "unknown")
        if link.revoked_at is not None or link.expires_at <= timezone.now():
            return _refuse(request, "revoked" if link.revoked_at else "expired")
        if request.method == "POST" and not may_post(link):
            return _refuse(request, "often")
        note_use(link)
        response = view(request, link, **rest)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    status, title, text = _REFUSALS[reason]
    return render(request, "institutions/report_refused.html", {"title": title, "text": text}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_link
def report_form(request: HttpRequest, link: ReportLink) -> HttpResponse:
    """Fill in, keep as a draft, hand in; what was handed in is shown until it is changed."""
    report, token = link.report, _token(request)
    if request.method == "POST":
        form = _form(report, typed=request.POST.dict())
        if request.POST.get("step") == "draft":
            return _keep(request, report, form, token)
        if form.is_valid():
            return _hand_in(request, report, form, token)
        if _is_open(report):
            save_draft(report, form.typed())
        return _show(request, report, form, status=422)
    return _show(request, report, _form(report))


def _token(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    return str(request.resolver_match.kwargs["token"])


def _is_open(report: BodyReport) -> bool:
    return report.round.closed_at is None and report.state != BodyReport.State.CONFIRMED


def _form(report: BodyReport, *, typed: dict[str, str] | None = None) -> ReportForm:
    """The form as typed, else with the draft, else with the newest version."""
    wanted, before = format_named(report.format_key), get_last_year(report)
    if typed is not None:
        return ReportForm(typed, wanted=wanted, last_year=before)
    initial = dict(report.draft)
    if not initial and (versions := get_versions(report.pk)):
        newest = versions[0]
        initial = typed_from(newest.answers) | {COMMENT: newest.comment, REPORTER: newest.reporter}
    return ReportForm(wanted=wanted, last_year=before, initial=initial)


def _keep(request: HttpRequest, report: BodyReport, form: ReportForm, token: str) -> HttpResponse:
    if _is_open(report):
        save_draft(report, form.typed())
        messages.success(request, "下書きを保存しました。まだ提出されていません。同じリンクから続きを書けます。")
    return redirect("institutions:report-form", token)


def _hand_in(request: HttpRequest, report: BodyReport, form: ReportForm, token: str) -> HttpResponse:
    via = ReportVersion.Via.SHEET if request.POST.get("via") == "sheet" else ReportVersion.Via.FORM
    comment, reporter = form.cleaned_data[COMMENT], form.cleaned_data[REPORTER]
    try:
        submit(report, form.answers, comment=comment, reporter=reporter, via=via)
    except ReportRefused as error:
        form.add_error(None, str(error))
        return _show(request, report, form, status=422)
    messages.success(request, "提出しました。ありがとうございました。都道府県が確認するまでは、直して提出し直せます。")
    return redirect("institutions:report-form", token)


def _show(
    request: HttpRequest,
    report: BodyReport,
    form: ReportForm,
    *,
    problems: tuple[Problem, ...] = (),
    via: str = "",
    status: int = 200,
) -> HttpResponse:
    versions = get_versions(report.pk)
    is_waiting = report.state in (BodyReport.State.WAITING, BodyReport.State.RETURNED)
    newest = versions[0] if versions else None
    context = {
        "report": report,
        "prefecture": report.round.prefecture,
        "year": format_fiscal_year(report.round.year),
        "wanted": form.wanted,
        "form": form,
        "token": _token(request),
        "newest": newest,
        "answers": [(one, one.said(newest.answers.get(one.key))) for one in form.wanted.items] if newest else (),
        "is_closed": report.round.closed_at is not None,
        "shows_form": _is_open(report) and (is_waiting or form.is_bound or "edit" in request.GET),
        "problems": problems,
        "via": via or request.POST.get("via", ""),
    }
    return render(request, "institutions/report_form.html", context, status=status)


@require_safe
@with_link
def report_sheet(request: HttpRequest, link: ReportLink, *, extension: str) -> HttpResponse:  # noqa: ARG001 - a view
    """The form as a file, filled with the name of the body and what it has answered so far."""
    report = link.report
    versions = get_versions(report.pk)
    answers = versions[0].answers if versions else {}
    wanted, year = format_named(report.format_key), report.round.year
    table = form_table(wanted, report_id=report.pk, body=report.body.name, year=year, answers=answers)
    return table_response(table, extension=extension, name=f"zaitaku-report-{report_number(report.pk, year)}")


@require_POST
@with_link
def report_upload(request: HttpRequest, link: ReportLink) -> HttpResponse:
    """Read a filled file into the form; it is handed in only after a look at it."""
    report = link.report
    if not _is_open(report):
        return redirect("institutions:report-form", _token(request))
    try:
        typed = dict(_read(request.FILES.get("file"), report))
    except FileRefused as error:
        return _show(request, report, _form(report), problems=error.problems, status=422)
    before = _form(report).initial
    typed |= {name: str(before.get(name, "")) for name in (COMMENT, REPORTER)}
    save_draft(report, typed)
    messages.info(request, "ファイルを読み取りました。まだ提出されていません。内容を確かめて、提出してください。")
    return _show(request, report, _form(report, typed=typed), via="sheet")


def _read(file: UploadedFile[bytes] | None, report: BodyReport) -> dict[str, str]:
    if file is None:
        raise FileRefused(Problem("ファイルを選んでください。"))
    if (file.size or 0) > MAX_BYTES:
        raise FileRefused(Problem("ファイルが大きすぎます（上限1MB）。配布した様式をそのまま使ってください。"))
    book = read_workbook(file.read(), filename=file.name or "報告.csv")
    if book.notes:
        raise FileRefused(*book.notes)
    number = report_number(report.pk, report.round.year)
    return dict(parse(book, wanted=format_named(report.format_key), report_number=number))
