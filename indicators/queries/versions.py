"""Which state of the data a page was made from."""

from __future__ import annotations

from indicators.models import Indicator


def get_data_version(indicator_code: str) -> str:
    """A text that changes whenever the indicator's definition or values do; empty before its first computation.

    A computation replaces values and sets `computed_at` in one transaction: no reader sees one without the other.
    """
    found = Indicator.objects.filter(code=indicator_code).values_list(
        "version", "digest", "input_digest", "computed_at"
    )
    return "|".join(str(part) for row in found for part in row)
