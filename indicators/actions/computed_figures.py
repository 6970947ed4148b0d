"""Figures this system works out from what is registered, stored like a publication: one source for each state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from indicators.actions.observations import store_observations
from indicators.parsers.observations import MISSING, OBSERVED, PROVISIONAL, Place, PublishedItem, TableBuilder
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.tables import Column, Table, csv_bytes
from zaitaku.lib.workbooks import Workbook, read_workbook
from zaitaku.sources.actions import record_import_run, record_source_file, reinstate_source, withdraw_source
from zaitaku.sources.models import ImportRun, SourceFile

_COLUMNS = (
    Column(name="項目コード", key="item"),
    Column(name="地域コード", key="region"),
    Column(name="年度", key="year"),
    Column(name="値", key="value", is_number=True),
    Column(name="状態", key="state"),
)
_STATES = {OBSERVED: "observed", PROVISIONAL: "provisional", MISSING: "missing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedFigure:
    """One figure; `status` is OBSERVED, PROVISIONAL or, without a value, MISSING."""

    item: PublishedItem
    place: Place
    year: int
    value: float | None
    status: int


@transaction.atomic
def store_computed(figures: Sequence[ComputedFigure], *, edition: Edition, name: str, by: User | None) -> int:
    """Store the figures under `edition`; those of an earlier state (same key) count nowhere from now on.

    Returns how many figures are new: 0 if exactly these count already, for the same figures are the same edition.
    """
    started_at = timezone.now()
    book = _book(figures, name=name)
    counting = SourceFile.objects.filter(key=edition.key, withdrawn_at=None)
    former = [one for one in counting if one.sha256 != book.sha256]
    if not former and counting.exists():
        return 0
    for source in former:
        withdraw_source(source, by=by)
    source = record_source_file(edition, book=book)
    reinstate_source(source)
    builder = TableBuilder()
    for one in figures:
        # Worked out, not read from a cell: row and column 0.
        builder.add(one.item, one.place, year=one.year, value=one.value, status=one.status, at=(0, 0, 0))
    stored = store_observations(builder.build(edition), source=source)
    record_import_run(
        source.filename, status=ImportRun.Status.APPLIED, started_at=started_at, source=source, by=by, counts=stored
    )
    return len(figures)


def _book(figures: Sequence[ComputedFigure], *, name: str) -> Workbook:
    """The figures as a file of their own."""
    rows = [(one.item.code, one.place.code, str(one.year), one.value, _STATES[one.status]) for one in figures]
    table = Table(title=name, columns=_COLUMNS, rows=rows)
    return read_workbook(csv_bytes(table), filename=f"{name}.csv")
