"""届出受理医療機関名簿: every institution of a prefecture and the notifications it holds, as a 地方厚生局 publishes it.

One row is one notification of one institution; further rows of the same notification carry its remarks (備考) only.
An institution without any notification has one row with an empty 受理記号. Only 区分 医科 is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from institutions.parsers.beds import Beds, parse_beds, total_beds
from zaitaku.lib.cells import code as zero_padded
from zaitaku.lib.cells import label, text
from zaitaku.lib.codes import has_institution_check_digit
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.workbooks import Cell, Row, Sheet, Workbook, cell_name

KIND = "notification_list"
MEDICAL = "医科"
_MEDICAL_TABLE = "1"
OTHER_CATEGORIES = frozenset({"歯科", "薬局", "訪問看護", "訪看"})

COLUMNS = (
    "項番", "都道府県コード", "都道府県名", "区分", "医療機関番号", "併設医療機関番号",
    "医療機関記号番号", "医療機関名称", "医療機関所在地(郵便番号)", "医療機関所在地(住所)", "電話番号", "FAX番号",
    "病床数", "受理届出名称", "受理記号", "受理番号", "算定開始年月日", "個別有効開始年月日",
    "備考(見出し)", "備考(データ)", "市町村コード", "市町村名", "種別コード", "種別",
)  # fmt: skip
"""The 24 column headings in the order all eight bureaus publish them, as `zaitaku.lib.cells.label` reads them."""


class _At:
    """Where a column stands (from 0); plain numbers, since they are looked up a million times."""

    SERIAL = 0
    PREFECTURE = 1
    CATEGORY = 3
    NUMBER = 4
    NAME = 7
    POSTCODE = 8
    ADDRESS = 9
    TELEPHONE = 10
    BEDS = 12
    SYMBOL = 14
    ACCEPTANCE = 15
    STARTED = 16
    EFFECTIVE = 17
    TYPE = 23


# The database's widths; a longer text is no name, address or telephone number.
_LONGEST = {_At.NAME: 200, _At.POSTCODE: 8, _At.ADDRESS: 300, _At.TELEPHONE: 40}
_SEARCHED_ROWS = 20
_RECOGNISED_LABELS = 12
_MOST_PROBLEMS = 20
_TITLE = re.compile(r"現在")
_CODE = re.compile(r"[0-9]{10}")
_TYPES = {"病院": "hospital", "総合病院": "hospital", "診療所": "clinic"}
# 医療法 第1条の5: 20 beds or more are a hospital.
_HOSPITAL_BEDS = 20
_BUREAUS = (
    ("北海道厚生局", range(1, 2)),
    ("東北厚生局", range(2, 8)),
    ("関東信越厚生局", (*range(8, 16), 19, 20)),
    ("東海北陸厚生局", (16, 17, *range(21, 25))),
    ("近畿厚生局", (18, *range(25, 31))),
    ("中国四国厚生局", range(31, 36)),
    ("四国厚生支局", range(36, 40)),
    ("九州厚生局", range(40, 48)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInstitution:
    """An institution as the list names it. `row` is its first row (from 1); `kind` a value of `Institution.Kind`."""

    code: str
    name: str
    postcode: str
    address: str
    telephone: str
    beds: Beds
    kind: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNotification:
    """A kept notification of an institution. `symbol` is NFKC without white space; `row` is its first row (from 1)."""

    code: str
    symbol: str
    number: str
    started_on: dt.date | None
    effective_on: dt.date | None
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationList:
    """One prefecture's list. `not_kept` counts the other notifications by symbol, `skipped` rows of other 区分."""

    prefecture_code: str
    as_of: dt.date
    sheet: str
    institutions: tuple[ListedInstitution, ...]
    notifications: tuple[ListedNotification, ...]
    not_kept: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    def cell(self, row: int, column: str) -> str:
        """The name of a cell by its row and column heading, e.g. `J5`."""
        return cell_name(row, COLUMNS.index(column) + 1)


def sniff(book: Workbook) -> Edition | None:
    """What edition the file is, or None if it is no such list. Raises `FileRefused` if its headings are damaged."""
    sheet = book.sheet(book.sheet_names[0], rows=_SEARCHED_ROWS)
    header = _find_header(sheet)
    if header is None:
        return None
    _refuse_moved_columns(sheet, header)
    as_of = _as_of(sheet, header)
    code = _prefecture_code(sheet, header)
    return Edition(
        kind=KIND,
        key=f"{KIND}/{code}/{as_of.isoformat()}",
        publisher=next(name for name, codes in _BUREAUS if int(code) in codes),
        title="届出受理医療機関名簿（医科）",
        edition=f"{prefecture(code)} {as_of.year}年{as_of.month}月{as_of.day}日現在",
        as_of=as_of,
        prefecture_code=code,
    )


def parse(book: Workbook, *, kept: frozenset[str]) -> NotificationList:
    """The whole list; of the notifications those whose symbol is in `kept`.

    Raises `FileRefused` with up to 20 places if any row cannot be understood.
    """
    sheet = book.sheet(book.sheet_names[0])
    header = _find_header(sheet)
    if header is None:
        raise refuse("届出受理医療機関名簿の見出し行が見つかりません。", sheet=sheet.name)
    _refuse_moved_columns(sheet, header)
    reading = _Reading(sheet, prefecture_code=_prefecture_code(sheet, header), kept=kept)
    reading.take(header + 1)
    return reading.table(as_of=_as_of(sheet, header))


def _find_header(sheet: Sheet) -> int | None:
    """The row (from 0) that holds most of the 24 headings."""
    known = set(COLUMNS)
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if len(known.intersection(map(label, row))) >= _RECOGNISED_LABELS:
            return number
    return None


def _refuse_moved_columns(sheet: Sheet, header: int) -> None:
    """The headings must stand as published: a shifted table would give every figure to the wrong column."""
    found = [label(cell) for cell in sheet.rows[header]]
    problems = []
    for position, name in enumerate(COLUMNS):
        here = found[position] if position < len(found) else ""
        if here != name:
            problems.append(_moved_column(sheet, header, position, here=here, found=found))
    if problems:
        raise FileRefused(*problems[:_MOST_PROBLEMS])


def _moved_column(sheet: Sheet, header: int, position: int, *, here: str, found: Sequence[str]) -> Problem:
    name = COLUMNS[position]
    advice = "見出しと列の並びを、厚生局が公表したときのまま戻してください。"
    if name in found:
        reason = f"ここは「{name}」の列のはずですが、{cell_name(header + 1, found.index(name) + 1)}にあります。{advice}"
    else:
        reason = f"ここは「{name}」の列のはずですが、その見出しがありません。{advice}"
    return Problem(reason, *sheet.place(header, position), here)


def _as_of(sheet: Sheet, header: int) -> dt.date:
    """The day in `[令和７年１０月１日 現在 ]令和７年１０月１日作成` above the headings."""
    for row in sheet.rows[:header]:
        for cell in row:
            if _TITLE.search(str(cell)) and (day := parse_date(str(cell).split("現在")[0])):
                return day
    raise refuse(
        "名簿の時点（「令和7年10月1日 現在」など）が見出しの上に見つかりません。題名の行を元に戻してください。",
        sheet=sheet.name,
        cell="A1",
    )


def _prefecture_code(sheet: Sheet, header: int) -> str:
    for number, row in enumerate(map(_padded, sheet.rows[header + 1 :]), header + 1):
        if code := text(row[_At.PREFECTURE]):
            code = label(code).zfill(2)
            if prefecture(code):
                return code
            place = sheet.place(number, _At.PREFECTURE)
            raise FileRefused(Problem("都道府県コードは01から47です。", *place, text(row[_At.PREFECTURE])))
    raise refuse("見出しの下に1行もありません。もう一度ダウンロードしてください。", sheet=sheet.name)


def _padded(row: Row) -> Row:
    """The row with empty cells up to the last column; rows of a CSV may end early."""
    return (*row, *[""] * (len(COLUMNS) - len(row)))


class _Reading:
    """The state while the rows of one list are read, top to bottom.

    Texts repeat on thousands of rows, so each different one is understood once.
    """

    def __init__(self, sheet: Sheet, *, prefecture_code: str, kept: frozenset[str]) -> None:
        self.sheet = sheet
        self.prefecture_code = prefecture_code
        self._code_start = f"{prefecture_code}{_MEDICAL_TABLE}"
        self.kept = kept
        self.institutions: dict[str, ListedInstitution] = {}
        self.notifications: list[ListedNotification] = []
        self.not_kept: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._serials: set[str] = set()
        self._seen: set[tuple[str, str, str, str]] = set()
        self._symbol = cache(label)
        self._date = cache(parse_date)
        self._beds = cache(parse_beds)

    def take(self, first: int) -> None:
        """Read the rows from number `first` (from 0) on."""
        for number, row in enumerate(self.sheet.rows[first:], first):
            if len(row) < len(COLUMNS):
                row = _padded(row)
            if row[_At.CATEGORY] == MEDICAL:
                self._take_medical(row, number)
            else:
                self._take_other(row, number)
            if len(self.problems) >= _MOST_PROBLEMS:
                break
        if self.problems:
            raise FileRefused(*self.problems)

    def _take_medical(self, row: Row, number: int) -> None:
        code = self._code(row[_At.NUMBER])
        if code not in self.institutions and not self._take_institution(code, row, number):
            return
        symbol = str(row[_At.SYMBOL])
        if not symbol:
            return
        identity = (code, symbol, str(row[_At.ACCEPTANCE]), str(row[_At.STARTED]))
        if identity in self._seen:
            return
        self._seen.add(identity)
        symbol = self._symbol(symbol)
        if symbol in self.kept:
            self._take_notification(code, symbol, row, number)
        else:
            self.not_kept[symbol] += 1

    def _code(self, cell: Cell) -> str:
        """都道府県2 + 点数表1 (医科) + 医療機関番号7; the cell is text or, saved again by someone, a number."""
        return f"{self._code_start}{cell if isinstance(cell, str) else zero_padded(cell, width=7)}"

    def _take_institution(self, code: str, row: Row, number: int) -> bool:
        """Enter the institution this row is the first of; false, with a problem noted, if it cannot be understood."""
        before = len(self.problems)
        if not _CODE.fullmatch(code):
            self._complain("医療機関番号は7桁の数字です。列のずれを確かめてください。", row, number, _At.NUMBER)
        if label(text(row[_At.PREFECTURE])).zfill(2) != self.prefecture_code:
            self._complain(
                "都道府県コードがほかの行と違います。1県ずつのファイルに分けてください。", row, number, _At.PREFECTURE
            )
        name = text(row[_At.NAME])
        if not name:
            self._complain("医療機関名称が空欄です。", row, number, _At.NAME)
        if len(self.problems) > before:
            return False
        beds = self._read_beds(row, number)
        if not has_institution_check_digit(code):
            self._warn(
                "医療機関番号の検査数字が合いません。番号に誤りがないか確かめてください。", row, number, _At.NUMBER
            )
        self._serials.add(str(row[_At.SERIAL]))
        self.institutions[code] = ListedInstitution(
            code=code,
            name=name,
            postcode=text(row[_At.POSTCODE]),
            address=text(row[_At.ADDRESS]),
            telephone=text(row[_At.TELEPHONE]),
            beds=beds,
            kind=_kind(text(row[_At.TYPE]), beds),
            row=number + 1,
        )
        return True

    def _read_beds(self, row: Row, number: int) -> Beds:
        beds = self._beds(str(row[_At.BEDS]))
        if beds is None:
            self._warn("病床数を読み取れないため、空欄として取り込みます。", row, number, _At.BEDS)
            return {}
        return beds

    def _take_notification(self, code: str, symbol: str, row: Row, number: int) -> None:
        self.notifications.append(
            ListedNotification(
                code=code,
                symbol=symbol,
                number=text(row[_At.ACCEPTANCE]),
                started_on=self._read_date(row, number, _At.STARTED),
                effective_on=self._read_date(row, number, _At.EFFECTIVE),
                row=number + 1,
            )
        )

    def _read_date(self, row: Row, number: int, column: int) -> dt.date | None:
        cell = row[column]
        if cell == "":
            return None
        if isinstance(cell, dt.datetime):
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        day = self._date(str(cell))
        if day is None:
            self._complain("日付は「令和 6年10月 1日」のように書いてください。", row, number, column)
        return day

    def _take_other(self, row: Row, number: int) -> None:
        """A row of another 区分 is counted, a note or empty row passed over, anything else is a shifted row."""
        category = label(row[_At.CATEGORY])
        if category in OTHER_CATEGORIES:
            self.skipped[category] += 1
            self._serials.add(str(row[_At.SERIAL]))
        elif category == MEDICAL:
            self._take_medical(row, number)
        elif category or text(row[_At.NUMBER]):
            self._complain(
                "区分は「医科」「歯科」「薬局」のいずれかです。列がずれていないか確かめてください。",
                row, number, _At.CATEGORY,
            )  # fmt: skip

    def _complain(self, reason: str, row: Row, number: int, column: int) -> None:
        self.problems.append(Problem(reason, *self.sheet.place(number, column), text(row[column])[:60]))

    def _warn(self, reason: str, row: Row, number: int, column: int) -> None:
        self.warnings.append(Problem(reason, *self.sheet.place(number, column), text(row[column])[:60]))

    def table(self, *, as_of: dt.date) -> NotificationList:
        """What was read. Raises `FileRefused` if there is no 医科 institution in it."""
        if not self.institutions:
            raise refuse("区分が「医科」の行がありません。医科の名簿を指定してください。", sheet=self.sheet.name)
        self._warn_of_gaps()
        return NotificationList(
            prefecture_code=self.prefecture_code,
            as_of=as_of,
            sheet=self.sheet.name,
            institutions=tuple(self.institutions.values()),
            notifications=tuple(self.notifications),
            not_kept=dict(sorted(self.not_kept.items())),
            skipped=dict(sorted(self.skipped.items())),
            warnings=tuple(self.warnings),
        )

    def _warn_of_gaps(self) -> None:
        """項番 counts the institutions from 1: a missing number is a deleted row."""
        numbers = {int(serial) for serial in self._serials if serial.isdecimal()}
        if missing := sorted(set(range(1, max(numbers, default=0))) - numbers):
            listed = "、".join(map(str, missing[:10])) + ("など" if len(missing) > 10 else "")
            self.warnings.append(
                Problem(
                    f"項番{listed}がありません（{len(missing)}件）。行が削除されていないか確かめてください。",
                    self.sheet.name,
                )
            )


def _kind(stated: str, beds: Beds) -> str:
    """病院 or 診療所: as stated (中国地方 only), else by the number of beds; unknown if beds have no number."""
    if stated in _TYPES:
        return _TYPES[stated]
    total = total_beds(beds)
    if total is None:
        return "unknown"
    return "hospital" if total >= _HOSPITAL_BEDS else "clinic"
