"""Observation tables written as fixtures and read back: the same figures, each with its cell."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.fixture_tables import TableWriter, read_items, read_lines, read_table
from indicators.parsers.observations import MISSING, OBSERVED, SUPPRESSED, ObservationTable, Place, PublishedItem
from indicators.parsers.observations import TableBuilder as Builder
from zaitaku.lib.editions import Edition

EDITION = Edition(kind="facility_survey", key="k", publisher="p", title="t", edition="e", as_of=None)
ITEMS = [PublishedItem(code=f"demand.item_{n}", name=f"項目{n}", unit="件", basis="provider") for n in range(3)]


def round_trip(table: ObservationTable, folder: Path) -> tuple[str, ObservationTable]:
    """The header it was written under, and what is read back."""
    writer = TableWriter(folder)
    writer.add("t", table, source="k")
    writer.finish()
    (line,) = read_lines(folder)
    header = (folder / line.path).read_text(encoding="utf-8").splitlines()[0]
    return header, read_table(folder, line, edition=EDITION, items=read_items(folder))


def by_place(values: list[list[float | None]], *, years: int = 1) -> ObservationTable:
    """Places below one another, items beside each other, and the nation as a sum that stands in no cell."""
    builder = Builder()
    for year in range(2014, 2014 + years):
        for column, item in enumerate(ITEMS, start=5):
            for row, line in enumerate(values, start=3):
                value = line[column - 5]
                place = Place(kind="local", code=f"{row:05}")
                status = SUPPRESSED if value is None else OBSERVED
                at = (0, row + 100 * (year - 2014), column)
                builder.add(item, place, year=year, value=value, status=status, at=at)
            builder.add(item, Place(kind="nation", code="00"), year=year, value=1, status=OBSERVED, at=(0, 0, 0))
    return builder.build(EDITION)


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(
        st.lists(st.none() | st.integers(0, 10**9) | st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=6
    ),
    years=st.integers(1, 3),
)
def test_a_sheet_of_places_and_items_comes_back_cell_by_cell(values: list[list[float | None]], years: int) -> None:

    table = by_place(values, years=years)
    with tempfile.TemporaryDirectory() as folder:
        header, back = round_trip(table, Path(folder))
    assert header.startswith("kind,scheme_kind,region,name,year,sheet,row,demand.item_0@5")
    assert _same(back, table)


def _same(one: ObservationTable, other: ObservationTable) -> bool:
    return sorted(map(repr, one.rows())) == sorted(map(repr, other.rows()))


def test_a_table_of_uneven_lines_has_a_line_for_each_figure(tmp_path: Path) -> None:
    builder = Builder()
    place = Place(kind="prefecture", code="01")
    builder.add(ITEMS[0], place, year=2020, value=1.5, status=OBSERVED, at=(0, 2, 3))
    builder.add(ITEMS[0], Place(kind="prefecture", code="02"), year=2020, value=None, status=MISSING, at=(0, 3, 3))
    builder.add(ITEMS[1], place, year=2021, value=2, status=OBSERVED, at=(1, 2, 7))
    table = builder.build(EDITION)
    header, back = round_trip(table, tmp_path)
    assert header.startswith("item,kind,")
    assert _same(back, table)
