"""What confirmed 活動報告 add up to by municipality and prefecture: the figures that indicators are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from institutions.definitions.reports import Feed, format_named
from institutions.formulas.reports import add_up
from institutions.queries.places import list_base_units
from institutions.queries.reports import CONFIRMED, ReportRow, RoundFacts, get_report_rows, get_round

COMPLETE, PARTIAL, NONE = "complete", "partial", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTotal:
    """One item in one place. `state`: all bodies there are confirmed, some are, or none is (then without a value).

    A place without any body of the category is complete with 0: nobody there was to report.
    """

    feed: Feed
    place_kind: str
    place_code: str
    value: int | None
    state: str


def get_report_totals(round_id: int) -> tuple[RoundFacts, tuple[ReportTotal, ...]]:
    """Every feed of the round's formats for the prefecture and each of its base units."""
    asked = get_round(round_id)
    rows = [row for row in get_report_rows(round_id) if not row.is_demo]
    units = list_base_units(asked.prefecture_code, day=timezone.localdate())
    by_kind: dict[tuple[str, str], list[ReportRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind, row.format_key].append(row)
    totals: list[ReportTotal] = []
    for (_, format_key), of_kind in sorted(by_kind.items()):
        by_unit: dict[str, list[ReportRow]] = defaultdict(list)
        for row in of_kind:
            by_unit[row.unit_code].append(row)
        for feed in format_named(format_key).feeds:
            totals.append(_total(feed, "prefecture", asked.prefecture_code, of_kind))
            # A body without a municipality might belong to any: then only the prefecture's figure is known.
            if not by_unit.get(""):
                totals += [_total(feed, unit.kind, unit.code, by_unit.get(unit.code, ())) for unit in units]
    return asked, tuple(totals)


def _total(feed: Feed, kind: str, code: str, rows: Sequence[ReportRow]) -> ReportTotal:
    confirmed = _confirmed(rows)
    if rows and not confirmed:
        return ReportTotal(feed=feed, place_kind=kind, place_code=code, value=None, state=NONE)
    value = add_up(feed, [row.version.answers for row in confirmed if row.version]) if rows else 0
    state = NONE if value is None else COMPLETE if len(confirmed) == len(rows) else PARTIAL
    return ReportTotal(feed=feed, place_kind=kind, place_code=code, value=value, state=state)


def _confirmed(rows: Iterable[ReportRow]) -> list[ReportRow]:
    return [row for row in rows if row.state == CONFIRMED]
