"""Which state of the data a page was made from, and how old what it counts is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from indicators.definitions import get_definition
from indicators.models import Indicator, IndicatorYear
from zaitaku.sources.models import SourceFile


def get_data_version(indicator_code: str) -> str:
    """A text that changes whenever the indicator's definition or values do; empty before its first computation.

    A computation replaces values and sets `computed_at` in one transaction: no reader sees one without the other.
    Raises `UnknownIndicator`: what is kept under this version never reaches someone who may not see the indicator.
    """
    served = get_definition(indicator_code)
    found = Indicator.objects.filter(code=indicator_code).values_list(
        "version", "digest", "input_digest", "computed_at"
    )
    return "|".join(str(part) for row in found for part in (*row, served.version))


def get_as_of(code: str, year: int | None) -> dt.date | None:
    """The date of what is counted: of the first source, since those of the denominator come after."""
    return get_dates_counted({code: year})[code]


def get_dates_counted(years: Mapping[str, int | None]) -> Mapping[str, dt.date | None]:
    """`get_as_of` of many indicators, each in its year, in two queries."""
    behind = IndicatorYear.objects.filter(indicator__code__in=years, year__in={year or 0 for year in years.values()})
    found = behind.values_list("indicator__code", "year", "source_ids")
    first = {code: ids[0] for code, year, ids in found if ids and year == (years[code] or 0)}
    dates = dict(SourceFile.objects.filter(id__in=set(first.values())).values_list("id", "as_of"))
    return {code: dates.get(first.get(code, 0)) for code in years}
