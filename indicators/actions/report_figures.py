"""Confirmed 活動報告 as figures: added up by municipality and prefecture, stored like any other publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from indicators.actions.observations import store_observations
from indicators.definitions.report_items import THEME, report_items
from indicators.models import Observation
from indicators.parsers.observations import (
    MISSING,
    OBSERVED,
    PROVISIONAL,
    ObservationTable,
    Place,
    PublishedItem,
    TableBuilder,
)
from institutions.queries.report_totals import COMPLETE, NONE, ReportTotal, get_report_totals
from institutions.queries.reports import RoundFacts
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.tables import Column, Table, csv_bytes
from zaitaku.lib.workbooks import Workbook, read_workbook
from zaitaku.sources.actions import record_import_run, record_source_file, reinstate_source, withdraw_source
from zaitaku.sources.models import ImportRun, SourceFile

_STATUSES = {COMPLETE: OBSERVED, NONE: MISSING}
_COLUMNS = (
    Column(name="項目コード", key="item"),
    Column(name="地域コード", key="region"),
    Column(name="年度", key="year"),
    Column(name="値", key="value", is_number=True),
    Column(name="状態", key="state"),
)


@transaction.atomic
def store_report_figures(round_id: int, *, by: User | None) -> tuple[int, tuple[str, ...]]:
    """Store what the confirmed reports of a round add up to; figures of an earlier state of the round are withdrawn.

    Returns how many figures there are, and the names of items left out because a survey of the prefecture has them for
    that year: a survey asks more bodies than those designated. Running it again without a change stores nothing.
    """
    asked, totals = get_report_totals(round_id)
    surveyed = _surveyed({total.feed.code for total in totals}, asked)
    kept = [total for total in totals if total.feed.code not in surveyed]
    names = tuple(report_items()[code].name for code in sorted(surveyed))
    if not kept:
        return 0, names
    started_at = timezone.now()
    book = _book(kept, asked)
    edition = _edition(asked)
    # Figures of the round as it stood before count nowhere from now on; their rows stay.
    for former in SourceFile.objects.filter(key=edition.key, withdrawn_at=None).exclude(sha256=book.sha256):
        withdraw_source(former, by=by)
    source = record_source_file(edition, book=book)
    reinstate_source(source)
    stored = store_observations(_table(kept, asked, edition), source=source)
    status = ImportRun.Status.APPLIED if stored["新規の観測値"] else ImportRun.Status.UNCHANGED
    record_import_run(source.filename, status=status, started_at=started_at, source=source, by=by, counts=stored)
    return stored["観測値"], names


def _surveyed(codes: Collection[str], asked: RoundFacts) -> set[str]:
    """Items that another source of the prefecture holds for the year."""
    there = Observation.objects.filter(
        item__code__in=codes,
        year=asked.year,
        source__prefecture_code=asked.prefecture_code,
        source__withdrawn_at=None,
    )
    others = there.exclude(source__key=_key(asked))
    return set(others.values_list("item__code", flat=True).distinct())


def _key(asked: RoundFacts) -> str:
    return f"activity_report/{asked.prefecture_code}/{asked.year}"


def _edition(asked: RoundFacts) -> Edition:
    return Edition(
        kind=SourceFile.Kind.PREFECTURE_SURVEY,
        key=_key(asked),
        publisher=f"都道府県（コード{asked.prefecture_code}）",
        title=f"位置付けた機関の{THEME}",
        edition=asked.label,
        as_of=min(timezone.localdate(), dt.date(asked.year + 1, 3, 31)),
        licence="都道府県の定めによる",
        prefecture_code=asked.prefecture_code,
    )


def _book(totals: Iterable[ReportTotal], asked: RoundFacts) -> Workbook:
    """The figures as a file of their own, so that the same state of a round is the same edition."""
    rows = [(one.feed.code, one.place_code, str(asked.year), one.value, one.state) for one in totals]
    table = Table(title=THEME, columns=_COLUMNS, rows=rows)
    return read_workbook(csv_bytes(table), filename=f"activity-report-{asked.prefecture_code}-{asked.year}.csv")


def _table(totals: Iterable[ReportTotal], asked: RoundFacts, edition: Edition) -> ObservationTable:
    builder = TableBuilder()
    for one in totals:
        item = report_items()[one.feed.code]
        published = PublishedItem(
            code=item.code, name=item.name, unit=item.unit, basis=item.basis, counts_people=item.counts_people
        )
        status = _STATUSES.get(one.state, PROVISIONAL)
        place = Place(kind=one.place_kind, code=one.place_code)
        builder.add(published, place, year=asked.year, value=one.value, status=status, at=(0, 0, 0))
    return builder.build(edition)
