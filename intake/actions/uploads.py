"""Handing files in: checking, applying, undoing and discarding them. The slow parts are bodies of jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from intake.importers import ImportResult, import_bytes
from intake.models import Upload
from intake.queries.differences import get_difference
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import may_import
from zaitaku.accounts.queries import get_actor
from zaitaku.jobs.kinds import Progress
from zaitaku.jobs.models import Job
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import Problem, refuse
from zaitaku.sources.actions import withdraw_source
from zaitaku.sources.models import ImportRun, SourceFile

_MOST_PROBLEMS = 1_000
# What an upload is after an import (or a trial of one) came to this end.
_STATUS = {
    ImportRun.Status.DRY_RUN: Upload.Status.READY,
    ImportRun.Status.APPLIED: Upload.Status.APPLIED,
    ImportRun.Status.UNCHANGED: Upload.Status.UNCHANGED,
    ImportRun.Status.REFUSED: Upload.Status.REFUSED,
}


# Opened, recognised, stored, compared.
CHECK_STEPS = 4


class UploadNotReady(Exception):
    """The upload is not in a state in which this can be done; the message says what it is, in Japanese."""


def no_report(done: int, total: int, message: str) -> None:
    """Progress nobody waits for."""


def receive_upload(file: UploadedFile[bytes], *, by: User) -> Upload:
    """Keep the file; nothing is read yet."""
    return Upload.objects.create(by=by, filename=(file.name or "")[-200:], size=file.size or 0, content=file)


def check_upload(upload: Upload, *, report: Progress = no_report) -> Upload:
    """Recognise and read the file, store it, compare, and take everything back: what applying it would do."""
    found: dict[str, Any] = {}

    def inspect(source: SourceFile) -> None:
        report(3, CHECK_STEPS, "登録済みの値と比べています")
        found["difference"] = get_difference(source).as_json()

    result = _import(upload, dry_run=True, report=report, inspect=inspect)
    return _note(upload, result, difference=found.get("difference", {}))


@transaction.atomic
def apply_upload(upload: Upload, *, report: Progress = no_report) -> Upload:
    """Take the file in, as one transaction. What it replaces in the register can be brought back."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.status != Upload.Status.APPLYING:
        raise UploadNotReady(f"このファイルは「{locked.get_status_display()}」のため、取り込むことはできません。")
    result = _import(upload, dry_run=False, report=report)
    return _note(upload, result, difference=upload.difference)


@transaction.atomic
def start_checking(upload: Upload) -> None:
    """Mark an upload whose check came to no end as being checked once more."""
    stuck = {Upload.Status.CHECKING, Upload.Status.APPLYING}
    _move(upload, stuck, Upload.Status.CHECKING, doing="もう一度確認する")


@transaction.atomic
def start_applying(upload: Upload) -> None:
    """Mark a checked upload as being applied. Raises `UploadNotReady` if it is not waiting for that."""
    _move(upload, {Upload.Status.READY}, Upload.Status.APPLYING, doing="取り込む")


@transaction.atomic
def set_job(upload: Upload, job: Job) -> None:
    """Note the job that works on the upload, so that its page shows the progress."""
    upload.job = job
    upload.save(update_fields=["job"])


@transaction.atomic
def discard_upload(upload: Upload) -> None:
    """Throw an upload away that was not applied, with its file. Raises `UploadNotReady` if it was applied."""
    waiting = {Upload.Status.READY, Upload.Status.REFUSED, Upload.Status.UNCHANGED}
    if is_stuck(upload):
        waiting |= {Upload.Status.CHECKING, Upload.Status.APPLYING}
    _move(upload, waiting, Upload.Status.DISCARDED, doing="破棄する")
    transaction.on_commit(lambda: upload.content.delete(save=False))


@transaction.atomic
def undo_upload(upload: Upload, *, by: User) -> int:
    """Undo an applied upload as a whole; returns the rows of the register put back.

    Raises `UploadNotReady` if it was not applied, `FileRefused` if something later depends on it.
    """
    _move(upload, {Upload.Status.APPLIED}, Upload.Status.UNDONE, doing="取り消す")
    assert upload.source is not None  # held by a constraint
    return withdraw_source(upload.source, by=by)


def is_stuck(upload: Upload) -> bool:
    """Whether the job that should check or apply the upload has ended without doing so (failed, cancelled, lost)."""
    if upload.status not in {Upload.Status.CHECKING, Upload.Status.APPLYING}:
        return False
    return upload.job is None or upload.job.finished_at is not None


def _import(
    upload: Upload, *, dry_run: bool, report: Progress, inspect: Callable[[SourceFile], None] = lambda _source: None
) -> ImportResult:
    actor = get_actor(upload.by)

    def allow(edition: Edition) -> None:
        upload.kind, upload.title, upload.edition = edition.kind, edition.title, edition.edition
        upload.publisher, upload.prefecture_code = edition.publisher, edition.prefecture_code
        if not may_import(actor, edition.prefecture_code):
            raise refuse(_not_yours(edition))
        report(2, CHECK_STEPS, f"「{edition.title}」として読んでいます")

    report(1, CHECK_STEPS, "ファイルの種類を調べています")
    with upload.content.open("rb") as file:
        content = file.read()
    return import_bytes(content, filename=upload.filename, dry_run=dry_run, by=upload.by, allow=allow, inspect=inspect)


def _not_yours(edition: Edition) -> str:
    what = f"「{edition.title} {edition.edition}」は"
    if edition.prefecture_code:
        return f"{what}担当する都道府県の資料ではないため、取り込めません。"
    return f"{what}全国の資料のため、管理者だけが取り込めます。管理者に渡してください。"


def _note(upload: Upload, result: ImportResult, *, difference: dict[str, Any]) -> Upload:
    upload.status, upload.counts, upload.difference = _STATUS[result.status], dict(result.counts), difference
    upload.problems = [asdict(problem) for problem in result.problems[:_MOST_PROBLEMS]]
    upload.source = result.source or upload.source
    upload.save()
    return upload


def _move(upload: Upload, allowed: set[Upload.Status], status: Upload.Status, *, doing: str) -> None:
    """Change the status under a lock, so that two people cannot decide about one upload at once."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.status not in allowed:
        raise UploadNotReady(f"このファイルは「{locked.get_status_display()}」のため、{doing}ことはできません。")
    upload.status = status
    upload.save(update_fields=["status"])


def problems_of(upload: Upload) -> tuple[Problem, ...]:
    """The stored problems as they were raised."""
    return tuple(Problem(**problem) for problem in upload.problems)
