"""厚生労働省 医療施設調査 as exported by e-Stat: 二次医療圏・市区町村別 tables, code and name in one cell.

Prefectures, areas and municipalities (wards of the designated cities) follow one another as printed: `01　　北海道`,
`0101　南渡島`, `01202 函館市`. The areas are those of their year (344 in 2016), which are no scheme here: they are
checked and counted, not stored; the nation is added as the sum of the prefectures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.parsers.local_codes import local_place
from indicators.parsers.marks import ESTAT, read_figure
from indicators.parsers.observations import NATION, OBSERVED, ObservationTable, Place, PublishedItem, TableBuilder
from zaitaku.lib.cells import label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

KIND = "facility_survey"
HEAD_ROWS = 20
_PLACE_HEADING = re.compile(r".*二次医療圏・市区町村別")
_PLACE = re.compile(r"(\d{2}|\d{4}|\d{5})\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head says; rows and columns from 0."""

    year: int
    number: str
    title: str
    row: int
    place: int
    items: tuple[tuple[int, PublishedItem], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its number (from 0), code of 2, 4 or 5 digits, and name."""

    row: int
    code: str
    name: str


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the first sheet is an e-Stat export of 医療施設調査 by area and municipality."""
    sheet = book.sheet(book.sheet_names[0], rows=HEAD_ROWS)
    said = _metadata(sheet)
    if "医療施設" not in said.get("統計名", "") or "二次医療圏・市区町村別" not in said.get("表題", ""):
        return None
    return _edition(_head(sheet))


def parse(book: Workbook) -> ObservationTable:
    """Every figure of the first sheet; each area and prefecture must be the sum of what it holds."""
    sheet = book.sheet(book.sheet_names[0])
    head = _head(sheet)
    lines = list(_lines(sheet, head))
    builder = TableBuilder()
    for column, item in head.items:
        values = {line.row: _figure(sheet, line.row, column) for line in lines}
        _check_sums(sheet, column, lines, {row: value for row, (value, _) in values.items()})
        nation = 0.0
        for line in lines:
            value, status = values[line.row]
            place = _place(line)
            if place is None:
                continue
            builder.add(item, place, year=head.year, value=value, status=status, at=(0, line.row + 1, column + 1))
            nation += (value or 0.0) if len(line.code) == 2 else 0.0
        builder.add(item, NATION, year=head.year, value=nation, status=OBSERVED, at=(0, 0, 0))
    areas = sum(len(line.code) == 4 for line in lines)
    return builder.build(_edition(head), counts={"その年の二次医療圏の行（対象外）": areas})


def _metadata(sheet: Sheet) -> dict[str, str]:
    """The lines above the table: `表番号：` → `E1`."""
    return {
        label(row[0]).rstrip(":"): text(row[1])
        for row in sheet.rows[:HEAD_ROWS]
        if len(row) > 1 and label(row[0]).endswith(":")
    }


def _head(sheet: Sheet) -> _Head:
    said = _metadata(sheet)
    year = parse_year(said.get("実施年月", ""))
    if year is None or not said.get("表番号") or not said.get("表題"):
        raise refuse("「実施年月」「表番号」「表題」を読み取れません。", sheet=sheet.name, cell="A4")
    for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
        found = [
            c for c, cell in enumerate(row) if _PLACE_HEADING.fullmatch(label(cell)) and "コード" not in label(cell)
        ]
        if found and number > 0 and label(row[0]).endswith("コード"):
            items = tuple(_items(sheet, number, found[0] + 1))
            if not items:
                break
            return _Head(year, said["表番号"], said["表題"], number, found[0], items)
    raise refuse("「二次医療圏・市区町村別」の見出しの行が見つかりません。", sheet=sheet.name)


def _items(sheet: Sheet, header: int, start: int) -> Iterator[tuple[int, PublishedItem]]:
    """The numbered columns; a label that stands twice gets its printed number."""
    numbers, labels = sheet.rows[header - 1], sheet.rows[header]
    seen: set[str] = set()
    for column in range(start, len(labels)):
        name, number = label(labels[column]), text(numbers[column])
        if not number.isdecimal():
            continue
        place, cell = sheet.place(header, column)
        if not name:
            raise refuse("番号のある列に見出しがありません。", sheet=place, cell=cell)
        full = f"{name}#{number}" if name in seen else name
        seen.add(name)
        unit = "床" if "病床" in name and "施設" not in name else "施設"
        yield column, PublishedItem(code=f"{KIND}.{full}"[:80], name=full, unit=unit, basis="provider")


def _edition(head: _Head) -> Edition:
    return Edition(
        kind=KIND,
        key=f"{KIND}/{head.year}/{head.number}",
        publisher="厚生労働省",
        title=f"医療施設調査 {head.title}"[:200],
        edition=f"{head.year}年 表{head.number}",
        as_of=dt.date(head.year, 10, 1),
        licence="政府統計の総合窓口(e-Stat)利用規約",
    )


def _lines(sheet: Sheet, head: _Head) -> Iterator[_Line]:
    """Lines with a place; the legend below the table has none. A line of figures without a place is refused."""
    seen: set[str] = set()
    for number in range(head.row + 1, len(sheet.rows)):
        row = sheet.rows[number]
        match = _PLACE.fullmatch(text(row[head.place]).replace("　", " "))
        name, cell = sheet.place(number, head.place)
        if match is None:
            if any(read_figure(row[column], {}) is not None for column, _ in head.items):
                raise refuse("地域コードと名称を読み取れません。", sheet=name, cell=cell, text=row[head.place])
            continue
        if match[1] in seen or prefecture(match[1][:2]) is None:
            raise refuse("地域コードが重なっているか、存在しません。", sheet=name, cell=cell, text=match[0])
        seen.add(match[1])
        yield _Line(number, match[1], match[2].strip())


def _place(line: _Line) -> Place | None:
    if len(line.code) == 2:
        return Place(kind="prefecture", code=line.code, name=line.name)
    return local_place(line.code) if len(line.code) == 5 else None


def _check_sums(sheet: Sheet, column: int, lines: list[_Line], values: dict[int, float | None]) -> None:
    """Areas hold the municipalities below them, prefectures their areas; what is not known can only add to the sum."""
    open_lines: dict[int, tuple[_Line, list[float | None]]] = {}

    def close(length: int) -> None:
        if length in open_lines:
            line, parts = open_lines.pop(length)
            known, whole = sum(part or 0.0 for part in parts), values[line.row]
            if whole is not None and (known > whole or (known < whole and None not in parts)):
                name, cell = sheet.place(line.row, column)
                reason = f"{line.name}の内訳の合計{known:,.0f}が{whole:,.0f}と合いません。"
                raise refuse(reason, sheet=name, cell=cell)

    for line in lines:
        length = len(line.code)
        for finished in (4, 2) if length == 2 else (4,) if length == 4 else ():
            close(finished)
        above = {5: 4, 4: 2}.get(length)
        if above is not None:
            if above not in open_lines:
                name, cell = sheet.place(line.row, column)
                raise refuse("上位の地域の行がありません。", sheet=name, cell=cell, text=line.name)
            open_lines[above][1].append(values[line.row])
        if length != 5:
            open_lines[length] = (line, [])
    close(4)
    close(2)


def _figure(sheet: Sheet, row: int, column: int) -> tuple[float | None, int]:
    cells = sheet.rows[row]
    cell = cells[column] if column < len(cells) else ""
    figure = read_figure(cell, ESTAT)
    if figure is None or (figure[0] is not None and figure[0] < 0):
        name, at = sheet.place(row, column)
        raise refuse("数値でも「-」「…」「・」でもありません。", sheet=name, cell=at, text=text(cell)[:40])
    return figure
