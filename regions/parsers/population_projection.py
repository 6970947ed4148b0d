"""社人研 「日本の地域別将来推計人口」: total population (結果表1) and the shares aged 65+ and 75+ (結果表3-3, 3-4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from regions.parsers.reading import Complaints, decimal_number, find_header, has_header, whole_number
from zaitaku.lib.cells import code, label
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

TOTAL, AGED_65, AGED_75 = "total", "65plus", "75plus"
_LABELS = ("コード", "市などの別", "都道府県", "市区町村")
_TITLES = {"結果表1総人口": TOTAL, "結果表3-365歳以上人口": AGED_65, "結果表3-475歳以上人口": AGED_75}
_YEAR = re.compile(r"(\d{4})年")
_BLOCK = re.compile(r"福島県「(?P<name>.+?)」は、(?P<members>.+?)の(?P<count>\d+)市町村を含む地域です")
_BLOCK_KIND = "9"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionRow:
    """One place and its figures for `ProjectionTable.years`; `kind` as the file has it (a, 0, 1, 2, 3, 9)."""

    code: str
    kind: str
    name: str
    values: tuple[float, ...]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Municipalities that are projected only together (福島県浜通り地域): the printed name and member names."""

    code: str
    name: str
    member_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionTable:
    """One of the three tables. `measure` is total (persons), 65plus or 75plus (percent of the total).

    Codes have 2 (prefecture) or 5 digits; the row of a block has the code of its own that the file gives it (07999).
    `column` is the first year's, from 1; the other years follow.
    """

    measure: str
    years: tuple[int, ...]
    column: int
    rows: tuple[ProjectionRow, ...]
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsRow:
    """Projected persons of one place, one count for each of `PersonsTable.years`; `row` counts from 1."""

    code: str
    counts: tuple[int, ...]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsTable:
    """One measure in persons. `block_code` is the code of municipalities projected only together."""

    measure: str
    years: tuple[int, ...]
    column: int
    block_code: str
    rows: tuple[PersonsRow, ...]


def _measure(sheet: Sheet) -> str | None:
    title = label(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
    if not title.startswith("結果表"):
        return None
    short = title.replace("年齢別人口割合", "")
    return next((measure for start, measure in _TITLES.items() if short.startswith(start)), None)


def sniff(book: Workbook) -> Edition | None:
    """The edition, if title and headers are those of 結果表 1, 3-3 or 3-4."""
    sheet = book.sheet(book.sheet_names[0], rows=6)
    measure = _measure(sheet)
    if measure is None or not has_header(sheet, _LABELS):
        return None
    table = {TOTAL: "結果表1 総人口", AGED_65: "結果表3-3 65歳以上人口割合", AGED_75: "結果表3-4 75歳以上人口割合"}[
        measure
    ]
    return Edition(
        kind="population_projection",
        key=f"population_projection/2023/{measure}",
        publisher="国立社会保障・人口問題研究所",
        title=f"日本の地域別将来推計人口（令和5（2023）年推計）{table}",
        edition="令和5（2023）年推計",
        as_of=None,
        licence="出典を明記して利用（国立社会保障・人口問題研究所）",
    )


def parse(book: Workbook) -> ProjectionTable:
    """Every place of the table. Raises `FileRefused` with the cells that are wrong."""
    sheet = book.sheet(book.sheet_names[0])
    measure = _measure(sheet)
    if measure is None:
        raise refuse("表題が「結果表1」「結果表3-3」「結果表3-4」のいずれでもありません。", sheet=sheet.name, cell="A1")
    header, columns = find_header(sheet, _LABELS)
    first, years = _years(sheet, header)
    complaints = Complaints([])
    rows = []
    for number in range(header + 2, len(sheet.rows)):
        if not label(sheet.rows[number][columns["コード"]]):
            continue
        row = _row(sheet, number, columns, first=first, years=len(years), measure=measure)
        if row.kind not in {"a", "0", "1", "2", "3", _BLOCK_KIND}:
            complaints.add(
                "「市などの別」は a・0・1・2・3・9 のいずれかです。",
                sheet=sheet,
                row=number,
                column=columns["市などの別"],
            )
        rows.append(row)
    complaints.raise_if_any()
    table = ProjectionTable(measure=measure, years=years, column=first + 1, rows=tuple(rows), block=_block(sheet, rows))
    _check_sums(sheet, table)
    return table


def persons(total: ProjectionTable, table: ProjectionTable) -> PersonsTable:
    """The table in persons: the total as it is, a share (percent) × total to the nearest whole person.

    The file's shares come from whole persons, so nothing is lost by rounding. Raises `FileRefused` if the two tables do
    not list the same places and years.
    """
    totals = {row.code: row.values for row in total.rows}
    if table.years != total.years or totals.keys() != {row.code for row in table.rows}:
        raise refuse("総人口の表と年齢別割合の表で、地域または年が一致しません。同じ推計の表を指定してください。")
    rows = []
    for row in table.rows:
        pairs = zip(totals[row.code], row.values, strict=True)
        counts = (round(people if table.measure == TOTAL else people * value / 100) for people, value in pairs)
        rows.append(PersonsRow(code=row.code, counts=tuple(counts), row=row.row))
    return PersonsTable(
        measure=table.measure, years=table.years, column=table.column, block_code=table.block.code, rows=tuple(rows)
    )


def _row(sheet: Sheet, number: int, columns: dict[str, int], *, first: int, years: int, measure: str) -> ProjectionRow:
    cells = sheet.rows[number]
    read = whole_number if measure == TOTAL else decimal_number
    kind = code(cells[columns["市などの別"]], width=1)
    full_code = code(cells[columns["コード"]], width=5)
    return ProjectionRow(
        code=full_code[:2] if kind == "a" else full_code,
        kind=kind,
        name=label(cells[columns["市区町村" if kind != "a" else "都道府県"]]),
        values=tuple(read(sheet, number, first + offset) for offset in range(years)),
        row=number + 1,
    )


def _years(sheet: Sheet, header: int) -> tuple[int, tuple[int, ...]]:
    """First column (from 0) and the years printed below the header, until they start again."""
    years: list[int] = []
    first = -1
    for column, cell in enumerate(sheet.rows[header + 1]):
        match = _YEAR.fullmatch(label(cell))
        if match is None:
            continue
        if years and int(match[1]) <= years[-1]:
            break
        first = column if not years else first
        years.append(int(match[1]))
    if not years:
        raise refuse("見出しの下に「2020年」のような年がありません。", sheet=sheet.name)
    return first, tuple(years)


def _block(sheet: Sheet, rows: Sequence[ProjectionRow]) -> Block:
    """The block of municipalities, its members read from the note above the header."""
    notes = " ".join(label(cell) for row in sheet.rows[:4] for cell in row)
    match = _BLOCK.search(notes)
    row = next((row for row in rows if row.kind == _BLOCK_KIND), None)
    members = tuple(match["members"].split("、")) if match else ()
    if match is None or row is None or len(members) != int(match["count"]):
        raise refuse("福島県「浜通り地域」に含む市町村の注記が読み取れません。", sheet=sheet.name)
    return Block(code=row.code, name=row.name, member_names=members)


def _check_sums(sheet: Sheet, table: ProjectionTable) -> None:
    """Municipalities add up to their prefecture and wards to their city (totals only; shares do not add)."""
    if table.measure != TOTAL:
        return
    sums: dict[str, list[float]] = {}
    for row, city in _with_city(table.rows):
        if row.kind != "a":
            so_far = sums.setdefault(city or row.code[:2], [0.0] * len(table.years))
            so_far[:] = [a + b for a, b in zip(so_far, row.values, strict=True)]
    complaints = Complaints([])
    for row in table.rows:
        for offset, (found, said) in enumerate(zip(sums.get(row.code, row.values), row.values, strict=True)):
            if found != said:
                complaints.add(
                    "内訳の合計と合いません。", sheet=sheet, row=row.row - 1, column=table.column - 1 + offset
                )
    complaints.raise_if_any()


def _with_city(rows: Sequence[ProjectionRow]) -> list[tuple[ProjectionRow, str]]:
    """Each row with the code of its designated city, empty if it is no such ward (the 23 wards of 東京都 have none)."""
    cities = {(row.code[:2], row.name): row.code for row in rows if row.kind == "1"}
    named = []
    for row in rows:
        city = row.name.rpartition("市")[0] + "市" if row.kind == "0" else ""
        named.append((row, cities.get((row.code[:2], city), "")))
    return named
