"""Taking official files in: recognised by content, stored as a whole or not at all, every attempt noted.

The command `import_official` and the pages use `import_file` and `import_bytes` alike; what kinds of files there are
says `intake.kinds`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from indicators.actions.observations import edition_of
from intake.handed_in import open_handed_in
from intake.kinds import IMPORTERS, recognise
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.lib.workbooks import Workbook, read_within_limit
from zaitaku.sources.actions import record_import_run, record_source_file, reinstate_source
from zaitaku.sources.models import ImportRun, SourceFile
from zaitaku.sources.row_changes import note_changes_for

ONE_IMPORT_AT_A_TIME = 0x7A616974  # advisory lock number, "zait"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of one file. `edition` is None if it was not recognised.

    `problems` are the reasons if it was refused, else what a person should look at. `source` is set if it is stored.
    """

    filename: str
    status: ImportRun.Status
    edition: Edition | None = None
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    source: SourceFile | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the file was not taken (and so nothing was changed)."""
        return self.status == ImportRun.Status.REFUSED


def import_file(path: Path, *, dry_run: bool = False, by: User | None = None) -> ImportResult:
    """Take one file in as `import_bytes` does."""
    started_at = timezone.now()
    try:
        content = read_within_limit(path)
    except FileRefused as refusal:
        result = _refused(path.name, refusal.problems)
    except OSError as error:
        result = _refused(path.name, (_unreadable(path, error),))
    else:
        return import_bytes(content, filename=path.name, dry_run=dry_run, by=by)
    _record(result, started_at=started_at, by=by)
    return result


def import_bytes(
    content: bytes,
    *,
    filename: str,
    dry_run: bool = False,
    by: User | None = None,
    allow: Callable[[Edition], None] = lambda _edition: None,
    inspect: Callable[[SourceFile], None] = lambda _source: None,
) -> ImportResult:
    """Take a file in as a whole, or refuse it and change nothing. Either way an `ImportRun` says so.

    With `dry_run` everything is done and then undone, so that it finds whatever a real import would find. `allow` may
    refuse what was recognised before anything is stored; `inspect` sees the stored source before the transaction ends.
    """
    started_at = timezone.now()
    try:
        result = _find_taken(content, filename=filename, allow=allow)
        if result is None:
            book = open_handed_in(content, filename=filename)
            result = _import_book(book, dry_run=dry_run, allow=allow, inspect=inspect)
    except FileRefused as refusal:
        result = _refused(filename, refusal.problems)
    _record(result, started_at=started_at, by=by)
    return result


def _find_taken(content: bytes, *, filename: str, allow: Callable[[Edition], None]) -> ImportResult | None:
    """A file whose very bytes are stored already is known without looking into it: there is nothing to do."""
    for known in SourceFile.objects.filter(sha256=hashlib.sha256(content).hexdigest(), withdrawn_at=None):
        importer = next((one for one in IMPORTERS if one.kind == known.kind), None)
        if importer is not None and importer.is_stored(known):
            edition = edition_of(known)
            allow(edition)
            status = ImportRun.Status.UNCHANGED
            return ImportResult(filename=filename, status=status, edition=edition, counts={}, source=known)
    return None


def _import_book(
    book: Workbook,
    *,
    dry_run: bool,
    allow: Callable[[Edition], None],
    inspect: Callable[[SourceFile], None],
) -> ImportResult:
    importer, edition = recognise(book)
    allow(edition)
    table = importer.parse(book)
    with transaction.atomic():
        _wait_for_other_imports()
        source = record_source_file(edition, book=book)
        reinstate_source(source)
        note_changes_for(source)
        stored = importer.store(table, source)
        inspect(source)
        transaction.set_rollback(dry_run)
    status = ImportRun.Status.DRY_RUN if dry_run else ImportRun.Status.APPLIED
    return ImportResult(
        filename=book.filename,
        status=status,
        edition=edition,
        counts=stored.counts,
        problems=stored.problems,
        source=None if dry_run else source,
    )


def _wait_for_other_imports() -> None:
    """Imports follow one another: what is newest must not change between looking and storing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])


def _unreadable(path: Path, error: OSError) -> Problem:
    is_absent = isinstance(error, FileNotFoundError)
    reason = "ファイルがありません。" if is_absent else f"ファイルを読めません（{error.strerror}）。"
    return Problem(reason, text=str(path))


def _refused(filename: str, problems: tuple[Problem, ...]) -> ImportResult:
    return ImportResult(filename=filename, status=ImportRun.Status.REFUSED, counts={}, problems=problems)


def _record(result: ImportResult, *, started_at: dt.datetime, by: User | None) -> None:
    record_import_run(
        result.filename,
        status=result.status,
        started_at=started_at,
        source=result.source,
        counts=result.counts,
        problems=result.problems,
        by=by,
    )
