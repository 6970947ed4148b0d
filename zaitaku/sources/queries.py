"""Reads about where the figures come from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max, Min, Prefetch, Q
from django.utils import timezone

from zaitaku.lib.prefectures import PREFECTURES, prefecture
from zaitaku.lib.problems import Problem
from zaitaku.sources.freshness import is_old
from zaitaku.sources.models import ImportRun, SourceFile
from zaitaku.sources.results import (
    Coverage,
    CoverageCell,
    KindCoverage,
    PrefectureCoverage,
    RunRow,
    SourceDetail,
    SourceQuery,
    SourceRow,
)

_Kind = SourceFile.Kind
# Published or kept prefecture by prefecture; all other kinds cover the nation in one file.
BY_PREFECTURE = (_Kind.NOTIFICATION_LIST, _Kind.PREFECTURE_SURVEY, _Kind.COMPUTED)
_TAKEN = (ImportRun.Status.APPLIED, ImportRun.Status.UNCHANGED)


def get_newest_as_of() -> dt.date | None:
    """The latest as-of date among the loaded publications that have one; None while nothing is loaded."""
    newest: dt.date | None = SourceFile.objects.filter(withdrawn_at=None).aggregate(newest=Max("as_of"))["newest"]
    return newest


def get_sources(query: SourceQuery, *, today: dt.date) -> tuple[SourceRow, ...]:
    """The sources the filters leave, by kind, prefecture and newest first."""
    rows = _get_rows(today=today)
    return tuple(
        row
        for row in rows
        if (not query.kind or row.kind == query.kind)
        and (not query.prefecture or (row.prefecture is not None and row.prefecture.code == query.prefecture))
        and (not query.newest or row.is_newest)
    )


def get_source(source_id: int, *, today: dt.date) -> SourceDetail | None:
    """One source with its runs and its other editions; None if there is no such source."""
    rows = _get_rows(today=today)
    row = next((row for row in rows if row.id == source_id), None)
    if row is None:
        return None
    sheets = SourceFile.objects.values_list("sheets", flat=True).get(pk=source_id)
    runs = ImportRun.objects.filter(source_id=source_id).select_related("by").order_by("-started_at", "-pk")
    family = [other for other in rows if (other.kind, other.prefecture) == (row.kind, row.prefecture)]
    return SourceDetail(
        source=row,
        sheets=tuple(str(sheet) for sheet in sheets),
        runs=tuple(_make_run(run) for run in runs),
        others=tuple(other for other in family if other.id != row.id),
    )


def get_known_on(source_ids: Iterable[int] | None = None) -> dict[int, dt.date]:
    """The day from which each source counts here, by id: that of its first import, else the day it was retrieved.

    What came with the system as reference data has no import; its retrieval stands for it. A withdrawn source is left
    out: its import was a mistake, and its figures count on no day (docs/decisions/0031).
    """
    sources = SourceFile.objects.filter(withdrawn_at=None)
    if source_ids is not None:
        sources = sources.filter(pk__in=list(source_ids))
    taken = Min("runs__finished_at", filter=Q(runs__status=ImportRun.Status.APPLIED))
    return {
        pk: timezone.localdate(at) if at else retrieved_on
        for pk, retrieved_on, at in sources.annotate(at=taken).values_list("pk", "retrieved_on", "at")
    }


def get_sources_known_on(day: dt.date) -> tuple[int, ...]:
    """Ids of the sources that counted on a day."""
    return tuple(sorted(pk for pk, known_on in get_known_on().items() if known_on <= day))


def get_refused_runs(*, limit: int = 20) -> tuple[RunRow, ...]:
    """The latest attempts that were refused, whichever file it was; a refused file has no source."""
    runs = ImportRun.objects.filter(status=ImportRun.Status.REFUSED).select_related("by").order_by("-started_at", "-pk")
    return tuple(_make_run(run) for run in runs[:limit])


def get_coverage(*, today: dt.date) -> Coverage:
    """Which publications are loaded, for the nation and for each prefecture."""
    found: dict[tuple[str, str], list[tuple[int, dt.date | None]]] = defaultdict(list)
    # A publication on the country may come from one prefecture (三重県's table of areas): it is loaded all the same.
    anywhere: dict[str, list[tuple[int, dt.date | None]]] = defaultdict(list)
    loaded = SourceFile.objects.filter(withdrawn_at=None)
    for source_id, kind, code, as_of in loaded.values_list("id", "kind", "prefecture_code", "as_of"):
        found[kind, code].append((source_id, as_of))
        anywhere[kind].append((source_id, as_of))
    columns = [kind for kind in BY_PREFECTURE if kind == BY_PREFECTURE[0] or any(key[0] == kind for key in found)]
    return Coverage(
        national=tuple(
            KindCoverage(
                kind=kind.value, label=str(kind.label), cell=_make_cell(kind.value, anywhere[kind.value], today=today)
            )
            for kind in _Kind
            if kind not in BY_PREFECTURE
        ),
        columns=tuple(str(kind.label) for kind in columns),
        prefectures=tuple(
            PrefectureCoverage(
                prefecture=place,
                cells=tuple(_make_cell(kind.value, found[kind.value, place.code], today=today) for kind in columns),
            )
            for place in PREFECTURES
        ),
    )


def is_notification_list_loaded(prefecture_code: str) -> bool:
    """Whether any 届出受理医療機関名簿 of the prefecture is loaded; if not, its counts are 未取込 and never 0."""
    lists = SourceFile.objects.filter(kind=_Kind.NOTIFICATION_LIST, withdrawn_at=None)
    return lists.filter(prefecture_code=prefecture_code).exists()


def _get_rows(*, today: dt.date) -> tuple[SourceRow, ...]:
    runs = ImportRun.objects.filter(status__in=_TAKEN).order_by("-started_at", "-pk")
    files = list(SourceFile.objects.prefetch_related(Prefetch("runs", queryset=runs, to_attr="taken_runs")))
    newest = _newest_dates(files)
    rows = [_make_row(file, newest=newest, today=today) for file in files]
    order = {kind.value: position for position, kind in enumerate(_Kind)}
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                order.get(row.kind, len(order)),
                row.prefecture.code if row.prefecture else "",
                -(row.as_of or dt.date.min).toordinal(),
                row.title,
                row.filename,
            ),
        )
    )


def _newest_dates(files: Iterable[SourceFile]) -> dict[tuple[str, str], dt.date]:
    newest: dict[tuple[str, str], dt.date] = {}
    for file in files:
        if file.withdrawn_at is not None:
            continue
        key = (file.kind, file.prefecture_code)
        newest[key] = max(newest.get(key, dt.date.min), file.as_of or dt.date.min)
    return newest


def _make_row(file: SourceFile, *, newest: dict[tuple[str, str], dt.date], today: dt.date) -> SourceRow:
    # Several runs may have taken a file: the first of them says what was taken, later ones found it unchanged.
    taken: list[ImportRun] = file.taken_runs  # type: ignore[attr-defined]  # set by the Prefetch above
    applied = next((run for run in taken if run.status == ImportRun.Status.APPLIED), taken[0] if taken else None)
    return SourceRow(
        id=file.pk,
        kind=file.kind,
        kind_label=file.get_kind_display(),
        publisher=file.publisher,
        title=file.title,
        edition=file.edition,
        as_of=file.as_of,
        licence=file.licence,
        url=file.url,
        filename=file.filename,
        sha256=file.sha256,
        size=file.size,
        retrieved_on=file.retrieved_on,
        prefecture=prefecture(file.prefecture_code),
        is_newest=file.withdrawn_at is None and (file.as_of or dt.date.min) == newest[file.kind, file.prefecture_code],
        withdrawn_at=file.withdrawn_at,
        is_old=is_old(file.kind, file.as_of, today=today),
        taken=_counts(applied.counts) if applied else (),
        imported_at=applied.started_at if applied else None,
    )


def _make_run(run: ImportRun) -> RunRow:
    return RunRow(
        status=run.status,
        status_label=run.get_status_display(),
        filename=run.filename,
        started_at=run.started_at,
        by=str(run.by) if run.by else "",
        counts=_counts(run.counts),
        problems=tuple(_make_problem(entry) for entry in run.problems),
    )


def _make_problem(entry: object) -> Problem:
    """A stored complaint; one that is only a sentence is taken as its reason."""
    if not isinstance(entry, dict):
        return Problem(str(entry))
    return Problem(
        reason=str(entry.get("reason", "")),
        sheet=str(entry.get("sheet", "")),
        cell=str(entry.get("cell", "")),
        text=str(entry.get("text", "")),
    )


def _make_cell(kind: str, editions: list[tuple[int, dt.date | None]], *, today: dt.date) -> CoverageCell:
    if not editions:
        return CoverageCell()
    source_id, as_of = max(editions, key=lambda edition: (edition[1] or dt.date.min, edition[0]))
    return CoverageCell(
        source_id=source_id, as_of=as_of, editions=len(editions), is_old=is_old(kind, as_of, today=today)
    )


def _counts(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(number)) for name, number in counts.items())
