"""What a cell of an official file says: numbers, dashes, dates and labels in all their spellings."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def label(cell: object) -> str:
    """A header or label for comparison: NFKC, no white space or line breaks (`団体\\nコード` → `団体コード`)."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", str(cell)))


def text(cell: object) -> str:
    """A text cell: outer white space removed, nothing else changed. A whole number read as float loses its `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def code(cell: object, *, width: int) -> str:
    """A code with its leading zeros, whether the cell is text or a number (`1101.0` → `01101`)."""
    return label(text(cell)).zfill(width) if text(cell) else ""
