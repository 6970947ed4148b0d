"""What every statistics parser returns: published figures in columns, each with the cell it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zaitaku.lib.editions import Edition

# The values of `indicators.models.Status`, repeated since parsers know nothing of the database (a test compares them).
OBSERVED, PROVISIONAL, SUPPRESSED, MISSING, NOT_APPLICABLE = 1, 2, 3, 4, 5

# One figure. `item`, `place` and `stratum` are positions in the table's tuples; `value` is NaN where there is none;
# `sheet` is counted from 0, `row` and `column` from 1.
CELL = np.dtype(
    [
        ("item", np.int32),
        ("place", np.int32),
        ("stratum", np.int16),
        ("year", np.int16),
        ("value", np.float64),
        ("status", np.int16),
        ("sheet", np.int16),
        ("row", np.int32),
        ("column", np.int16),
    ]
)
Cells = NDArray[np.void]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedItem:
    """What a figure counts. `basis` is a value of `indicators.models.Basis`; `section` its heading in the file."""

    code: str
    name: str
    unit: str
    basis: str
    counts_people: bool = False
    section: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a figure belongs: a region by kind and code, with the name the file gives it (checked when it is stored).

    `scheme_kind` (a value of `AreaScheme.Kind`) is set for areas; which scheme of that kind it is follows from the
    codes and names of all areas of the table together.
    """

    kind: str
    code: str
    name: str = ""
    scheme_kind: str = ""


NATION = Place(kind="nation", code="00")


@dataclass(frozen=True, kw_only=True, eq=False)
class ObservationTable:
    """All figures of one file. `cells` is an array of `CELL`; `counts` says what was left out and why, in Japanese."""

    edition: Edition
    items: tuple[PublishedItem, ...]
    places: tuple[Place, ...]
    strata: tuple[str, ...]
    cells: Cells
    counts: Mapping[str, int] = field(default_factory=dict)

    def rows(self) -> Iterable[Figure]:
        """Every figure spelled out, for looking at and for tests; slow."""
        for cell in self.cells.tolist():
            item, place, stratum, year, value, status, sheet, row, column = cell
            yield Figure(
                item=self.items[item].code,
                kind=self.places[place].kind,
                region=self.places[place].code,
                year=year,
                stratum=self.strata[stratum],
                value=None if value != value else value,
                status=status,
                sheet=sheet,
                row=row,
                column=column,
            )


class Figure(NamedTuple):
    """One figure of a table, spelled out."""

    item: str
    kind: str
    region: str
    year: int
    stratum: str
    value: float | None
    status: int
    sheet: int
    row: int
    column: int


class TableBuilder:
    """Collects figures one by one, for files of moderate size."""

    def __init__(self) -> None:
        self._items: dict[PublishedItem, int] = {}
        self._places: dict[Place, int] = {}
        self._strata: dict[str, int] = {}
        self._cells: list[tuple[int, int, int, int, float, int, int, int, int]] = []

    def add(
        self,
        item: PublishedItem,
        place: Place,
        *,
        year: int,
        value: float | None,
        status: int,
        at: tuple[int, int, int],
        stratum: str = "",
    ) -> None:
        """Add one figure that stands `at` (sheet from 0, row from 1, column from 1)."""
        self._cells.append(
            (
                self._items.setdefault(item, len(self._items)),
                self._places.setdefault(place, len(self._places)),
                self._strata.setdefault(stratum, len(self._strata)),
                year,
                float("nan") if value is None else value,
                status,
                *at,
            )
        )

    def build(self, edition: Edition, *, counts: Mapping[str, int] | None = None) -> ObservationTable:
        """The table of everything added so far."""
        return ObservationTable(
            edition=edition,
            items=tuple(self._items),
            places=tuple(self._places),
            strata=tuple(self._strata),
            cells=np.array(self._cells, dtype=CELL),
            counts=counts or {},
        )
