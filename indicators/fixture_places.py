"""The by-place form of an observation table: one line a place and year, one column an item.

It fits a sheet whose lines are places and whose columns are items. A heading is `item@column`; sums that stand in no
cell are in lines of row 0. Used by `indicators.fixture_tables`, which says what the marks of missing values are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indicators.parsers.observations import CELL, ObservationTable, Place, PublishedItem
from zaitaku.lib.editions import Edition

LEAD = ("kind", "scheme_kind", "region", "name", "year", "sheet", "row")
_Values = tuple[NDArray[np.float64], NDArray[np.int16]]


def by_place(table: ObservationTable, values: Sequence[str]) -> tuple[Sequence[str], Iterable[Sequence[object]]] | None:
    """Header and rows; None if the table has strata, or items do not stand in one column each on every line."""
    cells = table.cells
    if table.strata != ("",):
        return None
    order = np.lexsort((cells["item"], cells["row"], cells["sheet"], cells["place"], cells["year"]))
    width = len(table.items)
    if len(cells) % width:
        return None
    sorted_cells = cells[order].reshape(-1, width)
    for name in ("row", "sheet", "place", "year"):
        if (sorted_cells[name] != sorted_cells[name][:, :1]).any():
            return None
    if (sorted_cells["item"] != np.arange(width)).any():
        return None
    in_cells = sorted_cells["row"][:, 0] > 0
    columns = sorted_cells["column"][in_cells]
    if not len(columns) or (columns != columns[0]).any() or sorted_cells["column"][~in_cells].any():
        return None
    header = (*LEAD, *(f"{item.code}@{column}" for item, column in zip(table.items, columns[0].tolist(), strict=True)))
    shown = np.array(values, dtype=object)[order].reshape(-1, width)

    def rows() -> Iterator[Sequence[object]]:
        for first, texts in zip(sorted_cells[:, 0].tolist(), shown.tolist(), strict=True):
            _, place, _, year, _, _, sheet, row, _ = first
            where = table.places[place]
            yield (where.kind, where.scheme_kind, where.code, where.name, year, sheet, row, *texts)

    return header, rows()


def read_by_place(
    header: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    edition: Edition,
    items: Mapping[str, PublishedItem],
    read_values: Callable[[Sequence[str]], _Values],
) -> ObservationTable:
    """The table as it was written, line by line."""
    lead = len(LEAD)
    headings = [heading.rpartition("@") for heading in header[lead:]]
    columns = np.array([int(column) for _, _, column in headings])
    places: dict[Place, int] = {}
    rows = list(lines)
    cells = np.zeros((len(rows), len(headings)), dtype=CELL)
    cells["item"] = np.arange(len(headings))
    for number, line in enumerate(rows):
        kind, scheme_kind, region, name, year, sheet, row = line[:lead]
        place = Place(kind=kind, code=region, name=name, scheme_kind=scheme_kind)
        block = cells[number]
        block["place"] = places.setdefault(place, len(places))
        block["year"], block["sheet"], block["row"] = int(year), int(sheet), int(row)
        block["column"] = columns if int(row) else 0
    values, statuses = read_values([text for line in rows for text in line[lead:]])
    cells["value"], cells["status"] = values.reshape(cells.shape), statuses.reshape(cells.shape)
    return ObservationTable(
        edition=edition,
        items=tuple(items[code] for code, _, _ in headings),
        places=tuple(places),
        strata=("",),
        cells=cells.reshape(-1),
    )
