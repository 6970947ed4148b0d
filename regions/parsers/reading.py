"""What the parsers of this app share: finding columns by their labels, reading whole numbers, saying what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from zaitaku.lib.cells import label
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Cell, Sheet

MOST_PROBLEMS = 50
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def to_hiragana(kana: str) -> str:
    """Half- or full-width katakana as hiragana (`ﾎｯｶｲﾄﾞｳ` → `ほっかいどう`)."""
    return unicodedata.normalize("NFKC", kana).strip().translate(_KATAKANA_TO_HIRAGANA)


def find_header(sheet: Sheet, labels: Sequence[str], *, within: int = 12) -> tuple[int, dict[str, int]]:
    """The first row that carries all `labels`, and the column of each label on it (both from 0).

    Raises `FileRefused` that names the labels missing from the best row.
    """
    best: set[str] = set()
    for number, row in enumerate(sheet.rows[:within]):
        columns = {label(cell): column for column, cell in reversed(list(enumerate(row)))}
        found = {name for name in labels if name in columns}
        if len(found) == len(labels):
            return number, columns
        best = max(best, found, key=len)
    missing = "・".join(name for name in labels if name not in best)
    raise refuse(
        f"見出し「{missing}」の列が見つかりません。列の名前や並びを変えず、公表されたままのファイルを指定してください。",
        sheet=sheet.name,
    )


def has_header(sheet: Sheet, labels: Sequence[str], *, within: int = 12) -> bool:
    """Whether some early row carries all `labels`."""
    try:
        find_header(sheet, labels, within=within)
    except FileRefused:
        return False
    return True


def whole_number(sheet: Sheet, row: int, column: int) -> int:
    """The count in `rows[row][column]`. Raises `FileRefused` with the cell if it is no whole number of 0 or more."""
    cell: Cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= 0 and float(cell).is_integer():
        return int(cell)
    digits = label(cell).replace(",", "")
    if digits.isdecimal():
        return int(digits)
    name, place = sheet.place(row, column)
    raise refuse("0以上の整数ではありません。人数を整数で入れてください。", sheet=name, cell=place, text=cell)


def decimal_number(sheet: Sheet, row: int, column: int) -> float:
    """The number in `rows[row][column]`. Raises `FileRefused` with the cell if it is none."""
    cell: Cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    try:
        return float(label(cell))
    except ValueError:
        name, place = sheet.place(row, column)
        raise refuse("数値ではありません。数値を入れてください。", sheet=name, cell=place, text=cell) from None


@dataclass(frozen=True, slots=True)
class Complaints:
    """Problems found while reading on, so that an official mends them all at once."""

    found: list[Problem]

    def add(self, reason: str, *, sheet: Sheet, row: int, column: int) -> None:
        """Note a problem of `rows[row][column]`."""
        name, place = sheet.place(row, column)
        self.found.append(Problem(reason, sheet=name, cell=place, text=str(sheet.rows[row][column])))

    def raise_if_any(self) -> None:
        """Refuse the file if anything was noted."""
        if self.found:
            raise FileRefused(*self.found[:MOST_PROBLEMS])
