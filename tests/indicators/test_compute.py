"""The engine on a small country: every value by hand, every reason, and nothing lost when it fails."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from indicators.actions.compute import compute_indicators, find_outdated
from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions import get_definition
from indicators.models import Indicator, IndicatorValue, IndicatorYear, Observation, Status
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.jobs.kinds import JobCancelled
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db
Reason = IndicatorValue.Reason
HOKKAIDO = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}


@pytest.fixture
def country() -> SmallCountry:
    return make_country()


@pytest.fixture
def with_list(country: SmallCountry) -> SmallCountry:
    """The list of 北海道 of October 2025; 青森県 is not imported."""
    country.list_clinics(2025, HOKKAIDO, source=country.source(as_of=dt.date(2025, 10, 1)))
    return country


def test_a_rate_is_clinics_over_people_of_75_and_over(with_list: SmallCountry) -> None:
    """12 clinics, 4,000 people: 300 per 100,000."""
    compute_indicators(["DAY_S22"])
    value = with_list.value("DAY_S22", "01", 2025)
    assert (value.numerator, value.denominator, value.value) == (12, 4000, 300)
    assert (value.status, value.reason) == (Status.OBSERVED, Reason.NONE)
    assert value.lower is not None
    assert value.upper is not None
    assert value.lower < 300 < value.upper


def test_areas_and_cities_are_recomputed_from_sums_and_never_averaged(with_list: SmallCountry) -> None:
    """0104: (5 + 3 + 0) / 3,000 = 266.7; 札幌市: 8 / 2,000 = 400."""
    compute_indicators(["DAY_S22"])
    assert with_list.value("DAY_S22", "0104", 2025).value == pytest.approx(800 / 3)
    assert with_list.value("DAY_S22", "01100", 2025).value == 400
    assert with_list.value("DAY_S22", "01203", 2025).value == 0


def test_a_prefecture_without_its_list_and_the_nation_are_not_imported(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    for region in ("02", "02201", "0201", "00"):
        value = with_list.value("DAY_S22", region, 2025)
        assert (value.value, value.numerator, value.reason) == (None, None, Reason.NOT_IMPORTED)


def test_the_nation_gets_its_value_with_the_last_list(with_list: SmallCountry) -> None:
    source = with_list.source(as_of=dt.date(2025, 10, 1))
    with_list.list_clinics(2025, {"02": 3.0, "02201": 2.0, "02202": 1.0}, source=source)
    compute_indicators(["DAY_S22"])
    nation = with_list.value("DAY_S22", "00", 2025)
    assert (nation.numerator, nation.denominator, nation.value) == (15, 6000, 250)


def test_a_clinic_that_could_not_be_placed_counts_for_its_prefecture(country: SmallCountry) -> None:
    country.list_clinics(2025, {**HOKKAIDO, "01": 13.0}, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    assert country.value("DAY_S22", "01", 2025).numerator == 13
    assert country.value("DAY_S22", "0104", 2025).numerator == 8


def test_the_newest_edition_counts_for_each_region(with_list: SmallCountry) -> None:
    """An older list that is imported later changes nothing; a newer one does."""
    older = with_list.source(as_of=dt.date(2025, 4, 1))
    with_list.list_clinics(2025, {"01": 99.0}, source=older)
    compute_indicators(["DAY_S22"])
    assert with_list.value("DAY_S22", "01", 2025).numerator == 12
    newer = with_list.source(as_of=dt.date(2026, 1, 1))
    with_list.list_clinics(2025, {"01": 14.0}, source=newer)
    compute_indicators(["DAY_S22"])
    assert with_list.value("DAY_S22", "01", 2025).numerator == 14


def test_a_withdrawn_source_counts_nowhere(with_list: SmallCountry) -> None:
    newer = with_list.source(as_of=dt.date(2026, 1, 1))
    with_list.list_clinics(2025, {"01": 14.0}, source=newer)
    SourceFile.objects.filter(pk=newer.pk).update(withdrawn_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    compute_indicators(["DAY_S22"])
    assert with_list.value("DAY_S22", "01", 2025).numerator == 12


def test_the_share_of_municipalities_with_none_counts_wards(with_list: SmallCountry) -> None:
    """Of 中央区, 北区, 函館市, 小樽市 only 小樽市 has none: 1 of 4."""
    compute_indicators(["X_S05"])
    value = with_list.value("X_S05", "01", 2025)
    assert (value.numerator, value.denominator, value.value) == (1, 4, 25)
    assert with_list.value("X_S05", "00", 2025).reason == Reason.NOT_IMPORTED
    assert with_list.value("X_S05", "01202", 2025).reason == Reason.NOT_PUBLISHED_AT_LEVEL


def ndb(country: SmallCountry, item: str, year: int, figures: dict[str, float | None]) -> None:
    source = country.source(as_of=dt.date(year + 1, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe(item, year, figures, source=source)


VISITS = "ndb.medical.claims.114000110"


def test_2022_is_divided_by_a_population_between_2020_and_2025_and_says_so(country: SmallCountry) -> None:
    """01: 3,600 + (4,100 − 3,600) × 2/5 = 3,800 people; 190 visits: 5,000 per 100,000."""
    country.people("projection", 2020, {"00": 5_000, "01": 3_600, "02": 1_400})
    country.people("projection", 2025, {"00": 6_000, "01": 4_100, "02": 1_900})
    ndb(country, VISITS, 2022, {"00": 300, "01": 190, "02": 110})
    compute_indicators(["ACU_P02"])
    value = country.value("ACU_P02", "01", 2022)
    assert (value.denominator, value.value) == (3800, 5000)
    assert (value.lower, value.upper) == (None, None)
    assert "直線で補間" in IndicatorYear.objects.get(indicator__code="ACU_P02", year=2022).denominator_note


def test_without_a_population_the_count_remains_and_the_rate_has_its_reason(country: SmallCountry) -> None:
    ndb(country, VISITS, 2017, {"00": 300, "01": 190})
    compute_indicators(["ACU_P02"])
    value = country.value("ACU_P02", "01", 2017)
    assert (value.numerator, value.denominator, value.value) == (190, None, None)
    assert (value.status, value.reason) == (Status.MISSING, Reason.NO_DENOMINATOR)


def test_deaths_of_another_year_are_no_denominator(country: SmallCountry) -> None:
    for item in get_definition("EOL_P03").items[:2]:
        ndb(country, item, 2022, {"01": 40})
    ndb(country, "vital.deaths", 2024, {"01": 1000})
    compute_indicators(["EOL_P03"])
    value = country.value("EOL_P03", "01", 2022)
    assert (value.numerator, value.value, value.reason) == (80, None, Reason.NO_DENOMINATOR)
    assert not IndicatorValue.objects.filter(indicator__code="EOL_P03", year=2024).exists()


def test_a_hidden_area_is_hidden_and_municipalities_are_not_published(country: SmallCountry) -> None:
    ndb(country, VISITS, 2025, {"00": 300, "01": 190, "0104": None, "0101": 90})
    compute_indicators(["ACU_P02"])
    hidden = country.value("ACU_P02", "0104", 2025)
    assert (hidden.status, hidden.reason, hidden.numerator) == (Status.SUPPRESSED, Reason.NUMERATOR_SUPPRESSED, None)
    assert country.value("ACU_P02", "01202", 2025).reason == Reason.NOT_PUBLISHED_AT_LEVEL
    assert country.value("ACU_P02", "0101", 2025).value == 9000


def test_one_hidden_code_hides_the_sum_of_codes(country: SmallCountry) -> None:
    first, second, third = get_definition("DAY_P13").numerator.codes_in(2025)
    ndb(country, first, 2025, {"01": 100})
    ndb(country, second, 2025, {"01": None})
    ndb(country, third, 2025, {"01": 100})
    compute_indicators(["DAY_P13"])
    assert country.value("DAY_P13", "01", 2025).reason == Reason.NUMERATOR_SUPPRESSED


def test_a_code_that_did_not_exist_yet_is_not_waited_for(country: SmallCountry) -> None:
    first, second = get_definition("DAY_P13").numerator.codes_in(2017)
    ndb(country, first, 2017, {"01": 100})
    ndb(country, second, 2017, {"01": 20})
    compute_indicators(["DAY_P13"])
    assert country.value("DAY_P13", "01", 2017).numerator == 120


def test_a_provisional_count_makes_a_provisional_rate(country: SmallCountry) -> None:
    source = country.source(as_of=dt.date(2026, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe(VISITS, 2025, {"01": 40.0}, source=source, status=Status.PROVISIONAL)
    compute_indicators(["ACU_P02"])
    assert country.value("ACU_P02", "01", 2025).status == Status.PROVISIONAL


def test_a_place_where_nobody_of_75_lives_has_no_rate(country: SmallCountry) -> None:
    country.people("resident_register", 2026, {"01": 4000, "0101": 0})
    ndb(country, VISITS, 2026, {"01": 40, "0101": 3})
    compute_indicators(["ACU_P02"])
    value = country.value("ACU_P02", "0101", 2026)
    assert (value.status, value.reason, value.numerator) == (Status.NOT_APPLICABLE, Reason.ZERO_DENOMINATOR, 3)


def test_computing_twice_gives_the_same_rows(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    first = list(IndicatorValue.objects.order_by("region_id").values_list())
    compute_indicators(["DAY_S22"])
    assert list(IndicatorValue.objects.order_by("region_id").values_list()) == first


def test_only_what_depends_on_a_new_figure_is_computed_again(with_list: SmallCountry) -> None:
    ndb(with_list, VISITS, 2025, {"01": 190})
    done = compute_indicators(if_needed=True)
    assert {"DAY_S22", "X_S05", "ACU_P02"} <= set(done.computed)
    assert compute_indicators(if_needed=True).computed == ()
    ndb(with_list, VISITS, 2024, {"01": 170})
    again = compute_indicators(if_needed=True)
    assert again.computed == ("ACU_P02",)
    assert again.rows == 13  # the regions of 2024; 2025 has not changed


def test_a_changed_area_makes_everything_outdated(with_list: SmallCountry) -> None:
    compute_indicators()
    with_list.regions["0101"].memberships.update(area=with_list.regions["0104"])
    assert "DAY_S22" in find_outdated()


def test_a_changed_definition_is_outdated_and_gets_the_next_version(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    assert find_outdated(["DAY_S22"]) == ()
    changed = get_definition("DAY_S22").model_copy(update={"multiplier": 1000.0})
    assert sync_definitions([changed]) == {"new": 0, "changed": 1, "unchanged": 0}
    assert Indicator.objects.get(code="DAY_S22").version == 2
    assert with_list.value("DAY_S22", "01", 2025).indicator_version == 1


def test_a_failure_leaves_the_previous_values_in_place(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    indicator = Indicator.objects.get(code="DAY_S22")
    before = list(IndicatorValue.objects.order_by("region_id").values_list())
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE indicators_indicatorvalue ADD CONSTRAINT full_disk CHECK (indicator_id <> %s) NOT VALID",
            [indicator.pk],
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        compute_indicators(["DAY_S22"])
    assert list(IndicatorValue.objects.order_by("region_id").values_list()) == before


def test_a_cancelled_computation_keeps_what_was_done_and_what_was_there(with_list: SmallCountry) -> None:
    def cancel_after_first(done: int, total: int, message: str) -> None:
        if done == 1:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        compute_indicators(["DAY_S22", "DAY_S02"], report=cancel_after_first)
    assert with_list.value("DAY_S22", "01", 2025).numerator == 12
    assert not IndicatorValue.objects.filter(indicator__code="DAY_S02").exists()


def test_progress_counts_the_indicators(with_list: SmallCountry) -> None:
    told: list[tuple[int, int, str]] = []
    compute_indicators(["DAY_S22", "X_S05"], report=lambda *report: told.append(report))
    assert [report[:2] for report in told] == [(0, 2), (0, 2), (1, 2), (2, 2)]
    assert told[1][2] == "在宅療養支援診療所数（計）を計算しています"


def test_the_command_refuses_a_code_that_is_not_there(with_list: SmallCountry) -> None:
    with pytest.raises(CommandError, match="NO_S99"):
        call_command("compute_indicators", "NO_S99", "--inline")


# The rules the database itself keeps.


def test_an_observation_has_a_value_exactly_if_its_status_says_so(country: SmallCountry) -> None:
    ndb(country, VISITS, 2025, {"01": 1.0})
    row = Observation.objects.get()
    for change in ({"value": None}, {"status": Status.SUPPRESSED}):
        with pytest.raises(IntegrityError, match="observation_value_iff_status"), transaction.atomic():
            Observation.objects.filter(pk=row.pk).update(**change)


def test_an_indicator_has_one_value_for_each_region_and_year(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    value = with_list.value("DAY_S22", "01", 2025)
    with pytest.raises(IntegrityError, match="indicatorvalue_pkey"), transaction.atomic():
        IndicatorValue.objects.bulk_create([value])


def test_a_value_and_a_reason_exclude_each_other(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    values = IndicatorValue.objects.filter(region=with_list.regions["01"])
    changes: list[dict[str, object]] = [{"value": None}, {"reason": Reason.NO_SOURCE}, {"status": Status.MISSING}]
    for change in changes:
        with pytest.raises(IntegrityError, match="indicator_value_iff_status"), transaction.atomic():
            values.update(**change)


def test_the_limits_of_an_interval_are_in_order(with_list: SmallCountry) -> None:
    compute_indicators(["DAY_S22"])
    with pytest.raises(IntegrityError, match="indicator_value_interval"), transaction.atomic():
        IndicatorValue.objects.filter(region=with_list.regions["01"]).update(lower=10, upper=5)


def test_no_computed_row_names_a_region_or_indicator_that_is_not_there(with_list: SmallCountry) -> None:
    """The references carry no foreign-key constraint in the database; the engine keeps them itself."""
    compute_indicators()
    orphans = IndicatorValue.objects.exclude(
        region__in=[region.pk for region in with_list.regions.values()], indicator__in=Indicator.objects.all()
    )
    assert not orphans.exists()
