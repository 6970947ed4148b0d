"""Institutions and notifications over time: each list is the truth about its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from institutions.actions.notification_lists import store_notification_list
from institutions.models import Institution, Notification
from institutions.placement import place_institutions
from institutions.queries.lists import (
    get_institution_counts,
    is_newest_list,
    list_imported_prefectures,
    list_units_without_support,
)
from institutions.queries.places import get_address_book, list_base_units
from tests.institutions.lists import code, make_regions, row, table
from zaitaku.lib.problems import FileRefused
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER, DECEMBER = dt.date(2025, 10, 1), dt.date(2025, 11, 1), dt.date(2025, 12, 1)
_FINGERPRINTS = count(1)


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


def store(day: dt.date, rows: Sequence[list[str]]) -> dict[str, int]:
    """Store a list of `day` as a file of its own."""
    title = f"[令和{day.year - 2018}年{day.month}月{day.day}日 現在 ]"
    source = SourceFile.objects.create(
        kind=SourceFile.Kind.NOTIFICATION_LIST,
        key=f"notification_list/01/{day}",
        title="名簿",
        as_of=day,
        sha256=f"{next(_FINGERPRINTS):064x}",
        size=1,
        retrieved_on=day,
        prefecture_code="01",
    )
    placed = place_institutions(table(rows, title=title), book=get_address_book("01", day=day))
    return store_notification_list(placed, source=source)


def periods(**filters: Any) -> list[tuple[str, dt.date, dt.date | None]]:
    """Symbol and period of the notifications, oldest first."""
    rows = Notification.objects.filter(**filters).order_by("listed_from", "symbol")
    return list(rows.values_list("symbol", "listed_from", "listed_to"))


def test_an_institution_is_stored_with_its_unit_beds_and_row() -> None:
    store(OCTOBER, [row(1, "支援診３", beds="一般　　19", name="デモ　第一医院"), row(2, address="余市郡余市町黒川")])
    first, second = Institution.objects.order_by("source_row")
    assert (first.code, first.name, first.search_name) == (code(1), "デモ　第一医院", "デモ第一医院")
    assert first.unit is not None
    assert (first.unit.name, first.beds, first.source_row, first.listed_from) == (
        "札幌市中央区",
        {"一般": 19},
        5,
        OCTOBER,
    )
    assert second.unit is not None
    assert second.unit.code == "01408"


def test_an_institution_that_cannot_be_placed_is_kept_without_a_unit() -> None:
    counts = store(OCTOBER, [row(1, address="札幌市白石１丁目")])
    assert counts["市区町村を判定できない医療機関"] == 1
    assert Institution.objects.get().unit is None


def test_storing_the_same_list_again_changes_nothing() -> None:
    rows = [row(1, "支援診３"), row(2, "在総", accepted="")]
    store(OCTOBER, rows)
    before = list(Notification.objects.order_by("pk").values_list("pk", "listed_from", "listed_to"))
    counts = store(OCTOBER, rows)
    assert list(Notification.objects.order_by("pk").values_list("pk", "listed_from", "listed_to")) == before
    assert counts == {"医療機関": 2, "市区町村を判定できない医療機関": 0, "在宅医療の届出": 2, "変わらない届出": 2}


def test_what_a_newer_list_no_longer_names_gets_an_end_and_stays() -> None:
    store(OCTOBER, [row(1, "支援診３"), row(2, "支援診３")])
    store(NOVEMBER, [row(1)])
    assert periods() == [("支援診3", OCTOBER, NOVEMBER), ("支援診3", OCTOBER, NOVEMBER)]
    ended = Institution.objects.get(code=code(2))
    assert (ended.listed_from, ended.listed_to) == (OCTOBER, NOVEMBER)
    assert Institution.objects.get(code=code(1)).listed_to is None


def test_a_notification_that_comes_back_begins_a_second_period() -> None:
    store(OCTOBER, [row(1, "支援診３")])
    store(NOVEMBER, [row(1)])
    store(DECEMBER, [row(1, "支援診３")])
    assert periods() == [("支援診3", OCTOBER, NOVEMBER), ("支援診3", DECEMBER, None)]
    assert [Notification.objects.listed_on(day).count() for day in (OCTOBER, NOVEMBER, DECEMBER)] == [1, 0, 1]


def test_an_institution_that_comes_back_is_listed_again() -> None:
    store(OCTOBER, [row(1), row(2)])
    store(NOVEMBER, [row(1)])
    store(DECEMBER, [row(1), row(2)])
    back = Institution.objects.get(code=code(2))
    assert (back.listed_from, back.listed_to) == (OCTOBER, None)


def test_a_change_of_grade_ends_one_notification_and_begins_another() -> None:
    store(OCTOBER, [row(1, "支援診３", started="令和 4年 4月 1日")])
    store(NOVEMBER, [row(1, "支援診２", started="令和 7年11月 1日")])
    assert periods() == [("支援診3", OCTOBER, NOVEMBER), ("支援診2", NOVEMBER, None)]


def test_a_corrected_list_of_the_same_day_takes_the_place_of_the_first() -> None:
    store(OCTOBER, [row(1, "支援診３"), row(2, "支援診３"), row(3, "在総")])
    store(NOVEMBER, [row(1), row(2, "支援診３"), row(9, "在総")])
    store(NOVEMBER, [row(1, "支援診３"), row(2, "支援診３"), row(3, "在総")])
    assert periods() == [("在総", OCTOBER, None), ("支援診3", OCTOBER, None), ("支援診3", OCTOBER, None)]
    assert Institution.objects.get(code=code(3)).listed_to is None
    withdrawn = Institution.objects.get(code=code(9))
    assert withdrawn.listed_to == NOVEMBER + dt.timedelta(days=1)


def test_a_new_name_and_address_take_the_place_of_the_old_ones() -> None:
    store(OCTOBER, [row(1)])
    store(NOVEMBER, [row(1, name="デモ新医院", address="小樽市若竹町")])
    moved = Institution.objects.get()
    assert moved.unit is not None
    assert (moved.name, moved.unit.name, moved.source.as_of) == ("デモ新医院", "小樽市", NOVEMBER)


def test_institutions_of_another_prefecture_are_left_alone() -> None:
    store(OCTOBER, [row(1, "支援診３")])
    Institution.objects.update(code="0210000008", prefecture=Institution.objects.get().prefecture.parent)
    store(NOVEMBER, [row(1)])
    assert Institution.objects.get(code="0210000008").listed_to is None


def test_a_list_is_newest_until_a_later_one_is_stored() -> None:
    assert is_newest_list("01", as_of=OCTOBER)
    store(NOVEMBER, [row(1)])
    assert is_newest_list("01", as_of=NOVEMBER)
    assert not is_newest_list("01", as_of=OCTOBER)
    assert is_newest_list("02", as_of=OCTOBER)


def test_the_imported_prefectures_are_told_with_their_newest_day() -> None:
    assert list_imported_prefectures() == ()
    store(OCTOBER, [row(1)])
    store(NOVEMBER, [row(1)])
    (imported,) = list_imported_prefectures()
    assert (imported.prefecture_code, imported.as_of) == ("01", NOVEMBER)


def test_the_counts_of_a_prefecture_are_those_of_its_newest_list() -> None:
    store(OCTOBER, [row(1, "支援診３"), row(2, "支援診３"), row(3, address="？")])
    store(NOVEMBER, [row(1, "支援診３"), row(3, address="？")])
    (counts,) = get_institution_counts()
    assert (counts.prefecture_code, counts.institutions, counts.unplaced) == ("01", 2, 1)
    assert counts.by_symbol == {"支援診3": 1}


def test_units_without_any_support_are_told_only_where_a_list_is_stored() -> None:
    assert list_units_without_support("01") is None
    store(OCTOBER, [row(1, "支援診３"), row(2, "支援病１", address="小樽市１"), row(3, "在総", address="余市町１")])
    without = list_units_without_support("01")
    assert without is not None
    assert [unit.code for unit in without] == ["01102", "01408"]


def test_a_prefecture_without_regions_is_refused_with_what_to_do() -> None:
    with pytest.raises(FileRefused, match="先に地域のデータを読み込んでください"):
        get_address_book("13", day=OCTOBER)


def test_base_units_are_named_as_addresses_name_them(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        units = list_base_units("01", day=OCTOBER)
    assert [(unit.city, unit.name) for unit in units][:2] == [("札幌市", "中央区"), ("札幌市", "北区")]
    assert [unit.code for unit in units] == ["01101", "01102", "01203", "01408"]
