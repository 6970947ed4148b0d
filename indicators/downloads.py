"""Files that take longer than a click: made by a job, kept for some days, made once for all who ask for the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from indicators.exports.selected_values import Download, write_file
from indicators.queries.selected_values import count_rows, get_selected_indicators, get_selection_version
from indicators.selections import FileFormat, Selection
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import UNFINISHED, enqueue
from zaitaku.jobs.kinds import Progress
from zaitaku.jobs.models import Job

MAKE_DOWNLOAD = "indicators.make_download"
KEPT_DAYS = 7
# Anybody may ask for a file, so the number of those that wait is bounded.
MOST_WAITING = 20


class TooManyWaiting(Exception):
    """So many files wait to be made that another would only wait longer."""


def make_download(selection: Selection, *, address: str) -> Download:
    """The selection with all its files need to know beside the rows."""
    indicators = get_selected_indicators(selection)
    rows = count_rows(selection, indicators)
    return Download(selection=selection, indicators=indicators, rows=rows, address=address)


def request_file(selection: Selection, file_format: FileFormat, *, address: str, by: User | None) -> Job:
    """The job that makes the file, or that made or makes the same one of the same data. Raises `TooManyWaiting`."""
    parameters = {
        "selection": selection.as_json(),
        "format": file_format.value,
        "address": address,
        "version": get_selection_version(selection),
    }
    jobs = Job.objects.filter(kind=MAKE_DOWNLOAD)
    for job in jobs.filter(parameters=parameters, status__in=[*UNFINISHED, Job.Status.SUCCEEDED]).order_by("-pk"):
        if job.status in UNFINISHED or get_file(job) is not None:
            return job
    if jobs.filter(status__in=UNFINISHED).count() >= MOST_WAITING:
        raise TooManyWaiting
    title = f"データ入手：{file_format.label}（{len(selection.indicators)}指標）"
    return enqueue(MAKE_DOWNLOAD, title=title, parameters=parameters, by=by)


def make_file(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Write the file a job asks for; a second try after a killed worker writes the same over again."""
    selection, file_format = Selection.from_json(parameters["selection"]), FileFormat(parameters["format"])
    progress(0, 1, "行数を数えています")
    download = make_download(selection, address=parameters["address"])
    target = _path(parameters)
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_suffix(".part")
    total = max(download.rows, 1)
    write_file(
        download,
        passing,
        file_format=file_format,
        report=lambda rows: progress(min(rows, total), total, "ファイルを書いています"),
    )
    passing.replace(target)
    progress(total, total, "ファイルができました")
    return {"行数": download.rows, "大きさ（バイト）": target.stat().st_size}


def get_file(job: Job) -> tuple[Path, FileFormat, str] | None:
    """Path, form and name of a finished job's file; None if it is not there (yet, or any more)."""
    if job.kind != MAKE_DOWNLOAD or job.status != Job.Status.SUCCEEDED:
        return None
    path, file_format = _path(job.parameters), FileFormat(job.parameters["format"])
    if not path.is_file():
        return None
    return path, file_format, Selection.from_json(job.parameters["selection"]).filename(file_format)


def get_selection(job: Job) -> Selection:
    """What a job was asked to make."""
    return Selection.from_json(job.parameters["selection"])


def delete_old_files(*, now: dt.datetime) -> int:
    """Remove files made more than `KEPT_DAYS` ago, and what broken jobs left; returns how many."""
    oldest = (now - dt.timedelta(days=KEPT_DAYS)).timestamp()
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < oldest] if _folder().is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "downloads"


def _path(parameters: Mapping[str, Any]) -> Path:
    """Named by what was asked for and the state of the data, so that no two different files share a name."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:24]
    return _folder() / f"{digest}.{FileFormat(parameters['format']).extension}"
