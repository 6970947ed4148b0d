"""The slow parts of handing files in, as jobs: checking a file and taking it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.actions.uploads import apply_upload, check_upload
from intake.models import Upload
from zaitaku.jobs.kinds import Progress, job_kind

CHECK_UPLOAD, APPLY_UPLOAD = "intake.check_upload", "intake.apply_upload"


@job_kind(CHECK_UPLOAD)
def check(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Recognise, read and compare a file; an upload that was decided about meanwhile is left alone."""
    upload = Upload.objects.get(pk=parameters["upload"])
    progress(0, 2, f"{upload.filename}を読み、登録済みの値と比べています")
    if upload.status == Upload.Status.CHECKING:
        check_upload(upload)
    progress(2, 2, "確認が終わりました")
    return {"status": upload.status}


@job_kind(APPLY_UPLOAD)
def apply(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Take a file in. After a killed worker it is simply taken in again: it is one transaction."""
    upload = Upload.objects.get(pk=parameters["upload"])
    progress(0, 2, f"{upload.filename}を取り込んでいます")
    if upload.status == Upload.Status.APPLYING:
        apply_upload(upload)
    progress(2, 2, "取込が終わりました")
    return {"status": upload.status}
