"""Which partitions into areas there are, and what lies in them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from regions.models import AreaMembership, AreaScheme, Region
from regions.queries.caching import remembered
from regions.queries.regions import to_infos
from regions.results import RegionInfo, SchemeInfo, SchemeMembership


@remembered
def get_schemes(*, on: dt.date | None = None) -> tuple[SchemeInfo, ...]:
    """All schemes that cover the country (or those in force on a day), the newest first."""
    schemes = AreaScheme.objects.exclude(kind=AreaScheme.Kind.CUSTOM)
    if on is not None:
        schemes = schemes.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=on), effective_from__lte=on)
    return tuple(_info(scheme) for scheme in schemes.order_by("-effective_from", "key"))


def _info(scheme: AreaScheme) -> SchemeInfo:
    return SchemeInfo(
        id=scheme.pk,
        key=scheme.key,
        kind=scheme.kind,
        name=scheme.name,
        note=scheme.note,
        effective_from=scheme.effective_from,
        effective_to=scheme.effective_to,
        to_be_confirmed=scheme.to_be_confirmed,
        area_count=scheme.areas.count(),
    )


@remembered
def get_scheme(key: str) -> SchemeInfo:
    """The scheme with a key. Raises `AreaScheme.DoesNotExist` if there is none."""
    return _info(AreaScheme.objects.get(key=key))


@remembered
def get_areas(scheme_key: str, *, prefecture_code: str = "") -> tuple[RegionInfo, ...]:
    """The areas of a scheme (of one prefecture, if its code is given) by code."""
    areas = Region.objects.filter(scheme__key=scheme_key).order_by("code")
    return to_infos(areas.filter(parent__code=prefecture_code) if prefecture_code else areas)


@remembered
def get_scheme_membership(key: str) -> SchemeMembership:
    """The areas of a scheme and the area of each base unit. Raises `AreaScheme.DoesNotExist` if there is no such."""
    members = AreaMembership.objects.filter(scheme__key=key).order_by("unit__code")
    return SchemeMembership(
        scheme=get_scheme(key), areas=get_areas(key), area_of=dict(members.values_list("unit_id", "area_id"))
    )
