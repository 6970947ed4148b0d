from __future__ import annotations

import pytest

from indicators.groups import MOST_UNITS, Gazetteer, Place, choose_units, split_words


def place(code: str, name: str, **changes: object) -> Place:
    given = {
        "id": int(code), "code": code, "name": name, "is_base_unit": True, "is_out_of_scope": False, "is_past": False,
        "city_code": "",
    }  # fmt: skip
    return Place(**(given | changes))  # type: ignore[arg-type]  # the names are those of the fields


GAZETTEER = Gazetteer(
    [
        place("01100", "札幌市", is_base_unit=False),
        place("01101", "札幌市中央区", city_code="01100"),
        place("01102", "札幌市北区", city_code="01100"),
        place("01202", "函館市"),
        place("01696", "泊村", is_out_of_scope=True),
        place("13206", "府中市"),
        place("34208", "府中市"),
        place("22131", "浜松市中区", city_code="22130", is_past=True),
    ]
)


def test_a_pasted_list_may_be_separated_by_anything_and_written_in_full_width() -> None:
    assert split_words("０１２０２、函館市\n13206\t34208，'01101' 函館市") == (
        "01202", "函館市", "13206", "34208", "01101",
    )  # fmt: skip


def test_codes_with_and_without_check_digit_and_names_mean_the_same() -> None:
    for word in ("01202", "012025", "函館市", "北海道函館市"):
        chosen = choose_units([word], GAZETTEER)
        assert (chosen.codes, chosen.problems) == (("01202",), ())


def test_a_designated_city_stands_for_its_wards_and_says_so() -> None:
    chosen = choose_units(["札幌市"], GAZETTEER)
    assert chosen.codes == ("01101", "01102")
    assert chosen.notes == ("札幌市は2の行政区に分けて数えます。",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "1つも選ばれていません"),
        (["99999"], "コード「99999」の市区町村はありません"),
        (["012020"], "コード「012020」の市区町村はありません"),
        (["そんな市"], "「そんな市」という市区町村はありません"),
        (["府中市"], "「府中市」は2つあります：東京都府中市（13206）・広島県府中市（34208）"),
        (["札幌市", "01101"], "札幌市と、その行政区（札幌市中央区）が両方選ばれています"),
        (["22131"], "静岡県浜松市中区（22131）はいまはありません"),
        (["泊村"], "北海道泊村（01696）は統計の対象外"),
    ],
)
def test_what_cannot_stand_is_refused_by_name(words: list[str], said: str) -> None:
    (problem,) = choose_units(words, GAZETTEER).problems
    assert said in problem


def test_everything_that_is_wrong_is_said_at_once() -> None:
    chosen = choose_units(["99999", "そんな市", "01202"], GAZETTEER)
    assert chosen.codes == ("01202",)
    assert len(chosen.problems) == 2


def test_more_than_the_most_units_are_refused() -> None:
    many = Gazetteer([place(f"{code:05d}", f"市{code}") for code in range(1001, 1001 + MOST_UNITS + 1)])
    (problem,) = choose_units(list(many.by_code), many).problems
    assert f"{MOST_UNITS + 1}の市区町村" in problem
