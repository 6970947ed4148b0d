"""活動報告: what a report may say, how bodies are spread, what places add up to, and how a filled form is read."""

from __future__ import annotations

import pytest

from institutions.definitions.reports import Feed, format_named, report_format, report_formats
from institutions.exports.reports import form_table, report_number
from institutions.formulas.reports import Answer, Spread, add_up, check_answers, spread_of
from institutions.parsers.report_form import parse
from institutions.queries.reports import say_spread
from institutions.report_forms import read_count
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.tables import csv_bytes, xlsx_bytes
from zaitaku.lib.workbooks import read_workbook

ACTIVE = format_named("active-2024")
GOOD: dict[str, Answer] = {
    "visit_patients": 40,
    "visits": 900,
    "house_calls": 30,
    "night_calls": 12,
    "home_deaths": 8,
    "facility_deaths": 3,
    "cover": "linked",
    "cover_hours": 24,
    "free_places": 5,
    "wants_to_start": 1,
}


def test_every_rule_of_a_format_names_a_question_of_it() -> None:
    for wanted in report_formats():
        keys = set(wanted.by_key)
        assert len(keys) == len(wanted.items)
        assert {one.part_of for one in wanted.items} | {one.not_below for one in wanted.items} <= keys | {""}
        assert {one.of for one in wanted.feeds} | {one.where_zero for one in wanted.feeds} <= keys | {""}
        assert any(one.is_core for one in wanted.items)


def test_a_year_uses_the_newest_format_that_began_by_then_and_some_do_not_report() -> None:
    assert report_format("active", year=2031) is ACTIVE
    assert report_format("active", year=2023) is None
    assert report_format("support", year=2026) is None


def test_a_sound_report_has_no_complaint() -> None:
    assert check_answers(ACTIVE, GOOD) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"visit_patients": None}, "visit_patients"),
        ({"visit_patients": -1}, "visit_patients"),
        ({"cover_hours": 25}, "cover_hours"),
        ({"facility_deaths": 9}, "facility_deaths"),
        ({"night_calls": 31}, "night_calls"),
        ({"visits": 39}, "visits"),
        ({"cover": "often"}, "cover"),
        ({"cover": "none"}, "cover_hours"),
    ],
)
def test_what_cannot_be_is_named_at_its_question(change: dict[str, int | str | None], key: str) -> None:
    complaints = check_answers(ACTIVE, GOOD | change)
    assert [(one.key, one.is_question) for one in complaints] == [(key, False)]


@pytest.mark.parametrize(("before", "asks"), [(13, True), (14, False), (0, True), (None, False)])
def test_more_than_three_times_last_year_is_asked_about(before: int | None, *, asks: bool) -> None:
    """40 is more than 3 × 13 = 39 and not more than 3 × 14 = 42."""
    complaints = check_answers(ACTIVE, GOOD, last_year={"visit_patients": before})
    assert [one.is_question for one in complaints] == [True] * asks


def test_few_more_than_three_times_as_many_is_no_surprise() -> None:
    """From 1 to 8 deaths at home is eight times as many, but only 7 more."""
    assert check_answers(ACTIVE, GOOD, last_year={"home_deaths": 1}) == []


def test_quartiles_need_three_bodies_and_leave_out_who_did_not_answer() -> None:
    assert spread_of([10, 20, None]) is None
    assert spread_of([10, 20, None, 40, 30]) == Spread(bodies=4, lower=17.5, median=25, upper=32.5)


def test_small_numbers_of_people_are_not_told_exactly() -> None:
    spread = Spread(bodies=3, lower=2, median=9.5, upper=12)
    assert say_spread(spread, ACTIVE.by_key["home_deaths"]) == "中央値 10未満（四分位 10未満〜12）、3機関"
    assert say_spread(spread, ACTIVE.by_key["house_calls"]) == "中央値 9.5（四分位 2〜12）、3機関"
    assert say_spread(None, ACTIVE.by_key["home_deaths"]) == "3機関未満のため表示しません"


REPORTS: list[dict[str, Answer]] = [
    GOOD,
    {"visit_patients": 0, "wants_to_start": 1, "cover": "none"},
    {"visit_patients": 0, "wants_to_start": 0},
]


@pytest.mark.parametrize(
    ("feed", "value"),
    [
        (Feed(code="a", how="bodies"), 3),
        (Feed(code="a", how="bodies", where_zero="visit_patients"), 2),
        (Feed(code="a", how="sum", of="visit_patients"), 40),
        (Feed(code="a", how="positive", of="wants_to_start", where_zero="visit_patients"), 1),
        (Feed(code="a", how="other_than", of="cover", word="none"), 1),
        (Feed(code="a", how="sum", of="backup_admissions"), None),
    ],
)
def test_what_reports_add_up_to(feed: Feed, value: int | None) -> None:
    assert add_up(feed, REPORTS) == value


def test_where_nobody_is_left_to_ask_nobody_is_willing() -> None:
    feed = Feed(code="a", how="positive", of="wants_to_start", where_zero="visit_patients")
    assert add_up(feed, [GOOD]) == 0


@pytest.mark.parametrize(("text", "number"), [("１，２００", 1200), (" 0 ", 0), ("", None)])
def test_numbers_are_read_as_people_type_them(text: str, number: int | None) -> None:
    assert read_count(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "約10", "9" * 10])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_count(text)


@pytest.mark.parametrize(("write", "name"), [(csv_bytes, "f.csv"), (xlsx_bytes, "f.xlsx")])
def test_a_form_comes_back_as_it_was_filled_in(write, name: str) -> None:  # type: ignore[no-untyped-def]  # two writers
    table = form_table(ACTIVE, report_id=7, body="デモ医院", year=2026, answers=GOOD)
    found = parse(read_workbook(write(table), filename=name), wanted=ACTIVE, report_number=report_number(7, 2026))
    assert {key: answer for key, answer in found.items() if answer} == {k: str(v) for k, v in GOOD.items()}
    assert found["backup_admissions"] == ""


def test_every_wrong_cell_of_a_form_is_named() -> None:
    table = form_table(ACTIVE, report_id=7, body="デモ医院", year=2026, answers=GOOD | {"cover": "often"})
    text = csv_bytes(table).decode("utf-8-sig").replace(",人,40,", ",人,-3,").replace(",回,900,", ",回,12.5,")
    with pytest.raises(FileRefused) as refused:
        parse(read_workbook(text.encode(), filename="f.csv"), wanted=ACTIVE, report_number="2026-7")
    assert [(one.cell, one.text) for one in refused.value.problems] == [("H2", "-3"), ("H3", "12.5"), ("H8", "often")]


def test_the_form_of_another_body_is_refused() -> None:
    table = form_table(ACTIVE, report_id=8, body="別の医院", year=2026, answers=GOOD)
    with pytest.raises(FileRefused, match="別の機関または年度の様式です"):
        parse(read_workbook(csv_bytes(table), filename="f.csv"), wanted=ACTIVE, report_number="2026-7")
