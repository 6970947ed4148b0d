"""Computing only what changed: noticed by the database itself, year by year, and the same as computing everything."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from indicators.actions.compute import compute_indicators, find_outdated
from indicators.models import Indicator, IndicatorValue, IndicatorYear, InputChange, Item, Observation
from regions.models import Population
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db
VISITS = "ndb.medical.claims.114000110"
LISTS = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}


@pytest.fixture
def country() -> SmallCountry:
    """Claims of 2023 to 2025 and a notification list of 2025, all computed."""
    country = make_country()
    for year in (2023, 2024, 2025):
        claims(country, year, 190.0)
    country.list_clinics(2025, LISTS, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators()
    return country


def claims(country: SmallCountry, year: int, of_hokkaido: float) -> SourceFile:
    source = country.source(as_of=dt.date(year + 1, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe(VISITS, year, {"00": 300.0, "01": of_hokkaido}, source=source)
    return source


def changed_of(name: str) -> dict[int, dt.datetime]:
    return dict(InputChange.objects.filter(name=name).values_list("year", "changed_at"))


def stored() -> list[tuple[object, ...]]:
    return list(IndicatorValue.objects.order_by("indicator_id", "year", "region_id").values_list())


def test_a_new_figure_changes_its_item_in_its_year_and_nothing_else(country: SmallCountry) -> None:
    before, lists = changed_of(VISITS), changed_of("notification.shien_clinic_3")
    claims(country, 2024, 170.0)
    after = changed_of(VISITS)
    assert {year for year in after if after[year] != before[year]} == {2024}
    assert changed_of("notification.shien_clinic_3") == lists


def test_a_withdrawn_or_reinstated_source_changes_all_it_holds(country: SmallCountry) -> None:
    source = Observation.objects.filter(item__code=VISITS, year=2023).get(region__code="01").source
    before = changed_of(VISITS)
    SourceFile.objects.filter(pk=source.pk).update(withdrawn_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    withdrawn = changed_of(VISITS)
    assert {year for year in withdrawn if withdrawn[year] != before[year]} == {2023}
    SourceFile.objects.filter(pk=source.pk).update(withdrawn_at=None)
    assert changed_of(VISITS)[2023] != withdrawn[2023]


def test_a_source_whose_title_is_corrected_changes_no_figure(country: SmallCountry) -> None:
    before = changed_of(VISITS)
    SourceFile.objects.update(title="別の名前")
    assert changed_of(VISITS) == before


def test_changed_and_removed_figures_are_noticed(country: SmallCountry) -> None:
    figure = Observation.objects.filter(item__code=VISITS, year=2023)
    before = changed_of(VISITS)[2023]
    figure.update(value=1.0)
    changed = changed_of(VISITS)[2023]
    figure.delete()
    assert before < changed < changed_of(VISITS)[2023]


def test_a_figure_that_moves_to_another_item_changes_both(country: SmallCountry) -> None:
    other = Item.objects.create(code="ndb.medical.claims.114000120", name="別", unit="件")
    before = changed_of(VISITS)[2023]
    Observation.objects.filter(item__code=VISITS, year=2023).update(item=other)
    assert changed_of(VISITS)[2023] > before
    assert 2023 in changed_of(other.code)


def test_population_changes_as_a_whole_and_a_statement_without_rows_changes_nothing(country: SmallCountry) -> None:
    before = changed_of(InputChange.POPULATION)[0]
    Population.objects.filter(year=1900).delete()
    assert changed_of(InputChange.POPULATION)[0] == before
    Population.objects.update(count=1)
    assert changed_of(InputChange.POPULATION)[0] > before


def test_what_is_undone_has_not_changed(country: SmallCountry) -> None:
    before = changed_of(VISITS)
    with transaction.atomic():
        claims(country, 2024, 170.0)
        transaction.set_rollback(True)
    assert changed_of(VISITS) == before
    assert find_outdated() == ()


def test_only_the_changed_year_is_replaced_and_all_values_are_those_of_a_full_computation(
    country: SmallCountry,
) -> None:
    claims(country, 2024, 170.0)
    kept = IndicatorYear.objects.get(indicator__code="ACU_P02", year=2023).pk
    done = compute_indicators(if_needed=True)
    assert (done.computed, done.rows) == (("ACU_P02",), 13)
    assert IndicatorYear.objects.filter(pk=kept).exists()
    step_by_step = stored()
    compute_indicators()
    assert stored() == step_by_step


def test_a_year_that_was_withdrawn_loses_its_values(country: SmallCountry) -> None:
    source = claims(country, 2022, 100.0)
    compute_indicators(if_needed=True)
    assert country.value("ACU_P02", "01", 2022).numerator == 100
    SourceFile.objects.filter(pk=source.pk).update(withdrawn_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    assert compute_indicators(if_needed=True).rows == 0
    assert not IndicatorValue.objects.filter(indicator__code="ACU_P02", year=2022).exists()
    assert not IndicatorYear.objects.filter(indicator__code="ACU_P02", year=2022).exists()
    assert find_outdated() == ()


def test_a_new_population_makes_rates_by_it_outdated_and_leaves_the_others(country: SmallCountry) -> None:
    country.people("resident_register", 2026, {"01": 4000})
    outdated = find_outdated()
    assert {"ACU_P02", "DAY_S22"} <= set(outdated)
    assert "X_S05" not in outdated  # 在支診のない市区町村の割合: of municipalities, not of people


def test_an_indicator_that_cannot_be_stored_takes_no_other_with_it(country: SmallCountry) -> None:
    """The indicators of one batch share a transaction; the ones before the bad one are stored all the same."""
    claims(country, 2024, 170.0)
    country.list_clinics(2025, LISTS | {"01": 20.0}, source=country.source(as_of=dt.date(2025, 11, 1)))
    bad = Indicator.objects.get(code="DAY_S22").pk
    before = list(IndicatorValue.objects.filter(indicator=bad).order_by("region_id").values_list())
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE indicators_indicatorvalue ADD CONSTRAINT full_disk CHECK (indicator_id <> %s) NOT VALID", [bad]
        )
    with pytest.raises(DatabaseError, match="full_disk"):
        compute_indicators(["ACU_P02", "DAY_S22", "X_S05"])
    assert country.value("ACU_P02", "01", 2024).numerator == 170
    assert list(IndicatorValue.objects.filter(indicator=bad).order_by("region_id").values_list()) == before
    assert {"DAY_S22", "X_S05"} <= set(find_outdated())
    assert "ACU_P02" not in find_outdated()
