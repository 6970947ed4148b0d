"""The self-check finds each kind of fault in a file made with that fault, and names the place."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from zaitaku.lib.machine_readable import Finding, Rule, inspect_file

HEADER = "地域コード,地域名,年度,値,単位,秘匿区分,値がない理由"
GOOD = f"{HEADER}\r\n01,北海道,2025,12.5,か所,,\r\n02,青森県,2025,,か所,秘匿,少ないため\r\n"


def check(folder: Path, content: str, *, name: str = "data.csv", encoding: str = "utf-8-sig") -> tuple[Finding, ...]:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return inspect_file(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_good_file_has_no_finding(tmp_path: Path, encoding: str) -> None:
    assert check(tmp_path, GOOD, encoding=encoding) == ()


@pytest.mark.parametrize(
    ("content", "rule", "place"),
    [
        (f"表1 在宅医療\r\n{GOOD}", Rule.HEADER_FIRST, "1行目"),
        (GOOD.replace("地域名,", ","), Rule.HEADER_FILLED, "1行目 2列目"),
        (GOOD.replace("秘匿区分", "地域名"), Rule.HEADER_UNIQUE, "1行目"),
        (GOOD.replace("単位", '"単\n位"'), Rule.HEADER_PLAIN, "1行目 5列目"),
        (GOOD.replace("秘匿区分", "2024年度"), Rule.LONG_FORM, "1行目 6列目"),
        (f"{HEADER}\r\n", Rule.HAS_ROWS, ""),
        (f"{GOOD},,,,,,\r\n", Rule.ONE_TABLE, "4行目"),
        (f"{GOOD}注：速報値\r\n", Rule.SAME_WIDTH, "4行目"),
        (GOOD.replace("北海道", '"北海道\n札幌"'), Rule.ONE_VALUE, "2行目 地域名"),
        (GOOD.replace("北海道", "北　　海道"), Rule.NO_PADDING, "2行目 地域名"),
        (GOOD.replace("北海道", "北海道\ue000"), Rule.NO_CONTROL, "2行目 地域名"),
        (GOOD.replace("12.5", "12.5か所"), Rule.NUMBER_PLAIN, "2行目 値"),
        (GOOD.replace("12.5", '"1,250"'), Rule.NUMBER_PLAIN, "2行目 値"),
        (GOOD.replace("12.5", "１２"), Rule.NUMBER_PLAIN, "2行目 値"),
        (GOOD.replace("12.5", "1e-05"), Rule.NUMBER_PLAIN, "2行目 値"),
        (GOOD.replace("12.5", "※"), Rule.NUMBER_PLAIN, "2行目 値"),
        (GOOD.replace("2025,12.5", "令和7,12.5"), Rule.YEAR_WESTERN, "2行目 年度"),
        (GOOD.replace("単位", "数え方"), Rule.UNIT_COLUMN, "1行目"),
        (GOOD.replace("地域コード", "番号"), Rule.REGION_CODED, "1行目"),
        (GOOD.replace("2025,,か所", "2025,3,か所"), Rule.HIDDEN_EMPTY, "3行目"),
        (GOOD.replace("少ないため", ""), Rule.GAP_EXPLAINED, "3行目"),
        ("都道府県コード,都道府県名\r\n1,北海道\r\n", Rule.CODE_WIDTH, "2行目 都道府県コード"),
        ("資料名,時点\r\n名簿,2025/10/1\r\n", Rule.DATE_ISO, "2行目 時点"),
    ],
)
def test_each_fault_is_found_at_its_place(tmp_path: Path, content: str, rule: Rule, place: str) -> None:
    found = check(tmp_path, content)
    assert (rule, f"data.csv {place}".strip()) in [(finding.rule, finding.place) for finding in found], found


def test_file_name_format_and_encoding_are_checked(tmp_path: Path) -> None:
    assert [f.rule for f in check(tmp_path, GOOD, name="指標 一覧.csv")] == [Rule.FILE_NAME]
    assert [f.rule for f in check(tmp_path, GOOD, name="data.pdf")] == [Rule.FORMAT]
    assert [f.rule for f in check(tmp_path, GOOD, encoding="utf-16")] == [Rule.ENCODING]


def test_a_fault_in_every_row_is_told_three_times_only(tmp_path: Path) -> None:
    content = f"{HEADER}\r\n" + "01,北海道,2025,約3,か所,,\r\n" * 50
    assert len(check(tmp_path, content)) == 3


def test_a_column_that_the_codebook_does_not_describe_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    found = inspect_file(path, codebook=HEADER.split(",")[:-1])
    assert [str(finding) for finding in found] == [
        "data.csv：列「値がない理由」の説明がありません（すべての列の説明（コードブック）が一緒にある）"
    ]


def test_faults_of_a_workbook_are_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["地域コード", "地域名", "値", "単位"], [1, "北海道", "12", "か所"], ["02", "青森県", "=1+1", "か所"]):
        sheet.append(row)
    sheet.merge_cells("A5:B5")
    sheet.row_dimensions[3].hidden = True
    sheet["B2"].comment = Comment("速報", "試験")
    path = tmp_path / "data.xlsx"
    book.save(path)
    assert {finding.rule for finding in inspect_file(path)} >= {
        Rule.CODE_TEXT, Rule.NUMBER_TYPED, Rule.NO_MERGED, Rule.NO_FORMULA,
        Rule.NO_HIDDEN_PART, Rule.NO_OBJECT, Rule.CODEBOOK, Rule.SOURCE,
    }  # fmt: skip


def test_a_zip_without_codebook_and_readme_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", GOOD.encode("utf-8-sig"))
    assert {finding.rule for finding in inspect_file(path)} == {Rule.CODEBOOK, Rule.SOURCE}
