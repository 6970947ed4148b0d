"""厚生労働省 「構想区域の医療需要推計」: 訪問診療 and 外来, monthly レセプト件数 of the 339 構想区域 to FY2050.

One sheet a kind of demand, one line a 構想区域, one column a fiscal year. The file prints no totals: those of
prefectures and the nation are added here as sums (row and column 0), exact because no 構想区域 crosses a prefecture.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.parsers.observations import NATION, OBSERVED, ObservationTable, Place, PublishedItem, TableBuilder
from zaitaku.lib.cells import code as as_code
from zaitaku.lib.cells import label
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Cell, Sheet, Workbook

KIND = "home_visit_demand"
HEAD_ROWS = 12
_HOME = PublishedItem(
    code="demand.home_visit", name="訪問診療の需要推計（レセプト件数/月）", unit="件/月", basis="provider"
)
_OUTPATIENT = PublishedItem(
    code="demand.outpatient", name="外来の需要推計（レセプト件数/月）", unit="件/月", basis="provider"
)
_POPULATION = PublishedItem(code="demand.population", name="需要推計に用いた人口", unit="人", basis="resident")
_TITLES = (("在宅(訪問診療)需要推計", _HOME), ("外来需要推計", _OUTPATIENT))
_YEAR_LABEL = re.compile(r"(?:19|20)\d{2}年|(?:令和|R)\d{1,2}年")


@dataclass(frozen=True, slots=True)
class _Series:
    """One column of figures: its place in the sheet (from 0), item and year."""

    column: int
    item: PublishedItem
    year: int


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a sheet's areas and figures stand (rows and columns from 0)."""

    row: int
    prefecture: int
    code: int
    name: int
    series: tuple[_Series, ...]


def sniff(book: Workbook) -> Edition | None:
    """The edition, if a sheet's title is that of the estimates; which edition by the first year and the last."""
    for name in book.sheet_names:
        sheet = book.sheet(name, rows=HEAD_ROWS)
        if _item(sheet) is not None:
            years = [series.year for series in _head(sheet).series if series.item != _POPULATION]
            return _edition(min(years), max(years))
    return None


def parse(book: Workbook) -> ObservationTable:
    """Every figure of every sheet, with the sums of prefectures and nation. Raises `FileRefused` with the cell."""
    builder = TableBuilder()
    years: list[int] = []
    populations: dict[tuple[str, int], float] = {}
    for number, sheet in enumerate(book.sheets()):
        if _item(sheet) is None:
            reason = "「在宅（訪問診療）需要推計」「外来需要推計」のどちらのシートか分かりません。"
            raise refuse(reason, sheet=sheet.name, cell="A1")
        head = _head(sheet)
        years += [series.year for series in head.series if series.item != _POPULATION]
        sums: dict[tuple[PublishedItem, int, str], list[float]] = {}
        for row, place in _areas(sheet, head):
            for series in head.series:
                value = _figure(sheet, row, series.column)
                if series.item == _POPULATION and not _is_first(
                    populations, place.code, series.year, value, sheet, row
                ):
                    continue
                at = (number, row + 1, series.column + 1)
                builder.add(series.item, place, year=series.year, value=value, status=OBSERVED, at=at)
                sums.setdefault((series.item, series.year, NATION.code), []).append(value)
                sums.setdefault((series.item, series.year, place.code[:2]), []).append(value)
        for (item, year, code), parts in sums.items():
            place = NATION if code == NATION.code else Place(kind="prefecture", code=code)
            builder.add(item, place, year=year, value=math.fsum(parts), status=OBSERVED, at=(number, 0, 0))
    return builder.build(_edition(min(years), max(years)))


def _edition(first: int, last: int) -> Edition:
    return Edition(
        kind=KIND,
        key=f"{KIND}/{first}-{last}",
        publisher="厚生労働省",
        title="将来の在宅（訪問診療）・外来需要推計（構想区域別）",
        edition=f"{first}年度から{last}年度",
        as_of=dt.date(first + 1, 3, 31),
    )


def _item(sheet: Sheet) -> PublishedItem | None:
    for row in sheet.rows[:2]:
        for words, item in _TITLES:
            if any(words in label(cell) for cell in row):
                return item
    return None


def _head(sheet: Sheet) -> _Head:
    item = _item(sheet)
    assert item is not None
    for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
        labels = [label(cell) for cell in row]
        if "構想区域コード" in labels:
            prefecture, code, name = (
                _column(labels, word, sheet, number) for word in ("都道府県", "構想区域コード", "構想区域名")
            )
            series = tuple(_series(sheet, number, max(prefecture, code, name) + 1, len(labels), item))
            years = [(entry.item, entry.year) for entry in series]
            if len(set(years)) != len(years) or sum(entry.item == item for entry in series) < 2:
                raise refuse(
                    "年度の見出しが足りないか、重なっています。", sheet=sheet.name, cell=sheet.place(number, 0)[1]
                )
            return _Head(number, prefecture, code, name, series)
    raise refuse("見出し「構想区域コード」の行が見つかりません。", sheet=sheet.name)


def _column(labels: list[str], word: str, sheet: Sheet, row: int) -> int:
    if labels.count(word) != 1:
        raise refuse(f"見出し「{word}」が1つではありません。", sheet=sheet.name, cell=sheet.place(row, 0)[1])
    return labels.index(word)


def _series(sheet: Sheet, header: int, start: int, end: int, item: PublishedItem) -> Iterator[_Series]:
    """Every labelled column right of the names: 人口(年), or a year above レセプト件数/月."""
    for column in range(start, end):
        labels = [label(row[column]) for row in sheet.rows[: header + 1] if column < len(row) and label(row[column])]
        dated = next((text for text in reversed(labels) if _YEAR_LABEL.search(text) and "にかけた" not in text), "")
        last = labels[-1] if labels else ""
        year = parse_year(dated)
        name, cell = sheet.place(header, column)
        if year is None or not (last.startswith("人口") or last == "レセプト件数/月"):
            reason = "人口か、年度とレセプト件数/月の見出しではありません。"
            raise refuse(reason, sheet=name, cell=cell, text=" ".join(labels)[:60])
        yield _Series(column, _POPULATION if last.startswith("人口") else item, year)


def _areas(sheet: Sheet, head: _Head) -> Iterator[tuple[int, Place]]:
    """Each line's number (from 0) and 構想区域; its code must lie in the prefecture it names."""
    names = {known.code: known.name for known in PREFECTURES}
    seen: set[str] = set()
    for number in range(head.row + 1, len(sheet.rows)):
        row = sheet.rows[number]
        if not any(label(cell) for cell in row):
            continue
        code = as_code(row[head.code], width=4)
        place, cell = sheet.place(number, head.code)
        if not re.fullmatch(r"\d{4}", code) or names.get(code[:2]) != label(row[head.prefecture]):
            raise refuse("構想区域コード（4桁）が都道府県名と合いません。", sheet=place, cell=cell, text=row[head.code])
        if code in seen:
            raise refuse("同じ構想区域コードが2つあります。", sheet=place, cell=cell, text=code)
        seen.add(code)
        yield number, Place(kind="area", code=code, name=label(row[head.name]), scheme_kind="vision_area")


def _figure(sheet: Sheet, row: int, column: int) -> float:
    cell: Cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and cell >= 0:
        return float(cell)
    name, at = sheet.place(row, column)
    raise refuse("0以上の数ではありません。", sheet=name, cell=at, text=cell)


def _is_first(known: dict[tuple[str, int], float], code: str, year: int, value: float, sheet: Sheet, row: int) -> bool:
    """Both sheets print the same population: taken from the first, compared with it in the second."""
    if (code, year) not in known:
        known[code, year] = value
        return True
    if known[code, year] != value:
        reason = f"{year}年の人口がほかのシート（{known[code, year]:,.0f}）と違います。"
        raise refuse(reason, sheet=sheet.name, cell=str(row + 1), text=value)
    return False
