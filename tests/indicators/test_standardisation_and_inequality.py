"""Formulas beyond a simple rate, each against hand calculation or a slow reference."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.definitions import get_definition
from indicators.definitions.registry import DefinitionRefused, load_definitions, parse_definition
from indicators.definitions.schema import Definition, Level
from indicators.formulas.between_units import gap_within, gini_within
from indicators.formulas.composite import composite
from indicators.formulas.draft import compute_draft, make_draft_inputs
from indicators.formulas.figures import Figures, Gap
from indicators.formulas.indicator import Inputs, compute_year
from indicators.formulas.resolve import Column
from indicators.formulas.strata import STRATA, Strata, expected_counts, fill_hidden, standardised_rate
from indicators.formulas.structure import Row, Structure, make_structure
from indicators.formulas.sums import make_groups
from indicators.models import IndicatorValue

ROWS: list[Row] = [
    (1, "nation", "00", None, None, False, False),
    (2, "prefecture", "01", 1, None, False, False),
    (3, "prefecture", "02", 1, None, False, False),
    (11, "municipality", "01202", 2, None, True, False),
    (12, "municipality", "01203", 2, None, True, False),
    (13, "municipality", "02201", 3, None, True, False),
    (21, "area", "0101", 2, 1, False, False),
    (22, "area", "0201", 3, 1, False, False),
]
VISITS = "ndb.medical.claims.114001110"


@pytest.fixture
def structure() -> Structure:
    return make_structure(ROWS, [(1, 21, 11), (1, 21, 12), (1, 22, 13)])


def _people(structure: Structure, by_unit: dict[int, dict[str, float]]) -> np.ndarray:
    """Rows × strata, with nation and prefectures added up; areas are not published."""
    table = np.zeros((len(structure), len(STRATA)))
    for unit, strata in by_unit.items():
        for stratum, number in strata.items():
            for region in (unit, 2 if unit in (11, 12) else 3, 1):
                table[structure.row_of_id[region], STRATA.index(stratum)] += number
    table[structure.areas] = np.nan
    return table


@pytest.fixture
def strata(structure: Structure) -> Strata:
    """Old women 1,000 / 3,000 / 6,000 and young men 9,000 / 7,000 / 4,000; the nation has 900 and 20 events of them."""
    people = _people(
        structure,
        {
            11: {"F85-89": 1_000, "M20-24": 9_000},
            12: {"F85-89": 3_000, "M20-24": 7_000},
            13: {"F85-89": 6_000, "M20-24": 4_000},
        },
    )
    counts = np.full(people.shape, np.nan)
    counts[0] = 0.0
    counts[0, STRATA.index("F85-89")], counts[0, STRATA.index("M20-24")] = 900, 20
    return Strata(counts={(VISITS, 2022): counts}, people={2025: people}, sources={2025: (7,)})


def test_expected_numbers_are_national_rates_times_local_people(structure: Structure, strata: Strata) -> None:
    """0.09 × old + 0.001 × young: 90 + 9, 270 + 7, 540 + 4; areas are sums; all together the national 920."""
    expected, note, sources = expected_counts(strata, {VISITS: 920.0}, structure, year=2022)
    by_region = dict(zip(structure.ids.tolist(), expected.value.tolist(), strict=True))
    assert by_region == pytest.approx({1: 920, 2: 376, 3: 544, 11: 99, 12: 277, 13: 544, 21: 376, 22: 544})
    assert "2025年1月1日" in note
    assert sources == (7,)


def test_scr_of_the_nation_is_100_and_of_an_area_observed_over_expected(structure: Structure, strata: Strata) -> None:
    published = Figures.absent(len(structure))
    for region, value in {1: 920.0, 2: 188.0, 3: 732.0, 21: 188.0, 22: 732.0}.items():
        row = structure.row_of_id[region]
        published.value[row], published.flags[row] = value, 0
    definition = get_definition("X_P02")
    definition = definition.model_copy(
        update={"numerator": definition.numerator.model_copy(update={"items": definition.numerator.items[:1]})}
    )
    inputs = Inputs(structure, {(VISITS, 2022): Column(published, (1,))}, strata=strata)
    found = compute_year(definition, 2022, inputs)
    ratio = dict(zip(structure.ids.tolist(), found.value.value.tolist(), strict=True))
    assert ratio[1] == pytest.approx(100)
    assert ratio[2] == ratio[21] == pytest.approx(50)
    assert ratio[22] == pytest.approx(100 * 732 / 544)
    assert np.isnan(ratio[11])
    assert found.sources == (1, 7)


def test_a_register_too_far_away_gives_no_expected_number(structure: Structure, strata: Strata) -> None:
    expected, note, _sources = expected_counts(strata, {VISITS: 920.0}, structure, year=2021)
    assert not expected.has_number.any()
    assert "2021" in note or "全国値" in note
    assert strata.register_for(2021) is None
    assert strata.register_for(2022) == 2025


def test_hidden_strata_share_what_the_total_leaves_over() -> None:
    counts = np.array([90.0, np.nan, np.nan])
    assert fill_hidden(counts, total=96.0, people=np.array([1.0, 100.0, 200.0])).tolist() == [90.0, 2.0, 4.0]


def test_a_directly_standardised_rate_weighs_local_rates_by_the_nation(structure: Structure, strata: Strata) -> None:
    """Unit 12: 60 of 3,000 old (0.02), 7 of 7,000 young (0.001); one in three of the nation is old: 0.0073."""
    counts = np.zeros(strata.people[2025].shape)
    row = structure.row_of_id[12]
    counts[row, STRATA.index("F85-89")], counts[row, STRATA.index("M20-24")] = 60, 7
    full = Strata(
        counts={("x", 2025): counts}, people={2025: np.where(strata.people[2025] == 0, 1, strata.people[2025])}
    )
    value, limits, people, note = standardised_rate(full, ["x"], structure, year=2025, multiplier=1000)
    assert value.value[row] == pytest.approx(22 / 3, rel=0.02)
    assert limits.lower[row] < value.value[row] < limits.upper[row]
    assert people.value[row] == pytest.approx(10_000, rel=0.01)
    assert "基準人口" in note
    assert not value.has_number[structure.row_of_id[11]], "no events: no standardised rate"


def _slow_gini(rates: list[float], people: list[float]) -> float:
    total = sum(people)
    mean = sum(r * n for r, n in zip(rates, people, strict=True)) / total
    spread = sum(
        n * m * abs(r - s) for r, n in zip(rates, people, strict=True) for s, m in zip(rates, people, strict=True)
    )
    return spread / (2 * total**2 * mean)


@settings(max_examples=50, deadline=None)
@given(
    groups=st.lists(
        st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9_000)), min_size=1, max_size=6), min_size=1, max_size=5
    )
)
def test_gini_and_gap_of_groups_are_those_of_the_definition(groups: list[list[tuple[int, int]]]) -> None:
    flat = [pair for group in groups for pair in group]
    ends = np.cumsum([0, *(len(group) for group in groups)])
    members = make_groups([np.arange(start, stop) for start, stop in itertools.pairwise(ends)])
    over, below = (Figures.known([float(pair[part]) for pair in flat]) for part in (0, 1))
    gini = gini_within(over, below, members, multiplier=100)
    gap = gap_within(over, below, members, multiplier=1)
    for number, group in enumerate(groups):
        rates = [count / people for count, people in group]
        assert gap.value[number] == pytest.approx(max(rates) - min(rates))
        if max(rates) == 0:
            assert gini.flags[number] == Gap.NOT_APPLICABLE
        else:
            assert gini.value[number] == pytest.approx(100 * _slow_gini(rates, [n for _o, n in group]), abs=1e-9)


def test_one_hidden_unit_hides_the_inequality_of_its_area() -> None:
    over = Figures(np.array([3.0, np.nan, 5.0]), np.array([0, Gap.SMALL, 0], np.uint16))
    found = gini_within(
        over, Figures.known([10.0, 10.0, 10.0]), make_groups([np.array([0, 1]), np.array([2])]), multiplier=1
    )
    assert found.flags.tolist() == [Gap.SMALL, 0]
    assert found.value[1] == pytest.approx(0)


def test_a_composite_is_the_weighted_mean_of_scores_among_peers(structure: Structure) -> None:
    """Prefectures 10 and 30 have scores 40 and 60, and 5 and 1 have 60 and 40; weights 3 and 1."""
    first, second = (Figures.known(np.full(len(structure), 7.0)) for _ in range(2))
    for region, a, b in ((2, 10.0, 5.0), (3, 30.0, 1.0)):
        first.value[structure.row_of_id[region]], second.value[structure.row_of_id[region]] = a, b
    found = composite([first, second], [3, 1], [False, False], structure)
    assert found.value[structure.row_of_id[2]] == pytest.approx((3 * 40 + 60) / 4)
    reversed_second = composite([first, second], [3, 1], [False, True], structure)
    assert reversed_second.value[structure.row_of_id[2]] == pytest.approx(40)
    assert found.value[structure.row_of_id[11]] == pytest.approx(50), "all units are equal: nobody stands out"


def test_a_composite_lacks_a_value_where_any_part_does(structure: Structure) -> None:
    part = Figures.known(np.arange(len(structure), dtype=float))
    hidden = Figures(part.value.copy(), part.flags.copy())
    row = structure.row_of_id[2]
    hidden.value[row], hidden.flags[row] = np.nan, Gap.SMALL
    found = composite([part, hidden], [1, 1], [False, False], structure)
    assert np.isnan(found.value[row])
    assert found.reason[row] == IndicatorValue.Reason.SMALL_NUMBER


def _definition(**changes: object) -> Definition:
    return Definition.model_validate({**get_definition("DAY_S22").model_dump(), **changes})


def test_pooled_years_need_every_year(structure: Structure) -> None:
    """2019 and 2021 make no two years in a row; 2021 and 2022 do: (10 + 20) / (100 + 100)."""
    definition = _definition(
        method="proportion",
        interval="wilson",
        multiplier=100,
        pool_years=2,
        numerator={"text": "x", "items": [{"code": "vital.a"}]},
        denominator={"text": "y", "item": "vital.b"},
    )
    observed = {}
    for year, count in ((2019, 5.0), (2021, 10.0), (2022, 20.0)):
        observed["vital.a", year] = Column(Figures.known(np.full(len(structure), count)), (year,))
        observed["vital.b", year] = Column(Figures.known(np.full(len(structure), 100.0)), (9,))
    inputs = Inputs(structure, observed)
    assert inputs.years(definition) == [2022]
    found = compute_year(definition, 2022, inputs)
    assert found.value.value[1] == pytest.approx(15)
    assert found.numerator.value[1] == 30
    assert "2021〜2022年度の合算" in found.note


def test_demand_lies_on_the_line_between_two_projections_and_nowhere_beyond(structure: Structure) -> None:
    observed = {
        ("survey.capacity.additional_patients", year): Column(Figures.known(np.full(len(structure), 33.0)), (1,))
        for year in (2023, 2026)
    }
    observed["demand.home_visit", 2024] = Column(Figures.known(np.full(len(structure), 90.0)), (2,))
    observed["demand.home_visit", 2030] = Column(Figures.known(np.full(len(structure), 150.0)), (2,))
    inputs = Inputs(structure, observed)
    found = compute_year(get_definition("X_S09"), 2026, inputs)
    assert found.value.value[1] == pytest.approx(100 * 33 / 110)
    assert "2024年度と2030年度" in found.note
    before = compute_year(get_definition("X_S09"), 2023, inputs)
    assert before.value.reason[1] == IndicatorValue.Reason.NO_DENOMINATOR
    assert before.numerator.value[1] == 33


# What a definition may not say


def _composite_file(code: str, first: str, second: str) -> str:
    return f'''
code = "{code}"
version = 1
name = "合成"
kana = "ごうせい"
phase = "cross"
kind = "structure"
why = "{"説明" * 20}"
caveats = ["重みは仮のものです。"]
method = "composite"
components = [{{ code = "{first}", weight = 2 }}, {{ code = "{second}", weight = 1 }}]
unit = "点"
direction = "neutral"
levels = ["prefecture"]
basis = "none"
counts_people = false
core = false
official_table = false
evidence = "C"
author = "試験"
next_review = 2027-04-01
lifecycle = "active"
numerator = {{ text = "偏差値の加重平均" }}
sources = [{{ name = "試験", periodicity = "毎年", lag = "なし" }}]
'''


def test_a_composite_of_itself_is_refused_over_any_number_of_steps(tmp_path: Path) -> None:
    (tmp_path / "X_S91.toml").write_text(_composite_file("X_S91", "X_S92", "X_S93"), encoding="utf-8")
    (tmp_path / "X_S92.toml").write_text(_composite_file("X_S92", "X_S93", "X_S91"), encoding="utf-8")
    with pytest.raises(DefinitionRefused) as refused:
        load_definitions(tmp_path)
    said = str(refused.value)
    assert "X_S91.toml components：構成する指標をたどると、この指標自身に戻ります" in said
    assert "指標「X_S93」はありません" in said


def test_a_composite_needs_two_different_components() -> None:
    with pytest.raises(DefinitionRefused, match="この指標自身"):
        parse_definition(_composite_file("X_S91", "X_S91", "X_S92"), filename="X_S91.toml")


def test_a_standardised_ratio_without_expected_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match='rule = "expected"'):
        _definition(method="standardised_ratio", interval="none")


# Drafts


def test_a_draft_that_repeats_an_area_scheme_has_its_stored_figures(structure: Structure) -> None:
    """The same formulas over the same units: what is stored for an area is what a draft of it shows."""
    counts, people = np.array([3.0, 5.0, 0.0]), np.array([1_000.0, 3_000.0, 500.0])
    every_level = {"levels": tuple(Level)}
    definitions = [get_definition(code).model_copy(update=every_level) for code in ("DAY_S22", "X_S13", "X_S05")]
    items = {item for one in definitions for item in one.items}
    by_code = {
        item: Figures.known(people if item.startswith("population") else counts)
        for item in items
        if item != "units.count"
    }
    draft = compute_draft(definitions, make_draft_inputs(by_code), area_of_unit=np.array([0, 0, 1]), areas=3)
    observed = {}
    for item in items - {"units.count", "population.75plus"}:
        published = Figures.absent(len(structure))
        published.value[structure.units], published.flags[structure.units] = counts, 0
        observed[item, 2025] = Column(published, ())
    published = Figures.absent(len(structure))
    published.value[structure.units], published.flags[structure.units] = people, 0
    population = {("population.75plus", "resident_register", 2025): Column(published, ())}
    inputs = Inputs(structure, observed, population)
    for definition in definitions:
        stored = compute_year(definition, 2025, inputs)
        live = draft[definition.code]
        np.testing.assert_array_equal(live.value.value[:2], stored.value.value[structure.areas], definition.code)
        assert not live.value.has_number[2]
        if stored.limits is not None and live.limits is not None:
            np.testing.assert_array_equal(live.limits.lower[:2], stored.limits.lower[structure.areas])
