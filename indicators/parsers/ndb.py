"""NDBオープンデータ C在宅医療 (厚生労働省): every round, table type, 点数表 and measure.

What a file is follows from its labels (`ndb_layout`); what it says is checked against the totals it prints:
claims add up to 総計 wherever nothing is hidden and never exceed it; patients are counted once nationally but may
appear in several prefectures, areas and months, so there only each cell is bounded by 総計.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.parsers.marks import NDB, plain
from indicators.parsers.ndb_layout import HEAD_ROWS, Layout, procedure_code, read_layout, read_title
from indicators.parsers.observations import CELL, OBSERVED, SUPPRESSED, Cells, ObservationTable, Place, PublishedItem
from zaitaku.lib.cells import label
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Cell, Row, Sheet, Workbook, cell_name

KIND = "ndb_open_data"
FIRST_ROUND_YEAR = 2014  # 第1回 is fiscal year 2014
SUBJECTS = {"medical": "医科", "dental": "歯科"}
MEASURES = {"claims": "算定回数", "patients": "患者数"}
LEVELS = {"prefecture": "都道府県別", "area": "二次医療圏別", "age": "性年齢別", "month": "診療月別"}

_NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d+")
_CLASS = re.compile(r"[A-Z]\d{3}(-\d+)*")

Values = NDArray[np.float64]  # 総計 first, then every value column; NaN = hidden


@dataclass(frozen=True, slots=True)
class _Line:
    """One 診療行為 of a sheet; `row` from 0."""

    row: int
    code: str
    name: str
    section: str
    values: Values


@dataclass(frozen=True, slots=True)
class _Table:
    """One sheet read: its number in the file, its layout, its lines."""

    sheet: int
    layout: Layout
    lines: list[_Line]


def sniff(book: Workbook) -> Edition | None:
    """The edition if the book is a C在宅医療 table; None if it is something else.

    Raises `FileRefused` if the title says it is one but its labels cannot be read, so that the reader learns where.
    """
    for name in book.sheet_names:
        sheet = book.sheet(name, rows=HEAD_ROWS)
        title = read_title(sheet)
        if title is not None:
            return _edition(read_layout(sheet, title))
        if _has_figures(sheet):
            return None
    return None


def parse(book: Workbook) -> ObservationTable:
    """Every figure of the book. Raises `FileRefused` if any sheet cannot be read or does not add up."""
    tables: list[_Table] = []
    for number, sheet in enumerate(book.sheets()):
        title = read_title(sheet)
        if title is None and not _has_figures(sheet):
            continue  # an empty sheet or one of notes only
        if title is None:
            raise refuse("表題（診療年月と「C 在宅医療」）がありません。", sheet=sheet.name, cell="A1")
        layout = read_layout(sheet, title)
        if tables and _identity(layout) != _identity(tables[0].layout):
            raise refuse("ほかのシートと年度・区分・集計の種類が違います。", sheet=sheet.name)
        tables.append(_Table(number, layout, _read_lines(sheet, layout)))
    if not tables:
        raise refuse("NDBオープンデータ「C 在宅医療」の表がありません。")
    return _assemble(_without_repetitions(tables, book))


def _identity(layout: Layout) -> tuple[str, str, str, int]:
    return layout.subject, layout.measure, layout.level, layout.title.year


def _edition(layout: Layout) -> Edition:
    year = layout.title.year
    number = year - FIRST_ROUND_YEAR + 1
    names = f"{SUBJECTS[layout.subject]}・{MEASURES[layout.measure]}・{LEVELS[layout.level]}"
    return Edition(
        kind=KIND,
        key=f"{KIND}/{number:02}/{layout.subject}/{layout.measure}/{layout.level}",
        publisher="厚生労働省",
        title=f"NDBオープンデータ C在宅医療（{names}）",
        edition=f"第{number}回 {format_fiscal_year(year)}診療分",
        as_of=dt.date(year + 1, 3, 31),
    )


def _has_figures(sheet: Sheet) -> bool:
    return any(isinstance(cell, int | float) or "診療行為" in str(cell) for row in sheet.rows for cell in row)


def _read_lines(sheet: Sheet, layout: Layout) -> list[_Line]:
    """All rows of figures below the header, each checked against its 総計."""
    end = layout.total_column + len(layout.columns)
    check = _check_for(layout)
    found: list[_Line] = []
    sections = [""] * layout.code_column
    for number in range(layout.first_row, len(sheet.rows)):
        row = sheet.rows[number]
        code = procedure_code(row[layout.code_column])
        if not code:
            _refuse_unless_note(sheet, layout, number)
            continue
        if (code[0] == "3") != (layout.subject == "dental"):
            raise _refusal(sheet, number, layout.code_column, "医科と歯科の診療行為コードが混ざっています。")
        _carry_down(sections, row)
        values = _read_values(sheet, number, layout.total_column, end)
        if complaint := check(values):
            raise _refusal(sheet, number, layout.total_column, complaint)
        name = _name(row[layout.name_column])
        if not name:
            raise _refusal(sheet, number, layout.name_column, "診療行為の名称がありません。")
        found.append(_Line(number, code, name, _section(sections), values))
    return found


def _name(cell: Cell) -> str:
    """A 診療行為 name as published, without line breaks and outer white space."""
    return re.sub(r"[ \t\r\n]+", "", str(cell)).strip()


def _carry_down(sections: list[str], row: Row) -> None:
    """Merged 加算・分類 cells hold for the rows below them; a new outer heading ends the inner ones."""
    for column in range(len(sections)):
        if text := label(row[column]):
            sections[column] = text
            sections[column + 1 :] = [label(row[later]) for later in range(column + 1, len(sections))]
            return


def _section(sections: Sequence[str]) -> str:
    """The 分類コード (`C001`) if there is one, else the outermost heading (`訪問看護加算`)."""
    return next((text for text in sections if _CLASS.fullmatch(text)), next((text for text in sections if text), ""))


def _refuse_unless_note(sheet: Sheet, layout: Layout, number: int) -> None:
    """A row without a code may be empty or a note, but hold no figures."""
    row = sheet.rows[number]
    for column in range(layout.code_column, len(row)):
        cell = row[column]
        if isinstance(cell, int | float) or (column >= layout.total_column and label(cell)):
            raise _refusal(sheet, number, layout.code_column, "診療行為コード（9桁）を読み取れません。")


def _read_values(sheet: Sheet, number: int, start: int, end: int) -> Values:
    row = sheet.rows[number]
    for column in range(end, len(row)):
        if label(row[column]):
            raise _refusal(sheet, number, column, "見出しのない列に値があります。列がずれていないか確認してください。")
    values = np.array([cell if cell.__class__ is float else _number(cell) for cell in row[start:end]], dtype=np.float64)
    if len(values) < end - start:
        raise _refusal(sheet, number, len(row), "値のセルが足りません。")
    wrong = np.flatnonzero((values < 0) | (values != np.floor(values)) & ~np.isnan(values) | np.isinf(values))
    if wrong.size:
        raise _refusal(sheet, number, start + int(wrong[0]), "0以上の整数か、秘匿の「-」ではありません。")
    return values


def _number(cell: Cell) -> float:
    """A cell that is no float: NaN if hidden, −1 if it is neither a whole number nor a dash."""
    if cell == "-":
        return float("nan")
    if isinstance(cell, bool):
        return -1.0
    if isinstance(cell, int):
        return float(cell)
    text = plain(cell) if isinstance(cell, str) else ""
    if NDB.get(text) == SUPPRESSED:
        return float("nan")
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else -1.0


def _check_for(layout: Layout) -> Callable[[Values], str]:
    """The check that holds for such a table: patients are not additive over places and months, all else is."""
    return _check_bounded if layout.measure == "patients" and layout.level != "age" else _check_additive


def _check_additive(values: Values) -> str:
    """Σ visible ≤ 総計, and = 総計 where nothing is hidden. The reason why not, or empty."""
    total, parts = values[0], values[1:]
    visible = np.nansum(parts)
    hidden = int(np.isnan(parts).sum())
    if np.isnan(total):
        return "総計が秘匿されているのに、内訳に値があります。" if visible else ""
    if visible > total or (visible < total and not hidden):
        return f"内訳の合計{visible:,.0f}が総計{total:,.0f}と合いません（秘匿{hidden}か所）。"
    return ""


def _check_bounded(values: Values) -> str:
    """Each cell ≤ 総計, and Σ ≥ 総計 where nothing is hidden: every patient appears at least once."""
    total, parts = values[0], values[1:]
    if np.isnan(total):
        return "総計が秘匿されているのに、内訳に値があります。" if np.nansum(parts) else ""
    if (parts > total).any():
        return f"総計{total:,.0f}人より多い内訳があります。"
    if not np.isnan(parts).any() and parts.sum() < total:
        return f"内訳の合計{parts.sum():,.0f}人が総計{total:,.0f}人に足りません。"
    return ""


def _without_repetitions(tables: Sequence[_Table], book: Workbook) -> list[_Table]:
    """Each 診療行為コード once. It may stand twice (also in two sheets), but only with the same figures.

    Two rows of one code with different figures would be two variants of one act, whose sum nobody has published.
    """
    seen: dict[tuple[str, str], tuple[str, _Line]] = {}
    kept: list[_Table] = []
    for table in tables:
        lines = []
        for line in table.lines:
            key = (table.layout.title.setting, line.code)
            if key not in seen:
                seen[key] = (book.sheet_names[table.sheet], line)
                lines.append(line)
            elif not np.array_equal(seen[key][1].values, line.values, equal_nan=True):
                before = f"「{seen[key][0]}」の{seen[key][1].row + 1}行目"
                raise refuse(
                    f"診療行為コード{line.code}が{before}と重複し、値が違います。",
                    sheet=book.sheet_names[table.sheet],
                    cell=cell_name(line.row + 1, table.layout.code_column + 1),
                )
        kept.append(_Table(table.sheet, table.layout, lines))
    return kept


def _assemble(tables: Sequence[_Table]) -> ObservationTable:
    items: dict[str, tuple[int, PublishedItem]] = {}
    places: dict[Place, int] = {}
    strata: dict[str, int] = {}
    counts: Counter[str] = Counter()
    blocks: list[Cells] = []
    for table in tables:
        for line in table.lines:
            items.setdefault(line.code, (len(items), _item(table.layout, line)))
        numbers = [items[line.code][0] for line in table.lines]
        values = np.array([line.values for line in table.lines]).reshape(len(numbers), len(table.layout.columns))
        blocks.append(_cells(table, numbers, values, places=places, strata=strata))
        counts.update(_left_out(table.layout, values))
    return ObservationTable(
        edition=_edition(tables[0].layout),
        items=tuple(item for _, item in items.values()),
        places=tuple(places),
        strata=tuple(strata),
        cells=np.concatenate(blocks),
        counts=counts,
    )


def _cells(
    table: _Table, items: Sequence[int], values: Values, *, places: dict[Place, int], strata: dict[str, int]
) -> Cells:
    """One `CELL` for each value of a sheet that belongs to a region."""
    columns = [(position, column) for position, column in enumerate(table.layout.columns) if column.place is not None]
    cells = np.zeros((len(items), len(columns)), dtype=CELL)
    cells["item"] = np.array(items)[:, np.newaxis]
    cells["row"] = np.array([line.row + 1 for line in table.lines])[:, np.newaxis]
    cells["place"] = [places.setdefault(column.place, len(places)) for _, column in columns if column.place]
    cells["stratum"] = [strata.setdefault(column.stratum, len(strata)) for _, column in columns]
    cells["column"] = [table.layout.total_column + position + 1 for position, _ in columns]
    cells["year"], cells["sheet"] = table.layout.title.year, table.sheet
    cells["value"] = values[:, [position for position, _ in columns]]
    cells["status"] = np.where(np.isnan(cells["value"]), SUPPRESSED, OBSERVED)
    return cells.reshape(-1)


def _left_out(layout: Layout, values: Values) -> dict[str, int]:
    """What 二次医療圏判別不可 holds: it belongs to no region, so it is counted and told, not stored."""
    positions = [position for position, column in enumerate(layout.columns) if column.place is None]
    if not positions:
        return {}
    undetermined = values[:, positions]
    return {"二次医療圏判別不可のセル": undetermined.size, "二次医療圏判別不可の合計": int(np.nansum(undetermined))}


def _item(layout: Layout, line: _Line) -> PublishedItem:
    return PublishedItem(
        code=f"ndb.{layout.subject}.{layout.measure}.{line.code}",
        name=line.name,
        unit="人" if layout.measure == "patients" else "回",
        basis="provider",
        counts_people=layout.measure == "patients",
        section=line.section,
    )


def _refusal(sheet: Sheet, row: int, column: int, reason: str) -> FileRefused:
    name, cell = sheet.place(row, column)
    found = sheet.rows[row][column] if row < len(sheet.rows) and column < len(sheet.rows[row]) else ""
    return refuse(reason, sheet=name, cell=cell, text=label(found)[:40])
