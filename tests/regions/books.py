"""Small spreadsheets of the official layouts, built for one test each."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from zaitaku.lib.codes import municipality_check_digit
from zaitaku.lib.workbooks import Workbook, read_workbook

Rows = Sequence[Sequence[object]]


def book(filename: str, **sheets: Rows) -> Workbook:
    """An xlsx file with the given sheets, opened the way an official file is."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return read_workbook(content.getvalue(), filename=filename)


def full(code: str) -> str:
    """A 6-digit code from its first five digits."""
    return code + municipality_check_digit(code)


# 合計 · 北海道 · 札幌市 with two wards · 函館市 · 石狩郡 (subtotal) with its two places: number of residents of each.
PLACES: list[tuple[str, str, str]] = [
    ("-", "合計", "-"),
    (full("01000"), "北海道", "-"),
    (full("01100"), "北海道", "札幌市"),
    (full("01101"), "北海道", "札幌市中央区"),
    (full("01102"), "北海道", "札幌市北区"),
    (full("01202"), "北海道", "函館市"),
    (full("01300"), "北海道", "石狩郡"),
    (full("01303"), "北海道", "石狩郡当別町"),
    (full("01304"), "北海道", "石狩郡新篠津村"),
]
AGE_HEADER: Rows = [
    ["令和7年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）"],
    ["", "", "", "", "総数", "0歳～4歳", "5歳～9歳", "10歳以上"],
    ["団体コード", "都道府県名", "市区町村名", "性別", "人", "人", "人", "人"],
]
# Of each sex the same: total, then three age classes.
AGE_COUNTS = {
    "合計": (20, 4, 6, 10),
    "北海道": (20, 4, 6, 10),
    "札幌市": (12, 2, 4, 6),
    "札幌市中央区": (5, 1, 2, 2),
    "札幌市北区": (7, 1, 2, 4),
    "函館市": (3, 1, 1, 1),
    "石狩郡": (5, 1, 1, 3),
    "石狩郡当別町": (4, 1, 1, 2),
    "石狩郡新篠津村": (1, 0, 0, 1),
}


def age_rows() -> list[list[object]]:
    """The whole table of residents by age, three lines a place."""
    rows = [list(row) for row in AGE_HEADER]
    for code, prefecture, name in PLACES:
        one = AGE_COUNTS[name if name != "-" else prefecture]
        rows.append([code, prefecture, name, "計", *(2 * count for count in one)])
        rows += [[code, prefecture, name, sex, *one] for sex in ("男", "女")]
    return [*rows, ["注1：外国人住民の…"]]


def movement_rows() -> list[list[object]]:
    """Births and deaths: as many as residents under five and over ten in the table above."""
    rows: list[list[object]] = [
        ["令和7年1月1日住民基本台帳人口・世帯数、令和6年人口動態（市区町村別）（総計）"],
        ["", "", "", "令和7年", "令和6年", "令和6年"],
        ["", "", "", "2025年", "2024年", "2024年"],
        ["", "", "", "人口", "住民票記載数", "住民票消除数"],
        ["", "", "", "計", "出生者数", "死亡者数"],
        ["団体コード", "都道府県名", "市区町村名", "人", "人", "人"],
    ]
    for code, prefecture, name in PLACES:
        total, births, _, deaths = AGE_COUNTS[name if name != "-" else prefecture]
        rows.append([code, prefecture, name, total, births, deaths])
    return [*rows, ["注1：…"]]


def projection_rows(*, title: str, unit: str, values: Sequence[Sequence[float]]) -> list[list[object]]:
    """福島県 with one city, and one block of two municipalities; two years."""
    note = "福島県「浜通り地域」は、いわき市、相馬市の2市町村を含む地域です。"
    places: list[list[object]] = [
        [7000, "a", "福島県", ""],
        [7201, 2, "福島県", "福島市"],
        [7999, 9, "福島県", "浜通り地域"],
    ]
    return [
        [title, "", "", "", "", ""],
        ["", "", "", "", note, ""],
        [],
        ["コード", "市などの別", "都道府県", "市区町村", unit, ""],
        ["", "", "", "", "2020年", "2050年"],
        *([*place, *row] for place, row in zip(places, values, strict=True)),
    ]


TOTALS = [[1000, 600], [400, 300], [600, 300]]


def total_book(values: Sequence[Sequence[float]] = TOTALS) -> Workbook:
    """結果表1 of the places above."""
    rows = projection_rows(title="結果表1　総人口および指数", unit="総人口（人）", values=values)
    return book("kekkahyo1.xlsx", Sheet1=rows)


def share_book(values: Sequence[Sequence[float]]) -> Workbook:
    """結果表3-4 of the places above (percent)."""
    rows = projection_rows(title="結果表3-4　年齢別人口割合　75歳以上人口", unit="割合（％）", values=values)
    return book("kekkahyo3_4.xlsx", Sheet1=rows)
