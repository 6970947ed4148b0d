"""Sheets that would fill the memory are told from large ones that are fine, before a cell of them is read."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from zaitaku.lib import sheet_parts
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.lib.sheet_parts import SheetLook
from zaitaku.lib.workbooks import read_workbook

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="表 &amp; 注" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def book(sheet_data: str | Iterator[bytes], *, prefix: str = "") -> bytes:
    """A workbook of one sheet with this XML for its rows."""
    buffer = io.BytesIO()
    namespace = NAMESPACE.replace("xmlns=", f"xmlns:{prefix}=") if prefix else NAMESPACE
    tag = f"{prefix}:" if prefix else ""
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f"<{tag}worksheet {namespace}><{tag}sheetData>".encode())
            for piece in [sheet_data.encode()] if isinstance(sheet_data, str) else sheet_data:
                part.write(piece)
            part.write(f"</{tag}sheetData></{tag}worksheet>".encode())
    return buffer.getvalue()


def refusal(content: bytes) -> Problem:
    with pytest.raises(FileRefused) as caught:
        read_workbook(content, filename="x.xlsx")
    return caught.value.problems[0]


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">' + "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells) + "</row>"


def test_an_ordinary_sheet_is_read() -> None:
    workbook = read_workbook(book(row(1, "A1", "AB1") + row(2, "B2")), filename="x.xlsx")
    assert workbook.notes == ()
    assert workbook.sheet("表 & 注").rows[1][1] == 1


def test_a_sheet_of_ten_million_rows_is_refused_in_bounded_memory() -> None:
    def rows() -> Iterator[bytes]:
        for _ in range(1_000):
            yield b"<row><c><v>1</v></c></row>" * 10_000

    content = book(rows())
    assert len(content) < 2_000_000
    tracemalloc.start()
    try:
        found = refusal(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "行またはセルが多すぎます" in found.reason
    assert found.sheet == "表 & 注"
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (row(1, "A1") + row(999_999, "ZZ999999"), "ZZ999999"),
        (row(1, "ZZ1") + row(99_999, "A99999"), "A99999"),
        (row(99_999, "A99999") + row(1, "ZZ1"), "ZZ1"),
        (row(1, "A9999999"), "A9999999"),
        (row(1, "XFD1"), "XFD1"),
        ('<row r="1"><c s="1" r="ZZ999999"><v>1</v></c></row>', "ZZ999999"),
    ],
)
def test_two_cells_far_apart_are_refused_with_the_place_of_the_second(rows: str, cell: str) -> None:
    found = refusal(book(rows))
    assert (found.cell, found.sheet) == (cell, "表 & 注")


def test_a_prefix_before_the_names_of_tags_hides_nothing() -> None:
    far = '<x:row r="1"><x:c r="ZZ999999"><x:v>1</x:v></x:c></x:row>'
    assert refusal(book(far, prefix="x")).cell == "ZZ999999"
    formula = '<x:row r="1"><x:c r="B1"><x:f>1+2</x:f><x:v>3</x:v></x:c></x:row>'
    (note,) = read_workbook(book(formula, prefix="x"), filename="x.xlsx").notes
    assert (note.cell, note.text) == ("B1", "=1+2")


def test_a_format_without_content_far_away_is_no_reason_to_refuse() -> None:
    rows = row(1, "A1") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_workbook(book(rows), filename="x.xlsx").sheet("表 & 注").rows[0][0] == 1


def test_a_long_narrow_and_a_wide_low_sheet_are_fine() -> None:
    assert not _needs_closer_look(row(99_999, "Z99999"))
    assert not _needs_closer_look(row(9_999, "ZZ9999"))
    assert _needs_closer_look(row(100_000, "A100000"))
    assert sheet_parts.too_far_apart([row(100_000, "A100000").encode()]) is None


def _needs_closer_look(rows: str) -> bool:
    look = SheetLook()
    look.feed(rows.encode())
    return look.needs_closer_look


@pytest.mark.parametrize("size", [1, 7, 64])
def test_what_lies_across_two_pieces_is_seen(size: int) -> None:
    rows = (row(1, "A1") + '<row r="2"><c r="C2"><f>SUM(A1:A9)</f><v>1</v></c></row>').encode()
    look = SheetLook()
    for start in range(0, len(rows), size):
        look.feed(rows[start : start + size])
    assert (look.rows, look.cells, look.needs_closer_look) == (2, 2, False)
    assert look.formula is not None
    assert look.formula.cell == "C2"
