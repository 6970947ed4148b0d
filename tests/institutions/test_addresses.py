"""The municipality an address lies in: found in every spelling, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from institutions.parsers.addresses import AddressBook, UnitName, fold
from tests.institutions.lists import BOOK, UNITS


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("札幌市中央区北３条西６丁目", "01101"),
        ("北海道札幌市北区北７条西１丁目", "01102"),
        ("札幌市　北区　北７条", "01102"),
        ("〒046-0003 余市郡余市町黒川町１０", "01408"),
        ("余市町黒川町１０", "01408"),
        ("小樽市若竹町２番", "01203"),
        ("北区北２４条", "01102"),
    ],
)
def test_an_address_is_placed_with_or_without_prefecture_and_district(address: str, code: str) -> None:
    assert BOOK.locate(address).code == code


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("鎌ケ谷市", "鎌ヶ谷市富岡１"),
        ("鎌ケ谷市", "鎌が谷市富岡１"),
        ("龍ケ崎市", "竜ヶ崎市１"),
        ("鹿嶋市", "鹿島市厨２"),
        ("塩竈市", "塩釜市本町１"),
        ("紀の川市", "紀ノ川市西大井"),
        ("飛騨市", "飛驒市古川町"),
        ("葛城市", "葛\U000e0100城市長尾"),
        ("諫早市", "諌早市東小路町"),
        ("黒滝村", "黒瀧村寺戸"),
    ],
)
def test_old_and_new_characters_and_large_and_small_kana_are_the_same_place(name: str, written: str) -> None:
    book = AddressBook.build([UnitName(code="12224", name=name)], prefecture="千葉県")
    assert book.locate(written).code == "12224"


def test_the_ward_of_a_designated_city_must_be_written() -> None:
    placement = BOOK.locate("札幌市白石１丁目")
    assert (placement.code, placement.reason) == (
        "",
        "政令指定都市の区が分かりません。所在地に区名を補ってください。",
    )


def test_a_ward_name_that_two_cities_share_is_not_guessed() -> None:
    book = AddressBook.build(
        [UnitName(code="14113", name="緑区", city="横浜市"), UnitName(code="14151", name="緑区", city="相模原市")],
        prefecture="神奈川県",
    )
    assert book.locate("緑区寺山町").reason == "同じ名前の市区町村が県内に複数あり、どれか決められません。"
    assert book.locate("相模原市緑区西橋本").code == "14151"


def test_two_towns_of_one_name_are_told_apart_by_their_district() -> None:
    book = AddressBook.build(
        [
            UnitName(code="01403", name="泊村", district="古宇郡"),
            UnitName(code="01696", name="泊村", district="国後郡"),
        ],
        prefecture="北海道",
    )
    assert book.locate("古宇郡泊村茅沼村").code == "01403"
    assert book.locate("泊村茅沼村").code == ""


def test_a_city_whose_name_holds_the_sign_for_district_is_found() -> None:
    book = AddressBook.build(
        [UnitName(code="29203", name="大和郡山市"), UnitName(code="29402", name="明日香村", district="高市郡")],
        prefecture="奈良県",
    )
    assert book.locate("大和郡山市北郡山町").code == "29203"
    assert book.locate("高市郡明日香村岡").code == "29402"


def test_the_longer_name_wins() -> None:
    book = AddressBook.build([UnitName(code="1", name="余市町"), UnitName(code="2", name="余市町村")], prefecture="X県")
    assert book.locate("余市町村１").code == "2"


def test_a_former_name_leads_to_the_unit_that_follows_it() -> None:
    book = AddressBook.build(
        [UnitName(code="22138", name="中央区", city="浜松市")], prefecture="静岡県", former={"浜松市東区": "22138"}
    )
    assert book.locate("浜松市東区有玉北町").code == "22138"
    assert book.locate("浜松市北区細江町").code == ""


@pytest.mark.parametrize("address", ["", "東京都千代田区霞が関１", "黒川町１０", "郡", "郡余市", "０６０－８５８８"])
def test_an_address_outside_the_prefecture_is_refused_with_a_reason(address: str) -> None:
    placement = BOOK.locate(address)
    assert placement.code == ""
    assert placement.reason


@given(
    unit=st.sampled_from(UNITS),
    has_prefecture=st.booleans(),
    has_district=st.booleans(),
    rest=st.text(alphabet="北１条西２丁目大字黒川町－番地ｱヶ", max_size=30),
)
def test_any_writing_of_a_unit_is_placed_there(
    unit: UnitName, has_prefecture: bool, has_district: bool, rest: str
) -> None:
    head = ("北海道" if has_prefecture else "") + (unit.district if has_district else "") + unit.city + unit.name
    assert BOOK.locate(head + rest).code == unit.code


@given(st.text(max_size=60))
@example("O¯")  # white space between a letter and the mark it composes with
@example("カ\ufe0f\u3099")
def test_no_text_breaks_the_look_up_and_folding_is_stable(text: str) -> None:
    placement = BOOK.locate(text)
    assert bool(placement.code) != bool(placement.reason)
    assert fold(fold(text)) == fold(text)
