"""The 在宅医療圏 that prefectures adopted in this system, and by which unit they are drawn."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from regions.models import AreaMembership, AreaScheme
from regions.queries.caching import remembered

_Partition = frozenset[frozenset[int]]


class AreaUnit(enum.StrEnum):
    """By what a prefecture draws its areas."""

    SECONDARY = "secondary"
    MUNICIPALITY = "municipality"
    ASSOCIATION = "association"
    HEALTH_CENTRE = "health_centre"
    MIXED = "mixed"

    @property
    def label(self) -> str:
        """Its Japanese name."""
        return {
            "secondary": "二次医療圏",
            "municipality": "市町村",
            "association": "郡市医師会",
            "health_centre": "保健所圏域",
            "mixed": "混在・その他",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCareAreas:
    """The areas of one prefecture: how many, by which unit, since when."""

    prefecture_code: str
    scheme_key: str
    name: str
    areas: int
    unit: AreaUnit
    effective_from: dt.date


@remembered
def get_home_care_areas(on: dt.date) -> Mapping[str, HomeCareAreas]:
    """The adopted areas in force on a day by prefecture code; others are absent (three queries)."""
    kinds = AreaScheme.Kind
    in_force = Q(effective_from__lte=on) & (Q(effective_to__isnull=True) | Q(effective_to__gt=on))
    own = AreaScheme.objects.filter(in_force, kind=kinds.HOME_CARE_AREA, prefecture__isnull=False)
    schemes = list(
        own.order_by("effective_from", "pk").values_list("pk", "key", "name", "prefecture__code", "effective_from")
    )
    if not schemes:
        return {}
    compared = {
        kinds.SECONDARY_MEDICAL_AREA: AreaUnit.SECONDARY,
        kinds.PUBLIC_HEALTH_CENTRE: AreaUnit.HEALTH_CENTRE,
        kinds.MEDICAL_ASSOCIATION: AreaUnit.ASSOCIATION,
    }
    official = AreaScheme.objects.filter(in_force, kind__in=compared).values_list("pk", "kind")
    units = {pk: compared[kinds(kind)] for pk, kind in official}
    partitions = _partitions([pk for pk, *_ in schemes] + list(units))
    return {
        code: HomeCareAreas(
            prefecture_code=code,
            scheme_key=key,
            name=name,
            areas=len(partitions.get(pk, ())),
            unit=_unit(partitions.get(pk, frozenset()), [(units[o], partitions.get(o, frozenset())) for o in units]),
            effective_from=since,
        )
        for pk, key, name, code, since in schemes
    }


def _partitions(scheme_ids: Iterable[int]) -> dict[int, _Partition]:
    """The sets of units of each scheme."""
    areas: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = AreaMembership.objects.filter(scheme__in=list(scheme_ids))
    for scheme, area, unit in rows.values_list("scheme_id", "area_id", "unit_id"):
        areas[scheme][area].add(unit)
    return {scheme: frozenset(frozenset(units) for units in found.values()) for scheme, found in areas.items()}


def _unit(own: _Partition, others: Iterable[tuple[AreaUnit, _Partition]]) -> AreaUnit:
    """A partition that is part of an official one has its unit; areas of one municipality each are by municipality."""
    for unit, partition in others:
        if own and own <= partition:
            return unit
    return AreaUnit.MUNICIPALITY if own and all(len(units) == 1 for units in own) else AreaUnit.MIXED
