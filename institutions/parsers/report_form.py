"""活動報告 on a spreadsheet: one question a row, under the headings of the form that is offered for download."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from institutions.definitions.reports import ReportFormat, ReportItem
from zaitaku.lib.cells import text as plain_text
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Cell, Sheet, Workbook, cell_name

REPORT, BODY, YEAR, ITEM, ANSWER = "報告番号", "機関名", "年度", "項目コード", "回答"
_NEEDED = (REPORT, ITEM, ANSWER)
_MOST_ROWS = 500


def parse(book: Workbook, *, wanted: ReportFormat, report_number: str) -> Mapping[str, str]:
    """The answers by key as the form takes them. Raises `FileRefused` with every cell that is wrong.

    A form of another body or year is refused by its number; an empty cell is not answered.
    """
    sheet = book.sheet(book.sheet_names[0])
    columns = _columns(sheet)
    if len(sheet.rows) > _MOST_ROWS:
        raise refuse("行が多すぎます。配布した様式をそのまま使ってください。", sheet=sheet.name)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        cells = {name: row[column] if column < len(row) else "" for name, column in columns.items()}
        key = _text(cells[ITEM])
        if not key:
            continue

        def complain(name: str, reason: str, *, number: int = number, cells: Mapping[str, Cell] = cells) -> None:
            place = cell_name(number, columns[name] + 1)
            problems.append(Problem(reason, sheet.name, place, _text(cells[name])[:60]))

        item = wanted.by_key.get(key)
        if _text(cells[REPORT]) != report_number:
            complain(REPORT, "別の機関または年度の様式です。このページから様式をダウンロードしてください。")
            break
        if item is None:
            complain(ITEM, "この様式にない項目です。項目コードは変えないでください。")
        elif key in found:
            complain(ITEM, "同じ項目が2回あります。")
        else:
            answer = _answer(item, cells[ANSWER])
            if answer is None:
                complain(ANSWER, _reason(item))
            found[key] = answer or ""
    if problems:
        raise FileRefused(*problems)
    if not any(found.values()):
        raise refuse("回答が1つもありません。「回答」の列に記入してください。", sheet=sheet.name)
    return found


def _columns(sheet: Sheet) -> dict[str, int]:
    headings = [_text(cell) for cell in sheet.rows[0]] if sheet.rows else []
    missing = [name for name in _NEEDED if name not in headings]
    if missing:
        raise refuse(
            f"1行目に見出し「{'」「'.join(missing)}」がありません。様式をダウンロードして使ってください。",
            sheet=sheet.name,
            cell="A1",
        )
    return {name: headings.index(name) for name in _NEEDED}


def _answer(item: ReportItem, cell: Cell) -> str | None:
    """The answer as the form takes it, "" where the cell is empty, None where it cannot be read."""
    said = _text(cell)
    if not said:
        return ""
    if item.kind == "count":
        digits = said.replace(",", "")
        return digits if digits.isdecimal() and int(digits) <= item.most else None
    if item.kind == "yes_no":
        return {"あり": "1", "なし": "0", "1": "1", "0": "0"}.get(said)
    words = {label: key for key, label in item.choices} | {key: key for key, _ in item.choices}
    return words.get(said)


def _reason(item: ReportItem) -> str:
    if item.kind == "count":
        return f"「{item.label}」は0から{item.most:,}までの整数で記入してください。"
    labels = ("あり", "なし") if item.kind == "yes_no" else tuple(label for _, label in item.choices)
    return f"「{item.label}」は「{'」「'.join(labels)}」のどれかを記入してください。"


def _text(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", plain_text(cell)).strip()
