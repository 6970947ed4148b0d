from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku.lib.tables import Column, Table, csv_bytes, csv_chunks, format_number, json_bytes, xlsx_bytes
from zaitaku.lib.workbooks import read_workbook

CODE = Column(name="地域コード", key="region_code", description="都道府県2桁")
VALUE = Column(name="値", key="value", is_number=True, unit="か所")
REASON = Column(name="秘匿区分", key="reason")


def make_table(*rows: tuple[str, float | None, str]) -> Table:
    return Table(title="例", columns=(CODE, VALUE, REASON), rows=rows, about=(("出典", "例の資料"),))


def test_csv_has_a_bom_crlf_and_the_header_in_row_1() -> None:
    content = csv_bytes(make_table(("01", 12.5, ""), ("02", None, "秘匿")))
    assert content == "\ufeff地域コード,値,秘匿区分\r\n01,12.5,\r\n02,,秘匿\r\n".encode()


def test_zero_is_written_and_no_value_is_an_empty_cell() -> None:
    lines = csv_bytes(make_table(("01", 0.0, ""), ("02", None, "データなし"))).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["01,0,", "02,,データなし"]


def test_a_text_that_excel_would_run_is_quoted_in_csv_and_kept_in_xlsx() -> None:
    table = make_table(("=1+1", 1, ""))
    assert b"'=1+1,1," in csv_bytes(table)
    assert read_workbook(xlsx_bytes(table), filename="t.xlsx").sheet("データ").rows[1][0] == "=1+1"


def test_xlsx_keeps_leading_zeros_as_text_and_carries_a_codebook_and_the_sources() -> None:
    book = read_workbook(xlsx_bytes(make_table(("01", 12.5, ""))), filename="t.xlsx")
    assert book.sheet_names == ("データ", "項目の説明", "出典・条件")
    assert book.sheet("データ").rows[0][0] == "地域コード"
    assert book.sheet("データ").rows[1][:2] == ["01", 12.5]
    assert book.sheet("項目の説明").rows[1][:3] == ["地域コード", "region_code", "文字列"]
    assert book.sheet("出典・条件").rows[2][:2] == ["出典", "例の資料"]


def test_two_downloads_of_the_same_table_are_byte_identical() -> None:
    assert xlsx_bytes(make_table(("01", 1, ""))) == xlsx_bytes(make_table(("01", 1, "")))


def test_json_has_one_object_a_row_with_null_where_there_is_no_value() -> None:
    data = json.loads(json_bytes(make_table(("01", None, "秘匿"))))
    assert data["rows"] == [{"region_code": "01", "value": None, "reason": "秘匿"}]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="wide"):
        Table(title="例", columns=(CODE, VALUE), rows=(("01",),))


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        Table(title="例", columns=(CODE, CODE), rows=())


def test_a_long_table_comes_in_chunks() -> None:
    table = make_table(*[(f"{n:05d}", float(n), "") for n in range(2500)])
    assert len(list(csv_chunks(table))) == 4


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_written_number_reads_back_as_itself(value: float) -> None:
    written = format_number(value)
    assert "e" not in written
    assert float(written) == pytest.approx(value, rel=1e-12, abs=1e-15)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="=+-@\t\r")), min_size=3, max_size=3))
def test_any_text_reads_back_from_csv_as_itself(cells: list[str]) -> None:
    columns = tuple(Column(name=str(n), key=str(n)) for n in range(3))
    content = csv_bytes(Table(title="例", columns=columns, rows=(tuple(cells),))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1] == cells
