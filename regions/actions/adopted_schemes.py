"""Schemes that one prefecture adopts for itself: stored once, ended by the next one, withdrawn only while unused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from regions.models import AreaMembership, AreaScheme, Region
from regions.queries.caching import forget_after_commit
from zaitaku.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedArea:
    """One area with the codes of its base units."""

    code: str
    name: str
    units: tuple[str, ...]


@transaction.atomic
def adopt_scheme(
    prefecture: Region,
    *,
    key: str,
    name: str,
    areas: Sequence[AdoptedArea],
    effective_from: dt.date,
    at: dt.datetime,
    by: User,
) -> AreaScheme:
    """Store 在宅医療圏 of a prefecture from a day on; those in force until then end on that day."""
    kind = AreaScheme.Kind.HOME_CARE_AREA
    AreaScheme.objects.filter(prefecture=prefecture, kind=kind, effective_from__lt=effective_from).filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=effective_from)
    ).update(effective_to=effective_from)
    scheme = AreaScheme.objects.create(
        key=key,
        kind=kind,
        name=name,
        prefecture=prefecture,
        effective_from=effective_from,
        adopted_at=at,
        adopted_by=by,
    )
    made = Region.objects.bulk_create(
        Region(kind=Region.Kind.AREA, scheme=scheme, code=area.code, name=area.name, parent=prefecture)
        for area in areas
    )
    codes = [unit for area in areas for unit in area.units]
    ids = dict(Region.objects.base_units().filter(valid_to=None, code__in=codes).values_list("code", "pk"))
    AreaMembership.objects.bulk_create(
        AreaMembership(scheme=scheme, area=region, unit_id=ids[unit])
        for region, area in zip(made, areas, strict=True)
        for unit in area.units
    )
    forget_after_commit()
    return scheme


@transaction.atomic
def withdraw_scheme(scheme: AreaScheme) -> None:
    """Delete an adopted scheme; the one before goes on. Raises `ProtectedError` if anything refers to its areas."""
    before = AreaScheme.objects.filter(
        prefecture=scheme.prefecture, kind=scheme.kind, effective_to=scheme.effective_from
    ).order_by("-effective_from", "-pk")
    former = before.first()
    if former is not None:
        AreaScheme.objects.filter(pk=former.pk).update(effective_to=scheme.effective_to)
    AreaMembership.objects.filter(scheme=scheme).delete()
    Region.objects.filter(scheme=scheme).delete()
    scheme.delete()
    forget_after_commit()
