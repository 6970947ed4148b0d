"""Reading a 届出受理医療機関名簿: what is taken, and every way of damaging the file."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.parsers.notification_list import COLUMNS, parse, sniff
from tests.institutions.lists import KEPT, TITLE, code, content, number, row, table, workbook
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import read_workbook


def refusal(rows: list[list[str]], **options: object) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        table(rows, **options)
    return caught.value


def test_the_edition_follows_from_the_content() -> None:
    edition = sniff(workbook([row(1)]))
    assert edition is not None
    assert edition.key == "notification_list/01/2025-10-01"
    assert edition.publisher == "北海道厚生局"
    assert edition.edition == "北海道 2025年10月1日現在"
    assert (edition.as_of, edition.prefecture_code) == (dt.date(2025, 10, 1), "01")


def test_one_institution_with_two_notifications_and_a_remark_is_one_institution() -> None:
    taken = table(
        [
            row(1, "支援診３", beds="一般　　19"),
            row(1, "在医総管１", remark="病棟種別"),
            row(1, "在医総管１", remark="２行目の備考"),
            row(2),
        ]
    )
    assert [one.code for one in taken.institutions] == [code(1), code(2)]
    assert [(one.symbol, one.row) for one in taken.notifications] == [("支援診3", 5), ("在医総管1", 6)]
    assert taken.institutions[0].beds == {"一般": 19}
    assert taken.warnings == ()


def test_symbols_are_compared_without_regard_to_width() -> None:
    taken = table([row(1, "支援診２"), row(2, "支援診2"), row(3, "支援診 ２")])
    assert {one.symbol for one in taken.notifications} == {"支援診2"}


def test_other_notifications_are_counted_and_not_kept() -> None:
    taken = table([row(1, "ニコ"), row(1, "ニコ", remark="備考"), row(2, "ニコ"), row(2, "支援診３")])
    assert taken.not_kept == {"ニコ": 2}
    assert len(taken.notifications) == 1


def test_only_medical_institutions_are_taken_and_the_others_counted() -> None:
    taken = table([row(1, "支援診３"), row(2, "歯援診１", category="歯科"), row(3, category="薬局")])
    assert [one.code for one in taken.institutions] == [code(1)]
    assert taken.skipped == {"歯科": 1, "薬局": 1}


@pytest.mark.parametrize(
    ("beds", "stated", "kind"),
    [
        ("一般　　20", "", "hospital"),
        ("一般　　19", "", "clinic"),
        ("", "", "clinic"),
        ("一般　　", "", "unknown"),
        ("一般　　", "診療所", "clinic"),
        ("", "総合病院", "hospital"),
    ],
)
def test_a_hospital_has_twenty_beds_or_says_so(beds: str, stated: str, kind: str) -> None:
    assert table([row(1, beds=beds, kind=stated)]).institutions[0].kind == kind


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和 6年 6月 1日", dt.date(2024, 6, 1)),
        ("令和 6年10月 1日", dt.date(2024, 10, 1)),
        ("令和元年12月 1日", dt.date(2019, 12, 1)),
        ("平成元年 4月 1日", dt.date(1989, 4, 1)),
        ("昭和63年 4月 1日", dt.date(1988, 4, 1)),
    ],
)
def test_the_dates_of_the_lists_are_read(text: str, day: dt.date) -> None:
    assert table([row(1, "支援診３", started=text)]).notifications[0].started_on == day


@given(st.dates(dt.date(2019, 5, 1), dt.date(2060, 12, 31)))
def test_every_date_is_read_back_as_the_bureaus_write_it(day: dt.date) -> None:
    from zaitaku.lib.fiscal_years import parse_date

    year = "元" if day.year == 2019 else f"{day.year - 2018:2d}"
    assert parse_date(f"令和{year}年{day.month:2d}月{day.day:2d}日") == day


def test_notes_and_empty_rows_between_and_after_the_rows_are_passed_over() -> None:
    taken = table([row(1, "支援診３"), [], ["※ 参考：事務処理中のものを含まない"], row(2, "支援診３"), ["注"]])
    assert len(taken.institutions) == 2


def test_a_list_saved_as_csv_is_read_though_its_rows_end_early() -> None:
    lines = [[], [TITLE], [], list(COLUMNS), row(1, "支援診３"), [""], row(2)[:16]]
    book = read_workbook("\n".join(",".join(line) for line in lines).encode("cp932"), filename="名簿.csv")
    taken = parse(book, kept=KEPT)
    assert (len(taken.institutions), len(taken.notifications)) == (2, 1)


def test_a_title_further_down_is_found() -> None:
    assert table([row(1)], above=[["中国四国厚生局"], ["お知らせ"]]).as_of == dt.date(2025, 10, 1)


def test_a_wrong_check_digit_is_a_warning_with_its_cell() -> None:
    wrong = row(1)
    wrong[4] = number(1)[:-1] + str((int(number(1)[-1]) + 1) % 10)
    (warning,) = table([wrong]).warnings
    assert (warning.sheet, warning.cell, warning.text) == ("Sheet1", "E5", wrong[4])


def test_a_check_digit_over_the_last_seven_digits_is_accepted_too() -> None:
    seven = row(1)
    seven[4] = "1234566"  # Luhn of 123456 is 6
    assert table([seven]).warnings == ()


def test_a_deleted_institution_shows_as_a_gap_in_the_serial_numbers() -> None:
    (warning,) = table([row(1), row(2), row(4)]).warnings
    assert "項番3がありません（1件）" in warning.reason


def test_beds_that_cannot_be_read_are_a_warning_and_stay_empty() -> None:
    taken = table([row(1, beds="378")])
    assert taken.institutions[0].beds == {}
    assert [(warning.cell, warning.text) for warning in taken.warnings] == [("M5", "378")]


# Damage


def test_a_renamed_heading_is_refused_with_the_cell_and_the_right_name() -> None:
    renamed = ["届出記号" if name == "受理記号" else name for name in COLUMNS]
    (problem,) = refusal([row(1)], header=renamed).problems
    assert (problem.sheet, problem.cell, problem.text) == ("Sheet1", "O4", "届出記号")
    assert "「受理記号」" in problem.reason


def test_two_columns_that_changed_places_are_refused_with_where_they_are() -> None:
    swapped = list(COLUMNS)
    swapped[7], swapped[9] = swapped[9], swapped[7]
    problems = refusal([row(1)], header=swapped).problems
    assert [problem.cell for problem in problems] == ["H4", "J4"]
    assert "J4にあります" in problems[0].reason


def test_a_missing_column_is_refused() -> None:
    problems = refusal([row(1)[:12] + row(1)[13:]], header=COLUMNS[:12] + COLUMNS[13:]).problems
    assert problems[0].cell == "M4"
    assert "その見出しがありません" in problems[0].reason


def test_an_inserted_column_is_refused() -> None:
    header = (*COLUMNS[:5], "メモ", *COLUMNS[5:])
    assert refusal([[*row(1)[:5], "", *row(1)[5:]]], header=header).problems[0].cell == "F4"


def test_headings_that_stay_while_the_rows_shift_are_refused_with_the_row() -> None:
    shifted = ["", *row(2)[:-1]]
    shifted[1] = "01"
    problems = refusal([row(1), shifted]).problems
    assert {problem.cell for problem in problems} == {"D6"}


def test_the_two_heading_spellings_and_line_breaks_do_not_matter() -> None:
    header = [name.replace("(", "（").replace(")", "）").replace("年月日", "\n年月日") for name in COLUMNS]
    assert len(table([row(1)], header=header).institutions) == 1


def test_a_list_without_its_day_is_refused() -> None:
    assert "時点" in refusal([row(1)], title="届出受理医療機関名簿").problems[0].reason


def test_a_list_of_two_prefectures_is_refused_with_the_row() -> None:
    problems = refusal([row(1), row(2, prefecture="02")]).problems
    assert (problems[0].cell, problems[0].text) == ("B6", "02")


def test_a_list_of_dentists_only_is_refused() -> None:
    assert "医科の名簿" in refusal([row(1, category="歯科")]).problems[0].reason


def test_a_list_without_any_row_is_refused() -> None:
    assert refusal([]).problems


def test_a_date_that_cannot_be_read_is_refused_with_its_cell_and_text() -> None:
    (problem,) = refusal([row(1, "支援診３", started="昨年の秋")]).problems
    assert (problem.cell, problem.text) == ("Q5", "昨年の秋")


def test_at_most_twenty_places_are_named() -> None:
    assert len(refusal([row(serial, "支援診３", started="？") for serial in range(1, 40)]).problems) == 20


def test_a_number_saved_as_a_number_keeps_its_leading_zero() -> None:
    saved: list[object] = list(row(1))
    saved[4] = int(number(1))
    assert table([saved]).institutions[0].code == code(1)  # type: ignore[list-item]  # a number cell


def test_another_table_is_not_recognised() -> None:
    assert sniff(workbook([["何か"]], header=["都道府県", "人口"])) is None
    assert sniff(read_workbook(b"a,b\n1,2\n", filename="x.csv")) is None


@given(st.binary(max_size=300))
def test_no_bytes_break_the_opening_of_a_file(noise: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with suppress(FileRefused):
            assert sniff(read_workbook(start + noise, filename="x.xlsx")) is None


def test_a_file_cut_off_anywhere_is_refused() -> None:
    whole = content([row(serial, "支援診３") for serial in range(1, 30)])
    for length in (10, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        with pytest.raises(FileRefused):
            read_workbook(whole[:length], filename="x.xlsx")
