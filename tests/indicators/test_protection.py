"""Hiding counts of people on a country of two prefectures: what is hidden, and that nobody can work it out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.definitions.disclosure import disclosure_rules, family_of, parse_disclosure_rules
from indicators.formulas.figures import Figures, Gap, Status
from indicators.formulas.links import sums_over_regions
from indicators.formulas.protection import Counts, ProtectedCounts, protect_counts
from indicators.formulas.resolve import resolve
from indicators.formulas.structure import Row, Structure, make_structure
from zaitaku.lib.disclosure.attack import Publication, audit, possible_range
from zaitaku.lib.disclosure.protection import Unprotectable

NATION, WEST, EAST = 1, 2, 3
A, B, C, D, E = 11, 12, 13, 14, 15  # units: A, B, C in the west, D, E in the east
AB, CC, DE = 21, 22, 23  # areas of one scheme
ALL_WEST, ALL_EAST = 31, 32  # areas of another: whole prefectures
ROWS: list[Row] = [
    (NATION, "nation", "00", None, None, False, False),
    (WEST, "prefecture", "01", NATION, None, False, False),
    (EAST, "prefecture", "02", NATION, None, False, False),
    *((unit, "municipality", f"01{unit}1", WEST, None, True, False) for unit in (A, B, C)),
    *((unit, "municipality", f"02{unit}1", EAST, None, True, False) for unit in (D, E)),
    (AB, "area", "0101", WEST, 1, False, False),
    (CC, "area", "0102", WEST, 1, False, False),
    (DE, "area", "0201", EAST, 1, False, False),
    (ALL_WEST, "area", "01", WEST, 2, False, False),
    (ALL_EAST, "area", "02", EAST, 2, False, False),
]
MEMBERS = [(1, AB, A), (1, AB, B), (1, CC, C), (1, DE, D), (1, DE, E)]
MEMBERS += [(2, ALL_WEST, unit) for unit in (A, B, C)] + [(2, ALL_EAST, unit) for unit in (D, E)]
UNITS = (A, B, C, D, E)
WHOLE, PART = "survey.wish.respondents", "survey.wish.as_wished"


@pytest.fixture
def structure() -> Structure:
    return make_structure(ROWS, MEMBERS)


def _counts(structure: Structure, item: str, values: dict[int, float | None]) -> Counts:
    """None is hidden by its publisher."""
    published = Figures.absent(len(structure))
    for region, value in values.items():
        row = int(structure.row_of_id[region])
        status = Status.SUPPRESSED if value is None else Status.OBSERVED
        one = Figures.published([np.nan if value is None else value], [status])
        published.value[row], published.flags[row] = one.value[0], one.flags[0]
    return Counts(item, published, resolve(published, structure))


def _protect(
    structure: Structure, *family: Counts, people: float | dict[int, float] = 100_000, complements: bool = True
) -> ProtectedCounts:
    rules = disclosure_rules()
    population = np.full(len(structure), people if isinstance(people, int | float) else 100_000.0)
    for region, number in (people if isinstance(people, dict) else {}).items():
        population[structure.row_of_id[region]] = number
    return protect_counts(
        family,
        structure,
        population=population,
        tiers=[tier.as_tier() for tier in rules.tiers],
        general=rules.general.as_tier(),
        complements=complements,
    )


def _hidden(structure: Structure, result: ProtectedCounts, item: str = WHOLE) -> dict[int, Gap]:
    flags = result.flags[item]
    return {int(structure.ids[row]): Gap(int(flags[row])) for row in np.flatnonzero(flags)}


def _fresh_attack(result: ProtectedCounts) -> bool:
    return audit(
        Publication.of(result.protected.table, result.protected.states, knowledge=result.protected.knowledge)
    ).passed


def test_large_counts_are_all_shown(structure: Structure) -> None:
    counts = _counts(structure, WHOLE, dict.fromkeys(UNITS, 50.0))
    assert _hidden(structure, _protect(structure, counts)) == {}


def test_one_small_count_takes_a_neighbour_with_it_and_leaves_totals(structure: Structure) -> None:
    """A = 4 is hidden; AB = 54 is shown, so B must be hidden too. C lies alone in its area and stays."""
    counts = _counts(structure, WHOLE, {A: 4, B: 50, C: 60, D: 70, E: 80})
    assert _hidden(structure, _protect(structure, counts)) == {A: Gap.SMALL, B: Gap.COMPLEMENTARY}


def test_a_unit_that_is_an_area_of_its_own_is_hidden_with_it(structure: Structure) -> None:
    """C = 4 is all of its area CC: both are small, and one more of the west must go, in both schemes."""
    result = _protect(structure, _counts(structure, WHOLE, {A: 40, B: 50, C: 4, D: 70, E: 80}))
    hidden = _hidden(structure, result)
    assert hidden[C] == hidden[CC] == Gap.SMALL
    assert AB in hidden
    assert {A, B} & set(hidden)
    assert not {WEST, EAST, NATION, ALL_WEST, DE, D, E} & set(hidden)


def test_the_threshold_follows_the_population_and_an_unknown_population_shows_nothing(structure: Structure) -> None:
    values: dict[int, float | None] = {A: 15, B: 15, C: 15, D: 15, E: 15}
    result = _protect(structure, _counts(structure, WHOLE, values), people={A: 24_999, D: 1_999, E: np.nan})
    hidden = _hidden(structure, result)
    assert {region for region, gap in hidden.items() if gap == Gap.SMALL} == {A, D, E}
    assert B in hidden  # 15 of 30 in AB


def test_zero_is_shown_and_never_hidden_to_protect_another(structure: Structure) -> None:
    result = _protect(structure, _counts(structure, WHOLE, {A: 4, B: 0, C: 60, D: 70, E: 80}))
    hidden = _hidden(structure, result)
    assert B not in hidden
    assert hidden[A] == hidden[AB] == Gap.SMALL


def test_the_rest_of_a_whole_is_protected_too(structure: Structure) -> None:
    """58 of 60 as wished: the two others must not be named, so one of both counts goes, in two places."""
    whole = _counts(structure, WHOLE, {A: 60, B: 90, C: 60, D: 70, E: 80})
    part = _counts(structure, PART, {A: 58, B: 50, C: 30, D: 40, E: 50})
    result = _protect(structure, whole, part)
    assert A in {*_hidden(structure, result, WHOLE), *_hidden(structure, result, PART)}
    assert A not in {
        *_hidden(structure, _protect(structure, whole, part, complements=False), WHOLE),
        *_hidden(structure, _protect(structure, whole, part, complements=False), PART),
    }


def test_a_prefecture_total_with_people_who_could_not_be_placed_is_still_a_clue(structure: Structure) -> None:
    """West is published as 120: 6 more than its parts. Everyone can see the 6, so C alone may not be hidden."""
    counts = _counts(structure, WHOLE, {WEST: 120, A: 50, B: 60, C: 4, D: 70, E: 80})
    hidden = _hidden(structure, _protect(structure, counts))
    assert hidden[C] == Gap.SMALL
    assert {A, B} & set(hidden)


def test_what_a_publisher_hides_counts_as_unknown_and_is_protected(structure: Structure) -> None:
    """A is hidden in the source and AB published as 80: B = 50 would give it away."""
    counts = _counts(structure, WHOLE, {AB: 80, A: None, B: 50, C: 60, D: 70, E: 80})
    result = _protect(structure, counts)
    assert {B, AB} & set(_hidden(structure, result))
    key = next(key for key in result.protected.table.keys if key.startswith(f"{A}・"))
    low, high = possible_range(result.protected.publication, key)
    assert high is None or high > low


def test_monthly_averages_are_hidden_like_whole_numbers(structure: Structure) -> None:
    hidden = _hidden(structure, _protect(structure, _counts(structure, WHOLE, {A: 0.3, B: 50.7, C: 60, D: 70, E: 80})))
    assert hidden == {A: Gap.SMALL, B: Gap.COMPLEMENTARY}


def test_areas_published_instead_of_units_are_linked_across_schemes(structure: Structure) -> None:
    """CC = 3 and AB = 50 make ALL_WEST = 53, a sum of ours."""
    hidden = _hidden(structure, _protect(structure, _counts(structure, WHOLE, {AB: 50, CC: 3, DE: 90})))
    assert hidden == {CC: Gap.SMALL, AB: Gap.COMPLEMENTARY}


def test_what_cannot_be_protected_is_refused_by_name(structure: Structure) -> None:
    """One area with one small count and nothing else to hide but the areas above it, which are the same number."""
    counts = _counts(structure, WHOLE, {A: 0, B: 0, C: 3, D: 0, E: 0})
    result = _protect(structure, counts)
    assert {C, CC, WEST, ALL_WEST, NATION} == set(_hidden(structure, result))
    published = _counts(structure, WHOLE, {NATION: 12, A: 9, B: 3, C: 0, D: 0, E: 0})
    hidden = _hidden(structure, _protect(structure, published))
    assert {A, B} <= set(hidden)


def test_a_draft_never_gives_away_what_is_hidden_and_changes_nothing_that_is_public(structure: Structure) -> None:
    """A = 4 and B = 50 are hidden. A draft area of A and C would show 64 and give A away, one of D and E not."""
    values: dict[int, float | None] = {A: 4, B: 50, C: 60, D: 70, E: 80}
    before = _protect(structure, _counts(structure, WHOLE, values))
    drafts = [(41, "area", "d1", WEST, 9, False, False), (42, "area", "d2", EAST, 9, False, False)]
    draft = make_structure([*ROWS, *drafts], [*MEMBERS, (9, 41, A), (9, 41, C), (9, 42, D), (9, 42, E)])
    rules = disclosure_rules()
    after = protect_counts(
        [_counts(draft, WHOLE, values)],
        draft,
        population=np.full(len(draft), 100_000.0),
        tiers=[tier.as_tier() for tier in rules.tiers],
        general=rules.general.as_tier(),
        published=before.flags,
    )
    assert _hidden(draft, after) == {**_hidden(structure, before), 41: Gap.COMPLEMENTARY}
    assert _fresh_attack(after)


def test_every_sum_over_regions_is_found(structure: Structure) -> None:
    counts = _counts(structure, WHOLE, dict.fromkeys(UNITS, 10.0))
    found = {
        int(structure.ids[one.total]): {int(structure.ids[part]) for part in one.parts}
        for one in sums_over_regions(counts.published, counts.figures, structure)
    }
    assert found == {
        WEST: {A, B, C},
        EAST: {D, E},
        AB: {A, B},
        CC: {C},
        DE: {D, E},
        ALL_WEST: {A, B, C},
        ALL_EAST: {D, E},
        NATION: {WEST, EAST},
    }


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.integers(0, 40), min_size=5, max_size=5),
    shares=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_no_table_whatever_can_be_recovered(values: list[int], shares: list[float]) -> None:
    structure = make_structure(ROWS, MEMBERS)
    whole = _counts(structure, WHOLE, dict(zip(UNITS, map(float, values), strict=True)))
    part = _counts(structure, PART, {unit: float(int(n * s)) for unit, n, s in zip(UNITS, values, shares, strict=True)})
    try:
        result = _protect(structure, whole, part)
    except Unprotectable:
        return  # refused: nothing is shown
    assert _fresh_attack(result)


@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.integers(0, 14), min_size=5, max_size=5))
def test_enumerating_every_possible_country_leaves_two_values_for_each_hidden_unit(values: list[int]) -> None:
    """The slow attacker: all tables of 0..24 a unit that agree with everything shown and with the reasons shown."""
    structure = make_structure(ROWS, MEMBERS)
    counts = _counts(structure, WHOLE, dict(zip(UNITS, map(float, values), strict=True)))
    try:
        result = _protect(structure, counts)
    except Unprotectable:
        return
    flags = result.flags[WHOLE]
    shown = np.where(flags == 0, counts.figures.value, np.nan)
    fixed = {unit: shown[structure.row_of_id[unit]] for unit in UNITS}
    choices = [range(25) if np.isnan(fixed[unit]) else [int(fixed[unit])] for unit in UNITS]
    if np.prod([len(choice) for choice in choices]) > 20_000:
        return
    possible: dict[int, set[int]] = {unit: set() for unit in UNITS}
    tables = np.array(list(itertools.product(*choices)), dtype=np.float64)
    for table in tables[_agree(_sums(structure, tables), shown, flags)]:
        for unit, value in zip(UNITS, table, strict=True):
            possible[unit].add(int(value))
    for unit in UNITS:
        if flags[structure.row_of_id[unit]]:
            assert len(possible[unit]) > 1, (values, unit)


def _sums(structure: Structure, tables: np.ndarray) -> np.ndarray:
    """The figures of all regions for each table of units; regions are sums, so those of one person in each unit do."""
    ones = [_counts(structure, WHOLE, {unit: float(unit == one) for unit in UNITS}).figures.value for one in UNITS]
    sums = tables @ np.array(ones)
    last: dict[int, float | None] = dict(zip(UNITS, map(float, tables[-1]), strict=True))
    assert sums[-1].tolist() == _counts(structure, WHOLE, last).figures.value.tolist()
    return np.asarray(sums)


def _agree(figures: np.ndarray, shown: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Which tables show what is shown, and have what is hidden where the reasons say it is."""
    same = np.isnan(shown) | (shown == figures)
    small = (flags != Gap.SMALL) | ((figures >= 1) & (figures < 10))
    large = (flags != Gap.COMPLEMENTARY) | (figures >= 10)
    return np.asarray((same & small & large).all(axis=1))


# The rules as data


def test_the_rules_apply_to_people_in_surveys_and_not_to_institutions_or_open_data() -> None:
    rules = disclosure_rules()
    assert rules.apply_to("survey.wish.respondents")
    assert not rules.apply_to("survey.hub.respondents")
    assert not rules.apply_to("ndb.medical.patients.114000110")
    assert not rules.apply_to("notification.shien_clinic_3")
    assert rules.apply_to("survey.not.described"), "an item nobody described is taken to count people"


def test_a_part_is_protected_together_with_its_whole() -> None:
    assert family_of(PART) == family_of(WHOLE) == (WHOLE, PART)
    assert family_of("survey.ambulance.aged85_transported") == ("survey.ambulance.aged85_transported",)


def test_rules_with_a_gap_between_tiers_are_refused() -> None:
    content = """
        note = "x"
        items_beginning_with = ["survey."]
        protects_complements = true
        general = { hide_below = 10, source = "x" }
        tiers = [
          { population_below = 2000, always = true, source = "x" },
          { population_from = 3000, hide_below = 10, source = "x" },
        ]
    """
    with pytest.raises(ValueError, match="人口2000から3000"):
        parse_disclosure_rules(content.replace("\n        ", "\n"))
