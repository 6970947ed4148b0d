"""資料の取込: files handed in, what they were recognised as, what they change, and deciding about them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import tasks
from intake.actions import uploads as actions
from intake.exports.problems import make_problem_table
from intake.forms import UploadForm
from intake.kinds import describe_kinds
from intake.limits import MAX_FILES, MAX_REQUEST_BYTES, LimitedUpload, PassedOver
from intake.queries.uploads import is_unfinished, visible_uploads
from intake.views.access import find_upload, for_those_who_import, signed_in
from zaitaku.accounts.permissions import may_compute
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.archives import MAX_FILE_BYTES
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.tables import csv_bytes

_ROWS_A_PAGE = 50


@require_safe
@for_those_who_import
def list_uploads(request: HttpRequest) -> HttpResponse:
    """What was handed in, newest first; for htmx only the table, while something is being worked on."""
    user = signed_in(request)
    uploads = visible_uploads(user, get_actor(user))
    page = Paginator(uploads, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    is_working = any(is_unfinished(upload) and upload.job and not upload.job.finished_at for upload in page)
    template = "intake/table.html" if getattr(request, "htmx", False) else "intake/list.html"
    return render(request, template, {"page": page, "is_working": is_working})


@csrf_exempt  # until the limits stand before the handlers that receive the files; then it is protected as any form
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_import
def create_upload(request: HttpRequest) -> HttpResponse:
    """The form, and receiving its files within the limits."""
    limits = LimitedUpload(request)
    request.upload_handlers.insert(0, limits)
    return _receive(request, limits)


@csrf_protect
def _receive(request: HttpRequest, limits: LimitedUpload) -> HttpResponse:
    if request.method != "POST":
        return _form(request, UploadForm())
    received = [file for file in request.FILES.getlist("file") if not isinstance(file, PassedOver)]
    form = UploadForm(request.POST, MultiValueDict({"file": received}))
    is_valid = form.is_valid()
    complaints = _complaints(limits)
    if not is_valid:
        return _form(request, form, complaints=complaints, status=413 if complaints else 422)
    for complaint in complaints:
        messages.error(request, complaint)
    uploads = [tasks.hand_in(file, by=signed_in(request)) for file in form.chosen()]
    if len(uploads) == 1:
        return redirect("intake:upload-detail", upload_id=uploads[0].pk)
    messages.success(request, f"{len(uploads)}個のファイルを受け付けました。順に確認しています。")
    return redirect("intake:upload-list")


def _complaints(limits: LimitedUpload) -> list[str]:
    """What was passed over while the files came in."""
    found = [
        f"「{name}」は大きすぎるため受け取りませんでした。1ファイル{MAX_FILE_BYTES // 1_000_000}MB、"
        f"1回に{MAX_REQUEST_BYTES // 1_000_000}MBまでです。必要なシートだけを保存するか、分けて送ってください。"
        for name in limits.too_large
    ]
    if limits.too_many:
        found.append(f"1回に送れるのは{MAX_FILES}個までです。残りの{len(limits.too_many)}個は受け取っていません。")
    return found


def _form(
    request: HttpRequest, form: UploadForm, *, complaints: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "complaints": complaints or [],
        "kinds": describe_kinds(),
        "is_administrator": may_compute(get_actor(signed_in(request))),
        "max_file_bytes": MAX_FILE_BYTES,
        "max_file_megabytes": MAX_FILE_BYTES // 1_000_000,
        "max_request_bytes": MAX_REQUEST_BYTES,
        "max_request_megabytes": MAX_REQUEST_BYTES // 1_000_000,
        "max_files": MAX_FILES,
    }
    return render(request, "intake/create.html", context, status=status)


@require_safe
@for_those_who_import
def show_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """One upload; htmx asks for its progress and is told to load the page anew once there is more to see."""
    detail = find_upload(request, upload_id)
    context = {"detail": detail, "upload": detail.upload, "job": detail.upload.job}
    if not getattr(request, "htmx", False):
        return render(request, "intake/detail.html", context)
    response = render(request, "intake/progress.html", context)
    if not detail.is_working:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@for_those_who_import
def download_problems(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Every problem of the file as CSV."""
    detail = find_upload(request, upload_id)
    table = make_problem_table(detail.problems, filename=detail.upload.filename)
    response = HttpResponse(csv_bytes(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="zaitaku-problems-{upload_id}.csv"'
    return response


@require_POST
@for_those_who_import
def apply_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Have a checked file taken in."""
    detail = find_upload(request, upload_id)
    _require(detail.may_decide)
    try:
        tasks.take_in(detail.upload, by=signed_in(request))
    except actions.UploadNotReady as error:
        messages.error(request, str(error))
    return redirect("intake:upload-detail", upload_id=upload_id)


@require_POST
@for_those_who_import
def check_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Check a file once more whose check or import was broken off."""
    detail = find_upload(request, upload_id)
    if detail.is_stuck:
        tasks.check_again(detail.upload, by=signed_in(request))
    return redirect("intake:upload-detail", upload_id=upload_id)


@require_POST
@for_those_who_import
def discard_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Throw away a file that was not taken in."""
    detail = find_upload(request, upload_id)
    _require(detail.may_discard)
    try:
        actions.discard_upload(detail.upload)
    except actions.UploadNotReady as error:
        messages.error(request, str(error))
        return redirect("intake:upload-detail", upload_id=upload_id)
    messages.success(request, f"「{detail.upload.filename}」を破棄しました。登録済みの値は変わっていません。")
    return redirect("intake:upload-list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_import
def undo_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Ask whether an import shall be undone, saying what follows; then do it."""
    detail = find_upload(request, upload_id)
    _require(detail.may_decide)
    if request.method != "POST":
        return render(request, "intake/undo.html", {"detail": detail, "upload": detail.upload})
    try:
        tasks.take_back(detail.upload, by=signed_in(request))
    except (actions.UploadNotReady, FileRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "取込を取り消しました。指標を計算し直しています。")
    return redirect("intake:upload-detail", upload_id=upload_id)


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied("担当する都道府県の資料だけを取り込み、取り消し、破棄できます。")
