"""A prefecture's own surveys on the project's form (xlsx or csv): one figure a row.

The form and its codebook are written by `indicators.exports.survey_form`. Every row is checked before any is taken, so
that one upload shows all mistakes at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from indicators.definitions.survey_items import SurveyItem, survey_items
from indicators.parsers.observations import (
    MISSING,
    NOT_APPLICABLE,
    OBSERVED,
    PROVISIONAL,
    SUPPRESSED,
    ObservationTable,
    Place,
    PublishedItem,
    TableBuilder,
)
from zaitaku.lib.cells import code, label, text
from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date, parse_year
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Cell, Row, Sheet, Workbook, cell_name

ITEM, LEVEL, REGION, REGION_NAME = "項目コード", "地域区分", "地域コード", "地域名"
YEAR, VALUE, STATUS, SURVEY, AS_OF, NOTE = "年度", "値", "秘匿区分", "調査名", "調査時点", "備考"
HEADERS = (ITEM, "項目名", LEVEL, REGION, REGION_NAME, YEAR, VALUE, STATUS, SURVEY, AS_OF, NOTE)
_NEEDED = (ITEM, LEVEL, REGION, YEAR, VALUE, SURVEY, AS_OF)

STATUSES: Mapping[str, int] = {
    "": OBSERVED,
    "暫定": PROVISIONAL,
    "秘匿": SUPPRESSED,
    "データなし": MISSING,
    "対象外": NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Level:
    """A level a figure can be reported for: the kind of region and the shape of its code."""

    kind: str
    scheme_kind: str
    code_width: int


LEVELS: Mapping[str, Level] = {
    "都道府県": Level("prefecture", "", 2),
    "二次医療圏": Level("area", "secondary_medical_area", 4),
    "構想区域": Level("area", "vision_area", 4),
    "市区町村": Level("municipality", "", 5),
    "行政区": Level("ward", "", 5),
}
T = TypeVar("T")

_HEADER_SEARCH_ROWS = 20
_MOST_PROBLEMS = 500
_FIRST_YEAR, _LAST_YEAR = 2000, 2060


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the form, read and checked."""

    item: SurveyItem
    place: Place
    year: int
    value: float | None
    status: int
    row: int
    column: int
    survey: str
    as_of: dt.date


def sniff(book: Workbook) -> Edition | None:
    """The edition of a filled-in survey form, None for other files. Raises `FileRefused` for a form with mistakes."""
    if (found := _find_header(book)) is None:
        return None
    sheet, header, columns = found
    return _edition(_entries(sheet, header, columns))


def parse(book: Workbook) -> ObservationTable:
    """All figures of the form. Raises `FileRefused` naming every cell that has to be mended."""
    if (found := _find_header(book)) is None:
        raise refuse(
            f"見出し（{'・'.join(_NEEDED)}）のある表が見つかりません。様式をダウンロードして記入してください。"
        )
    sheet, header, columns = found
    entries = _entries(sheet, header, columns)
    builder = TableBuilder()
    position = book.sheet_names.index(sheet.name)
    for entry in entries:
        item = entry.item
        published = PublishedItem(
            code=item.code, name=item.name, unit=item.unit, basis=item.basis, counts_people=item.counts_people
        )
        builder.add(
            published,
            entry.place,
            year=entry.year,
            value=entry.value,
            status=entry.status,
            at=(position, entry.row, entry.column),
        )
    return builder.build(_edition(entries), counts={"記入された値": len(entries)})


def _find_header(book: Workbook) -> tuple[Sheet, int, dict[str, int]] | None:
    for name in book.sheet_names:
        for number, row in enumerate(book.sheet(name, rows=_HEADER_SEARCH_ROWS).rows):
            columns = {label(cell): position for position, cell in enumerate(row) if label(cell)}
            if all(header in columns for header in _NEEDED):
                return book.sheet(name), number, columns
    return None


def _entries(sheet: Sheet, header: int, columns: Mapping[str, int]) -> list[_Entry]:
    """Every filled-in row; raises with all problems of the sheet if there are any."""
    problems: list[Problem] = []
    entries: list[_Entry] = []
    for number, row in enumerate(sheet.rows[header + 1 :], start=header + 2):
        if not _is_filled_in(row, columns):
            continue
        reader = _RowReader(sheet.name, number, row, columns)
        entry = reader.read()
        problems.extend(reader.problems)
        if entry is not None:
            entries.append(entry)
    problems.extend(_across_rows(sheet.name, entries))
    if problems:
        raise FileRefused(*problems[:_MOST_PROBLEMS])
    if not entries:
        raise refuse("値が1つも記入されていません。「値」か「秘匿区分」を記入してください。", sheet=sheet.name)
    return entries


def _is_filled_in(row: Row, columns: Mapping[str, int]) -> bool:
    """The form comes with the codes filled in: a row counts once it has a value or a reason for having none."""
    return any(text(row[columns[name]]) for name in (VALUE, STATUS) if name in columns and columns[name] < len(row))


class _RowReader:
    """Reads one row; what is wrong is collected in `problems`."""

    def __init__(self, sheet: str, number: int, row: Row, columns: Mapping[str, int]) -> None:
        self.sheet, self.number, self.row, self.columns = sheet, number, row, columns
        self.problems: list[Problem] = []

    def read(self) -> _Entry | None:
        item = self._known(ITEM, survey_items(), "項目コードが様式のコードブックにありません。")
        level = self._known(LEVEL, LEVELS, f"地域区分は{'・'.join(LEVELS)}のどれかです。")
        status = self._known(STATUS, STATUSES, f"秘匿区分は空欄か{'・'.join(s for s in STATUSES if s)}です。")
        year = self._year()
        as_of = self._checked(AS_OF, _day, "調査時点を 2026-10-01 や 令和8年10月1日 のように書いてください。")
        survey = self._checked(SURVEY, lambda cell: text(cell) or None, "調査名を記入してください。")
        place = self._place(level) if level is not None else None
        value = self._value(item, status) if item is not None and status is not None else None
        if self.problems:
            return None
        if item is None or place is None or year is None or as_of is None or survey is None or status is None:
            raise AssertionError("A missing part of a row must have been noted as a problem.")
        column = self.columns[VALUE] + 1
        return _Entry(item, place, year, value, status, self.number, column, survey, as_of)

    def _cell(self, name: str) -> Cell:
        position = self.columns.get(name)
        return "" if position is None or position >= len(self.row) else self.row[position]

    def _complain(self, name: str, reason: str) -> None:
        at = cell_name(self.number, self.columns.get(name, 0) + 1)
        self.problems.append(Problem(reason, sheet=self.sheet, cell=at, text=text(self._cell(name))))

    def _known(self, name: str, known: Mapping[str, T], reason: str) -> T | None:
        return self._checked(name, lambda cell: known.get(label(cell)), reason)

    def _checked(self, name: str, read: Callable[[Cell], T | None], reason: str) -> T | None:
        found = read(self._cell(name))
        if found is None:
            self._complain(name, reason)
        return found

    def _year(self) -> int | None:
        return self._checked(
            YEAR,
            lambda cell: year if (year := parse_year(text(cell))) and _FIRST_YEAR <= year <= _LAST_YEAR else None,
            f"年度を 2026 や 令和8年度 のように、{_FIRST_YEAR}年度から{_LAST_YEAR}年度の間で書いてください。",
        )

    def _place(self, level: Level) -> Place | None:
        region = code(self._cell(REGION), width=level.code_width)
        if len(region) == level.code_width + 1 == 6:  # 全国地方公共団体コード with its check digit
            region = region[:5] if is_municipality_code(region) else region
        if len(region) != level.code_width or not region.isdecimal() or not "01" <= region[:2] <= "47":
            shape = f"01から47で始まる数字{level.code_width}桁"
            self._complain(REGION, f"地域コードは{shape}です。先頭の0が消えていないか確かめてください。")
            return None
        return Place(kind=level.kind, code=region, name=text(self._cell(REGION_NAME)), scheme_kind=level.scheme_kind)

    def _value(self, item: SurveyItem, status: int) -> float | None:
        written = text(self._cell(VALUE))
        if status in (SUPPRESSED, MISSING, NOT_APPLICABLE):
            if written:
                self._complain(VALUE, "値と秘匿区分の両方が書かれています。どちらかを消してください。")
            return None
        number = _number(written)
        if number is None:
            self._complain(VALUE, "数字で記入してください。値を出せないときは空欄にして秘匿区分を選びます。")
        elif number < 0:
            self._complain(VALUE, "負の値は記入できません。")
        elif not number.is_integer() and not item.takes_fractions:
            self._complain(VALUE, f"「{item.name}」は整数で記入してください。")
        return number


def _number(written: str) -> float | None:
    """The number in a cell that may hold full-width digits and thousands separators."""
    try:
        number = float(unicodedata.normalize("NFKC", written).replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _day(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else parse_date(text(cell))


def _across_rows(sheet: str, entries: Sequence[_Entry]) -> Iterator[Problem]:
    """Mistakes that show only when rows are compared: doubles, a part above its whole, two prefectures, two surveys."""
    seen: dict[tuple[str, Place, int], _Entry] = {}
    for entry in entries:
        key = (entry.item.code, entry.place, entry.year)
        if key in seen:
            yield _problem(
                sheet, entry, f"同じ項目・地域・年度が{seen[key].row}行目にもあります。どちらかを消してください。"
            )
        seen[key] = entry
    for entry in entries:
        whole = seen.get((entry.item.not_above, entry.place, entry.year))
        if whole and entry.value is not None and whole.value is not None and entry.value > whole.value:
            yield _problem(sheet, entry, f"「{whole.item.name}」（{whole.value:g}）を超えています。")
    for attribute, name in (("prefecture", "都道府県"), ("survey", "調査名")):
        values = [entry.place.code[:2] if attribute == "prefecture" else entry.survey for entry in entries]
        for entry, value in zip(entries, values, strict=True):
            if value != values[0]:
                reason = f"1つのファイルに書ける{name}は1つです（最初は{values[0]}）。分けてください。"
                yield _problem(sheet, entry, reason)


def _problem(sheet: str, entry: _Entry, reason: str) -> Problem:
    shown = "" if entry.value is None else f"{entry.value:g}"
    return Problem(reason, sheet=sheet, cell=cell_name(entry.row, entry.column), text=shown)


def _edition(entries: Sequence[_Entry]) -> Edition:
    as_of = max(entry.as_of for entry in entries)
    prefecture, survey = entries[0].place.code[:2], entries[0].survey
    name = hashlib.sha256(survey.encode()).hexdigest()[:12]
    return Edition(
        kind="prefecture_survey",
        key=f"prefecture_survey/{prefecture}/{name}/{as_of.isoformat()}",
        publisher=f"都道府県（コード{prefecture}）",
        title=survey,
        edition=f"{as_of.year}年{as_of.month}月{as_of.day}日時点",
        as_of=as_of,
        licence="都道府県の定めによる",
        prefecture_code=prefecture,
    )
