"""Opening a file that somebody hands in: what could run, fetch or mislead is refused with its reason."""

from __future__ import annotations

from pathlib import PurePath

from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Workbook, cell_name, read_workbook

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CALLED_EXCEL, _CALLED_TEXT, _CALLED_ZIP = {".xlsx"}, {".csv", ".json", ".geojson", ".topojson"}, {".zip"}
_OTHER_SUFFIXES = {
    ".xlsm": "マクロ有効ブック（.xlsm）は取り込めません。「Excelブック（*.xlsx）」として保存し直してください。",
    ".xls": "古い形式（.xls）は取り込めません。Excelで開き、「Excelブック（*.xlsx）」として保存し直してください。",
}
_MOST_FORMULAS = 20


def open_handed_in(content: bytes, *, filename: str) -> Workbook:
    """The file as a workbook of which nothing is active. Raises `FileRefused`."""
    if content:
        _check_name(content, PurePath(filename).suffix.lower())
    book = read_workbook(content, filename=filename)
    if book.notes:
        raise FileRefused(*book.notes)
    if book.is_delimited:
        _refuse_formulas_of_csv(book)
    return book


def _check_name(content: bytes, suffix: str) -> None:
    """The ending of the name and the content must say the same: a person acts on the one, a program on the other."""
    if suffix in _OTHER_SUFFIXES:
        raise refuse(_OTHER_SUFFIXES[suffix])
    if suffix not in _CALLED_EXCEL | _CALLED_TEXT | _CALLED_ZIP:
        raise refuse(f"取り込めるのはExcel（.xlsx）とCSV（.csv）です。「{suffix or '拡張子なし'}」は取り込めません。")
    is_text = not content.startswith((_ZIP, _OLE))
    # An encrypted book is of the older container; reading it says what to do.
    if (is_text and suffix not in _CALLED_TEXT) or (not is_text and suffix in _CALLED_TEXT):
        raise refuse(f"名前は{suffix}ですが、中身が違います。元のファイルを、正しい拡張子で送ってください。")


def _refuse_formulas_of_csv(book: Workbook) -> None:
    """A cell that a spreadsheet would take for a formula when the file is opened."""
    found = []
    for row, cells in enumerate(book.lines(), start=1):
        for column, cell in enumerate(cells, start=1):
            if isinstance(cell, str) and cell.startswith("="):
                place = cell_name(row, column)
                found.append(
                    Problem("数式が含まれています。値に直してください。", book.sheet_names[0], place, cell[:60])
                )
        if len(found) >= _MOST_FORMULAS:
            break
    if found:
        raise FileRefused(*found[:_MOST_FORMULAS])
