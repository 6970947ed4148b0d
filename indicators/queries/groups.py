"""Saved groups of municipalities, the places they are made of, and their figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from indicators.formulas.figures import Figures
from indicators.group_models import SavedGroup, SavedGroupVersion
from indicators.groups import ChosenUnits, Gazetteer, Place, choose_units
from indicators.queries.benchmark import make_figure
from indicators.queries.unit_figures import GroupFigure, compute_group, is_published_by_area_only
from indicators.results import Figure, Measure
from regions.models import Region
from regions.queries.caching import remembered

_BY_AREA_ONLY = (
    "圏域ごとにだけ公表されている値です。選んだ市区町村が、二次医療圏などの区切りと過不足なく一致するときに計算できます"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupInfo:
    """A saved group in its newest version. `can_undo`: there is a version before."""

    key: str
    name: str
    unit_codes: tuple[str, ...]
    owner_id: int
    owner_name: str
    number: int
    changed_at: dt.datetime
    is_deleted: bool

    @property
    def can_undo(self) -> bool:
        return self.number > 1


def get_group(key: str) -> GroupInfo | None:
    """One saved group by its key, deleted ones included; None if there is none (one query)."""
    found = _newest().filter(group__key=key).first()
    return _info(found) if found else None


def get_groups_of(user_id: int) -> tuple[GroupInfo, ...]:
    """The groups a user keeps, the last changed first (one query)."""
    found = _newest().filter(group__owner_id=user_id, group__deleted_at=None)
    return tuple(sorted((_info(one) for one in found), key=lambda one: one.changed_at, reverse=True))


def get_gazetteer() -> Gazetteer:
    """All municipalities and wards by code and name, past ones included."""
    return _gazetteer(timezone.localdate())


@remembered
def _gazetteer(on: dt.date) -> Gazetteer:
    regions = list(
        Region.objects.filter(kind__in=[Region.Kind.MUNICIPALITY, Region.Kind.WARD], scheme=None)
        .order_by("code", "valid_from")
        .values_list("id", "code", "name", "kind", "parent_id", "is_base_unit", "is_out_of_scope", "valid_to")
    )
    codes = {row[0]: row[1] for row in regions}
    return Gazetteer(
        Place(
            id=pk,
            code=code,
            name=name,
            is_base_unit=is_base_unit,
            is_out_of_scope=is_out_of_scope,
            is_past=valid_to is not None and valid_to <= on,
            city_code=codes.get(parent, "") if kind == Region.Kind.WARD else "",
        )
        for pk, code, name, kind, parent, is_base_unit, is_out_of_scope, valid_to in regions
    )


def choose(words: Sequence[str]) -> ChosenUnits:
    """The units that codes or names mean, with what is wrong."""
    return choose_units(words, get_gazetteer())


def get_group_figures(units: Sequence[Place]) -> dict[str, tuple[int, Figure]]:
    """Every indicator of a group: year and figure by code, from protected figures of its units alone."""
    return {code: (found.year, _figure(found)) for code, found in compute_group([unit.id for unit in units]).items()}


def _figure(found: GroupFigure) -> Figure:
    limits = found.figures.limits
    value = found.figures.value
    figure = make_figure(
        _number(value),
        _number(found.figures.numerator),
        _number(found.figures.denominator),
        None if limits is None or math.isnan(limits.lower[0]) else float(limits.lower[0]),
        None if limits is None or math.isnan(limits.upper[0]) else float(limits.upper[0]),
        int(value.status[0]),
        int(value.reason[0]),
        measure=Measure.RATE,
    )
    if not is_published_by_area_only(value):
        return figure
    return Figure(state=figure.state, reason=_BY_AREA_ONLY, text=figure.text)


def _number(figures: Figures | None) -> float | None:
    return None if figures is None or math.isnan(figures.value[0]) else float(figures.value[0])


def _newest() -> models.QuerySet[SavedGroupVersion]:
    """The newest version of every group."""
    return SavedGroupVersion.objects.select_related("group__owner").order_by("group_id", "-number").distinct("group_id")


def _info(version: SavedGroupVersion) -> GroupInfo:
    group: SavedGroup = version.group
    return GroupInfo(
        key=group.key,
        name=version.name,
        unit_codes=tuple(version.unit_codes),
        owner_id=group.owner_id,
        owner_name=str(group.owner),
        number=version.number,
        changed_at=version.made_at,
        is_deleted=group.deleted_at is not None,
    )
