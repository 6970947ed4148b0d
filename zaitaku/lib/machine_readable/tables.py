"""Checks of one table, header and rows, whatever file it stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from zaitaku.lib.machine_readable.rules import Finding, Rule

Cell = str | int | float | None
# Once a rule is broken so often in one column, more of the same tells nothing new.
MOST_OF_A_KIND = 3
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_PERIOD_HEADER = re.compile(r"(19|20)[0-9]{2}(年度?)?|(平成|令和|[HR])\s?[0-9元]+(年度?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_NUMBERS = {"値", "分子", "分母", "95%信頼区間下限", "95%信頼区間上限", "定義の版", "ファイル数", "列番号", "順位"}
_YEARS, _DATES = {"年", "年度"}, {"時点", "公表日", "取得日"}
_CODE_LENGTHS = {"都道府県コード": {2}, "市区町村コード": {5}}


@dataclass
class TableCheck:
    """Collects what is wrong with one table, at most `MOST_OF_A_KIND` of each rule and column.

    `is_typed` says that cells keep their type (XLSX, Parquet), so that a number written as text can be told.
    """

    name: str
    is_typed: bool = False
    findings: list[Finding] = field(default_factory=list)
    _seen: dict[tuple[Rule, str], int] = field(default_factory=dict)

    def inspect(self, header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> list[Finding]:
        """Read the whole table once, row by row."""
        names = ["" if cell is None else str(cell) for cell in header]
        self._header(names)
        number = 1
        for number, row in enumerate(rows, start=2):
            self._row(names, row, number)
        if number == 1:
            self._add(Rule.HAS_ROWS, "", "データの行がありません")
        return self.findings

    def _header(self, names: Sequence[str]) -> None:
        if sum(bool(name.strip()) for name in names) < 2:
            self._add(Rule.HEADER_FIRST, "1行目", "見出しが1行目にありません。表題や空行を上から除いてください")
        for position, name in enumerate(names, start=1):
            place = f"1行目 {position}列目"
            if not name.strip():
                self._add(Rule.HEADER_FILLED, place, "見出しが空欄です")
            elif name != " ".join(name.split()):
                self._add(Rule.HEADER_PLAIN, place, f"見出し「{name.strip()}」に改行か余分な空白があります")
            elif _PERIOD_HEADER.fullmatch(name):
                self._add(Rule.LONG_FORM, place, f"見出しが年度「{name}」です。年度の列を作り、縦に並べてください")
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            self._add(Rule.HEADER_UNIQUE, "1行目", f"見出し「{name}」が2つ以上あります")
        if "値" in names and "単位" not in names:
            self._add(Rule.UNIT_COLUMN, "1行目", "列「単位」がありません")
        if ("地域名" in names) != ("地域コード" in names):
            self._add(Rule.REGION_CODED, "1行目", "列「地域コード」と「地域名」の片方がありません")

    def _row(self, names: Sequence[str], row: Sequence[Cell], number: int) -> None:
        place = f"{number}行目"
        if len(row) != len(names):
            self._add(Rule.SAME_WIDTH, place, f"{len(row)}列あります（見出しは{len(names)}列）")
            return
        if all(cell is None or cell == "" for cell in row):
            self._add(Rule.ONE_TABLE, place, "空行です。表を分けるときはファイルかシートを分けてください")
            return
        for name, cell in zip(names, row, strict=True):
            if cell is not None and cell != "":
                self._cell(name, cell, f"{place} {name}")
        self._gap(dict(zip(names, row, strict=True)), place)

    def _cell(self, name: str, cell: Cell, place: str) -> None:
        for rule, reason in _complaints(name, cell, is_typed=self.is_typed):
            self._add(rule, place, reason, column=name)

    def _gap(self, cells: dict[str, Cell], place: str) -> None:
        """No value needs a reason in a column of its own, and a hidden value has to be empty."""
        if "値" not in cells or "値がない理由" not in cells:
            return
        has_value = cells["値"] not in (None, "")
        if not has_value and not cells["値がない理由"]:
            self._add(Rule.GAP_EXPLAINED, place, "値が空欄ですが、理由がありません")
        if has_value and cells.get("秘匿区分"):
            self._add(Rule.HIDDEN_EMPTY, place, "隠したはずの値が入っています")

    def _add(self, rule: Rule, place: str, reason: str, *, column: str = "") -> None:
        count = self._seen.get((rule, column), 0)
        self._seen[rule, column] = count + 1
        if count < MOST_OF_A_KIND:
            self.findings.append(Finding(rule, f"{self.name} {place}".strip(), reason))


def _complaints(name: str, cell: Cell, *, is_typed: bool) -> Iterator[tuple[Rule, str]]:
    """What is wrong with one filled cell of the column `name`."""
    text = _as_text(cell)
    if isinstance(cell, str):
        yield from _text_complaints(text)
    if name.endswith("コード"):
        if not isinstance(cell, str):
            yield Rule.CODE_TEXT, f"コード「{text}」が数値です。文字列にしてください"
        elif len(text) not in _CODE_LENGTHS.get(name, {len(text)}):
            yield Rule.CODE_WIDTH, f"コード「{text}」の桁が足りないか多すぎます"
    elif name in _YEARS:
        if not _YEAR.fullmatch(text):
            yield Rule.YEAR_WESTERN, f"「{text}」は西暦4桁ではありません"
    elif name in _DATES:
        if not _DATE.fullmatch(text):
            yield Rule.DATE_ISO, f"「{text}」はYYYY-MM-DDではありません"
    elif name in _NUMBERS:
        if not _NUMBER.fullmatch(text):
            yield Rule.NUMBER_PLAIN, f"「{text}」は数値だけではありません"
        elif is_typed and isinstance(cell, str):
            yield Rule.NUMBER_TYPED, f"「{text}」が文字列です。数値にしてください"


def _text_complaints(text: str) -> Iterator[tuple[Rule, str]]:
    if "\n" in text or "\r" in text:
        yield Rule.ONE_VALUE, "セルの中に改行があります"
    elif text != text.strip() or "  " in text or "\u3000\u3000" in text:
        yield Rule.NO_PADDING, f"「{text.strip()}」に体裁のための空白があります"
    if any(unicodedata.category(character) in ("Cc", "Co") and character not in "\r\n" for character in text):
        yield Rule.NO_CONTROL, "制御文字か外字があります"


def _as_text(cell: Cell) -> str:
    """The cell as its digits; a float that is whole has none after the point, and none has an exponent."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15f}".rstrip("0").rstrip(".")
    return "" if cell is None else str(cell)
