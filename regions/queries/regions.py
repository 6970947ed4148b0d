"""Which regions there are: lists, one by its code, children, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from regions.models import Region
from regions.parsers.reading import to_hiragana
from regions.queries.caching import remembered
from regions.results import RegionInfo, UnitRow

_FIELDS = (
    "id", "kind", "code", "name", "name_kana", "parent_id", "scheme__key",
    "is_base_unit", "is_designated_city", "is_out_of_scope", "valid_from", "valid_to",
)  # fmt: skip


def to_infos(regions: QuerySet[Region]) -> tuple[RegionInfo, ...]:
    """The regions of a query set as frozen rows, in its order."""
    return tuple(
        RegionInfo(
            id=row[0],
            kind=row[1],
            code=row[2],
            name=row[3],
            name_kana=row[4],
            parent_id=row[5],
            scheme_key=row[6] or "",
            is_base_unit=row[7],
            is_designated_city=row[8],
            is_out_of_scope=row[9],
            valid_from=row[10],
            valid_to=row[11],
        )
        for row in regions.values_list(*_FIELDS)
    )


@remembered
def get_base_units(on: dt.date) -> tuple[UnitRow, ...]:
    """The units nothing is counted twice in, as they are on the day `on`, in the order of their codes."""
    prefectures = {region.code: region.id for region in get_prefectures()}
    rows = (
        Region.objects.base_units()
        .valid_on(on)
        .order_by("code")
        .values_list("id", "code", "name", "name_kana", "district", "kind", "parent_id")
    )
    return tuple(
        UnitRow(
            id=pk,
            code=code,
            name=name,
            name_kana=kana,
            district=district,
            city_id=parent if kind == Region.Kind.WARD else None,
            municipality_id=parent if kind == Region.Kind.WARD else pk,
            prefecture_id=prefectures[code[:2]],
            prefecture_code=code[:2],
        )
        for pk, code, name, kana, district, kind, parent in rows
    )


@remembered
def get_regions(kind: str, *, on: dt.date, prefecture_code: str = "") -> tuple[RegionInfo, ...]:
    """Regions of one kind (no areas) that exist on a day, by code; those of one prefecture if a code is given."""
    regions = Region.objects.filter(kind=kind, scheme=None).valid_on(on).order_by("code")
    return to_infos(regions.filter(code__startswith=prefecture_code) if prefecture_code else regions)


@remembered
def get_designated_cities(on: dt.date) -> tuple[RegionInfo, ...]:
    """The designated cities as a whole, as they are on a day, by code."""
    return to_infos(Region.objects.filter(is_designated_city=True, scheme=None).valid_on(on).order_by("code"))


@remembered
def get_nation() -> RegionInfo:
    """The nation. Raises `Region.DoesNotExist` before the regions are loaded."""
    return _first(Region.objects.filter(kind=Region.Kind.NATION))


@remembered
def get_prefectures() -> tuple[RegionInfo, ...]:
    """The 47 prefectures in the order of their codes."""
    return to_infos(Region.objects.filter(kind=Region.Kind.PREFECTURE).order_by("code"))


@remembered
def get_region(kind: str, code: str, *, scheme: str = "", on: dt.date | None = None) -> RegionInfo:
    """The region of a kind (and scheme, for areas) with a code, on a day or else the latest.

    Raises `Region.DoesNotExist` if there is none.
    """
    regions = Region.objects.filter(kind=kind, code=code)
    regions = regions.filter(scheme__key=scheme) if scheme else regions.filter(scheme=None)
    return _first((regions.valid_on(on) if on else regions).order_by(F("valid_from").desc(nulls_last=True)))


@remembered
def get_region_by_id(region_id: int) -> RegionInfo:
    """The region with an id. Raises `Region.DoesNotExist` if there is none."""
    return _first(Region.objects.filter(pk=region_id))


def _first(regions: QuerySet[Region]) -> RegionInfo:
    found = to_infos(regions[:1])
    if not found:
        raise Region.DoesNotExist
    return found[0]


@remembered
def get_children(region_id: int, *, on: dt.date) -> tuple[RegionInfo, ...]:
    """Municipalities of a prefecture, wards of a city, prefectures of the nation; areas are asked for by scheme."""
    return to_infos(Region.objects.filter(parent=region_id, scheme=None).valid_on(on).order_by("code"))


def get_region_ids(kinds: Iterable[str]) -> dict[str, int]:
    """Region id by code for all regions of these kinds (no areas), past ones included; the latest of a code wins."""
    regions = Region.objects.filter(kind__in=list(kinds), scheme=None).order_by(F("valid_from").asc(nulls_first=True))
    return dict(regions.values_list("code", "id"))


def search_regions(text: str, *, kinds: Iterable[str], on: dt.date | None = None, limit: int = 20) -> list[RegionInfo]:
    """Regions whose name (kanji), kana or code matches what was typed; those that begin with it come first.

    Katakana, half-width kana and hiragana find the same. Areas are found in every scheme.
    """
    typed = text.strip()
    if not typed:
        return []
    kana = to_hiragana(typed)
    starts = Q(name__startswith=typed) | Q(name_kana__startswith=kana) | Q(code__startswith=typed)
    contains = Q(name__contains=typed) | Q(name_kana__contains=kana)
    found = (
        Region.objects.filter(starts | contains, kind__in=list(kinds), is_out_of_scope=False)
        .valid_on(on or timezone.localdate())
        .annotate(rank=Case(When(starts, then=Value(0)), default=Value(1), output_field=IntegerField()))
        .order_by("rank", "name_kana", "code")
    )
    return list(to_infos(found[:limit]))
