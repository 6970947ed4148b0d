"""Arrays straight from the server: it packs a group of rows into arrays and sends them in binary, a message a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

_HEADER = 20  # dimensions, has-null flag, element type, length, lower bound: 4 bytes each


def packed_rows(sql: str, parameters: Sequence[object]) -> Iterator[tuple[Any, ...]]:
    """Rows in binary; Django's own cursor takes parameters in on the client's side and gets text back."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        yield from cursor.execute(sql, parameters, binary=True)


def unpack(packed: object, dtype: str) -> NDArray[np.generic]:
    """The elements of a PostgreSQL array in its binary form (array_send); none of them is NULL here."""
    assert isinstance(packed, bytes)
    element = np.dtype([("length", ">i4"), ("value", dtype)])
    return np.frombuffer(packed, element, offset=_HEADER)["value"].astype(np.dtype(dtype).newbyteorder("="))
