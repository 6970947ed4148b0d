"""Binary COPY packed from columns arrives in PostgreSQL as it left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from zaitaku.lib.binary_copy import binary_rows

ROWS = st.lists(
    st.tuples(
        st.integers(-(2**15), 2**15 - 1),
        st.integers(-(2**31), 2**31 - 1),
        st.integers(-(2**63), 2**63 - 1),
        st.one_of(st.just(math.nan), st.floats(allow_nan=False)),
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=4),
    ),
    max_size=30,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_row_arrives_and_nan_arrives_as_null(rows: list[tuple[int, int, int, float, str]]) -> None:
    columns: list[NDArray[Any]] = [
        np.array([row[0] for row in rows], dtype=np.int16),
        np.array([row[1] for row in rows], dtype=np.int32),
        np.array([row[2] for row in rows], dtype=np.int64),
        np.array([row[3] for row in rows], dtype=np.float64),
        np.array([row[4].encode() for row in rows] or [b""], dtype=bytes)[: len(rows)],
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE arrival (a smallint, b integer, c bigint, d double precision, e text)")
        with cursor.copy("COPY arrival FROM STDIN (FORMAT BINARY)") as copy:
            for block in binary_rows(columns):
                copy.write(block)
        cursor.execute("SELECT * FROM arrival")
        arrived = cursor.fetchall()
        cursor.execute("DROP TABLE arrival")
    expected = [(a, b, c, None if math.isnan(d) else d, e) for a, b, c, d, e in rows]
    assert sorted(map(repr, arrived)) == sorted(map(repr, expected))
