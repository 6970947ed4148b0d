"""Neighbours, pieces, crossings and the checks that rest on them."""

from __future__ import annotations

from plans.formulas.area_checks import check_draft
from plans.formulas.contiguity import assumed_links, pieces, with_links
from plans.formulas.partition import from_groups

# a—b—c on land, an island i, and d beyond c.
LAND = {"a": frozenset("b"), "b": frozenset("ac"), "c": frozenset("bd"), "d": frozenset("c"), "i": frozenset()}
NAMES = {code: code.upper() for code in LAND}


def test_an_area_falls_into_the_pieces_that_its_borders_make() -> None:
    assert pieces("abd", LAND) == (("a", "b"), ("d",))
    assert pieces("abcd", LAND) == (("a", "b", "c", "d"),)


def test_a_crossing_joins_an_island() -> None:
    joined = with_links(LAND, [("d", "i")])
    assert pieces("cdi", joined) == (("c", "d", "i"),)


def test_assumed_crossings_are_the_shortest_that_join_everything() -> None:
    distance = {("a", "i"): 50.0, ("b", "i"): 40.0, ("c", "i"): 10.0, ("d", "i"): 12.0, ("a", "d"): 1.0}
    assert assumed_links(list(LAND), LAND, distance) == (("c", "i"),)


def found(groups: list[tuple[str, str]], **counts: dict[str, int] | None) -> list[tuple[str, int | None]]:
    """What the checks say, as keys and areas."""
    known = {"active": None, "hubs": None, "candidates": None} | counts
    return [(one.key, one.area) for one in check_draft(from_groups(groups), units=NAMES, neighbours=LAND, **known)]


def test_checks_name_what_is_missing_and_where() -> None:
    assert found([("東", "ab"), ("西", "cdi")]) == [("apart", 2)]
    assert found([("東", "ab"), ("西", "cd")]) == [("unassigned", None)]
    assert found([("東", "ab"), ("西", "cdi"), ("空", "")]) == [("empty", 3), ("apart", 2)]


def test_an_area_needs_one_of_each_category_once_any_is_registered() -> None:
    whole = [("東", "abcd"), ("西", "i")]
    assert found(whole, active={"a": 1}, hubs={"i": 2}) == [("no-hub", 1), ("no-active", 2)]
    assert found(whole, candidates={"a": 1, "i": 1}) == []
    assert found(whole, candidates={"a": 1}) == [("no-candidate", 2)]
