"""Disclosure control against published cases, cases worked out by hand and enumeration of every possible table."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from zaitaku.lib.disclosure.attack import Audit, Publication, PublicationRefused, audit, possible_range
from zaitaku.lib.disclosure.derived import counts_behind, gives_count_away
from zaitaku.lib.disclosure.protection import NEVER, Protected, Unprotectable, protect
from zaitaku.lib.disclosure.rounding import Rounding, rounded, totals_rounded
from zaitaku.lib.disclosure.rules import (
    NDB_OTHER_TIERS,
    NDB_PERSON_TIERS,
    Measure,
    must_be_hidden,
    smallest_hidden_value,
)
from zaitaku.lib.disclosure.tables import (
    Cell,
    InconsistentTable,
    Knowledge,
    LinkedTable,
    States,
    geographic_table,
)

Sums = Sequence[tuple[str, Sequence[str]]]


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"suppression/{name}.json").read_text(encoding="utf-8"))


def _where(table: LinkedTable, keys: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(np.array(table.keys), list(keys))


def _attack(table: LinkedTable, hidden: Sequence[str], *, knowledge: Knowledge | None = None) -> Audit:
    states = np.where(_where(table, hidden), Cell.PRIMARY, Cell.SHOWN).astype(np.int8)
    return audit(Publication.of(table, states, knowledge=knowledge))


def _hidden(protected: Protected) -> set[str]:
    return {key for key, state in zip(protected.table.keys, protected.states, strict=True) if state != Cell.SHOWN}


def _row(**values: float) -> LinkedTable:
    """One line of parts with its total, the last one given."""
    *parts, total = values
    return LinkedTable.from_sums(values, [(total, parts)])


def _between(low: float, high: float) -> Knowledge:
    return Knowledge({cell: (low, high) for cell in Cell if cell is not Cell.SHOWN})


# What must be hidden


def test_the_tiers_decide_as_the_guidelines_do_at_every_boundary(shared_vectors: Path) -> None:
    for case in _read(shared_vectors, "japan_minimum_cell_rules")["boundary_cases"]:
        hidden = must_be_hidden(case["n"], case["pop"], tiers=NDB_PERSON_TIERS)
        assert bool(hidden) is case["suppress"], case


def test_a_zero_is_shown_but_not_where_no_number_may_be_shown() -> None:
    assert must_be_hidden([0, 0, 0], [1_000, 2_000, 30_000], tiers=NDB_PERSON_TIERS).tolist() == [True, False, False]
    assert smallest_hidden_value([1_000, 2_000, 30_000], tiers=NDB_PERSON_TIERS).tolist() == [0, 1, 1]


def test_a_place_of_unknown_population_gets_the_strictest_tier() -> None:
    assert bool(must_be_hidden(500, np.nan, tiers=NDB_PERSON_TIERS))


def test_institutions_and_quantities_have_rules_of_their_own() -> None:
    institutions = must_be_hidden([0, 2, 3], 50_000, tiers=NDB_OTHER_TIERS, measure=Measure.INSTITUTIONS)
    assert institutions.tolist() == [False, True, False]
    quantity = must_be_hidden([0, 999, 1_000], 50_000, tiers=NDB_OTHER_TIERS, measure=Measure.ORAL_QUANTITY)
    assert quantity.tolist() == [True, True, False]


def test_a_missing_count_is_missing_and_not_hidden() -> None:
    assert not must_be_hidden(np.nan, 1_000, tiers=NDB_PERSON_TIERS)


# The attacker


def test_every_published_leak_is_found(shared_vectors: Path) -> None:
    cases = {case["id"]: case for case in _read(shared_vectors, "derived_leak_cases")["cases"]}
    for name in ("zeros_shown_two_ones", "threshold_known_two_nines", "single_suppressed_in_line"):
        case = cases[name]
        values = {key: case["truth"][key] if value == "x" else value for key, value in case["row"].items()}
        table, hidden = _row(**values), list(case["truth"])
        known = _between(1, 9) if name == "threshold_known_two_nines" else Knowledge()
        found = {cell.key: cell.low for cell in _attack(table, hidden, knowledge=known).pinned}
        assert found == case["truth"], name
        if "attack_lb0" in case:
            states = np.where(_where(table, hidden), Cell.PRIMARY, Cell.SHOWN).astype(np.int8)
            blunt = Publication.of(table, states, knowledge=_between(0, np.inf))
            assert list(possible_range(blunt, hidden[0])) == case["attack_lb0"]
    periods = cases["two_periods_difference"]
    values = {"pooled": periods["published"]["2023_2024_pooled"], "2023": periods["published"]["2023"]}
    table = LinkedTable.from_sums({**values, "2024": periods["hidden"]["2024"]}, [("pooled", ["2023", "2024"])])
    assert [cell.key for cell in _attack(table, ["2024"]).pinned] == ["2024"]


def test_a_rate_or_ratio_gives_the_hidden_count_away(shared_vectors: Path) -> None:
    cases = {case["id"]: case for case in _read(shared_vectors, "derived_leak_cases")["cases"]}
    rate, ratio = cases["rate_discloses_count"], cases["scr_discloses_count"]
    per_count = 1_000 / rate["denominator"]
    behind = counts_behind(rate["published_rate_per_1000"], per_count=per_count, decimals=1)
    assert list(behind) == [rate["hidden_count"]]
    behind = counts_behind(ratio["published_scr"], per_count=100 / ratio["expected_claims"], decimals=1)
    assert list(behind) == [ratio["hidden_count"]]
    assert gives_count_away(ratio["published_scr"], per_count=100 / ratio["expected_claims"], decimals=1)


def test_a_rate_over_many_people_still_gives_a_small_count_away_by_its_threshold() -> None:
    # 0.0 per 1,000 of 40,000 people: 0 to 2 cases; a hidden one is 1 or 2.
    assert list(counts_behind(0.0, per_count=1_000 / 40_000, decimals=1)) == [0, 1, 2]
    assert not gives_count_away(0.0, per_count=1_000 / 40_000, decimals=1)
    assert gives_count_away(0.0, per_count=1_000 / 40_000, decimals=1, hidden_below=2)


def test_two_hidden_cells_per_line_are_not_enough(shared_vectors: Path) -> None:
    document = _read(shared_vectors, "sdctable_two_per_line_recoverable")
    rows, columns, expected = document["rows"], document["cols"], document["expected"]
    table = _margins(document["inner"], rows, columns)
    result = _attack(table, document["primary_suppressed"], knowledge=_between(0, max(document["inner"].values())))
    assert [(cell.key, cell.low) for cell in result.pinned] == [
        (expected["cell_recoverable_before"], expected["recovered_value"])
    ]
    assert len(result.pinned[0].because) >= 4
    with pytest.raises(PublicationRefused, match=expected["cell_recoverable_before"]):
        result.require()
    protected = protect(table, _where(table, document["primary_suppressed"]))
    assert protected.count(Cell.SECONDARY) == expected["secondary_added_by_attack_aware_heuristic"]
    assert audit(protected.publication).passed
    # Some choice of one further cell leaves exactly the range that was published for the cell.
    after = expected["attack_after"]
    ranges = set()
    for extra in {f"{row} {column}" for row in rows for column in columns} - set(document["primary_suppressed"]):
        states = np.where(_where(table, [*document["primary_suppressed"], extra]), 1, 0).astype(np.int8)
        known = _between(0, float(np.nanmax(table.values)))
        ranges.add(possible_range(Publication.of(table, states, knowledge=known), after["cell"]))
    assert (after["low"], after["up"]) in ranges


def _margins(inner: Mapping[str, float], rows: Sequence[str], columns: Sequence[str]) -> LinkedTable:
    """A two-way table with all its totals (named T)."""
    values = dict(inner)
    values |= {f"{row} T": sum(inner[f"{row} {column}"] for column in columns) for row in rows}
    values |= {f"T {column}": sum(values[f"{row} {column}"] for row in rows) for column in [*columns, "T"]}
    sums = [(f"{row} T", [f"{row} {column}" for column in columns]) for row in [*rows, "T"]]
    sums += [(f"T {column}", [f"{row} {column}" for row in rows]) for column in [*columns, "T"]]
    return LinkedTable.from_sums(values, sums)


def _enumerate(table: LinkedTable, states: States, *, least: int, most: int) -> dict[str, set[int]]:
    """Every value each hidden cell takes in any whole-number table that agrees with what is shown: slow and obvious."""
    hidden = np.flatnonzero(states != Cell.SHOWN)
    possible: dict[str, set[int]] = {table.keys[cell]: set() for cell in hidden}
    inside = [cell for cell in hidden if "T" not in table.keys[cell]]
    totals = [cell for cell in hidden if "T" in table.keys[cell]]
    listed = list(itertools.product(range(least, most + 1), repeat=len(inside)))
    guesses = np.array(listed, dtype=float).reshape(len(listed), len(inside))
    tables = np.tile(table.values, (len(guesses), 1))
    tables[:, inside] = guesses
    for total in totals:  # rows first, then columns, then the corner: as `_margins` lists them
        own = np.flatnonzero(table.sums[:, [total]].toarray().ravel() < 0)[0]
        parts = np.flatnonzero(table.sums[[own], :].toarray().ravel() > 0)
        tables[:, total] = tables[:, parts].sum(axis=1)
    fits = ~np.any(tables @ table.sums.T.toarray(), axis=1)
    for cell in hidden:
        possible[table.keys[cell]] = {int(value) for value in tables[fits, cell]}
    return possible


@settings(deadline=None, max_examples=12)
@given(inner=st.lists(st.integers(1, 4), min_size=6, max_size=6), hidden=st.sets(st.integers(0, 11), max_size=4))
def test_the_attack_finds_exactly_what_enumerating_all_tables_finds(inner: list[int], hidden: set[int]) -> None:
    cells = dict(zip(["a x", "a y", "a z", "b x", "b y", "b z"], inner, strict=True))
    table = _margins(cells, ["a", "b"], ["x", "y", "z"])
    states = np.zeros(len(table.keys), dtype=np.int8)
    states[list(hidden)] = Cell.PRIMARY
    bounds = np.where(["T" in key for key in table.keys], np.inf, 9.0)
    publication = Publication.of(table, states, knowledge=Knowledge({Cell.PRIMARY: (1, bounds)}))
    possible = _enumerate(table, states, least=1, most=9)
    found = {cell.key for cell in audit(publication).pinned}
    assert found == {key for key, values in possible.items() if len(values) == 1}
    for key, values in possible.items():
        low, high = possible_range(publication, key)
        assert (low, high) == (min(values), max(values))


def test_areas_of_two_schemes_that_do_not_nest_are_attacked_together() -> None:
    # Unit b alone is the difference between area A1 of one scheme (a, b) and area B1 of the other (a).
    counts = np.array([[30.0], [4.0], [50.0]])
    national = geographic_table(
        counts,
        units=["a", "b", "c"],
        categories=["人"],
        groupings={"現行": ["A1", "A1", "A2"], "案": ["B1", "B2", "B2"]},
    )
    result = _attack(national.table, ["a|人", "a|計", "b|人", "b|計"])
    assert {cell.key for cell in result.pinned} >= {"a|人", "b|人"}
    assert any("案:B1" in name for cell in result.pinned for name in cell.because)


def test_a_table_that_does_not_add_up_is_refused_by_name() -> None:
    table = _row(a=1, b=2, total=4)
    with pytest.raises(InconsistentTable, match="total"):
        _attack(table, [])
    impossible = LinkedTable.from_sums({"a": 5, "b": None, "t": 3}, [("t", ["a", "b"])])
    with pytest.raises(InconsistentTable, match="t"):
        protect(impossible, np.zeros(3, dtype=bool))


# Complementary suppression


def test_the_published_optimum_is_found(shared_vectors: Path) -> None:
    document = _read(shared_vectors, "sdctable_region_gender")
    order, expected = document["cell_order_1based"], document["expected"]
    places, sexes = ["A", "B", "C", "D"], ["total", "male", "female"]
    sums: list[tuple[str, list[str]]] = [(f"{place}|total", [f"{place}|male", f"{place}|female"]) for place in places]
    sums += [(f"total|{sex}", [f"{place}|{sex}" for place in places]) for sex in sexes]
    sums += [("total|total", ["total|male", "total|female"])]
    table = LinkedTable.from_sums(dict(zip(order, expected["freq"], strict=True)), sums)
    primary = _where(table, expected["primary_freq_maxN2"])
    optimum = expected["protect_A_female_primary"]
    protected = protect(table, primary)
    assert (np.flatnonzero(protected.states) + 1).tolist() == optimum["OPT_suppressed_1based"]
    assert protected.count(Cell.SECONDARY) == optimum["n_secondary_OPT"]
    assert protected.count(Cell.SHOWN) == optimum["n_publishable"]
    forced = protect(table, primary, reluctance=np.where(_where(table, ["D|male"]), NEVER, 0))
    assert (np.flatnonzero(forced.states) + 1).tolist() == optimum["GAUSS_when_D_male_forced_published"]


@settings(deadline=None, max_examples=12)
@given(inner=st.lists(st.integers(0, 6), min_size=6, max_size=6), hidden=st.sets(st.integers(0, 5), max_size=3))
def test_after_protection_enumeration_leaves_every_hidden_cell_two_values(inner: list[int], hidden: set[int]) -> None:
    cells = dict(zip(["a x", "a y", "a z", "b x", "b y", "b z"], inner, strict=True))
    table = _margins(cells, ["a", "b"], ["x", "y", "z"])
    primary = np.zeros(len(table.keys), dtype=bool)
    primary[[cell for cell in hidden if inner[cell] > 0]] = True
    reluctance = np.array([1 if "T" in key else 0 for key in table.keys])
    try:
        protected = protect(table, primary, reluctance=reluctance)
    except Unprotectable as refused:
        refused_keys = set(refused.keys)
    else:
        refused_keys = set()
    if refused_keys:
        assert refused_keys <= {key for key, first in zip(table.keys, primary, strict=True) if first}
        return
    assert audit(protected.publication).passed
    assert (protected.states[primary] == Cell.PRIMARY).all()
    assert not (protected.states[table.values == 0] != Cell.SHOWN).any(), "a zero is shown, so it cannot be hidden"
    inside = [key for key in _hidden(protected) if "T" not in key]
    possible = _enumerate(table, protected.states, least=1, most=7) if len(inside) <= 4 else {}
    assert all(len(values) >= 2 for values in possible.values())


def test_what_cannot_be_protected_is_refused_by_name() -> None:
    with pytest.raises(Unprotectable, match="「a」"):
        protect(_row(a=3, total=3), np.array([True, False]), reluctance=[0, NEVER])


def test_a_total_is_hidden_only_when_nothing_else_helps() -> None:
    table = _row(a=3, b=0, c=0, total=3)
    protected = protect(table, _where(table, ["a"]), reluctance=[0, 0, 0, 1])
    assert _hidden(protected) == {"a", "total"}
    roomy = _row(a=3, b=20, c=0, total=23)
    assert _hidden(protect(roomy, _where(roomy, ["a"]), reluctance=[0, 0, 0, 1])) == {"a", "b"}


def test_what_the_publisher_withheld_stays_hidden_and_is_protected_too() -> None:
    table = LinkedTable.from_sums({"a": None, "b": 12, "c": 40, "total": 57}, [("total", ["a", "b", "c"])])
    known = Knowledge({Cell.WITHHELD: (1, 9), Cell.PRIMARY: (1, np.inf), Cell.SECONDARY: (1, np.inf)})
    protected = protect(table, np.zeros(4, dtype=bool), knowledge=known)
    assert protected.states[0] == Cell.WITHHELD
    assert "b" in _hidden(protected)
    assert audit(protected.publication).passed


def test_a_wider_protection_can_be_demanded() -> None:
    table = _row(a=3, b=12, c=500, total=515)
    protected = protect(table, _where(table, ["a"]), width=20)
    low, high = possible_range(protected.publication, "a")
    assert high is not None
    assert high - low >= 20
    assert audit(protected.publication, width=20).passed


def _region(seed: int) -> tuple[LinkedTable, NDArray[np.bool_], NDArray[np.int64]]:
    """Forty units in two prefectures with three schemes of areas and three categories of people."""
    random = np.random.default_rng(seed)
    units = [f"U{number:02}" for number in range(40)]
    national = geographic_table(
        random.negative_binomial(1, 0.04, (40, 3)).astype(float),
        units=units,
        categories=["甲", "乙", "丙"],
        groupings={
            "第7次": [f"A{number // 5}" for number in range(40)],
            "第8次": [f"B{number // 8 if number < 24 else number // 5}" for number in range(40)],
            "案": [f"C{number // 4}" if number % 7 else "" for number in range(40)],
            "県": [f"P{number // 20}" for number in range(40)],
            "国": ["N"] * 40,
        },
        nested={"県": "国"},
    )
    values = national.table.values
    return national.table, (values > 0) & (values < 10), np.array([0, 1, 1, 1, 2, NEVER])[national.level]


@pytest.mark.parametrize("seed", [1, 2])
def test_linked_areas_of_three_schemes_are_protected_and_pass_the_attack(seed: int) -> None:
    table, primary, reluctance = _region(seed)
    assert not np.any(table.sums @ table.values)
    assert not audit(Publication.of(table, np.where(primary, 1, 0).astype(np.int8))).passed
    protected = protect(table, primary, reluctance=reluctance)
    assert audit(protected.publication).passed
    again = protect(table, primary, reluctance=reluctance)
    np.testing.assert_array_equal(protected.states, again.states)


def test_showing_any_one_secondary_cell_again_never_goes_unnoticed_by_the_exact_attack() -> None:
    table, primary, reluctance = _region(4)
    protected = protect(table, primary, reluctance=reluctance)
    for cell in np.flatnonzero(protected.states == Cell.SECONDARY)[:5]:
        states = protected.states.copy()
        states[cell] = Cell.SHOWN
        publication = Publication.of(table, states)
        for pinned in audit(publication).pinned:
            place = table.keys.index(pinned.key)
            assert pinned.low == pinned.high == table.values[place]
            assert possible_range(publication, pinned.key) == (pinned.low, pinned.high)


def test_the_public_side_holds_no_hidden_value() -> None:
    table = _row(a=3, b=12, c=500, total=515)
    publication = protect(table, _where(table, ["a"])).publication
    assert np.isnan(publication.values[publication.states != Cell.SHOWN]).all()


# Rounding


def test_rounding_matches_the_examples_of_the_ministry(shared_vectors: Path) -> None:
    document = _read(shared_vectors, "kaigo_db_rounding_example")

    def matrix(rows: Mapping[str, Sequence[float | None]]) -> NDArray[np.float64]:
        return np.array([[np.nan if cell is None else cell for cell in row] for row in rows.values()], dtype=float)

    counts, options = matrix(document["rows"]), document["alternatives"]
    np.testing.assert_array_equal(
        rounded(counts, rounding=Rounding.UP), matrix(options["option1_all_cells_round_up_to_10"])
    )
    np.testing.assert_array_equal(
        rounded(counts, rounding=Rounding.HALF_UP), matrix(options["option2_all_cells_round_half_up_to_10"])
    )
    np.testing.assert_array_equal(totals_rounded(counts), matrix(options["option3_only_totals_round_up_to_10"]))
