"""NDBオープンデータ: sheets made here, whole and damaged. The outcome is exactly right or a refusal that says where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.models import Status
from indicators.parsers import ndb
from indicators.parsers import observations as constants
from indicators.parsers.observations import OBSERVED, SUPPRESSED, ObservationTable
from tests.indicators.ndb_sheets import HIDDEN, LINES, TOTAL, VISIBLE, Rows, area_rows, prefecture_rows, workbook
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.problems import FileRefused

Key = tuple[str, str, str, str, int]
Facts = dict[Key, tuple[float | None, int]]


def facts(table: ObservationTable) -> Facts:
    """What a table says, without where it stands."""
    return {(f.item, f.kind, f.region, f.stratum, f.year): (f.value, f.status) for f in table.rows()}


def title() -> object:
    return prefecture_rows()[0][0]


def refusal(*sheets: Rows) -> str:
    """The words of the refusal of these sheets."""
    with pytest.raises(FileRefused) as caught:
        ndb.parse(workbook(*sheets))
    return str(caught.value)


WHOLE = facts(ndb.parse(workbook(prefecture_rows())))


def test_a_parsers_statuses_are_those_of_the_database() -> None:
    for name in ("OBSERVED", "PROVISIONAL", "SUPPRESSED", "MISSING", "NOT_APPLICABLE"):
        assert getattr(constants, name) == Status[name].value


def test_totals_hidden_cells_and_zeros_of_a_prefecture_sheet() -> None:
    assert len(WHOLE) == 3 * 48
    assert WHOLE["ndb.medical.claims.114000110", "nation", "00", "", 2022] == (TOTAL, OBSERVED)
    assert WHOLE["ndb.medical.claims.114000110", "prefecture", "47", "", 2022] == (1047, OBSERVED)
    assert WHOLE["ndb.medical.claims.114001610", "prefecture", "03", "", 2022] == (None, SUPPRESSED)
    assert WHOLE["ndb.medical.claims.114001610", "prefecture", "43", "", 2022] == (0, OBSERVED)
    assert WHOLE["ndb.medical.claims.114001110", "nation", "00", "", 2022] == (None, SUPPRESSED)


def test_every_figure_knows_its_cell() -> None:
    figures = list(ndb.parse(workbook(prefecture_rows())).rows())
    first, last = figures[0], figures[-1]
    assert (first.region, first.sheet, first.row, first.column) == ("00", 0, 5, 6)
    assert (last.region, last.sheet, last.row, last.column) == ("47", 0, 7, 6 + 47)


def test_the_edition_is_named_by_round_subject_measure_and_level() -> None:
    edition = ndb.sniff(workbook(prefecture_rows()))
    assert edition is not None
    assert edition.key == "ndb_open_data/09/medical/claims/prefecture"
    assert edition.edition == "第9回 令和4年度(2022年度)診療分"
    assert edition.as_of == dt.date(2023, 3, 31)


@pytest.mark.parametrize(
    ("period", "year", "number"),
    [
        ("H26年04月～H27年03月", 2014, "01"),
        ("H31年04月～R02年03月", 2019, "06"),
        ("平成31年４月～令和２年３月", 2019, "06"),
        ("２０２２年０４月〜２０２３年０３月", 2022, "09"),
        ("令和5年4月 - 令和6年3月", 2023, "10"),
        ("2023/04～2024/03", 2023, "10"),
    ],
)
def test_the_year_is_read_in_every_style(period: str, year: int, number: str) -> None:
    book = workbook(prefecture_rows(title=f"診療年月：{period}　Ｃ　在宅医療　全体"))
    edition = ndb.sniff(book)
    assert edition is not None
    assert edition.key == f"ndb_open_data/{number}/medical/claims/prefecture"
    assert {figure.year for figure in ndb.parse(book).rows()} == {year}


@pytest.mark.parametrize(
    "period", ["2022年04月～2022年09月", "22年04月～23年03月", "2022年04月～2024年03月", "令和4年度"]
)
def test_a_period_that_is_no_fiscal_year_is_refused(period: str) -> None:
    assert "診療年月" in refusal(prefecture_rows(title=f"診療年月：{period}　C 在宅医療　全体"))


def test_other_chapters_and_other_workbooks_are_not_taken_for_home_care() -> None:
    assert ndb.sniff(workbook(prefecture_rows(title="診療年月：2022年04月～2023年03月　B 医学管理等　全体"))) is None
    assert ndb.sniff(workbook([["団体コード", "人口"], ["011002", 1]])) is None
    assert ndb.sniff(workbook([[]])) is None


def test_dental_is_known_from_the_code_even_if_the_title_does_not_say_so() -> None:
    lines = [["C000", "歯科訪問診療料", 303000110.0, "歯科訪問診療１", 1100.0, TOTAL, *VISIBLE]]
    edition = ndb.sniff(workbook(prefecture_rows(lines=lines)))
    assert edition is not None
    assert edition.key == "ndb_open_data/09/dental/claims/prefecture"


def test_a_dental_title_over_medical_codes_is_refused() -> None:
    assert "歯科" in refusal(prefecture_rows(title="診療年月：2022年04月～2023年03月　(歯科) C 在宅医療　全体"))


def test_medical_and_dental_codes_in_one_sheet_are_refused() -> None:
    lines = [*LINES, ["C000", "歯科", 303000110.0, "歯科訪問診療１", 1100.0, TOTAL, *VISIBLE]]
    assert "全体!C8" in refusal(prefecture_rows(lines=lines))


def test_patients_may_be_counted_in_several_prefectures() -> None:
    lines = [["C000", "往診料", "114000110", "往診料", 720.0, TOTAL - 10, *VISIBLE]]
    table = ndb.parse(workbook(prefecture_rows(total="総計\n(患者数)", lines=lines)))
    (item,) = table.items
    assert (item.code, item.unit, item.basis, item.counts_people) == (
        "ndb.medical.patients.114000110", "人", "provider", True,
    )  # fmt: skip


@pytest.mark.parametrize("total", [TOTAL + 1, 1000])
def test_patients_fewer_than_one_prefecture_or_more_than_all_are_refused(total: int) -> None:
    lines = [["C000", "往診料", "114000110", "往診料", 720.0, total, *VISIBLE]]
    assert "全体!F5" in refusal(prefecture_rows(total="総計(患者数)", lines=lines))


def test_claims_that_do_not_add_up_are_refused_with_the_cell() -> None:
    lines = [[*LINES[0][:6], 1002, *VISIBLE[1:]]]
    words = refusal(prefecture_rows(lines=lines))
    assert "全体!F5" in words
    assert "48,129" in words


def test_visible_cells_beyond_the_total_are_refused_even_if_others_are_hidden() -> None:
    lines = [["C000", "往診料", 114000110.0, "往診料", 720.0, 100, 60, 50, *[HIDDEN] * 45]]
    assert "合いません" in refusal(prefecture_rows(lines=lines))


def test_the_merged_classes_hold_for_the_rows_below_and_end_with_a_new_heading() -> None:
    lines: Rows = [
        [
            "在宅療養指導管理材料加算",
            "C150",
            "血糖自己測定器加算",
            114005910.0,
            "２０回以上",
            350.0,
            "",
            TOTAL,
            *VISIBLE,
        ],
        ["", "", "", 114006010.0, "４０回以上", 580.0, "", TOTAL, *VISIBLE],
        ["訪問看護加算", "", "", 114006110.0, "乳幼児加算", 50.0, "", TOTAL, *VISIBLE],
    ]
    rows = prefecture_rows(lines=lines)
    rows[2] = ["加算", " ", "  ", "診療行為\nコード", "診療行為", "点数", "%\n(加減算)", "総計", *rows[2][6:]]
    rows[3] = [*[""] * 8, *rows[3][6:]]
    table = ndb.parse(workbook(rows))
    assert [item.section for item in table.items] == ["C150", "C150", "訪問看護加算"]


def test_one_act_in_two_sheets_is_taken_once_if_the_figures_agree_and_refused_if_not() -> None:
    assert facts(ndb.parse(workbook(prefecture_rows(), prefecture_rows()))) == WHOLE
    other = [[*LINES[0][:5], TOTAL + 1, VISIBLE[0] + 1, *VISIBLE[1:]]]
    words = refusal(prefecture_rows(), prefecture_rows(lines=other))
    assert "全体（加算）!C5" in words
    assert "重複" in words


def test_sheets_of_different_years_in_one_file_are_refused() -> None:
    older = prefecture_rows(title="診療年月：2021年04月～2022年03月　C 在宅医療　全体（加算）")
    assert "全体（加算）" in refusal(prefecture_rows(), older)


def test_notes_and_empty_sheets_are_passed_over_but_figures_without_a_title_are_refused() -> None:
    assert facts(ndb.parse(workbook(prefecture_rows(), [], [["※ 注記です。"]]))) == WHOLE
    assert "表題" in refusal(prefecture_rows(), prefecture_rows(title=""))


def test_age_and_sex_become_strata_of_the_nation() -> None:
    ages = ["0～4歳", "5～9歳", "10～14歳", "15歳以上"]
    rows: Rows = [
        [title()],
        [],
        ["分類コード", "分類名称", "診療行為コード", "診療行為", "点数", "総計", "男", "", "", "", "女", "", "", ""],
        [*[""] * 6, *ages, *ages],
        ["C000", "往診料", 114000110.0, "往診料", 720.0, 100, 10, 20, 0, 15, 11, 12, 13, 19],
    ]
    found = facts(ndb.parse(workbook(rows)))
    assert found["ndb.medical.claims.114000110", "nation", "00", "M5-9", 2022] == (20, OBSERVED)
    assert found["ndb.medical.claims.114000110", "nation", "00", "F15-", 2022] == (19, OBSERVED)
    assert found["ndb.medical.claims.114000110", "nation", "00", "", 2022] == (100, OBSERVED)
    del rows[3][8]  # 10～14歳 of men is gone, everything right of it moved
    assert "見出し" in refusal(rows) or "年齢" in refusal(rows)


def test_months_become_strata_and_a_missing_month_is_refused() -> None:
    months = [f"{month}月" for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    head = ["分類コード", "分類名称", "診療行為コード", "診療行為", "点数", "総計"]
    rows: Rows = [
        [title()],
        [],
        [*head, *months],
        ["C000", "往診料", 114000110.0, "往診料", 720.0, 78, *range(1, 13)],
    ]
    found = facts(ndb.parse(workbook(rows)))
    assert found["ndb.medical.claims.114000110", "nation", "00", "2022-04", 2022] == (1, OBSERVED)
    assert found["ndb.medical.claims.114000110", "nation", "00", "2023-03", 2022] == (12, OBSERVED)
    short = [rows[0], *(row[:-1] for row in rows[1:])]
    assert "12か月" in refusal(short)


AREAS = [(f"{p.code}{serial:02}", f"{p.name[:2]}{serial}") for p in PREFECTURES for serial in (1, 3)]


def test_areas_by_code_and_name_and_what_belongs_to_no_area_is_only_counted() -> None:
    lines: Rows = [["C000", "往診料", 114000110.0, "往診料", 720.0, 94 * 20 + 5, *[20] * 94, 5]]
    table = ndb.parse(workbook(area_rows(AREAS, lines)))
    assert len(table.cells) == 1 + 94
    assert table.places[1].scheme_kind == "secondary_medical_area"
    assert [(place.code, place.name) for place in table.places[1:]] == AREAS
    assert table.counts == {"二次医療圏判別不可のセル": 1, "二次医療圏判別不可の合計": 5}


def test_an_area_below_the_wrong_prefecture_is_refused() -> None:
    rows = area_rows(AREAS, [["C000", "往診料", 114000110.0, "往診料", 720.0, 1880, *[20] * 94, 0]])
    rows[3][6 + 2] = ""  # 青森県's heading is gone: its areas would stand below 北海道
    assert "全体!I4" in refusal(rows)


# -- damage ---------------------------------------------------------------------------------------------------------

DASHES = st.sampled_from(["-", "‐", "－", "―", "−", "ー", "–", "—", "‑", " - "])
Damage = Callable[[Rows], Rows]


@settings(max_examples=25, deadline=None)
@given(dash=DASHES)
def test_every_dash_means_hidden(dash: str) -> None:
    lines = [[dash if cell == HIDDEN else cell for cell in line] for line in LINES]
    assert facts(ndb.parse(workbook(prefecture_rows(lines=lines)))) == WHOLE


@pytest.mark.parametrize("mark", ["*", "…", "x", "10未満", "1.5", "-5", "１２３a"])
def test_any_other_mark_is_refused_with_its_cell(mark: str) -> None:
    lines = [list(line) for line in LINES]
    lines[1][8] = mark
    assert "全体!I6" in refusal(prefecture_rows(lines=lines))


@settings(max_examples=25, deadline=None)
@given(column=st.integers(0, 5), rows=st.lists(st.sampled_from(["", "※注記"]), max_size=4))
def test_columns_and_notes_put_in_before_the_figures_change_nothing(column: int, rows: list[str]) -> None:
    shifted = [[*row[:column], "", *row[column:]] for row in prefecture_rows(above=[[text] for text in rows])]
    shifted[0] = [prefecture_rows()[0][0]]
    assert facts(ndb.parse(workbook(shifted))) == WHOLE


def test_codes_and_numbers_as_text_in_full_width_change_nothing() -> None:
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    lines = [
        [
            f"{int(cell):,}".translate(wide) if number > 4 and isinstance(cell, int) else
            str(int(cell)).translate(wide) if number == 2 and isinstance(cell, float) else cell
            for number, cell in enumerate(line)
        ]
        for line in LINES
    ]  # fmt: skip
    assert facts(ndb.parse(workbook(prefecture_rows(lines=lines)))) == WHOLE


@settings(max_examples=60, deadline=None)
@given(column=st.integers(0, 52), line=st.sampled_from([None, 0, 1, 2]), insert=st.booleans())
def test_a_cell_or_column_lost_or_put_in_is_harmless_or_refused(column: int, line: int | None, insert: bool) -> None:
    """`line` None: the whole column from the header down; else in this line only, which shifts the cells after it."""
    rows = prefecture_rows()
    for number in range(2, len(rows)) if line is None else (4 + line,):
        rows[number][column : column + (not insert)] = [""] if insert else []
    try:
        found = facts(ndb.parse(workbook(rows)))
    except FileRefused:
        return
    assert found == WHOLE


@settings(max_examples=60, deadline=None)
@given(row=st.sampled_from([2, 3]), column=st.integers(0, 52), text=st.sampled_from(["", "総計", "北海道", "01", "x"]))
def test_a_changed_header_cell_is_harmless_or_refused(row: int, column: int, text: str) -> None:
    rows = prefecture_rows()
    rows[row][column] = text
    try:
        found = facts(ndb.parse(workbook(rows)))
    except FileRefused:
        return
    assert found == WHOLE


@settings(max_examples=40, deadline=None)
@given(column=st.integers(5, 52), change=st.sampled_from([1, -1, 1000, -900]))
def test_a_changed_figure_of_a_row_without_hidden_cells_is_refused(column: int, change: int) -> None:
    rows = prefecture_rows()
    rows[4][column] = int(str(rows[4][column])) + change
    assert "F5" in refusal(rows)


@settings(max_examples=20, deadline=None)
@given(code=st.sampled_from(["", "x", "11400011", "2140001100", "往診"]), line=st.integers(0, 2))
def test_a_row_of_figures_without_a_code_is_refused(code: str, line: int) -> None:
    rows = prefecture_rows()
    rows[4 + line][2] = code
    assert "全体!" in refusal(rows)
