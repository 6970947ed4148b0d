"""医療施設調査 and the municipal panel: published totals, sheets made here, and damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.parsers import facility_survey, municipal_panel
from indicators.parsers.observations import MISSING, NOT_APPLICABLE, OBSERVED
from tests.indicators.ndb_sheets import Rows, workbook
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, open_workbook


def survey(*changes: tuple[int, int, object]) -> Workbook:
    """An export of two areas of 北海道 and one of 青森県 with two columns."""
    rows: Rows = [
        ["統計名：", "医療施設調査 平成２８年医療施設（動態）調査"],
        ["表番号：", "E9"],
        ["表題：", "一般診療所数・二次医療圏・市区町村別"],
        ["実施年月：", "2016年", "-"],
        [],
        ["", "", "", "1", "2"],
        [
            "H28 二次医療圏・市区町村別 コード",
            "H28 二次医療圏・市区町村別",
            "/病床数",
            "一般診療所数総数",
            "一般診療所病床数",
        ],
        ["1", "01　　北海道", "", 6.0, "19"],
        ["2", "0101　南渡島", "", 5.0, "19"],
        ["3", "01202 函館市", "", 5.0, "19"],
        ["4", "01236 北斗市", "", "-", "…"],
        ["5", "0102　南檜山", "", 1.0, "-"],
        ["6", "01361 江差町", "", 1.0, "・"],
        ["7", "02　　青森県", "", 2.0, "-"],
        ["8", "0201　津軽地域", "", 2.0, "-"],
        ["9", "02202 弘前市", "", 2.0, "-"],
        [],
        ["-", "計数のない場合"],
        ["…", "…"],
    ]
    for row, column, cell in changes:
        rows[row][column] = cell
    return workbook(rows, names=("data",))


def test_a_dash_is_none_at_all_and_the_other_marks_are_not() -> None:
    table = facility_survey.parse(survey())
    found = {(f.item.partition(".")[2], f.region): (f.value, f.status, f.row) for f in table.rows()}
    assert found["一般診療所数総数", "01236"] == (0, OBSERVED, 11)
    assert found["一般診療所病床数", "01236"] == (None, MISSING, 11)
    assert found["一般診療所病床数", "01361"] == (None, NOT_APPLICABLE, 13)
    assert found["一般診療所数総数", "01"] == (6, OBSERVED, 8)
    assert found["一般診療所数総数", "00"] == (8, OBSERVED, 0)
    assert {item.unit for item in table.items} == {"施設", "床"}
    assert table.counts == {"その年の二次医療圏の行（対象外）": 3}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((9, 3, 4.0), "D9"),
        ((8, 3, 4.0), "D9"),
        ((7, 3, 7.0), "D8"),
        ((9, 1, "函館市"), "B10"),
        ((10, 1, "01202 函館市"), "B11"),
        ((10, 3, "不明"), "D11"),
        ((3, 1, ""), "実施年月"),
        ((6, 3, ""), "D7"),
        ((6, 1, "地域"), "見出し"),
    ],
)
def test_a_changed_cell_is_refused_with_its_place(change: tuple[int, int, object], where: str) -> None:
    with pytest.raises(FileRefused, match=where):
        facility_survey.parse(survey(change))


@pytest.mark.conformance
def test_the_published_totals_of_2016_are_met(shared_data: Path) -> None:
    """厚生労働省 平成28年医療施設（動態）調査の概況."""
    nation: dict[str, float | None] = {}
    for path in sorted((shared_data / "estat").glob("*.xlsx")):
        book = open_workbook(path)
        assert facility_survey.sniff(book) is not None
        table = facility_survey.parse(book)
        assert table.counts == {"その年の二次医療圏の行（対象外）": 344}
        nation |= {f.item.partition(".")[2]: f.value for f in table.rows() if f.kind == "nation"}
    assert nation["病院施設数"] == 8_442
    assert nation["病院施設数(一般病院総数)"] == 7_380
    assert nation["病院病床数"] == 1_561_005
    assert nation["一般診療所数総数"] == 101_529
    assert nation["歯科診療所数総数"] == 68_940


@pytest.mark.conformance
def test_the_panel_holds_every_municipality_four_times(shared_data: Path) -> None:
    seen: dict[tuple[str, int], float | None] = {}
    keys = set()
    for path in sorted((shared_data / "panel").glob("*.xlsx")):
        book = open_workbook(path)
        edition = municipal_panel.sniff(book)
        assert edition is not None
        keys.add(edition.key)
        for figure in municipal_panel.parse(book).rows():
            if figure.item == "panel.home_death_share":
                seen[figure.region, figure.year] = figure.value
    assert len(keys) == 3
    assert len(seen) == 1_741 * 4
    assert sum(value is None for value in seen.values()) == 68
    assert seen["01202", 2014] == 9.4


@pytest.mark.parametrize(
    ("row", "column", "cell", "where"),
    [
        (1, 2, "", "C2"),
        (1, 2, 1.5, "C2"),
        (1, 5, 101.0, "F2"),
        (1, 1, 99999.0, "B2"),
        (2, 1, 1202.0, "B3"),
        (1, 0, 14.0, "A2"),
    ],
)
def test_a_changed_cell_of_the_panel_is_refused(row: int, column: int, cell: object, where: str) -> None:
    rows: Rows = [
        ["year", "city_code", "shienbyo", "shienshin", "nursing_station", "home_death"],
        [2014.0, 1202.0, 2.0, 22.0, 18.0, 9.4],
        [2014.0, 1204.0, 0.0, 0.0, 0.0, ""],
    ]
    assert len(municipal_panel.parse(workbook(rows)).cells) == 8
    rows[row][column] = cell
    with pytest.raises(FileRefused, match=where):
        municipal_panel.parse(workbook(rows))
