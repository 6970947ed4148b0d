"""在宅医療にかかる地域別データ集: a workbook of its known layout made here, and damage to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.parsers import regional_data_set
from indicators.parsers.observations import MISSING, NOT_APPLICABLE, OBSERVED, SUPPRESSED
from tests.indicators.ndb_sheets import Rows, workbook
from zaitaku.lib.problems import FileRefused

LEAD: list[object] = ["", "都道府県コード", "二次医療圏コード", "市区町村コード", "都道府県", "市区町村", "区分"]


def rows() -> Rows:
    """Four items of three municipalities: counts that add up, one with hidden cells, a ratio."""
    empty = [""] * 7
    return [
        [*empty[:6], "項目番号", 1.0, 9.0, 13.0, 58.0],
        [*empty[:6], "データ時点", "令和2年1月1日", "令和2年3月31日", "平成31年4月～令和2年3月", "令和元年度"],
        [*empty, "基礎データ", "在宅療養支援診療所", "", "訪問看護"],
        [*empty, "人口", "診療所数", "訪問診療を実施する患者数", "ステーション数（人口10万対）"],
        LEAD,
        [*empty],
        ["", "", "", "", "全国計", "", "", 3000.0, 12.0, 700.0, 1.5],
        [*empty, "人", "施設", "人", "施設"],
        ["", 1.0, 101.0, 1202.0, "北海道", "函館市", "市", 1000.0, 9.0, 690.0, 3.5],
        ["", 1.0, 101.0, 1331.0, "北海道", "松前町", "町", 500.0, 0.0, "*", "…"],
        ["", 4.0, 403.0, 4423.0, "宮城県", "富谷町", "町", 1500.0, 3.0, "‐", "・"],
    ]


def found(*sheets: Rows) -> dict[tuple[str, str, int], tuple[float | None, int, int]]:
    table = regional_data_set.parse(workbook(*sheets, names=("2020年", "2021年")))
    return {(f.item, f.region, f.year): (f.value, f.status, f.column) for f in table.rows()}


WHOLE = found(rows())


def test_every_kind_of_cell_gets_its_value_or_its_status() -> None:
    assert WHOLE["regional_data_set.001", "00", 2019] == (3000, OBSERVED, 8)
    assert WHOLE["regional_data_set.009", "01202", 2019] == (9, OBSERVED, 9)
    assert WHOLE["regional_data_set.009", "01331", 2019] == (0, OBSERVED, 9)
    assert WHOLE["regional_data_set.013", "01331", 2019] == (None, SUPPRESSED, 10)
    assert WHOLE["regional_data_set.058", "01331", 2019] == (None, MISSING, 11)
    assert WHOLE["regional_data_set.058", "04216", 2019] == (None, NOT_APPLICABLE, 11)


def test_a_town_that_became_a_city_is_found_under_its_present_code() -> None:
    assert WHOLE["regional_data_set.013", "04216", 2019] == (None, SUPPRESSED, 10)


def test_names_come_from_the_merged_labels_and_units_from_their_row() -> None:
    items = {item.code: item for item in regional_data_set.parse(workbook(rows(), names=("R2",))).items}
    assert items["regional_data_set.013"].name == "在宅療養支援診療所・訪問診療を実施する患者数"
    assert (items["regional_data_set.013"].unit, items["regional_data_set.013"].counts_people) == ("人", True)
    assert (items["regional_data_set.001"].unit, items["regional_data_set.001"].counts_people) == ("人", False)


def test_the_edition_is_named_by_the_years_of_its_sheets() -> None:
    edition = regional_data_set.sniff(workbook(rows(), rows(), names=("2020年", "R3")))
    assert edition is not None
    assert edition.key == "regional_data_set/2020-2021"
    assert regional_data_set.sniff(workbook([["団体コード"]])) is None


@pytest.mark.parametrize(
    ("row", "column", "cell", "where"),
    [
        (8, 7, 1001.0, "H7"),
        (8, 9, 701.0, "J7"),
        (8, 8, "九", "I9"),
        (8, 8, -9.0, "I9"),
        (9, 3, 1202.0, "D10"),
        (9, 3, "", "D10"),
        (9, 8, "*", "I7"),
        (0, 9, "", "J1"),
        (0, 9, 9.0, "重なって"),
        (1, 9, "時点不明", "J2"),
        (6, 4, "合計", "全国計"),
        (4, 3, "コード", "項目番号"),
    ],
)
def test_a_changed_cell_is_refused_with_its_place(row: int, column: int, cell: object, where: str) -> None:
    changed = rows()
    changed[row] = [*changed[row]]
    changed[row][column] = cell
    with pytest.raises(FileRefused, match=where):
        found(changed)


@settings(max_examples=40, deadline=None)
@given(column=st.integers(0, 10), insert=st.booleans())
def test_a_column_lost_or_put_in_is_harmless_or_refused(column: int, insert: bool) -> None:
    """(A single cell lost from a line that ends in blanks cannot be told from a blank: this file has real blanks.)"""
    changed = [list(row) for row in rows()]
    for row in changed:
        row[column : column + (not insert)] = [""] if insert else []
    try:
        after = found(changed)
    except FileRefused:
        return
    for key, (value, status, _) in after.items():
        assert WHOLE[key][:2] == (value, status)
