"""Values into the database as fast as it takes them: one binary COPY from numpy columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.formulas.figures import Floats
from indicators.formulas.indicator import YearOfIndicator
from zaitaku.lib.binary_copy import binary_rows

COLUMNS = (
    "indicator_id", "indicator_version", "region_id", "year",
    "status", "reason", "value", "numerator", "denominator", "lower", "upper",
)  # fmt: skip
_STATEMENT = f"COPY indicators_indicatorvalue ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"


@dataclass(frozen=True, slots=True, eq=False)
class ValueRows:
    """Rows of one indicator and year, one for each region; NaN is NULL."""

    indicator: int
    version: int
    year: int
    regions: NDArray[np.int64]
    status: NDArray[np.uint8]
    reason: NDArray[np.uint8]
    value: Floats
    numerator: Floats
    denominator: Floats
    lower: Floats
    upper: Floats


def make_rows(result: YearOfIndicator, *, indicator: int, version: int, regions: NDArray[np.int64]) -> ValueRows:
    """What is stored of a computed year. The numerator stays even where the rate is impossible."""
    nothing = np.full(len(regions), np.nan)
    return ValueRows(
        indicator=indicator,
        version=version,
        year=result.year,
        regions=regions,
        status=result.value.status,
        reason=result.value.reason,
        value=result.value.value,
        numerator=result.numerator.value,
        denominator=nothing if result.denominator is None else result.denominator.value,
        lower=nothing if result.limits is None else result.limits.lower,
        upper=nothing if result.limits is None else result.limits.upper,
    )


def write_rows(years: Sequence[ValueRows]) -> int:
    """COPY the rows into the table; the caller holds the transaction. Returns how many."""
    if not years:
        return 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_STATEMENT) as copy:
        for block in binary_rows(_columns(years)):
            copy.write(block)
    return sum(len(rows.regions) for rows in years)


def _columns(years: Sequence[ValueRows]) -> list[NDArray[Any]]:
    """The columns of `COLUMNS` over all years."""
    sizes = [len(rows.regions) for rows in years]

    def constant(values: Sequence[int], dtype: type[np.signedinteger[Any]]) -> NDArray[Any]:
        return np.repeat(np.array(values, dtype), sizes)

    def joined(name: str, dtype: type[np.number[Any]]) -> NDArray[Any]:
        return np.concatenate([getattr(rows, name) for rows in years]).astype(dtype)

    return [
        constant([rows.indicator for rows in years], np.int64),
        constant([rows.version for rows in years], np.int16),
        joined("regions", np.int64),
        constant([rows.year for rows in years], np.int16),
        joined("status", np.int16),
        joined("reason", np.int16),
        *(joined(name, np.float64) for name in ("value", "numerator", "denominator", "lower", "upper")),
    ]
