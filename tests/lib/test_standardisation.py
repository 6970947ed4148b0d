"""Age standardisation against published results and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.lib.vectors import Row, assert_prints_as, column, number, read_rows
from zaitaku.lib.statistics.standardisation import (
    AgeBandMissing,
    direct_rate,
    indirect_rate,
    indirect_ratio,
    repeated_event_variance,
    require_bands,
)

LEVELS = (("95", 0.95), ("998", 0.998))


def _events(rows: list[Row]) -> NDArray[np.float64]:
    """The counts of the published inputs, where a band without events is left blank."""
    return np.nan_to_num(column(rows, "count"))


def _bands(rows: list[Row]) -> list[str]:
    return [row["age_index"] for row in rows]


def _population(rows: list[Row], inputs: list[Row]) -> NDArray[np.float64]:
    """The populations, with the one left blank in an area of the published inputs taken from its twin."""
    own = column(rows, "pop")
    twin = column(inputs[: len(rows)], "pop")
    return np.where(np.isnan(own), twin, own)


def test_direct_rates_match_the_published_ones(shared_vectors: Path) -> None:
    checked = 0
    for case in read_rows(shared_vectors / "dsr/phe_dsr_expected.csv"):
        rows = read_rows(shared_vectors / f"dsr/{case['input_file']}.csv")
        rows = [row for row in rows if row.get("area", case["area"]) == case["area"]]
        standard = column(rows, "esp1976" if "esp1976" in rows[0] else "esp2013")
        variance = None
        if "persons_f1" in rows[0]:
            variance = repeated_event_variance(np.column_stack([column(rows, f"persons_f{f}") for f in (1, 2, 3, 4)]))
        for suffix, confidence in LEVELS:
            result = direct_rate(
                _events(rows),
                column(rows, "pop"),
                standard,
                bands=_bands(rows),
                multiplier=float(case["multiplier"]),
                confidence=confidence,
                event_variance=variance,
            )
            assert_prints_as(float(result.observed), case["total_count"])
            assert_prints_as(float(result.base), case["total_pop"])
            assert_prints_as(float(result.value), case["value"])
            if case[f"lower{suffix}"] or not case["value"]:
                assert_prints_as(float(result.lower), case[f"lower{suffix}"])
                assert_prints_as(float(result.upper), case[f"upper{suffix}"])
                checked += 1
    assert checked >= 20


def test_gamma_limits_match_the_published_ones(shared_vectors: Path) -> None:
    inputs = read_rows(shared_vectors / "dsr/phe_dsr_inputs.csv")
    for case in read_rows(shared_vectors / "dsr/R_epitools_fay_feuer_per100000.csv"):
        rows = [row for row in inputs if row["area"] == case["area"]]
        result = direct_rate(
            _events(rows), column(rows, "pop"), column(rows, "esp2013"), bands=_bands(rows), method="gamma"
        )
        assert_prints_as(float(result.observed / result.base * 100_000), case["crude.rate"])
        for value, name in ((result.value, "adj.rate"), (result.lower, "lci"), (result.upper, "uci")):
            assert_prints_as(float(value), case[name])


def test_indirect_ratios_and_rates_match_the_published_ones(shared_vectors: Path) -> None:
    inputs = read_rows(shared_vectors / "isr/phe_isr_inputs.csv")
    reference = read_rows(shared_vectors / "isr/phe_isr_reference.csv")
    rates = column(reference, "ref_count") / column(reference, "ref_pop")
    crude = float(column(reference, "ref_count").sum() / column(reference, "ref_pop").sum())
    for case in read_rows(shared_vectors / "isr/phe_isr_expected.csv"):
        rows = [row for row in inputs if row["area"] == case["area"]]
        multiplier = float(case["multiplier"])
        for suffix, confidence in LEVELS:
            result = indirect_ratio(
                _events(rows).sum(),
                _population(rows, inputs),
                rates,
                bands=_bands(reference),
                multiplier=1 if case["statistic"] == "rate" else multiplier,
                confidence=confidence,
            )
            if case["statistic"] == "rate":
                assert_prints_as(crude * multiplier, case["ref_rate"])
                result = indirect_rate(result, reference_rate=crude * multiplier, ratio_multiplier=1)
            assert_prints_as(float(result.observed), case["observed"])
            assert_prints_as(float(result.base), case["expected"])
            assert_prints_as(float(result.value), case["value"])
            if not np.isnan(number(case[f"lower{suffix}"])):
                assert_prints_as(float(result.lower), case[f"lower{suffix}"])
                assert_prints_as(float(result.upper), case[f"upper{suffix}"])


def test_a_direct_rate_by_hand() -> None:
    # 10/1000 × 0.3 + 40/500 × 0.7 = 0.003 + 0.056 = 0.059 → 5,900 per 100,000
    result = direct_rate([10, 40], [1000, 500], [300, 700], bands=["65-74", "75+"])
    assert float(result.value) == pytest.approx(5900)
    assert float(result.lower) < 5900 < float(result.upper)


def test_an_scr_by_hand() -> None:
    # Expected 0.01 × 1,000 + 0.1 × 400 = 50; 60 observed → 120
    result = indirect_ratio(60, [1000, 400], [0.01, 0.1], bands=["65-74", "75+"])
    assert float(result.value) == pytest.approx(120)


def test_a_missing_age_band_is_refused_by_name() -> None:
    with pytest.raises(AgeBandMissing, match=r"「75\+」の人口がありません") as refused:
        direct_rate([[1, 2], [3, 4]], np.array([[10, 20], [30, np.nan]]), [1, 1], bands=["65-74", "75+"])
    assert refused.value.bands == ("75+",)
    with pytest.raises(AgeBandMissing, match=r"「85\+」"):
        require_bands(["65-74", "75-84"], needed=["65-74", "75-84", "85+"])


def test_a_missing_age_band_can_leave_one_area_without_value() -> None:
    result = direct_rate(
        [[10, 20], [30, 40]], np.array([[100, 200], [300, np.nan]]), [1, 1], bands=["65-74", "75+"], missing="carry"
    )
    assert np.isnan(result.value).tolist() == [False, True]


def test_nothing_expected_gives_no_ratio() -> None:
    assert np.isnan(indirect_ratio(0, [0, 0], [0.1, 0.2], bands=["a", "b"]).value)


@given(
    counts=st.lists(st.integers(3, 400), min_size=4, max_size=4),
    population=st.lists(st.integers(1000, 90_000), min_size=4, max_size=4),
)
def test_standardising_to_the_own_population_gives_the_crude_rate(counts: list[int], population: list[int]) -> None:
    result = direct_rate(counts, population, population, bands=list("abcd"), multiplier=1)
    assert float(result.value) == pytest.approx(sum(counts) / sum(population))


@given(
    counts=st.lists(st.integers(1, 400), min_size=3, max_size=3),
    population=st.lists(st.integers(1000, 90_000), min_size=3, max_size=3),
)
def test_an_area_against_its_own_rates_scores_one_hundred(counts: list[int], population: list[int]) -> None:
    rates = [count / people for count, people in zip(counts, population, strict=True)]
    assert float(indirect_ratio(sum(counts), population, rates, bands=list("abc")).value) == pytest.approx(100)
