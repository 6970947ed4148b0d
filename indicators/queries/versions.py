"""Which state of the data a page was made from."""

from __future__ import annotations

from indicators.models import IndicatorValue


def get_data_version(indicator_code: str) -> str:
    """A text that changes whenever the indicator's values or definition do."""
    from django.db.models import Count, Max

    found = IndicatorValue.objects.filter(indicator__code=indicator_code).aggregate(n=Count("id"), m=Max("id"))
    return f"{found['n']}-{found['m']}"
