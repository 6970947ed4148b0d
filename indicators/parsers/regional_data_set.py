"""厚生労働省 「在宅医療にかかる地域別データ集」: some sixty items for every municipality, one sheet a year.

The head of a sheet, from top to bottom: 項目番号, データ時点, labels of up to four rows, 全国計, units; then one line a
municipality with 都道府県コード, 二次医療圏コード, 市区町村コード (no check digit), names and 区分.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.parsers.local_codes import local_place
from indicators.parsers.marks import REGIONAL_DATA_SET, read_figure
from indicators.parsers.observations import (
    NATION,
    OBSERVED,
    SUPPRESSED,
    ObservationTable,
    Place,
    PublishedItem,
    TableBuilder,
)
from zaitaku.lib.cells import code as as_code
from zaitaku.lib.cells import label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import fiscal_year, parse_date, parse_year
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Sheet, Workbook

KIND = "regional_data_set"
HEAD_ROWS = 20
CODES = ("都道府県コード", "二次医療圏コード", "市区町村コード")
_RATIO = re.compile(r"%|割合|率|対|あたり|当たり")
_RESIDENTS = re.compile(r"人口|歳以上")
_MONTH = re.compile(r"(\d{1,2})月")
_NUMBER = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class _Series:
    """One item: its column (from 0), what it counts, and the year of its figures."""

    column: int
    item: PublishedItem
    year: int
    is_ratio: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a sheet's parts stand (rows and columns from 0)."""

    code: int
    nation: int
    first: int
    series: tuple[_Series, ...]


def sniff(book: Workbook) -> Edition | None:
    """The edition, if a sheet has 項目番号 and the three code columns."""
    tables = [sheet for name in book.sheet_names if _is_table(sheet := book.sheet(name, rows=HEAD_ROWS))]
    if not tables:
        return None
    return _edition(sorted({_sheet_year(sheet) for sheet in tables}))


def parse(book: Workbook) -> ObservationTable:
    """Every figure of every year's sheet, checked against 全国計. Raises `FileRefused` with the cell."""
    builder = TableBuilder()
    years = []
    for number, sheet in enumerate(book.sheets()):
        if not _is_table(sheet):
            continue
        years.append(_sheet_year(sheet))
        head = _head(sheet)
        lines = list(_lines(sheet, head))
        for series in head.series:
            _add_series(builder, sheet, number, head, series, lines)
    if not years:
        raise refuse("「項目番号」と市区町村コードのあるシートがありません。")
    return builder.build(_edition(sorted(set(years))))


def _edition(years: Sequence[int]) -> Edition:
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    return Edition(
        kind=KIND,
        key=f"{KIND}/{span}",
        publisher="厚生労働省",
        title="在宅医療にかかる地域別データ集",
        edition=f"{span}年",
        as_of=dt.date(years[-1], 12, 31),
    )


def _is_table(sheet: Sheet) -> bool:
    labels = {label(cell) for row in sheet.rows[:HEAD_ROWS] for cell in row if isinstance(cell, str)}
    return "項目番号" in labels and "市区町村コード" in labels


def _sheet_year(sheet: Sheet) -> int:
    year = parse_year(sheet.name)
    if year is None:
        raise refuse("シート名から年を読み取れません（例：2022年、R4）。", sheet=sheet.name)
    return year


def _head(sheet: Sheet) -> _Head:
    numbers, numbers_column = _find(sheet, "項目番号")
    labels_row, code = _find(sheet, "市区町村コード")
    nation, _ = _find(sheet, "全国計", "全国")
    dated, _ = _find(sheet, "データ時点")
    units = nation + 1
    first = next((n for n in range(units, len(sheet.rows)) if local_place(_code(sheet, n, code)) is not None), None)
    if not numbers < dated < labels_row < nation or first is None:
        raise refuse("見出しの順（項目番号・データ時点・項目名・全国計・単位）が違います。", sheet=sheet.name)
    series = []
    for column in range(max(numbers_column, code) + 1, len(sheet.rows[numbers])):
        number = text(sheet.rows[numbers][column])
        if _NUMBER.fullmatch(number):
            series.append(_series(sheet, column, int(number), rows=(dated, nation, units)))
        elif any(_has_number(sheet, row, column) for row in range(first, min(first + 5, len(sheet.rows)))):
            name, cell = sheet.place(numbers, column)
            raise refuse("項目番号のない列に値があります。", sheet=name, cell=cell)
    if len({entry.item.code for entry in series}) != len(series) or not series:
        raise refuse("項目番号がないか、重なっています。", sheet=sheet.name, cell=sheet.place(numbers, 0)[1])
    return _Head(code, nation, first, tuple(series))


def _find(sheet: Sheet, *words: str) -> tuple[int, int]:
    for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and label(cell) in words:
                return number, column
    raise refuse(f"見出し「{words[0]}」が見つかりません。", sheet=sheet.name)


def _code(sheet: Sheet, row: int, column: int) -> str:
    return as_code(sheet.rows[row][column], width=5) if column < len(sheet.rows[row]) else ""


def _has_number(sheet: Sheet, row: int, column: int) -> bool:
    return column < len(sheet.rows[row]) and isinstance(sheet.rows[row][column], int | float)


def _series(sheet: Sheet, column: int, number: int, *, rows: tuple[int, int, int]) -> _Series:
    """`rows`: データ時点, 全国計 and units. The name joins the labels between the first two."""
    dated, nation, units = rows
    name = "・".join(
        dict.fromkeys(filter(None, (_merged(sheet, row, column, below=dated) for row in range(dated + 1, nation))))
    )
    year = _data_year(_merged(sheet, dated, column, below=dated - 1))
    if year is None or not name:
        place, cell = sheet.place(dated, column)
        reason = "データ時点の年か項目名を読み取れません。"
        raise refuse(reason, sheet=place, cell=cell, text=sheet.rows[dated][column])
    unit = label(sheet.rows[units][column]) if column < len(sheet.rows[units]) else ""
    people = unit == "人" and _RESIDENTS.search(name) is None
    item = PublishedItem(
        code=f"{KIND}.{number:03}", name=name[:200], unit=unit[:20] or "件", basis="provider", counts_people=people
    )
    return _Series(column, item, year, bool(_RATIO.search(unit) or _RATIO.search(name.rpartition("・")[2])))


def _merged(sheet: Sheet, row: int, column: int, *, below: int) -> str:
    """The label of a cell, or of the merged one it lies in: the nearest to its left below the same upper headings."""
    for place in range(column, -1, -1):
        above, own = sheet.rows[below + 1 : row], sheet.rows[row]
        if place < len(own) and (found := label(own[place])):
            return found
        if any(place < len(cells) and label(cells[place]) for cells in above):
            return ""
    return ""


def _data_year(words: str) -> int | None:
    """`平成29年度` is that year; a day or month belongs to its fiscal year."""
    if "年度" in words:
        return parse_year(words)
    day = parse_date(words)
    if day is not None:
        return fiscal_year(day)
    year, month = parse_year(words), _MONTH.search(words)
    return year if year is None or month is None else fiscal_year(dt.date(year, int(month[1]), 1))


def _lines(sheet: Sheet, head: _Head) -> Iterator[tuple[int, Place]]:
    """Each municipality's line (from 0); lines without a code may hold notes but no figures."""
    seen: set[str] = set()
    for number in range(head.first, len(sheet.rows)):
        place = local_place(_code(sheet, number, head.code))
        name, cell = sheet.place(number, head.code)
        if place is None:
            if any(_has_number(sheet, number, entry.column) for entry in head.series):
                raise refuse("市区町村コード（5桁）を読み取れません。", sheet=name, cell=cell)
            continue
        if place.code in seen:
            raise refuse("同じ市区町村が2行あります。", sheet=name, cell=cell, text=place.code)
        seen.add(place.code)
        yield number, place


def _add_series(
    builder: TableBuilder, sheet: Sheet, number: int, head: _Head, series: _Series, lines: Sequence[tuple[int, Place]]
) -> None:
    """All figures of one item; counts must add up to 全国計, short of it only by what is hidden or missing."""
    total, status = _figure(sheet, head.nation, series.column)
    at = (number, head.nation + 1, series.column + 1)
    builder.add(series.item, NATION, year=series.year, value=total, status=status, at=at)
    parts: list[float] = []
    hidden = 0
    for row, place in lines:
        value, status = _figure(sheet, row, series.column)
        at = (number, row + 1, series.column + 1)
        builder.add(series.item, place, year=series.year, value=value, status=status, at=at)
        if status == OBSERVED and value is not None:
            parts.append(value)
        hidden += status == SUPPRESSED
    if series.is_ratio or total is None:
        return
    visible = math.fsum(parts)
    # a hidden cell hides at least one: zero is printed as 0
    if visible > total - hidden + 0.5 or (len(parts) == len(lines) and visible < total - 0.5):
        name, cell = sheet.place(head.nation, series.column)
        reason = (
            f"市区町村の合計{visible:,.0f}（秘匿{hidden}か所）が全国計{total:,.0f}と合いません（{series.item.name}）。"
        )
        raise refuse(reason, sheet=name, cell=cell)


def _figure(sheet: Sheet, row: int, column: int) -> tuple[float | None, int]:
    cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    figure = read_figure(cell, REGIONAL_DATA_SET)
    if figure is None or (figure[0] is not None and figure[0] < 0):
        raise _refusal(sheet, row, column)
    return figure


def _refusal(sheet: Sheet, row: int, column: int) -> FileRefused:
    name, cell = sheet.place(row, column)
    return refuse(
        "数値でも秘匿等の記号でもありません。", sheet=name, cell=cell, text=text(sheet.rows[row][column])[:40]
    )
