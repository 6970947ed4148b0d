"""e-Stat 「標準地域コード」 (csv, cp932): hiragana, 郡・支庁・振興局 and the day of the last change."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from regions.parsers.reading import Complaints, find_header, has_header
from zaitaku.lib.cells import code, label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.workbooks import Workbook

_CODE, _PREFECTURE = "標準地域コード", "都道府県"
_GROUP, _GROUP_KANA = "政令市・郡・支庁・振興局等", "政令市・郡・支庁・振興局等(ふりがな)"
_NAME, _NAME_KANA = "市区町村", "市区町村(ふりがな)"
_CHANGED_ON = "廃置分合等施行年月日"
_LABELS = (_CODE, _PREFECTURE, _GROUP, _GROUP_KANA, _NAME, _NAME_KANA, _CHANGED_ON)
# The file does not say its day; e-Stat writes it into the name: FEA_hyoujun-20250210024619.csv
_DAY_IN_NAME = re.compile(r"(\d{4})(\d{2})(\d{2})\d{0,6}\.csv$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardArea:
    """One line of the list.

    `group` is the designated city, 郡, 支庁 or 振興局 the municipality is listed under; `name` is empty for a city that
    has wards. `changed_on` is the last change of any kind (foundation, boundary, name): it is not a beginning.
    """

    code: str
    prefecture: str
    group: str
    group_kana: str
    name: str
    name_kana: str
    changed_on: dt.date | None
    row: int


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the first row carries the known headers. The day is taken from the name e-Stat gave the file."""
    if len(book.sheet_names) != 1 or not has_header(book.sheet(book.sheet_names[0], rows=3), _LABELS):
        return None
    match = _DAY_IN_NAME.search(book.filename)
    as_of = dt.date(*map(int, match.groups())) if match else None
    return Edition(
        kind="standard_area_codes",
        key=f"standard_area_codes/{as_of or 'undated'}",
        publisher="総務省統計局（e-Stat）",
        title="統計に用いる標準地域コード",
        edition=f"{as_of:%Y年%-m月%-d日}" if as_of else "",
        as_of=as_of,
        licence="政府統計の総合窓口(e-Stat)利用規約",
    )


def parse(book: Workbook) -> tuple[StandardArea, ...]:
    """Every line of the file. Raises `FileRefused` with the cells of codes or days that cannot be."""
    sheet = book.sheet(book.sheet_names[0])
    header, columns = find_header(sheet, _LABELS)
    complaints = Complaints([])
    areas = []
    for number in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[number]
        if not any(label(cell) for cell in cells):
            continue
        area_code = code(cells[columns[_CODE]], width=5)
        if not re.fullmatch(r"[0-9]{5}", area_code):
            complaints.add("標準地域コードは5桁の数字です。", sheet=sheet, row=number, column=columns[_CODE])
        day = text(cells[columns[_CHANGED_ON]])
        try:
            changed_on = dt.date.fromisoformat(day) if day else None
        except ValueError:
            changed_on = None
            complaints.add(
                "年月日を 2024-01-01 の形で入れてください。", sheet=sheet, row=number, column=columns[_CHANGED_ON]
            )
        areas.append(
            StandardArea(
                code=area_code,
                prefecture=text(cells[columns[_PREFECTURE]]),
                group=text(cells[columns[_GROUP]]),
                group_kana=text(cells[columns[_GROUP_KANA]]),
                name=text(cells[columns[_NAME]]),
                name_kana=text(cells[columns[_NAME_KANA]]),
                changed_on=changed_on,
                row=number + 1,
            )
        )
    complaints.raise_if_any()
    return tuple(areas)
