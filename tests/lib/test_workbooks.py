"""Opening files handed in by users: what is refused before its cells are read, and what is noted."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from zaitaku.lib import archives
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import open_workbook, read_workbook


def book_of(*, formula: str = "", far: str = "") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", "見出し")
        if formula:
            sheet.write_formula("A2", formula, value=3)
        if far:
            sheet.write(far, "遠い")
    return buffer.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def reason(content: bytes, *, filename: str = "x.xlsx") -> str:
    with pytest.raises(FileRefused) as caught:
        read_workbook(content, filename=filename)
    return caught.value.problems[0].reason


def test_an_ordinary_book_is_read_without_a_note() -> None:
    book = read_workbook(book_of(), filename="x.xlsx")
    assert book.notes == ()
    assert book.sheet("表").rows[0][0] == "見出し"


def test_a_zip_bomb_is_refused_by_its_declared_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = with_part(book_of(), "xl/media/zero.bin", bytes(2_000_000))
    assert len(bomb) < 20_000
    assert "展開すると" in reason(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_it_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = bytearray(with_part(book_of(), "xl/media/zero.bin", bytes(2_000_000)))
    for position in range(len(bomb) - 4):
        if bomb[position : position + 4] == struct.pack("<I", 2_000_000):
            bomb[position : position + 4] = struct.pack("<I", 1_000)
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000_000)
    assert reason(bytes(bomb))


def test_a_part_that_does_not_match_its_checksum_is_refused() -> None:
    content = bytearray(book_of())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    content[part.header_offset + 60] ^= 0xFF
    assert "壊れています" in reason(bytes(content))


def test_too_large_a_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("zaitaku.lib.workbooks.MAX_FILE_BYTES", 10)
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_of())
    with pytest.raises(FileRefused, match="大きすぎます"):
        open_workbook(path)


def test_too_many_sheets_and_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zaitaku.lib.workbooks.MAX_CELLS", 0)
    with pytest.raises(FileRefused, match="セルが多すぎます"):
        read_workbook(book_of(), filename="x.xlsx").sheet("表")
    monkeypatch.setattr("zaitaku.lib.workbooks.MAX_SHEETS", 0)
    assert "シートが多すぎます" in reason(book_of())


@pytest.mark.parametrize(("cell", "named"), [("XFD5", "XFD5"), ("A1048576", "A1048576")])
def test_a_cell_far_from_the_table_is_refused_with_its_place(cell: str, named: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_workbook(book_of(far=cell), filename="x.xlsx")
    assert caught.value.problems[0].cell == named


def test_formulas_macros_and_links_are_noted_and_not_followed() -> None:
    content = book_of(formula="=1+2")
    content = with_part(content, "xl/vbaProject.bin", b"macro")
    content = with_part(content, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    book = read_workbook(content, filename="x.xlsm")
    assert [note.reason[:3] for note in book.notes] == ["マクロ", "ほかの", "数式が"]
    assert str(book.notes[2]).startswith("表!A2：「=1+2」")
    assert book.sheet("表").rows[1][0] == 3


def test_an_encrypted_book_asks_for_the_password_to_be_removed() -> None:
    # Excel wraps an encrypted book into an OLE container, of which the first bytes are enough to tell.
    assert "パスワード" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04", b"%PDF-1.7\n\xff\xfe\x00"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    assert reason(content)


def test_a_csv_with_an_endless_field_is_refused() -> None:
    assert "CSVとして" in reason(b'"' + b"a" * 200_000, filename="x.csv")
