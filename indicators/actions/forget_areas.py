"""Taking away what was computed for areas that are withdrawn."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from indicators.models import IndicatorValue, Protection


@transaction.atomic
def forget_areas(region_ids: Collection[int]) -> int:
    """Delete the values and disclosure flags of areas; figures as published stay. Returns how many values went."""
    Protection.objects.filter(region__in=region_ids).delete()
    deleted, _by_model = IndicatorValue.objects.filter(region__in=region_ids).delete()
    return deleted
