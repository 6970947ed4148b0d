"""The layout of one sheet of NDBオープンデータ, derived from its labels.

Nine editions differ in header rows, leading columns, year style and the place of every label, so nothing here is known
by position. A sheet has a title with 診療年月, a header block of one to four rows, and one row per 診療行為.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.parsers.observations import NATION, Place
from zaitaku.lib.cells import label
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import PREFECTURES, prefecture
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Cell, Sheet

HEAD_ROWS = 30  # title, notes and header of every edition lie within 6; the rest is room for longer notes
UNDETERMINED = "二次医療圏判別不可"
SCHEME_KIND = "secondary_medical_area"

_YEAR = r"((?:令和|平成|[RH])?\.?(?:元|\d{1,4}))"
_PERIOD = re.compile(
    rf"診療年月[::]*{_YEAR}[年./-](\d{{1,2}})月?[~〜～\-‐―ー–—から]+{_YEAR}[年./-](\d{{1,2}})月?", re.IGNORECASE
)
_SECTION = re.compile(r"C[^A-Z※]*?在宅医療")
_SETTING = re.compile(r"在宅医療(?:\(歯科\)|歯科)?(外来|入院)")
_PROCEDURE = re.compile(r"[13]\d{8}")
_AGES = re.compile(r"(\d{1,3})(?:[~〜～\-‐―–—](\d{1,3}))?歳(以上)?")
_MONTH = re.compile(r"(?:\d{4}年|令和\d+年)?(\d{1,2})月")
_PREFECTURE_HEADING = re.compile(r"(\d{2})(\D+)")
_MEASURES = {"総計": "claims", "総計(算定回数)": "claims", "総計(患者数)": "patients"}
_SEXES = {"男": "M", "男性": "M", "女": "F", "女性": "F"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What the title line says: fiscal year, whether it names 歯科, and the setting where it is not 全体."""

    year: int
    names_dental: bool
    setting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One value column: its place and stratum, or neither for 二次医療圏判別不可."""

    place: Place | None
    stratum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things stand in a sheet (rows and columns from 0). `columns[0]` is 総計; the others follow it."""

    title: Title
    subject: str
    measure: str
    level: str
    header_row: int
    first_row: int
    code_column: int
    name_column: int
    total_column: int
    columns: tuple[Column, ...]


def read_title(sheet: Sheet) -> Title | None:
    """What the sheet's title says, or None if it is no title of C在宅医療. Raises if the period is no fiscal year."""
    for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and "診療年月" in cell:
                text = label(cell)
                if not _SECTION.search(text):
                    return None
                return _title(text, sheet=sheet, place=(number, column))
    return None


def _title(text: str, *, sheet: Sheet, place: tuple[int, int]) -> Title:
    heading = text.split("※")[0]
    period = _PERIOD.search(heading)
    first, last = (parse_year(period[1]), parse_year(period[3])) if period else (None, None)
    name, cell = sheet.place(*place)
    if period is None or first is None or last is None:
        raise refuse(
            "診療年月を読み取れません（例：2022年04月～2023年03月）。", sheet=name, cell=cell, text=heading[:60]
        )
    if (int(period[2]), int(period[4]), last) != (4, 3, first + 1):
        raise refuse("診療年月が1年度（4月～翌年3月）ではありません。", sheet=name, cell=cell, text=heading[:60])
    setting = _SETTING.search(heading)
    return Title(year=first, names_dental="歯科" in heading, setting=setting[1] if setting else "")


def read_layout(sheet: Sheet, title: Title) -> Layout:
    """Where codes, totals and values stand, and what each value column is. Raises `FileRefused` if unclear."""
    header_row, labels = _find_header(sheet)
    code_column = _only(labels, "診療行為コード", sheet=sheet, row=header_row)
    name_column = _only(labels, "診療行為", sheet=sheet, row=header_row)
    total_column = _find_total(labels, sheet=sheet, row=header_row)
    first_row = _find_first_row(sheet, header_row, code_column)
    block = sheet.rows[header_row:first_row]
    width = max((column for row in block for column, cell in enumerate(row) if label(cell)), default=0) + 1
    stacks = [_stack(block, column) for column in range(total_column + 1, width)]
    level, columns = _read_columns(stacks, title, sheet=sheet, place=(header_row, total_column + 1))
    subject = _subject(sheet.rows[first_row][code_column], title, sheet=sheet, place=(first_row, code_column))
    return Layout(
        title=title,
        subject=subject,
        measure=_MEASURES[labels[total_column]],
        level=level,
        header_row=header_row,
        first_row=first_row,
        code_column=code_column,
        name_column=name_column,
        total_column=total_column,
        columns=(Column(place=NATION, stratum=title.setting), *columns),
    )


def procedure_code(cell: Cell) -> str:
    """The 9-digit 診療行為コード in a cell, whether text or a number; empty if there is none."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else label(cell)
    return text if _PROCEDURE.fullmatch(text) else ""


def _find_header(sheet: Sheet) -> tuple[int, list[str]]:
    for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
        labels = [label(cell) for cell in row]
        if "診療行為コード" in labels or any(text.startswith("総計") for text in labels):
            return number, labels
    raise refuse(
        "見出し「診療行為コード」「総計」の行が見つかりません。公表されたままのファイルか確認してください。",
        sheet=sheet.name,
    )


def _only(labels: Sequence[str], wanted: str, *, sheet: Sheet, row: int) -> int:
    found = [column for column, text in enumerate(labels) if text == wanted]
    if len(found) != 1:
        name, cell = sheet.place(row, found[1] if found else 0)
        reason = "が見つかりません" if not found else "が2つあります"
        raise refuse(f"見出し「{wanted}」{reason}。", sheet=name, cell=cell)
    return found[0]


def _find_total(labels: Sequence[str], *, sheet: Sheet, row: int) -> int:
    found = [column for column, text in enumerate(labels) if text.startswith("総計")]
    if len(found) != 1 or labels[found[0]] not in _MEASURES:
        name, cell = sheet.place(row, found[0] if found else 0)
        text = labels[found[0]] if found else ""
        raise refuse("見出し「総計」（算定回数・患者数）を1つに決められません。", sheet=name, cell=cell, text=text)
    return found[0]


def _find_first_row(sheet: Sheet, header_row: int, code_column: int) -> int:
    for number in range(header_row + 1, min(len(sheet.rows), header_row + HEAD_ROWS)):
        if procedure_code(sheet.rows[number][code_column]):
            return number
    name, cell = sheet.place(header_row + 1, code_column)
    raise refuse("診療行為コード（9桁）の行がありません。", sheet=name, cell=cell)


def _subject(cell: Cell, title: Title, *, sheet: Sheet, place: tuple[int, int]) -> str:
    """`medical` or `dental`: the first digit of a 診療行為コード is that of the 点数表 (1 医科, 3 歯科)."""
    subject = "dental" if procedure_code(cell).startswith("3") else "medical"
    if title.names_dental and subject == "medical":
        name, at = sheet.place(*place)
        raise refuse("表題は歯科ですが、診療行為コードが医科のものです。", sheet=name, cell=at, text=cell)
    return subject


def _stack(block: Sequence[Sequence[Cell]], column: int) -> tuple[list[str], str]:
    """The labels of one column from top to bottom, and the merged heading above it (the last one to its left)."""
    texts = [label(_code_text(row[column])) for row in block if column < len(row)]
    heading = next((label(block[0][c]) for c in range(column, -1, -1) if label(block[0][c])), "")
    return [text for text in texts if text], heading


def _code_text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_columns(
    stacks: Sequence[tuple[list[str], str]], title: Title, *, sheet: Sheet, place: tuple[int, int]
) -> tuple[str, tuple[Column, ...]]:
    """The level (`prefecture`, `area`, `age`, `month`) that explains every column, and the columns."""
    if not stacks:
        name, cell = sheet.place(*place)
        raise refuse("「総計」の右に地域・性年齢・診療月の見出しがありません。", sheet=name, cell=cell)
    readers = {"prefecture": _prefecture, "area": _area, "age": _age, "month": _month}
    level = max(readers, key=lambda key: sum(readers[key](*stack, title) is not None for stack in stacks))
    columns = [readers[level](*stack, title) for stack in stacks]
    for offset, (column, stack) in enumerate(zip(columns, stacks, strict=True)):
        if column is None:
            name, cell = sheet.place(place[0], place[1] + offset)
            raise refuse(
                "この列の見出し（地域コードと名称、性年齢、診療月のどれか）を読み取れません。",
                sheet=name,
                cell=cell,
                text=" ".join(stack[0]),
            )
    known = tuple(column for column in columns if column is not None)
    if reason := _incomplete(level, known):
        raise refuse(reason, sheet=sheet.name, cell=sheet.place(*place)[1])
    return level, known


def _prefecture(labels: Sequence[str], _heading: str, title: Title) -> Column | None:
    """`01` above `北海道`, or both in one cell."""
    match = re.fullmatch(r"(\d{1,2})(\D+)", "".join(labels))
    known = prefecture(match[1].zfill(2)) if match else None
    if match is None or known is None or known.name != match[2]:
        return None
    return Column(place=Place(kind="prefecture", code=known.code, name=known.name), stratum=title.setting)


def _area(labels: Sequence[str], heading: str, title: Title) -> Column | None:
    """A 4-digit code above a name, below a merged `01 北海道`; or 二次医療圏判別不可."""
    if "".join(labels) == UNDETERMINED:
        return Column(place=None)
    position = next((i for i, text in enumerate(labels) if re.fullmatch(r"\d{3,4}", text)), None)
    if position is None or len(labels) != position + 2 or labels[-1].isdecimal():
        return None
    code = labels[position].zfill(4)
    above = _PREFECTURE_HEADING.fullmatch(heading)
    known = prefecture(code[:2])
    if known is None or (above is not None and (above[1], above[2]) != (known.code, known.name)):
        return None
    return Column(place=Place(kind="area", code=code, name=labels[-1], scheme_kind=SCHEME_KIND), stratum=title.setting)


def _age(labels: Sequence[str], heading: str, title: Title) -> Column | None:
    """An age class below a merged 男 or 女: stratum `M65-69`, `F90-`."""
    ages = _AGES.fullmatch(labels[-1]) if labels else None
    sex = _SEXES.get(heading)
    if ages is None or sex is None or len(labels) > 2 or (ages[2] is None) != (ages[3] is not None):
        return None
    stratum = f"{sex}{ages[1]}-{ages[2] or ''}"
    return Column(place=NATION, stratum=_joined(title.setting, stratum))


def _month(labels: Sequence[str], _heading: str, title: Title) -> Column | None:
    """`4月` … `3月` of the fiscal year: stratum `2022-04`."""
    match = _MONTH.fullmatch("".join(labels))
    month = int(match[1]) if match else 0
    if not 1 <= month <= 12:
        return None
    year = title.year + (month < 4)
    return Column(place=NATION, stratum=_joined(title.setting, f"{year}-{month:02}"))


def _joined(setting: str, stratum: str) -> str:
    return f"{setting}:{stratum}" if setting else stratum


def _incomplete(level: str, columns: Sequence[Column]) -> str:
    """Why these columns cannot be all columns of such a table; empty if they can."""
    keys = [(column.place.code if column.place else UNDETERMINED, column.stratum) for column in columns]
    if len(set(keys)) != len(keys):
        return "同じ見出しの列が2つあります。"
    codes = [column.place.code for column in columns if column.place]
    if level == "prefecture" and codes != [known.code for known in PREFECTURES]:
        return "都道府県の列が01から47まで順にそろっていません。"
    if level == "area" and (codes != sorted(codes) or len({code[:2] for code in codes}) != len(PREFECTURES)):
        return "二次医療圏の列がコード順に47都道府県分そろっていません。"
    if level == "month" and len(codes) != 12:
        return "診療月の列が12か月分そろっていません。"
    if level == "age":
        return _incomplete_ages([column.stratum.rpartition(":")[2] for column in columns])
    return ""


def _incomplete_ages(strata: Sequence[str]) -> str:
    """Age classes must follow one another from 0 to an open end, alike for both sexes."""
    men = [text[1:] for text in strata if text[0] == "M"]
    women = [text[1:] for text in strata if text[0] == "F"]
    if men != women:
        return "男と女で年齢階級の列がそろっていません。"
    expected = 0
    for text in men:
        start, _, end = text.partition("-")
        if int(start) != expected:
            return "年齢階級の列が0歳から順にそろっていません。"
        expected = int(end) + 1 if end else -1
    return "" if expected == -1 else "年齢階級の最後（○歳以上）の列がありません。"
