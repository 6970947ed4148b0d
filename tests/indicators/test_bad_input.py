"""Input that cannot be right: refused with its place, or carried as a named reason; never 0 or a plausible number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indicators.actions.compute import compute_indicators
from indicators.definitions.registry import FOLDER, DefinitionRefused, load_definitions, parse_definition
from indicators.models import IndicatorValue, IndicatorYear, Status
from regions.models import Population
from tests.indicators.small_country import UNITS, SmallCountry, make_country

Reason = IndicatorValue.Reason
LIST = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}


@pytest.fixture
def country(db: None) -> SmallCountry:
    return make_country()


def _file(code: str) -> str:
    return (FOLDER / f"{code}.toml").read_text(encoding="utf-8")


def test_an_item_of_no_known_kind_is_refused_with_file_field_and_reason() -> None:
    wrong = _file("DAY_S22").replace("notification.shien_clinic_3", "notifications.shien_clinic_3")
    with pytest.raises(DefinitionRefused) as refusal:
        parse_definition(wrong, filename="DAY_S22.toml")
    assert refusal.value.problems[0].file == "DAY_S22.toml"
    assert "items" in refusal.value.problems[0].field


def test_a_circle_of_three_composites_is_refused(tmp_path: Path) -> None:
    for code, part in (("X_S91", "X_S92"), ("X_S92", "X_S93"), ("X_S93", "X_S91")):
        (tmp_path / f"{code}.toml").write_text(_composite(code, part), encoding="utf-8")
    (tmp_path / "DAY_S22.toml").write_text(_file("DAY_S22"), encoding="utf-8")
    with pytest.raises(DefinitionRefused, match="循環"):
        load_definitions(tmp_path)


def _composite(code: str, part: str) -> str:
    head = _file("DAY_S22").split("[numerator]")[0].replace("DAY_S22", code)
    lines = [line for line in head.splitlines() if not line.startswith(("method", "interval", "unit", "phase"))]
    return "\n".join(
        [
            *lines,
            'phase = "cross"\nmethod = "composite"\nunit = "点"',
            '[numerator]\ntext = "合成"',
            f'[[components]]\ncode = "{part}"\nweight = 1',
            '[[components]]\ncode = "DAY_S22"\nweight = 1',
            '[[sources]]\nname = "試験"\nperiodicity = "毎年"\nlag = "約1年"',
        ]
    )


def test_a_rate_over_nobody_is_not_applicable_and_says_why(country: SmallCountry) -> None:
    Population.objects.filter(region=country.regions["01203"]).update(count=0)
    country.list_clinics(2025, LIST, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    value = country.value("DAY_S22", "01203", 2025)
    assert (value.value, value.status, value.reason) == (None, Status.NOT_APPLICABLE, Reason.ZERO_DENOMINATOR)


def test_a_negative_count_contradicts_itself_and_poisons_its_sums(country: SmallCountry) -> None:
    figures = {**LIST, "01101": -5.0}
    del figures["01"]
    country.list_clinics(2025, figures, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    for region in ("01101", "01100", "0104", "01"):
        value = country.value("DAY_S22", region, 2025)
        assert (value.value, value.numerator, value.reason) == (None, None, Reason.CONTRADICTORY)
    assert country.value("DAY_S22", "01202", 2025).numerator == 4


@pytest.mark.parametrize("part", [0.5, 5.25])
def test_a_part_of_a_body_contradicts_itself_and_poisons_its_sums(country: SmallCountry, part: float) -> None:
    figures = {**LIST, "01101": part}
    del figures["01"]
    country.list_clinics(2025, figures, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    for region in ("01101", "01100", "0104", "01"):
        value = country.value("DAY_S22", region, 2025)
        assert (value.value, value.numerator, value.reason) == (None, None, Reason.CONTRADICTORY)
    assert country.value("DAY_S22", "01202", 2025).numerator == 4


def test_an_item_that_no_file_brought_has_no_values_instead_of_zeros(country: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    assert not IndicatorValue.objects.exists()
    assert not IndicatorYear.objects.exists()


def test_more_than_the_whole_contradicts_itself(country: SmallCountry) -> None:
    source = country.source(as_of=dt.date(2025, 10, 1))
    country.observe("survey.hub.respondents", 2025, {"01": 10.0}, source=source)
    country.observe("survey.hub.disaster", 2025, {"01": 11.0}, source=source)
    code = next(one.code for one in load_definitions().values() if "survey.hub.disaster" in one.items)
    compute_indicators([code])
    value = country.value(code, "01", 2025)
    assert (value.value, value.reason) == (None, Reason.CONTRADICTORY)


def test_age_bands_with_a_hole_are_no_population(country: SmallCountry) -> None:
    """75–79 and 85 and over without 80–84: not the people of 75 and over, and no denominator."""
    Population.objects.filter(region=country.regions["01202"]).delete()
    source = country.source(as_of=dt.date(2025, 1, 1), kind="population_by_age")
    for first, last in ((75, 79), (85, None)):
        Population.objects.create(
            region=country.regions["01202"],
            source=source,
            basis="resident_register",
            year=2025,
            age_from=first,
            age_to=last,
            count=400,
        )
    country.list_clinics(2025, LIST, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    value = country.value("DAY_S22", "01202", 2025)
    assert (value.value, value.numerator, value.reason) == (None, 4, Reason.NO_DENOMINATOR)


def test_a_year_without_figures_stays_a_gap(country: SmallCountry) -> None:
    for year in (2022, 2025):
        country.list_clinics(year, LIST, source=country.source(as_of=dt.date(year, 10, 1)))
    for year in (2022,):
        country.people("resident_register", year, dict.fromkeys(UNITS, 1000))
    compute_indicators(["DAY_S22"])
    assert list(IndicatorYear.objects.order_by("year").values_list("year", flat=True)) == [2022, 2025]
