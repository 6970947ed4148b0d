"""The form on which a prefecture hands in its own surveys, with the codebook, as XLSX or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.definitions.survey_items import SurveyItem, survey_items
from indicators.parsers.survey import HEADERS, LEVELS, STATUSES

if TYPE_CHECKING:
    import xlsxwriter

_WIDTHS = {"項目コード": 34, "項目名": 46, "地域名": 20, "調査名": 24, "備考": 30}
_REASONS = "・".join(word for word in STATUSES if word not in ("", "暫定"))
_COLUMN_NOTES = (
    ("項目コード", "コードブックの項目コード。変えないでください。"),
    ("項目名", "読むための名前。取込では使いません。"),
    ("地域区分", f"{'・'.join(LEVELS)}のどれか。"),
    ("地域コード", "都道府県2桁、圏域4桁、市区町村5桁（検査数字なし。6桁も可）。先頭の0を残すため文字列です。"),
    ("地域名", "読むための名前。圏域では、圏域の区分を確かめるためにも使います。"),
    ("年度", "2026、令和8年度 のように。"),
    ("値", "数字だけ。値を出せないときは空欄にします。"),
    (
        "秘匿区分",
        f"値があるときは空欄（暫定値は「暫定」）。ないときは{_REASONS}のどれか。",
    ),
    ("調査名", "1つのファイルに1つの調査。"),
    ("調査時点", "2026-10-01、令和8年10月1日 のように。"),
    ("備考", "自由に書けます。取込では使いません。"),
)


@dataclass(frozen=True, slots=True)
class FormRegion:
    """A region offered on the form: its level as the form names it, code and name."""

    level: str
    code: str
    name: str


def survey_form_csv(regions: Sequence[FormRegion], *, theme: str = "") -> bytes:
    """The form as CSV (UTF-8 with BOM): one line for each item and region, values empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADERS)
    writer.writerows(_lines(regions, theme=theme))
    return buffer.getvalue().encode("utf-8-sig")


def survey_form_xlsx(regions: Sequence[FormRegion], *, theme: str = "") -> bytes:
    """The form as XLSX: 記入, 記入のしかた and コードブック; every cell is text but the values."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        as_text = book.add_format({"num_format": "@"})
        heading = book.add_format({"bold": True, "bg_color": "#E8F1FE", "border": 1})
        lines = list(_lines(regions, theme=theme))
        _write(book.add_worksheet("記入"), HEADERS, lines, heading=heading, as_text=as_text)
        _restrict(book.worksheets()[0], rows=len(lines))
        _write(book.add_worksheet("記入のしかた"), ("列", "書き方"), _COLUMN_NOTES, heading=heading, as_text=as_text)
        codebook = [(i.theme, i.code, i.name, i.unit, _whole(i), i.description) for i in survey_items().values()]
        headers = ("分野", "項目コード", "項目名", "単位", "超えてはならない項目", "説明")
        _write(book.add_worksheet("コードブック"), headers, codebook, heading=heading, as_text=as_text)
    return buffer.getvalue()


def survey_themes() -> tuple[str, ...]:
    """The themes of the form, in order."""
    return tuple(dict.fromkeys(item.theme for item in survey_items().values()))


def _lines(regions: Sequence[FormRegion], *, theme: str) -> list[tuple[str, ...]]:
    items = [item for item in survey_items().values() if theme in ("", item.theme)]
    return [
        (item.code, item.name, region.level, region.code, region.name, "", "", "", "", "", "")
        for region in regions
        for item in items
    ]


def _whole(item: SurveyItem) -> str:
    return survey_items()[item.not_above].name if item.not_above else ""


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    heading: xlsxwriter.format.Format,
    as_text: xlsxwriter.format.Format,
) -> None:
    for column, name in enumerate(headers):
        sheet.set_column(column, column, _WIDTHS.get(name, 14), None if name == "値" else as_text)
        sheet.write_string(0, column, name, heading)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, as_text)
    sheet.freeze_panes(1, 0)


def _restrict(sheet: xlsxwriter.worksheet.Worksheet, *, rows: int) -> None:
    """Offer the few allowed words as a list and refuse negative numbers already in the spreadsheet."""
    last = max(rows, 1)
    status, value = HEADERS.index("秘匿区分"), HEADERS.index("値")
    sheet.data_validation(1, status, last, status, {"validate": "list", "source": [s for s in STATUSES if s]})
    message = {"error_title": "値", "error_message": "0以上の数字を記入してください。"}
    sheet.data_validation(1, value, last, value, {"validate": "decimal", "criteria": ">=", "value": 0, **message})
