"""Crossings over water: a start that is assumed, and what the prefecture makes of it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from plans.formulas.contiguity import assumed_links
from plans.models import UnitLink
from plans.queries.area_links import get_distances
from regions.models import Region
from regions.queries.neighbours import get_neighbours
from zaitaku.accounts.models import User


class LinkRefused(Exception):
    """The crossing cannot be stored, with a sentence that says why."""


@transaction.atomic
def assume_links(prefecture: Region, *, on: dt.date) -> int:
    """Join islands with the nearest unit, marked as to be confirmed, if the prefecture has no crossing yet."""
    if UnitLink.objects.filter(prefecture=prefecture).exists():
        return 0
    neighbours = get_neighbours(on=on, prefecture_code=prefecture.code)
    links = assumed_links(list(neighbours), neighbours, get_distances(prefecture.code, on=on))
    ids = dict(Region.objects.base_units().filter(valid_to=None, code__in=neighbours).values_list("code", "pk"))
    UnitLink.objects.bulk_create(
        [
            UnitLink(
                prefecture=prefecture,
                one_id=min(ids[one], ids[other]),
                other_id=max(ids[one], ids[other]),
                kind=UnitLink.Kind.ASSUMED,
            )
            for one, other in links
        ],
        ignore_conflicts=True,
    )
    return len(links)


@transaction.atomic
def save_link(prefecture: Region, *, one: str, other: str, kind: str, note: str, by: User) -> None:
    """Add a crossing or change what is known of it. Raises `LinkRefused`."""
    if one == other:
        raise LinkRefused("つなぐ2つの市区町村には、別のものを選んでください。")
    units = Region.objects.base_units().filter(valid_to=None, code__startswith=prefecture.code)
    ids = dict(units.filter(code__in=[one, other]).values_list("code", "pk"))
    if len(ids) != 2:
        raise LinkRefused("市区町村が見つかりません。一覧から選び直してください。")
    first, second = sorted(ids.values())
    UnitLink.objects.update_or_create(
        one_id=first,
        other_id=second,
        defaults={"prefecture": prefecture, "kind": kind, "note": note, "updated_by": by},
    )


def remove_link(prefecture: Region, *, link_id: int) -> None:
    """Take a crossing away."""
    UnitLink.objects.filter(prefecture=prefecture, pk=link_id).delete()
