from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.catalogue_results import CatalogueQuery
from indicators.definitions import all_definitions
from indicators.queries.catalogue import fold, get_catalogue, get_nearest_codes
from indicators.results import Level
from tests.html import assert_sound
from tests.indicators.places import make_notified_clinics


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＮＤＢ", "ndb"),
        ("オウシン", "おうしん"),
        ("ｵｳｼﾝ", "おうしん"),
        ("Day_S02", "day_s02"),
        ("在宅　療養", "在宅療養"),
    ],
)
def test_width_case_and_kana_are_folded(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["往診を受けた", "おうしんをうけた", "オウシンヲ ウケタ", "ｵｳｼﾝ 患者数", "acu_p01", "ＡＣＵ_Ｐ０１"]
)
def test_an_indicator_is_found_by_kanji_kana_and_code(words: str) -> None:
    found = get_catalogue(CatalogueQuery(words=words)).entries
    assert "ACU_P01" in [entry.definition.code for entry in found]


@pytest.mark.django_db
def test_the_grid_counts_every_indicator_once() -> None:
    make_notified_clinics()
    result = get_catalogue(CatalogueQuery())
    cells = [cell for _, _, row in result.grid for cell in row]
    assert sum(cell.total for cell in cells) == len(all_definitions()) == result.total
    assert sum(cell.available for cell in cells) == 1
    daily = next(cell for cell in cells if (cell.phase, cell.kind) == ("daily", "structure"))
    assert daily.available == 1


@pytest.mark.django_db
def test_availability_names_years_levels_and_how_many_prefectures() -> None:
    make_notified_clinics()
    (entry,) = get_catalogue(CatalogueQuery(available="yes")).entries
    assert entry.definition.code == "DAY_S22"
    assert (entry.years, entry.prefectures) == ((2025,), 2)
    assert entry.levels == (Level.PREFECTURE, Level.AREA, Level.MUNICIPALITY)


@pytest.mark.django_db
def test_indicators_without_data_are_listed_with_the_file_that_would_fill_them(client: Client) -> None:
    page = client.get("/indicators/?words=満足度").content.decode()
    assert "データ未整備" in page
    assert next(d for d in all_definitions() if d.code == "X_O03").to_fill in page


@pytest.mark.django_db
def test_a_search_without_result_says_how_to_search(client: Client) -> None:
    page = client.get("/indicators/?words=存在しない言葉").content.decode()
    assert "当てはまる指標がありません" in page


@pytest.mark.django_db
def test_filters_that_do_not_exist_are_left_out(client: Client) -> None:
    assert f"{len(all_definitions())}指標" in client.get("/indicators/?phase=none&kind=x").content.decode()


@pytest.mark.django_db
def test_each_phase_has_its_section_with_what_has_figures_first(client: Client) -> None:
    make_notified_clinics()
    page = client.get("/indicators/").content.decode()
    assert_sound(page)
    assert '<a href="#phase-daily">日常の療養支援</a>（値あり1／' in page
    daily = page[page.index('id="phase-daily"') : page.index('id="phase-acute"')]
    assert daily.index("DAY_S22") < daily.index("<details>") < daily.index("DAY_S01")


@pytest.mark.django_db
def test_a_filter_leaves_nothing_folded_away(client: Client) -> None:
    page = client.get("/indicators/?words=満足度").content.decode()
    assert "<details open>" in page


@pytest.mark.django_db
def test_words_that_are_too_long_are_said_to_be_so(client: Client) -> None:
    page = client.get("/indicators/?words=" + "x" * 101).content.decode()
    assert "100文字までで入力してください。" in page


@pytest.mark.django_db
def test_the_catalogue_takes_a_fixed_number_of_queries(client: Client) -> None:
    make_notified_clinics()
    with CaptureQueriesContext(connection) as queries:
        client.get("/indicators/")
    assert len(queries) <= 3


@pytest.mark.django_db
def test_a_mistyped_code_finds_its_neighbours() -> None:
    assert "DAY_S22" in [card.code for card in get_nearest_codes("day-s22")]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["oushin", "OUSHIN 患者"])
def test_an_indicator_is_found_by_its_reading_in_roman_letters(words: str) -> None:
    found = get_catalogue(CatalogueQuery(words=words)).entries
    assert "ACU_P01" in [entry.definition.code for entry in found]


@pytest.mark.django_db
def test_availability_is_told_by_level_and_year(client: Client) -> None:
    make_notified_clinics()
    (entry,) = get_catalogue(CatalogueQuery(available="yes")).entries
    assert entry.coverage_text == (("都道府県", "2025年度"), ("圏域", "2025年度"), ("市区町村", "2025年度"))
    assert "<li><b>都道府県</b> 2025年度（2都道府県）</li>" in client.get("/indicators/").content.decode()


@pytest.mark.django_db
def test_the_catalogue_fills_and_empties_the_basket_by_links_alone(client: Client) -> None:
    make_notified_clinics()
    page = client.get("/indicators/?phase=daily&basket=ACU_P02,NOPE").content.decode()
    assert_sound(page)
    assert "比較かごの指標コード「NOPE」はないため、除いています。" in page
    assert 'href="?phase=daily&amp;basket=ACU_P02%2CDAY_S22#DAY_S22"' in page
    assert "比較かご（1／12指標）" in page
    assert 'href="/indicators/?phase=daily">かごを空にする</a>' in page
