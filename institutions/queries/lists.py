"""What lists are stored, and who is in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from institutions.definitions import notification_symbols
from institutions.models import Institution, Notification
from institutions.queries.places import BaseUnit, list_base_units
from zaitaku.sources.models import SourceFile

SUPPORT_FAMILIES = ("shien_clinic", "shien_hospital")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedList:
    """The newest stored list of one prefecture."""

    prefecture_code: str
    as_of: dt.date
    source_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionCounts:
    """What stands in the newest list of one prefecture; `by_symbol` counts distinct institutions per 受理記号."""

    prefecture_code: str
    institutions: int
    unplaced: int
    by_symbol: dict[str, int]


def list_imported_prefectures() -> tuple[ImportedList, ...]:
    """The prefectures a list is stored of, in order of code. The others are 「未取込」, which is never 0."""
    lists = SourceFile.objects.filter(kind=SourceFile.Kind.NOTIFICATION_LIST, withdrawn_at=None)
    stored = lists.filter(Exists(Institution.objects.filter(source=OuterRef("pk"))))
    newest = stored.order_by("prefecture_code", "-as_of", "-pk").distinct("prefecture_code")
    return tuple(
        ImportedList(prefecture_code=one.prefecture_code, as_of=one.as_of, source_id=one.pk)
        for one in newest
        if one.as_of
    )


def is_newest_list(prefecture_code: str, *, as_of: dt.date) -> bool:
    """Whether no stored list of the prefecture is of a later day than `as_of`."""
    newest = {one.prefecture_code: one.as_of for one in list_imported_prefectures()}
    return newest.get(prefecture_code, as_of) <= as_of


def get_institution_counts() -> tuple[InstitutionCounts, ...]:
    """Institutions, unplaced institutions and holders of each kept notification now, per imported prefecture."""
    listed = Institution.objects.filter(listed_to__isnull=True)
    totals = listed.values_list("prefecture__code").annotate(
        total=Count("pk"), unplaced=Count("pk", filter=Q(unit__isnull=True))
    )
    holders = (
        Notification.objects.filter(listed_to__isnull=True)
        .values_list("institution__prefecture__code", "symbol")
        .annotate(holders=Count("institution", distinct=True))
    )
    by_prefecture: dict[str, dict[str, int]] = {}
    for prefecture_code, symbol, count in holders.order_by("institution__prefecture__code", "symbol"):
        by_prefecture.setdefault(prefecture_code, {})[symbol] = count
    return tuple(
        InstitutionCounts(
            prefecture_code=code, institutions=total, unplaced=unplaced, by_symbol=by_prefecture.get(code, {})
        )
        for code, total, unplaced in totals.order_by("prefecture__code")
    )


def list_units_without_support(prefecture_code: str) -> tuple[BaseUnit, ...] | None:
    """The base units without any 在支診 or 在支病 in the newest list; None if no list of the prefecture is stored."""
    newest = next((one for one in list_imported_prefectures() if one.prefecture_code == prefecture_code), None)
    if newest is None:
        return None
    symbols = [one.symbol for one in notification_symbols().values() if one.family in SUPPORT_FAMILIES]
    supported = set(
        Notification.objects.listed_on(newest.as_of)
        .filter(symbol__in=symbols, institution__prefecture__code=prefecture_code, institution__unit__isnull=False)
        .values_list("institution__unit_id", flat=True)
    )
    return tuple(unit for unit in list_base_units(prefecture_code, day=newest.as_of) if unit.id not in supported)
