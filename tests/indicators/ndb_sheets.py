"""Sheets laid out as NDBオープンデータ lays them out, small, with figures that add up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import xlsxwriter

from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.workbooks import Workbook, read_workbook

Rows = list[list[object]]
PERIOD = "2022年04月～2023年03月"
HIDDEN = "-"
# 47 figures: 1,001 for 北海道, 1,002 for 青森県, …; Σ = 47 × 1,024 = 48,128
VISIBLE = [1000 + number for number in range(1, 48)]
TOTAL = 48_128
LINES: list[list[object]] = [
    ["C000", "往診料", 114000110.0, "往診料", 720.0, TOTAL, *VISIBLE],
    ["", "", 114001610.0, "特別往診料", 720.0, 1_500, 700, 300, *[HIDDEN] * 40, 0, 0, 0, 0, 500],
    ["C001", "在宅患者訪問診療料", 114001110.0, "在宅患者訪問診療料（１）１", 888.0, HIDDEN, *[HIDDEN] * 46, 0],
]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A sheet to be made: title, header rows above and below the label row, lines."""

    title: str = f"診療年月：{PERIOD}　C 在宅医療　全体　※集計結果が10未満の場合は「‐」で表示"
    above: Rows = field(default_factory=lambda: [[]])
    total: str = "総計\n(算定回数)"
    lines: Rows = field(default_factory=lambda: [list(line) for line in LINES])

    def rows(self) -> Rows:
        """The rows of a 都道府県別 sheet."""
        labels = ["分類\nコード", "分類名称", "診療行為\nコード", "診療行為", "点数", self.total]
        codes: list[object] = [*labels, *(p.code for p in PREFECTURES)]
        names: list[object] = [*[""] * 6, *(p.name for p in PREFECTURES)]
        return [[self.title], *self.above, codes, names, *[list(line) for line in self.lines]]


def workbook(*sheets: Sequence[Sequence[object]], names: Sequence[str] = ("全体", "全体（加算）", "注記")) -> Workbook:
    """A real xlsx of these sheets, opened."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in zip(names, sheets, strict=False):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    else:
                        sheet.write_number(number, column, cell)
    return read_workbook(content.getvalue(), filename="ndb.xlsx")


def prefecture_rows(**changes: object) -> Rows:
    """The rows of a 都道府県別 sheet with some parts changed."""
    return replace(Made(), **changes).rows()  # type: ignore[arg-type] # arbitrary parts


def area_rows(areas: Sequence[tuple[str, str]], lines: Rows, *, total: str = "総計\n(算定回数)") -> Rows:
    """A 二次医療圏別 sheet: merged prefecture, code, name; last column 二次医療圏判別不可."""
    headings: list[object] = ["分類\nコード", "分類名称", "診療行為\nコード", "診療行為", "点数", total]
    before = ""
    for code, _ in areas:
        known = PREFECTURES[int(code[:2]) - 1]
        headings.append(f"{known.code} {known.name}" if known.code != before else "")
        before = known.code
    lead = [""] * 6
    return [
        [Made().title],
        ["（※）一部のレセプトにおいて、二次医療圏の判別が困難な場合が存在する。"],
        [],
        [*headings, "二次医療圏\n判別不可"],
        [*lead, *(code for code, _ in areas)],
        [*lead, *(name for _, name in areas)],
        *lines,
    ]
