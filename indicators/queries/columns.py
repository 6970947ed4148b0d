"""Stored values of one indicator as columns: one entry a region in an order of the caller's, by year."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.standing import Column
from indicators.queries.packed import packed_rows, unpack

_NUMBERS = ("value", "numerator", "denominator", "lower", "upper")
_COLUMNS = f"""
SELECT year, array_send(array_agg(region_id::int8)),
       {", ".join(f"array_send(array_agg(coalesce({name}, 'NaN')))" for name in _NUMBERS)}
FROM indicators_indicatorvalue WHERE indicator_id = %s AND year = ANY(%s::smallint[]) GROUP BY year
"""  # noqa: S608 - constants only


def read_columns(
    indicator_id: int,
    years: Collection[int],
    *,
    rows_of: Callable[[NDArray[np.int64]], NDArray[np.intp]],
    size: int,
) -> dict[int, Column]:
    """The values of the years that have any; NaN where there is no number (one query).

    `rows_of`: the place of each region id among `size`, −1 for those that are not wanted.
    """
    columns = {}
    for year, regions, *packed in packed_rows(_COLUMNS, [indicator_id, list(years)]) if years else ():
        rows = rows_of(unpack(regions, ">i8").astype(np.int64))
        numbers = np.full((len(_NUMBERS), size), np.nan)
        for number, values in zip(numbers, packed, strict=True):
            number[rows[rows >= 0]] = unpack(values, ">f8")[rows >= 0]
        columns[year] = Column(*numbers)
    return columns
