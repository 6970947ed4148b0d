"""総務省 「都道府県コード及び市区町村コード」: prefectures, municipalities and the wards of the designated cities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from regions.parsers.reading import Complaints, find_header, has_header, to_hiragana
from zaitaku.lib.cells import code, text
from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

_CODE, _PREFECTURE, _NAME = "団体コード", "都道府県名(漢字)", "市区町村名(漢字)"
_PREFECTURE_KANA, _NAME_KANA = "都道府県名(カナ)", "市区町村名(カナ)"
_LABELS = (_CODE, _PREFECTURE, _NAME, _PREFECTURE_KANA, _NAME_KANA)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One line: `code` without its check digit (prefecture 2 digits, else 5), names as printed, kana as hiragana."""

    code: str
    name: str
    name_kana: str
    prefecture_code: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """All lines of both sheets. `designated_cities` are also among `municipalities`, as on the sheets."""

    as_of: dt.date
    prefectures: tuple[CodeRow, ...]
    municipalities: tuple[CodeRow, ...]
    designated_cities: tuple[CodeRow, ...]
    wards: tuple[CodeRow, ...]


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the book has a sheet of municipalities and one of designated cities with the known headers."""
    if _sheet_names(book) is None or not all(has_header(book.sheet(n, rows=3), _LABELS) for n in book.sheet_names[:2]):
        return None
    as_of = parse_date(book.sheet_names[0])
    return Edition(
        kind="municipality_codes",
        key=f"municipality_codes/{as_of}",
        publisher="総務省",
        title="都道府県コード及び市区町村コード",
        edition=f"{as_of:%Y年%-m月%-d日}現在" if as_of else "",
        as_of=as_of,
    )


def parse(book: Workbook) -> CodeTable:
    """Every code with its check digit verified. Raises `FileRefused` with the cells of wrong or repeated codes."""
    names = _sheet_names(book)
    as_of = parse_date(names[0]) if names else None
    if names is None or as_of is None:
        raise refuse("「R6.1.1現在の団体」「R6.1.1政令指定都市」の形の名前のシートが見つかりません。")
    bodies = _read(book.sheet(names[0]))
    cities = _read(book.sheet(names[1]))
    municipalities = tuple(row for row in bodies if len(row.code) == 5)
    known = {row.code for row in municipalities}
    return CodeTable(
        as_of=as_of,
        prefectures=tuple(row for row in bodies if len(row.code) == 2),
        municipalities=municipalities,
        designated_cities=tuple(row for row in cities if row.code in known),
        wards=tuple(row for row in cities if row.code not in known),
    )


def _sheet_names(book: Workbook) -> tuple[str, str] | None:
    bodies = [name for name in book.sheet_names if name.endswith("現在の団体")]
    cities = [name for name in book.sheet_names if name.endswith("政令指定都市")]
    return (bodies[0], cities[0]) if bodies and cities else None


def _read(sheet: Sheet) -> list[CodeRow]:
    header, columns = find_header(sheet, _LABELS)
    complaints = Complaints([])
    seen: set[str] = set()
    rows = []
    for number in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[number]
        full_code = code(cells[columns[_CODE]], width=6)
        if not full_code:
            continue
        if not is_municipality_code(full_code):
            complaints.add(
                "検査数字が合いません。6桁の団体コードを確かめてください。",
                sheet=sheet,
                row=number,
                column=columns[_CODE],
            )
        elif full_code in seen:
            complaints.add("同じ団体コードが2度あります。", sheet=sheet, row=number, column=columns[_CODE])
        seen.add(full_code)
        is_prefecture = not text(cells[columns[_NAME]])
        rows.append(
            CodeRow(
                code=full_code[:2] if is_prefecture else full_code[:5],
                name=text(cells[columns[_PREFECTURE if is_prefecture else _NAME]]),
                name_kana=to_hiragana(text(cells[columns[_PREFECTURE_KANA if is_prefecture else _NAME_KANA]])),
                prefecture_code=full_code[:2],
                row=number + 1,
            )
        )
    complaints.raise_if_any()
    return rows
