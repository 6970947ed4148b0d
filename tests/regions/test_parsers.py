"""Parsers on small files of the official layouts: what they take, and what they refuse and where."""

from __future__ import annotations

import datetime as dt

import pytest

from regions.parsers import (
    area_membership,
    municipality_codes,
    population_by_age,
    population_movement,
    population_projection,
    standard_areas,
)
from regions.parsers.reading import to_hiragana
from tests.regions import books
from tests.regions.books import book, full
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, read_workbook

CODE_HEADER = [
    "団体コード",
    "都道府県名\n（漢字）",
    "市区町村名\n（漢字）",
    "都道府県名\n（カナ）",
    "市区町村名\n（カナ）",
]
WARD_HEADER = ["団体コード", "都道府県名\n（漢字）", "市区町村名\n（漢字）", "都道府県名\n（ｶﾅ）", "市区町村名\n（ｶﾅ）"]


def code_book(*, city_code: str = full("01100"), ward_code: object = int(full("01101"))) -> Workbook:
    bodies: books.Rows = [
        CODE_HEADER,
        [full("01000"), "北海道", "", "ﾎｯｶｲﾄﾞｳ", ""],
        [city_code, "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ"],
    ]
    cities: books.Rows = [
        WARD_HEADER,
        [city_code, "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ"],
        [ward_code, "北海道", "札幌市中央区", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ"],
    ]
    sheets: dict[str, books.Rows] = {"R6.1.1現在の団体": bodies, "R6.1.1政令指定都市": cities}
    return book("codes.xlsx", **sheets)


@pytest.mark.parametrize(("kana", "hiragana"), [("ﾎｯｶｲﾄﾞｳ", "ほっかいどう"), ("サッポロシ", "さっぽろし"), ("ｳﾞ", "ゔ")])
def test_kana_of_any_width_becomes_hiragana(kana: str, hiragana: str) -> None:
    assert to_hiragana(kana) == hiragana


def test_codes_are_read_with_leading_zeros_whether_text_or_number() -> None:
    table = municipality_codes.parse(code_book())
    assert table.as_of == dt.date(2024, 1, 1)
    assert [row.code for row in table.prefectures] == ["01"]
    assert [(row.code, row.name_kana) for row in table.wards] == [("01101", "さっぽろしちゅうおうく")]
    assert [row.code for row in table.designated_cities] == ["01100"]


def test_a_code_with_a_wrong_check_digit_is_refused_with_its_cell() -> None:
    with pytest.raises(FileRefused) as refused:
        municipality_codes.parse(code_book(city_code="011003"))
    assert (refused.value.problems[0].cell, refused.value.problems[0].text) == ("A3", "011003")


def test_a_code_that_comes_twice_is_refused() -> None:
    with pytest.raises(FileRefused, match="2度"):
        municipality_codes.parse(code_book(ward_code=full("01100")))


def test_the_standard_list_is_recognised_in_cp932_and_keeps_days() -> None:
    text = (
        '"標準地域コード","都道府県","政令市･郡･支庁･振興局等","政令市･郡･支庁･振興局等（ふりがな）","市区町村",'
        '"市区町村（ふりがな）","廃置分合等施行年月日","廃置分合等情報有無"\n'
        '"13361","東京都","大島支庁","おおしましちょう","大島町","おおしままち","",""\n'
        '"22138","静岡県","浜松市","はままつし","中央区","ちゅうおうく","2024-01-01","有"\n'
    )
    listed = read_workbook(text.encode("cp932"), filename="FEA_hyoujun-20250210024619.csv")
    edition = standard_areas.sniff(listed)
    assert edition is not None
    assert edition.as_of == dt.date(2025, 2, 10)
    town, ward = standard_areas.parse(listed)
    assert (town.group, town.changed_on) == ("大島支庁", None)
    assert ward.changed_on == dt.date(2024, 1, 1)


def test_a_municipality_in_two_areas_is_refused() -> None:
    text = "muni_code,muni_name,area_code,area_name,pref_code,pref_name,mapping_source\n" + (
        "01101,札幌市中央区,0104,札幌,01,北海道,x\n01101,札幌市中央区,0105,後志,01,北海道,x\n"
    )
    listed = read_workbook(text.encode(), filename="areas.csv")
    with pytest.raises(FileRefused) as refused:
        area_membership.parse(listed)
    assert refused.value.problems[0].cell == "A3"


def by_age(rows: list[list[object]]) -> Workbook:
    return book("age.xlsx", 総計=rows)


def test_a_subtotal_of_a_district_is_no_place_of_its_own() -> None:
    table = population_by_age.parse(by_age(books.age_rows()))
    codes = [row.code for row in table.rows if row.sex == "both"]
    assert codes == ["00", "01", "01100", "01101", "01102", "01202", "01303", "01304"]
    assert table.districts == {"01303": "石狩郡", "01304": "石狩郡"}


def test_residents_keep_age_classes_columns_and_rows() -> None:
    table = population_by_age.parse(by_age(books.age_rows()))
    assert [(age.start, age.to) for age in table.ages] == [(None, None), (0, 4), (5, 9), (10, None)]
    assert table.columns == (5, 6, 7, 8)
    nation = table.rows[0]
    assert (nation.sex, nation.counts, nation.row) == ("both", (40, 8, 12, 20), 4)


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [("札幌市中央区", 12, "E10"), ("石狩郡当別町", 24, "E22"), ("函館市", 18, "E7")],
)
def test_parts_that_do_not_add_up_are_refused_with_the_cell_of_the_total(name: str, row: int, expected: str) -> None:
    rows = books.age_rows()
    assert rows[row][2] == name
    rows[row][4] = int(str(rows[row][4])) + 2  # one person too many of 計
    with pytest.raises(FileRefused) as refused:
        population_by_age.parse(by_age(rows))
    assert expected in {problem.cell for problem in refused.value.problems}


def test_ages_may_be_hidden_but_never_exceed_the_total() -> None:
    rows = books.age_rows()
    hidden = [list(row) for row in rows]
    for row in hidden[3:-1]:
        row[7] = 0  # the oldest are hidden everywhere: sums still agree, classes fall short of the total
    assert population_by_age.parse(by_age(hidden)).rows[0].counts == (40, 8, 12, 0)
    for row in rows[3:-1]:
        row[5] = 9 * int(str(row[5]))
    with pytest.raises(FileRefused, match="超えています"):
        population_by_age.parse(by_age(rows))


def test_a_count_that_is_no_number_is_refused_with_its_cell() -> None:
    rows = books.age_rows()
    rows[5][6] = "…"
    with pytest.raises(FileRefused) as refused:
        population_by_age.parse(by_age(rows))
    assert (refused.value.problems[0].cell, refused.value.problems[0].text) == ("G6", "…")


def test_a_missing_column_is_named() -> None:
    rows = books.age_rows()
    rows[2][0] = "コード"
    assert population_by_age.sniff(by_age(rows)) is None
    with pytest.raises(FileRefused, match="団体コード"):
        population_by_age.parse(by_age(rows))


def test_births_and_deaths_are_of_the_year_before_the_register() -> None:
    table = population_movement.parse(book("pop.xlsx", 総計=books.movement_rows()))
    assert (table.year, table.births_column, table.deaths_column) == (2024, 5, 6)
    assert [(row.code, row.births, row.deaths) for row in table.rows][:3] == [
        ("00", 4, 10),
        ("01", 4, 10),
        ("01100", 2, 6),
    ]


def test_shares_become_whole_persons() -> None:
    total = population_projection.parse(books.total_book())
    share = population_projection.parse(books.share_book([[21.0, 30.0], [15.0, 100 / 3], [25.0, 26.6667]]))
    table = population_projection.persons(total, share)
    assert {row.code: row.counts for row in table.rows} == {"07": (210, 180), "07201": (60, 100), "07999": (150, 80)}
    assert (table.measure, table.years, table.block_code) == ("75plus", (2020, 2050), "07999")
    assert total.block.member_names == ("いわき市", "相馬市")


def test_a_projection_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        population_projection.parse(books.total_book([[1000, 601], [400, 300], [600, 300]]))
    assert refused.value.problems[0].cell == "F6"


@pytest.mark.parametrize(
    "sniff",
    [
        area_membership.sniff,
        municipality_codes.sniff,
        population_by_age.sniff,
        population_movement.sniff,
        population_projection.sniff,
        standard_areas.sniff,
    ],
)
def test_a_file_of_another_kind_is_not_recognised(sniff) -> None:  # type: ignore[no-untyped-def] # modules' functions of one shape
    assert sniff(book("other.xlsx", 表=[["題"], ["a", "b"], [1, 2]])) is None
