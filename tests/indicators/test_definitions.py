"""Definition files: all of them hold, and a bad one is refused with its file, field and reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from indicators.definitions import get_definition, official_definitions
from indicators.definitions.registry import (
    FOLDER,
    DefinitionRefused,
    UnknownIndicator,
    digest,
    load_definitions,
    parse_definition,
)
from indicators.definitions.schema import Direction, Interval, Lifecycle, Method
from indicators.definitions.survey_items import survey_items

GOOD = (FOLDER / "DAY_S22.toml").read_text(encoding="utf-8")


def refusal(content: str, *, filename: str = "DAY_S22.toml") -> str:
    with pytest.raises(DefinitionRefused) as refused:
        parse_definition(content, filename=filename)
    return str(refused.value)


def test_every_file_holds_one_definition_named_like_the_file() -> None:
    assert len(official_definitions()) == len(list(FOLDER.glob("[A-Z]*.toml"))) >= 78


@pytest.mark.conformance
def test_every_row_of_the_catalogue_has_its_definition(shared_data: Path) -> None:
    with (shared_data.parent / "domain" / "indicator_catalogue.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        definition = get_definition(row["id"])
        assert (definition.phase, definition.kind) == (row["phase"], row["kind"])
        assert definition.core == (row["core"] == "true")
        assert definition.official_table == (row["official_table"] == "true")
        assert definition.evidence == row["evidence"]
    assert len(rows) == 78


def test_every_indicator_without_data_says_what_would_fill_it() -> None:
    waiting = [d for d in official_definitions() if d.lifecycle is Lifecycle.DATA_MISSING]
    assert len(waiting) > 40
    assert all(d.to_fill.endswith("。") for d in waiting)


def test_there_are_active_indicators_of_every_kind_and_outcomes_wait_for_surveys() -> None:
    active = {d.kind.value for d in official_definitions() if d.lifecycle is Lifecycle.ACTIVE}
    assert active == {"structure", "process", "outcome"}
    outcomes = [d for d in official_definitions() if d.lifecycle is Lifecycle.ACTIVE and d.kind.value == "outcome"]
    assert all(d.to_fill and d.numerator.items[0].code.startswith("survey.") for d in outcomes)


def test_every_survey_item_that_an_indicator_names_is_on_the_survey_form() -> None:
    named = {item for d in official_definitions() for item in d.items if item.startswith("survey.")}
    assert named
    assert named <= set(survey_items())


def test_what_has_no_simple_good_direction_is_neutral() -> None:
    for code in ("ACU_P01", "ACU_P02", "EOL_P01", "EOL_P03", "EOL_P04", "EOL_O01", "X_O01", "X_O02", "X_O04", "X_O05"):
        assert get_definition(code).direction is Direction.NEUTRAL, code


def test_claims_have_no_interval_because_they_are_not_independent_events() -> None:
    for definition in official_definitions():
        if any(".claims." in item for item in definition.items):
            assert definition.interval is Interval.NONE, definition.code


def test_patients_of_overlapping_codes_are_never_added_up() -> None:
    """A patient may be charged both kinds of 訪問診療料; only codes that exclude each other may be summed."""
    exclusive = {"EOL_P01", "EOL_P03"}
    for definition in official_definitions():
        patients = [item for item in definition.items if ".patients." in item]
        assert len(patients) <= 1 or definition.code in exclusive, definition.code


def test_home_visits_to_attached_homes_are_added_from_the_year_their_code_exists() -> None:
    numerator = get_definition("DAY_P13").numerator
    assert "ndb.medical.claims.114042810" not in numerator.codes_in(2017)
    assert "ndb.medical.claims.114042810" in numerator.codes_in(2019)


def test_dental_hygiene_codes_of_2017_and_later_never_meet_in_one_year() -> None:
    numerator = get_definition("DAY_P18").numerator
    assert set(numerator.codes_in(2017)).isdisjoint(numerator.codes_in(2019))
    assert len(numerator.codes_in(2017)) == 2
    assert len(numerator.codes_in(2019)) == 3


def test_a_core_indicator_is_labelled_as_to_be_confirmed() -> None:
    assert get_definition("DAY_P01").core_label == "重点指標(要確認)"
    assert get_definition("DAY_S22").core_label == ""
    assert sum(d.core for d in official_definitions()) == 9


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(UnknownIndicator, match="NO_S99"):
        get_definition("NO_S99")


def test_a_misspelt_field_is_refused_by_name() -> None:
    assert "DAY_S22.toml unitt：この項目は定義にありません" in refusal(GOOD.replace("unit =", "unitt =", 1))


def test_a_missing_field_is_refused_by_name() -> None:
    assert "DAY_S22.toml unit：この項目が書かれていません" in refusal(GOOD.replace("unit =", "unitt =", 1))


def test_a_misspelt_item_is_refused_with_its_place() -> None:
    assert "numerator.items.0.code：書き方が決まりに合いません" in refusal(GOOD.replace("shien_clinic_1", "支援診１"))


def test_the_same_item_twice_is_refused() -> None:
    assert "同じ項目が2回" in refusal(GOOD.replace("shien_clinic_2", "shien_clinic_1"))


def test_an_interval_that_does_not_fit_the_method_is_refused() -> None:
    assert "interval = wilson は method = rate には使えません" in refusal(GOOD.replace('"poisson"', '"wilson"'))


def test_a_population_without_its_rule_is_refused() -> None:
    assert 'rule = "population"' in refusal(GOOD.replace('rule = "population"', 'rule = "same_year"'))


def test_data_missing_without_what_would_fill_it_is_refused() -> None:
    assert "to_fill" in refusal(GOOD.replace('"active"', '"data_missing"'))


def test_a_file_named_otherwise_than_its_code_is_refused() -> None:
    assert "ファイル名とコード" in refusal(GOOD, filename="DAY_S99.toml")


def test_a_file_that_is_no_toml_is_refused() -> None:
    assert "TOMLとして読めません" in refusal("code = ")


def test_all_bad_files_of_a_folder_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "A_S01.toml").write_text("code = ", encoding="utf-8")
    (tmp_path / "B_S01.toml").write_text('code = "B_S01"', encoding="utf-8")
    with pytest.raises(DefinitionRefused) as refused:
        load_definitions(tmp_path)
    assert {problem.file for problem in refused.value.problems} == {"A_S01.toml", "B_S01.toml"}


def test_the_digest_changes_with_the_content_and_not_with_the_layout() -> None:
    same = parse_definition("# a comment\n" + GOOD, filename="DAY_S22.toml")
    other = parse_definition(GOOD.replace("multiplier = 100000", "multiplier = 1000"), filename="DAY_S22.toml")
    assert digest(same) == digest(get_definition("DAY_S22")) != digest(other)


def test_a_count_has_no_denominator() -> None:
    assert "count" in refusal(GOOD.replace('method = "rate"', 'method = "count"'))
    assert Method.COUNT.value == "count"
