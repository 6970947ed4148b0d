"""A CSV in a zip, as 医療情報ネット is published: opened like the CSV itself, safely, and read line by line."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import read_workbook


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def test_a_zip_with_one_csv_is_that_csv_under_its_own_fingerprint() -> None:
    table = "都道府県,数\n北海道,5\n".encode("cp932")
    content = zipped(table_csv=table)
    book = read_workbook(content, filename="表_20250601.zip")
    plain = read_workbook(table, filename="表_20250601.csv")
    assert book.sheet_names == plain.sheet_names == ("表_20250601",)
    assert book.sheet("表_20250601") == plain.sheet("表_20250601")
    assert list(book.lines()) == [["都道府県", "数"], ["北海道", "5"]]
    assert (book.content, book.sha256 != plain.sha256) == (content, True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped(a_csv=b"1", b_csv=b"2"), "1つだけ"),
        (zipped(readme_txt=b"1"), "1つだけ"),
        (zipped(a_csv=b"1,2\n" * 50)[:-30], "途中で切れている"),
        (zipped(a_csv=b"\x89PNG\r\n" + bytes(99)), "表計算のファイルではありません"),
        (zipped(a_csv=b"\x81\xff\x81"), "文字コード"),
    ],
    ids=["two tables", "no table", "cut off", "a picture", "no text"],  # the bytes of an archive hold the time
)
def test_a_zip_that_is_damaged_or_holds_something_else_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        read_workbook(content, filename="x.zip")


def test_a_csv_is_read_without_holding_its_lines() -> None:
    """4 MB of lines need well under a megabyte beside them."""
    book = read_workbook(zipped(a_csv=b"0123456789,abcdefghij\n" * 200_000), filename="x.zip")
    tracemalloc.start()
    try:
        assert sum(1 for _ in book.lines()) == 200_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_json_has_no_cells() -> None:
    book = read_workbook(b' {"type": "Topology"}', filename="x.json")
    assert book.is_json
    assert book.sheet("x").rows == ()
