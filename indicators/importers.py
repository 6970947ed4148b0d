"""Taking official files in: recognised by content, stored as a whole or not at all, every attempt noted.

Each kind of file is one `Importer`. The command `import_official` and the pages use `import_file` alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from indicators.actions.notification_counts import store_notification_counts
from indicators.actions.observations import store_observations
from indicators.models import Observation
from indicators.parsers import facility_survey, home_visit_demand, municipal_panel, ndb, regional_data_set
from indicators.parsers.observations import ObservationTable
from institutions.actions.notification_lists import store_notification_list
from institutions.definitions import notification_symbols
from institutions.parsers import notification_list
from institutions.placement import place_institutions
from institutions.queries.lists import is_newest_list
from institutions.queries.places import get_address_book
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Workbook, read_workbook
from zaitaku.sources.actions import record_import_run, record_source_file, reinstate_source
from zaitaku.sources.models import ImportRun, SourceFile
from zaitaku.sources.row_changes import note_changes_for

_ONE_IMPORT_AT_A_TIME = 0x7A616974  # advisory lock number, "zait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a store action did: numbers by what they count (in Japanese), and what a person should look at."""

    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """How one kind of file is recognised, read and stored.

    `sniff` looks at the content only; `parse` is pure; `store` writes inside the caller's transaction; `is_stored` says
    whether the facts of a known file are in the database already.
    """

    kind: SourceFile.Kind
    sniff: Callable[[Workbook], Edition | None]
    parse: Callable[[Workbook], Any]
    store: Callable[[Any, SourceFile], Stored]
    is_stored: Callable[[SourceFile], bool]


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


def _parse_notification_list(book: Workbook) -> notification_list.NotificationList:
    return notification_list.parse(book, kept=frozenset(notification_symbols()))


def store_notifications(table: notification_list.NotificationList, source: SourceFile) -> Stored:
    """Store a list: institutions, notifications and counts; of a list older than the stored one only its counts."""
    book = get_address_book(table.prefecture_code, day=table.as_of)
    placed = place_institutions(table, book=book)
    problems = [*table.warnings, *placed.problems]
    counts: dict[str, int] = {}
    if is_newest_list(table.prefecture_code, as_of=table.as_of):
        counts |= store_notification_list(placed, source=source)
    else:
        problems.append(Problem("より新しい時点の名簿が取込済みのため、医療機関は変えず、件数だけを取り込みました。"))
    tallies, short = store_notification_counts(placed, source=source)
    counts |= {"集計値": tallies["観測値"], "取り込まない届出": sum(table.not_kept.values())}
    counts |= {f"{category}の行（対象外）": rows for category, rows in table.skipped.items()}
    return Stored(counts=counts, problems=(*problems, *short))


def _has_observations(source: SourceFile) -> bool:
    return Observation.objects.filter(source=source).exists()


def _store_figures(table: ObservationTable, source: SourceFile) -> Stored:
    return Stored(counts=store_observations(table, source=source))


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        kind=SourceFile.Kind.NOTIFICATION_LIST,
        sniff=notification_list.sniff,
        parse=_parse_notification_list,
        store=store_notifications,
        is_stored=_has_observations,
    ),
    *(
        Importer(kind=kind, sniff=module.sniff, parse=module.parse, store=_store_figures, is_stored=_has_observations)
        for kind, module in (
            (SourceFile.Kind.NDB_OPEN_DATA, ndb),
            (SourceFile.Kind.HOME_VISIT_DEMAND, home_visit_demand),
            (SourceFile.Kind.REGIONAL_DATA_SET, regional_data_set),
            (SourceFile.Kind.REGIONAL_DATA_SET, municipal_panel),
            (SourceFile.Kind.FACILITY_SURVEY, facility_survey),
        )
    ),
)


def recognise(book: Workbook) -> tuple[Importer, Edition]:
    """Which kind and edition a file is, by its content. Raises `FileRefused` if it is none of the known kinds."""
    for importer in IMPORTERS:
        edition = importer.sniff(book)
        if edition is not None:
            return importer, edition
    known = "、".join(dict.fromkeys(importer.kind.label for importer in IMPORTERS))
    raise refuse(f"取り込めるファイルの種類ではありません。取り込めるのは次のファイルです：{known}。")


def import_file(path: Path, *, dry_run: bool = False, by: User | None = None) -> ImportResult:
    """Take one file in as `import_bytes` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        result = _unreadable(path, error)
        _record(result, started_at=timezone.now(), by=by)
        return result
    return import_bytes(content, filename=path.name, dry_run=dry_run, by=by)


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
        book = read_workbook(content, filename=filename)
        result = _import_book(book, dry_run=dry_run, allow=allow, inspect=inspect)
    except FileRefused as refusal:
        result = ImportResult(filename=filename, status=ImportRun.Status.REFUSED, counts={}, problems=refusal.problems)
    _record(result, started_at=started_at, by=by)
    return result


def _import_book(
    book: Workbook,
    *,
    dry_run: bool,
    allow: Callable[[Edition], None],
    inspect: Callable[[SourceFile], None],
) -> ImportResult:
    importer, edition = recognise(book)
    allow(edition)
    known = SourceFile.objects.filter(key=edition.key, sha256=book.sha256).first()
    if known is not None and known.withdrawn_at is None and importer.is_stored(known):
        status = ImportRun.Status.UNCHANGED
        return ImportResult(filename=book.filename, status=status, edition=edition, counts={}, source=known)
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
        problems=(*book.notes, *stored.problems),
        source=None if dry_run else source,
    )


def _wait_for_other_imports() -> None:
    """Imports follow one another: what is newest must not change between looking and storing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])


def _unreadable(path: Path, error: OSError) -> ImportResult:
    is_absent = isinstance(error, FileNotFoundError)
    reason = "ファイルがありません。" if is_absent else f"ファイルを読めません（{error.strerror}）。"
    problem = Problem(reason, text=str(path))
    return ImportResult(filename=path.name, status=ImportRun.Status.REFUSED, counts={}, problems=(problem,))


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
