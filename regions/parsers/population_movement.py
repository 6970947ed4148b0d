"""総務省 「住民基本台帳人口・世帯数、人口動態（市区町村別）」: births and deaths of a calendar year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from regions.parsers.reading import Complaints, find_header, has_header, whole_number
from regions.parsers.register_rows import Level, read_places, wrong_sums
from zaitaku.lib.cells import label
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date, parse_year
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

_LABELS = ("団体コード", "都道府県名", "市区町村名")
_COUNTS = ("出生者数", "死亡者数")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementRow:
    """Births and deaths registered for one place; `row` counts from 1."""

    code: str
    births: int
    deaths: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementTable:
    """Nation (00), prefectures, municipalities and wards, without the subtotals of 郡; columns count from 1."""

    year: int
    births_column: int
    deaths_column: int
    rows: tuple[MovementRow, ...]


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the title and headers are those of the table of all residents."""
    sheet = book.sheet(book.sheet_names[0], rows=8)
    title = label(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
    as_of = parse_date(title)
    if as_of is None or "人口動態(市区町村別)(総計)" not in title or not has_header(sheet, _LABELS):
        return None
    return Edition(
        kind="population_movement",
        key=f"population_movement/{as_of}",
        publisher="総務省",
        title="住民基本台帳に基づく人口、人口動態及び世帯数（市区町村別・総計）",
        edition=f"{as_of:%Y年%-m月%-d日}現在",
        as_of=as_of,
    )


def parse(book: Workbook) -> MovementTable:
    """Births and deaths of every place, sums checked at every level. Raises `FileRefused` with the wrong cells."""
    sheet = book.sheet(book.sheet_names[0])
    header, columns = find_header(sheet, _LABELS)
    births, deaths, year = _count_columns(sheet, header)
    counted = [n for n in range(header + 1, len(sheet.rows)) if label(sheet.rows[n][columns["都道府県名"]])]
    places = read_places(sheet, counted, columns)
    counts = {p.code: (whole_number(sheet, p.row, births), whole_number(sheet, p.row, deaths)) for p in places}
    complaints = Complaints([])
    for place, index in wrong_sums(places, counts):
        complaints.add("内訳の合計と合いません。", sheet=sheet, row=place.row, column=(births, deaths)[index])
    complaints.raise_if_any()
    return MovementTable(
        year=year,
        births_column=births + 1,
        deaths_column=deaths + 1,
        rows=tuple(
            MovementRow(code=p.code, births=counts[p.code][0], deaths=counts[p.code][1], row=p.row + 1)
            for p in places
            if p.level is not Level.SUBTOTAL
        ),
    )


def _count_columns(sheet: Sheet, header: int) -> tuple[int, int, int]:
    """Columns of births and deaths (from 0) and the calendar year printed above them."""
    found: dict[str, int] = {}
    for row in sheet.rows[:header]:
        for column, cell in enumerate(row):
            if label(cell) in _COUNTS:
                found.setdefault(label(cell), column)
    missing = "・".join(name for name in _COUNTS if name not in found)
    if missing:
        raise refuse(f"見出し「{missing}」の列が見つかりません。", sheet=sheet.name)
    births, deaths = (found[name] for name in _COUNTS)
    years = {parse_year(str(row[births])) for row in sheet.rows[1:header]} - {None}
    years |= {parse_year(str(row[deaths])) for row in sheet.rows[1:header]} - {None}
    if len(years) != 1:
        raise refuse("出生者数・死亡者数の上の年が読み取れません。", sheet=sheet.name)
    (year,) = years
    assert year is not None
    return births, deaths, year


def period(table: MovementTable) -> tuple[dt.date, dt.date]:
    """First and last day the births and deaths were registered in."""
    return dt.date(table.year, 1, 1), dt.date(table.year, 12, 31)
