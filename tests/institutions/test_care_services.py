"""介護サービス情報公表システム: the published files, both headers, and damage."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from institutions.parsers import care_services
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, open_workbook, read_workbook

FULL = [
    "都道府県コード又は市町村コード",
    "No",
    "都道府県名",
    "市区町村名",
    "事業所名",
    "事業所名カナ",
    "サービスの種類",
    "住所",
    "方書（ビル名等）",
    "緯度",
    "経度",
    "電話番号",
    "FAX番号",
    "法人番号",
    "法人の名称",
    "事業所番号",
    "利用可能曜日",
    "利用可能曜日特記事項",
    "定員",
    "URL",
]
LINE = {
    "都道府県コード又は市町村コード": "011011",
    "都道府県名": "北海道",
    "市区町村名": "札幌市中央区",
    "事業所名": "デモ事業所",
    "サービスの種類": "訪問看護",
    "住所": "デモ一丁目",
    "緯度": "43.05",
    "経度": "141.33",
    "事業所番号": "0160190003",
}
SHORTENED = [name for name in FULL if name not in {"FAX番号", "法人番号", "法人の名称"}]


def book(header: list[str], *lines: list[str]) -> Workbook:
    out = io.StringIO()
    csv.writer(out).writerows([header, *lines])
    return read_workbook(out.getvalue().encode("utf-8-sig"), filename="130_20250601.csv")


def cells(header: list[str], **changes: str) -> list[str]:
    return [{**LINE, **changes}.get(name, "") for name in header]


def parse(opened: Workbook) -> tuple[care_services.CareService, ...]:
    return tuple(care_services.parse(opened))


WHOLE = parse(book(FULL, cells(FULL)))


def test_the_full_and_the_shortened_header_say_the_same() -> None:
    (service,) = WHOLE
    assert (service.office_number, service.municipality_code, service.capacity) == ("0160190003", "01101", None)
    assert (service.latitude, service.longitude) == (43.05, 141.33)
    assert parse(book(SHORTENED, cells(SHORTENED))) == WHOLE
    edition = care_services.sniff(book(FULL, cells(FULL)))
    assert edition is not None
    assert edition.key == "care_service/訪問看護/2025-06-01"


def test_leading_zeros_lost_by_a_spreadsheet_come_back() -> None:
    lost = cells(FULL, 都道府県コード又は市町村コード="11011", 事業所番号="160190003")
    assert parse(book(FULL, lost)) == WHOLE


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("都道府県コード又は市町村コード", "011012", "A2"),
        ("都道府県名", "青森県", "A2"),
        ("事業所番号", "01601900031", "P2"),
        ("事業所番号", "01I0190003", "P2"),
        ("事業所名", "", "E2"),
        ("定員", "十", "S2"),
        ("緯度", "北緯43度", "J2"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(name: str, text: str, where: str) -> None:
    with pytest.raises(FileRefused, match=where):
        parse(book(FULL, cells(FULL, **{name: text})))


@settings(max_examples=40, deadline=None)
@given(column=st.integers(0, 19), insert=st.booleans(), in_header=st.booleans(), in_line=st.booleans())
def test_a_column_lost_or_put_in_is_harmless_or_refused(
    column: int, insert: bool, in_header: bool, in_line: bool
) -> None:
    header, line = list(FULL), cells(FULL)
    for row in [header] * in_header + [line] * in_line:
        row[column : column + (not insert)] = [""] if insert else []
    try:
        found = parse(book(header, line))
    except FileRefused:
        return
    assert found == WHOLE


@pytest.mark.conformance
@pytest.mark.parametrize(("start", "lines"), [("510", 8_496), ("520", 4_126), ("760", 1_411)])
def test_every_line_of_the_published_files_is_read(shared_data: Path, start: str, lines: int) -> None:
    (path,) = (shared_data / "kaigo").glob(f"{start}_*.csv")
    opened = open_workbook(path)
    edition = care_services.sniff(opened)
    assert edition is not None
    assert str(edition.as_of) == "2025-06-01"
    services = parse(opened)
    assert len(services) == lines
    assert len(Counter(service.municipality_code[:2] for service in services)) == 47
