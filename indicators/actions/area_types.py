"""Changing the bounds between the types of areas."""

from __future__ import annotations

from dataclasses import asdict

from django.db import connection, transaction

from indicators.area_types import Bounds
from indicators.queries.area_types import get_bounds
from indicators.similarity_models import AreaTypeChange
from regions.queries.caching import forget_after_commit
from zaitaku.accounts.models import User

_LOCK = "LOCK TABLE indicators_areatypechange IN SHARE ROW EXCLUSIVE MODE"


class BoundsChangedMeanwhile(Exception):
    """Somebody else has changed the bounds since the preview was made."""


@transaction.atomic
def change_bounds(bounds: Bounds, *, instead_of: Bounds, reason: str, source: str, by: User) -> AreaTypeChange:
    """The bounds that count from now on. Raises `BoundsChangedMeanwhile` unless those in force are `instead_of`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    if get_bounds() != instead_of:
        raise BoundsChangedMeanwhile
    # Similar areas and types are remembered with the regions.
    forget_after_commit()
    return AreaTypeChange.objects.create(**asdict(bounds), reason=reason, source=source, by=by)
