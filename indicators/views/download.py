"""データ入手: choose, look at the first rows, take the file away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from indicators.definitions.registry import UnknownIndicator, get_definition
from indicators.downloads import (
    KEPT_DAYS,
    MAKE_DOWNLOAD,
    TooManyWaiting,
    get_file,
    get_selection,
    make_download,
    request_file,
)
from indicators.exports.selected_values import STREAMS, XLSX_MOST_ROWS, Download, codebook_table, write_file
from indicators.queries.catalogue import get_cards
from indicators.queries.selected_values import (
    get_codes_with_values,
    get_first_rows,
    get_known_years,
    get_place_names,
    get_selected_indicators,
)
from indicators.selection_form import SelectionForm
from indicators.selections import COLUMNS, FileFormat, Scope, Selection
from regions.queries.schemes import get_schemes
from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job
from zaitaku.lib.cp932 import find_substitutions
from zaitaku.lib.prefectures import BLOCKS
from zaitaku.lib.tables import csv_bytes

PREVIEW_ROWS = 20
# Larger files in a form that cannot be streamed while it is made are left to a worker.
MOST_ROWS_AT_ONCE = 20_000
_AT_ANY_SIZE = (FileFormat.CSV, FileFormat.CP932)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The builder; with an indicator chosen, the number of rows, the first of them and the files."""
    form = _form(request)
    complaints = form.complaints
    context = _choices(form) | {"complaints": complaints, "nearest": form.selection.querystring()}
    if complaints:
        return render(request, "indicators/download.html", context, status=400)
    if form.selection.indicators:
        context |= _preview(request, form.selection)
    return render(request, "indicators/download.html", context)


@require_safe
def download_file(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """The rows in one form: CSV streamed at any size, other forms while they are small."""
    form = _form(request)
    chosen = _format(file_format)
    if form.complaints or not form.selection.indicators:
        return _back_to_builder(request, form)
    selection = form.selection
    headers = {"Content-Disposition": f'attachment; filename="{selection.filename(chosen)}"'}
    if chosen in _AT_ANY_SIZE:
        # Not counted first: the header is on its way before the database is asked for rows.
        streamed = Download(
            selection=selection,
            indicators=get_selected_indicators(selection),
            rows=0,
            address=_address(request, selection),
        )
        return StreamingHttpResponse(STREAMS[chosen](streamed), content_type=chosen.content_type, headers=headers)
    made = make_download(selection, address=_address(request, selection))
    if made.rows > MOST_ROWS_AT_ONCE:
        return _back_to_builder(request, form, [_too_large(chosen, made.rows)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, selection.filename(chosen))
        write_file(made, path, file_format=chosen, report=lambda _: None)
        return HttpResponse(path.read_bytes(), content_type=chosen.content_type, headers=headers)


@require_safe
def download_codebook(_request: HttpRequest) -> HttpResponse:
    """What every column means."""
    headers = {"Content-Disposition": 'attachment; filename="zaitaku_codebook.csv"'}
    content = csv_bytes(codebook_table({"data.csv": COLUMNS}))
    return HttpResponse(content, content_type=FileFormat.CSV.content_type, headers=headers)


@require_POST
def download_prepare(request: HttpRequest) -> HttpResponse:
    """Have a worker make a large file."""
    form = _form(request)
    chosen = _format(request.POST.get("format", ""))
    if form.complaints or not form.selection.indicators:
        return _back_to_builder(request, form)
    by = request.user if isinstance(request.user, User) else None
    try:
        job = request_file(form.selection, chosen, address=_address(request, form.selection), by=by)
    except TooManyWaiting:
        messages.error(request, "いまファイルの作成が込み合っています。数分後にもう一度押すか、CSVを選んでください。")
        return redirect(_address(request, form.selection))
    return redirect("indicators:download-ready", job_id=job.pk)


@require_safe
def download_ready(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far the file is, and the link to it; for htmx only the part that changes."""
    job = _find_job(job_id)
    found = get_file(job)
    context = {
        "job": job,
        "filename": found[2] if found else "",
        "is_gone": job.status == Job.Status.SUCCEEDED and found is None,
        "days": KEPT_DAYS,
        "builder": reverse("indicators:download") + get_selection(job).querystring(),
    }
    template = (
        "indicators/download_progress.html" if getattr(request, "htmx", False) else "indicators/download_ready.html"
    )
    return render(request, template, context)


@require_safe
def download_result(_request: HttpRequest, job_id: int) -> FileResponse:
    """The finished file."""
    found = get_file(_find_job(job_id))
    if found is None:
        raise Http404(f"ファイルはもうありません（{KEPT_DAYS}日で削除します）。データ入手からもう一度作ってください。")
    path, file_format, filename = found
    return FileResponse(path.open("rb"), as_attachment=True, filename=filename, content_type=file_format.content_type)


def _find_job(job_id: int) -> Job:
    """The job of a file, for those who may see every indicator in it."""
    job = get_object_or_404(Job, pk=job_id, kind=MAKE_DOWNLOAD)
    try:
        for code in get_selection(job).indicators:
            get_definition(code)
    except UnknownIndicator as error:
        raise Http404(str(error)) from error
    return job


def _form(request: HttpRequest) -> SelectionForm:
    return SelectionForm(
        request.POST if request.method == "POST" else request.GET,
        years=get_known_years(),
        schemes=get_schemes(),
    )


def _format(text: str) -> FileFormat:
    try:
        return FileFormat(text)
    except ValueError:
        known = "・".join(known.value for known in FileFormat)
        raise Http404(f"この形式では出力できません。{known}のどれかを選んでください。") from None


def _address(request: HttpRequest, selection: Selection) -> str:
    """The builder with this selection, in full: files and jobs name it."""
    return request.build_absolute_uri(reverse("indicators:download") + selection.querystring())


def _too_large(chosen: FileFormat, rows: int) -> str:
    return (
        f"{chosen.label}は{rows:,}行あるので、すぐには作れません（すぐに作れるのは{MOST_ROWS_AT_ONCE:,}行まで）。"
        "下の「作成を始める」を押すか、CSVを選んでください。"
    )


def _back_to_builder(request: HttpRequest, form: SelectionForm, complaints: list[str] | None = None) -> HttpResponse:
    """The builder with what is wrong, at the nearest selection that is right."""
    said = complaints or list(form.complaints) or ["指標が選ばれていません。1つ以上選んでください。"]
    context = _choices(form) | {"complaints": said, "nearest": form.selection.querystring()}
    if form.selection.indicators:
        context |= _preview(request, form.selection)
    return render(request, "indicators/download.html", context, status=400)


def _choices(form: SelectionForm) -> dict[str, Any]:
    """Everything that can be chosen, with a mark at what is."""
    selection = form.selection
    known = get_codes_with_values()
    phases: dict[str, list[tuple[str, str, bool, bool]]] = {}
    for card in get_cards():
        phases.setdefault(card.phase_label, []).append(
            (card.code, card.name, card.code in selection.indicators, card.code in known)
        )
    return {
        "form": form,
        "selection": selection,
        "phases": [_phase(label, entries, selection) for label, entries in phases.items()],
        "levels": [(scope.value, scope.label, scope in selection.scopes) for scope in Scope],
        "years": [(year, year in selection.years) for year in form.years],
        "schemes": [(scheme.key, scheme.name, scheme.key == selection.scheme) for scheme in form.schemes],
        "blocks": [
            (name, [(p.code, p.name, p.code in selection.prefectures) for p in prefectures])
            for name, prefectures in BLOCKS
        ],
        "are_prefectures_chosen": bool(selection.prefectures),
    }


def _phase(label: str, entries: list[tuple[str, str, bool, bool]], selection: Selection) -> dict[str, Any]:
    """One group of indicators, and the address that chooses those of it that have figures besides the present ones."""
    codes = tuple(dict.fromkeys([*selection.indicators, *(code for code, _, _, has_values in entries if has_values)]))
    everything = Selection(
        indicators=codes,
        scopes=selection.scopes,
        years=selection.years,
        prefectures=selection.prefectures,
        scheme=selection.scheme,
    )
    chosen = sum(is_chosen for _, _, is_chosen, _ in entries)
    return {"label": label, "entries": entries, "chosen": chosen, "all": everything.querystring()}


def _preview(request: HttpRequest, selection: Selection) -> dict[str, Any]:
    made = make_download(selection, address=_address(request, selection))
    missing = [code for code in selection.indicators if code not in {indicator.code for indicator in made.indicators}]
    return {
        "download": made,
        "columns": COLUMNS,
        "rows": [list(zip(COLUMNS, row, strict=True)) for row in _first_rows(made)],
        "missing": missing,
        "substitutions": find_substitutions([*made.texts, *get_place_names(selection)]),
        "files": [_file(file_format, made) for file_format in FileFormat],
        "querystring": selection.querystring(),
        "parameters": selection.parameters(),
    }


def _first_rows(made: Download) -> tuple[tuple[str, ...], ...]:
    return get_first_rows(made.selection, made.indicators, limit=PREVIEW_ROWS)


def _file(file_format: FileFormat, made: Download) -> dict[str, Any]:
    """Whether a form is given at once, made by a worker, or has no room for the rows."""
    return {
        "value": file_format.value,
        "label": file_format.label,
        "is_direct": file_format in _AT_ANY_SIZE or made.rows <= MOST_ROWS_AT_ONCE,
        "is_too_large": file_format is FileFormat.XLSX and made.rows > XLSX_MOST_ROWS,
    }
