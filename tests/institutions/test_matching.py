"""Matching hospitals of one register to institutions of another: by name and address, never guessed."""

from __future__ import annotations

import pytest

from institutions.formulas.matching import Found, Known, fold_address, fold_name, match_facilities

LISTED = Known("7", "医療法人社団デモ会　甲病院", "札幌市中央区南１条西１６丁目２９１番地", "01101")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北海道札幌市中央区南１条西１６丁目２９１番地", "札幌市中央区南1条西16丁目291"),
        ("函館市元町一丁目２番３号", "函館市元町1-2-3"),
        ("函館市元町1の2", "函館市元町１－２"),
    ],
)
def test_two_spellings_of_one_address_are_the_same(one: str, other: str) -> None:
    assert fold_address(one) == fold_address(other)


def test_the_legal_form_is_no_part_of_a_name() -> None:
    assert fold_name("医療法人社団デモ会　甲病院") == fold_name("デモ会 甲病院")
    assert fold_name("医療法人") == "医療法人"


def test_name_and_address_are_surer_than_name_and_municipality() -> None:
    same = Known("a", "デモ会甲病院", "北海道札幌市中央区南１条西１６丁目２９１番地", "01101")
    moved = Known("b", "デモ会甲病院", "札幌市中央区北１条西２丁目", "01101")
    elsewhere = Known("c", "デモ会甲病院", "小樽市若竹町１", "01203")
    assert match_facilities([same], [LISTED]) == {"a": Found("7", "address")}
    assert match_facilities([moved], [LISTED]) == {"b": Found("7", "name")}
    assert match_facilities([elsewhere], [LISTED]) == {}
    assert match_facilities([same, moved], [LISTED]) == {"a": Found("7", "address")}


def test_what_two_claim_or_two_fit_belongs_to_none() -> None:
    first = Known("a", "デモ会甲病院", "札幌市中央区北１条", "01101")
    second = Known("b", "デモ会甲病院", "札幌市中央区北２条", "01101")
    assert match_facilities([first, second], [LISTED]) == {}
    twin = Known("8", LISTED.name, "札幌市中央区大通", "01101")
    assert match_facilities([first], [LISTED, twin]) == {}
