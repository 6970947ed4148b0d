from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indicators.basket import LARGEST, Basket, parse_basket
from indicators.definitions.registry import official_definitions
from tests.indicators.places import make_notified_clinics

CODES = [definition.code for definition in official_definitions()]


def test_a_basket_is_read_in_its_order_once_each_whatever_the_width_and_case() -> None:
    assert parse_basket("day_s22，ＡＣＵ_P02, DAY_S22").codes == ("DAY_S22", "ACU_P02")


def test_what_is_unknown_or_too_much_is_left_out_and_said() -> None:
    basket = parse_basket(",".join(["NOPE", *CODES[: LARGEST + 2]]))
    assert basket.codes == tuple(CODES[:LARGEST])
    assert basket.problems == (
        "比較かごの指標コード「NOPE」はないため、除いています。",
        "比較かごに入るのは12指標までです。13番目からは除いています。",
    )


@given(st.text(max_size=2000))
def test_any_text_gives_a_basket_that_reads_back_as_itself(text: str) -> None:
    basket = parse_basket(text)
    assert parse_basket(basket.text).codes == basket.codes
    assert len(basket) <= LARGEST


def test_adding_and_removing_leave_the_rest_in_order() -> None:
    basket = Basket(codes=("DAY_S22", "ACU_P02"))
    assert basket.add("EOL_P04").remove("DAY_S22").codes == ("ACU_P02", "EOL_P04")
    assert basket.add("DAY_S22") == basket
    full = Basket(codes=tuple(CODES[:LARGEST]))
    assert full.add(CODES[LARGEST]) == full


@pytest.mark.django_db
def test_the_basket_goes_along_in_every_link_of_the_page(client: Client) -> None:
    make_notified_clinics()
    page = client.get("/indicators/DAY_S22/?prefecture=01&basket=ACU_P02").content.decode()
    assert "比較かご（1／12指標）" in page
    assert "?prefecture=01&amp;tab=table&amp;basket=ACU_P02" in page.replace("%2C", ",")
    assert 'name="basket" value="ACU_P02"' in page
    assert "basket=ACU_P02%2CDAY_S22" in page
    assert "/download/?indicator=ACU_P02" in page
