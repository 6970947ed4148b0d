"""Which rows of a long list a page shows as a table. Charts, maps and files hold all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.results import IndicatorQuery, RegionRow

# The areas of every scheme fit on one page; 1,892 municipalities take five.
ROWS_A_PAGE = 400
ALL_ROWS = 0
"""The number of the page that holds everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """One page of a table: which rows of how many, and the addresses of the others as (label, querystring, is it)."""

    first: int
    last: int
    total: int
    links: tuple[tuple[str, str, bool], ...]


def count_pages(total: int) -> int:
    """How many pages so many rows take."""
    return max(1, -(-total // ROWS_A_PAGE))


def rows_of_page(rows: Sequence[RegionRow], number: int) -> Sequence[RegionRow]:
    """The rows of one page, numbered from 1, or all of them."""
    if number == ALL_ROWS:
        return rows
    return rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]


def find_table_page(query: IndicatorQuery, rows: Sequence[RegionRow]) -> TablePage | None:
    """The page of the table that a view shows; None where the list fits on one."""
    pages = count_pages(len(rows))
    if pages == 1:
        return None
    numbers = (*range(1, pages + 1), ALL_ROWS)
    first = (max(query.page, 1) - 1) * ROWS_A_PAGE
    return TablePage(
        first=first + 1,
        last=first + len(rows_of_page(rows, query.page)),
        total=len(rows),
        links=tuple(
            (str(number) if number else "すべて表示", query.change(page=number).querystring(), number == query.page)
            for number in numbers
        ),
    )
