"""Looking through the XML of one sheet piece by piece: how much room its cells take, and whether one is a formula.

A reader reserves the whole rectangle up to the last row and column that hold anything, so two cells far apart in a file
of a few kilobytes would fill the memory. Most sheets are cleared by a few searches for fixed texts; only one that is
both tall and wide, or written in an unusual way, has each of its cells looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# The largest official sheet has 30,000 rows, 160 columns and 0.9 million cells.
MAX_ROWS = 1_000_000
MAX_COLUMNS = 702  # to ZZ
MAX_CELLS = 10_000_000

# Cells with content; empty ones that only carry a format take no room.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,9})"[^>]*(?<!/)>')
# No sheet is too large without a cell right of Z or below row 100,000 …
_LARGE = re.compile(rb'<c r="[A-Z](?:[A-Z]|\d{6})')
# … and none of those without one right of ZZ or below row 10,000 (702 × 10,000 cells fit).
_FAR = re.compile(rb'<c r="(?:[A-Z]{3}|[A-Z]{1,2}\d{5})')
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]{0,200})|<(?:\w+:)?f\s[^>]*/>")
_FORMULA_STARTS = (b"<f>", b"<f ")
_PREFIXED_FORMULA_STARTS = (b":f>", b":f ")
_PLACE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}\d{1,9})"')
_LONGEST_TAG = 1 << 22
_LONGEST_CELL_TAG = 300


@dataclass(frozen=True, slots=True)
class FoundFormula:
    """The first formula of a sheet: its cell (empty if the file does not say) and how it begins."""

    cell: str
    text: str


@dataclass(slots=True)
class SheetLook:
    """What was seen of a sheet so far; `feed` it the decompressed part."""

    rows: int = 0
    cells: int = 0
    formula: FoundFormula | None = None
    _is_large: bool = False
    _is_far: bool = False
    _is_unusual: bool = False
    _is_prefixed: bool = False
    _rest: bytes = b""
    _before: bytes = b""

    def feed(self, piece: bytes) -> None:
        """Look at the next piece. What follows its last whole tag waits for the piece after it."""
        window = self._rest + piece
        end = window.rfind(b">") + 1
        if not end and len(window) < _LONGEST_TAG:
            self._rest = window
            return
        self._rest = window[end:]
        self._look(window[:end])

    @property
    def takes_too_much(self) -> bool:
        """Whether there are more rows or cells than any table has."""
        return self.rows > MAX_ROWS or self.cells > MAX_CELLS

    @property
    def needs_closer_look(self) -> bool:
        """Whether the rectangle of its cells might be too large: then ask `too_far_apart`."""
        return self._is_far or self._is_unusual or self._is_prefixed

    def _look(self, tags: bytes) -> None:
        self.rows += tags.count(b"<row")
        named = tags.count(b'<c r="')
        written = tags.count(b"<c ")
        self.cells += written
        self._is_unusual = self._is_unusual or written != named
        self._is_prefixed = self._is_prefixed or b":sheetData" in tags
        if not self._is_large and _LARGE.search(tags):
            self._is_large = True
            self._is_far = self.cells > written  # what came before was not searched for far cells
        self._is_far = self._is_far or (self._is_large and _FAR.search(tags) is not None)
        starts = _PREFIXED_FORMULA_STARTS if self._is_prefixed else _FORMULA_STARTS
        if self.formula is None and any(start in tags for start in starts):
            self.formula = _first_formula(self._before + tags)
        self._before = (self._before + tags[-_LONGEST_CELL_TAG:])[-_LONGEST_CELL_TAG:]


def _first_formula(tags: bytes) -> FoundFormula | None:
    found = _FORMULA.search(tags)
    if found is None:
        return None
    places = _PLACE.findall(tags, max(0, found.start() - 10_000), found.start())
    text = (found[1] or b"").decode("utf-8", "replace")
    return FoundFormula(places[-1].decode() if places else "", f"={text}" if text else "")


def too_far_apart(pieces: Iterable[bytes]) -> str | None:
    """The cell that makes the rectangle of all cells too large; None if it is not. `pieces` as for `feed`."""
    last_row = last_column = 0
    rest = b""
    for piece in pieces:
        window = rest + piece
        end = window.rfind(b">") + 1
        rest = window[end:] if len(window) < _LONGEST_TAG else b""
        for name, number in _CELL.findall(window[:end]):
            row, column = int(number), _column(name)
            if row > last_row or column > last_column:
                last_row, last_column = max(row, last_row), max(column, last_column)
                if last_row >= MAX_ROWS or last_column > MAX_COLUMNS or last_row * last_column > MAX_CELLS:
                    return f"{name.decode()}{row}"
    return None


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
