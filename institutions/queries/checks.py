"""The checks of a prefecture's designations on what is stored now."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from institutions.formulas.checks import Finding, Place, Situation, run_checks
from institutions.models import CheckRun, Institution, Notification
from institutions.queries.bodies import SUPPORT, symbols_of
from institutions.queries.designations import get_designation_areas, get_designations
from institutions.queries.lists import list_imported_prefectures
from institutions.results import DesignationAreas, DesignationRow, PlaceName
from regions.queries.points import get_points
from regions.queries.regions import get_base_units


def get_checks(prefecture_code: str, period: int, *, today: dt.date | None = None) -> tuple[Finding, ...]:
    """Every finding on the designations of a prefecture and period, the gravest first."""
    return run_checks(get_situation(prefecture_code, period, today=today or timezone.localdate()))


def get_situation(
    prefecture_code: str,
    period: int,
    *,
    today: dt.date,
    rows: tuple[DesignationRow, ...] | None = None,
    areas: DesignationAreas | None = None,
) -> Situation:
    """What the checks look at; `rows` and `areas` may be those of a draft."""
    points = get_points(on=today, prefecture_code=prefecture_code)
    units = {
        unit.id: Place(
            name=PlaceName(id=unit.id, code=unit.code, name=unit.name),
            latitude=points[unit.id].latitude if unit.id in points else None,
            longitude=points[unit.id].longitude if unit.id in points else None,
        )
        for unit in get_base_units(today)
        if unit.prefecture_code == prefecture_code
    }
    holders = _holders(prefecture_code)
    return Situation(
        rows=get_designations(prefecture_code, period) if rows is None else rows,
        areas=(areas or get_designation_areas(prefecture_code)).areas,
        units=units,
        supported=None if holders is None else frozenset(units).intersection(pk for pk in holders.values() if pk),
        holders=None if holders is None else frozenset(holders),
        today=today,
    )


def _holders(prefecture_code: str) -> dict[int, int | None] | None:
    """Institutions with a 在支診・在支病 notification now → their unit; None where no list is stored."""
    if not any(one.prefecture_code == prefecture_code for one in list_imported_prefectures()):
        return None
    held = Notification.objects.filter(symbol__in=symbols_of(SUPPORT), listed_to=None)
    found = Institution.objects.filter(
        prefecture__code=prefecture_code, listed_to=None, pk__in=held.values("institution")
    )
    return dict(found.values_list("pk", "unit_id"))


def get_newest_run(prefecture_code: str, period: int) -> CheckRun | None:
    """The last run that a new list or a person started."""
    return CheckRun.objects.filter(prefecture__code=prefecture_code, period=period).order_by("-at", "-pk").first()
