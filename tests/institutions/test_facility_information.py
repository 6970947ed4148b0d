"""医療情報ネット 病院施設票: the published zip, a table made here, and damage."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from institutions.parsers import facility_information
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, open_workbook, read_workbook

HEADER = [
    "ID",
    "正式名称",
    "機関区分",
    "都道府県コード",
    "市区町村コード",
    "所在地",
    "所在地座標（緯度）",
    "所在地座標（経度）",
    "一般病床",
    "療養病床",
    "精神病床",
    "結核病床",
    "感染症病床",
    "合計病床数",
]
LINE = ["0199999999999", "デモ病院", "1", "01", "101", "デモ一丁目", "43.05", "141.33", "816", "", "0", "", "", "816"]


def content(*lines: list[str], header: list[str] = HEADER) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, *lines])
    return out.getvalue().encode("utf-8-sig")


def book(*lines: list[str], header: list[str] = HEADER) -> Workbook:
    return read_workbook(content(*lines, header=header), filename="01-1_hospital_facility_info_20250601.csv")


def parse(opened: Workbook) -> tuple[facility_information.Hospital, ...]:
    return tuple(facility_information.parse(opened))


def test_a_blank_is_not_stated_and_zero_is_zero_but_no_place_lies_at_zero() -> None:
    nowhere = [*LINE]
    nowhere[0], nowhere[6], nowhere[7] = "0199999999998", "0.0", "0.0"
    first, second = parse(book(LINE, nowhere))
    assert (first.municipality_code, first.latitude) == ("01101", 43.05)
    assert (first.beds["療養病床"], first.beds["精神病床"], first.beds["合計病床数"]) == (None, 0, 816)
    assert (second.latitude, second.longitude) == (None, None)


@pytest.mark.parametrize(
    ("column", "text", "where"),
    [(0, "12", "A2"), (1, "", "A2"), (3, "48", "E2"), (4, "x", "E2"), (6, "北", "G2"), (13, "多い", "N2")],
)
def test_a_wrong_cell_is_refused_with_its_place(column: int, text: str, where: str) -> None:
    line = [*LINE]
    line[column] = text
    with pytest.raises(FileRefused, match=where):
        parse(book(line))


@pytest.mark.parametrize("column", range(len(HEADER)))
def test_a_missing_column_or_cell_is_refused(column: int) -> None:
    short = [cell for number, cell in enumerate(HEADER) if number != column]
    with pytest.raises(FileRefused):
        parse(book([c for n, c in enumerate(LINE) if n != column], header=short))
    with pytest.raises(FileRefused):
        parse(book([c for n, c in enumerate(LINE) if n != column]))


@pytest.mark.conformance
def test_every_hospital_of_the_published_zip_is_read(shared_data: Path) -> None:
    """7,587 hospitals, 270 of them at 0.0, 0.0 (counted in the published file)."""
    (path,) = (shared_data / "iryo_joho").glob("01-1_*.zip")
    unpacked = open_workbook(path)
    edition = facility_information.sniff(unpacked)
    assert edition is not None
    assert edition.key == "facility_information/hospital/2025-06-01"
    hospitals = parse(unpacked)
    assert len(hospitals) == 7_587
    assert sum(hospital.latitude is None for hospital in hospitals) == 270
    assert len(unpacked.sheet(unpacked.sheet_names[0], rows=1).rows[0]) == 65
    assert sum(not hospital.beds_add_up for hospital in hospitals) == 74
