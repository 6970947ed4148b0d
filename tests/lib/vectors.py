"""Reading the published inputs and results, and comparing "to the printed precision"."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file as text."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float:
    """A printed number; NaN for an empty cell or NA."""
    return float("nan") if text.strip() in {"", "NA"} else float(text)


def column(rows: Iterable[Row], name: str) -> NDArray[np.float64]:
    """One column as numbers."""
    return np.array([number(row[name]) for row in rows])


def assert_prints_as(actual: float, printed: str) -> None:
    """`actual` agrees with a printed number to half a unit of its last digit (or 12 digits where it shows more)."""
    expected = number(printed)
    if np.isnan(expected):
        assert np.isnan(actual), f"{actual} should be no value"
        return
    mantissa, _, exponent = printed.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    tolerance = max(0.5000001 * 10.0**-decimals, abs(expected) * 1e-12)
    assert abs(actual - expected) <= tolerance, f"{actual!r} does not print as {printed}"


def assert_column_prints(actual: NDArray[np.float64], rows: list[Row], name: str) -> None:
    """Every value of an array agrees with a printed column."""
    assert len(actual) == len(rows) > 0
    for value, row in zip(actual, rows, strict=True):
        assert_prints_as(float(value), row[name])
