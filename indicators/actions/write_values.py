"""Values into the database as fast as it takes them: rows packed in PostgreSQL's binary COPY format by numpy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.formulas.figures import Floats
from indicators.formulas.indicator import YearOfIndicator

TABLE = "indicators_indicatorvalue"
COLUMNS = (
    "indicator_id", "indicator_version", "region_id", "year",
    "status", "reason", "value", "numerator", "denominator", "lower", "upper",
)  # fmt: skip
_FIXED = (
    ("indicator", ">i8"),
    ("version", ">i2"),
    ("region", ">i8"),
    ("year", ">i2"),
    ("status", ">i2"),
    ("reason", ">i2"),
)
_NULLABLE = ("value", "numerator", "denominator", "lower", "upper")
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"


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


def write_rows(years: list[ValueRows]) -> int:
    """COPY the rows into the table; the caller holds the transaction. Returns how many."""
    if not years:
        return 0
    statement = f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        for rows in years:
            for block in _pack(rows):
                copy.write(block)
        copy.write(_TRAILER)
    return sum(len(rows.regions) for rows in years)


def _pack(rows: ValueRows) -> Iterator[bytes]:
    """The rows in blocks of one layout: which of the nullable columns are NULL decides how long a row is."""
    columns = [getattr(rows, name) for name in _NULLABLE]
    present = np.zeros(len(rows.regions), dtype=np.uint8)
    for bit, column in enumerate(columns):
        present |= (~np.isnan(column)).astype(np.uint8) << np.uint8(bit)
    for pattern in np.unique(present).tolist():
        chosen = np.flatnonzero(present == pattern)
        packed = np.zeros(len(chosen), _layout(pattern))
        packed["fields"] = len(COLUMNS)
        fixed = (
            rows.indicator,
            rows.version,
            rows.regions[chosen],
            rows.year,
            rows.status[chosen],
            rows.reason[chosen],
        )
        for (name, dtype), content in zip(_FIXED, fixed, strict=True):
            packed[f"{name}_length"], packed[name] = np.dtype(dtype).itemsize, content
        for bit, (name, column) in enumerate(zip(_NULLABLE, columns, strict=True)):
            packed[f"{name}_length"] = 8 if pattern >> bit & 1 else -1
            if pattern >> bit & 1:
                packed[name] = column[chosen]
        yield packed.tobytes()


def _layout(pattern: int) -> np.dtype[np.void]:
    """One row of the binary COPY format: field count, then length and content of each field; NULL has length −1."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, dtype in _FIXED:
        fields += [(f"{name}_length", ">i4"), (name, dtype)]
    for bit, name in enumerate(_NULLABLE):
        fields.append((f"{name}_length", ">i4"))
        if pattern >> bit & 1:
            fields.append((name, ">f8"))
    return np.dtype(fields)
