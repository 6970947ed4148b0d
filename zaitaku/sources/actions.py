"""Entering official files and the attempts to take them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import Problem, refuse
from zaitaku.lib.workbooks import Workbook
from zaitaku.sources.models import ImportRun, RowChange, SourceFile
from zaitaku.sources.row_changes import undo_changes_of

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


def reinstate_source(source: SourceFile) -> None:
    """A file whose import was undone is taken in again: its figures count once more."""
    if source.withdrawn_at is not None:
        source.withdrawn_at = None
        source.save(update_fields=["withdrawn_at"])


@transaction.atomic
def withdraw_source(source: SourceFile, *, by: User | None) -> int:
    """Undo the import of a source: its figures count nowhere, the register is as before; returns the rows put back.

    Raises `FileRefused` if a later import changed the same rows, or something decided since depends on them.
    """
    later = _later_sources(source)
    if later:
        names = "、".join(f"「{one}」" for one in later)
        raise refuse(f"この後に取り込んだ{names}が同じ医療機関などを変えています。先にそちらを取り消してください。")
    try:
        with transaction.atomic():
            undone = undo_changes_of(source)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise refuse("この取込で加わった医療機関などが位置付けなどに使われているため、取り消せません。") from error
    source.withdrawn_at = timezone.now()
    source.save(update_fields=["withdrawn_at"])
    record_import_run(source.filename, status=ImportRun.Status.UNDONE, started_at=timezone.now(), source=source, by=by)
    return undone


def _later_sources(source: SourceFile) -> list[SourceFile]:
    """Sources that changed rows this one changed, after it did."""
    mine = RowChange.objects.filter(source=source)
    first = mine.order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        return []
    same = mine.filter(table_name=OuterRef("table_name"), row_id=OuterRef("row_id"))
    after = RowChange.objects.filter(Exists(same), pk__gt=first).exclude(source=source)
    return list(SourceFile.objects.filter(pk__in=after.values("source")).order_by("as_of", "pk"))


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
