"""Layouts damaged at random: what is read is exactly what stood there, or the file is refused. Never silently wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.parsers import facility_survey, municipal_panel, regional_vision
from indicators.parsers.observations import ObservationTable
from institutions.parsers import facility_information
from tests.indicators.ndb_sheets import Rows, workbook
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, read_workbook

_Figures = Mapping[object, object]

SURVEY: Rows = [
    ["統計名：", "医療施設調査 平成２８年医療施設（動態）調査"],
    ["表番号：", "E9"],
    ["表題：", "一般診療所数・二次医療圏・市区町村別"],
    ["実施年月：", "2016年", "-"],
    [],
    ["", "", "", "1", "2"],
    ["二次医療圏・市区町村別 コード", "二次医療圏・市区町村別", "/病床数", "一般診療所数総数", "一般診療所病床数"],
    ["1", "01　　北海道", "", 6.0, "19"],
    ["2", "0101　南渡島", "", 5.0, "19"],
    ["3", "01202 函館市", "", 4.0, "17"],
    ["4", "01236 北斗市", "", 1.0, "2"],
    ["5", "0102　南檜山", "", 1.0, "3"],
    ["6", "01361 江差町", "", 1.0, "3"],
    ["7", "02　　青森県", "", 2.0, "…"],
    ["8", "0201　津軽地域", "", 2.0, "…"],
    ["9", "02202 弘前市", "", 2.0, "…"],
]
SURVEY[7][4] = "22"
FUNCTIONS = ["特定機能", "地域支援", "三次救急", "二次救急", "在宅療養支援", "救急車の\n受入件数"]
VISION: Rows = [
    ["構想区域別の医療機関の病床機能報告上の病床数、診療実績、医師数等"],
    [],
    ["(1)構想区域の状況"],
    ["", "都道\n府県", "構想\n区域", "③医療機関数"],
    ["", "", "", "一般\n病院", "有床\n診療所", *FUNCTIONS],
    [],
    [1.0, "北海道", "南渡島", 2.0, 1.0, 3.0, 1.0, 0.0, 2.0, 1.0, 120.0],
    [101.0, "", "（報告率）", 1.0],
    [],
    ["(2)区域内の医療機関（病床数の多い順）"],
    ["", "①医療機関名", "②所在地"],
    ["", "", "", "", "", *FUNCTIONS],
    [],
    [1.0, "甲病院（デモ）", "函館市", "", "", "特定", "地", "", "二次", "", 100.0],
    [2.0, "乙病院（デモ）", "函館市", "", "", "特定", "", "", "二次", "在支", 20.0],
    [3.0, "丙診療所（デモ）", "七飯町", "", "", "特定", "", "", "", "", 0.0],
]
PANEL: Rows = [
    ["year", "city_code", "shienbyo", "shienshin", "nursing_station", "home_death"],
    [2014.0, 1202.0, 3.0, 7.0, 9.0, 11.5],
    [2015.0, 1202.0, 4.0, 8.0, 10.0, ""],
    [2014.0, 2202.0, 0.0, 5.0, 6.0, 9.25],
]
HOSPITALS: Rows = [
    ["ID", "正式名称", "機関区分", "都道府県コード", "市区町村コード", "所在地", "所在地座標（緯度）",
     "所在地座標（経度）", "一般病床", "療養病床", "精神病床", "結核病床", "感染症病床", "合計病床数"],
    ["0199999999999", "デモ病院", "1", "01", "101", "デモ一丁目", "43.05", "141.33", "81", "9", "7", "5", "3", "105"],
    ["0199999999998", "デモ第二", "1", "01", "102", "デモ二丁目", "43.06", "141.34", "60", "", "", "", "", "60"],
]  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """One format: a whole small file, how it is opened, and its figures by what they are of."""

    rows: Rows
    headers: range
    open: Callable[[Rows], Workbook]
    read: Callable[[Workbook], _Figures]


def _figures(table: ObservationTable) -> _Figures:
    return {(f.item, f.kind, f.region, f.year): (f.value, f.status) for f in table.rows()}


def _vision(book: Workbook) -> _Figures:
    return {
        (area.code, word): (figure.value, figure.status)
        for area in regional_vision.parse_areas(book)
        for word, figure in area.totals.items()
    }


def _hospitals(book: Workbook) -> _Figures:
    return {
        one.identifier: (one.municipality_code, one.name, one.address, one.latitude, one.longitude, dict(one.beds))
        for one in facility_information.parse(book)
    }


def _csv(rows: Rows) -> Workbook:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return read_workbook(out.getvalue().encode("utf-8-sig"), filename="01-1_hospital_20250601.csv")


LAYOUTS = {
    "facility_survey": Layout(
        SURVEY, range(5, 7), lambda rows: workbook(rows, names=["data"]), lambda b: _figures(facility_survey.parse(b))
    ),
    "regional_vision": Layout(VISION, range(3, 5), lambda rows: workbook(rows, names=["101北海道南渡島"]), _vision),
    "panel": Layout(PANEL, range(1), lambda rows: workbook(rows), lambda b: _figures(municipal_panel.parse(b))),
    "facility_information": Layout(HOSPITALS, range(1), _csv, _hospitals),
}
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _insert_column(rows: Rows, at: int) -> None:
    for row in rows:
        row.insert(min(at, len(row)), "")


def _drop_column(rows: Rows, at: int) -> None:
    for row in rows:
        del row[at : at + 1]


def _drop_row(rows: Rows, at: int) -> None:
    del rows[at % len(rows)]


def _repeat_row(rows: Rows, at: int) -> None:
    rows.insert(at % len(rows), [*rows[at % len(rows)]])


def _blank_row(rows: Rows, at: int) -> None:
    rows.insert(at % len(rows), [""] * len(rows[-1]))


def _note(rows: Rows, at: int) -> None:
    note: list[object] = ["", "注：デモの数値です。"]
    rows.append(note[at % 2 :])


def _wide_digits(rows: Rows, at: int) -> None:
    row = rows[at % len(rows)]
    row[:] = [cell.translate(_WIDE) if isinstance(cell, str) else cell for cell in row]


DAMAGE = [_insert_column, _drop_column, _drop_row, _repeat_row, _blank_row, _note, _wide_digits]


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=60, deadline=None)
@given(damage=st.lists(st.tuples(st.sampled_from(DAMAGE), st.integers(0, 20)), min_size=1, max_size=2))
def test_a_damaged_layout_is_read_exactly_or_refused(
    name: str, damage: list[tuple[Callable[[Rows, int], None], int]]
) -> None:
    layout = LAYOUTS[name]
    truth = layout.read(layout.open([[*row] for row in layout.rows]))
    rows = [[*row] for row in layout.rows]
    for change, at in damage:
        if rows:
            change(rows, at)
    try:
        found = layout.read(layout.open(rows))
    except FileRefused:
        return
    assert {key: truth.get(key) for key in found} == dict(found)


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_heading_lost_or_replaced_is_harmless_or_refused(name: str, data: st.DataObject) -> None:
    layout = LAYOUTS[name]
    truth = layout.read(layout.open([[*row] for row in layout.rows]))
    rows = [[*row] for row in layout.rows]
    row = rows[data.draw(st.sampled_from(layout.headers))]
    row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from(["", "備考", "数"]))
    try:
        found = layout.read(layout.open(rows))
    except FileRefused:
        return
    for key in set(found) & set(truth):
        assert found[key] == truth[key]
