"""厚生労働省 地域医療構想 workbook: one sheet a 構想区域 with its totals and the list of its hospitals and clinics.

The workbook nowhere says of which year its figures are. For the published file a rule says it
(`indicators/definitions/vision_years.csv`), for another the year has to be in the file's name; else it is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.definitions.vision_years import vision_years
from indicators.parsers.marks import REGIONAL_VISION, read_figure
from indicators.parsers.observations import OBSERVED, SUPPRESSED, ObservationTable, Place, PublishedItem, TableBuilder
from zaitaku.lib.cells import code as as_code
from zaitaku.lib.cells import label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

KIND = "regional_vision"
HEAD_ROWS = 16
_TITLE = "構想区域別の医療機関の病床機能報告上の病床数"
SUPPORT, AMBULANCES = "在宅療養支援", "救急車の受入件数"
TOTALS = ("一般病院", "有床診療所", "特定機能", "地域支援", "三次救急", "二次救急", SUPPORT, AMBULANCES)
_FLAGS = {"特定機能": "特定", "地域支援": "地", "三次救急": "三次", "二次救急": "二次", SUPPORT: "在支"}
_PREFECTURE, _AREA = "都道府県", "構想区域"
_NAME, _LOCATION = label("①医療機関名"), label("②所在地")
_YEAR_IN_NAME = re.compile(r"((令和|R)(\d{1,2}|元)|20\d{2})年")
_SHEET = re.compile(r"(\d{3,4})(\D.*)")
_NAMES = {known.code: known.name for known in PREFECTURES}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its status, and the row and column (from 1) it stands in."""

    value: float | None
    status: int
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingInstitution:
    """One hospital or clinic of the list; `functions` are those of `_FLAGS` it is marked with."""

    name: str
    municipality: str
    functions: frozenset[str]
    ambulances: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionArea:
    """One 構想区域: 4-digit code, name, totals by label, institutions; `sheet` counts from 0."""

    code: str
    name: str
    sheet: int
    totals: Mapping[str, Figure]
    institutions: tuple[ReportingInstitution, ...]


# The totals that become observations: the item of each label.
_ITEMS = {
    "一般病院": ("hospitals", "病床機能報告の対象となる一般病院数", "か所"),
    "有床診療所": ("bed_clinics", "病床機能報告の対象となる有床診療所数", "か所"),
    "特定機能": ("special_function_hospitals", "特定機能病院数", "か所"),
    "地域支援": ("community_support_hospitals", "地域医療支援病院数", "か所"),
    "三次救急": ("tertiary_emergency", "三次救急医療施設数", "か所"),
    "二次救急": ("secondary_emergency", "二次救急医療施設数", "か所"),
    SUPPORT: ("home_care_support", "在宅療養支援病院・診療所数（病床機能報告の対象）", "か所"),
    AMBULANCES: ("ambulance_accepted", "救急車の受入件数（病床機能報告）", "件"),
}


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the first sheet has the workbook's title."""
    sheet = book.sheet(book.sheet_names[0], rows=2)
    if not sheet.rows or not any(_TITLE in label(cell) for cell in sheet.rows[0]):
        return None
    year = _year(book)
    return Edition(
        kind=KIND,
        key=f"{KIND}/{year or book.sha256[:12]}",
        publisher="厚生労働省",
        title="構想区域別の医療機関の病床機能報告上の病床数、診療実績、医師数等",
        edition=f"資料に年の記載なし（{year}年度とみなす）" if year else "年の記載なし",
        as_of=None,
    )


def parse(book: Workbook) -> ObservationTable:
    """The totals of every area as observations of the year the rule or the file's name says.

    Raises `FileRefused` with sheet and cell, or if neither says a year.
    """
    edition, year = sniff(book), _year(book)
    if edition is None or year is None:
        raise refuse(
            "この資料には、いつの病床機能報告によるものか書かれていません。ファイル名の先頭に年度を付けて"
            "（例：令和7年度_001723127.xlsx）取り込み直してください。"
        )
    areas = parse_areas(book)
    builder = TableBuilder()
    for word, (code, name, unit) in _ITEMS.items():
        item = PublishedItem(code=f"vision.{code}", name=name, unit=unit, basis="provider")
        for area in areas:
            place = Place(kind="area", code=area.code, name=area.name, scheme_kind="vision_area")
            total = area.totals[word]
            at = (area.sheet, total.row, total.column)
            builder.add(item, place, year=year, value=total.value, status=total.status, at=at)
    return builder.build(edition, counts={"一覧の医療機関（合計の照合のみ）": sum(len(a.institutions) for a in areas)})


def _year(book: Workbook) -> int | None:
    named = _YEAR_IN_NAME.search(unicodedata.normalize("NFKC", book.filename))
    return vision_years().get(book.sha256) or (parse_year(named[0]) if named else None)


def parse_areas(book: Workbook) -> tuple[VisionArea, ...]:
    """Every area; the totals of institutions must be those of the list. Raises `FileRefused` with sheet and cell."""
    areas = tuple(_area(sheet, number) for number, sheet in enumerate(book.sheets()))
    codes = [area.code for area in areas]
    for area in areas:
        if codes.count(area.code) > 1:
            raise refuse("同じ構想区域のシートが2つあります。", sheet=book.sheet_names[area.sheet], text=area.code)
    return areas


def _area(sheet: Sheet, number: int) -> VisionArea:
    top = _find(sheet, _AREA, after=0)
    columns = _columns(sheet, top, top + 1, needed=(_PREFECTURE, _AREA, *TOTALS))
    row = next(
        (
            r
            for r in range(top + 2, min(HEAD_ROWS, len(sheet.rows) - 1))
            if label(sheet.rows[r][columns[_PREFECTURE]]) in _NAMES.values()
        ),
        0,
    )
    match = _SHEET.fullmatch(label(sheet.name))
    code = match[1].zfill(4) if match else ""
    prefecture, name = label(sheet.rows[row][columns[_PREFECTURE]]), label(sheet.rows[row][columns[_AREA]])
    printed = as_code(sheet.rows[row + 1][0], width=4)
    if match is None or printed != code or _NAMES.get(code[:2]) != prefecture or match[2] != prefecture + name:
        place, cell = sheet.place(row + 1, 0)
        raise refuse("シート名・都道府県・構想区域・コードが一致しません。", sheet=place, cell=cell, text=printed)
    totals = {word: _figure(sheet, row, columns[word]) for word in TOTALS}
    institutions = tuple(_institutions(sheet, row + 2))
    _check(sheet, totals, institutions)
    return VisionArea(code=code, name=name, sheet=number, totals=totals, institutions=institutions)


def _find(sheet: Sheet, word: str, *, after: int) -> int:
    for number in range(after, min(len(sheet.rows), after + HEAD_ROWS)):
        if any(label(cell) == word for cell in sheet.rows[number]):
            return number
    raise refuse(f"見出し「{word}」の行が見つかりません。", sheet=sheet.name)


def _columns(sheet: Sheet, *rows: int, needed: Sequence[str]) -> dict[str, int]:
    """Each label of these header rows and its column, from 0. Refuses a header without a needed label."""
    labels = {
        found: column
        for row in rows
        if row < len(sheet.rows)
        for column, cell in enumerate(sheet.rows[row])
        if (found := label(cell))
    }
    missing = [word for word in needed if word not in labels]
    if missing:
        place, cell = sheet.place(rows[0], 0)
        raise refuse(f"見出し「{'」「'.join(missing)}」がありません。", sheet=place, cell=cell)
    return labels


def _institutions(sheet: Sheet, after: int) -> Sequence[ReportingInstitution]:
    top = _find(sheet, _NAME, after=after)
    columns = _columns(sheet, top, top + 1, needed=(_NAME, _LOCATION, *_FLAGS, AMBULANCES))
    found = []
    for number in range(top + 2, len(sheet.rows)):
        row = sheet.rows[number]
        if not isinstance(row[0], float) or not text(row[columns[_NAME]]):
            continue
        found.append(
            ReportingInstitution(
                name=text(row[columns[_NAME]]),
                municipality=text(row[columns[_LOCATION]]),
                functions=frozenset(word for word in _FLAGS if label(row[columns[word]])),
                ambulances=_figure(sheet, number, columns[AMBULANCES]),
            )
        )
    return found


def _check(sheet: Sheet, totals: Mapping[str, Figure], institutions: Sequence[ReportingInstitution]) -> None:
    """The list must hold as many institutions of a function as the total says; ambulances may only be short of it."""
    for word in _FLAGS:
        listed = sum(word in institution.functions for institution in institutions)
        if totals[word].status == OBSERVED and totals[word].value != listed:
            name, cell = sheet.place(totals[word].row - 1, totals[word].column - 1)
            raise refuse(f"「{word}」の数が医療機関の一覧（{listed}か所）と合いません。", sheet=name, cell=cell)
    known = sum(institution.ambulances.value or 0 for institution in institutions)
    total = totals[AMBULANCES]
    hidden = any(institution.ambulances.status == SUPPRESSED for institution in institutions)
    if total.value is not None and (known > total.value or (known < total.value and not hidden)):
        name, cell = sheet.place(total.row - 1, total.column - 1)
        raise refuse(f"救急車の受入件数が一覧の合計（{known:,.0f}）と合いません。", sheet=name, cell=cell)


def _figure(sheet: Sheet, row: int, column: int) -> Figure:
    cell = sheet.rows[row][column]
    figure = read_figure(cell, REGIONAL_VISION)
    if figure is None:
        name, at = sheet.place(row, column)
        raise refuse("数値でも「-」「*」でもありません。", sheet=name, cell=at, text=text(cell)[:40])
    return Figure(*figure, row + 1, column + 1)
