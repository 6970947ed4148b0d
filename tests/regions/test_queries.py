"""Queries on the project's own fixtures: counts, codes and sums that were published."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from regions import fixtures
from regions.models import Population, Region
from regions.queries.population import get_age_pyramid, get_area_population, get_population_matrix
from regions.queries.regions import (
    get_base_units,
    get_children,
    get_nation,
    get_prefectures,
    get_region,
    search_regions,
)
from regions.queries.schemes import get_areas, get_scheme_membership, get_schemes
from regions.results import PopulationMatrix
from tests.regions.conftest import FIXTURES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_regions")]
TODAY = dt.date(2025, 10, 1)
REGISTER, PROJECTION = "resident_register", "projection"


def test_there_are_47_prefectures_1741_municipalities_and_171_wards() -> None:
    valid = Region.objects.valid_on(TODAY)
    assert len(get_prefectures()) == 47
    assert valid.filter(kind="municipality", is_out_of_scope=False).count() == 1741
    assert valid.filter(kind="municipality", is_out_of_scope=True).count() == 6
    assert valid.filter(kind="ward").count() == 171
    assert valid.filter(is_designated_city=True).count() == 20


def test_there_are_1892_base_units_and_before_hamamatsu_changed_1896() -> None:
    assert len(get_base_units(TODAY)) == 1892
    assert len(get_base_units(dt.date(2023, 12, 31))) == 1896


def test_a_ward_is_never_counted_with_its_city() -> None:
    units = get_base_units(TODAY)
    assert not {unit.city_id for unit in units} & {unit.id for unit in units}


def test_a_town_whose_border_moved_existed_before() -> None:
    codes = {unit.code for unit in get_base_units(dt.date(2024, 1, 30))}
    assert "04406" in codes  # 利府町, last boundary change 2024-01-31


def test_names_have_hiragana() -> None:
    sapporo = get_region("ward", "01101")
    assert (sapporo.name, sapporo.name_kana) == ("札幌市中央区", "さっぽろしちゅうおうく")
    assert not Region.objects.exclude(kind="area").filter(name_kana="").exists()


def test_wards_of_hamamatsu_follow_the_day() -> None:
    city = get_region("municipality", "22130")
    assert [ward.code for ward in get_children(city.id, on=TODAY)] == ["22138", "22139", "22140"]
    assert len(get_children(city.id, on=dt.date(2023, 4, 1))) == 7


@pytest.mark.parametrize(("key", "areas"), [("iryoken2-7", 335), ("iryoken2-8", 330), ("kosoiki", 339)])
def test_each_scheme_holds_every_base_unit_once(key: str, areas: int) -> None:
    membership = get_scheme_membership(key)
    units = [unit.id for unit in get_base_units(TODAY)]
    assert len(membership.areas) == areas
    assert set(membership.area_of) == set(units)
    assert (membership.areas_of(units) > 0).all()
    assert set(membership.area_of.values()) == {area.id for area in membership.areas}


def test_schemes_are_in_force_on_their_days() -> None:
    assert [scheme.key for scheme in get_schemes(on=dt.date(2023, 4, 1))] == ["iryoken2-7", "kosoiki"]
    assert [scheme.key for scheme in get_schemes(on=TODAY)] == ["iryoken2-8", "kosoiki"]


def test_merged_areas_of_akita_are_marked_as_to_be_confirmed() -> None:
    assert [area.name for area in get_areas("iryoken2-8", prefecture_code="05")] == ["県北", "県央", "県南"]
    assert [scheme.key for scheme in get_schemes() if scheme.to_be_confirmed] == ["iryoken2-8"]


def nationwide(matrix: PopulationMatrix, *, year: int, age: str) -> float:
    return float(matrix.of([get_nation().id], year=year, age=age)[0])


def test_base_units_add_up_to_the_printed_totals_at_every_level() -> None:
    matrix = get_population_matrix(REGISTER)
    units = get_base_units(TODAY)
    counts = matrix.of([unit.id for unit in units], year=2025, age="total")
    assert counts.sum() == nationwide(matrix, year=2025, age="total") == 124_330_690
    for prefecture in get_prefectures():
        inside = [unit.prefecture_id == prefecture.id for unit in units]
        assert counts[inside].sum() == matrix.of([prefecture.id], year=2025, age="total")[0]
    for block in matrix.blocks[:20]:
        printed = matrix.of([block.region_id], year=2025, age="total")[0]
        assert matrix.of(block.unit_ids, year=2025, age="total").sum() == printed


def test_age_groups_of_the_nation_are_those_printed() -> None:
    matrix = get_population_matrix(REGISTER)
    # 75歳以上: 7,984,004 + 6,074,933 + … of the file's national line; 0–14: its first three classes.
    assert (
        nationwide(matrix, year=2025, age="75plus") == 7_984_004 + 6_074_933 + 3_886_449 + 2_009_703 + 614_270 + 94_723
    )
    assert nationwide(matrix, year=2025, age="0_14") == 3_925_286 + 4_809_272 + 5_290_412
    assert nationwide(matrix, year=2025, age="85plus") == 3_886_449 + 2_009_703 + 614_270 + 94_723


def test_the_projection_of_hamadori_is_for_the_13_municipalities_together_only() -> None:
    matrix = get_population_matrix(PROJECTION)
    iwaki = get_region("municipality", "07204")
    together = get_region("area", "07999", scheme="hamadori")
    assert np.isnan(matrix.of([iwaki.id], year=2050, age="total")[0])
    assert matrix.of([together.id], year=2050, age="total")[0] == 307_228
    block = next(block for block in matrix.blocks if block.region_id == together.id)
    assert len(block.unit_ids) == 13
    assert iwaki.id in block.unit_ids


def test_projected_prefectures_add_up_to_the_nation() -> None:
    matrix = get_population_matrix(PROJECTION)
    assert matrix.years == (2020, 2025, 2030, 2035, 2040, 2045, 2050)
    assert nationwide(matrix, year=2050, age="total") == 104_686_386
    assert np.isnan(nationwide(matrix, year=2050, age="85plus"))


def test_areas_without_an_exact_cover_have_no_projection_and_all_others_do() -> None:
    by_area = get_area_population("iryoken2-8", PROJECTION, year=2040, age="75plus")
    names = {area.id: area.name for area in get_areas("iryoken2-8")}
    assert sorted(names[area] for area, persons in by_area.items() if persons is None) == ["いわき", "相双"]
    seibu = next(area for area in get_areas("iryoken2-8", prefecture_code="22") if area.name == "西部")
    assert by_area[seibu.id] is not None  # 浜松市 as a whole stands for its new wards


def test_residents_of_all_areas_are_those_of_the_nation() -> None:
    for key in ("iryoken2-7", "iryoken2-8", "kosoiki"):
        by_area = get_area_population(key, REGISTER, year=2025, age="total")
        assert sum(persons or 0 for persons in by_area.values()) == 124_330_690


def test_the_pyramid_has_every_age_class_by_sex() -> None:
    pyramid = get_age_pyramid(get_nation().id, year=2025)
    assert len(pyramid) == 21
    assert (pyramid[-1].age_from, pyramid[-1].age_to, pyramid[-1].female) == (100, None, 83_578)


@pytest.mark.parametrize("typed", ["かわさき", "カワサキ", "ｶﾜｻｷ", "川崎"])
def test_search_finds_kanji_and_any_kana(typed: str) -> None:
    found = search_regions(typed, kinds=["municipality"], on=TODAY)
    assert "川崎市" in [region.name for region in found]


def test_loading_again_changes_nothing(loaded_regions: dict[str, int]) -> None:
    before = Population.objects.count()
    counts = fixtures.load(FIXTURES)
    assert counts["regions created"] == counts["regions changed"] == 0
    assert counts["population by age"] == counts["population projection"] == 0
    assert Population.objects.count() == before == 170_727


def test_lists_take_one_query_each(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        get_prefectures()
    with django_assert_num_queries(2):
        get_base_units(TODAY)
