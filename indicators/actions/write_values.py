"""Values into the database as fast as it takes them: one binary COPY, fed from numpy columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.formulas.figures import Floats
from indicators.formulas.indicator import YearOfIndicator
from zaitaku.lib.binary_copy import HEADER, TRAILER, binary_records

COLUMNS = (
    "indicator_id", "indicator_version", "region_id", "year",
    "status", "reason", "value", "numerator", "denominator", "lower", "upper",
)  # fmt: skip
_STATEMENT = f"COPY indicators_indicatorvalue ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"


@dataclass(frozen=True, slots=True, eq=False)
class ValueRows:
    """Rows of one indicator and year, one for each region of the structure; NaN is NULL."""

    indicator: int
    version: int
    year: int
    status: NDArray[np.uint8]
    reason: NDArray[np.uint8]
    value: Floats
    numerator: Floats
    denominator: Floats
    lower: Floats
    upper: Floats


def make_rows(result: YearOfIndicator, *, indicator: int, version: int) -> ValueRows:
    """What is stored of a computed year. The numerator stays even where the rate is impossible."""
    nothing = np.full(len(result.value.value), np.nan)
    return ValueRows(
        indicator=indicator,
        version=version,
        year=result.year,
        status=result.value.status,
        reason=result.value.reason,
        value=result.value.value,
        numerator=result.numerator.value,
        denominator=nothing if result.denominator is None else result.denominator.value,
        lower=nothing if result.limits is None else result.limits.lower,
        upper=nothing if result.limits is None else result.limits.upper,
    )


@contextmanager
def value_stream(regions: NDArray[np.int64]) -> Iterator[Callable[[ValueRows], int]]:
    """A COPY into the table that takes rows as they are computed: the server stores some while others are computed.

    `regions` are the ids behind the rows. What is written follows the key of the table: appended to its index, rows
    take the server a fifth less than put between others. The caller holds the transaction, and uses the connection for
    nothing else until the stream is closed.
    """
    order = np.argsort(regions)
    ids = regions[order]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_STATEMENT) as copy:
        copy.write(HEADER)

        def write(rows: ValueRows) -> int:
            for block in binary_records(_columns(rows, ids, order)):
                copy.write(block)
            return len(ids)

        yield write
        copy.write(TRAILER)


def _columns(rows: ValueRows, ids: NDArray[np.int64], order: NDArray[np.intp]) -> list[NDArray[Any]]:
    """The columns of `COLUMNS`; what is the same in every row is one number, repeated."""
    size = len(ids)
    figures = (rows.value, rows.numerator, rows.denominator, rows.lower, rows.upper)
    return [
        np.broadcast_to(np.int64(rows.indicator), size),
        np.broadcast_to(np.int16(rows.version), size),
        ids,
        np.broadcast_to(np.int16(rows.year), size),
        rows.status[order].astype(np.int16),
        rows.reason[order].astype(np.int16),
        *(column[order] for column in figures),
    ]
