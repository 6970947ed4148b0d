"""Long tables in pages: every row is on exactly one of them, and the last page says where it ends."""

from __future__ import annotations

from indicators.results import Figure, IndicatorQuery, Level, RegionRow, State
from indicators.table_pages import count_pages, find_table_page, rows_of_page

ROWS = [RegionRow(code=f"{n:05}", name=str(n), figure=Figure(state=State.MISSING)) for n in range(1892)]
QUERY = IndicatorQuery(code="DAY_S22", level=Level.MUNICIPALITY)


def test_every_row_is_on_exactly_one_page() -> None:
    assert count_pages(len(ROWS)) == 5
    assert [row for page in range(1, 6) for row in rows_of_page(ROWS, page)] == ROWS
    assert rows_of_page(ROWS, 0) == ROWS


def test_the_last_page_and_the_whole_say_which_rows_they_hold() -> None:
    last, whole = (find_table_page(QUERY.change(page=page), ROWS) for page in (5, 0))
    assert last is not None
    assert whole is not None
    assert (last.first, last.last, last.total) == (1601, 1892, 1892)
    assert (whole.first, whole.last) == (1, 1892)
    assert [label for label, _, is_current in last.links if is_current] == ["5"]
    assert ("2", "?level=municipality&prefecture=&page=2", False) in last.links


def test_a_list_that_fits_has_no_pages() -> None:
    assert find_table_page(QUERY, ROWS[:339]) is None
