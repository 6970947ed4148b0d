"""Files that come with the official data and hold no figure to take in: what they are, and what to do with them."""

from __future__ import annotations

from dataclasses import dataclass

from zaitaku.lib.cells import label
from zaitaku.lib.workbooks import Workbook


@dataclass(frozen=True, slots=True)
class _Companion:
    """A kind of file by labels that all stand in its first rows."""

    labels: frozenset[str]
    rows: int
    reason: str


_COMPANIONS = (
    _Companion(
        frozenset({"category1", "category2", "title", "url"}),
        1,
        "NDBオープンデータに含まれるファイルの一覧（名前と掲載先）です。集計値はありません。一覧にあるExcelを取り込んでください。",
    ),
    _Companion(
        frozenset({"area_code", "neighbor_code"}),
        1,
        "二次医療圏の隣り合う組の一覧です。このシステムでは使いません（境界が接する圏域は、地図の境界から分かります）。",
    ),
    _Companion(
        frozenset({label("医療情報ネット\n\nオープンデータ定義書（病院・診療所・歯科・助産所）")}),
        12,
        "医療情報ネット（ナビイ）の項目の定義書です。値はありません。病院施設票などの表（zipまたはCSV）を取り込んでください。",
    ),
)


def describe(book: Workbook) -> str | None:
    """What the file is and what to take in instead; None if it is none of these."""
    for companion in _COMPANIONS:
        for name in book.sheet_names[:3]:
            rows = book.sheet(name, rows=companion.rows).rows
            if companion.labels <= {label(cell) for row in rows for cell in row}:
                return companion.reason
    return None
