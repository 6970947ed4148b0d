"""Regions of every kind as one list that can be read in parts, for those who take the data away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from regions.models import AreaMembership, Region
from regions.queries.schemes import get_schemes

_FIELDS = (
    "id", "kind", "code", "name", "name_kana", "scheme__key", "parent__kind", "parent__code", "district",
    "is_base_unit", "is_designated_city", "is_out_of_scope", "valid_from", "valid_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRegion:
    """A region with the codes of what it lies in; `scheme` is empty unless it is an area, `parent_code` for the nation.

    A ward's parent is its city; everything else below a prefecture has the prefecture.
    """

    id: int
    kind: str
    code: str
    name: str
    name_kana: str
    scheme: str
    parent_kind: str
    parent_code: str
    district: str
    is_base_unit: bool
    is_designated_city: bool
    is_out_of_scope: bool
    valid_from: dt.date | None
    valid_to: dt.date | None

    @property
    def prefecture_code(self) -> str:
        """The prefecture it is or lies in; empty for the nation."""
        if self.kind == Region.Kind.NATION:
            return ""
        return self.parent_code if self.kind == Region.Kind.AREA else self.code[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One base unit in one area of a scheme."""

    area_code: str
    unit_code: str
    unit_name: str


def list_regions(
    *,
    on: dt.date,
    kinds: Collection[str] = (),
    prefectures: Collection[str] = (),
    scheme: str = "",
    code: str = "",
    after: int = 0,
    limit: int | None = None,
) -> tuple[ListedRegion, ...]:
    """Regions that exist on a day, in the order of their ids, which never changes; areas of public schemes alone."""
    public = Q(scheme=None) | Q(scheme__key__in=[one.key for one in get_schemes()])
    regions = Region.objects.filter(public, pk__gt=after).valid_on(on).order_by("pk")
    if kinds:
        regions = regions.filter(kind__in=kinds)
    if scheme:
        regions = regions.filter(scheme__key=scheme)
    if code:
        regions = regions.filter(code=code)
    if prefectures:
        inside = Q(kind="area", parent__code__in=prefectures)
        for prefecture in prefectures:
            inside |= Q(kind__in=["prefecture", "municipality", "ward"], code__startswith=prefecture)
        regions = regions.filter(inside)
    return tuple(_listed(row) for row in regions.values_list(*_FIELDS)[:limit])


def _listed(row: tuple[object, ...]) -> ListedRegion:
    names = [field.replace("__key", "").replace("__", "_") for field in _FIELDS]
    given = {
        name: "" if value is None and "valid" not in name else value for name, value in zip(names, row, strict=True)
    }
    return ListedRegion(**given)  # type: ignore[arg-type]  # the columns are in the order of the fields


def list_members(scheme_key: str) -> tuple[Member, ...]:
    """Which base unit lies in which area of a scheme, by code of area and unit."""
    rows = AreaMembership.objects.filter(scheme__key=scheme_key).order_by("area__code", "unit__code")
    return tuple(
        Member(area_code=area, unit_code=unit, unit_name=name)
        for area, unit, name in rows.values_list("area__code", "unit__code", "unit__name")
    )
