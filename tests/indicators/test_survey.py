"""A prefecture's own surveys: what is written on the form is taken exactly, and every mistake is named by its cell."""

from __future__ import annotations

import csv
import io

import pytest

from indicators.definitions.survey_items import survey_items
from indicators.exports.survey_form import FormRegion, survey_form_csv, survey_form_xlsx, survey_themes
from indicators.models import Status
from indicators.parsers import survey
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, cell_name, read_workbook

REGIONS = (FormRegion("都道府県", "01", "北海道"), FormRegion("市区町村", "01202", "函館市"))
SATISFIED, RESPONDENTS = "survey.satisfaction.satisfied", "survey.satisfaction.respondents"


def _book(*rows: dict[str, str], headers: tuple[str, ...] = survey.HEADERS) -> Workbook:
    """A form with these rows; what a row leaves out is filled in sensibly."""
    usual = {
        "項目コード": RESPONDENTS,
        "地域区分": "市区町村",
        "地域コード": "01202",
        "年度": "2026",
        "値": "10",
        "調査名": "デモ調査",
        "調査時点": "2026-10-01",
    }
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, headers, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**usual, **row} for row in rows)
    return read_workbook(buffer.getvalue().encode("utf-8-sig"), filename="form.csv")


def _problems(book: Workbook) -> list[tuple[str, str]]:
    with pytest.raises(FileRefused) as refused:
        survey.parse(book)
    return [(problem.cell, problem.reason) for problem in refused.value.problems]


def test_a_figure_keeps_its_item_place_year_and_cell() -> None:
    table = survey.parse(_book({"項目コード": SATISFIED, "値": "８"}, {"値": "1,0"}))
    satisfied, respondents = table.rows()
    assert (satisfied.item, satisfied.kind, satisfied.region) == (SATISFIED, "municipality", "01202")
    assert (satisfied.year, satisfied.value, satisfied.status) == (2026, 8.0, Status.OBSERVED)
    assert cell_name(satisfied.row, satisfied.column) == "G2"
    assert respondents.value == 10.0


@pytest.mark.parametrize(
    ("written", "status"),
    [("秘匿", Status.SUPPRESSED), ("データなし", Status.MISSING), ("対象外", Status.NOT_APPLICABLE)],
)
def test_a_figure_without_value_keeps_its_reason(written: str, status: Status) -> None:
    (figure,) = survey.parse(_book({"値": "", "秘匿区分": written})).rows()
    assert (figure.value, figure.status) == (None, status)


def test_zero_is_a_value_and_provisional_is_kept_apart() -> None:
    (figure,) = survey.parse(_book({"値": "0", "秘匿区分": "暫定"})).rows()
    assert (figure.value, figure.status) == (0.0, Status.PROVISIONAL)


def test_people_are_whole_unless_the_item_is_an_average() -> None:
    """Half a person is refused at its cell; a monthly average may have a fraction; neither may be negative."""
    name = survey_items()[RESPONDENTS].name
    assert _problems(_book({"値": "10.5"})) == [("G2", f"「{name}」は整数で記入してください。")]
    (average,) = survey.parse(_book({"項目コード": "survey.ambulance.home_patients", "値": "10.5"})).rows()
    assert average.value == 10.5
    assert [cell for cell, _ in _problems(_book({"値": "-1"}))] == ["G2"]


def test_era_years_and_six_digit_codes_are_understood() -> None:
    (figure,) = survey.parse(
        _book({"年度": "令和８年度", "地域コード": "012025", "調査時点": "令和8年10月 1日"})
    ).rows()
    assert (figure.year, figure.region) == (2026, "01202")


def test_columns_may_stand_in_any_order_with_notes_above() -> None:
    shuffled = tuple(reversed(survey.HEADERS))
    (figure,) = survey.parse(_book({}, headers=shuffled)).rows()
    assert (figure.value, figure.region) == (10.0, "01202")


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ({"項目コード": "survey.unknown"}, "A2"),
        ({"地域区分": "郡"}, "C2"),
        ({"地域コード": "120"}, "D2"),
        ({"年度": "来年"}, "F2"),
        ({"年度": "1026"}, "F2"),
        ({"値": "約10"}, "G2"),
        ({"値": "-1"}, "G2"),
        ({"値": "1.5"}, "G2"),
        ({"値": "inf"}, "G2"),
        ({"秘匿区分": "秘匿"}, "G2"),
        ({"秘匿区分": "ひみつ"}, "H2"),
        ({"調査名": ""}, "I2"),
        ({"調査時点": "13月"}, "J2"),
    ],
)
def test_each_mistake_is_named_by_its_cell(row: dict[str, str], cell: str) -> None:
    assert [place for place, _ in _problems(_book(row))] == [cell]


def test_all_mistakes_of_a_form_are_shown_at_once() -> None:
    assert len(_problems(_book({"値": "x"}, {"年度": "x"}, {"調査名": ""}))) == 3


def test_a_part_above_its_whole_is_refused() -> None:
    ((cell, reason),) = _problems(_book({"項目コード": SATISFIED, "値": "11"}, {}))
    assert cell == "G2"
    assert "10" in reason


def test_the_same_figure_twice_is_refused() -> None:
    ((cell, reason),) = _problems(_book({}, {"値": "12"}))
    assert cell == "G3"
    assert "2行目" in reason


def test_two_prefectures_or_two_surveys_in_one_file_are_refused() -> None:
    assert len(_problems(_book({}, {"地域コード": "02201"}))) == 1
    assert len(_problems(_book({}, {"地域コード": "01203", "調査名": "別のデモ調査"}))) == 1


def test_an_empty_form_is_refused_and_another_file_is_not_recognised() -> None:
    assert "1つも" in _problems(_book({"値": ""}))[0][1]
    assert survey.sniff(read_workbook(b"a,b\n1,2\n", filename="x.csv")) is None


def test_the_edition_names_prefecture_survey_and_day() -> None:
    edition = survey.sniff(_book({}))
    assert edition is not None
    assert (edition.kind, edition.prefecture_code, edition.title) == ("prefecture_survey", "01", "デモ調査")
    assert edition.key.endswith("/2026-10-01")


@pytest.mark.parametrize("write", [survey_form_csv, survey_form_xlsx])
def test_the_downloaded_form_is_recognised_and_offers_every_item_for_every_region(write: object) -> None:
    assert callable(write)
    book = read_workbook(write(REGIONS), filename="form.xlsx")
    rows = book.sheet(book.sheet_names[0]).rows
    assert tuple(rows[0]) == survey.HEADERS
    assert len(rows) - 1 == len(REGIONS) * len(survey_items())
    assert rows[1][3] == "01"
    with pytest.raises(FileRefused, match="1つも"):
        survey.parse(book)


def test_a_form_can_be_limited_to_one_theme() -> None:
    rows = csv.DictReader(io.StringIO(survey_form_csv(REGIONS, theme=survey_themes()[0]).decode("utf-8-sig")))
    assert {row["項目コード"] for row in rows} == {SATISFIED, RESPONDENTS}


def test_every_whole_named_by_a_part_is_an_item_of_the_form() -> None:
    items = survey_items()
    assert all(item.not_above in items for item in items.values() if item.not_above)
