"""機関台帳: it follows the registers, is searched however a name is written, and duplicates are merged and parted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from institutions.actions.bodies import follow_registers, merge_bodies, undo_merge
from institutions.formulas.folding import fold_for_search, search_words
from institutions.models import Body, FacilityRecord, Notification
from institutions.queries.bodies import ALL, CLOSED, SUPPORT, BodyQuery, search_bodies
from institutions.queries.body_detail import get_body, list_duplicates
from regions.models import Region
from tests.html import assert_sound
from tests.indicators.conftest import plain_static_files
from tests.institutions.designated import DAY, make_body, make_country, make_institution, make_official
from zaitaku.lib.problems import FileRefused
from zaitaku.sources.row_changes import note_changes_for, undo_changes_of

__all__ = ["plain_static_files"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("たかさき", "ﾀｶｻｷ"),
        ("高崎ｸﾘﾆｯｸ", "髙﨑クリニツク"),
        ("ＡＢＣ医院", "abc 医院"),
        ("センター", "センタ"),
        ("一・二（三）", "一二三"),
        ("01-1.0", "0110"),
    ],
)
def test_what_is_typed_and_what_is_written_meet(typed: str, written: str) -> None:
    assert fold_for_search(typed) == fold_for_search(written)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold_for_search(text)
    assert fold_for_search(folded) == folded
    assert not set(folded) & set(" \t\n%_-ー・")


def test_nothing_but_signs_is_no_word() -> None:
    assert search_words("  （）  デモ　医院 ") == ("でも", "医院")


@pytest.fixture
def country(db: None) -> Region:
    return make_country()


def names(**query: object) -> list[str]:
    return [row.name for row in search_bodies(BodyQuery(prefecture="01", **query)).rows]  # type: ignore[arg-type] # arbitrary parts


def test_the_bodies_follow_the_list_and_the_municipalities(country: Region) -> None:
    make_institution(1, "デモ髙橋医院")
    follow_registers()
    body = Body.objects.get(institution__isnull=False)
    assert (body.name, body.kind, body.position) == ("デモ髙橋医院", "clinic", "approximate")
    assert set(Body.objects.filter(kind="municipality").values_list("code", flat=True)) == {"01100", "01203", "01408"}
    assert follow_registers() == 0  # nothing has changed


def test_a_matched_hospital_takes_kana_and_place_from_the_other_register_and_keeps_its_row(country: Region) -> None:
    institution = make_institution(1, "デモ病院", kind="hospital")
    record = FacilityRecord.objects.create(
        kind="hospital", identifier="0123456789012", name="デモ病院", search_name="デモ病院", kana="デモビョウイン",
        prefecture=country, unit=institution.unit, latitude=43.06, longitude=141.35, listed_from=DAY,
        source=institution.source, source_row=9,
    )  # fmt: skip
    institution.delete()
    follow_registers()
    body = Body.objects.get(facility_record=record)
    again = make_institution(1, "デモ病院", kind="hospital")
    FacilityRecord.objects.filter(pk=record.pk).update(institution=again, match="address")
    follow_registers()
    body.refresh_from_db()
    assert (body.institution_id, body.kana, body.position, body.code) == (
        again.pk,
        "デモビョウイン",
        "published",
        again.code,
    )
    detail = get_body(body.pk)
    assert detail is not None
    sources = {field.label: field.place for field in detail.fields}
    assert (sources["名称"], sources["フリガナ"], sources["位置"]) == ("5行目", "9行目", "9行目")


def test_undoing_an_import_takes_its_bodies_back(country: Region) -> None:
    institution = make_institution(1, "デモ医院")
    follow_registers()
    note_changes_for(institution.source)
    institution.name = "デモ新医院"
    institution.save()
    follow_registers()
    assert names(words="新医院") == ["デモ新医院"]
    undo_changes_of(institution.source)
    assert names(words="新医院") == []
    assert names(words="デモ医院") == ["デモ医院"]


@pytest.mark.parametrize(
    ("held", "current"),
    [
        ((("支援診3", dt.date(2012, 4, 1)), ("支援診1", dt.date(2020, 4, 1))), "支援診1"),
        ((("支援診1", dt.date(2012, 4, 1)), ("支援診3", dt.date(2020, 4, 1))), "支援診3"),
        ((("支援診2", dt.date(2020, 4, 1)), ("支援診3", dt.date(2020, 4, 1))), "支援診2"),
        ((("支援診2", None), ("支援診3", dt.date(2020, 4, 1))), "支援診3"),
        ((("支援診2", None), ("支援診3", None)), "支援診2"),
        ((("支援診3", dt.date(2012, 4, 1)),), "支援診3"),
    ],
)
def test_a_grade_finds_the_institutions_that_hold_it_now(
    country: Region, held: tuple[tuple[str, dt.date | None], ...], current: str
) -> None:
    institution = make_institution(1, "デモ医院")
    for symbol, day in held:
        Notification.objects.create(
            institution=institution, symbol=symbol, started_on=day, listed_from=DAY, source=institution.source,
            source_row=5,
        )  # fmt: skip
    follow_registers()
    found = [grade for grade in ("支援診1", "支援診2", "支援診3", "支援病1") if names(notification=grade)]
    assert found == [current]
    assert search_bodies(BodyQuery(notification=SUPPORT)).rows[0].notifications == (current,)


def test_a_word_that_very_many_names_hold_is_read_in_the_order_of_the_list(
    country: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("institutions.queries.bodies.MOST_COUNTED", 2)
    for name in ("デモ港医院", "デモ泉医院", "デモ旭医院"):
        make_body(name)
    make_body("デモ旭薬局", kind="pharmacy")
    every = [name for name in names() if "医院" in name]
    found = search_bodies(BodyQuery(words="デモ 医院"))
    assert ([row.name for row in found.rows], found.total, found.is_more) == (every, 2, True)
    assert len(every) == 3
    exact = search_bodies(BodyQuery(words="旭"))
    assert (exact.total, exact.is_more) == (2, False)


def test_searching_finds_by_name_kana_code_address_notification_and_state(country: Region) -> None:
    first = make_institution(1, "医療法人　デモ髙橋医院", address="札幌市中央区北１条")
    make_institution(2, "デモ橋本診療所", unit="01203", listed_to=dt.date(2026, 11, 2))
    Notification.objects.create(institution=first, symbol="支援診3", listed_from=DAY, source=first.source, source_row=5)
    follow_registers()
    assert names(words="高橋") == ["医療法人　デモ髙橋医院"]
    assert names(words="橋") == ["医療法人　デモ髙橋医院"]
    assert names(words="橋 北1条") == ["医療法人　デモ髙橋医院"]
    assert names(words=first.code[:6]) == ["医療法人　デモ髙橋医院"]
    assert names(notification=SUPPORT) == names(notification="支援診3") == ["医療法人　デモ髙橋医院"]
    assert names(words="橋本", state=CLOSED) == ["デモ橋本診療所"]
    assert len(names(words="デモ", state=ALL)) == 2
    area = Region.objects.get(kind="area", code="0103")
    assert names(area_id=area.pk, kinds=("clinic",), state=ALL) == ["デモ橋本診療所"]


def test_duplicates_are_proposed_merged_and_parted_again(country: Region) -> None:
    by = make_official()
    make_institution(1, "医療法人デモ医院", address="札幌市中央区北一丁目2番3号")
    make_institution(2, "デモ医院", address="中央区")
    make_institution(3, "デモ医院", address="札幌市中央区北1-2-3")
    follow_registers()
    (pair,) = list_duplicates("01")
    assert pair.names == ("医療法人デモ医院", "デモ医院")
    kept, duplicate = (Body.objects.get(pk=pk) for pk in pair.ids)
    merge = merge_bodies(duplicate, kept=kept, reason="同じ", by=by)
    assert list_duplicates("01") == ()
    assert len(names(words="デモ医院")) == 2
    with pytest.raises(FileRefused, match="すでに統合"):
        merge_bodies(kept, kept=duplicate, reason="", by=by)
    undo_merge(merge, by=by)
    assert len(names(words="デモ医院")) == 3


@pytest.mark.usefixtures("plain_static_files")
def test_the_list_needs_the_same_queries_for_one_body_as_for_many(
    country: Region, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("institutions:institution-list") + "?prefecture=01&words=デモ"
    for serial in range(1, 4):
        make_institution(serial, f"デモ医院{serial}")
        follow_registers()
        if serial in (1, 3):
            with django_assert_num_queries(10):
                response = client.get(address)
            assert_sound(response.content.decode())
    assert response.content.decode().count("デモ医院") >= 3


@pytest.mark.usefixtures("plain_static_files")
@pytest.mark.parametrize(
    "query", ["?page=999", "?area=x&unit=9", "?kind=%00", "?words=%25_%27", "?words=" + "あ" * 200]
)
def test_a_strange_address_still_answers_with_a_list(country: Region, client: Client, query: str) -> None:
    assert client.get(reverse("institutions:institution-list") + query).status_code in (200, 400)


@pytest.mark.usefixtures("plain_static_files")
def test_a_wrong_check_digit_is_a_warning_on_the_page(country: Region, client: Client) -> None:
    institution = make_institution(1, "デモ医院")
    institution.code = institution.code[:-1] + str((int(institution.code[-1]) + 1) % 10)
    institution.save()
    follow_registers()
    page = client.get(reverse("institutions:institution-detail", args=[Body.objects.get(code=institution.code).pk]))
    assert "検証番号が合いません" in page.content.decode()
    assert_sound(page.content.decode())


@pytest.mark.usefixtures("plain_static_files")
def test_an_entered_body_names_the_prefecture_as_its_source(country: Region, client: Client) -> None:
    client.force_login(make_official())
    unit = Region.objects.get(code="01203")
    response = client.post(
        reverse("institutions:body-create") + "?prefecture=01",
        {"name": "デモ小樽医師会", "kind": "medical_association", "unit": unit.pk},
    )
    body = Body.objects.get(name="デモ小樽医師会")
    assert response.status_code == 302
    assert (body.is_entered, body.position, body.created_by) == (
        True,
        "approximate",
        make_body().created_by or body.created_by,
    )
    assert "県の登録" in client.get(response["Location"]).content.decode()
