"""The slow parts of handing files in, as jobs: checking a file and taking it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from indicators.tasks import start_access, start_computation
from institutions.tasks import start_checks
from intake.actions.uploads import (
    CHECK_STEPS,
    apply_upload,
    check_upload,
    receive_upload,
    set_job,
    start_applying,
    start_checking,
    undo_upload,
)
from intake.models import Upload
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import enqueue
from zaitaku.jobs.kinds import Progress, job_kind

# What access to care is measured from.
_MEASURED = frozenset({"notification_list", "facility_information", "population_by_age"})
CHECK_UPLOAD, APPLY_UPLOAD = "intake.check_upload", "intake.apply_upload"


@job_kind(CHECK_UPLOAD)
def check(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Recognise, read and compare a file; an upload that was decided about meanwhile is left alone."""
    upload = Upload.objects.get(pk=parameters["upload"])
    progress(0, CHECK_STEPS, "ファイルを開いています")
    if upload.status == Upload.Status.CHECKING:
        check_upload(upload, report=progress)
    progress(CHECK_STEPS, CHECK_STEPS, "確認が終わりました")
    return {"結果": upload.get_status_display()}


@job_kind(APPLY_UPLOAD)
def apply(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Take a file in, then have the indicators computed that it changes.

    After a killed worker it is simply taken in again: it is one transaction.
    """
    upload = Upload.objects.get(pk=parameters["upload"])
    progress(0, CHECK_STEPS, "ファイルを開いています")
    if upload.status == Upload.Status.APPLYING:
        apply_upload(upload, report=progress)
        if upload.status == Upload.Status.APPLIED:
            start_computation(if_needed=True, by=upload.by)
            if upload.kind in _MEASURED:
                start_access(by=upload.by)
            start_checks(upload.prefecture_code, cause=f"{upload.title}の取込", by=upload.by)
    progress(CHECK_STEPS, CHECK_STEPS, "取込が終わりました")
    return {"結果": upload.get_status_display()}


@transaction.atomic
def hand_in(file: UploadedFile[bytes], *, by: User) -> Upload:
    """Keep a file and have a worker check it."""
    upload = receive_upload(file, by=by)
    _start(CHECK_UPLOAD, upload, title=f"{upload.filename}の確認", by=by)
    return upload


@transaction.atomic
def check_again(upload: Upload, *, by: User) -> None:
    """Have a worker check an upload whose last job came to no end."""
    start_checking(upload)
    _start(CHECK_UPLOAD, upload, title=f"{upload.filename}の確認", by=by)


@transaction.atomic
def take_in(upload: Upload, *, by: User) -> None:
    """Have a worker apply a checked upload. Raises `UploadNotReady`."""
    start_applying(upload)
    _start(APPLY_UPLOAD, upload, title=f"{upload.filename}の取込", by=by)


@transaction.atomic
def take_back(upload: Upload, *, by: User) -> int:
    """Undo an applied upload and have the indicators computed again; returns the rows of the register put back.

    Raises `UploadNotReady` or `FileRefused`.
    """
    rows = undo_upload(upload, by=by)
    start_computation(if_needed=True, by=by)
    if upload.kind in _MEASURED:
        start_access(by=by)
    return rows


def _start(kind: str, upload: Upload, *, title: str, by: User) -> None:
    set_job(upload, enqueue(kind, title=title[:200], parameters={"upload": upload.pk}, by=by))
