"""一覧の取込: a prefecture's present list, looked at before it is entered."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actions.designation_imports import apply_list, prepare_list
from institutions.actions.designations import DesignationRefused
from institutions.exports.designations import table_response
from institutions.models import DesignationBatch
from institutions.parsers.designation_list import HEADINGS, parse
from institutions.views.access import find_prefecture, get_page, require_editor, sign_in_first
from institutions.views.designations import choose_prefecture
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.lib.tables import Column, Table
from zaitaku.lib.workbooks import Workbook, read_workbook

MAX_BYTES = 5_000_000
_EXAMPLE = (
    ("南渡島", "積極的役割を担う医療機関", "0110000017", "デモ医院", "2024-04-01", "医療計画 別表", "2027-03-31", ""),
    ("南渡島", "連携を担う拠点", "", "デモ市医師会", "2024-04-01", "医療計画 別表", "2027-03-31", "函館市;北斗市"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def designation_import(request: HttpRequest) -> HttpResponse:
    """The form, and reading what was handed in."""
    if answer := sign_in_first(request):
        return answer
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "一覧の取込", "都道府県を選んでください。")
    user = require_editor(request, page.prefecture.code)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            table = parse(_book(file))
        except FileRefused as error:
            problems = error.problems
        else:
            batch = prepare_list(
                table,
                prefecture=find_prefecture(page.prefecture.code),
                period=page.period.start,
                filename=(file.name if file else "") or "",
                by=user,
            )
            return redirect("institutions:designation-import-preview", batch.pk)
    context = {"page_of": page, "problems": problems, "headings": HEADINGS}
    return render(request, "institutions/import.html", context, status=422 if problems else 200)


def _book(file: UploadedFile[bytes] | None) -> Workbook:
    if file is None:
        raise FileRefused(Problem("ファイルを選んでください。"))
    if (file.size or 0) > MAX_BYTES:
        limit = f"上限{MAX_BYTES // 1_000_000}MB"
        raise FileRefused(Problem(f"ファイルが大きすぎます（{limit}）。一覧のシートだけにしてください。"))
    book = read_workbook(file.read(), filename=file.name or "一覧.csv")
    if book.notes:  # macros, links to other files, formulas
        raise FileRefused(*book.notes)
    return book


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What the list says and what is wrong with it; then enter it."""
    if answer := sign_in_first(request):
        return answer
    batches = DesignationBatch.objects.filter(kind=DesignationBatch.Kind.IMPORT).select_related("prefecture")
    batch = get_object_or_404(batches, pk=batch_id)
    user = require_editor(request, batch.prefecture.code)
    if request.method == "POST":
        try:
            count = apply_list(batch, by=user)
        except DesignationRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{count}件を位置付けとして登録しました。まとめて取り消せます。")
            address = reverse("institutions:designation-list")
            return redirect(f"{address}?prefecture={batch.prefecture.code}&period={batch.period}")
    return render(request, "institutions/import_preview.html", {"batch": batch})


@require_safe
def import_form(request: HttpRequest, extension: str) -> HttpResponse:  # noqa: ARG001 - the signature is Django's
    """The empty form with two examples that cannot be real."""
    columns = tuple(Column(name=name, key=f"column_{i}") for i, name in enumerate(HEADINGS))
    table = Table(title="位置付けの一覧（様式）", columns=columns, rows=_EXAMPLE)
    return table_response(table, extension=extension, name="zaitaku-designation-form")
