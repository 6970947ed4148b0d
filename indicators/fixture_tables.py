"""Observation tables as compact CSVs: the figures of `fixtures/observations`, one CSV for each official file.

A *wide* CSV repeats the sheet: one line a row of it, one column a region or stratum; `column` is the sheet's column of
the first value and the others follow. A *by-place* CSV has one line a place and year, one column an item
(`indicators.fixture_places`). A *long* CSV has one line a figure. Names and units of items are in `items.csv`,
what each CSV was made from is in `tables.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indicators.fixture_places import LEAD, by_place, read_by_place
from indicators.parsers.observations import (
    CELL,
    MISSING,
    NOT_APPLICABLE,
    OBSERVED,
    SUPPRESSED,
    Cells,
    ObservationTable,
    Place,
    PublishedItem,
)
from zaitaku.lib.editions import Edition
from zaitaku.sources.fixtures import read_rows, write_rows

FOLDER = "observations"
ITEMS = f"{FOLDER}/items.csv"
TABLES = f"{FOLDER}/tables.csv"
_MARKS = {SUPPRESSED: "-", MISSING: "?", NOT_APPLICABLE: "/"}
_STATUS = {mark: status for status, mark in _MARKS.items()}
_WIDE = ("sheet", "row", "column", "item")
_LONG = ("item", "kind", "scheme_kind", "region", "name", "year", "stratum", "value", "sheet", "row", "column")
_ITEM = ("code", "name", "unit", "basis", "counts_people")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One line of `tables.csv`: a CSV, the key of its source, its year (0: given in each line)."""

    table: str
    source: str
    year: int

    @property
    def path(self) -> str:
        """The CSV below the folder of fixtures."""
        return f"{FOLDER}/{self.table}.csv"


class TableWriter:
    """Writes observation tables below a folder, then the lists of items and tables with `finish`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._items: dict[str, tuple[int, PublishedItem]] = {}
        self._lines: list[TableLine] = []

    def add(self, name: str, table: ObservationTable, *, source: str) -> None:
        """Write one table as `observations/<name>.csv`, wide if its rows and columns allow it."""
        newest = int(table.cells["year"].max())
        for item in table.items:
            if newest >= self._items.get(item.code, (0, item))[0]:
                self._items[item.code] = (newest, item)
        wide = _wide(table)
        line = TableLine(table=name, source=source, year=newest if wide else 0)
        header, rows = wide or by_place(table, _values(table.cells)) or (_LONG, _long(table))
        write_rows(self._folder / line.path, header, rows)
        self._lines.append(line)

    def finish(self) -> None:
        """Write `items.csv` and `tables.csv`."""
        items = [item for _, item in self._items.values()]
        write_rows(
            self._folder / ITEMS,
            _ITEM,
            ((i.code, i.name, i.unit, i.basis, int(i.counts_people)) for i in sorted(items, key=lambda i: i.code)),
        )
        lines = sorted(self._lines, key=lambda line: line.table)
        write_rows(self._folder / TABLES, ("table", "source", "year"), ((x.table, x.source, x.year) for x in lines))


def read_items(folder: Path) -> dict[str, PublishedItem]:
    """Every item by its code."""
    return {
        row["code"]: PublishedItem(
            code=row["code"],
            name=row["name"],
            unit=row["unit"],
            basis=row["basis"],
            counts_people=row["counts_people"] == "1",
        )
        for row in read_rows(folder / ITEMS)
    }


def read_lines(folder: Path) -> list[TableLine]:
    """The tables there are, oldest first, so that the newest names of items win."""
    rows = read_rows(folder / TABLES)
    lines = [TableLine(table=row["table"], source=row["source"], year=int(row["year"])) for row in rows]
    return sorted(lines, key=lambda line: (line.year, line.table))


def read_table(folder: Path, line: TableLine, *, edition: Edition, items: dict[str, PublishedItem]) -> ObservationTable:
    """One table as it was written."""
    with (folder / line.path).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        if tuple(header) == _LONG:
            return _read_long(reader, edition=edition, items=items)
        if tuple(header[: len(LEAD)]) == LEAD:
            return read_by_place(header, reader, edition=edition, items=items, read_values=_read_values)
        return _read_wide(header, reader, year=line.year, edition=edition, items=items)


def _values(cells: Cells) -> list[str]:
    """A whole number without a point, a mark for each way of having no number."""
    return [
        _MARKS.get(status) or (str(int(value)) if value == int(value) else repr(value))
        for value, status in zip(cells["value"].tolist(), cells["status"].tolist(), strict=True)
    ]


def _wide(table: ObservationTable) -> tuple[Sequence[str], Iterable[Sequence[object]]] | None:
    """Header and rows of the wide form; None if the figures do not stand in equal rows of one year."""
    cells = table.cells
    places, strata = cells["place"], cells["stratum"]
    starts = np.flatnonzero(np.r_[True, np.diff(cells["row"]) | np.diff(cells["sheet"]) | np.diff(cells["item"]) != 0])
    width = len(cells) // len(starts)
    if len(cells) != width * len(starts) or len(np.unique(cells["year"])) > 1 or width < 2:
        return None
    shape = (len(starts), width)
    alike = all((column.reshape(shape) == column[:width]).all() for column in (places, strata))
    columns = cells["column"].reshape(shape)
    if not alike or (columns != columns[:, :1] + np.arange(width)).any():
        return None
    keys = [_key(table.places[p], table.strata[s]) for p, s in zip(places[:width], strata[:width], strict=True)]

    def rows() -> Iterator[Sequence[object]]:
        for start in starts.tolist():
            first = cells[start]
            yield (
                int(first["sheet"]),
                int(first["row"]),
                int(first["column"]),
                table.items[first["item"]].code,
                *_values(cells[start : start + width]),
            )

    return (*_WIDE, *keys), rows()


def _key(place: Place, stratum: str) -> str:
    """`area/secondary_medical_area/0101/南渡島|M65-69`."""
    return "/".join((place.kind, place.scheme_kind, place.code, place.name)) + (f"|{stratum}" if stratum else "")


def _read_wide(
    header: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    year: int,
    edition: Edition,
    items: dict[str, PublishedItem],
) -> ObservationTable:
    lead = len(_WIDE)
    keys = [key.partition("|") for key in header[lead:]]
    places: dict[Place, int] = {}
    strata: dict[str, int] = {}
    template = np.zeros(len(keys), dtype=CELL)
    template["place"] = [places.setdefault(_place(key), len(places)) for key, _, _ in keys]
    template["stratum"] = [strata.setdefault(stratum, len(strata)) for _, _, stratum in keys]
    template["year"] = year
    codes: dict[str, int] = {}
    blocks = []
    for line in lines:
        sheet, row, column, code = line[:lead]
        block = template.copy()
        block["item"] = codes.setdefault(code, len(codes))
        block["sheet"], block["row"] = int(sheet), int(row)
        block["column"] = np.arange(int(column), int(column) + len(keys))
        block["value"], block["status"] = _read_values(line[lead:])
        blocks.append(block)
    return ObservationTable(
        edition=edition,
        items=tuple(items[code] for code in codes),
        places=tuple(places),
        strata=tuple(strata),
        cells=np.concatenate(blocks),
    )


def _place(key: str) -> Place:
    kind, scheme_kind, code, name = key.split("/", 3)
    return Place(kind=kind, code=code, name=name, scheme_kind=scheme_kind)


def _read_values(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    values = np.array([float("nan") if text in _STATUS else float(text) for text in texts])
    statuses = np.array([_STATUS.get(text, OBSERVED) for text in texts], dtype=np.int16)
    return values, statuses


def _long(table: ObservationTable) -> Iterator[Sequence[object]]:
    values = _values(table.cells)
    for cell, value in zip(table.cells.tolist(), values, strict=True):
        item, place, stratum, year, _, _, sheet, row, column = cell
        where = table.places[place]
        yield (
            table.items[item].code,
            where.kind,
            where.scheme_kind,
            where.code,
            where.name,
            year,
            table.strata[stratum],
            value,
            sheet,
            row,
            column,
        )


def _read_long(
    lines: Iterable[Sequence[str]], *, edition: Edition, items: dict[str, PublishedItem]
) -> ObservationTable:
    rows = list(lines)
    codes: dict[str, int] = {}
    places: dict[Place, int] = {}
    strata: dict[str, int] = {}
    cells = np.zeros(len(rows), dtype=CELL)
    cells["value"], cells["status"] = _read_values([row[7] for row in rows])
    for number, (code, kind, scheme_kind, region, name, year, stratum, _, sheet, line, column) in enumerate(rows):
        place = Place(kind=kind, code=region, name=name, scheme_kind=scheme_kind)
        cell = cells[number]
        cell["item"] = codes.setdefault(code, len(codes))
        cell["place"] = places.setdefault(place, len(places))
        cell["stratum"] = strata.setdefault(stratum, len(strata))
        cell["year"], cell["sheet"], cell["row"], cell["column"] = int(year), int(sheet), int(line), int(column)
    return ObservationTable(
        edition=edition,
        items=tuple(items[code] for code in codes),
        places=tuple(places),
        strata=tuple(strata),
        cells=cells,
    )
