"""What is joined by land."""

from __future__ import annotations

from regions.queries.landmasses import get_landmasses, join


def test_what_can_be_walked_to_is_one_landmass_named_by_its_smallest_code() -> None:
    # 1–2–3 in a row, 4–5 apart, 6 an island.
    neighbours = {
        "3": frozenset({"2"}), "1": frozenset({"2"}), "2": frozenset({"1", "3"}),
        "5": frozenset({"4"}), "4": frozenset({"5"}), "6": frozenset[str](),
    }  # fmt: skip
    assert join(neighbours) == {"1": "1", "2": "1", "3": "1", "4": "4", "5": "4", "6": "6"}


def test_the_four_large_islands_are_four_and_a_small_one_is_its_own() -> None:
    lands = get_landmasses()
    sapporo, tokyo, osaka, takamatsu, fukuoka, okushiri = (
        lands[code] for code in ("01100", "13201", "27100", "37201", "40130", "01367")
    )
    assert tokyo == osaka
    assert len({sapporo, tokyo, takamatsu, fukuoka, okushiri}) == 5
    assert okushiri == "01367"
