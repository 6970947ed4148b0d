"""The 地域医療構想 workbook: every area of the real one, a sheet made here, and damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.parsers import regional_vision
from indicators.parsers.observations import MISSING, OBSERVED, SUPPRESSED
from tests.indicators.ndb_sheets import Rows, workbook
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, open_workbook, read_workbook

FUNCTIONS = ["特定機能", "地域支援", "三次救急", "二次救急", "在宅療養支援", "救急車の\n受入件数"]


def made(*changes: tuple[int, int, object], name: str = "101北海道南渡島") -> Workbook:
    """One area with two hospitals, of which one hides its ambulances, and a clinic."""
    rows: Rows = [
        ["構想区域別の医療機関の病床機能報告上の病床数、診療実績、医師数等"],
        [],
        ["(1)構想区域の状況"],
        ["", "都道\n府県", "構想\n区域", "③医療機関数"],
        ["", "", "", "一般\n病院", "有床\n診療所", *FUNCTIONS],
        [],
        [1.0, "北海道", "南渡島", 2.0, 1.0, 0.0, 1.0, "-", 2.0, 1.0, 120.0],
        [101.0, "", "（報告率）", 1.0],
        [],
        ["(2)区域内の医療機関（病床数の多い順）"],
        ["", "①医療機関名", "②所在地"],
        ["", "", "", "", "", *FUNCTIONS],
        [],
        [1.0, "甲病院（デモ）", "函館市", "", "", "", "地", "", "二次", "", 100.0],
        [2.0, "乙病院（デモ）", "函館市", "", "", "", "", "", "二次", "在支", "*"],
        [3.0, "丙診療所（デモ）", "七飯町", "", "", "", "", "", "", "", 0.0],
    ]
    for row, column, cell in changes:
        rows[row][column] = cell
    return workbook(rows, names=(name,))


def test_totals_and_institutions_of_an_area() -> None:
    (area,) = regional_vision.parse_areas(made())
    assert (area.code, area.name, len(area.institutions)) == ("0101", "南渡島", 3)
    support, third = area.totals["在宅療養支援"], area.totals["三次救急"]
    assert (support.value, support.status, support.row, support.column) == (1, OBSERVED, 7, 10)
    assert (third.value, third.status) == (None, MISSING)
    second = area.institutions[1]
    assert second.functions == {"二次救急", "在宅療養支援"}
    assert (second.ambulances.value, second.ambulances.status) == (None, SUPPRESSED)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((6, 9, 2.0), "J7"),
        ((6, 10, 99.0), "K7"),
        ((14, 9, ""), "J7"),
        ((7, 0, 102.0), "A8"),
        ((6, 2, "南檜山"), "A8"),
        ((6, 1, "青森県"), "A8"),
        ((14, 10, "不明"), "K15"),
        ((10, 1, "名称"), "1医療機関名"),
    ],
)
def test_a_changed_cell_is_refused_with_its_place(change: tuple[int, int, object], where: str) -> None:
    with pytest.raises(FileRefused, match=where):
        regional_vision.parse_areas(made(change))


def test_a_sheet_under_another_name_is_refused() -> None:
    with pytest.raises(FileRefused, match="一致しません"):
        regional_vision.parse_areas(made(name="102北海道南檜山"))


def test_the_year_comes_from_the_files_name_where_no_rule_declares_it() -> None:
    with pytest.raises(FileRefused, match="ファイル名の先頭に年度"):
        regional_vision.parse(made())
    named = read_workbook(made().content, filename="令和7年度_001723127.xlsx")
    table = regional_vision.parse(named)
    assert {figure.year for figure in table.rows()} == {2025}
    found = {figure.item: (figure.value, figure.status) for figure in table.rows()}
    assert found["vision.home_care_support"] == (1, OBSERVED)
    assert found["vision.tertiary_emergency"] == (None, MISSING)
    assert table.counts == {"一覧の医療機関（合計の照合のみ）": 3}


@pytest.mark.conformance
def test_all_areas_of_the_published_workbook_agree_with_their_lists(shared_data: Path) -> None:
    book = open_workbook(shared_data / "demand/001723127.xlsx")
    assert regional_vision.sniff(book) is not None
    areas = regional_vision.parse_areas(book)
    assert len(areas) == 339
    assert sum(len(area.institutions) for area in areas) == 11_760
    assert sum(area.totals["在宅療養支援"].value or 0 for area in areas) == 3_027
    assert sum(area.totals["救急車の受入件数"].value or 0 for area in areas) == 6_629_341
    assert next(a for a in areas if a.code == "0101").totals["救急車の受入件数"].value == 23_321
    table = regional_vision.parse(book)
    assert len(table.cells) == 339 * 8
    assert {figure.year for figure in table.rows()} == {2024}
    edition = regional_vision.sniff(book)
    assert edition is not None
    assert "年の記載なし" in edition.edition
