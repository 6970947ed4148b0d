"""A prefecture's own list of designated bodies: one sheet, the headings in the first row, one body a row.

The headings are those of the form offered for download; their order does not matter and further columns are ignored.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from zaitaku.lib.cells import text as plain_text
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.problems import Problem, refuse
from zaitaku.lib.workbooks import Row, Sheet, Workbook, cell_name

AREA, KIND, CODE, NAME = "圏域", "区分", "医療機関コード等", "名称"
DAY, EVIDENCE, RECHECK, UNITS = "位置付けた日", "根拠", "再確認の期限", "担当する市区町村"
HEADINGS = (AREA, KIND, CODE, NAME, DAY, EVIDENCE, RECHECK, UNITS)
_REQUIRED = (AREA, KIND, NAME)
MOST_ROWS = 5_000
_KINDS = {
    "積極的役割を担う医療機関": "active",
    "積極的医療機関": "active",
    "積極的": "active",
    "連携を担う拠点": "hub",
    "連携の拠点": "hub",
    "拠点": "hub",
    "連携支援機関": "support",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDesignation:
    """One row as written; `row` counts from 1. `units` are names or codes of municipalities."""

    row: int
    area: str
    kind: str
    code: str
    name: str
    day: dt.date | None
    evidence: str
    recheck_on: dt.date | None
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationList:
    """The rows that could be read and what is wrong with the others, each with its cell."""

    sheet: str
    rows: tuple[ListedDesignation, ...]
    problems: tuple[Problem, ...]
    columns: dict[str, int]

    def problem(self, row: int, heading: str, reason: str, text: str) -> Problem:
        """A complaint about one cell; without such a column, about the row."""
        cell = cell_name(row, self.columns.get(heading, 0) + 1)
        return Problem(reason, self.sheet, cell, text[:60])


def parse(book: Workbook) -> DesignationList:
    """Read the first sheet. Raises `FileRefused` if it has not the headings, no rows, or too many."""
    sheet = book.sheet(book.sheet_names[0])
    columns = _columns(sheet)
    body = [(number, row) for number, row in enumerate(sheet.rows[1:], start=2) if any(_text(cell) for cell in row)]
    if not body:
        raise refuse("2行目以降に、機関が1つもありません。", sheet=sheet.name)
    if len(body) > MOST_ROWS:
        raise refuse(f"一度に取り込めるのは{MOST_ROWS:,}行までです。分けて取り込んでください。", sheet=sheet.name)
    rows, problems = [], []
    for number, cells in body:
        found, complaints = _read(number, cells, columns, sheet.name)
        problems += complaints
        if found is not None:
            rows.append(found)
    return DesignationList(sheet=sheet.name, rows=tuple(rows), problems=tuple(problems), columns=columns)


def _columns(sheet: Sheet) -> dict[str, int]:
    headings = [_text(cell) for cell in sheet.rows[0]] if sheet.rows else []
    columns = {name: headings.index(name) for name in HEADINGS if name in headings}
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise refuse(
            f"1行目に見出し「{'」「'.join(missing)}」がありません。様式をダウンロードして使うと確実です。",
            sheet=sheet.name,
            cell="A1",
        )
    return columns


def _read(
    number: int, cells: Row, columns: dict[str, int], sheet: str
) -> tuple[ListedDesignation | None, list[Problem]]:
    def at(name: str) -> object:
        column = columns.get(name, len(cells))
        return cells[column] if column < len(cells) else ""

    problems: list[Problem] = []

    def complain(name: str, reason: str) -> None:
        problems.append(Problem(reason, sheet, cell_name(number, columns[name] + 1), _text(at(name))[:60]))

    kind = _KINDS.get(_text(at(KIND)), "")
    if not kind:
        complain(KIND, "区分は「積極的役割を担う医療機関」「連携を担う拠点」「連携支援機関」のどれかです。")
    if not _text(at(NAME)):
        complain(NAME, "名称が空です。")
    days = {}
    for name in (DAY, RECHECK):
        days[name] = _day(at(name))
        if days[name] is None and _text(at(name)):
            complain(name, "日付を読み取れません。2024-04-01や令和6年4月1日のように書いてください。")
    if problems:
        return None, problems
    listed = ListedDesignation(
        row=number,
        area=_text(at(AREA)),
        kind=kind,
        code=_text(at(CODE)),
        name=_text(at(NAME)),
        day=days[DAY],
        evidence=_text(at(EVIDENCE)),
        recheck_on=days[RECHECK],
        units=tuple(one for one in _text(at(UNITS)).replace("、", ";").replace(",", ";").split(";") if one),
    )
    return listed, []


def _text(cell: object) -> str:
    return unicodedata.normalize("NFKC", plain_text(cell)).strip()


def _day(cell: object) -> dt.date | None:
    """A date cell or a date in words (`2024-04-01`, `令和6年4月1日`)."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else parse_date(_text(cell))
