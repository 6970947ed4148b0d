"""Confirmed 活動報告 as figures: added up by municipality and prefecture, stored like any other publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from indicators.actions.computed_figures import ComputedFigure, store_computed
from indicators.definitions.report_items import THEME, report_items
from indicators.models import Observation
from indicators.parsers.observations import MISSING, OBSERVED, PROVISIONAL, Place, PublishedItem
from institutions.queries.report_totals import COMPLETE, NONE, ReportTotal, get_report_totals
from institutions.queries.reports import RoundFacts
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.sources.models import SourceFile

_STATUSES = {COMPLETE: OBSERVED, NONE: MISSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigures:
    """How many figures a round has, how many of them are new, and the names of items left out for a survey."""

    stored: int
    new: int
    left_out: tuple[str, ...]


@transaction.atomic
def store_report_figures(round_id: int, *, by: User | None) -> ReportFigures:
    """Store what the confirmed reports of a round add up to; figures of an earlier state of the round are withdrawn.

    Items that a survey of the prefecture has for that year are left out: a survey asks more bodies than those
    designated. Running it again without a change stores nothing.
    """
    asked, totals = get_report_totals(round_id)
    surveyed = _surveyed({total.feed.code for total in totals}, asked)
    kept = [total for total in totals if total.feed.code not in surveyed]
    names = tuple(report_items()[code].name for code in sorted(surveyed))
    if not kept:
        return ReportFigures(stored=0, new=0, left_out=names)
    name = f"activity-report-{asked.prefecture_code}-{asked.year}"
    new = store_computed([_figure(one, asked) for one in kept], edition=_edition(asked), name=name, by=by)
    return ReportFigures(stored=len(kept), new=new, left_out=names)


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


def _figure(one: ReportTotal, asked: RoundFacts) -> ComputedFigure:
    item = report_items()[one.feed.code]
    return ComputedFigure(
        item=PublishedItem(
            code=item.code, name=item.name, unit=item.unit, basis=item.basis, counts_people=item.counts_people
        ),
        place=Place(kind=one.place_kind, code=one.place_code),
        year=asked.year,
        value=one.value,
        status=_STATUSES.get(one.state, PROVISIONAL),
    )
