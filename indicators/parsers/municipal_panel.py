"""A panel of municipalities 2014–17 (在支診, 在支病, 訪問看護ST, 自宅死の割合) in three workbooks that overlap.

The publisher is not stated in the files; the figures look like those of 「在宅医療にかかる地域別データ集」. The three
workbooks together are 1,741 municipalities × 4 years. They print no totals.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from indicators.parsers.local_codes import local_place
from indicators.parsers.observations import MISSING, OBSERVED, ObservationTable, PublishedItem, TableBuilder
from zaitaku.lib.cells import code as as_code
from zaitaku.lib.cells import label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Cell, Sheet, Workbook

KIND = "regional_data_set"
_YEAR, _CODE = "year", "city_code"
ITEMS = {
    "shienbyo": PublishedItem(code="panel.shien_hospital", name="在宅療養支援病院数", unit="施設", basis="provider"),
    "shienshin": PublishedItem(code="panel.shien_clinic", name="在宅療養支援診療所数", unit="施設", basis="provider"),
    "nursing_station": PublishedItem(
        code="panel.nursing_station", name="訪問看護ステーション数", unit="施設", basis="provider"
    ),
    "home_death": PublishedItem(code="panel.home_death_share", name="自宅死の割合", unit="%", basis="resident"),
}
_PLAIN = ("shienbyo", "shienshin", "nursing_station")  # whole numbers, never blank


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the first sheet has the panel's column names."""
    sheet = book.sheet(book.sheet_names[0], rows=1)
    if not {_YEAR, _CODE, *ITEMS} <= _labels(sheet):
        return None
    whole = book.sheet(book.sheet_names[0])
    years = sorted({int(str(row[0])) for row in _keys(whole)})
    part = hashlib.sha256("".join(sorted({row[1] for row in _keys(whole)})).encode()).hexdigest()[:8]
    return Edition(
        kind=KIND,
        key=f"{KIND}/panel/{years[0]}-{years[-1]}/{part}",
        publisher="公表者の記載なし（在宅医療にかかる地域別データ集によるものとみられる）",
        title="市区町村別の在宅医療の資源と自宅死の割合",
        edition=f"{years[0]}年から{years[-1]}年",
        as_of=dt.date(years[-1], 12, 31),
        licence="利用条件の記載なし",
    )


def parse(book: Workbook) -> ObservationTable:
    """Every figure of the first sheet; a blank share is missing, a blank count is refused."""
    edition = sniff(book)
    if edition is None:
        raise refuse("市区町村別パネルの見出し（year, city_code, …）がありません。")
    sheet = book.sheet(book.sheet_names[0])
    columns = {label(cell): number for number, cell in enumerate(sheet.rows[0])}
    builder = TableBuilder()
    for number, (year, code) in enumerate(_keys(sheet), start=1):
        place = local_place(code)
        if place is None:
            raise _refusal(sheet, number, columns[_CODE], "市区町村コードではありません。")
        for name, item in ITEMS.items():
            value = _figure(sheet, number, columns[name], is_count=name in _PLAIN)
            status = MISSING if value is None else OBSERVED
            at = (0, number + 1, columns[name] + 1)
            builder.add(item, place, year=year, value=value, status=status, at=at)
    return builder.build(edition)


def _labels(sheet: Sheet) -> set[str]:
    return {label(cell) for cell in sheet.rows[0]} if sheet.rows else set()


def _keys(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Year and code of every line, each pair once."""
    labels = [label(cell) for cell in sheet.rows[0]]
    year_column, code_column = labels.index(_YEAR), labels.index(_CODE)
    seen: set[tuple[int, str]] = set()
    for number, row in enumerate(sheet.rows[1:], start=1):
        year, code = text(row[year_column]), as_code(row[code_column], width=5)
        if not year.isdecimal() or not 2000 <= int(year) <= 2100:
            raise _refusal(sheet, number, year_column, "西暦の年ではありません。")
        if (int(year), code) in seen:
            raise _refusal(sheet, number, code_column, "同じ年の同じ市区町村が2行あります。")
        seen.add((int(year), code))
        yield int(year), code


def _figure(sheet: Sheet, row: int, column: int, *, is_count: bool) -> float | None:
    cell: Cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    if cell == "" and not is_count:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell < 0:
        raise _refusal(sheet, row, column, "0以上の数ではありません。")
    if (is_count and cell != int(cell)) or (not is_count and cell > 100):
        raise _refusal(sheet, row, column, "施設数は整数、割合は100以下です。")
    return float(cell)


def _refusal(sheet: Sheet, row: int, column: int, reason: str) -> FileRefused:
    name, cell = sheet.place(row, column)
    found = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    return refuse(reason, sheet=name, cell=cell, text=text(found)[:40])
