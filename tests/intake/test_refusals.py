"""What could run, fetch, mislead or fill the memory is refused with a reason and a place; nothing is executed."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from institutions.parsers.notification_list import COLUMNS
from intake.actions.uploads import check_upload, receive_upload
from intake.handed_in import open_handed_in
from intake.models import Upload
from tests.institutions.lists import TITLE, content, make_regions, row
from zaitaku.accounts.models import User
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.lib.sheet_parts import MAX_ROWS
from zaitaku.sources.models import ImportRun, SourceFile

ROWS = [row(1, "支援診３"), row(2, "支援診２")]
LIST = content(ROWS)


def with_part(name: str) -> bytes:
    """The list with one part more in its archive."""
    buffer = io.BytesIO(LIST)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"<x/>")
    return buffer.getvalue()


def with_formula() -> bytes:
    """The list with the number of its second row calculated."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名簿")
        for index, cells in enumerate([[], [TITLE], [], list(COLUMNS), *ROWS]):
            for column, cell in enumerate(cells):
                sheet.write(index, column, cell)
        sheet.write_formula("A6", '=HYPERLINK("http://example.com/")', value="2")
    return buffer.getvalue()


def refusal(data: bytes, name: str = "名簿.xlsx") -> Problem:
    with pytest.raises(FileRefused) as caught:
        open_handed_in(data, filename=name)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "名簿.xlsx", "ファイルが空です"),
        (b"a,b\n1,2\n", "名簿.xlsx", "中身が違います"),
        (LIST, "名簿.csv", "中身が違います"),
        (b"%PDF-1.7 text", "名簿.pdf", "「.pdf」は取り込めません"),
        (LIST, "名簿", "「拡張子なし」は取り込めません"),
        (LIST, "名簿.xlsm", "マクロ有効ブック"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "名簿.xls", "古い形式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "名簿.xlsx", "パスワードを解除"),
        (with_part("xl/vbaProject.bin"), "名簿.xlsx", "マクロが含まれています"),
        (with_part("xl/VBAPROJECT.BIN"), "名簿.xlsx", "マクロが含まれています"),
        (with_part("xl/macrosheets/sheet1.xml"), "名簿.xlsx", "マクロのシート"),
        (with_part("xl/externalLinks/externalLink1.xml"), "名簿.xlsx", "ほかのファイルへのリンク"),
        (with_part("xl/connections.xml"), "名簿.xlsx", "外部データへの接続"),
        (with_part("xl/embeddings/oleObject1.bin"), "名簿.xlsx", "埋め込まれています"),
        (LIST[: len(LIST) // 2], "名簿.xlsx", "壊れています"),
    ],
)
def test_a_file_is_refused_with_its_reason(data: bytes, name: str, reason: str) -> None:
    assert reason in refusal(data, name).reason


def test_the_name_may_be_written_in_capitals() -> None:
    assert open_handed_in(LIST, filename="LIST.XLSX").sheet_names == ("Sheet1",)


def test_a_formula_is_refused_with_its_sheet_and_cell_although_it_has_a_stored_value() -> None:
    found = refusal(with_formula())
    assert (found.sheet, found.cell) == ("名簿", "A6")
    assert found.text.startswith("=HYPERLINK(")
    assert "「値」として貼り付け" in found.reason


def test_a_cell_of_a_csv_that_excel_would_calculate_is_refused_with_its_place() -> None:
    found = refusal('コード,値\n01,5\n02,"=1+2"\n'.encode("cp932"), "調査.csv")
    assert (found.sheet, found.cell, found.text) == ("調査", "B3", "=1+2")


def test_negative_numbers_and_dashes_of_a_csv_are_no_formulas() -> None:
    assert open_handed_in(b"a,b\n-1,-\n+2,@\n", filename="x.csv").is_delimited


def test_a_csv_of_a_row_more_than_allowed_is_refused() -> None:
    book = open_handed_in(b"1\n" * (MAX_ROWS + 1), filename="x.csv")
    with pytest.raises(FileRefused, match="行またはセルが多すぎます"):
        book.sheet("x")


@pytest.mark.django_db
def test_a_refused_upload_keeps_its_reasons_and_stores_nothing(official: User) -> None:
    make_regions()
    upload = check_upload(receive_upload(SimpleUploadedFile("名簿.xlsx", with_formula()), by=official))
    assert upload.status == Upload.Status.REFUSED
    assert [(one["sheet"], one["cell"]) for one in upload.problems] == [("名簿", "A6")]
    assert not SourceFile.objects.exists()
    assert ImportRun.objects.get().status == ImportRun.Status.REFUSED


@pytest.mark.django_db
def test_a_file_handed_in_under_a_path_is_kept_under_a_random_name(official: User) -> None:
    upload = receive_upload(SimpleUploadedFile("../../../etc/名簿.xlsx", LIST), by=official)
    assert upload.filename == "名簿.xlsx"
    assert upload.content.name is not None
    assert upload.content.name.startswith("uploads/")
    assert ".." not in upload.content.name
