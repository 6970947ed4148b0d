"""Entering official files and the attempts to take them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.utils import timezone

from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import Problem
from zaitaku.lib.workbooks import Workbook
from zaitaku.sources.models import ImportRun, SourceFile

_MOST_PROBLEMS = 1_000


def record_source_file(edition: Edition, *, book: Workbook, url: str = "") -> SourceFile:
    """The row of this very file, entered if its content is new; a corrected file of one edition is a row of its own."""
    source, _ = SourceFile.objects.get_or_create(
        key=edition.key,
        sha256=book.sha256,
        defaults={
            "kind": edition.kind,
            "publisher": edition.publisher,
            "title": edition.title,
            "edition": edition.edition,
            "as_of": edition.as_of,
            "licence": edition.licence,
            "url": url,
            "filename": book.filename[-200:],
            "size": len(book.content),
            "retrieved_on": timezone.localdate(),
            "sheets": list(book.sheet_names),
            "prefecture_code": edition.prefecture_code,
        },
    )
    return source


def record_import_run(
    filename: str,
    *,
    status: ImportRun.Status,
    started_at: dt.datetime,
    source: SourceFile | None = None,
    counts: Mapping[str, int] | None = None,
    problems: Iterable[Problem] = (),
    by: User | None = None,
) -> ImportRun:
    """Note one attempt, the refused ones too; of very many problems the first 1,000 are kept."""
    return ImportRun.objects.create(
        source=source,
        filename=filename[-200:],
        status=status,
        started_at=started_at,
        finished_at=timezone.now(),
        by=by,
        counts=dict(counts or {}),
        problems=[asdict(problem) for problem in list(problems)[:_MOST_PROBLEMS]],
    )
