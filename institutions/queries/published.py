"""Institutions of the official lists with their notifications, as one list that can be read in parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q

from institutions.models import Institution, Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNotification:
    """One notification of an institution, for as long as the lists name it."""

    symbol: str
    number: str
    started_on: dt.date | None
    listed_from: dt.date
    listed_to: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInstitution:
    """One institution as the lists name it; `unit_code` is empty where its address could not be placed."""

    code: str
    kind: str
    name: str
    postcode: str
    address: str
    telephone: str
    prefecture_code: str
    unit_code: str
    listed_from: dt.date
    listed_to: dt.date | None
    source_id: int
    notifications: tuple[ListedNotification, ...] = field(default=())


def list_institutions(
    *,
    prefectures: Collection[str] = (),
    units: Collection[str] = (),
    kinds: Collection[str] = (),
    symbols: Collection[str] = (),
    only_listed: bool = True,
    code: str = "",
    after: str = "",
    limit: int | None = None,
) -> tuple[ListedInstitution, ...]:
    """Institutions in the order of their codes, with their notifications (two queries).

    `only_listed` leaves out institutions, and notifications, that the newest list does not name any more. `symbols`
    keeps institutions that hold one of these notifications.
    """
    shown = Notification.objects.filter(listed_to=None) if only_listed else Notification.objects.all()
    found = Institution.objects.filter(code__gt=after).order_by("code").select_related("prefecture", "unit")
    wanted = Q()
    if only_listed:
        wanted &= Q(listed_to=None)
    if prefectures:
        wanted &= Q(prefecture__code__in=prefectures)
    if units:
        wanted &= Q(unit__code__in=units)
    if kinds:
        wanted &= Q(kind__in=kinds)
    if code:
        wanted &= Q(code=code)
    if symbols:
        wanted &= Q(Exists(shown.filter(institution=OuterRef("pk"), symbol__in=symbols)))
    held = Prefetch("notifications", queryset=shown.order_by("symbol", "started_on", "pk"), to_attr="shown")
    return tuple(_listed(one) for one in found.filter(wanted).prefetch_related(held)[:limit])


def _listed(one: Institution) -> ListedInstitution:
    held: list[Notification] = one.shown  # type: ignore[attr-defined]  # set by the Prefetch above
    return ListedInstitution(
        code=one.code,
        kind=one.kind,
        name=one.name,
        postcode=one.postcode,
        address=one.address,
        telephone=one.telephone,
        prefecture_code=one.prefecture.code,
        unit_code=one.unit.code if one.unit else "",
        listed_from=one.listed_from,
        listed_to=one.listed_to,
        source_id=one.source_id,
        notifications=tuple(
            ListedNotification(
                symbol=held_one.symbol,
                number=held_one.number,
                started_on=held_one.started_on,
                listed_from=held_one.listed_from,
                listed_to=held_one.listed_to,
            )
            for held_one in held
        ),
    )
