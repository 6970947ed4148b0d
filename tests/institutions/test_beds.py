"""The 病床数 column in all its spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.parsers.beds import parse_beds, total_beds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一般　　378／一般（感染）　感染　9", {"一般": 378, "一般（感染）": 9}),
        ("一般　一般　319／精神　　50／その他　　4", {"一般": 319, "精神": 50, "その他": 4}),
        ("　精神　287", {"精神": 287}),
        ("一般　感染　4", {"一般（感染）": 4}),
        ("一般　療養　60", {"一般（療養）": 60}),
        ("精神　　202／精神　　48／精神　　50", {"精神": 300}),
        ("療養　　／　　", {"療養": None}),
        ("一般　　／一般　　12", {"一般": 12}),
        ("一般　　１２", {"一般": 12}),
        ("　　", {}),
        ("", {}),
    ],
)
def test_beds_are_read_by_kind(text: str, expected: dict[str, int | None]) -> None:
    assert parse_beds(text) == expected


@pytest.mark.parametrize("text", ["378", "北海道札幌市 中央区 北 378", "一般 12 34", "12 一般 34"])
def test_a_text_that_is_no_list_of_beds_is_not_guessed_at(text: str) -> None:
    assert parse_beds(text) is None


def test_beds_named_without_any_number_are_unknown_and_not_zero() -> None:
    assert total_beds({"療養": None}) is None
    assert total_beds({"療養": None, "一般": 19}) == 19
    assert total_beds({}) == 0


_KINDS = st.sampled_from(["一般", "療養", "精神", "結核", "一般（感染）", "その他"])


@given(st.lists(st.tuples(_KINDS, st.integers(0, 2000)), max_size=8))
def test_the_total_is_the_sum_of_the_entries_whatever_their_order(entries: list[tuple[str, int]]) -> None:
    beds = parse_beds("／".join(f"{kind}　　{count}" for kind, count in entries))
    assert beds is not None
    assert total_beds(beds) == sum(count for _, count in entries)
    assert set(beds) == {kind for kind, _ in entries}


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    beds = parse_beds(text)
    assert beds is None or all(count is None or count >= 0 for count in beds.values())
