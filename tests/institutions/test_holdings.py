"""Each institution counts once, in its current grade."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from institutions.definitions import notification_symbols
from institutions.formulas.holdings import count_by_unit, current_holders
from institutions.parsers.notification_list import ListedNotification

SYMBOLS = notification_symbols()


def held(code: str, symbol: str, started: dt.date | None, number: str = "") -> ListedNotification:
    return ListedNotification(code=code, symbol=symbol, number=number, started_on=started, effective_on=None, row=5)


def test_of_two_grades_the_one_that_started_last_counts() -> None:
    holders = current_holders(
        [held("a", "支援診2", dt.date(2025, 4, 1)), held("a", "支援診3", dt.date(2022, 10, 1))], SYMBOLS
    )
    assert (holders["支援診2"], holders["支援診3"]) == (frozenset("a"), frozenset())


def test_a_step_down_counts_in_the_lower_grade() -> None:
    holders = current_holders(
        [held("a", "支援病1", dt.date(2023, 7, 1)), held("a", "支援病3", dt.date(2025, 9, 1))], SYMBOLS
    )
    assert (holders["支援病1"], holders["支援病3"]) == (frozenset(), frozenset("a"))


def test_of_two_grades_of_the_same_day_the_higher_counts() -> None:
    day = dt.date(2022, 10, 1)
    holders = current_holders([held("a", "支援病2", day), held("a", "支援病1", day)], SYMBOLS)
    assert (holders["支援病1"], holders["支援病2"]) == (frozenset("a"), frozenset())


def test_a_grade_without_a_day_gives_way_to_one_with_a_day() -> None:
    holders = current_holders([held("a", "支援診1", None), held("a", "支援診3", dt.date(2010, 4, 1))], SYMBOLS)
    assert holders["支援診3"] == frozenset("a")


def test_notifications_that_are_no_grades_of_one_another_count_side_by_side() -> None:
    day = dt.date(2024, 6, 1)
    holders = current_holders([held("a", "在医総管1", day), held("a", "在医総管2", day)], SYMBOLS)
    assert holders["在医総管1"] == holders["在医総管2"] == frozenset("a")


def test_every_known_notification_has_an_answer_even_if_nobody_holds_it() -> None:
    assert set(current_holders([], SYMBOLS)) == set(SYMBOLS)


def slow_holders(notifications: Sequence[ListedNotification], symbol: str) -> set[str]:
    """The obvious way: look at each institution by itself, sort what it holds, take the first."""
    found = set()
    for code in {one.code for one in notifications}:
        same = [
            one
            for one in notifications
            if one.code == code and (SYMBOLS[one.symbol].family or one.symbol) == (SYMBOLS[symbol].family or symbol)
        ]
        same.sort(key=lambda one: SYMBOLS[one.symbol].grade)
        same.sort(key=lambda one: one.started_on or dt.date.min, reverse=True)
        if same and same[0].symbol == symbol:
            found.add(code)
    return found


_HELD = st.builds(
    held,
    st.sampled_from("abcd"),
    st.sampled_from(["支援診1", "支援診2", "支援診3", "支援病1", "支援病3", "在後病", "在総"]),
    st.none() | st.sampled_from([dt.date(2020, 4, 1), dt.date(2022, 4, 1), dt.date(2024, 6, 1)]),
)


@given(st.lists(_HELD, max_size=15))
def test_the_holders_are_those_of_the_slow_reference(notifications: list[ListedNotification]) -> None:
    holders = current_holders(notifications, SYMBOLS)
    assert {symbol: set(codes) for symbol, codes in holders.items()} == {
        symbol: slow_holders(notifications, symbol) for symbol in SYMBOLS
    }


def test_institutions_that_could_not_be_placed_are_counted_apart() -> None:
    counts = count_by_unit(["a", "b", "c"], {"a": "01101", "b": "01101"})
    assert counts == {"01101": 2, "": 1}
    assert counts["01102"] == 0


def test_each_symbol_and_item_stands_once_and_every_grade_has_its_rank() -> None:
    items = [symbol.item for symbol in SYMBOLS.values()]
    assert len(set(items)) == len(items)
    for symbol in SYMBOLS.values():
        assert symbol.item.startswith("notification.")
        assert bool(symbol.family) == bool(symbol.grade)
        assert symbol.source
